"""The tree of categories: digit, mark, name and count in one line each; search, drag to move.

Invariant: the tree shows which category narrows the products and which one is proposed; it decides nothing.
"""

from __future__ import annotations

from PySide6.QtCore import (
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QPointF,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QFont, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeView,
    QWidget,
)
from typing_extensions import override

from prodlabel.gui.catalogue.taxonomy_model import COUNT_ROLE, ID_ROLE, TaxonomyModel
from prodlabel.gui.painting import elided, paint_key_cap, paint_mark
from prodlabel.gui.theme import ROW_PX, Theme

_OWN_KEYS = (Qt.Key.Key_F2, Qt.Key.Key_Menu)


class _RowPainter(QStyledItemDelegate):
    """Paints one category."""

    def __init__(self, tree: TaxonomyTree) -> None:
        super().__init__(tree)
        self._tree = tree

    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(120, Theme.now().px(ROW_PX))

    @override
    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        theme, model = Theme.now(), self._tree.tree_model
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        # The whole row is painted, left of the indentation too: that is where digits stand.
        row = QRectF(0, option.rect.y(), self._tree.viewport().width(), option.rect.height())  # type: ignore[attr-defined]
        self._paint_ground(painter, row, option, int(index.data(ID_ROLE)), theme)
        left = float(option.rect.x())  # type: ignore[attr-defined]
        middle = row.center().y()
        digit = model.styles.digit(int(index.data(ID_ROLE)))
        if digit is not None:
            side = theme.px(16)
            paint_key_cap(painter, digit, QRectF(left + theme.px(8), middle - side / 2, side, side), theme)
        mark_x = left + theme.px(38)
        style = model.styles[int(index.data(ID_ROLE))]
        paint_mark(painter, style, QPointF(mark_x, middle), theme.px(5.5))
        if model.rowCount(index):
            self._paint_chevron(painter, QPointF(left + theme.px(2), middle), index, theme)
        self._paint_texts(painter, QRectF(mark_x + theme.px(16), row.y(), 0, row.height()), index, theme)
        painter.restore()

    def _paint_ground(
        self, painter: QPainter, row: QRectF, option: QStyleOptionViewItem, category_id: int, theme: Theme
    ) -> None:
        state = option.state  # type: ignore[attr-defined]
        is_marked = category_id in self._tree.marked
        if is_marked or state & QStyle.StateFlag.State_MouseOver:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(theme.palette.highlight if is_marked else theme.palette.raised))
            painter.drawRoundedRect(row, theme.px(6), theme.px(6))
        if state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(QColor(theme.palette.accent))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(row.adjusted(1, 1, -1, -1), theme.px(6), theme.px(6))

    def _paint_chevron(
        self, painter: QPainter, at: QPointF, index: QModelIndex | QPersistentModelIndex, theme: Theme
    ) -> None:
        painter.setPen(QColor(theme.palette.faint))
        painter.setFont(theme.font(10))
        is_open = self._tree.isExpanded(self._tree.tree_model.index_of(int(index.data(ID_ROLE))))
        box = QRectF(at.x() - theme.px(6), at.y() - theme.px(8), theme.px(12), theme.px(16))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, "⌄" if is_open else "›")

    def _paint_texts(
        self,
        painter: QPainter,
        box: QRectF,
        index: QModelIndex | QPersistentModelIndex,
        theme: Theme,
    ) -> None:
        right = self._tree.viewport().width() - theme.px(8)
        count = f"{int(index.data(COUNT_ROLE)):,}"
        is_marked = int(index.data(ID_ROLE)) in self._tree.marked
        painter.setFont(theme.font(weight=QFont.Weight.Medium if is_marked else QFont.Weight.Normal))
        painter.setPen(QColor(theme.palette.text if is_marked else theme.palette.dim))
        counted = QRectF(box.x(), box.y(), right - box.x(), box.height())
        painter.drawText(counted, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, count)
        width = counted.width() - painter.fontMetrics().horizontalAdvance(count) - theme.px(8)
        painter.setPen(QColor(theme.palette.text))
        painter.drawText(
            QRectF(box.x(), box.y(), width, box.height()),
            Qt.AlignmentFlag.AlignVCenter,
            elided(str(index.data()), painter, width),
        )


class TaxonomyTree(QTreeView):
    """Signals: `chosen` with a category id when one is clicked or Enter is pressed on it, `menu_wanted` with
    (category id, global position), `rename_wanted` (F2) with a category id.
    """

    chosen = Signal(int)
    rename_wanted = Signal(int)
    menu_wanted = Signal(int, QPoint)

    def __init__(self, model: TaxonomyModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.tree_model = model
        self.marked: frozenset[int] = frozenset()
        self._open: list[int] = []
        self._current = 0
        self._words = ""
        self.setModel(model)
        model.counts_changed.connect(self.viewport().update)
        self.setItemDelegate(_RowPainter(self))
        self.setHeaderHidden(True)
        self.setRootIsDecorated(False)
        self.setIndentation(Theme.now().px(14))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._on_menu_requested)
        self.clicked.connect(lambda index: self.chosen.emit(model.category_id(index)))
        self.activated.connect(lambda index: self.chosen.emit(model.category_id(index)))
        self.setAccessibleName(self.tr("Categories"))
        model.modelAboutToBeReset.connect(self._on_model_about_to_be_reset)
        model.modelReset.connect(self._on_model_reset)
        self._open_sole_root()

    def mark(self, category_ids: frozenset[int]) -> None:
        """Show these as the ones that matter now."""
        if category_ids != self.marked:
            self.marked = category_ids
            self.viewport().update()

    def show_only(self, words: str) -> None:
        """Hide categories whose name (and whose children's names) hold none of these words."""
        self._words = wanted = words.casefold().strip()
        self._filter(QModelIndex(), wanted)
        if wanted:
            self.expandAll()
        else:
            self.collapseAll()
            self._open_sole_root()

    def _filter(self, parent: QModelIndex, wanted: str) -> bool:
        is_any_shown = False
        for row in range(self.tree_model.rowCount(parent)):
            index = self.tree_model.index(row, 0, parent)
            is_below = self._filter(index, wanted)
            is_shown = not wanted or is_below or wanted in str(index.data()).casefold()
            self.setRowHidden(row, parent, not is_shown)
            is_any_shown = is_any_shown or is_shown
        return is_any_shown

    def _open_sole_root(self) -> None:
        if self.tree_model.rowCount() == 1:
            self.expand(self.tree_model.index(0, 0))

    def _opened(self, parent: QModelIndex) -> list[int]:
        """The categories below it that are unfolded, those above first."""
        model, found = self.tree_model, list[int]()
        for row in range(model.rowCount(parent)):
            index = model.index(row, 0, parent)
            if self.isExpanded(index):
                found += [model.category_id(index), *self._opened(index)]
        return found

    def _on_model_about_to_be_reset(self) -> None:
        self._open = self._opened(QModelIndex())
        self._current = self.tree_model.category_id(self.currentIndex())

    def _on_model_reset(self) -> None:
        """What was unfolded, searched for and looked at stays so."""
        self._open_sole_root()
        for category_id in self._open:
            self.expand(self.tree_model.index_of(category_id))
        if self._words:
            self._filter(QModelIndex(), self._words)
        if self._current:
            self.setCurrentIndex(self.tree_model.index_of(self._current))

    def _on_menu_requested(self, position: QPoint) -> None:
        category_id = self.tree_model.category_id(self.indexAt(position))
        if category_id:
            self.menu_wanted.emit(category_id, self.viewport().mapToGlobal(position))

    @override
    def event(self, event: QEvent) -> bool:
        # These keys are the tree's while it has the keyboard.
        is_asking = event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent)
        if is_asking and self.currentIndex().isValid() and event.key() in _OWN_KEYS:  # type: ignore[attr-defined]
            event.accept()
            return True
        return super().event(event)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        index = self.currentIndex()
        category_id = self.tree_model.category_id(index)
        if category_id and event.key() == Qt.Key.Key_F2:
            self.rename_wanted.emit(category_id)
        elif category_id and event.key() == Qt.Key.Key_Menu:
            at = self.viewport().mapToGlobal(self.visualRect(index).bottomLeft())
            self.menu_wanted.emit(category_id, at)
        else:
            super().keyPressEvent(event)
