"""Where the window is started from: `run_window` for people, `write_screenshots` without a display."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from prodlabel import paths

if TYPE_CHECKING:
    from prodlabel.gui.main_window import MainWindow
    from prodlabel.gui.running import Ended


def run_window(argv: Sequence[str], project: Path | None) -> int:
    """Show the window (with this project open) until it is closed; returns the exit code."""
    from prodlabel.gui.after_crash import tell_of_defects
    from prodlabel.gui.application import Look, make_application
    from prodlabel.gui.main_window import MainWindow
    from prodlabel.gui.running import RunningMark, take_ended
    from prodlabel.gui.warm_up import after_first_picture

    application = make_application(argv)
    look = Look(application, paths.user_settings())
    names = [look.settings["person"]]
    ended = take_ended(look.settings.folder, names)
    mark = RunningMark(look.settings.folder, names)
    mark.begin()
    window = MainWindow(look.settings, look.appearance)
    window.remembering.project_changed.connect(mark.set_project)
    window.remembering.note_jobs = mark.set_jobs
    tell_of_defects(window.messages)
    after_first_picture(window, lambda: _begin(window, project, ended))
    window.show()
    code = int(application.exec())
    mark.end()
    return code


def _begin(window: MainWindow, project: Path | None, ended: list[Ended]) -> None:
    """The window is seen: get ready for work, then do what was asked for when the program was started."""
    from prodlabel.gui.after_crash import show_ended

    window.opening.prepare()
    if project is not None:
        window.open_project(project)
    if ended:
        window.opening.when_ready(lambda: show_ended(window, ended, project))


def write_screenshots(project_folder: Path, out_folder: Path) -> list[Path]:
    """Pictures of the window with this project, written without a display; returns their paths."""
    # Must be chosen before Qt starts; a display that happens to be there is left alone.
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from prodlabel.gui.application import make_application
    from prodlabel.gui.screenshots import write_window_pictures

    return write_window_pictures(make_application(["prodlabel"]), project_folder, out_folder)
