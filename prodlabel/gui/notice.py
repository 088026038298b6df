"""What a place says when there is nothing to show: what is the matter, and the one thing to do about it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QPushButton, QVBoxLayout, QWidget

from prodlabel.gui.labels import toned
from prodlabel.gui.theme import Theme


class Notice(QWidget):
    """A title, a sentence and at most one button in the middle of the place."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = toned("", "huge")
        self.text = toned("", "dim")
        self.button = QPushButton(self)
        self.button.setProperty("primary", "true")
        self.bar = QProgressBar(self)
        self.bar.setTextVisible(False)
        self.bar.setRange(0, 0)
        self._act: Callable[[], object] | None = None
        self.button.clicked.connect(self._on_button_clicked)
        theme = Theme.now()
        self.bar.setFixedWidth(theme.px(160))
        self.text.setWordWrap(True)
        self.text.setFixedWidth(theme.px(420))
        for label in (self.title, self.text):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        layout = QVBoxLayout(self)
        layout.setSpacing(theme.px(10))
        layout.addStretch(1)
        for widget in (self.title, self.text, self.bar, self.button):
            row = QHBoxLayout()
            row.addStretch(1)
            row.addWidget(widget)
            row.addStretch(1)
            layout.addLayout(row)
        layout.addStretch(1)

    def say(
        self,
        title: str,
        text: str,
        offer: str = "",
        act: Callable[[], object] | None = None,
        *,
        is_busy: bool = False,
    ) -> None:
        """`offer` is the button's text; empty: there is no button."""
        self.title.setText(title)
        self.text.setText(text)
        self.text.setVisible(bool(text))
        self.button.setText(offer)
        self.button.setVisible(bool(offer))
        self.bar.setVisible(is_busy)
        self._act = act

    def _on_button_clicked(self) -> None:
        if self._act is not None:
            self._act()
