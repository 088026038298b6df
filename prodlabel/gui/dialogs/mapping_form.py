"""Which column means what: one line a role, guessed or remembered, changed by choosing.

Invariant: the mapping is always one that fits the table's columns; no column plays two roles.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from prodlabel.core.errors import InputError
from prodlabel.gui.boxes import ChoiceBox
from prodlabel.gui.labels import toned
from prodlabel.gui.settings import Settings
from prodlabel.gui.theme import Theme
from prodlabel.sources.mapping import ROLES, ColumnMapping

REMEMBERED = "column_mappings"
_MOST_REMEMBERED = 200
SEPARATORS = (">>", ">", "»", "›", "::", "|", "/", "\\")


class RememberedMappings:
    """What the user said of tables with the same headers before."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def recall(self, columns: tuple[str, ...]) -> ColumnMapping | None:
        """The mapping for exactly these columns in this order, if it still fits them."""
        said = self._settings[REMEMBERED].get(_key(columns))
        try:
            mapping = ColumnMapping.from_json(said) if isinstance(said, dict) else None
            if mapping is not None:
                mapping.check(columns)
        except InputError:  # written by another version of the program
            return None
        return mapping

    def remember(self, columns: tuple[str, ...], mapping: ColumnMapping) -> None:
        """Use this mapping the next time; the oldest of many is forgotten."""
        kept = {key: said for key, said in self._settings[REMEMBERED].items() if key != _key(columns)}
        kept[_key(columns)] = mapping.to_json()
        self._settings.set(REMEMBERED, dict(list(kept.items())[-_MOST_REMEMBERED:]))


def _key(columns: tuple[str, ...]) -> str:
    return hashlib.blake2b("\x1f".join(columns).encode("utf-8", "replace"), digest_size=12).hexdigest()


class MappingForm(QWidget):
    """Signals: `changed` when the user chose something else."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._guess = ColumnMapping()
        self._mapping = ColumnMapping()
        self.boxes: dict[str, ChoiceBox] = {role: self._box(role) for role in ROLES}
        self.separator = ChoiceBox(self.tr("Between the levels of a category"), self)
        self.separator.setEditable(True)
        self.separator.currentTextChanged.connect(lambda _text: self._on_chosen())
        self.note = toned("", "dim")
        self.note.setWordWrap(True)
        self.again = QPushButton(self.tr("Guess anew"), self)
        self.again.setProperty("link", "true")
        self.again.clicked.connect(self._on_guess_anew)
        self._lay_out()

    @property
    def mapping(self) -> ColumnMapping:
        return self._mapping

    def show_mapping(
        self, columns: tuple[str, ...], mapping: ColumnMapping, guess: ColumnMapping, *, is_remembered: bool
    ) -> None:
        """Offer these columns, with this mapping chosen. `guess` is what `Guess anew` returns to."""
        self._guess = guess
        for role, box in self.boxes.items():
            box.blockSignals(True)
            box.clear()
            box.addItem(self._none(role), None)
            for column in columns:
                box.addItem(column, column)
            box.blockSignals(False)
        self.separator.blockSignals(True)
        self.separator.clear()
        self.separator.addItems(["", *SEPARATORS])
        self.separator.blockSignals(False)
        self._show(mapping)
        self._say(is_remembered)

    def _show(self, mapping: ColumnMapping) -> None:
        self._mapping = mapping
        for role, box in self.boxes.items():
            box.blockSignals(True)
            box.setCurrentIndex(max(0, box.findData(mapping.column(role))))
            box.blockSignals(False)
        self.separator.blockSignals(True)
        self.separator.setCurrentText(mapping.category_separator or "")
        self.separator.blockSignals(False)
        self.separator.setEnabled(mapping.category is not None)

    def _say(self, is_remembered: bool) -> None:
        is_guess = self._mapping == self._guess
        if is_remembered and not is_guess:
            self.note.setText(self.tr("As you chose it the last time for these columns."))
        elif is_guess:
            self.note.setText(self.tr("Guessed from the names and contents of the columns."))
        else:
            self.note.setText(self.tr("Remembered for the next table with these columns."))
        self.again.setVisible(not is_guess)

    def _on_chosen(self, role: str | None = None) -> None:
        said: dict[str, Any] = {name: box.currentData() for name, box in self.boxes.items()}
        if role is not None and said[role] is not None:
            # A column that gets a new role loses the one that it had.
            said |= {name: None for name, column in said.items() if name != role and column == said[role]}
        separator = self.separator.currentText().strip() or None
        mapping = replace(self._mapping, **said, category_separator=separator if said["category"] else None)
        if mapping != self._mapping:
            self._show(mapping)
            self._say(False)
            self.changed.emit()

    def _on_guess_anew(self) -> None:
        self._show(self._guess)
        self._say(False)
        self.changed.emit()

    def _box(self, role: str) -> ChoiceBox:
        box = ChoiceBox(self._title(role), self)
        box.currentIndexChanged.connect(lambda _at: self._on_chosen(role))
        return box

    def _title(self, role: str) -> str:
        return {
            "key": self.tr("Key"),
            "name": self.tr("Name"),
            "description": self.tr("Description"),
            "category": self.tr("Category"),
            "picture": self.tr("Picture"),
            "brand": self.tr("Brand"),
        }[role]

    def _none(self, role: str) -> str:
        return self.tr("made from the words") if role == "key" else self.tr("none")

    def _lay_out(self) -> None:
        theme = Theme.now()
        grid = QGridLayout()
        grid.setHorizontalSpacing(theme.px(10))
        grid.setVerticalSpacing(theme.px(6))
        grid.setColumnStretch(1, 1)
        for row, (role, box) in enumerate(self.boxes.items()):
            caption = QLabel(self._title(role), self)
            caption.setBuddy(box)
            grid.addWidget(caption, row, 0)
            grid.addWidget(box, row, 1)
        caption = QLabel(self.tr("Levels parted by"), self)
        caption.setBuddy(self.separator)
        grid.addWidget(caption, len(self.boxes), 0)
        grid.addWidget(self.separator, len(self.boxes), 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.px(8))
        layout.addLayout(grid)
        layout.addWidget(self.note)
        layout.addWidget(self.again)
