"""The map in a curator's hands: mouse, keyboard, shared selection, pictures, names, frames."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from itertools import combinations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QImage, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from prodlabel.core.palette import DARK, LIGHT
from prodlabel.core.selection import RowSet, SelectionMode
from prodlabel.gui.map.labels import MapLabel, cluster_labels
from prodlabel.gui.map.shared import MapSelection
from prodlabel.gui.map.tools import Tool
from prodlabel.gui.map.view import MapView

LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
SHIFT, CTRL, ALT = (
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.AltModifier,
)


@pytest.fixture
def view(qtbot: QtBot) -> Iterator[MapView]:
    """Nine products in three rows of three, one unit apart."""
    map_view = MapView(DARK)
    qtbot.addWidget(map_view)
    map_view.reduced_motion = True
    map_view.resize(600, 400)
    x, y = (axis.ravel() for axis in np.meshgrid(np.arange(3.0), np.arange(3.0)))
    map_view.set_points(x, y)
    map_view.set_colours(np.arange(9) % 3, DARK.categories, np.arange(9) % 3)
    map_view.show()
    qtbot.waitExposed(map_view)
    yield map_view
    map_view.close()


def pixel(view: MapView, x: float, y: float) -> QPoint:
    return QPointF(*view.camera.to_pixel(x, y)).toPoint()


def drag(view: MapView, *corners: tuple[float, float], modifiers=NONE, button=LEFT) -> None:
    """Presses at the first corner, moves through the others, releases at the last; data coordinates."""
    at = [pixel(view, *corner) for corner in corners]
    QTest.mousePress(view, button, modifiers, at[0])
    for position in at[1:]:
        QTest.mouseMove(view, position)
    QTest.mouseRelease(view, button, modifiers, at[-1])


def selected(view: MapView) -> list[int]:
    return view.selection.rows.rows.tolist()


LOWER_LEFT = ((-0.4, -0.4), (1.4, -0.4), (1.4, 1.4), (-0.4, 1.4))


def test_lasso_selects_what_lies_in_it_and_tells_its_polygon(view: MapView, qtbot: QtBot) -> None:
    view.set_tool(Tool.LASSO)
    with qtbot.waitSignal(view.selection_changed) as signal:
        drag(view, *LOWER_LEFT)
    rows, polygon = signal.args
    assert rows.rows.tolist() == [0, 1, 3, 4]
    assert polygon.shape[1] == 2
    assert 3 <= len(polygon) <= 64


def test_box_and_brush_select(view: MapView) -> None:
    view.set_tool(Tool.BOX)
    drag(view, (-0.4, 1.6), (2.4, 2.4))
    assert selected(view) == [6, 7, 8]
    view.set_tool(Tool.BRUSH)
    drag(view, (0.0, -0.1), (0.0, 1.0), (0.0, 2.1))
    assert selected(view) == [0, 3, 6]


def test_shift_adds_ctrl_removes_alt_intersects(view: MapView) -> None:
    view.set_tool(Tool.LASSO)
    drag(view, *LOWER_LEFT)
    right = ((0.6, -0.4), (2.4, -0.4), (2.4, 1.4), (0.6, 1.4))
    drag(view, *right, modifiers=SHIFT)
    assert selected(view) == [0, 1, 2, 3, 4, 5]
    drag(view, *right, modifiers=ALT)
    assert selected(view) == [1, 2, 4, 5]
    drag(view, *LOWER_LEFT, modifiers=CTRL)
    assert selected(view) == [2, 5]


def test_escape_first_drops_the_gesture_then_the_selection(view: MapView) -> None:
    view.set_tool(Tool.LASSO)
    drag(view, *LOWER_LEFT)
    QTest.mousePress(view, LEFT, NONE, pixel(view, 0, 0))
    QTest.mouseMove(view, pixel(view, 2, 2))
    QTest.keyClick(view, Qt.Key.Key_Escape)
    QTest.mouseRelease(view, LEFT, NONE, pixel(view, 2, 2))
    assert selected(view) == [0, 1, 3, 4]
    QTest.keyClick(view, Qt.Key.Key_Escape)
    assert selected(view) == []


def test_filtered_out_products_cannot_be_picked_or_pointed_at(view: MapView) -> None:
    hidden = np.zeros(9, dtype=np.bool_)
    hidden[[0, 4]] = True
    view.set_hidden(hidden)
    view.set_tool(Tool.LASSO)
    drag(view, *LOWER_LEFT)
    assert selected(view) == [1, 3]
    QTest.mouseMove(view, pixel(view, 0, 0))
    assert view.pointed_row == -1


def test_invert_selects_the_rest_of_what_is_shown(view: MapView) -> None:
    hidden = np.zeros(9, dtype=np.bool_)
    hidden[8] = True
    view.set_hidden(hidden)
    view.selection.pick(RowSet.of_rows(9, [0, 1]), SelectionMode.REPLACE)
    view.invert_selection()
    assert selected(view) == [2, 3, 4, 5, 6, 7]


def test_hover_names_the_product_after_a_rest(view: MapView, qtbot: QtBot) -> None:
    with qtbot.waitSignal(view.hovered, check_params_cb=lambda row: row == 4):
        QTest.mouseMove(view, pixel(view, 1, 1))


def test_click_activates_and_leaves_the_selection_alone(view: MapView, qtbot: QtBot) -> None:
    view.selection.pick(RowSet.of_rows(9, [0]), SelectionMode.REPLACE)
    with qtbot.waitSignal(view.activated, check_params_cb=lambda row: row == 4):
        QTest.mouseClick(view, LEFT, NONE, pixel(view, 1, 1))
    assert selected(view) == [0]
    QTest.mouseClick(view, LEFT, SHIFT, pixel(view, 1, 1))
    assert selected(view) == [0, 4]
    QTest.mouseClick(view, LEFT, CTRL, pixel(view, 0, 0))
    assert selected(view) == [4]


def test_drag_pans_and_space_drag_pans_while_a_tool_is_active(view: MapView) -> None:
    before = view.camera
    drag(view, (0, 0), (1, 0))
    assert view.camera.x == pytest.approx(before.x - 1.0, abs=0.01)
    view.set_tool(Tool.LASSO)
    QTest.keyPress(view, Qt.Key.Key_Space)
    drag(view, (1, 0), (0, 0))
    QTest.keyRelease(view, Qt.Key.Key_Space)
    assert view.camera.x == pytest.approx(before.x, abs=0.02)
    assert selected(view) == []


def test_wheel_zooms_at_the_cursor(view: MapView) -> None:
    at = QPointF(pixel(view, 2, 2))
    event = QWheelEvent(
        at, view.mapToGlobal(at), QPoint(), QPoint(0, 240), Qt.MouseButton.NoButton, NONE,
        Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    under = view.camera.to_data(at.x(), at.y())
    QApplication.sendEvent(view, event)
    assert view.zoom > 1.3
    assert view.camera.to_pixel(*under) == pytest.approx((at.x(), at.y()), abs=0.01)


def test_double_click_zooms_in_and_back_returns(view: MapView) -> None:
    before = view.camera
    QTest.mouseDClick(view, LEFT, NONE, QPoint(100, 100))
    assert view.camera.scale == pytest.approx(before.scale * 2)
    view.go_back()
    assert view.camera == before
    view.go_forward()
    assert view.camera.scale == pytest.approx(before.scale * 2)


def test_keys_pan_zoom_and_fit(view: MapView) -> None:
    before = view.camera
    QTest.keyClick(view, Qt.Key.Key_Plus)
    assert view.camera.scale > before.scale
    QTest.keyClick(view, Qt.Key.Key_Right)
    assert view.camera.x > before.x
    QTest.keyClick(view, Qt.Key.Key_Minus)
    QTest.keyClick(view, Qt.Key.Key_0)
    assert view.camera == before


def test_shift_and_arrows_go_from_product_to_product(view: MapView, qtbot: QtBot) -> None:
    view.selection.point_at(4)
    QTest.keyClick(view, Qt.Key.Key_Right, SHIFT)
    assert view.pointed_row == 5
    QTest.keyClick(view, Qt.Key.Key_Up, SHIFT)
    assert view.pointed_row == 8
    QTest.keyClick(view, Qt.Key.Key_Left, SHIFT)
    assert view.pointed_row == 7
    QTest.keyClick(view, Qt.Key.Key_Down, SHIFT)
    assert view.pointed_row == 4
    with qtbot.waitSignal(view.activated, check_params_cb=lambda row: row == 4):
        QTest.keyClick(view, Qt.Key.Key_Return)


def test_fit_selection_brings_it_in_view(view: MapView) -> None:
    view.fit_selection()
    view.selection.pick(RowSet.of_rows(9, [0, 4]), SelectionMode.REPLACE)
    view.fit_selection()
    left, bottom, right, top = view.camera.bounds
    assert left < 0 < 1 < right < 2
    assert bottom < 0 < 1 < top
    view.fit_rows(np.array([8]))
    assert view.camera.to_pixel(2, 2) == pytest.approx((300, 200))


def test_two_maps_share_one_selection(view: MapView, qtbot: QtBot) -> None:
    other = MapView(LIGHT, view.selection)
    qtbot.addWidget(other)
    other.set_points(np.arange(9.0), np.zeros(9))
    view.set_tool(Tool.BOX)
    drag(view, (-0.4, -0.4), (0.4, 0.4))
    assert other.selection.rows.rows.tolist() == [0]
    assert other.points.selected.rows.tolist() == [0]
    other.close()


def test_new_points_keep_the_selection_of_rows_that_stay(view: MapView) -> None:
    view.selection.pick(RowSet.of_rows(9, [0, 8]), SelectionMode.REPLACE)
    view.set_points(np.arange(5.0), np.zeros(5))
    assert selected(view) == [0]
    assert view.points.selected.rows.tolist() == [0]


def test_layout_changes_at_once_with_reduced_motion(view: MapView) -> None:
    view.set_layout(np.arange(9.0), np.zeros(9))
    assert view.points.all.from_x is None
    assert view.points.bounds == (0, 0, 8, 0)


def test_points_travel_to_a_new_layout_and_arrive(view: MapView, qtbot: QtBot) -> None:
    view.reduced_motion = False
    view.selection.pick(RowSet.of_rows(9, [2]), SelectionMode.REPLACE)
    view.set_layout(np.arange(9.0), np.zeros(9))
    assert view.points.all.from_x is not None
    qtbot.waitUntil(lambda: view.points.all.from_x is None, timeout=5000)
    assert view.points.selected.rows.tolist() == [2]
    left, _, right, _ = view.camera.bounds
    assert left < 0 < 8 < right


def test_pictures_never_overlap_nor_cover_names_and_stay_while_panning(view: MapView) -> None:
    rng = np.random.default_rng(2)
    xy = rng.normal(size=(3000, 2))
    view.set_points(xy[:, 0], xy[:, 1])
    view.set_labels([MapLabel("curtain · eyelet", 0.0, 1.0, 5.0), MapLabel("mug · ceramic", 0.2, 1.0, 3.0)])
    picture = QImage(40, 30, QImage.Format.Format_RGB32)
    picture.fill(QColor("red"))
    view.set_pictures(lambda row, side: picture)
    view.settle()
    shown = view.thumbnails.placed
    assert len(shown) > 5
    rects = [t.rect for t in shown] + [rect for _, rect in view.labels.placed]
    assert not any(a.intersects(b) for a, b in combinations(rects, 2))
    QTest.keyClick(view, Qt.Key.Key_Right)
    view.settle()
    kept = {t.row for t in view.thumbnails.placed}
    names_moved = {t.row for t in shown} - kept
    assert all(t.rect.left() < 130 for t in shown if t.row in names_moved)


def test_pictures_grow_and_multiply_as_one_comes_nearer(view: MapView) -> None:
    rng = np.random.default_rng(2)
    xy = rng.uniform(-1, 1, size=(2000, 2))
    view.set_points(xy[:, 0], xy[:, 1])
    view.set_pictures(lambda row, side: QImage(8, 8, QImage.Format.Format_RGB32))
    view.settle()
    far = {t.row: t.rect.width() for t in view.thumbnails.placed}
    view.zoom_by(4.0)
    view.settle()
    near = {t.row: t.rect.width() for t in view.thumbnails.placed}
    assert min(near.values()) > max(far.values())


def test_a_picture_that_has_not_arrived_is_asked_for_again(view: MapView) -> None:
    asked: list[int] = []
    view.set_pictures(lambda row, side: asked.append(row))
    view.grab()
    first = len(asked)
    view.refresh_pictures()
    view.grab()
    assert len(asked) > first > 0


def test_names_do_not_overlap_and_more_appear_as_one_zooms(view: MapView) -> None:
    rng = np.random.default_rng(1)
    xy = rng.uniform(0, 2, size=(60, 2))
    view.set_labels([MapLabel(f"cluster number {k}", x, y, k) for k, (x, y) in enumerate(xy.tolist())])
    rects = [rect for _, rect in view.labels.placed]
    assert rects
    assert not any(a.intersects(b) for a, b in combinations(rects, 2))
    before = set(view.labels.texts())
    assert "cluster number 59" in before
    density = len(before)
    view.zoom_by(2.0)
    view.settle()
    assert len(view.labels.texts()) > density / 4


def test_cluster_labels_stand_over_their_clusters() -> None:
    x, y = np.array([0.0, 0.0, 5.0, np.nan]), np.array([0.0, 1.0, 3.0, 0.0])
    labels = cluster_labels(x, y, np.array([0, 0, 1, -1]), ["a", "b"])
    assert [(label.text, label.x, label.weight) for label in labels] == [("a", 0.0, 2.0), ("b", 5.0, 1.0)]
    assert labels[0].y == pytest.approx(0.9)


def test_theme_changes_the_ground(view: MapView) -> None:
    view.settle()
    assert view.grab().toImage().pixelColor(2, 2) == QColor(DARK.map)
    view.set_theme(LIGHT, LIGHT.categories)
    view.settle()
    assert view.grab().toImage().pixelColor(2, 2) == QColor(LIGHT.map)


def test_an_empty_map_paints(qtbot: QtBot) -> None:
    empty = MapView(DARK)
    qtbot.addWidget(empty)
    empty.resize(300, 200)
    empty.fit_all()
    assert empty.grab().toImage().pixelColor(10, 10) == QColor(DARK.map)
    QTest.keyClick(empty, Qt.Key.Key_Left, SHIFT)


def test_fresh_frames_come_from_the_worker_and_it_ends_with_the_window(view: MapView, qtbot: QtBot) -> None:
    view.grab()
    with qtbot.waitSignal(view.frame_shown):
        QTest.keyClick(view, Qt.Key.Key_Right)
    assert view._worker.is_running
    view.hide()
    assert not view._worker.is_running


def test_a_failure_while_drawing_surfaces_in_the_window(view: MapView, qtbot: QtBot) -> None:
    view.grab()
    with qtbot.captureExceptions() as failures:
        view._worker.request(lambda: "no scene")  # type: ignore[arg-type,return-value]
        qtbot.waitUntil(lambda: bool(failures), timeout=3000)
    assert "camera" in str(failures[0][1])


def test_repaints_do_not_lose_references_to_none(view: MapView) -> None:
    view.set_pictures(lambda row, side: None)
    view.set_labels([MapLabel("name", 1.0, 1.0, 1.0)])
    view.selection.pick(RowSet.of_rows(9, [4]), SelectionMode.REPLACE, np.array(LOWER_LEFT))
    for _ in range(20):
        view.grab()
    before = sys.getrefcount(None)
    for step in range(600):
        view._set_camera(view.camera.panned((-1) ** step, 0.0))
        view.repaint()
    QApplication.processEvents()
    assert sys.getrefcount(None) - before > -50


def test_selection_says_nothing_when_nothing_changes(qtbot: QtBot) -> None:
    selection = MapSelection(5)
    with qtbot.assertNotEmitted(selection.selection_changed):
        selection.clear()
        selection.pick(RowSet.empty(5), SelectionMode.ADD)
    with qtbot.assertNotEmitted(selection.pointed):
        selection.point_at(-1)
