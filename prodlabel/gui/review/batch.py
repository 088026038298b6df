"""Products that look alike, in a grid, each with a tick: one key settles all that are ticked.

Invariant: what is unticked is never touched by a decision.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from prodlabel.gui.librarian import Librarian
from prodlabel.gui.painting import paint_picture
from prodlabel.gui.theme import Theme

_MOST_CELL_PX = 260
_NAME_PX = 32
_STEPS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}


class BatchView(QWidget):
    """Signals: `ticks_changed`."""

    ticks_changed = Signal()

    def __init__(
        self, librarian: Librarian, colour_of: Callable[[int], str | None], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._librarian, self._colour_of = librarian, colour_of
        self.product_ids: NDArray[np.int64] = np.empty(0, dtype=np.int64)
        self._left_out: set[int] = set()
        self.name_of: Callable[[int], str] = lambda _id: ""
        self.here = 0
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(self.tr("Products that look alike"))
        librarian.thumbnails_arrived.connect(lambda _ids: self.update())

    def show_products(self, product_ids: NDArray[np.int64], left_out: NDArray[np.int64]) -> None:
        """Other products; those of `left_out` start without a tick."""
        if np.array_equal(product_ids, self.product_ids):
            return
        self.product_ids = product_ids
        self._left_out = set(left_out.tolist())
        self.here = 0
        self.update()

    @property
    def ticked(self) -> NDArray[np.int64]:
        """What the next decision is about."""
        kept = [one for one in self.product_ids.tolist() if one not in self._left_out]
        return np.array(kept, dtype=np.int64)

    def toggle(self, at: int | None = None) -> None:
        """Take in or leave out one product: the one under the cursor by default."""
        at = self.here if at is None else at
        if 0 <= at < len(self.product_ids):
            self._left_out ^= {int(self.product_ids[at])}
            self.here = at
            self.ticks_changed.emit()
            self.update()

    def cells(self) -> list[QRectF]:
        """Where each product is drawn."""
        count, theme = len(self.product_ids), Theme.now()
        if not count:
            return []
        gap, width, height = theme.px(12), self.width(), self.height()
        below = theme.px(_NAME_PX)
        fitting = [
            (
                min((width + gap) / columns, (height + gap) / math.ceil(count / columns) - below) - gap,
                columns,
            )
            for columns in range(1, count + 1)
        ]
        side, columns = max(fitting)
        side = min(max(side, 24.0), theme.px(_MOST_CELL_PX))
        rows = math.ceil(count / columns)
        left = (width - columns * side - (columns - 1) * gap) / 2
        step = side + below + gap
        top = max((height - rows * step + gap) / 2, 0.0)
        return [
            QRectF(left + (at % columns) * (side + gap), top + (at // columns) * step, side, side)
            for at in range(count)
        ]

    @override
    def sizeHint(self) -> QSize:
        return QSize(640, 480)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        theme, painter = Theme.now(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for at, (product_id, box) in enumerate(zip(self.product_ids.tolist(), self.cells(), strict=True)):
            is_in = product_id not in self._left_out
            painter.setOpacity(1.0 if is_in else 0.28)
            paint_picture(
                painter, self._librarian.pixmap(product_id), box, theme, bar=self._colour_of(product_id)
            )
            self._paint_name(painter, box, product_id)
            painter.setOpacity(1.0)
            if at == self.here and self.hasFocus():
                painter.setPen(QPen(QColor(theme.palette.accent), 2))
                painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), theme.px(6), theme.px(6))
            self._paint_tick(painter, box, is_in)
        painter.end()

    def _paint_name(self, painter: QPainter, box: QRectF, product_id: int) -> None:
        """Two lines below the picture: a picture alone does not say what a product is."""
        theme = Theme.now()
        painter.setFont(theme.font(11))
        painter.setPen(QColor(theme.palette.text))
        room = QRectF(box.left(), box.bottom() + theme.px(3), box.width(), theme.px(_NAME_PX) - theme.px(3))
        flags = Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft
        painter.setClipRect(room)
        painter.drawText(room, int(flags), self.name_of(product_id))
        painter.setClipping(False)

    def _paint_tick(self, painter: QPainter, box: QRectF, is_in: bool) -> None:
        theme = Theme.now()
        radius = theme.px(9.0)
        middle = QPointF(box.right() - radius - theme.px(6), box.top() + radius + theme.px(6))
        painter.setPen(QPen(QColor(theme.palette.accent if is_in else theme.palette.dim), 1.5))
        painter.setBrush(QColor(theme.palette.accent if is_in else theme.palette.panel))
        painter.drawEllipse(middle, radius, radius)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if is_in:
            painter.setPen(QPen(QColor(theme.palette.on_accent), 2))
            a, b = middle + QPointF(-0.42, 0.02) * radius, middle + QPointF(-0.1, 0.36) * radius
            painter.drawPolyline([a, b, middle + QPointF(0.46, -0.34) * radius])

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        for at, box in enumerate(self.cells()):
            if box.contains(event.position()):
                self.toggle(at)
                return

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = _STEPS.get(Qt.Key(event.key()))
        cells = self.cells()
        if step is None or not cells:
            super().keyPressEvent(event)
            return
        columns = max(1, sum(box.top() == cells[0].top() for box in cells))
        wanted = self.here + step[0] + step[1] * columns
        if 0 <= wanted < len(cells):
            self.here = wanted
            self.update()
