"""What the mouse draws on the map: the gesture of a tool, in data coordinates, and the points it holds.

Invariant: a gesture knows nothing of the selection; it says which rows lie in it, and the mode decides what
that does.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPen, QPolygonF

from prodlabel.core.palette import Palette
from prodlabel.core.selection import Mask, SelectionMode
from prodlabel.gui.map.camera import Camera
from prodlabel.gui.map.lasso import Polygon, in_box, in_polygon, in_stroke, simplified
from prodlabel.gui.map.points import Layer

_LEAST_STEP_PX = 2.0
_CORNER_TOLERANCE_PX = 0.75


class Tool(StrEnum):
    """What a drag with the left button does."""

    PAN = "pan"
    LASSO = "lasso"
    BOX = "box"
    BRUSH = "brush"


def mode_of(modifiers: Qt.KeyboardModifier) -> SelectionMode:
    """Shift adds, Ctrl removes, Alt intersects, nothing replaces."""
    if modifiers & Qt.KeyboardModifier.ShiftModifier:
        return SelectionMode.ADD
    if modifiers & Qt.KeyboardModifier.ControlModifier:
        return SelectionMode.REMOVE
    if modifiers & Qt.KeyboardModifier.AltModifier:
        return SelectionMode.INTERSECT
    return SelectionMode.REPLACE


@dataclass
class Gesture:
    """A stroke that is being drawn with a tool. Points are data coordinates; `brush_px` is the brush's
    radius.
    """

    tool: Tool
    mode: SelectionMode
    brush_px: float = 22.0
    path: list[tuple[float, float]] = field(default_factory=list)

    def extend(self, camera: Camera, px: float, py: float) -> None:
        """Goes on to a pixel; steps too small to see are left out."""
        x, y = camera.to_data(px, py)
        if self.path and self.tool is not Tool.BOX:
            last_x, last_y = camera.to_pixel(*self.path[-1])
            if abs(px - last_x) + abs(py - last_y) < _LEAST_STEP_PX:
                return
        if self.tool is Tool.BOX:
            self.path = [self.path[0] if self.path else (x, y), (x, y)]
        else:
            self.path.append((x, y))

    def polygon(self, camera: Camera) -> Polygon | None:
        """Corners of what was drawn; a brush stroke has none worth keeping."""
        if self.tool is Tool.LASSO:
            return simplified(np.array(self.path), _CORNER_TOLERANCE_PX / camera.scale)
        if self.tool is Tool.BOX:
            (ax, ay), (bx, by) = self.path[0], self.path[-1]
            return np.array([(ax, ay), (bx, ay), (bx, by), (ax, by)])
        return None

    def rows_in(self, layer: Layer, camera: Camera, size: int) -> Mask:
        """(size,) mask of the rows that lie in what was drawn."""
        if self.tool is Tool.BOX:
            return in_box(layer, self.path[0], self.path[-1], size)
        if self.tool is Tool.BRUSH:
            return in_stroke(layer, np.array(self.path), self.brush_px / camera.scale, size)
        polygon = self.polygon(camera)
        assert polygon is not None
        return in_polygon(layer, polygon, size)

    def paint(self, painter: QPainter, camera: Camera, palette: Palette) -> None:
        if self.tool is Tool.BRUSH:
            colour = QColor(palette.accent)
            colour.setAlpha(60)
            cap, join = Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin
            painter.setPen(QPen(colour, 2 * self.brush_px, Qt.PenStyle.SolidLine, cap, join))
            painter.drawPolyline(_on_screen(np.array(self.path), camera))
        else:
            corners = np.array(self.path) if self.tool is Tool.LASSO else self.polygon(camera)
            assert corners is not None
            paint_region(painter, corners, camera, palette)


def paint_region(painter: QPainter, corners: Polygon, camera: Camera, palette: Palette) -> None:
    """A dashed accent line with a light fill."""
    fill = QColor(palette.accent)
    fill.setAlpha(26)
    pen = QPen(QColor(palette.accent), 1.5)
    pen.setDashPattern([4.0, 3.0])
    painter.setPen(pen)
    painter.setBrush(QBrush(fill))
    painter.drawPolygon(_on_screen(corners, camera), Qt.FillRule.OddEvenFill)
    painter.setBrush(Qt.BrushStyle.NoBrush)


def _on_screen(corners: Polygon, camera: Camera) -> QPolygonF:
    return QPolygonF([QPointF(*camera.to_pixel(x, y)) for x, y in corners.tolist()])
