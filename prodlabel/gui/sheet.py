"""A card over the middle of the window that is read, changed and closed with Esc.

Invariant: it takes the keyboard while it is open and gives it back when it closes.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QToolButton, QVBoxLayout, QWidget
from typing_extensions import override

from prodlabel.gui.labels import toned
from prodlabel.gui.theme import Theme
from prodlabel.gui.typing_edit import COMMANDS


class Sheet(QFrame):
    """Whoever derives fills `show_content`. Signals: `closed`."""

    closed = Signal()

    def __init__(self, title: str, hint: str, size: tuple[int, int], parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self._size = size
        self._ground = parent
        self._area = QScrollArea(self)
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setAccessibleName(title)
        close = QToolButton(self)
        close.setText("✕")
        close.setAccessibleName(self.tr("Close"))
        close.clicked.connect(lambda *_: self.close_sheet())
        top = QHBoxLayout()
        top.addWidget(toned(title, "title"), 1)
        top.addWidget(close)
        theme, self.column = Theme.now(), QVBoxLayout(self)
        side = theme.px(20)
        self.column.setContentsMargins(side, theme.px(14), theme.px(12), theme.px(14))
        self.column.addLayout(top)
        self.column.addWidget(toned(hint, "dim"))
        self.column.addWidget(self._area, 1)
        self.setAccessibleName(title)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.hide()

    def rise(self, content: QWidget) -> None:
        """Show this in the middle of the window."""
        content.setObjectName("side_content")
        self._area.setWidget(content)
        theme, ground = Theme.now(), self._ground
        width, height = (theme.px(one) for one in self._size)
        width, height = min(width, ground.width() - 40), min(height, ground.height() - 80)
        self.setGeometry((ground.width() - width) // 2, (ground.height() - height) // 2, width, height)
        self.show()
        self.raise_()
        self.setFocus()

    def close_sheet(self) -> None:
        self.hide()
        self.closed.emit()

    @override
    def event(self, event: QEvent) -> bool:
        # Whatever is under the sheet hears no key meanwhile, but for commands with Ctrl or Alt.
        is_asking = event.type() == QEvent.Type.ShortcutOverride
        if is_asking and isinstance(event, QKeyEvent) and not event.modifiers() & COMMANDS:
            event.accept()
            return True
        return super().event(event)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close_sheet()
        else:
            super().keyPressEvent(event)
