"""A text field that keeps every key to itself while somebody types, but for those with Ctrl or Alt."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QLineEdit
from typing_extensions import override

COMMANDS = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
"""With these a key is a command, not a letter."""
_EDITING = (
    QKeySequence.StandardKey.DeleteStartOfWord,
    QKeySequence.StandardKey.DeleteEndOfWord,
    QKeySequence.StandardKey.MoveToPreviousWord,
    QKeySequence.StandardKey.MoveToNextWord,
    QKeySequence.StandardKey.SelectPreviousWord,
    QKeySequence.StandardKey.SelectNextWord,
)
"""Commands that somebody who types gives to the text."""


class TypingEdit(QLineEdit):
    """Signals: `left` when Esc is pressed, `stepped` with -1 or 1 when Up or Down is."""

    left = Signal()
    stepped = Signal(int)

    @override
    def event(self, event: QEvent) -> bool:
        # Qt asks the text field first whether it wants a key that is a shortcut somewhere else.
        is_asking = event.type() == QEvent.Type.ShortcutOverride
        if is_asking and isinstance(event, QKeyEvent) and (not event.modifiers() & COMMANDS or _edits(event)):
            event.accept()
            return True
        return super().event(event)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        elif event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.stepped.emit(-1 if event.key() == Qt.Key.Key_Up else 1)
        else:
            super().keyPressEvent(event)


def _edits(event: QKeyEvent) -> bool:
    return any(event.matches(one) for one in _EDITING)
