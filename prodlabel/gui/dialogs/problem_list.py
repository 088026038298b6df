"""What the user should know about rows that were odd: a list with counts by kind, to copy or to save.

Invariant: the counts are of all remarks; the list holds the first 10,000 and says so where there are more.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFileDialog,
    QHBoxLayout,
    QHeaderView,
    QPushButton,
    QTableView,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from prodlabel.core.errors import UserError
from prodlabel.core.products import Problem
from prodlabel.gui.boxes import ChoiceBox
from prodlabel.gui.labels import plain_tip, toned
from prodlabel.gui.phrases import phrase
from prodlabel.gui.theme import Theme
from prodlabel.operations.importing import problems_text, write_problems

AnyIndex = QModelIndex | QPersistentModelIndex
_ROW_PX = 26
_WHERE_PX = 230


class ProblemModel(QAbstractTableModel):
    """Remarks about an import by row."""

    def __init__(self) -> None:
        super().__init__()
        self.problems: tuple[Problem, ...] = ()
        self._titles = (self.tr("Where"), self.tr("What"))

    def show(self, problems: Sequence[Problem]) -> None:
        """These and no others."""
        self.beginResetModel()
        self.problems = tuple(problems)
        self.endResetModel()

    def _where(self, problem: Problem) -> str:
        parts = [] if problem.row is None else [self.tr("row {0:,}").format(problem.row)]
        return " · ".join([*parts, *([problem.key] if problem.key else [])])

    @override
    def rowCount(self, parent: AnyIndex = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self.problems)

    @override
    def columnCount(self, parent: AnyIndex = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self._titles)

    @override
    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid() or role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return None
        problem = self.problems[index.row()]
        said = phrase(problem.message) if index.column() else self._where(problem)
        return plain_tip(said) if role == Qt.ItemDataRole.ToolTipRole else said

    @override
    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if role == Qt.ItemDataRole.DisplayRole and orientation == Qt.Orientation.Horizontal:
            return self._titles[section]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        return None


class ProblemList(QWidget):
    """Hidden while there is nothing to say. Signals: `failed` with the error of a save."""

    failed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("problems")
        self._problems: tuple[Problem, ...] = ()
        self._model = ProblemModel()
        self.table = QTableView(self)
        self.table.setModel(self._model)
        self.table.setAccessibleName(self.tr("Remarks by row"))
        self.kinds = ChoiceBox(self.tr("Kind of remark"), self)
        self.kinds.currentIndexChanged.connect(self._on_kind_chosen)
        self.copy = QPushButton(self.tr("Copy"), self)
        self.copy.clicked.connect(self.copy_all)
        self.save = QPushButton(self.tr("Save as…"), self)
        self.save.clicked.connect(self._ask_and_save)
        self._more = toned("", "dim")
        self._lay_out()
        self.hide()

    @property
    def shown(self) -> tuple[Problem, ...]:
        """The remarks in the table now."""
        return self._model.problems

    def show_problems(self, problems: Sequence[Problem], counts: Counter[str]) -> None:
        """These remarks; `counts` by code are of all that there are."""
        self._problems = tuple(problems)
        examples: dict[str, str] = {}
        for one in self._problems:
            examples.setdefault(one.code, phrase(one.message))
        total = sum(counts.values())
        self.kinds.blockSignals(True)
        self.kinds.clear()
        self.kinds.addItem(self.tr("All remarks ({0:,})").format(total), "")
        for code, count in counts.most_common():
            words = examples.get(code, code)
            self.kinds.addItem(f"{words if len(words) <= 70 else words[:69] + '…'} ({count:,})", code)
        self.kinds.blockSignals(False)
        left = total - len(self._problems)
        self._more.setText(self.tr("{0:,} more are counted but not listed.").format(left) if left else "")
        self._more.setVisible(left > 0)
        self._on_kind_chosen()
        self.setVisible(bool(total))

    def copy_all(self) -> None:
        """What the table shows, onto the clipboard, to be pasted into a spreadsheet."""
        QGuiApplication.clipboard().setText(problems_text(self.shown))

    def save_as(self, path: Path) -> None:
        """What the table shows, as a file."""
        try:
            write_problems(path, self.shown)
        except UserError as error:
            self.failed.emit(error)

    def _ask_and_save(self) -> None:
        kinds = self.tr("Table (*.tsv)")
        chosen, _ = QFileDialog.getSaveFileName(self, self.tr("Save the remarks"), "remarks.tsv", kinds)
        if chosen:
            self.save_as(Path(chosen))

    def _on_kind_chosen(self, _at: int = 0) -> None:
        code = self.kinds.currentData()
        self._model.show([one for one in self._problems if not code or one.code == code])

    def _lay_out(self) -> None:
        theme = Theme.now()
        top = QHBoxLayout()
        top.setSpacing(theme.px(8))
        top.addWidget(self.kinds, 1)
        top.addWidget(self._more)
        top.addWidget(self.copy)
        top.addWidget(self.save)
        self.table.setShowGrid(False)
        self.table.setWordWrap(False)
        self.table.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.table.setTabKeyNavigation(False)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        rows = self.table.verticalHeader()
        rows.setVisible(False)
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setDefaultSectionSize(theme.px(_ROW_PX))
        self.table.setColumnWidth(0, theme.px(_WHERE_PX))
        self.table.horizontalHeader().setStretchLastSection(True)
        self.table.horizontalHeader().setHighlightSections(False)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.px(6))
        layout.addLayout(top)
        layout.addWidget(self.table, 1)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy_all()
        else:
            super().keyPressEvent(event)
