"""A project of many products: nothing is worked out in the window, and everything comes out the same."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from prodlabel.core.labels import Status
from prodlabel.gui import main_window, session
from prodlabel.gui.catalogue import gallery
from prodlabel.gui.filters import STATUS
from prodlabel.gui.main_window import MainWindow
from prodlabel.gui.map import canvas
from prodlabel.project.project import Project
from prodlabel.project.state import read_ahead
from tests.gui.projects import make_project


@pytest.fixture
def window(
    open_window: Callable[[], MainWindow], tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> MainWindow:
    """The small project, taken for a large one."""
    for module, name in ((main_window, "_LARGE_BYTES"), (canvas, "_FEW"), (gallery, "_MANY")):
        monkeypatch.setattr(module, name, 1)
    monkeypatch.setattr(session, "MANY", 1)
    folder = tmp_path / "many.prodlabel"
    make_project(folder).close()
    made = open_window()
    assert made.open_project(folder)
    assert made.workplace is None
    qtbot.waitUntil(lambda: made.workplace is not None and not made.tasks.running)
    at_rest(made, qtbot)
    return made


def at_rest(window: MainWindow, qtbot: QtBot) -> None:
    assert window.workplace is not None
    heard = window.workplace.session
    qtbot.waitUntil(lambda: not heard.is_reading)
    heard.turns.settle()
    qtbot.wait(20)


def test_it_opens_with_its_map_names_and_facets(window: MainWindow, qtbot: QtBot) -> None:
    assert window.workplace is not None
    computed, view = window.workplace.session.computed, window.workplace.map.view
    assert view.points.size == 60
    assert {"suggestion", "status", "cluster"} <= set(computed.facets)
    assert len(view.labels.texts()) == 3
    qtbot.waitUntil(lambda: bool(view.thumbnails.placed))


def test_a_decision_reaches_every_pane_once_the_window_rests(window: MainWindow, qtbot: QtBot) -> None:
    assert window.workplace is not None
    place, heard = window.workplace, window.workplace.session
    place.map.look.colour_by.setCurrentIndex(place.map.look.colour_by.findData("status"))
    heard.narrow(heard.filter.with_codes(STATUS, [int(Status.FLAGGED)]))
    heard.mark(1, Status.FLAGGED)
    at_rest(window, qtbot)
    assert heard.computed.facets[STATUS].counts()[int(Status.FLAGGED)] == 1
    assert np.flatnonzero(heard.visible).tolist() == [0]
    assert np.flatnonzero(~place.map.view.points.hidden).tolist() == [0]
    assert place.map.view.colour_of(0) != place.map.view.colour_of(1)
    heard.undo()
    at_rest(window, qtbot)
    assert not heard.visible.any()


def test_a_selection_is_ordered_and_shown(window: MainWindow, qtbot: QtBot) -> None:
    assert window.workplace is not None
    place = window.workplace
    place.session.select_rows(np.arange(5, 25))
    at_rest(window, qtbot)
    qtbot.waitUntil(lambda: len(place.gallery.model.product_ids) == 20)
    assert set(place.gallery.model.product_ids.tolist()) == set(range(6, 26))


def test_what_was_read_ahead_is_used_only_while_it_is_true(tmp_path: Path) -> None:
    folder = tmp_path / "ahead.prodlabel"
    make_project(folder).close()
    ahead = read_ahead(folder)
    with Project.open(folder, ahead=ahead) as project:
        assert project.columns is ahead.columns
        project.undo()
    with Project.open(folder, ahead=ahead) as project:
        assert project.columns is not ahead.columns
        assert len(project.columns) == 0


def test_a_large_file_that_is_no_project_is_refused_as_ever(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    said: list[object] = []
    window.messages.posted.connect(said.append)
    folder = tmp_path / "bad.prodlabel"
    folder.mkdir()
    (folder / "project.sqlite").write_bytes(b"no database at all" * 100)
    window.open_project(folder)
    qtbot.waitUntil(lambda: bool(said))
    assert window.workplace is not None
