"""The first page of an import: where the products come from."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFileDialog, QGridLayout, QLabel, QPushButton, QVBoxLayout, QWidget
from typing_extensions import override

from prodlabel.gui.dialogs.page import Page
from prodlabel.gui.labels import toned
from prodlabel.gui.theme import Theme
from prodlabel.sources.food.query import EDAMAM, OPEN_FOOD_FACTS

_TILE_PX = 96
FILE, FOLDER = "file", "folder"
_ENDINGS = (
    "csv", "tsv", "txt", "xlsx", "json", "jsonl", "gz", "parquet", "sqlite", "db", "xml", "zip",
)  # fmt: skip


class ChoosePage(Page):
    """Signals: `location_chosen` with a file or folder, `database_chosen` with a food database's name."""

    location_chosen = Signal(object)
    database_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.tiles: dict[str, QPushButton] = {}
        grid = QGridLayout()
        grid.setSpacing(Theme.now().px(12))
        for at, (name, title, said) in enumerate(self._choices()):
            self.tiles[name] = _Tile(title, said, self)
            self.tiles[name].clicked.connect(lambda *_, name=name: self._on_chosen(name))
            grid.addWidget(self.tiles[name], at // 2, at % 2)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addStretch(1)
        layout.addLayout(grid)
        layout.addSpacing(Theme.now().px(16))
        hint = toned(self.tr("Or drop a file, a folder or a ZIP on the window at any time."), "dim")
        layout.addWidget(hint, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch(2)

    @property
    @override
    def heading(self) -> str:
        return self.tr("Import products")

    @property
    @override
    def lead(self) -> str:
        return self.tr("Nothing is written before you have seen what would come in.")

    @override
    def enter(self) -> None:
        self.tiles[FILE].setFocus()

    def _choices(self) -> list[tuple[str, str, str]]:
        return [
            (
                FILE,
                self.tr("A file…"),
                self.tr("CSV, TSV, XLSX, JSON, Parquet, SQLite, XML, or a ZIP with pictures"),
            ),
            (
                FOLDER,
                self.tr("A folder…"),
                self.tr("a folder of pictures for each category, or a data set"),
            ),
            (
                OPEN_FOOD_FACTS,
                "Open Food Facts",
                self.tr("the open database of food products: words, barcodes or filters"),
            ),
            (EDAMAM, "Edamam", self.tr("a food database for customers: needs a key of your own")),
        ]

    def _on_chosen(self, name: str) -> None:
        if name in (OPEN_FOOD_FACTS, EDAMAM):
            self.database_chosen.emit(name)
            return
        if name == FOLDER:
            chosen = QFileDialog.getExistingDirectory(self, self.tr("Import a folder"))
        else:
            catalogues = self.tr("Catalogues")
            kinds = f"{catalogues} ({' '.join(f'*.{ending}' for ending in _ENDINGS)})"
            everything = self.tr("All files (*)")
            chosen, _ = QFileDialog.getOpenFileName(
                self, self.tr("Import a catalogue"), "", f"{kinds};;{everything}"
            )
        if chosen:
            self.location_chosen.emit(Path(chosen))


class _Tile(QPushButton):
    """A large button with a title and a line of explanation."""

    def __init__(self, title: str, said: str, parent: QWidget) -> None:
        super().__init__(parent)
        theme = Theme.now()
        self.setProperty("tile", "true")
        self.setAccessibleName(title)
        self.setAccessibleDescription(said)
        # Not a default button: that would take Return away from the other pages.
        self.setAutoDefault(False)
        name, words = toned(title, "title", self), toned(said, "dim", self)
        words.setWordWrap(True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(theme.px(18), theme.px(14), theme.px(18), theme.px(14))
        layout.addWidget(name)
        layout.addWidget(words)
        layout.addStretch(1)
        for label in self.findChildren(QLabel):
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)

    @override
    def sizeHint(self) -> QSize:
        return QSize(0, Theme.now().px(_TILE_PX))

    @override
    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()
