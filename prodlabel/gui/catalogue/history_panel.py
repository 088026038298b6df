"""The history: who did what, when, why and to how many; any point can be gone back to.

Invariant: lines come from the ledger, newest first, a page at a time; going back is undoing step by step.
"""

from __future__ import annotations

import time
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QPainter
from PySide6.QtWidgets import (
    QFrame,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from prodlabel.gui.labels import heading, plain_tip
from prodlabel.gui.long_texts import cut_entry
from prodlabel.gui.painting import elided
from prodlabel.gui.phrases import phrase
from prodlabel.gui.session import Session
from prodlabel.gui.theme import Theme
from prodlabel.project.project import Project
from prodlabel.store.ledger import DONE, PASSED, HistoryEntry

AnyIndex = QModelIndex | QPersistentModelIndex
_PAGE = 100


class HistoryModel(QAbstractListModel):
    """Lines of the history, fetched as one scrolls."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._entries: list[HistoryEntry] = []
        self._is_whole = False
        self.refresh()

    def entry(self, row: int) -> HistoryEntry:
        return self._entries[row]

    def refresh(self) -> None:
        """Read the newest page again."""
        self.beginResetModel()
        self._entries = [cut_entry(one) for one in self._session.project.history(limit=_PAGE)]
        self._is_whole = len(self._entries) < _PAGE
        self.endResetModel()

    @override
    def rowCount(self, parent: AnyIndex = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._entries)

    @override
    def canFetchMore(self, parent: AnyIndex) -> bool:
        return not self._is_whole and not parent.isValid()

    @override
    def fetchMore(self, parent: AnyIndex) -> None:
        if parent.isValid() or not self._entries:
            return
        found = self._session.project.history(limit=_PAGE, before_id=self._entries[-1].id)
        more = [cut_entry(one) for one in found]
        self._is_whole = len(more) < _PAGE
        if more:
            self.beginInsertRows(QModelIndex(), len(self._entries), len(self._entries) + len(more) - 1)
            self._entries += more
            self.endInsertRows()

    @override
    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        entry = self._entries[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return phrase(entry.summary)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{phrase(entry.summary)}, {entry.person}, {moment(entry.at_us)}"
        if role == Qt.ItemDataRole.ToolTipRole:
            parts = (phrase(part) for part in (entry.summary, entry.reason) if part)
            return plain_tip("\n".join(parts))
        return None


class _LinePainter(QStyledItemDelegate):
    """Paints one step: what, and below it who, when and why."""

    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: AnyIndex) -> QSize:
        return QSize(160, Theme.now().px(46))

    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        model, theme = index.model(), Theme.now()
        assert isinstance(model, HistoryModel)
        entry, palette = model.entry(index.row()), theme.palette
        box = QRectF(option.rect).adjusted(theme.px(8), theme.px(4), -theme.px(8), -theme.px(4))  # type: ignore[attr-defined]
        painter.save()
        is_chosen = bool(option.state & QStyle.StateFlag.State_Selected)  # type: ignore[attr-defined]
        if is_chosen:
            painter.fillRect(option.rect, QColor(palette.highlight))  # type: ignore[attr-defined]
        # What was undone is struck through; that it was undone is a line of its own.
        font = theme.font(weight=QFont.Weight.Medium)
        font.setStrikeOut(entry.state not in (DONE, PASSED))
        painter.setFont(font)
        is_strong = is_chosen or entry.state in (DONE, PASSED)
        painter.setPen(QColor(palette.text if is_strong else palette.dim))
        upper = QRectF(box.x(), box.y(), box.width(), box.height() / 2)
        painter.drawText(
            upper, Qt.AlignmentFlag.AlignVCenter, elided(phrase(entry.summary), painter, upper.width())
        )
        painter.setFont(theme.font(12))
        painter.setPen(QColor(palette.text if is_chosen else palette.dim))
        lower = upper.translated(0, box.height() / 2)
        below = " · ".join(part for part in (entry.person, moment(entry.at_us), phrase(entry.reason)) if part)
        painter.drawText(lower, Qt.AlignmentFlag.AlignVCenter, elided(below, painter, lower.width()))
        painter.restore()


class HistoryPanel(QWidget):
    """Signals: `go_back_wanted` with the id of the step that shall be the newest again."""

    go_back_wanted = Signal(int)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("history")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.model = HistoryModel(session)
        self.view = QListView(self)
        self.view.setModel(self.model)
        self.view.setItemDelegate(_LinePainter(self.view))
        self.view.setFrameShape(QFrame.Shape.NoFrame)
        self.view.setUniformItemSizes(True)
        self.view.setAccessibleName(self.tr("History"))
        self.view.setToolTip(self.tr("Press Enter on a line to go back to that point"))
        self.view.activated.connect(lambda i: self.go_back_wanted.emit(self.model.entry(i.row()).id))
        layout = QVBoxLayout(self)
        theme = Theme.now()
        layout.setContentsMargins(theme.px(8), theme.px(12), theme.px(8), theme.px(8))
        title = heading(self.tr("History"))
        title.setContentsMargins(theme.px(8), 0, 0, theme.px(4))
        layout.addWidget(title)
        layout.addWidget(self.view, 1)
        session.history_changed.connect(lambda: session.turns.ask(self, self.model.refresh))


def moment(at_us: int) -> str:
    """A time of the ledger as people read it."""
    return time.strftime("%Y-%m-%d %H:%M", time.localtime(at_us / 1_000_000))


def steps_after(project: Project, edit_id: int) -> list[int]:
    """The steps that hold and are newer than this line of the history, newest first."""
    steps: dict[int, None] = {}
    before: int | None = None
    while page := project.history(limit=500, before_id=before):
        for entry in page:
            if entry.id <= edit_id:
                return list(steps)
            if entry.state == DONE:
                steps[entry.step] = None
        before = page[-1].id
    return list(steps)


def go_back_to(session: Session, edit_id: int) -> None:
    """Undo until this line of the history is the newest that holds."""
    session.undo(len(steps_after(session.project, edit_id)))
