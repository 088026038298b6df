"""An import while it runs, and what it came to: counts, odd rows, pictures that could not be had.

Invariant: shows an `Intake` and changes nothing of it but by `cancel`, `begin` (go on) and `retry_pictures`.
"""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QVBoxLayout, QWidget
from typing_extensions import override

from prodlabel.core.errors import UserError
from prodlabel.gui.boxes import TickBox
from prodlabel.gui.dialogs.page import Page, button
from prodlabel.gui.dialogs.problem_list import ProblemList
from prodlabel.gui.dialogs.progress_text import left_text
from prodlabel.gui.intake import Intake, Stage
from prodlabel.gui.labels import set_tone, toned
from prodlabel.gui.messages import Messages
from prodlabel.gui.theme import Theme
from prodlabel.operations.importing import ImportReport


class RunPage(Page):
    """Signals: `show_wanted` (close, and select what came in)."""

    show_wanted = Signal()

    def __init__(self, messages: Messages, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.intake: Intake | None = None
        self.counts = toned("", "huge", self)
        self.state = toned("", "dim", self)
        self.bar = QProgressBar(self)
        self.bar.setTextVisible(False)
        self.cancel = button(self.tr("Stop the import"), self._cancel, self)
        self.go_on = button(self.tr("Go on"), self._go_on, self)
        self.retry = button(self.tr("Fetch the pictures again"), self._retry, self)
        self.credit = toned("", "dim", self)
        self.problems = ProblemList(self)
        self.problems.failed.connect(messages.report)
        self.make_map = TickBox(self.tr("Then make the map, train and suggest categories"), self)
        self._lay_out()

    @property
    @override
    def heading(self) -> str:
        if self.intake is None or not self.intake.is_over:
            return self.tr("Importing")
        return {
            Stage.DONE: self.tr("The products are in"),
            Stage.FAILED: self.tr("The import stopped"),
            Stage.CANCELLED: self.tr("The import was stopped"),
        }[self.intake.stage]

    @property
    @override
    def lead(self) -> str:
        return "" if self.intake is None else self.intake.report.title

    @property
    @override
    def next_text(self) -> str:
        if self.intake is None or not self.intake.is_over:
            return self.tr("Go on in the background")
        return self.tr("Show them") if self.intake.report.product_ids else self.tr("Close")

    def watch(self, intake: Intake) -> None:
        """Show this import."""
        self.intake = intake
        intake.moved.connect(self._show)
        intake.ended.connect(self._show)
        self._show()

    def _show(self) -> None:
        intake = self.intake
        if intake is None:
            return
        report, is_over = intake.report, intake.is_over
        self.counts.setText(self._counted(report))
        for widget in (self.bar, self.cancel):
            widget.setVisible(not is_over)
        self._show_state(intake)
        failed = [one for one in intake.job.failures if one.can_retry] if is_over else []
        self.retry.setVisible(bool(failed))
        self.retry.setText(self.tr("Fetch {0:,} pictures again").format(len(failed)))
        self.go_on.setVisible(is_over and (intake.stage is not Stage.DONE or self._fault() is not None))
        self.make_map.setVisible(not is_over or (intake.stage is Stage.DONE and bool(report.product_ids)))
        self.credit.setText("\n".join(intake.job.credits))
        self.credit.setVisible(bool(intake.job.credits))
        if is_over:
            self.problems.show_problems(report.problems, report.problem_counts)
        else:
            self.problems.hide()
        self.changed.emit()

    def _counted(self, report: ImportReport) -> str:
        parts = [
            (report.added, self.tr("{0:,} new")),
            (report.changed, self.tr("{0:,} changed")),
            (report.same, self.tr("{0:,} as before")),
        ]
        said = [text.format(count) for count, text in parts if count]
        return " · ".join(said) or self.tr("No products yet")

    def _fault(self) -> UserError | None:
        return None if self.intake is None else self.intake.job.stopped_by

    def _show_state(self, intake: Intake) -> None:
        fault = intake.error or self._fault()
        set_tone(self.state, "warn" if intake.is_over and fault is not None else "dim")
        if not intake.is_over:
            state, fraction = intake.state, intake.fraction
            self.bar.setRange(0, 0 if fraction is None else 1000)
            self.bar.setValue(0 if fraction is None else round(1000 * fraction))
            self.state.setText("" if state is None else left_text(state.stage, intake.left_s))
        elif fault is not None:
            self.state.setText(str(fault))
        elif intake.stage is Stage.CANCELLED:
            self.state.setText(self.tr("What came in stays. “Go on” takes the rest."))
        else:
            self.state.setText(self.tr("One step in the history; Ctrl+Z takes it back."))

    def _cancel(self) -> None:
        if self.intake is not None:
            self.intake.cancel()

    def _go_on(self) -> None:
        if self.intake is not None:
            self.intake.begin()

    def _retry(self) -> None:
        if self.intake is not None:
            self.intake.retry_pictures()

    def _lay_out(self) -> None:
        theme = Theme.now()
        for label in (self.state, self.credit):
            label.setWordWrap(True)
        buttons = QHBoxLayout()
        buttons.setSpacing(theme.px(8))
        for one in (self.cancel, self.go_on, self.retry):
            buttons.addWidget(one)
        buttons.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, theme.px(16), 0, 0)
        layout.setSpacing(theme.px(12))
        layout.addWidget(self.counts)
        layout.addWidget(self.bar)
        layout.addWidget(self.state)
        layout.addLayout(buttons)
        layout.addWidget(self.make_map)
        layout.addWidget(self.problems, 100)
        layout.addWidget(self.credit)
        layout.addStretch(1)
