"""Pictures of the window for reports, made without a display and without touching the project."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from prodlabel.gui.screenshots import HEIGHT, WIDTH, write_window_pictures
from prodlabel.project.project import Project
from tests.gui.projects import make_project


def test_both_themes_are_pictured_and_the_project_stays_as_it_is(qapp: QApplication, tmp_path: Path) -> None:
    project = make_project(tmp_path / "small")
    last_edit = project.last_edit
    project.close()
    written = write_window_pictures(qapp, project.folder, tmp_path / "out")
    assert {path.name for path in written} == {
        "start-dark.png", "window-dark.png", "window-light.png", "commands-dark.png",
    }  # fmt: skip
    for path in written:
        assert (QImage(str(path)).width(), QImage(str(path)).height()) == (WIDTH, HEIGHT)
    with Project.open(project.folder) as again:
        assert again.last_edit == last_edit
