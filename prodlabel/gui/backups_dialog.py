"""The backups of a project, what each holds, and going back to one.

Invariant: the dialog only shows and asks; reading, restoring and rescuing are work of whoever listens. All
that comes from a project is shown as plain text.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from prodlabel.gui.labels import heading, toned
from prodlabel.gui.theme import Theme
from prodlabel.operations.backups import BackupContents


class BackupsDialog(QDialog):
    """Signals: `restore_wanted` with the backup's path, `backup_wanted`, `repair_wanted`."""

    restore_wanted = Signal(object)
    backup_wanted = Signal()
    repair_wanted = Signal()

    def __init__(self, *, damage: str = "", parent: QWidget | None = None) -> None:
        """`damage`: what is wrong with the project where it cannot be opened; rescuing is then offered."""
        super().__init__(parent)
        theme = Theme.now()
        self.setWindowTitle(self.tr("Backups"))
        self.resize(theme.px(760), theme.px(460))
        self._contents: Sequence[BackupContents] = ()
        self.list = QListWidget(self)
        self.list.setAccessibleName(self.tr("Backups, newest first"))
        self.list.currentRowChanged.connect(self._show_contents)
        self.list.itemActivated.connect(lambda _item: self._restore())
        self.said = QLabel(self)
        self.said.setTextFormat(Qt.TextFormat.PlainText)
        self.said.setWordWrap(True)
        self.said.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self.said.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.said.setAccessibleName(self.tr("What the backup holds"))
        layout = QVBoxLayout(self)
        layout.setSpacing(theme.px(8))
        layout.addWidget(toned(self.tr("Backups"), "title"))
        layout.addWidget(self._introduction(damage))
        panes = QHBoxLayout()
        panes.addWidget(self.list, 1)
        right = QVBoxLayout()
        right.addWidget(heading(self.tr("It holds")))
        right.addWidget(self.said, 1)
        panes.addLayout(right, 1)
        layout.addLayout(panes, 1)
        layout.addLayout(self._buttons(is_damaged=bool(damage)))
        self.show_contents(())

    def show_contents(self, contents: Sequence[BackupContents]) -> None:
        """Fill the list, newest first."""
        self._contents = contents
        self.list.clear()
        for one in contents:
            text = f"{_moment(one.made)}   {self.reason(one.reason)}"
            item = QListWidgetItem(text, self.list)
            if one.problem:
                item.setForeground(self.palette().brush(self.foregroundRole()))
                item.setText(self.tr("{0} (cannot be used)").format(text))
        if contents:
            self.list.setCurrentRow(0)
        else:
            self._show_contents(-1)

    def reason(self, word: str) -> str:
        """Why a backup was made, in the words of the user."""
        known = {
            "before-import": self.tr("before an import"),
            "before-accept": self.tr("before suggestions were accepted"),
            "before-relabel": self.tr("before many labels changed"),
            "before-undo": self.tr("before many labels were taken back"),
            "before-taxonomy": self.tr("before a taxonomy came in"),
            "before-restore": self.tr("before a restore"),
            "before-repair": self.tr("before a repair"),
            "at-work": self.tr("while you worked"),
            "by-hand": self.tr("asked for"),
        }
        if word.startswith("before-format"):
            return self.tr("before a new version of prodlabel changed the file")
        return known.get(word, word)

    def _introduction(self, damage: str) -> QLabel:
        usual = self.tr(
            "Made before every large step and while you work. Going back keeps the present state as a "
            "backup, so that it can be taken back too."
        )
        label = toned(damage or usual, "warn" if damage else "dim")
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setWordWrap(True)
        return label

    def _buttons(self, *, is_damaged: bool) -> QHBoxLayout:
        row = QHBoxLayout()
        self.back_up = QPushButton(self.tr("Back up now"), self)
        self.back_up.clicked.connect(self.backup_wanted)
        self.back_up.setVisible(not is_damaged)
        self.rescue = QPushButton(self.tr("Rescue what is whole"), self)
        self.rescue.setToolTip(
            self.tr("Reads around the damage and fills gaps from the backups; the damaged file is kept")
        )
        self.rescue.clicked.connect(self._rescue)
        self.rescue.setVisible(is_damaged)
        self.restore = QPushButton(self.tr("Go back to this one"), self)
        self.restore.clicked.connect(self._restore)
        close = QPushButton(self.tr("Close"), self)
        close.clicked.connect(self.reject)
        first = self.rescue if is_damaged else close
        first.setDefault(True)
        self.rescue.setProperty("primary", "true")
        row.addWidget(self.back_up)
        row.addStretch(1)
        for button in (self.rescue, self.restore, close):
            row.addWidget(button)
        return row

    def _show_contents(self, row: int) -> None:
        one = self._contents[row] if 0 <= row < len(self._contents) else None
        self.restore.setEnabled(one is not None and not one.problem)
        if one is None:
            self.said.setText(self.tr("There is no backup yet."))
        elif one.problem:
            self.said.setText(one.problem)
        else:
            self.said.setText(self._told(one))

    def _told(self, one: BackupContents) -> str:
        lines = [
            self.tr("{0:,} products, {1:,} with a category").format(one.products, one.labelled),
            self.tr("{0:,} decided by somebody").format(one.decided),
            self.tr("{0:,} categories, {1:,} steps of history").format(one.categories, one.edits),
            self.tr("{0:,.1f} MB, {1}").format(one.size_bytes / 1e6, one.path.name),
            "",
            self.tr("The last steps:"),
        ]
        for step in one.last_steps:
            when = _moment(datetime.fromtimestamp(step.at_us / 1e6).astimezone())
            lines.append(f"{when}  {step.person}: {step.summary}")
        return "\n".join(lines)

    def _restore(self) -> None:
        row = self.list.currentRow()
        if 0 <= row < len(self._contents) and not self._contents[row].problem:
            path: Path = self._contents[row].path
            self.accept()
            self.restore_wanted.emit(path)

    def _rescue(self) -> None:
        self.accept()
        self.repair_wanted.emit()


def _moment(when: datetime) -> str:
    return when.astimezone().strftime("%Y-%m-%d %H:%M")
