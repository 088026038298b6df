"""`?`: all shortcuts on one sheet, made from the table of actions; keys can be changed in place.

Invariant: no two actions have one key; a key that another action has is taken from it only when the user
says so.
"""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QKeySequenceEdit,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from prodlabel.gui.actions import Actions, translated
from prodlabel.gui.labels import ElidedLabel, heading, toned
from prodlabel.gui.sheet import Sheet
from prodlabel.gui.theme import Theme

_COLUMNS = 2


class KeyEdit(QKeySequenceEdit):
    """Records a key, but for Backspace, which takes the key away, and Esc, which is the sheet's."""

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        is_plain = event.modifiers() == Qt.KeyboardModifier.NoModifier
        if is_plain and event.key() == Qt.Key.Key_Escape:
            event.ignore()
        elif is_plain and event.key() == Qt.Key.Key_Backspace:
            self.clear()
            self.editingFinished.emit()
        else:
            super().keyPressEvent(event)


class ShortcutSheet(Sheet):
    """Signals: `key_changed` with (action name, portable key text, "" for none), `reset_wanted`."""

    key_changed = Signal(str, str)
    reset_wanted = Signal()

    def __init__(self, actions: Actions, parent: QWidget) -> None:
        title = QCoreApplication.translate("ShortcutSheet", "Shortcuts")
        hint = QCoreApplication.translate(
            "ShortcutSheet", "Click a key to change it; Backspace takes it away. Esc closes."
        )
        super().__init__(title, hint, (860, 640), parent)
        self._actions = actions
        self.edits: dict[str, KeyEdit] = {}
        self._wanted: tuple[str, str, str] | None = None
        self.conflict = ElidedLabel()
        self.conflict.setProperty("tone", "warn")
        self.take, self.leave = QPushButton(self.tr("Take it"), self), QPushButton(self.tr("Leave it"), self)
        self.take.clicked.connect(lambda *_: self._on_take_clicked())
        self.leave.clicked.connect(lambda *_: self._forget_wish())
        reset = QPushButton(self.tr("All keys as they were at first"), self)
        reset.setProperty("link", "true")
        reset.clicked.connect(lambda *_: self.reset_wanted.emit())
        row = QHBoxLayout()
        for widget in (self.take, self.leave):
            widget.hide()
        row.addWidget(self.conflict, 1)
        row.addWidget(self.take)
        row.addWidget(self.leave)
        row.addWidget(reset)
        self.column.addLayout(row)

    def open(self) -> None:
        """Show the keys as they are now."""
        self._forget_wish()
        self.rise(self._content())

    def refresh(self) -> None:
        """Keys have changed."""
        for name, edit in self.edits.items():
            edit.setKeySequence(self._actions[name].shortcut())

    def _content(self) -> QWidget:
        content = QWidget()
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
        return content

    def _add(self, lines: QGridLayout, name: str, title: str, keys: QKeySequence) -> None:
        edit = KeyEdit(keys)
        edit.setMaximumSequenceLength(1)
        edit.setFixedSize(Theme.now().px(140), Theme.now().px(26))
        edit.setAccessibleName(title)
        edit.editingFinished.connect(lambda: self._on_edited(name))
        self.edits[name] = edit
        field = edit.findChild(QLineEdit)
        if field is not None:
            field.setPlaceholderText(self.tr("no key"))
        row = lines.rowCount()
        lines.addWidget(QLabel(title), row, 0)
        lines.addWidget(edit, row, 1)

    def _on_edited(self, name: str) -> None:
        edit = self.edits.get(name)
        if edit is None or edit.keySequence() == self._actions[name].shortcut():
            return
        keys = edit.keySequence().toString()
        owner = self._actions.owner_of(keys, but=name)
        if owner is None:
            self._forget_wish()
            self.key_changed.emit(name, keys)
            return
        self._wanted = (name, keys, owner)
        shown = edit.keySequence().toString(QKeySequence.SequenceFormat.NativeText)
        text = self.tr("{0} is the key of “{1}”.").format(shown, self._actions[owner].text())
        self.conflict.setText(text)
        self.take.show()
        self.leave.show()
        self.take.setFocus()

    def _on_take_clicked(self) -> None:
        if self._wanted is not None:
            name, keys, owner = self._wanted
            self.key_changed.emit(owner, "")
            self.key_changed.emit(name, keys)
        self._forget_wish()

    def _forget_wish(self) -> None:
        self._wanted = None
        self.conflict.setText("")
        self.take.hide()
        self.leave.hide()
        self.refresh()
