"""What the pages of the import dialog have in common."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QWidget


class Page(QWidget):
    """One page. Signals: `changed` (title, button or readiness is another), `done` (go on from here)."""

    changed = Signal()
    done = Signal()

    @property
    def heading(self) -> str:
        """Above the page."""
        return ""

    @property
    def lead(self) -> str:
        """One dim line below the heading."""
        return ""

    @property
    def next_text(self) -> str:
        """What the primary button says; "" for no such button."""
        return ""

    @property
    def can_go_on(self) -> bool:
        return True

    def enter(self) -> None:
        """The page is shown."""

    def leave(self) -> None:
        """Another page is shown, or none: end what only this page wanted."""


def button(text: str, act: Callable[[], object], parent: QWidget, *, is_link: bool = False) -> QPushButton:
    """A button that does this."""
    made = QPushButton(text, parent)
    made.setAutoDefault(False)
    if is_link:
        made.setProperty("link", "true")
    made.clicked.connect(lambda *_: act())
    return made
