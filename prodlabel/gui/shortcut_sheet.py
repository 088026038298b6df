"""`?`: all shortcuts on one sheet, made from the table of actions; keys can be changed in place.

Invariant: a key that another action has is taken from it only when the user says so by setting it here.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QKeySequenceEdit,
    QLabel,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from prodlabel.gui.actions import Actions, translated
from prodlabel.gui.labels import heading, toned
from prodlabel.gui.theme import Theme

_COLUMNS = 2


class ShortcutSheet(QFrame):
    """Signals: `key_changed` with (action name, portable key text, "" for none), `closed`."""

    key_changed = Signal(str, str)
    closed = Signal()

    def __init__(self, actions: Actions, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self._actions = actions
        self.edits: dict[str, QKeySequenceEdit] = {}
        self._area = QScrollArea(self)
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 16, 20, 16)
        layout.addWidget(toned(self.tr("Shortcuts"), "title"))
        hint = toned(self.tr("Click a key to change it; Backspace takes it away. Esc closes."), "dim")
        layout.addWidget(hint)
        layout.addWidget(self._area, 1)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.hide()

    def open(self) -> None:
        """Show the keys as they are now."""
        self._fill()
        theme, ground = Theme.now(), self.parentWidget()
        assert ground is not None
        width, height = min(theme.px(820), ground.width() - 40), min(theme.px(620), ground.height() - 80)
        self.setGeometry((ground.width() - width) // 2, (ground.height() - height) // 2, width, height)
        self.show()
        self.raise_()
        self.setFocus()

    def _fill(self) -> None:
        content = QWidget()
        content.setObjectName("side_content")
        grid = QGridLayout(content)
        grid.setHorizontalSpacing(Theme.now().px(28))
        self.edits.clear()
        columns = [QVBoxLayout() for _ in range(_COLUMNS)]
        groups: dict[str, QGridLayout] = {}
        for spec, action in self._actions.listed():
            if spec.menu not in groups:
                column = columns[len(groups) % _COLUMNS]
                column.addWidget(heading(translated(spec.menu)))
                groups[spec.menu] = QGridLayout()
                column.addLayout(groups[spec.menu])
                column.addSpacing(Theme.now().px(12))
            self._add(groups[spec.menu], spec.name, action.text(), action.shortcut())
        for place, column in enumerate(columns):
            column.addStretch(1)
            grid.addLayout(column, 0, place)
        digits = toned(self.tr("1 … 9, 0: propose a category for the selection"), "dim")
        grid.addWidget(digits, 1, 0, 1, _COLUMNS)
        self._area.setWidget(content)

    def _add(self, lines: QGridLayout, name: str, title: str, keys: QKeySequence) -> None:
        edit = QKeySequenceEdit(keys)
        edit.setMaximumSequenceLength(1)
        edit.setClearButtonEnabled(True)
        edit.setFixedWidth(Theme.now().px(130))
        edit.setAccessibleName(title)
        edit.editingFinished.connect(lambda: self._on_edited(name))
        self.edits[name] = edit
        row = lines.rowCount()
        lines.addWidget(QLabel(title), row, 0)
        lines.addWidget(edit, row, 1)

    def _on_edited(self, name: str) -> None:
        edit = self.edits.get(name)
        if edit is not None and edit.keySequence() != self._actions[name].shortcut():
            self.key_changed.emit(name, edit.keySequence().toString())

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.hide()
            self.closed.emit()
        else:
            super().keyPressEvent(event)
