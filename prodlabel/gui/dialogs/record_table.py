"""Products on their way in as a table with pictures: what a preview shows.

Invariant: the model holds the few products of a preview; nothing here reads a project or asks a server.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QSize, Qt
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget
from typing_extensions import override

from prodlabel.core.products import ProductRecord
from prodlabel.core.taxonomy import PATH_SEPARATOR
from prodlabel.gui.labels import plain_tip
from prodlabel.gui.theme import Theme
from prodlabel.sources.pictures import RGB

AnyIndex = QModelIndex | QPersistentModelIndex
PICTURE, NAME, CATEGORY, KEY, DESCRIPTION = range(5)
_ROW_PX, _PICTURE_PX = 56, 48
_WIDTHS = (64, 200, 170, 100, 120)
_LONGEST = 300
"""Characters of a text that are shown in a cell."""


class RecordModel(QAbstractTableModel):
    """`show` replaces everything; pictures may come later with `show_pictures`."""

    def __init__(self) -> None:
        super().__init__()
        self.records: tuple[ProductRecord, ...] = ()
        self._pictures: dict[str, QPixmap] = {}
        self._titles = (
            "",
            self.tr("Name"),
            self.tr("Category"),
            self.tr("Key"),
            self.tr("Description"),
        )

    def show(self, records: Sequence[ProductRecord], pictures: Mapping[str, RGB]) -> None:
        """These products and no others."""
        self.beginResetModel()
        self.records = tuple(records)
        self._pictures = {}
        self._add(pictures)
        self.endResetModel()

    def show_pictures(self, pictures: Mapping[str, RGB]) -> None:
        """Pictures that have come since, by product key."""
        self._add(pictures)
        if self.records:
            self.dataChanged.emit(self.index(0, PICTURE), self.index(len(self.records) - 1, PICTURE))

    def _add(self, pictures: Mapping[str, RGB]) -> None:
        side = Theme.now().px(_PICTURE_PX)
        for key, rgb in pictures.items():
            height, width = rgb.shape[:2]
            pixels = np.ascontiguousarray(rgb)
            image = QImage(pixels.data, width, height, 3 * width, QImage.Format.Format_RGB888).copy()
            self._pictures[key] = QPixmap.fromImage(
                image.scaled(
                    side, side, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
                )
            )

    def _text(self, record: ProductRecord, column: int) -> str:
        texts = {
            NAME: record.name,
            CATEGORY: PATH_SEPARATOR.join(record.category),
            DESCRIPTION: " ".join(record.description[: 4 * _LONGEST].split())[:_LONGEST],
            KEY: record.key,
        }
        return texts.get(column, "")

    @override
    def rowCount(self, parent: AnyIndex = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self.records)

    @override
    def columnCount(self, parent: AnyIndex = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self._titles)

    @override
    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        record = self.records[index.row()]
        if index.column() == PICTURE:
            if role == Qt.ItemDataRole.DecorationRole:
                return self._pictures.get(record.key)
            if role == Qt.ItemDataRole.AccessibleTextRole:
                return self.tr("picture") if record.key in self._pictures else self.tr("no picture")
            return None
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            said = self._text(record, index.column())
            return plain_tip(said) if role == Qt.ItemDataRole.ToolTipRole else said
        return None

    @override
    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if role == Qt.ItemDataRole.DisplayRole and orientation == Qt.Orientation.Horizontal:
            return self._titles[section]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        return None


class RecordTable(QTableView):
    """Read only; arrow keys walk through it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.products = RecordModel()
        self.setModel(self.products)
        self.setAccessibleName(self.tr("Preview of the products"))
        theme = Theme.now()
        self.setIconSize(QSize(theme.px(_PICTURE_PX), theme.px(_PICTURE_PX)))
        self.setShowGrid(False)
        self.setWordWrap(True)
        self.setTabKeyNavigation(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        rows = self.verticalHeader()
        rows.setVisible(False)
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setDefaultSectionSize(theme.px(_ROW_PX))
        for column, width in enumerate(_WIDTHS):
            self.setColumnWidth(column, theme.px(width))
        self.horizontalHeader().setHighlightSections(False)
        self.horizontalHeader().setStretchLastSection(True)
