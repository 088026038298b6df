"""What is said at the next start after the program was killed or has crashed: what is there, and the report.

Invariant: the dialog only shows and asks; reading and opening are work of whoever listens.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtGui import QFontDatabase, QGuiApplication
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from prodlabel.gui.labels import toned
from prodlabel.gui.running import Ended
from prodlabel.gui.theme import Theme
from prodlabel.operations.backups import BackupContents


class EndedDialog(QDialog):
    """Signals: `open_wanted` with the project's folder, `save_wanted` with the path for the report."""

    open_wanted = Signal(object)
    save_wanted = Signal(object)

    def __init__(self, ended: Ended, *, is_opening: bool = False, parent: QWidget | None = None) -> None:
        """`is_opening`: the project is being opened anyway."""
        super().__init__(parent)
        theme = Theme.now()
        self.ended = ended
        self.setWindowTitle(self.tr("prodlabel did not close properly"))
        self.said = self._words()
        self.report = QPlainTextEdit(ended.report, self)
        self.report.setReadOnly(True)
        self.report.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.report.setAccessibleName(self.tr("Report"))
        self.report.setMinimumHeight(theme.px(220))
        self.report.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(theme.px(24), theme.px(20), theme.px(24), theme.px(20))
        layout.setSpacing(theme.px(12))
        layout.addWidget(toned(self.tr("The last time prodlabel ended unexpectedly"), "title"))
        layout.addWidget(self.said)
        layout.addWidget(self._report_words())
        layout.addWidget(self.report, 1)
        layout.addLayout(self._buttons(has_open=ended.project is not None and not is_opening))
        self.setMinimumWidth(theme.px(620))

    def tell(self, contents: BackupContents) -> None:
        """What the project holds, read by now."""
        lines = [self._was_open()]
        if contents.problem:
            lines.append(contents.problem)
        else:
            lines.append(self._kept(contents.edits))
            if contents.last_steps:
                step = contents.last_steps[0]
                when = datetime.fromtimestamp(step.at_us / 1e6).astimezone().strftime("%Y-%m-%d %H:%M:%S")
                lines.append(self.tr("The last one, {0}: {1}").format(when, step.summary))
            if self.ended.jobs:
                ended = self.tr(
                    "Under way and not done: {0}. Start it again; what it had saved by then is kept."
                )
                lines.append(ended.format(", ".join(self.ended.jobs)))
            lines.append(self.tr("Selection, map and panels come back as they were."))
        self.said.setText("\n".join(lines))
        self.adjustSize()  # there is more to read now than when it opened

    def _kept(self, count: int) -> str:
        if count == 1:
            return self.tr("Nothing is lost: the one entry of its history is there.")
        return self.tr("Nothing is lost: all {0:,} entries of its history are there.").format(count)

    def reading(self) -> str:
        """What happens until `tell`."""
        return self.tr("Reading what it holds…")

    def saved(self, path: Path) -> str:
        """That the report is written."""
        return self.tr("The report is saved as {0}.").format(path.name)

    def _words(self) -> QLabel:
        text = f"{self._was_open()}\n{self.reading()}" if self.ended.project is not None else self._was_open()
        label = toned(text, "")
        label.setWordWrap(True)
        label.setAccessibleName(self.tr("What was restored"))
        return label

    def _was_open(self) -> str:
        if self.ended.project is None:
            return self.tr("No project was open, so nothing is lost.")
        return self.tr("“{0}” was open.").format(self.ended.project.stem)

    def _report_words(self) -> QLabel:
        label = toned(
            self.tr(
                "The report helps to find the cause. Your home folder, names and keys are taken out of it, "
                "and it goes nowhere by itself."
            ),
            "dim",
        )
        label.setWordWrap(True)
        return label

    def _buttons(self, *, has_open: bool) -> QHBoxLayout:
        row = QHBoxLayout()
        self.show_report = QPushButton(self.tr("Show the report"), self)
        self.show_report.setCheckable(True)
        self.show_report.toggled.connect(self._on_show_toggled)
        self.copy = QPushButton(self.tr("Copy"), self)
        self.copy.setAccessibleName(self.tr("Copy the report"))
        self.copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self.ended.report))
        self.save = QPushButton(self.tr("Save…"), self)
        self.save.setAccessibleName(self.tr("Save the report"))
        self.save.clicked.connect(self._on_save_clicked)
        for button in (self.show_report, self.copy, self.save):
            row.addWidget(button)
        row.addStretch(1)
        close = QPushButton(self.tr("Close"), self)
        close.clicked.connect(self.reject)
        row.addWidget(close)
        self.open_again = QPushButton(self.tr("Open it again"), self)
        self.open_again.clicked.connect(self._on_open_clicked)
        first = self.open_again if has_open else close
        first.setProperty("primary", "true")
        first.setDefault(True)
        first.setFocus()
        row.addWidget(self.open_again)
        if not has_open:
            self.open_again.hide()
        return row

    def _on_show_toggled(self, is_on: bool) -> None:
        self.report.setVisible(is_on)
        self.show_report.setText(self.tr("Hide the report") if is_on else self.tr("Show the report"))
        self.adjustSize()

    def _on_save_clicked(self) -> None:
        name, _ = QFileDialog.getSaveFileName(self, self.tr("Save the report"), "prodlabel-report.txt")
        if name:
            self.save_wanted.emit(Path(name))

    def _on_open_clicked(self) -> None:
        self.accept()
        self.open_wanted.emit(self.ended.project)
