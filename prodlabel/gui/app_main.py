"""Where the window is started from: `run_window` for people, `write_screenshots` without a display."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from prodlabel import paths


def run_window(argv: Sequence[str], project: Path | None) -> int:
    """Show the window (with this project open) until it is closed; returns the exit code."""
    from prodlabel.gui.after_crash import show_ended, tell_of_defects
    from prodlabel.gui.application import Look, make_application
    from prodlabel.gui.main_window import MainWindow
    from prodlabel.gui.running import RunningMark, take_ended
    from prodlabel.gui.warm_up import warm_up

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
    window.show()
    warm_up()
    if project is not None:
        window.open_project(project)
    if ended:
        show_ended(window, ended, project)
    code = int(application.exec())
    mark.end()
    return code


def write_screenshots(project_folder: Path, out_folder: Path) -> list[Path]:
    """Pictures of the window with this project, written without a display; returns their paths."""
    # Must be chosen before Qt starts; a display that happens to be there is left alone.
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from prodlabel.gui.application import make_application
    from prodlabel.gui.screenshots import write_window_pictures

    return write_window_pictures(make_application(["prodlabel"]), project_folder, out_folder)
