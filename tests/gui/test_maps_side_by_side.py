"""Several maps of one project: one selection, one product pointed at, one colouring, points that travel."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from prodlabel.core.labels import Status
from prodlabel.gui.main_window import MainWindow
from prodlabel.gui.map.points import Placing
from prodlabel.gui.map.tools import Tool
from prodlabel.gui.map.view import MapView
from prodlabel.gui.map_pane import MapPane
from prodlabel.gui.session import Session
from prodlabel.project.project import Project
from tests.gui.projects import make_project


@pytest.fixture
def two_maps(tmp_path: Path) -> Project:
    """The small project with a second layout: that of the pictures, turned and mirrored."""
    project = make_project(tmp_path / "two")
    kept = project.results.load(next(one for one in project.results.list("layout")))
    xy = kept["xy"][:, ::-1] * np.array([1.0, -2.0], dtype=np.float32)
    project.results.save("layout", "picture", {"product_id": kept["product_id"], "xy": xy})
    return project


@pytest.fixture
def pane(open_window: Callable[[], MainWindow], two_maps: Project, qtbot: QtBot) -> MapPane:
    window = open_window()
    window.show_project(two_maps)
    qtbot.waitUntil(lambda: not window.tasks.running)
    assert window.workplace is not None
    window.workplace.map.split(["fused", "picture"])
    for sheet in window.workplace.map.sheets:
        sheet.view.settle()
    return window.workplace.map


def session_of(pane: MapPane) -> Session:
    return pane._session


def draw(view: MapView, path: list[tuple[float, float]]) -> None:
    """A stroke with the left button through these pixels."""
    points = [QPoint(round(x), round(y)) for x, y in path]
    QTest.mousePress(view, Qt.MouseButton.LeftButton, pos=points[0])
    for point in points[1:]:
        QTest.mouseMove(view, point)
    QTest.mouseRelease(view, Qt.MouseButton.LeftButton, pos=points[-1])


def around(view: MapView, rows: np.ndarray) -> list[tuple[float, float]]:
    at = np.array([view.pixel_of(int(row)) for row in rows])
    (left, top), (right, bottom) = at.min(axis=0) - 6, at.max(axis=0) + 6
    return [(left, top), (right, top), (right, bottom), (left, bottom), (left, top)]


def test_a_lasso_in_one_map_selects_in_all_and_its_line_stays_in_that_one(pane: MapPane) -> None:
    first, second = (sheet.view for sheet in pane.sheets)
    pane.use_tool(Tool.LASSO)
    assert second.tool is Tool.LASSO
    clusters = session_of(pane).computed.clusters
    assert clusters is not None
    rows = np.flatnonzero(clusters.cluster == 1)
    draw(second, around(second, rows))
    assert np.array_equal(session_of(pane).selected_rows, rows)
    assert first.points.is_selected(int(rows[0]))
    drawn = session_of(pane).selection.polygon
    assert drawn is not None
    assert second._own_polygon is drawn
    assert first._own_polygon is None
    pane.sheets[1].chooser.setCurrentIndex(pane.sheets[1].chooser.findData("fused"))
    assert second._own_polygon is None


def test_the_product_pointed_at_is_ringed_in_every_map(pane: MapPane) -> None:
    first, second = (sheet.view for sheet in pane.sheets)
    before = second.grab().toImage()
    at = first.pixel_of(7)
    assert at is not None
    QTest.mouseMove(first, QPoint(round(at[0]), round(at[1])))
    assert session_of(pane).selection.pointed_row == first.pointed_row >= 0
    assert second.grab().toImage() != before


def test_colours_filters_and_the_legend_hold_for_all_maps(pane: MapPane, qtbot: QtBot) -> None:
    first, second = (sheet.view for sheet in pane.sheets)
    pane.look.colour_by.setCurrentIndex(pane.look.colour_by.findData("status"))
    session_of(pane).mark(1, Status.FLAGGED)
    assert first.colour_of(0) == second.colour_of(0) != first.colour_of(5)
    pane.look.legend.isolate(0)
    assert np.array_equal(first.points.hidden, second.points.hidden)
    assert first.points.hidden.any()


def test_points_travel_when_a_map_is_added_and_when_it_is_exchanged(pane: MapPane, qtbot: QtBot) -> None:
    pane.keep_still(False)
    for sheet in pane.sheets:
        sheet.view.reduced_motion = False
    pane.split(["fused"])
    pane.split(["fused", "picture"])
    added = pane.sheets[1].view
    assert added.points.all.from_x is not None or added._travelled == 1.0
    qtbot.waitUntil(lambda: added._travelled == 1.0)
    pane.sheets[0].chooser.setCurrentIndex(pane.sheets[0].chooser.findData("picture"))
    assert pane.sheets[0].shown == "picture"
    qtbot.waitUntil(lambda: pane.sheets[0].view._travelled == 1.0)
    assert np.array_equal(pane.sheets[0].view.points.x, added.points.x)


def test_actions_go_to_the_map_that_was_worked_in_last(pane: MapPane, qtbot: QtBot) -> None:
    first, second = (sheet.view for sheet in pane.sheets)
    window = pane.window()
    qtbot.mouseClick(second, Qt.MouseButton.LeftButton, pos=QPoint(5, second.height() - 5))
    was = first.camera
    qtbot.keyClick(window, Qt.Key.Key_Plus)
    assert second.zoom > 1.1
    assert first.camera == was


def test_which_maps_lie_side_by_side_is_remembered(pane: MapPane, qtbot: QtBot) -> None:
    window = pane.window()
    assert isinstance(window, MainWindow)
    assert window.settings["maps"] == ["fused", "picture"]
    folder = session_of(pane).project.folder
    window.close_project()
    assert window.open_project(folder)
    assert window.workplace is not None
    assert [sheet.shown for sheet in window.workplace.map.sheets] == ["fused", "picture"]
    qtbot.mouseClick(window.workplace.map.sheets[1].close_button, Qt.MouseButton.LeftButton)
    assert window.settings["maps"] == ["fused"]
    qtbot.keyClick(window, Qt.Key.Key_S, Qt.KeyboardModifier.ShiftModifier)
    assert len(window.workplace.map.sheets) == 2


def test_a_map_that_is_not_made_yet_is_made_when_it_is_chosen(pane: MapPane, qtbot: QtBot) -> None:
    window = pane.window()
    assert isinstance(window, MainWindow)
    chooser = pane.sheets[1].chooser
    at = chooser.findData("text")
    assert "to be made" in chooser.itemText(at)
    chooser.setCurrentIndex(at)
    assert [task.title for task in window.tasks.running] == ["Making the map"]
    chooser.setCurrentIndex(chooser.findData("picture"))
    chooser.setCurrentIndex(at)
    assert len(window.tasks.running) == 1
    window.tasks.shut_down()


def test_a_map_that_was_cancelled_half_made_gives_way_to_the_one_that_is_kept(
    pane: MapPane, qtbot: QtBot
) -> None:
    window = pane.window()
    assert isinstance(window, MainWindow)
    first, second = (sheet.view for sheet in pane.sheets)
    before, beside = (view.points.x.copy() for view in (first, second))
    window.actions_table["make_map"].trigger()
    window.actions_table["make_map"].trigger()
    assert [task.title for task in window.tasks.running] == ["Making the map"]
    pane.show_partial(Placing.of(first.points.y * 3, first.points.x * 2))
    for view in (first, second):
        view.settle()
    assert not np.array_equal(first.points.x, before)
    # How far the usual map has come is no business of the map of pictures.
    assert np.array_equal(second.points.x, beside)
    window.actions_table["cancel_work"].trigger()
    first.settle()
    assert np.array_equal(first.points.x, before)
