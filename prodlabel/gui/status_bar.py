"""The status bar: what undo would take back, the job under way with its cancel, the classifier in use.

Invariant: it shows what tasks and session say and keeps no count of its own.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QPushButton, QWidget

from prodlabel.gui.job_list import JobList, show_progress, time_left
from prodlabel.gui.labels import ElidedLabel, toned
from prodlabel.gui.phrases import phrase
from prodlabel.gui.tasks import Task, Tasks
from prodlabel.gui.theme import STATUS_PX, Theme

if TYPE_CHECKING:
    from prodlabel.gui.session import Session
    from prodlabel.project.results import ResultInfo

_MINUTE_MS = 60_000


class StatusBar(QWidget):
    """Signals: `cancel_wanted` with the task, `person_wanted` (ask who decides)."""

    cancel_wanted = Signal(object)
    person_wanted = Signal()

    def __init__(self, tasks: Tasks, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("status")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._tasks = tasks
        self._session: Session | None = None
        self.undo = ElidedLabel()
        self.undo.setProperty("tone", "dim")
        self.job = toned("", "dim")
        self.bar = QProgressBar(self)
        self.bar.setTextVisible(False)
        self.left = toned("", "dim")
        self.cancel = QPushButton(self.tr("cancel"), self)
        self.cancel.setProperty("link", "true")
        self.cancel.clicked.connect(self._on_cancel_clicked)
        self.more = QPushButton(self)
        self.more.setProperty("link", "true")
        self.more.setToolTip(self.tr("All jobs under way"))
        self.jobs = JobList(tasks, self)
        self.jobs.cancel_wanted.connect(self.cancel_wanted)
        self.more.clicked.connect(lambda *_: self.jobs.open_above(self.more))
        self.counts = toned("", "dim")
        self.classifier = toned("", "dim")
        self.person = QPushButton(self)
        self.person.setProperty("link", "true")
        self.person.setToolTip(self.tr("Who decides: the name beside each decision in the history"))
        self.person.clicked.connect(lambda *_: self.person_wanted.emit())
        self.retraining = toned("", "dim")
        theme = Theme.now()
        self.bar.setFixedWidth(theme.px(120))
        self.setFixedHeight(theme.px(STATUS_PX))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(theme.px(14), 0, theme.px(14), 0)
        layout.setSpacing(theme.px(8))
        layout.addWidget(self.undo, 1)
        for widget in (self.job, self.bar, self.left, self.cancel, self.more):
            layout.addWidget(widget)
        layout.addSpacing(theme.px(12))
        layout.addWidget(self.counts)
        layout.addSpacing(theme.px(12))
        layout.addWidget(self.classifier)
        layout.addSpacing(theme.px(12))
        layout.addWidget(self.person)
        layout.addWidget(self.retraining)
        tasks.changed.connect(self._show_job)
        self._show_job()
        self._minute = QTimer(self, interval=_MINUTE_MS)
        self._minute.timeout.connect(self._show_classifier)
        self._minute.start()

    def serve(self, session: Session | None) -> None:
        """Speak of this project from now on."""
        self._session = session
        if session is not None:
            session.history_changed.connect(lambda: session.turns.ask_later(self, self._show_undo))
            session.results_changed.connect(self._show_classifier)
            session.people_changed.connect(self._show_person)
            for signal in (session.selection_changed, session.filter_changed, session.products_changed):
                signal.connect(self._show_counts)
        self._show_undo()
        self._show_person()
        self._show_counts()
        self._show_classifier()

    def show_retraining(self, text: str) -> None:
        """When the classifier will learn the newest corrections."""
        self.retraining.setText(f"·  {text}" if text else "")

    def _show_undo(self) -> None:
        text = None if self._session is None else self._session.project.undo_text()
        self.undo.setText("" if text is None else self.tr("Undo: {0}").format(phrase(text)))

    def _show_person(self) -> None:
        name = "" if self._session is None else self._session.project.person
        self.person.setText(name)
        self.person.setAccessibleName(self.tr("Who decides: {0}").format(name))
        self.person.setVisible(bool(name))

    def _show_counts(self) -> None:
        session = self._session
        if session is None:
            self.counts.setText("")
            return
        parts = []
        if not session.filter.is_empty:
            parts.append(self.tr("{0:,} shown").format(int(session.visible.sum())))
        if session.selection.rows.count:
            parts.append(self.tr("{0:,} selected").format(session.selection.rows.count))
        self.counts.setText(" · ".join(parts))

    def _show_classifier(self) -> None:
        found = None if self._session is None else _classifier_in_use(self._session)
        if found is None:
            self.classifier.setText("")
            return
        accuracy = found.figures.get("accuracy")
        parts = [self.tr("Classifier {0}").format(found.name)]
        if isinstance(accuracy, float):
            parts.append(f"{100 * accuracy:.1f} %")
        parts.append(self._ago(time.time() - found.made_at_us / 1e6))
        self.classifier.setText(" · ".join(parts))

    def _ago(self, seconds: float) -> str:
        if seconds < 90:
            return self.tr("just now")
        if seconds < 5400:
            return self.tr("{0:.0f} min ago").format(seconds / 60)
        if seconds < 129_600:
            return self.tr("{0:.0f} h ago").format(seconds / 3600)
        return self.tr("{0:.0f} days ago").format(seconds / 86_400)

    def _current(self) -> Task | None:
        running = self._tasks.running
        return running[-1] if running else None

    def _show_job(self) -> None:
        task = self._current()
        for widget in (self.job, self.bar, self.left, self.cancel):
            widget.setVisible(task is not None)
        others = len(self._tasks.running) - 1
        self.more.setVisible(others > 0)
        self.more.setText(self.tr("and {0} more").format(others))
        if task is None:
            return
        state = task.state
        self.job.setText(task.title if state is None else phrase(state.stage))
        show_progress(self.bar, task)
        parts = []
        if state is not None and state.total:
            parts.append(self.tr("{0:,} of {1:,}").format(state.done, state.total))
        if state is not None and state.left_s is not None:
            parts.append(time_left(state.left_s))
        self.left.setText(" · ".join(parts))

    def _on_cancel_clicked(self) -> None:
        task = self._current()
        if task is not None:
            self.cancel_wanted.emit(task)


def _classifier_in_use(session: Session) -> ResultInfo | None:
    from prodlabel.project.results import CLASSIFIER, SUGGESTIONS  # not before there is a project

    results = session.project.results
    return results.current(CLASSIFIER) or results.current(SUGGESTIONS)
