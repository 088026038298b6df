"""One import into the open project: read and written by a worker, then its pictures; says how it ended.

Invariant: it ends exactly once per `begin`; what came in before a fault or a cancel stays, and `begin` goes
on from there. Nobody has to watch it: the dialog may close while it runs.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from enum import Enum
from typing import Any

from PySide6.QtCore import QObject, Signal

from prodlabel.core.errors import UserError
from prodlabel.core.products import ProblemReport
from prodlabel.core.progress import Progress, ProgressState
from prodlabel.gui.jobs import ImportJob, Part, look_at_pictures
from prodlabel.gui.messages import Messages
from prodlabel.gui.session import Session
from prodlabel.gui.tasks import Callbacks, Task, Tasks
from prodlabel.operations.importing import IMPORTER, ImportReport

MakeJob = Callable[[], ImportJob]


class Stage(Enum):
    """How far an import is."""

    WAITING = "waiting"
    READING = "reading"
    PICTURES = "pictures"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


_OVER = frozenset({Stage.DONE, Stage.FAILED, Stage.CANCELLED})


class Intake(QObject):
    """Collaborators: `Session`, `Tasks`. Signals: `moved` (something is new to show), `ended`."""

    moved = Signal()
    ended = Signal()

    def __init__(
        self, make_job: MakeJob, session: Session, tasks: Tasks, messages: Messages, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._make_job = make_job
        self.session, self._tasks, self._messages = session, tasks, messages
        self.stage = Stage.WAITING
        self.error: BaseException | None = None
        self.expected: int | None = None
        self._begun_s = 0.0
        self.job = make_job()
        self._task: Task | None = None
        self._last: Task | None = None
        tasks.changed.connect(self._on_tasks_changed)

    @property
    def report(self) -> ImportReport:
        """What has come in so far."""
        return self.job.report

    @property
    def count(self) -> int:
        """Products that have come in so far, or were there already."""
        return self.report.added + self.report.changed + self.report.same

    @property
    def fraction(self) -> float | None:
        """How much is done, from 0 to 1; None where nobody knows."""
        if self.stage is Stage.READING and self.expected:
            return min(1.0, self.count / self.expected)
        return None if self.state is None else self.state.fraction

    @property
    def left_s(self) -> float | None:
        """Seconds that are left, as far as can be told."""
        if self.stage is Stage.READING and self.expected:
            return (self.expected - self.count) * (time.monotonic() - self._begun_s) / max(1, self.count)
        return None if self.state is None else self.state.left_s

    @property
    def is_over(self) -> bool:
        return self.stage in _OVER

    @property
    def state(self) -> ProgressState | None:
        """The work that is under way now, where it said anything yet."""
        return None if self._task is None else self._task.state

    def begin(self) -> None:
        """Read; or read again what a fault or a cancel has left out."""
        if self.stage is not Stage.WAITING:
            self._end_of_thread()
            self.job = self._make_job()
        self.error = None
        self._begun_s = time.monotonic()
        self.stage = Stage.READING
        self._start(self.tr("Importing"), self.job.read, self._on_read)

    def cancel(self) -> None:
        """Stop; what came in stays."""
        if self._task is not None and not self.is_over:
            self._tasks.cancel(self._task)

    def retry_pictures(self) -> None:
        """Fetch again the pictures that could not be had."""
        if self.is_over and self.job.failures:
            self.stage = Stage.READING
            self._start(self.tr("Fetching pictures"), self.job.retry_pictures, self._on_read)

    def _end_of_thread(self) -> None:
        """A worker that was cancelled ends within 0.2 seconds: it must not read on beside the next one."""
        if self._last is not None:
            self._last.join(2.0)

    def _start(self, title: str, work: Callable[[Progress], Any], done: Callable[[Any], object]) -> None:
        self._task = self._tasks.start(title, work, Callbacks(done, self._on_failed, self._take))
        self.moved.emit()

    def _take(self, part: Part) -> None:
        with self._messages.guard():
            part.keep(self.session.project)
        self.moved.emit()

    def _on_read(self, _: object) -> None:
        with self._messages.guard():
            self.job.finish()
        self.session.catch_up()
        project, rows = self.session.project, self.report.picture_rows
        seat, snapshot = project.seat, project.snapshot()
        self.stage, is_apart = Stage.PICTURES, self.job.pictures_apart
        self._start(
            self.tr("Looking at pictures"),
            lambda progress: look_at_pictures(seat, snapshot, rows, progress, is_apart=is_apart),
            self._on_pictures_seen,
        )

    def _on_pictures_seen(self, seen: ProblemReport) -> None:
        self.report.note_all(seen)
        self._end(Stage.DONE)

    def _on_failed(self, error: BaseException) -> None:
        self.error = error
        self.session.catch_up()
        if not isinstance(error, UserError):
            self._messages.report(error)
        self._end(Stage.FAILED)

    def _on_tasks_changed(self) -> None:
        if self._task is None or self.is_over:
            return
        if self._task.is_cancelled:
            self.session.project.catch_up(initiator=IMPORTER)
            self.session.catch_up()
            self._end(Stage.CANCELLED)
            return
        self.moved.emit()

    def _end(self, stage: Stage) -> None:
        self.stage, self._last, self._task = stage, self._task, None
        self.moved.emit()
        self.ended.emit()
