"""Boxes to choose and to tick that show what they are in both themes, unlike the platform's in dark."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QCheckBox, QComboBox, QWidget
from typing_extensions import override

from prodlabel.gui.theme import Theme

_TICK_PX, _GAP_PX = 16, 8


class ChoiceBox(QComboBox):
    """A combo box with a frame and an arrow."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("boxed", "true")
        self.setAccessibleName(title)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(8)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        theme = Theme.now()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colour = theme.palette.dim if self.isEnabled() else theme.palette.faint
        painter.setPen(QPen(QColor(colour), max(1.4, 1.4 * theme.scale)))
        x, y, half = self.width() - theme.px(14), self.height() / 2, 3.5 * theme.scale
        painter.drawPolyline(
            QPolygonF(
                [QPointF(x - half, y - half / 2), QPointF(x, y + half / 2), QPointF(x + half, y - half / 2)]
            )
        )
        painter.end()


class TickBox(QCheckBox):
    """A check box whose frame and tick can be told from the ground."""

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        theme = Theme.now()
        tokens, side = theme.palette, theme.px(_TICK_PX)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        top = (self.height() - side) / 2
        box = QRectF(0.5, top + 0.5, side - 1, side - 1)
        is_on = self.isChecked()
        frame = tokens.text if self.hasFocus() else (tokens.accent if is_on else tokens.dim)
        painter.setPen(QPen(QColor(frame if self.isEnabled() else tokens.faint), 1.2))
        painter.setBrush(QColor(tokens.accent if is_on else tokens.raised))
        painter.drawRoundedRect(box, 4, 4)
        if is_on:
            painter.setPen(QPen(QColor(tokens.on_accent), 1.8 * theme.scale))
            corners = ((0.25, 0.52), (0.43, 0.70), (0.76, 0.32))
            painter.drawPolyline(QPolygonF([QPointF(side * x, top + side * y) for x, y in corners]))
        painter.setPen(QColor(tokens.text if self.isEnabled() else tokens.faint))
        left = side + theme.px(_GAP_PX)
        space = self.rect().adjusted(left, 0, 0, 0)
        painter.drawText(space, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, self.text())
        painter.end()

    @override
    def sizeHint(self) -> QSize:
        theme = Theme.now()
        width = self.fontMetrics().horizontalAdvance(self.text()) + theme.px(_TICK_PX + _GAP_PX + 4)
        return QSize(width, max(theme.px(_TICK_PX + 6), self.fontMetrics().height()))
