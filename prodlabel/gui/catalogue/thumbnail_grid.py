"""Products as small pictures in rows: the model and the view that gallery and neighbours share.

Invariant: the model holds product ids; pictures are asked for when a cell is painted, and painted when there.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPen, QPixmap, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)
from typing_extensions import override

from prodlabel.gui.painting import paint_picture, paint_sign
from prodlabel.gui.theme import Theme

ID_ROLE = Qt.ItemDataRole.UserRole + 1
AnyIndex = QModelIndex | QPersistentModelIndex
PixmapOf = Callable[[int], QPixmap | None]
ColourOf = Callable[[int], str | None]


class Mark(StrEnum):
    """A sign in the corner of a picture; each is a shape of its own, not a colour alone."""

    TICKED = "✓"
    UNTICKED = " "
    CONFIRMED = "●"
    REJECTED = "✕"
    FLAGGED = "⚑"


MarkOf = Callable[[int], Mark | None]


def no_mark(_product_id: int) -> Mark | None:
    """For grids whose pictures carry no sign."""
    return None


class ProductListModel(QAbstractListModel):
    """Product ids in an order."""

    def __init__(self, describe: Callable[[int], str] = str) -> None:
        super().__init__()
        self._ids: NDArray[np.int64] = np.empty(0, dtype=np.int64)
        self._describe = describe

    @property
    def product_ids(self) -> NDArray[np.int64]:
        return self._ids

    def show(self, product_ids: Sequence[int] | NDArray[np.int64]) -> None:
        """Other products."""
        ids = np.asarray(product_ids, dtype=np.int64)
        if np.array_equal(ids, self._ids):
            return
        self.beginResetModel()
        self._ids = ids
        self.endResetModel()

    def row_of(self, product_id: int) -> int | None:
        at = np.flatnonzero(self._ids == product_id)
        return int(at[0]) if len(at) else None

    def touch(self) -> None:
        """What is painted of the products has changed, not which they are."""
        if len(self._ids):
            self.dataChanged.emit(self.index(0), self.index(len(self._ids) - 1))

    @override
    def rowCount(self, parent: AnyIndex = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._ids)

    @override
    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        if role == ID_ROLE:
            return int(self._ids[index.row()])
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self._describe(int(self._ids[index.row()]))
        return None


class _CellPainter(QStyledItemDelegate):
    """Paints one picture with its category's colour below, and a ring around the one looked at."""

    def __init__(self, view: ThumbnailView) -> None:
        super().__init__(view)
        self._view = view

    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: AnyIndex) -> QSize:
        return self._view.cell_size

    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        theme, product_id = Theme.now(), int(index.data(ID_ROLE))
        gap = theme.px(8)
        box = QRectF(option.rect).adjusted(0, 0, -gap, -gap)  # type: ignore[attr-defined]
        mark = self._view.mark_of(product_id)
        painter.setOpacity(0.38 if mark is Mark.UNTICKED else 1.0)
        paint_picture(
            painter, self._view.pixmap_of(product_id), box, theme, bar=self._view.colour_of(product_id)
        )
        painter.setOpacity(1.0)
        if mark is not None:
            paint_sign(painter, mark.value, tick_box(box), theme, is_strong=mark is Mark.TICKED)
        if option.state & QStyle.StateFlag.State_Selected and self._view.marks_several:  # type: ignore[attr-defined]
            painter.save()
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            veil = QColor(theme.palette.accent)
            veil.setAlphaF(0.35)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(veil)
            painter.drawRoundedRect(box, theme.px(6), theme.px(6))
            painter.restore()
        if product_id == self._view.focus:
            painter.save()
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(QColor(theme.palette.accent), 2))
            painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), theme.px(6), theme.px(6))
            painter.restore()


class ThumbnailView(QListView):
    """`mark_of` says which sign a picture carries. Signals: `looked_at` with the product id that was clicked
    or reached by arrow keys, `ticked` when the tick of a product was pressed.
    """

    looked_at = Signal(int)
    ticked = Signal(int)

    def __init__(
        self,
        model: ProductListModel,
        pixmap_of: PixmapOf,
        colour_of: ColourOf,
        side: int,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.pixmap_of, self.colour_of = pixmap_of, colour_of
        self.mark_of: MarkOf = no_mark
        self.focus = 0
        self.cell_size = _cell(side)
        self._products = model
        self.setModel(model)
        self.setItemDelegate(_CellPainter(self))
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setMovement(QListView.Movement.Static)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setUniformItemSizes(True)
        self.setGridSize(self.cell_size)
        self.setSpacing(0)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setLayoutMode(QListView.LayoutMode.Batched)
        self.setBatchSize(500)
        self.setDragEnabled(False)

    @property
    def marks_several(self) -> bool:
        """Whether more than one picture is marked, as Shift and Ctrl mark them."""
        ranges = self.selectionModel().selection()
        return sum(ranges.at(k).height() for k in range(min(ranges.count(), 2))) > 1

    def set_side(self, side: int) -> None:
        """Pictures of another size (px at scale 1)."""
        self.cell_size = _cell(side)
        self.setGridSize(self.cell_size)
        self._keep_whole_rows()
        self.scheduleDelayedItemsLayout()

    def show_focus(self, product_id: int) -> None:
        """Ring this product and bring it in view."""
        self.focus = product_id
        row = self._products.row_of(product_id)
        if row is not None:
            index = self._products.index(row)
            # What is marked stays marked while one looks at one of it.
            if row != self.currentIndex().row():
                blocked = self.blockSignals(True)
                self.setCurrentIndex(index)
                self.blockSignals(blocked)
            self.scrollTo(index)
        self.viewport().update()

    def _keep_whole_rows(self) -> None:
        """Half a row of pictures at the lower edge is noise."""
        cell = self.cell_size.height()
        rows = max((self.height() + Theme.now().px(8)) // cell, 1)
        self.setViewportMargins(0, 0, 0, max(self.height() - rows * cell, 0))

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        self._keep_whole_rows()
        super().resizeEvent(event)

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        if index.isValid() and self.mark_of(int(index.data(ID_ROLE))) in (Mark.TICKED, Mark.UNTICKED):
            gap = Theme.now().px(8)
            box = QRectF(self.visualRect(index)).adjusted(0, 0, -gap, -gap)
            if tick_box(box).contains(event.position()):
                self.ticked.emit(int(index.data(ID_ROLE)))
                return
        super().mousePressEvent(event)

    @override
    def currentChanged(self, current: AnyIndex, previous: AnyIndex) -> None:
        super().currentChanged(current, previous)
        if current.isValid() and not self.signalsBlocked():
            self.looked_at.emit(int(current.data(ID_ROLE)))


def _cell(side: int) -> QSize:
    """A picture of this side and the gap after it."""
    whole = Theme.now().px(side + 8)
    return QSize(whole, whole)


def tick_box(box: QRectF) -> QRectF:
    """Where the sign of a picture stands: its upper left corner."""
    side, edge = Theme.now().px(17), Theme.now().px(4)
    return QRectF(box.x() + edge, box.y() + edge, side, side)
