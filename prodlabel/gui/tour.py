"""Five hints for who opens a project with a map for the first time; closed, they stay away.

Invariant: the tour takes no key from anybody and covers nothing that a hint speaks of.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QToolButton, QVBoxLayout, QWidget

from prodlabel.gui.actions import Actions, key_text
from prodlabel.gui.labels import toned
from prodlabel.gui.theme import Theme

_WIDTH = 380
_NAMED = (
    "tool_lasso", "apply_plan", "undo", "search", "accept", "reject", "palette", "shortcuts",
)  # fmt: skip


class Tour(QFrame):
    """A card in the lower right corner of its parent. Signals: `ended` when it was closed or gone through."""

    ended = Signal()

    def __init__(self, actions: Actions, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self._actions = actions
        self._ground = parent
        self._hints: Sequence[tuple[str, str]] = ()
        self._at = 0
        self._over: QWidget | None = None
        self.title, self.text = toned("", "title"), toned("", "dim")
        self.text.setWordWrap(True)
        self._place = toned("", "dim")
        self.back, self.next = QPushButton(self.tr("Back"), self), QPushButton(self)
        self.next.setProperty("primary", "true")
        self.back.clicked.connect(lambda *_: self._show_hint(self._at - 1))
        self.next.clicked.connect(self._on_next_clicked)
        close = QToolButton(self)
        close.setText("✕")
        close.setAccessibleName(self.tr("Close the tour"))
        close.clicked.connect(self.end)
        self.close_button = close
        top, bottom = QHBoxLayout(), QHBoxLayout()
        top.addWidget(self.title, 1)
        top.addWidget(close)
        bottom.addWidget(self._place, 1)
        bottom.addWidget(self.back)
        bottom.addWidget(self.next)
        theme = Theme.now()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(theme.px(16), theme.px(10), theme.px(12), theme.px(12))
        layout.setSpacing(theme.px(8))
        layout.addLayout(top)
        layout.addWidget(self.text)
        layout.addLayout(bottom)
        self.setFixedWidth(theme.px(_WIDTH))
        self.hide()

    def begin(self) -> None:
        """Show the first hint; the keyboard stays where it is."""
        self._hints = self._written()
        self._show_hint(0)
        self.show()
        self.raise_()

    def place(self, over: QWidget | None = None) -> None:
        """Sit in the lower right corner, above the card `over` where that is shown: both can be read."""
        ground, gap = self._ground, Theme.now().px(14)
        self._over = over or self._over
        self.adjustSize()
        bottom = ground.height() - gap
        if self._over is not None and not self._over.isHidden():
            bottom = self._over.y() - gap
        self.move(QPoint(ground.width() - self.width() - gap, max(bottom - self.height(), gap)))
        self.raise_()

    def _written(self) -> list[tuple[str, str]]:
        """Title and text of each hint, with the keys as they are set."""
        key = {name: key_text(self._actions[name]) for name in _NAMED}
        return [
            (
                self.tr("Every point is a product"),
                self.tr(
                    "What is alike lies together. The wheel zooms, dragging moves the map, a click shows the"
                    " product at the right."
                ),
            ),
            (
                self.tr("Draw around what belongs together"),
                self.tr("{0} is the lasso. Shift adds to the selection, Ctrl takes away.").format(
                    key["tool_lasso"]
                ),
            ),
            (
                self.tr("One key says what it is"),
                self.tr(
                    "A digit proposes a category for the selection and shows what will change; {0} applies"
                    " it, {1} takes it back."
                ).format(key["apply_plan"], key["undo"]),
            ),
            (
                self.tr("Start with what is probably wrong"),
                self.tr(
                    "The list at the left counts what is worth a look. {0} accepts the suggestion for a"
                    " product, {1} rejects it; {2} searches."
                ).format(key["accept"], key["reject"], key["search"]),
            ),
            (
                self.tr("Everything has a name"),
                self.tr("{0} finds every command, {1} shows all keys.").format(
                    key["palette"], key["shortcuts"]
                ),
            ),
        ]

    def _show_hint(self, at: int) -> None:
        self._at = min(max(at, 0), len(self._hints) - 1)
        title, text = self._hints[self._at]
        self.title.setText(title)
        self.text.setText(text)
        self._place.setText(self.tr("{0} of {1}").format(self._at + 1, len(self._hints)))
        self.back.setVisible(self._at > 0)
        is_last = self._at == len(self._hints) - 1
        self.next.setText(self.tr("Begin") if is_last else self.tr("Next"))
        self.place()

    def _on_next_clicked(self) -> None:
        if self._at == len(self._hints) - 1:
            self.end()
        else:
            self._show_hint(self._at + 1)

    def end(self) -> None:
        """Close it, for good."""
        self.hide()
        self.ended.emit()
