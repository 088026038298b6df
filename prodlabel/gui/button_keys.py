"""Space and Return press the button that the keyboard has come to, instead of what they mean in the window.

Invariant: only where Tab brought the keyboard there. Whoever has clicked a button goes on with the window's
keys: there, Space is for the next product and Return applies what is proposed.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget
from typing_extensions import override

_RETURNS = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class ButtonKeys(QObject):
    """Listens at a window; belongs to it."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._clicked: QWidget | None = None
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        application.focusChanged.connect(self._on_focus_changed)
        window.installEventFilter(self)

    def _on_focus_changed(self, _left: QWidget | None, entered: QWidget | None) -> None:
        is_by_mouse = QApplication.mouseButtons() != Qt.MouseButton.NoButton
        self._clicked = entered if is_by_mouse else None

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress):
            button = self._window.focusWidget()
            assert isinstance(event, QKeyEvent)
            is_plain = event.modifiers() in (
                Qt.KeyboardModifier.NoModifier,
                Qt.KeyboardModifier.KeypadModifier,
            )
            if isinstance(button, QAbstractButton) and button is not self._clicked and is_plain:
                return self._take(button, event)
        return super().eventFilter(watched, event)

    def _take(self, button: QAbstractButton, event: QKeyEvent) -> bool:
        """Whether the key is for the button. Space presses by itself, once the window lets it."""
        is_asking = event.type() == QEvent.Type.ShortcutOverride
        if is_asking and event.key() in (Qt.Key.Key_Space, *_RETURNS):
            event.accept()
            return True
        if not is_asking and event.key() in _RETURNS and not event.isAutoRepeat():
            button.click()
            return True
        return False
