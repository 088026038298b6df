"""The map as a curator uses it: pan, zoom, point, pick with lasso, box or brush, by mouse or by keyboard.

Invariant: only products that are shown (not filtered out) can be pointed at or picked; the selection changes
through the shared `MapSelection` alone.
"""

from __future__ import annotations

from typing import cast

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QObject, QPointF, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QColor,
    QKeyEvent,
    QMouseEvent,
    QNativeGestureEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QWheelEvent,
)
from PySide6.QtWidgets import QGestureEvent, QPinchGesture, QWidget
from typing_extensions import override

from prodlabel.core.palette import DARK, Palette
from prodlabel.core.selection import RowSet
from prodlabel.gui.map.camera import Camera, CameraHistory
from prodlabel.gui.map.canvas import MapCanvas
from prodlabel.gui.map.lasso import Polygon
from prodlabel.gui.map.picking import under_cursor
from prodlabel.gui.map.points import Placing
from prodlabel.gui.map.shared import MapSelection
from prodlabel.gui.map.tools import Gesture, Tool, mode_of, paint_region

HOVER_MS = 150
_KEY_STEP_PX = 80.0
_KEY_ZOOM = 1.3
_CLICK_PX = 4.0
_ARROWS = {
    Qt.Key.Key_Left: (1.0, 0.0),
    Qt.Key.Key_Right: (-1.0, 0.0),
    Qt.Key.Key_Up: (0.0, 1.0),
    Qt.Key.Key_Down: (0.0, -1.0),
}


class MapView(MapCanvas):
    """The interactive map; several may share one `MapSelection`.

    Signals: `selection_changed(RowSet, polygon or None)`; `hovered(row)` after the cursor rested 150 ms, -1
    for none; `activated(row)` when a product is clicked or Enter pressed on it; `tool_changed(Tool)`.
    """

    selection_changed = Signal(object, object)
    hovered = Signal(int)
    activated = Signal(int)
    tool_changed = Signal(object)

    def __init__(
        self, palette: Palette = DARK, selection: MapSelection | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(palette, parent)
        self.selection = selection or MapSelection(parent=self)
        self.selection.selection_changed.connect(self._on_selection_selection_changed)
        self.selection.pointed.connect(self._on_selection_pointed)
        self._tool = Tool.PAN
        self._gesture: Gesture | None = None
        self._own_polygon: Polygon | None = None
        self._history = CameraHistory()
        self._pressed_at: QPointF | None = None
        self._dragged_from: QPointF | None = None
        self._is_space_down = False
        self._wheel_at_ms = -10_000
        self._ring_row = -1
        self._rest = QTimer(self, singleShot=True, interval=HOVER_MS)
        self._rest.timeout.connect(self._on_rest_timeout)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.grabGesture(Qt.GestureType.PinchGesture)
        self.setAccessibleName(self.tr("Map of products"))
        self.setAccessibleDescription(
            self.tr("Arrows pan, plus and minus zoom, 0 shows all, Shift and arrows go between products.")
        )

    # Requests

    @property
    def tool(self) -> Tool:
        return self._tool

    def set_tool(self, tool: Tool) -> None:
        if tool is not self._tool:
            self._tool = tool
            self._gesture = None
            self._show_cursor()
            self.update()
            self.tool_changed.emit(tool)

    @property
    def history(self) -> CameraHistory:
        return self._history

    def fit_all(self) -> None:
        self._go(self._fitting(self.points.bounds))

    def fit_selection(self) -> None:
        """Does nothing while nothing is selected."""
        self.fit_rows(self.selection.rows.rows)

    def fit_rows(self, rows: NDArray[np.integer]) -> None:
        """Brings these rows in view; a single product is not brought nearer than eight times."""
        bounds = self.points.bounds_of(rows) if len(rows) else None
        if bounds is not None:
            camera = self._fitting(bounds, margin_px=80.0)
            nearest = (
                self._fit_scale * 8.0 if bounds[0] == bounds[2] or bounds[1] == bounds[3] else camera.scale
            )
            self._go(
                Camera(
                    camera.x,
                    camera.y,
                    min(camera.scale, nearest) if len(rows) > 1 else nearest,
                    camera.width,
                    camera.height,
                )
            )

    def zoom_by(self, factor: float) -> None:
        """Around the middle of the view."""
        self._go(self.camera.zoomed(factor, self.width() / 2, self.height() / 2))

    def go_back(self) -> None:
        self._glide_to_camera(self._history.back(self.camera).resized(self.width(), self.height()))

    def go_forward(self) -> None:
        self._glide_to_camera(self._history.forward(self.camera).resized(self.width(), self.height()))

    @property
    def outlook(self) -> tuple[float, float, float] | None:
        """The point in the middle and the zoom; None while all is in view by itself."""
        return None if self._is_fitted else (self.camera.x, self.camera.y, self.zoom)

    def look_from(self, x: float, y: float, zoom: float) -> bool:
        """Go back to an earlier outlook at once; False where nothing lies there any more."""
        left, bottom, right, top = self.points.bounds
        if not (self.points.size and left <= x <= right and bottom <= y <= top and zoom > 0):
            return False
        self._set_camera(Camera(x, y, self._fit_scale * zoom, self.width(), self.height()))
        return True

    def clear_selection(self) -> None:
        self.selection.clear()

    def invert_selection(self) -> None:
        """Among what is shown."""
        self.selection.invert(RowSet(~self.points.hidden))

    @property
    def pointed_row(self) -> int:
        """The product under the cursor or last reached by keyboard, -1 for none."""
        return self.selection.pointed_row

    def _go(self, camera: Camera) -> None:
        self._history.leave(self.camera)
        self._glide_to_camera(camera)

    @override
    def show_placing(self, placing: Placing) -> None:
        super().show_placing(placing)
        self._history = CameraHistory()
        self._own_polygon = None
        self.selection.resize(self.points.size)
        self.points.set_selected(self.selection.rows.mask)

    @override
    def travel_to(self, placing: Placing) -> None:
        super().travel_to(placing)
        # What was drawn around lies elsewhere now.
        self._own_polygon = None

    # The selection and the product pointed at

    def _on_selection_selection_changed(self, rows: object, polygon: object) -> None:
        picked = cast("RowSet", rows)
        if picked.size == self.points.size:
            self.points.set_selected(picked.mask)
            self._invalidate()
        self.selection_changed.emit(rows, polygon)

    def _on_selection_pointed(self, row: int) -> None:
        for changed in (self._ring_row, row):
            at = self.pixel_of(changed) if 0 <= changed < self.points.size else None
            if at is not None:
                self.update(QRectF(at[0] - 16, at[1] - 16, 32, 32).toAlignedRect())
        self._ring_row = row

    def _row_at(self, position: QPointF) -> int:
        row = self.thumbnails.at(position.x(), position.y())
        if row is None:
            radius = max(9.0, self.mark_radius_px + 4.0)
            row = under_cursor(self.points.shown, self.camera, position.x(), position.y(), radius)
        return -1 if row is None else row

    def _on_rest_timeout(self) -> None:
        self.hovered.emit(self.selection.pointed_row)

    # Painting

    @override
    def _paint_region(self, painter: QPainter) -> None:
        drawn = self.selection.polygon
        # Another map of the same products has drawn it in coordinates that mean nothing here.
        is_own = drawn is not None and drawn is self._own_polygon
        if is_own and self._gesture is None and self._travelled >= 1.0:
            assert drawn is not None
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            paint_region(painter, drawn, self.camera, self.theme)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)

    def _paint_tools(self, painter: QPainter) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._gesture is not None and self._gesture.path:
            self._gesture.paint(painter, self.camera, self.theme)
        row = self.selection.pointed_row
        at = self.pixel_of(row) if 0 <= row < self.points.size else None
        if at is not None and self._travelled >= 1.0 and row not in {t.row for t in self.thumbnails.placed}:
            painter.setPen(QPen(QColor(self.theme.map), 4.0))
            radius = self.mark_radius_px + 4.0
            painter.drawEllipse(QPointF(*at), radius, radius)
            painter.setPen(QPen(QColor(self.theme.text), 2.0))
            painter.drawEllipse(QPointF(*at), radius, radius)

    def _show_cursor(self) -> None:
        if self._dragged_from is not None:
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
        elif self._is_space_down:
            self.setCursor(Qt.CursorShape.OpenHandCursor)
        elif self._tool is Tool.PAN:
            self.setCursor(Qt.CursorShape.ArrowCursor)
        else:
            self.setCursor(Qt.CursorShape.CrossCursor)

    # Mouse

    def _begin_drag(self, event: QMouseEvent) -> None:
        position = event.position()
        pans = self._tool is Tool.PAN or self._is_space_down or event.button() is Qt.MouseButton.MiddleButton
        if pans:
            self._history.leave(self.camera)
            self._dragged_from = position
        else:
            self._gesture = Gesture(self._tool, mode_of(event.modifiers()))
            self._gesture.extend(self.camera, position.x(), position.y())
        self._show_cursor()

    def _finish_gesture(self, gesture: Gesture) -> None:
        if self.selection.rows.size != self.points.size:
            return  # others have come; they are about to be drawn
        picked = RowSet(gesture.rows_in(self.points.shown, self.camera, self.points.size))
        self._own_polygon = gesture.polygon(self.camera)
        self.selection.pick(picked, gesture.mode, self._own_polygon)

    def _click(self, event: QMouseEvent) -> None:
        """A click looks at a product; with a modifier it adds it to the selection or takes it out."""
        row = self._row_at(event.position())
        if row < 0:
            return
        if event.modifiers() & (Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.ControlModifier):
            one = RowSet.of_rows(self.points.size, [row])
            self.selection.pick(one, mode_of(event.modifiers()))
        else:
            self.activated.emit(row)

    # Keyboard

    def _step_to_neighbour(self, dx: float, dy: float) -> None:
        """Points at the nearest product in a direction, from the middle of the view at first."""
        layer = self.points.shown
        if not len(layer):
            return
        at = self.pixel_of(self.pointed_row) if self.pointed_row >= 0 else None
        px, py = at or (self.width() / 2, self.height() / 2)
        x, y = self.camera.to_data(px, py)
        across = (layer.x - np.float32(x)) * -dx + (layer.y - np.float32(y)) * dy
        beside = np.abs((layer.x - np.float32(x)) * dy) + np.abs((layer.y - np.float32(y)) * dx)
        # Twice as far aside as ahead counts as another direction.
        cost = np.where((across > 0) & (beside <= 2 * across), across + 2 * beside, np.inf)
        cost[layer.rows == self.pointed_row] = np.inf
        best = int(np.argmin(cost))
        if np.isfinite(cost[best]):
            self.selection.point_at(int(layer.rows[best]))
            self._bring_into_view(self.pointed_row)
            self._rest.start()

    def _bring_into_view(self, row: int) -> None:
        at = self.pixel_of(row)
        if at is None or self.rect().adjusted(20, 20, -20, -20).contains(QPointF(*at).toPoint()):
            return
        self._glide_to_camera(self.camera.panned(self.width() / 2 - at[0], self.height() / 2 - at[1]))

    def _escape(self) -> None:
        if self._gesture is not None:
            self._gesture = None
            self.update()
        else:
            self.clear_selection()

    def _zoom_pinched(self, factor: float, position: QPointF) -> None:
        if factor > 0:
            self._set_camera(self.camera.zoomed(factor, position.x(), position.y()))

    # Qt's virtual methods

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        self._paint_map(painter)
        self._paint_tools(painter)
        painter.end()

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() in (Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton):
            self._glide.stop()
            self._pressed_at = event.position()
            self._begin_drag(event)

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        position = event.position()
        if self._dragged_from is not None:
            step = position - self._dragged_from
            self._dragged_from = position
            self._set_camera(self.camera.panned(step.x(), step.y()))
        elif self._gesture is not None:
            self._gesture.extend(self.camera, position.x(), position.y())
            self.update()
        else:
            self.selection.point_at(self._row_at(position))
            self._rest.start()

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        pressed, self._pressed_at = self._pressed_at, None
        gesture, self._gesture = self._gesture, None
        self._dragged_from = None
        self._show_cursor()
        if pressed is None:
            return
        moved = (event.position() - pressed).manhattanLength()
        if gesture is not None and (moved > _CLICK_PX or len(gesture.path) > 3):
            self._finish_gesture(gesture)
        elif moved <= _CLICK_PX and event.button() is Qt.MouseButton.LeftButton:
            self._click(event)
        self.update()

    @override
    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        factor = 0.5 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 2.0
        self._go(self.camera.zoomed(factor, event.position().x(), event.position().y()))

    @override
    def wheelEvent(self, event: QWheelEvent) -> None:
        self._glide.stop()
        # One entry in the history for each run of the wheel, not for each notch.
        if event.timestamp() - self._wheel_at_ms > 600:
            self._history.leave(self.camera)
        self._wheel_at_ms = event.timestamp()
        factor = 1.0016 ** event.angleDelta().y()
        self._set_camera(self.camera.zoomed(factor, event.position().x(), event.position().y()))
        event.accept()

    @override
    def leaveEvent(self, event: QEvent) -> None:
        self._rest.stop()
        self.selection.point_at(-1)
        self.hovered.emit(-1)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key in _ARROWS:
            dx, dy = _ARROWS[Qt.Key(key)]
            if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
                self._step_to_neighbour(dx, dy)
            else:
                self._set_camera(self.camera.panned(dx * _KEY_STEP_PX, dy * _KEY_STEP_PX))
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self.zoom_by(_KEY_ZOOM)
        elif key == Qt.Key.Key_Minus:
            self.zoom_by(1 / _KEY_ZOOM)
        elif key == Qt.Key.Key_0:
            self.fit_all()
        elif key == Qt.Key.Key_Escape:
            self._escape()
        elif key == Qt.Key.Key_Space:
            self._is_space_down = True
            self._show_cursor()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.pointed_row >= 0:
            self.activated.emit(self.pointed_row)
        else:
            super().keyPressEvent(event)

    @override
    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self._is_space_down = False
            self._show_cursor()
        else:
            super().keyReleaseEvent(event)

    @override
    def event(self, event: QEvent) -> bool:
        if isinstance(event, QNativeGestureEvent):
            if event.gestureType() is Qt.NativeGestureType.ZoomNativeGesture:
                self._zoom_pinched(1.0 + event.value(), event.position())
                return True
        elif event.type() == QEvent.Type.ShortcutOverride and self._gesture is not None:
            # Esc ends what is being drawn; the window's Esc would drop the selection instead.
            if isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape:
                event.accept()
                return True
        elif isinstance(event, QGestureEvent):
            pinch: QObject | None = event.gesture(Qt.GestureType.PinchGesture)
            if isinstance(pinch, QPinchGesture):
                self._zoom_pinched(
                    pinch.scaleFactor(), QPointF(self.mapFromGlobal(pinch.centerPoint().toPoint()))
                )
                return True
        return super().event(event)
