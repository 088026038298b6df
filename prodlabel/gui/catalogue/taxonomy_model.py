"""The taxonomy as a Qt item model: ids in, names and counts out; a drop moves a category.

Invariant: an index carries the id of its category and nothing else; the tree is replaced as a whole when the
taxonomy changes, counts are refreshed in place.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from PySide6.QtCore import QAbstractItemModel, QMimeData, QModelIndex, QPersistentModelIndex, Qt, Signal
from typing_extensions import override

from prodlabel.core.taxonomy import Category, Taxonomy
from prodlabel.gui.category_styles import Styles
from prodlabel.gui.labels import plain_tip
from prodlabel.project.columns import Columns

MIME_TYPE = "application/x-prodlabel-category"
ID_ROLE = Qt.ItemDataRole.UserRole + 1
COUNT_ROLE = Qt.ItemDataRole.UserRole + 2

AnyIndex = QModelIndex | QPersistentModelIndex


class TaxonomyModel(QAbstractItemModel):
    """Signals: `move_wanted` with (category id, new parent id or 0 for the top); `counts_changed`, after
    which a view paints itself anew.
    """

    move_wanted = Signal(int, int)
    counts_changed = Signal()

    def __init__(self, taxonomy: Taxonomy, columns: Columns, styles: Styles) -> None:
        super().__init__()
        self._taxonomy = taxonomy
        self._styles = styles
        self._counts: dict[int, int] = {}
        self._children: dict[int, Sequence[Category]] = {}
        self._place: dict[int, int] = {}
        self._arrange()
        self.show_counts(columns)

    @property
    def styles(self) -> Styles:
        return self._styles

    def show(self, taxonomy: Taxonomy, columns: Columns, styles: Styles) -> None:
        """Another tree."""
        self.beginResetModel()
        self._taxonomy, self._styles = taxonomy, styles
        self._arrange()
        self._counts = self._counted(columns)
        self.endResetModel()

    def show_counts(self, columns: Columns) -> None:
        """The same tree with other labels."""
        before, self._counts = self._counts, self._counted(columns)
        if before != self._counts:
            # Views ask for what they paint: telling them of each of hundreds of branches takes longer.
            top = len(self._children[0])
            if top:
                self.dataChanged.emit(self.index(0, 0), self.index(top - 1, 0), [COUNT_ROLE])
            self.counts_changed.emit()

    def index_of(self, category_id: int) -> QModelIndex:
        """Where a category stands; an invalid index for one that is not there."""
        if category_id not in self._place:
            return QModelIndex()
        return self.createIndex(self._place[category_id], 0, category_id)

    def category_id(self, index: AnyIndex) -> int:
        """The category at an index; 0 for none."""
        return int(index.internalId()) if index.isValid() else 0

    def _arrange(self) -> None:
        """Children by parent id (0: the top), and the place of each among its siblings."""
        self._children = {0: self._taxonomy.children(None)}
        self._place = {}
        for category in self._taxonomy:
            below = self._taxonomy.children(category.id)
            if below:
                self._children[category.id] = below
        for siblings in self._children.values():
            for place, category in enumerate(siblings):
                self._place[category.id] = place

    def _counted(self, columns: Columns) -> dict[int, int]:
        """Products of each category and all below it."""
        size = max(self._taxonomy.by_id, default=0) + 1
        own = np.bincount(columns.category, minlength=size)
        totals = {category.id: int(own[category.id]) for category in self._taxonomy}
        for category in reversed(list(self._taxonomy)):
            if category.parent is not None:
                totals[category.parent] += totals[category.id]
        return totals

    @override
    def index(self, row: int, column: int, parent: AnyIndex = QModelIndex()) -> QModelIndex:  # noqa: B008
        siblings = self._children.get(self.category_id(parent), ())
        if column != 0 or not 0 <= row < len(siblings):
            return QModelIndex()
        return self.createIndex(row, 0, siblings[row].id)

    @override
    def parent(self, index: AnyIndex) -> QModelIndex:  # type: ignore[override]
        category_id = self.category_id(index)
        above = self._taxonomy[category_id].parent if category_id else None
        return QModelIndex() if above is None else self.index_of(above)

    @override
    def rowCount(self, parent: AnyIndex = QModelIndex()) -> int:  # noqa: B008
        return len(self._children.get(self.category_id(parent), ())) if parent.column() <= 0 else 0

    @override
    def columnCount(self, parent: AnyIndex = QModelIndex()) -> int:  # noqa: B008
        return 1

    @override
    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        category_id = self.category_id(index)
        if not category_id:
            return None
        category = self._taxonomy[category_id]
        count = self._counts.get(category_id, 0)
        said = {
            Qt.ItemDataRole.DisplayRole: category.name,
            Qt.ItemDataRole.ToolTipRole: plain_tip(self._taxonomy.path_text(category_id)),
            ID_ROLE: category_id,
            COUNT_ROLE: count,
        }
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self.tr("{name}, {count} products").format(name=category.name, count=count)
        return said.get(role)

    @override
    def flags(self, index: AnyIndex) -> Qt.ItemFlag:
        if not index.isValid():
            return Qt.ItemFlag.ItemIsDropEnabled
        return (
            Qt.ItemFlag.ItemIsEnabled
            | Qt.ItemFlag.ItemIsSelectable
            | Qt.ItemFlag.ItemIsDragEnabled
            | Qt.ItemFlag.ItemIsDropEnabled
        )

    @override
    def supportedDropActions(self) -> Qt.DropAction:
        return Qt.DropAction.MoveAction

    @override
    def mimeTypes(self) -> list[str]:
        return [MIME_TYPE]

    @override
    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        carried = QMimeData()
        carried.setData(MIME_TYPE, ",".join(str(self.category_id(i)) for i in indexes).encode())
        return carried

    @override
    def dropMimeData(
        self, data: QMimeData, action: Qt.DropAction, row: int, column: int, parent: AnyIndex
    ) -> bool:
        if not data.hasFormat(MIME_TYPE):
            return False
        dropped = int(bytes(data.data(MIME_TYPE).data()).decode().split(",")[0])
        self.move_wanted.emit(dropped, self.category_id(parent))
        # The rows are moved by the project, not by the view, so the view must not remove any.
        return False
