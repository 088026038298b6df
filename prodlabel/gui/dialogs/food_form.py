"""What to look for in a food database: the fields of a `FoodQuery`, and who asks.

Invariant: making a form asks nobody anything; what it says is a value until somebody searches.
"""

from __future__ import annotations

import re
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QFileDialog,
    QGridLayout,
    QLabel,
    QLineEdit,
    QMenu,
    QPlainTextEdit,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from prodlabel.core.errors import UserError
from prodlabel.gui.boxes import ChoiceBox, TickBox
from prodlabel.gui.dialogs.key_fields import KeyFields
from prodlabel.gui.dialogs.page import button
from prodlabel.gui.labels import heading, toned
from prodlabel.gui.theme import Theme
from prodlabel.sources.food.attribution import NEVER_DROPPED
from prodlabel.sources.food.barcodes import check_barcodes, read_barcodes
from prodlabel.sources.food.query import EDAMAM, MOST_WANTED, OPEN_FOOD_FACTS, REQUIRED, FoodQuery

_LANGUAGES = ("", "en", "fr", "de", "es", "it", "nl", "pt", "pl", "sv", "ru", "ar", "ja", "zh")
_BARCODES_PX = 64


class FoodForm(QWidget):
    """Return in a field is left to the dialog. Signals: `changed` (another query), `failed` with an error."""

    changed = Signal()
    failed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.provider = OPEN_FOOD_FACTS
        self.words = self._line(self.tr("Words"))
        self.category = self._line(self.tr("Category"))
        self.country = self._line(self.tr("Country"))
        self.brand = self._line(self.tr("Brand"))
        self.language = ChoiceBox(self.tr("Language"), self)
        self.barcodes = QPlainTextEdit(self)
        self.wanted = QSpinBox(self)
        self.required = {name: TickBox(title, self) for name, title in self._roles()}
        self.keep = QPushButton(self)
        self.contact = self._line(self.tr("Your e-mail"))
        self.key = KeyFields(self)
        self._only_off: list[QWidget] = []
        self._kept: set[str] | None = None
        self._lay_out()

    # What it says

    @property
    def query(self) -> FoodQuery:
        """What the fields say now; it may be one that cannot be asked (`FoodQuery.check`).

        Raises `InputError` where barcodes are given of which none can be used.
        """
        is_off = self.provider == OPEN_FOOD_FACTS
        said = re.split(r"[\s,;]+", self.barcodes.toPlainText().strip()) if is_off else [""]
        codes = check_barcodes(said) if any(said) else ()
        return FoodQuery(
            self.provider,
            self.words.text().strip(),
            codes,
            self.country.text().strip() if is_off else "",
            (self.language.currentData() or "") if is_off else "",
            self.brand.text().strip() if is_off else "",
            self.category.text().strip() if is_off else "",
            len(codes) if codes else self.wanted.value(),
            tuple(name for name, box in self.required.items() if box.isChecked()),
            None if self._kept is None else tuple(sorted(self._kept)),
        )

    def show_provider(self, provider: str, contact: str) -> None:
        """Ask for what this database understands."""
        self.provider = provider
        for widget in self._only_off:
            widget.setVisible(provider == OPEN_FOOD_FACTS)
        self.key.setVisible(provider == EDAMAM)
        self.contact.setText(contact)
        self._kept = None
        self.offer_fields([])
        self.words.setFocus()

    def offer_fields(self, names: list[str]) -> None:
        """The attributes that were found, to be kept or not."""
        menu = self.keep.menu()
        menu.clear()
        for name in sorted(set(names) - set(NEVER_DROPPED)):
            action = menu.addAction(name)
            action.setCheckable(True)
            action.setChecked(self._kept is None or name in self._kept)
            action.toggled.connect(lambda _on: self._on_kept())
        self.keep.setEnabled(bool(menu.actions()) or self._kept is not None)
        self._show_kept()

    def _on_kept(self) -> None:
        actions = self.keep.menu().actions()
        kept = {action.text() for action in actions if action.isChecked()}
        self._kept = None if len(kept) == len(actions) else kept
        self._show_kept()
        self.changed.emit()

    def _show_kept(self) -> None:
        if self._kept is None:
            said = self.tr("all fields are kept")
        else:
            said = self.tr("{0} fields are kept").format(len(self._kept))
        self.keep.setText(f"{said} ▾")

    def _ask_for_barcodes(self) -> None:
        chosen, _ = QFileDialog.getOpenFileName(self, self.tr("A file with one barcode a line"))
        if chosen:
            try:
                self.barcodes.setPlainText("\n".join(read_barcodes(Path(chosen))))
            except UserError as error:
                self.failed.emit(error)

    # Building

    def _roles(self) -> list[tuple[str, str]]:
        return [
            ("name", self.tr("name")),
            ("category", self.tr("category")),
            ("description", self.tr("description")),
            ("picture", self.tr("picture")),
            ("brand", self.tr("brand")),
        ]

    def _line(self, title: str) -> QLineEdit:
        line = QLineEdit(self)
        line.setAccessibleName(title)
        line.textChanged.connect(lambda _text: self.changed.emit())
        return line

    def _lay_out(self) -> None:
        theme = Theme.now()
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(theme.px(10))
        self._grid.setVerticalSpacing(theme.px(6))
        self._grid.setColumnStretch(1, 1)
        self._set_up_fields()
        self._add(self.tr("Words"), self.words)
        self._add(self.tr("Category"), self.category, only_off=True)
        self._add(self.tr("Country"), self.country, only_off=True)
        self._add(self.tr("Brand"), self.brand, only_off=True)
        self._add(self.tr("Language"), self.language, only_off=True)
        self._add(self.tr("Barcodes"), self.barcodes, only_off=True)
        from_file = button(self.tr("from a file…"), self._ask_for_barcodes, self, is_link=True)
        self._add("", from_file, only_off=True)
        self._add(self.tr("How many"), self.wanted)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.px(6))
        layout.addWidget(heading(self.tr("Look for")))
        layout.addLayout(self._grid)
        layout.addSpacing(theme.px(8))
        layout.addWidget(heading(self.tr("Only products that have")))
        ticks = QGridLayout()
        for at, box in enumerate(self.required.values()):
            ticks.addWidget(box, at // 3, at % 3)
        layout.addLayout(ticks)
        layout.addWidget(self.keep)
        layout.addSpacing(theme.px(8))
        layout.addWidget(self.key)
        layout.addWidget(heading(self.tr("Your e-mail")))
        layout.addWidget(self.contact)
        said = toned(self.tr("Food databases want to know who asks. It is sent with each question."), "dim")
        said.setWordWrap(True)
        layout.addWidget(said)
        layout.addStretch(1)

    def _set_up_fields(self) -> None:
        self.words.setPlaceholderText("champagne")
        self.country.setPlaceholderText("France")
        self.category.setPlaceholderText(self.tr("in English"))
        for code in _LANGUAGES:
            self.language.addItem(code or self.tr("as the product has it"), code)
        self.language.currentIndexChanged.connect(lambda _at: self.changed.emit())
        self.barcodes.setFixedHeight(Theme.now().px(_BARCODES_PX))
        self.barcodes.setTabChangesFocus(True)
        self.barcodes.setAccessibleName(self.tr("Barcodes"))
        self.barcodes.setPlaceholderText(self.tr("one a line"))
        self.barcodes.textChanged.connect(self.changed.emit)
        self.wanted.setRange(1, MOST_WANTED)
        self.wanted.setValue(10)
        self.wanted.setAccessibleName(self.tr("How many"))
        self.wanted.valueChanged.connect(lambda _count: self.changed.emit())
        for name, box in self.required.items():
            box.setChecked(name in REQUIRED)
            box.toggled.connect(lambda _on: self.changed.emit())
        self.keep.setMenu(QMenu(self.keep))
        self.keep.setAutoDefault(False)
        self.keep.setToolTip(self.tr("Search first: then the fields that were found can be chosen."))

    def _add(self, title: str, field: QWidget, *, only_off: bool = False) -> None:
        row = self._grid.rowCount()
        caption = QLabel(title, self)
        caption.setBuddy(field)
        caption.setAlignment(Qt.AlignmentFlag.AlignTop if field is self.barcodes else caption.alignment())
        self._grid.addWidget(caption, row, 0)
        self._grid.addWidget(field, row, 1)
        if only_off:
            self._only_off += [caption, field]
