"""A picture that an undo or redo brings back is shown, and is seen by the map that is made next."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from prodlabel.core.edits import ImportBatch
from prodlabel.core.products import ProductRecord
from prodlabel.core.progress import Progress
from prodlabel.gui import jobs
from prodlabel.gui.main_window import MainWindow
from prodlabel.gui.workplace import Workplace
from prodlabel.operations.pictures import look_at_pictures
from prodlabel.project.project import Project
from tests.gui.conftest import OpenWindow

RED, BLUE = "#ff0000", "#0000ff"


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A product whose red picture gave way to a blue one; both were looked at."""
    for name, colour in (("a.png", RED), ("b.png", BLUE)):
        Image.new("RGB", (64, 64), colour).save(tmp_path / name)
    made = Project.create(tmp_path / "shop", person="Ada")
    source = made.register_source(kind="t", location="t", title="t", picture_folder=tmp_path)
    for name in ("a.png", "b.png"):
        made.apply(ImportBatch(source, (ProductRecord("k", "cup", picture=name),)))
        look_at_pictures(made, Progress())
    return made


def wait_for(workplace: Workplace, qtbot: QtBot, colour: str) -> None:
    def is_shown() -> None:
        pixmap = workplace.librarian.pixmap(1)
        assert pixmap is not None
        shown = pixmap.toImage().pixelColor(pixmap.width() // 2, pixmap.height() // 2)
        wanted = QColor(colour)
        assert abs(shown.red() - wanted.red()) + abs(shown.blue() - wanted.blue()) < 40

    qtbot.waitUntil(is_shown)


def opened(open_window: OpenWindow, project: Project, qtbot: QtBot) -> MainWindow:
    window = open_window()
    window.show_project(project)
    qtbot.waitUntil(lambda: not window.tasks.running)
    return window


def test_the_picture_that_stands_is_shown(open_window: OpenWindow, project: Project, qtbot: QtBot) -> None:
    workplace = opened(open_window, project, qtbot).workplace
    assert workplace is not None
    wait_for(workplace, qtbot, BLUE)
    workplace.undo()
    wait_for(workplace, qtbot, RED)
    workplace.redo()
    wait_for(workplace, qtbot, BLUE)


def test_a_map_is_made_of_the_pictures_that_stand(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    known = []
    monkeypatch.setattr(jobs, "run_in_child", lambda *_, progress: known.append(facts()))

    def facts() -> object:
        return project.snapshot().read_picture_facts()[1]

    blue = facts()
    with project:
        project.undo()
        project.redo()
        jobs.map_in_child(project.seat, project.snapshot(), {}, jobs.MapWish(), Progress())
    assert known == [blue]
