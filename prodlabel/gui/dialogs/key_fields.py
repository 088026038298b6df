"""The key for Edamam: typed once, unseen, and handed over; where it is stored already only that is said.

Invariant: the fields are empty again as soon as the key was taken.
"""

from __future__ import annotations

from PySide6.QtWidgets import QGridLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from prodlabel.gui.boxes import ChoiceBox
from prodlabel.gui.labels import heading, toned
from prodlabel.gui.theme import Theme
from prodlabel.sources.food.credentials import DirectKey, EdamamKey, RapidKey

RAPID, DIRECT = "rapid", "direct"


class KeyFields(QWidget):
    """Says that a key is there, or asks for one: from RapidAPI, or from Edamam itself."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.kind = ChoiceBox(self.tr("Where the key is from"), self)
        self.kind.addItem(self.tr("through RapidAPI"), RAPID)
        self.kind.addItem(self.tr("directly from Edamam"), DIRECT)
        self.kind.currentIndexChanged.connect(lambda _at: self._show_kind())
        self.app_id, self.secret = self._secret("app_id"), self._secret(self.tr("Key"))
        self._captions = {
            "kind": QLabel(self.tr("Key"), self),
            "app_id": QLabel("app_id", self),
            "secret": QLabel(self),
        }
        self.stored = toned(self.tr("The key is in this computer's keyring."), "good")
        self.stored.setWordWrap(True)
        self.change = QPushButton(self.tr("Enter another key"), self)
        self.change.setProperty("link", "true")
        self.change.setAutoDefault(False)
        self.change.clicked.connect(self.ask)
        grid = QGridLayout()
        grid.setColumnStretch(1, 1)
        grid.setHorizontalSpacing(Theme.now().px(10))
        for row, (name, field) in enumerate(
            (("kind", self.kind), ("app_id", self.app_id), ("secret", self.secret))
        ):
            grid.addWidget(self._captions[name], row, 0)
            grid.addWidget(field, row, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(Theme.now().px(6))
        layout.addWidget(heading(self.tr("Key for Edamam")))
        layout.addWidget(self.stored)
        layout.addWidget(self.change)
        layout.addLayout(grid)
        self.show_stored()

    @property
    def entered(self) -> EdamamKey | None:
        """What was typed; None where the stored key shall be used."""
        app_id, secret = self.app_id.text().strip(), self.secret.text().strip()
        if not secret or not self.secret.isVisibleTo(self):
            return None
        if self.kind.currentData() == DIRECT:
            return DirectKey(app_id, secret) if app_id else None
        return RapidKey(secret)

    def show_stored(self) -> None:
        """A key is believed to be in the keyring: nothing is asked."""
        self.app_id.clear()
        self.secret.clear()
        self._show(is_asking=False)

    def ask(self) -> None:
        """A key is needed, or another one."""
        self._show(is_asking=True)
        (self.app_id if self.kind.currentData() == DIRECT else self.secret).setFocus()

    def _show(self, *, is_asking: bool) -> None:
        self.stored.setVisible(not is_asking)
        self.change.setVisible(not is_asking)
        for widget in (self.kind, self.secret, self._captions["kind"], self._captions["secret"]):
            widget.setVisible(is_asking)
        self._is_asking = is_asking
        self._show_kind()

    def _show_kind(self) -> None:
        is_direct = self.kind.currentData() == DIRECT
        self._captions["secret"].setText("app_key" if is_direct else "X-RapidAPI-Key")
        for widget in (self.app_id, self._captions["app_id"]):
            widget.setVisible(self._is_asking and is_direct)

    def _secret(self, title: str) -> QLineEdit:
        line = QLineEdit(self)
        line.setEchoMode(QLineEdit.EchoMode.Password)
        line.setAccessibleName(title)
        return line
