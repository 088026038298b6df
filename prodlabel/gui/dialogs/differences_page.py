"""An import again: where the source changed what it said, with a tick for each difference to be taken.

Invariant: what somebody here decided is not ticked unless the user ticks it; nothing is written by this page.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QProgressBar,
    QTableView,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from prodlabel.core.errors import UserError
from prodlabel.core.merging import ATTRIBUTE, Difference
from prodlabel.core.progress import Progress
from prodlabel.gui.boxes import ChoiceBox
from prodlabel.gui.dialogs.page import Page, button
from prodlabel.gui.labels import plain_tip, set_tone, toned
from prodlabel.gui.messages import Messages
from prodlabel.gui.phrases import phrase
from prodlabel.gui.tasks import Callbacks, Task, Tasks
from prodlabel.gui.theme import Theme
from prodlabel.operations.comparing import Comparison

AnyIndex = QModelIndex | QPersistentModelIndex
TAKE, PRODUCT, FIELD, MINE, NOW, THEN = range(6)
_WIDTHS = (70, 200, 130, 210, 210, 150)
_ROW_PX = 30
_ALL, _EDITED, _OTHERS = range(3)


class DifferenceModel(QAbstractTableModel):
    """Differences by row; `ticks` are kept for all of them, whichever are shown."""

    def __init__(self) -> None:
        super().__init__()
        self._all: tuple[Difference, ...] = ()
        self.shown: tuple[int, ...] = ()
        self.ticks: list[bool] = []
        self._titles = (
            self.tr("Take it"),
            self.tr("Product"),
            self.tr("Field"),
            self.tr("Here"),
            self.tr("The source says"),
            self.tr("It said before"),
        )

    def show(self, differences: Sequence[Difference]) -> None:
        """These, ticked where nobody here decided otherwise."""
        self.beginResetModel()
        self._all = tuple(differences)
        self.ticks = [not one.is_edited for one in self._all]
        self.shown = tuple(range(len(self._all)))
        self.endResetModel()

    def narrow(self, keep: Callable[[Difference], bool]) -> None:
        """Show only some; ticks stay."""
        self.beginResetModel()
        self.shown = tuple(at for at, one in enumerate(self._all) if keep(one))
        self.endResetModel()

    def tick_shown(self, is_on: bool) -> None:
        for at in self.shown:
            self.ticks[at] = is_on
        if self.shown:
            self.dataChanged.emit(self.index(0, TAKE), self.index(len(self.shown) - 1, TAKE))

    def toggle(self, row: int) -> None:
        at = self.shown[row]
        self.ticks[at] = not self.ticks[at]
        self.dataChanged.emit(self.index(row, TAKE), self.index(row, TAKE))

    @property
    def chosen(self) -> Mapping[str, frozenset[str]]:
        """By key, the fields in which the source is taken."""
        fields: dict[str, set[str]] = defaultdict(set)
        for one, is_on in zip(self._all, self.ticks, strict=True):
            fields[one.key].update({one.field} if is_on else set())
        return {key: frozenset(found) for key, found in fields.items()}

    def _field(self, field: str) -> str:
        titles = {
            "name": self.tr("name"),
            "description": self.tr("description"),
            "category": self.tr("category"),
        }
        return titles.get(field, field.removeprefix(ATTRIBUTE))

    def _text(self, one: Difference, column: int) -> str:
        texts = {
            PRODUCT: one.name or one.key,
            FIELD: self._field(one.field),
            MINE: one.mine,
            NOW: one.now,
            THEN: "" if one.then == one.mine else one.then,
        }
        said = " ".join(texts.get(column, "")[:2000].split())
        return said or ("—" if column in (MINE, NOW) else "")

    @override
    def rowCount(self, parent: AnyIndex = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self.shown)

    @override
    def columnCount(self, parent: AnyIndex = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self._titles)

    @override
    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        at = self.shown[index.row()]
        if index.column() == TAKE:
            return self._tick(at, role)
        one = self._all[at]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            said = self._text(one, index.column())
            return plain_tip(said) if role == Qt.ItemDataRole.ToolTipRole else said
        if role == Qt.ItemDataRole.FontRole and index.column() == MINE and one.is_edited:
            font = Theme.now().font()
            font.setBold(True)
            return font
        return None

    def _tick(self, at: int, role: int) -> object:
        if role == Qt.ItemDataRole.DisplayRole:
            return "☑" if self.ticks[at] else "☐"
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self.tr("taken") if self.ticks[at] else self.tr("not taken")
        return int(Qt.AlignmentFlag.AlignCenter) if role == Qt.ItemDataRole.TextAlignmentRole else None

    @override
    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if role == Qt.ItemDataRole.DisplayRole and orientation == Qt.Orientation.Horizontal:
            return self._titles[section]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        return None


class DifferenceTable(QTableView):
    """Space or a click ticks."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.differences = DifferenceModel()
        self.setModel(self.differences)
        self.setAccessibleName(self.tr("Differences"))
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        rows = self.verticalHeader()
        rows.setVisible(False)
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setDefaultSectionSize(Theme.now().px(_ROW_PX))
        for column, width in enumerate(_WIDTHS):
            self.setColumnWidth(column, Theme.now().px(width))
        self.horizontalHeader().setHighlightSections(False)
        self.horizontalHeader().setStretchLastSection(True)
        self.clicked.connect(self._on_clicked)

    def _on_clicked(self, index: QModelIndex) -> None:
        if index.column() == TAKE:
            self.differences.toggle(index.row())

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space:
            for index in self.selectionModel().selectedRows():
                self.differences.toggle(index.row())
        else:
            super().keyPressEvent(event)


class DifferencesPage(Page):
    """Collaborators: `Tasks`. `done` is emitted by itself where there is nothing to choose."""

    def __init__(self, tasks: Tasks, messages: Messages, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tasks, self._messages = tasks, messages
        self._task: Task | None = None
        self.found: Comparison | None = None
        self.table = DifferenceTable(self)
        self.kinds = ChoiceBox(self.tr("Which differences"), self)
        self.state = toned("", "dim", self)
        self.bar = QProgressBar(self)
        self.bar.setTextVisible(False)
        self.bar.setRange(0, 0)
        self._lay_out()

    @property
    @override
    def heading(self) -> str:
        return self.tr("What the source says otherwise now")

    @property
    @override
    def lead(self) -> str:
        if self.found is None:
            return ""
        parts = [self.tr("{0:,} differences").format(self.found.count)]
        if self.found.new:
            parts.append(self.tr("{0:,} products are new").format(self.found.new))
        if self.found.gone:
            parts.append(self.tr("{0:,} are no longer there and stay").format(self.found.gone))
        return " · ".join(parts)

    @property
    @override
    def next_text(self) -> str:
        return self.tr("Import")

    @property
    @override
    def can_go_on(self) -> bool:
        return self.found is not None

    @property
    def chosen(self) -> Mapping[str, frozenset[str]]:
        """What is ticked, by product key."""
        return self.table.differences.chosen

    def forget(self) -> None:
        """Nothing is chosen."""
        self.found = None
        self.table.differences.show(())

    def compare(self, work: Callable[[Progress], Comparison]) -> None:
        """Look for differences in the background."""
        self.leave()
        self.found = None
        set_tone(self.state, "dim")
        self.state.setText(self.tr("Comparing with what the project has …"))
        self._task = self._tasks.start(
            self.tr("Comparing"), work, Callbacks(self._on_compared, self._on_failed)
        )
        self._show()

    @override
    def leave(self) -> None:
        if self._task is not None:
            self._tasks.cancel(self._task)
            self._task = None

    def _on_compared(self, found: Comparison) -> None:
        self._task, self.found = None, found
        self.table.differences.show(found.differences)
        edited = sum(one.is_edited for one in found.differences)
        self.kinds.blockSignals(True)
        self.kinds.clear()
        for name, count in (
            (self.tr("All differences ({0:,})"), len(found.differences)),
            (self.tr("Against a decision made here ({0:,})"), edited),
            (self.tr("The others ({0:,})"), len(found.differences) - edited),
        ):
            self.kinds.addItem(name.format(count))
        self.kinds.blockSignals(False)
        self.state.setText(
            self.tr("What was decided here (bold) stands unless you tick it. One step in the history.")
        )
        self._show()
        if not found.differences:
            self.done.emit()

    def _on_failed(self, error: BaseException) -> None:
        self._task = None
        if not isinstance(error, UserError):
            self._messages.report(error)
        set_tone(self.state, "warn")
        self.state.setText(phrase(str(error)))
        self._show()

    def _on_kind_chosen(self, at: int) -> None:
        self.table.differences.narrow(lambda one: at == _ALL or one.is_edited == (at == _EDITED))

    def _show(self) -> None:
        is_there = self.found is not None and bool(self.found.differences)
        self.bar.setVisible(self._task is not None)
        for widget in (self.table, self._tools):
            widget.setVisible(is_there)
        self.changed.emit()

    def _lay_out(self) -> None:
        theme = Theme.now()
        self.state.setWordWrap(True)
        self.kinds.currentIndexChanged.connect(self._on_kind_chosen)
        self._tools = QWidget(self)
        tools = QHBoxLayout(self._tools)
        tools.setContentsMargins(0, 0, 0, 0)
        tools.setSpacing(theme.px(8))
        tools.addWidget(self.kinds, 1)
        tools.addWidget(button(self.tr("Tick all"), lambda: self.table.differences.tick_shown(True), self))
        tools.addWidget(button(self.tr("Tick none"), lambda: self.table.differences.tick_shown(False), self))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.px(8))
        layout.addWidget(self.bar)
        layout.addWidget(self.state)
        layout.addWidget(self._tools)
        layout.addWidget(self.table, 100)
        layout.addStretch(1)
