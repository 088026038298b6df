"""The selected products as a table that can be sorted; names are fetched for the lines that are shown.

Invariant: the model holds product ids; everything but names is read from the session when it is painted, so
the table never shows an old label.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, QTimer, Signal
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget
from typing_extensions import override

from prodlabel.core.labels import NO_CATEGORY, Status
from prodlabel.gui.catalogue.thumbnail_grid import ID_ROLE
from prodlabel.gui.desk import Desk
from prodlabel.gui.filters import BRAND
from prodlabel.gui.librarian import Librarian
from prodlabel.gui.painting import mark_icon
from prodlabel.gui.phrases import phrase
from prodlabel.gui.session import Session
from prodlabel.gui.theme import Theme
from prodlabel.store.products import ProductTexts

AnyIndex = QModelIndex | QPersistentModelIndex
NAME, CATEGORY, SUGGESTION, CONFIDENCE, STATUS, BRAND_COLUMN = range(6)
_ROW_PX = 30
_NAMES_KEPT = 2_000
_WIDTHS = (320, 190, 190, 90, 150, 150)


class ProductTableModel(QAbstractTableModel):
    """Collaborators: `Session`, `Librarian`. Signals: `sorted` with the product ids in their new order."""

    sorted = Signal(object)

    def __init__(self, session: Session, librarian: Librarian) -> None:
        super().__init__()
        self._session, self._librarian = session, librarian
        self._ids: NDArray[np.int64] = np.empty(0, dtype=np.int64)
        self._names: dict[int, str] = {}
        self._wanted: dict[int, None] = {}
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self._ask)
        self._titles = (
            self.tr("Name"),
            self.tr("Category"),
            self.tr("Suggestion"),
            self.tr("Confidence"),
            self.tr("Status"),
            self.tr("Brand"),
        )

    @property
    def product_ids(self) -> NDArray[np.int64]:
        return self._ids

    def show(self, product_ids: Sequence[int] | NDArray[np.int64]) -> None:
        """Other products, or the same in another order."""
        ids = np.asarray(product_ids, dtype=np.int64)
        if not np.array_equal(ids, self._ids):
            self.beginResetModel()
            self._ids = ids
            self.endResetModel()

    def row_of(self, product_id: int) -> int | None:
        at = np.flatnonzero(self._ids == product_id)
        return int(at[0]) if len(at) else None

    def touch(self) -> None:
        """Labels, suggestions or names have changed."""
        if len(self._ids):
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._ids) - 1, len(self._titles) - 1))

    def _text(self, product_id: int, column: int) -> str:
        row = self._session.row_of(product_id)
        if row is None:
            return ""
        said: dict[int, Callable[[], str]] = {
            NAME: lambda: self._name(product_id),
            CATEGORY: lambda: self._session.category_title(int(self._session.columns.category[row])),
            SUGGESTION: lambda: self._suggested(row)[0],
            CONFIDENCE: lambda: self._suggested(row)[1],
            STATUS: lambda: phrase(Status(int(self._session.columns.status[row])).word),
            BRAND_COLUMN: lambda: self._brand(row),
        }
        return said[column]()

    def _suggested(self, row: int) -> tuple[str, str]:
        """The best suggestion and its confidence as texts."""
        found = self._session.computed.suggestions
        if found is None or found.best[row] == NO_CATEGORY:
            return "", ""
        title = self._suggested_title(int(found.best[row]))
        return title, f"{100 * found.best_confidence[row]:.0f} %"

    def _suggested_title(self, category_id: int) -> str:
        return "" if category_id == NO_CATEGORY else self._session.category_title(category_id)

    def _brand(self, row: int) -> str:
        facet = self._session.computed.facets.get(BRAND)
        return "" if facet is None else self._brand_title(int(facet.codes[row]))

    def _brand_title(self, code: int) -> str:
        return "" if code < 0 else self._session.computed.facets[BRAND].titles[code]

    def _name(self, product_id: int) -> str:
        if product_id not in self._names:
            self._wanted[product_id] = None
            self._soon.start()
        return self._names.get(product_id, "")

    def _ask(self) -> None:
        ids = list(self._wanted)
        if ids:
            self._librarian.ask("table", lambda desk: desk.texts(ids), self._take)

    def _take(self, found: list[ProductTexts]) -> None:
        self._names |= {one.product_id: one.name for one in found}
        for product_id in list(self._names)[:-_NAMES_KEPT]:
            del self._names[product_id]
        self._wanted.clear()
        self.touch()

    def forget_names(self) -> None:
        """Products have changed."""
        self._names.clear()
        self.touch()

    def _keys(self, column: int, rows: NDArray[np.int64]) -> NDArray[Any]:
        """(rows,) what a column is sorted by: texts by their place in the alphabet, each worked out once."""
        columns, computed = self._session.columns, self._session.computed
        if column == STATUS:
            return np.asarray(columns.status[rows])
        if column == CONFIDENCE and computed.suggestions is not None:
            return np.asarray(computed.suggestions.best_confidence[rows])
        codes: NDArray[np.int32] = np.zeros(len(columns), dtype=np.int32)
        title_of: Callable[[int], str] = str
        if column == CATEGORY:
            codes, title_of = columns.category, self._session.category_title
        elif column == SUGGESTION and computed.suggestions is not None:
            codes, title_of = computed.suggestions.best, self._suggested_title
        elif column == BRAND_COLUMN and BRAND in computed.facets:
            codes, title_of = computed.facets[BRAND].codes, self._brand_title
        known, place = np.unique(codes[rows], return_inverse=True)
        titles = [title_of(code).casefold() for code in known.tolist()]
        return np.unique(np.array(titles), return_inverse=True)[1][place]

    def _arrange(self, product_ids: NDArray[np.int64], order: Qt.SortOrder) -> None:
        """Show these products, which are in ascending order, in this one."""
        self.show(product_ids if order == Qt.SortOrder.AscendingOrder else product_ids[::-1])
        self.sorted.emit(self._ids)

    @override
    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        if not len(self._ids) or column < 0:
            return
        ids = self._ids
        self._librarian.forget("table order")
        if column != NAME:
            rows = np.searchsorted(self._session.columns.product_id, ids)
            self._arrange(ids[np.argsort(self._keys(column, rows), kind="stable")], order)
            return

        def by_name(desk: Desk) -> NDArray[np.int64]:
            name = {one.product_id: one.name.casefold() for one in desk.texts(ids.tolist())}
            return np.array(sorted(ids.tolist(), key=lambda one: name.get(one, "")), dtype=np.int64)

        def take(product_ids: NDArray[np.int64]) -> None:
            if np.array_equal(ids, self._ids):
                self._arrange(product_ids, order)

        self._librarian.ask("table order", by_name, take)

    @override
    def rowCount(self, parent: AnyIndex = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._ids)

    @override
    def columnCount(self, parent: AnyIndex = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._titles)

    @override
    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation == Qt.Orientation.Horizontal:
            if role == Qt.ItemDataRole.DisplayRole:
                return self._titles[section]
            if role == Qt.ItemDataRole.TextAlignmentRole:
                return _alignment(section)
        return None

    @override
    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        product_id = int(self._ids[index.row()])
        if role == ID_ROLE:
            return product_id
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(product_id, index.column())
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(index.column())
        if role == Qt.ItemDataRole.DecorationRole and index.column() == CATEGORY:
            row = self._session.row_of(product_id)
            if row is not None:
                return mark_icon(self._session.styles[int(self._session.columns.category[row])])
        return None


def _alignment(column: int) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignRight if column == CONFIDENCE else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignVCenter


class ProductTable(QTableView):
    """Signals: `looked_at` with the product id of the line that was clicked or reached by arrow keys."""

    looked_at = Signal(int)

    def __init__(self, model: ProductTableModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._products = model
        self.setModel(model)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.verticalHeader().hide()
        theme = Theme.now()
        self.verticalHeader().setDefaultSectionSize(theme.px(_ROW_PX))
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setSortIndicatorClearable(True)
        # As they come, least typical first, until somebody presses a title.
        header.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        self.setSortingEnabled(True)
        for column, width in enumerate(_WIDTHS):
            header.resizeSection(column, theme.px(width))
        header.setSectionResizeMode(NAME, QHeaderView.ResizeMode.Stretch)

    def show_focus(self, product_id: int) -> None:
        """Mark the line of this product and bring it in view."""
        row = self._products.row_of(product_id)
        if row is not None and row != self.currentIndex().row():
            blocked = self.blockSignals(True)
            self.setCurrentIndex(self._products.index(row, NAME))
            self.blockSignals(blocked)

    @override
    def currentChanged(self, current: AnyIndex, previous: AnyIndex) -> None:
        super().currentChanged(current, previous)
        if current.isValid() and current.row() != previous.row() and not self.signalsBlocked():
            self.looked_at.emit(int(current.data(ID_ROLE)))
