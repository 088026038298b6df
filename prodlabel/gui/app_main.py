"""Where the window is started from: `run_window` for people, `write_screenshots` without a display."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from prodlabel import paths


def run_window(argv: Sequence[str], project: Path | None) -> int:
    """Show the window (with this project open) until it is closed; returns the exit code."""
    from prodlabel.gui.application import Look, make_application
    from prodlabel.gui.main_window import MainWindow

    application = make_application(argv)
    look = Look(application, paths.user_settings())
    window = MainWindow(look.settings, look.appearance)
    window.show()
    if project is not None:
        window.open_project(project)
    return int(application.exec())
