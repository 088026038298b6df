"""The start: what only a project needs is not imported for the first picture, and nothing freezes for it."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from prodlabel.core.progress import Progress
from prodlabel.gui import opening
from prodlabel.gui.main_window import MainWindow
from prodlabel.project.project import Project
from tests.gui.projects import make_project

NOT_FOR_THE_START = (
    "alembic", "asyncio", "cv2", "email", "multiprocessing", "numpy.ma", "numpy.random", "onnxruntime", "PIL",
    "prodlabel.encoders", "prodlabel.gui.catalogue.gallery", "prodlabel.gui.map", "prodlabel.gui.review",
    "prodlabel.gui.session", "prodlabel.gui.training", "prodlabel.gui.workplace", "prodlabel.operations",
    "prodlabel.project.project", "prodlabel.sources", "prodlabel.store.database", "pyqtgraph", "requests",
    "scipy", "sklearn", "sqlalchemy", "sqlite3", "ssl", "tensorflow", "tokenizers", "unittest",
)  # fmt: skip
_START = """
import json, sys
from pathlib import Path
from prodlabel.gui.after_crash import tell_of_defects
from prodlabel.gui.application import Look, make_application
from prodlabel.gui.main_window import MainWindow
from prodlabel.gui.running import take_ended
from prodlabel.gui.warm_up import after_first_picture, warm_up
application = make_application(["prodlabel", "-platform", "offscreen"])
look = Look(application, Path(sys.argv[1]))
take_ended(look.settings.folder)
window = MainWindow(look.settings, look.appearance)
tell_of_defects(window.messages)
def begin():
    at_start = set(sys.modules)
    warm_up().join()
    warmed = set(sys.modules)
    window.open_project(Path(sys.argv[2]))
    window.grab()
    print(json.dumps([sorted(at_start), sorted(set(sys.modules) - warmed)]), flush=True)
    window.close()
    application.quit()
after_first_picture(window, begin)
window.show()
application.exec()
"""


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> tuple[set[str], set[str]]:
    """What a program has imported at its first picture, and what opening a project then brought."""
    folder = tmp_path_factory.mktemp("start")
    make_project(folder / "shop.prodlabel").close()
    answer = subprocess.run(
        [sys.executable, "-c", _START, str(folder / "settings"), str(folder / "shop.prodlabel")],
        check=False, capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert answer.returncode == 0, answer.stderr
    at_start, by_opening = json.loads(answer.stdout)
    return set(at_start), set(by_opening)


def test_the_first_picture_needs_nothing_that_a_project_needs(imported: tuple[set[str], set[str]]) -> None:
    assert not imported[0] & set(NOT_FOR_THE_START)


def test_opening_a_project_waits_for_no_import_that_could_be_made_before(
    imported: tuple[set[str], set[str]],
) -> None:
    assert not {name for name in imported[1] if name.startswith(("prodlabel.gui", "sqlalchemy", "alembic"))}


class Held:
    """Imports that take as long as a test wants."""

    def __init__(self) -> None:
        self.is_ready = False

    def wait(self, _timeout_s: float) -> bool:
        return self.is_ready


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> Held:
    made = Held()
    monkeypatch.setattr(opening, "warm_up", lambda: made)
    return made


def test_a_project_that_is_wanted_at_once_opens_when_all_is_there(
    open_window: Callable[[], MainWindow], held: Held, tmp_path: Path, qtbot: QtBot
) -> None:
    first, second = tmp_path / "first.prodlabel", tmp_path / "second.prodlabel"
    for folder in (first, second):
        make_project(folder).close()
    window = open_window()
    window.opening.prepare()
    assert window.open_project(first)
    assert window.open_project(second)
    assert window.workplace is None
    assert [task.title for task in window.tasks.running] == ["Opening first", "Opening second"]
    held.is_ready = True
    qtbot.waitUntil(lambda: window.workplace is not None and not window.tasks.running)
    assert window.workplace is not None
    assert window.workplace.session.project.folder == second


def test_an_import_that_is_wanted_at_once_is_offered_when_all_is_there(
    open_window: Callable[[], MainWindow], held: Held, qtbot: QtBot
) -> None:
    window = open_window()
    window.opening.prepare()
    acted: list[str] = []
    window.opening.when_ready(lambda: acted.append("early"))
    assert not acted
    held.is_ready = True
    qtbot.waitUntil(lambda: acted == ["early"] and not window.tasks.running)
    window.opening.when_ready(lambda: acted.append("late"))
    assert acted == ["early", "late"]


def test_closing_while_the_program_gets_ready_waits_for_nothing(
    open_window: Callable[[], MainWindow], held: Held, tmp_path: Path
) -> None:
    folder = tmp_path / "shop.prodlabel"
    make_project(folder).close()
    window = open_window()
    window.opening.prepare()
    window.open_project(folder)
    window.close()
    assert not window.tasks.running
    assert window.workplace is None


def test_what_is_under_way_is_said_where_there_is_nothing_else_to_look_at(
    open_window: Callable[[], MainWindow], tmp_path: Path, qtbot: QtBot
) -> None:
    window, goes_on = open_window(), threading.Event()

    def work(progress: Progress) -> None:
        with progress.stage("Drawing the demo catalogue", 10, "pictures"):
            progress.advance(4)
            goes_on.wait(30)

    start = window.start
    window.tasks.start("Making the map", work, is_of_pane=False)
    qtbot.waitUntil(lambda: "of 10" in start.work.text.text())
    assert start.work.isVisible()
    assert not start.buttons["demo"].isEnabled()
    with Project.create(tmp_path / "new.prodlabel") as project:
        window.show_project(project)
        assert window.workplace is not None
        window.tasks.start("Making the map", work, is_of_pane=False)
        said = {one.text() for one in window.workplace.map.empty.findChildren(QLabel) if one.isVisible()}
        assert "Making the map" in said
        assert not [one for one in window.workplace.map.empty.findChildren(QPushButton) if one.isVisible()]
        goes_on.set()
        qtbot.waitUntil(lambda: not window.tasks.running)
        button = window.workplace.map.empty.findChild(QPushButton)
        assert button is not None
        assert button.isVisible()
        window.close_project()
        assert start.buttons["demo"].isEnabled()
