"""Ctrl+K: every action and every category, found by a few letters.

Invariant: it lists what the table of actions lists and what can be used now; it knows no action of its own.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QIcon, QPainter, QShowEvent
from PySide6.QtWidgets import (
    QFrame,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from prodlabel.gui.theme import ROW_PX, Theme
from prodlabel.gui.typing_edit import TypingEdit

_KEYS_ROLE = Qt.ItemDataRole.UserRole + 1
_GROUP_ROLE = Qt.ItemDataRole.UserRole + 2
_ENTRY_ROLE = Qt.ItemDataRole.UserRole + 3
_LISTED = 60
AnyIndex = QModelIndex | QPersistentModelIndex
WIDTH, HEIGHT, ASKING_HEIGHT = 560, 380, 54


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing to choose."""

    title: str
    group: str
    act: Callable[[], object]
    keys: str = ""
    icon: QIcon | None = None


def likeness(title: str, typed: str) -> int | None:
    """How well a title fits what was typed (higher is better), None where it does not.

    A word that begins so beats letters of several words, beginnings of words beat letters in between; all
    letters must come in their order.
    """
    title, words = title.casefold(), typed.casefold()
    typed = "".join(words.split())
    score, at = 0, 0
    if words.strip() and re.search(rf"(?<!\w){re.escape(words.strip())}", title):
        score = 8 * len(typed)
    for letter in typed:
        found = title.find(letter, at)
        if found < 0:
            return None
        is_beginning = found == 0 or not title[found - 1].isalnum()
        score += 8 if is_beginning else 4 if found == at else 1
        at = found + 1
    return score * 100 - len(title)


class _EntryPainter(QStyledItemDelegate):
    """Paints title, group and keys in one line."""

    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: AnyIndex) -> QSize:
        return QSize(100, Theme.now().px(ROW_PX))

    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        theme = Theme.now()
        rect = QRectF(option.rect)  # type: ignore[attr-defined]
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        is_chosen = bool(option.state & QStyle.StateFlag.State_Selected)  # type: ignore[attr-defined]
        if is_chosen:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(theme.palette.highlight))
            painter.drawRoundedRect(rect, theme.px(6), theme.px(6))
        box = rect.adjusted(theme.px(10), 0, -theme.px(10), 0)
        icon = index.data(Qt.ItemDataRole.DecorationRole)
        if isinstance(icon, QIcon):
            side = theme.px(16)
            icon.paint(painter, round(box.x()), round(box.center().y() - side / 2), side, side)
            box.adjust(theme.px(24), 0, 0, 0)
        painter.setPen(QColor(theme.palette.text))
        painter.setFont(theme.font())
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, str(index.data()))
        painter.setPen(QColor(theme.palette.text if is_chosen else theme.palette.dim))
        painter.setFont(theme.font(12))
        keys, group = index.data(_KEYS_ROLE), index.data(_GROUP_ROLE)
        right = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
        painter.drawText(box, right, f"{group}    {keys}" if keys else str(group))
        painter.restore()


class CommandPalette(QFrame):
    """Signals: `closed`."""

    closed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self._entries: Sequence[Entry] = ()
        self._take_text: Callable[[str], object] | None = None
        self.edit = TypingEdit(self)
        self.list = QListWidget(self)
        self.list.setItemDelegate(_EntryPainter(self.list))
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setAccessibleName(self.tr("Commands"))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 10, 10, 10)
        layout.addWidget(self.edit)
        layout.addWidget(self.list)
        self.edit.textChanged.connect(self._show_fitting)
        self.edit.returnPressed.connect(self._choose)
        self.edit.left.connect(self.close_palette)
        self.edit.stepped.connect(self._step)
        self.list.itemClicked.connect(lambda _item: self._choose())
        self.hide()

    def open_with(self, entries: Sequence[Entry], hint: str) -> None:
        """Offer these entries."""
        self._entries, self._take_text = entries, None
        self._rise(hint, "", HEIGHT)
        self._show_fitting("")

    def ask(self, hint: str, text: str, take: Callable[[str], object]) -> None:
        """Ask for a line of text; `take` gets it unless it is empty or Esc is pressed."""
        self._entries, self._take_text = (), take
        self._rise(hint, text, ASKING_HEIGHT)
        self.edit.selectAll()

    def _rise(self, hint: str, text: str, height: int) -> None:
        self.edit.setPlaceholderText(hint)
        self.edit.setAccessibleName(hint)
        self.edit.setText(text)
        self.list.setVisible(self._take_text is None)
        theme, ground = Theme.now(), self.parentWidget()
        assert ground is not None
        width = min(theme.px(WIDTH), ground.width() - 40)
        self.setGeometry((ground.width() - width) // 2, theme.px(64), width, theme.px(height))
        self.show()
        self.raise_()
        self.edit.setFocus()

    def close_palette(self) -> None:
        self.hide()
        self.closed.emit()

    def titles(self) -> list[str]:
        """What is listed now, best first."""
        return [self.list.item(row).text() for row in range(self.list.count())]

    def _show_fitting(self, typed: str) -> None:
        scored = [(likeness(entry.title, typed), place, entry) for place, entry in enumerate(self._entries)]
        fitting = sorted(
            ((score, place, entry) for score, place, entry in scored if score is not None),
            key=lambda one: (-one[0] if typed else 0, one[1]),
        )
        self.list.clear()
        for _, _, entry in fitting[:_LISTED]:
            item = QListWidgetItem(entry.title, self.list)
            item.setData(_KEYS_ROLE, entry.keys)
            item.setData(_GROUP_ROLE, entry.group)
            item.setData(_ENTRY_ROLE, entry)
            if entry.icon is not None:
                item.setIcon(entry.icon)
        self.list.setCurrentRow(0)

    def _step(self, by: int) -> None:
        count = self.list.count()
        if count:
            self.list.setCurrentRow((self.list.currentRow() + by) % count)

    def _choose(self) -> None:
        if self._take_text is not None:
            text, take = self.edit.text().strip(), self._take_text
            self.close_palette()
            if text:
                take(text)
            return
        if self.list.currentRow() < 0:
            return
        entry = self.list.currentItem().data(_ENTRY_ROLE)
        self.close_palette()
        entry.act()

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.edit.setFocus()
