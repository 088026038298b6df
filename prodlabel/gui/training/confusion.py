"""The confusion matrix: truth by row, suggestion by column; a cell opens its products on the map.

Invariant: only what is wrong is coloured, as strongly as it is frequent in its row; right ones step back.
Only what is in view is painted: sixty categories make four thousand cells.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QScrollArea, QSizePolicy, QWidget
from typing_extensions import override

from prodlabel.core.palette import CategoryStyle
from prodlabel.gui.labels import plain_tip
from prodlabel.gui.painting import elided, paint_mark
from prodlabel.gui.theme import Theme
from prodlabel.gui.training.evidence import CategoryFigures

_NAME_PX, _HEAD_PX, _SHARE_PX, _LEAST_PX, _MOST_PX = 168, 30, 116, 22, 38
_STEPS = {
    Qt.Key.Key_Left: (0, -1),
    Qt.Key.Key_Right: (0, 1),
    Qt.Key.Key_Up: (-1, 0),
    Qt.Key.Key_Down: (1, 0),
}


class ConfusionMatrix(QWidget):
    """Signals: `opened` with the places of truth and suggestion, `moved` with where the keyboard is now."""

    opened = Signal(int, int)
    moved = Signal(QRect)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._counts: NDArray[np.int64] = np.zeros((0, 0), dtype=np.int64)
        self._names: list[str] = []
        self._styles: list[CategoryStyle] = []
        self._figures: Sequence[CategoryFigures] = ()
        self.here = (0, 0)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("Confusion matrix; arrows move, Enter opens the products"))

    def show_counts(
        self,
        counts: NDArray[np.int64],
        names: Sequence[str],
        styles: Sequence[CategoryStyle],
        figures: Sequence[CategoryFigures],
    ) -> None:
        self._counts, self._names, self._styles = counts, list(names), list(styles)
        self._figures = figures
        self.here = (0, 0)
        self.setMinimumWidth(self.minimumSizeHint().width())
        self.updateGeometry()
        self.update()

    def cell(self, truth: int, said: int) -> QRectF:
        """Where the count of this truth and suggestion is drawn."""
        px, side = Theme.now().px, self._side()
        return QRectF(px(_NAME_PX) + said * side, px(_HEAD_PX) + truth * side, side, side)

    def _side(self) -> float:
        px, count = Theme.now().px, max(len(self._names), 1)
        room = (self.width() - px(_NAME_PX) - 2 * px(_SHARE_PX)) / count
        return min(max(room, px(_LEAST_PX)), px(_MOST_PX))

    @override
    def minimumSizeHint(self) -> QSize:
        px, count = Theme.now().px, len(self._names)
        width = px(_NAME_PX) + count * px(_LEAST_PX) + 2 * px(_SHARE_PX)
        return QSize(width, px(_HEAD_PX) + count * px(_LEAST_PX) + 4)

    @override
    def sizeHint(self) -> QSize:
        px, count = Theme.now().px, len(self._names)
        return QSize(px(_NAME_PX) + count * px(_MOST_PX), px(_HEAD_PX) + count * px(_MOST_PX) + 4)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        theme, painter = Theme.now(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        count, (rows, columns) = len(self._names), self._in(event.rect())
        for at in range(count):
            self._paint_heads(painter, theme, at)
        for at in rows:
            for said in columns:
                self._paint_cell(painter, theme, at, said)
        if count and self.hasFocus():
            painter.setPen(QPen(QColor(theme.palette.accent), 2))
            painter.drawRoundedRect(self.cell(*self.here).adjusted(1, 1, -1, -1), 4, 4)
        painter.end()

    def _paint_heads(self, painter: QPainter, theme: Theme, at: int) -> None:
        row, column = self.cell(at, 0), self.cell(0, at)
        middle = row.center().y()
        paint_mark(painter, self._styles[at], QPointF(theme.px(8), middle), theme.px(5.5))
        paint_mark(painter, self._styles[at], QPointF(column.center().x(), theme.px(16)), theme.px(5.5))
        painter.setFont(theme.font())
        painter.setPen(QColor(theme.palette.text))
        box = QRectF(theme.px(22), row.top(), theme.px(_NAME_PX - 30), row.height())
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, elided(self._names[at], painter, box.width()))
        if at >= len(self._figures):
            return
        one, left = self._figures[at], self.cell(0, len(self._names) - 1).right() + theme.px(12)
        width = theme.px(_SHARE_PX - 8)
        titles = (self.tr("recall"), self.tr("precision"))
        shares = ((one.recall, one.recall_range), (one.precision, one.precision_range))
        for place, (share, around) in enumerate(shares):
            box = QRectF(left + place * theme.px(_SHARE_PX), row.top(), width, row.height())
            _paint_share(painter, theme, box, share, around)
            if at == 0:
                painter.setFont(theme.font(11))
                painter.setPen(QColor(theme.palette.dim))
                head = QRectF(box.left(), 0, width, theme.px(_HEAD_PX))
                painter.drawText(head, Qt.AlignmentFlag.AlignVCenter, titles[place])

    def _paint_cell(self, painter: QPainter, theme: Theme, truth: int, said: int) -> None:
        box = self.cell(truth, said).adjusted(1, 1, -1, -1)
        count, total = int(self._counts[truth, said]), max(int(self._counts[truth].sum()), 1)
        ground = QColor(theme.palette.raised)
        if count and truth != said:
            ground = QColor(theme.palette.warn)
            # The square root lets few errors be seen beside many.
            ground.setAlphaF(min(0.15 + 0.85 * (count / total) ** 0.5, 0.9))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ground)
        painter.drawRoundedRect(box, theme.px(4), theme.px(4))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if count:
            painter.setFont(theme.font(12))
            painter.setPen(QColor(theme.palette.dim if truth == said else theme.palette.text))
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, f"{count:,}")

    def _in(self, rect: QRect) -> tuple[range, range]:
        """The rows and columns of which something lies in a part of the widget."""
        count, side, corner = len(self._names), self._side(), self.cell(0, 0).topLeft()

        def touched(low: float, high: float) -> range:
            return range(max(int(low // side), 0), min(int(high // side) + 1, count))

        return (
            touched(rect.top() - corner.y(), rect.bottom() - corner.y()),
            touched(rect.left() - corner.x(), rect.right() - corner.x()),
        )

    def _at(self, position: QPointF) -> tuple[int, int] | None:
        offset, side, count = position - self.cell(0, 0).topLeft(), self._side(), len(self._names)
        truth, said = int(offset.y() // side), int(offset.x() // side)
        return (truth, said) if 0 <= truth < count and 0 <= said < count else None

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        found = self._at(event.position())
        self.setCursor(Qt.CursorShape.PointingHandCursor if found else Qt.CursorShape.ArrowCursor)
        if found is not None:
            names = self._names[found[0]], self._names[found[1]]
            said = self.tr("{0:,} labelled {1}, suggested {2}. Click shows them on the map.")
            self.setToolTip(plain_tip(said.format(int(self._counts[found]), *names)))

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        found = self._at(event.position())
        if found is not None:
            self.here = found
            self.opened.emit(*found)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        step, count = _STEPS.get(Qt.Key(event.key())), len(self._names)
        if step is not None and count:
            self.here = (
                min(max(self.here[0] + step[0], 0), count - 1),
                min(max(self.here[1] + step[1], 0), count - 1),
            )
            self.update()
            self.moved.emit(self.cell(*self.here).toAlignedRect())
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and count:
            self.opened.emit(*self.here)
        else:
            super().keyPressEvent(event)


class WideMatrix(QScrollArea):
    """The matrix, which can be scrolled sideways where it has more categories than there is room for."""

    def __init__(self, matrix: ConfusionMatrix, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._matrix = matrix
        self.setWidget(matrix)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        matrix.moved.connect(self._on_moved)

    def _on_moved(self, cell: QRect) -> None:
        middle = cell.center()
        self.ensureVisible(middle.x(), middle.y(), cell.width(), cell.height())

    @override
    def sizeHint(self) -> QSize:
        height = self._matrix.sizeHint().height() + self.horizontalScrollBar().sizeHint().height()
        return QSize(super().sizeHint().width(), height)

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(Theme.now().px(_NAME_PX), self.sizeHint().height())


def _paint_share(
    painter: QPainter, theme: Theme, box: QRectF, share: float, around: tuple[float, float]
) -> None:
    """A share as a figure and as a bar with its interval."""
    painter.setFont(theme.font(12))
    painter.setPen(QColor(theme.palette.text))
    figure = QRectF(box.left(), box.top(), theme.px(38), box.height())
    text = "–" if np.isnan(share) else f"{100 * share:.0f} %"
    painter.drawText(figure, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, text)
    track = QRectF(figure.right() + theme.px(8), box.center().y() - 2, box.right() - figure.right() - 12, 4)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(theme.palette.raised))
    painter.drawRoundedRect(track, 2, 2)
    low, high = around
    painter.setBrush(QColor(theme.palette.accent))
    span = QRectF(track.left() + low * track.width(), track.top(), (high - low) * track.width(), 4)
    painter.drawRoundedRect(span, 2, 2)
    painter.setBrush(Qt.BrushStyle.NoBrush)
