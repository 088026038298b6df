"""A project of many products: nothing is worked out in the window, and everything comes out the same."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from prodlabel.core.labels import Status
from prodlabel.gui import opening, session
from prodlabel.gui.catalogue import gallery
from prodlabel.gui.computed import Reading, read_results
from prodlabel.gui.filters import CATEGORY, STATUS
from prodlabel.gui.main_window import MainWindow
from prodlabel.gui.map import canvas
from prodlabel.project.project import Project
from prodlabel.project.state import read_ahead
from tests.gui.projects import import_more, make_project


@pytest.fixture
def window(
    open_window: Callable[[], MainWindow], tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> MainWindow:
    """The small project, taken for a large one."""
    for module, name in ((opening, "_LARGE_BYTES"), (canvas, "_FEW"), (gallery, "_MANY")):
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


def test_a_filter_holds_while_batches_of_an_import_are_read(
    window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert window.workplace is not None
    heard = window.workplace.session
    go_on, read = threading.Event(), 0

    def slow(*grounds: object) -> Reading:
        nonlocal read
        read += 1
        go_on.wait(10)
        return read_results(*grounds)  # type: ignore[arg-type]

    category = heard.taxonomy.find(("Shop", "Lamp"))
    assert category is not None
    heard.narrow(heard.filter.with_codes(CATEGORY, [category]))
    assert heard.visible.sum() == 20
    monkeypatch.setattr(session, "read_results", slow)
    kept: list[int] = []
    heard.filter_changed.connect(lambda: kept.append(int(heard.visible.sum())))
    try:
        import_more(heard.project, "cup")
        qtbot.waitUntil(lambda: len(heard.columns) == 63)
        import_more(heard.project, "lamp")
        # The second batch waits until the first was read: else nothing would be read before the end.
        qtbot.wait(900)
        assert read == 1
        assert len(heard.columns) == 63
        window.actions_table["select_all"].trigger()
        assert heard.selection.rows.count == 20
    finally:
        go_on.set()
    qtbot.waitUntil(lambda: len(heard.columns) == 66)
    at_rest(window, qtbot)
    assert heard.visible.sum() == 23
    assert set(kept) <= {20, 23}
    assert heard.computed.suggestions is not None


def test_a_value_of_what_is_not_there_keeps_nothing(window: MainWindow, qtbot: QtBot) -> None:
    assert window.workplace is not None
    heard, search = window.workplace.session, window.top.search
    assert "curators" not in heard.computed.facets
    with qtbot.waitSignal(search.answered):
        search.edit.setText("curators:alike")
        search.search()
    assert not heard.visible.any()


def test_vectors_that_have_come_are_searched(window: MainWindow, qtbot: QtBot) -> None:
    assert window.workplace is not None
    heard = window.workplace.session
    seeker = heard.seeker
    kept = heard.project.results.load(heard.project.results.list("layout")[0])
    heard.project.results.save("layout", "fused", kept)
    at_rest(window, qtbot)
    assert heard.seeker is not seeker
