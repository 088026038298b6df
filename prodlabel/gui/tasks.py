"""Work in the background: a plain function in a thread of its own, heard of only through the GUI thread.

Invariant: after `Task.cancel` returned, none of the task's callbacks runs; whatever the worker still says is
dropped where it arrives.
"""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal, Slot

from prodlabel.core.progress import CancelToken, Progress, ProgressState

Work = Callable[[Progress], Any]


class _Says(Enum):
    PROGRESS = "progress"
    PARTIAL = "partial"
    DONE = "done"
    FAILED = "failed"


def _ignore(_: Any) -> None:
    """Nobody listens."""


def _nobody() -> None:
    """Nobody minds a cancel."""


@dataclass(frozen=True, slots=True)
class Callbacks:
    """Whom a task tells; each is called in the GUI thread."""

    on_done: Callable[[Any], object] = _ignore
    on_failed: Callable[[BaseException], object] = _ignore
    on_partial: Callable[[Any], object] = _ignore
    on_cancelled: Callable[[], object] = _nobody


class Task:
    """One job as the GUI thread sees it; made by `Tasks.start`."""

    def __init__(
        self, number: int, title: str, callbacks: Callbacks, token: CancelToken, *, is_of_pane: bool = True
    ) -> None:
        self.number = number
        self.title = title
        self.is_of_pane = is_of_pane
        self.state: ProgressState | None = None
        self.is_over = False
        self._callbacks = callbacks
        self._token = token
        self._thread: threading.Thread | None = None

    @property
    def is_cancelled(self) -> bool:
        """Whether it is over because somebody cancelled it."""
        return self._token.is_cancelled

    def cancel(self) -> None:
        """Ask the worker to stop and stop listening to it."""
        self.is_over = True
        self._token.cancel()

    def hear(self, says: _Says, value: Any) -> None:
        """Pass on what the worker said, unless the task is over."""
        if self.is_over:
            return
        match says:
            case _Says.PROGRESS:
                self.state = value
            case _Says.PARTIAL:
                self._callbacks.on_partial(value)
            case _Says.DONE:
                self.is_over = True
                self._callbacks.on_done(value)
            case _Says.FAILED:
                self.is_over = True
                self._callbacks.on_failed(value)

    def tell_cancelled(self) -> None:
        """Say to whoever waits that nothing will come: the last that is heard of it."""
        self._callbacks.on_cancelled()

    def launch(self, run: Callable[[], None]) -> None:
        self._thread = threading.Thread(target=run, name=f"task {self.number}: {self.title}")
        self._thread.start()

    def join(self, timeout_s: float) -> bool:
        """Wait for the thread to end; whether it did."""
        if self._thread is None:
            return True
        self._thread.join(timeout_s)
        return not self._thread.is_alive()


class Tasks(QObject):
    """All jobs. Signals: `changed` whenever a job starts, moves on or ends."""

    changed = Signal()
    _said = Signal(int, object, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tasks: dict[int, Task] = {}
        self._numbers = itertools.count(1)
        # Queued even from the GUI thread, so that a callback never runs inside the call that caused it.
        self._said.connect(self._on_said, Qt.ConnectionType.QueuedConnection)

    @property
    def running(self) -> list[Task]:
        """The jobs under way, oldest first."""
        return [task for task in self._tasks.values() if not task.is_over]

    def start(
        self, title: str, work: Work, callbacks: Callbacks | None = None, *, is_of_pane: bool = True
    ) -> Task:
        """Run `work(progress)` in a thread of its own. What it returns or raises reaches the callbacks.

        `is_of_pane`: a pane waits for the answer, which nobody wants once the pane is gone.
        """
        token = CancelToken()
        task = Task(next(self._numbers), title, callbacks or Callbacks(), token, is_of_pane=is_of_pane)
        self._tasks[task.number] = task
        progress = Progress(
            listener=lambda state: self._said.emit(task.number, _Says.PROGRESS, state),
            partial_listener=lambda partial: self._said.emit(task.number, _Says.PARTIAL, partial),
            token=token,
        )

        def run() -> None:
            try:
                outcome = work(progress)
            except BaseException as error:  # noqa: BLE001 - errors travel as values to the GUI thread
                self._said.emit(task.number, _Says.FAILED, error)
            else:
                self._said.emit(task.number, _Says.DONE, outcome)

        task.launch(run)
        self.changed.emit()
        return task

    def cancel(self, task: Task) -> None:
        """Cancel one job; when this returns, none of its callbacks runs any more."""
        was_under_way = not task.is_over
        task.cancel()
        if was_under_way:
            task.tell_cancelled()
        self.changed.emit()

    def shut_down(self, timeout_s: float = 10.0) -> list[str]:
        """Cancel everything and wait; returns the titles of jobs that did not end in time."""
        for task in self._tasks.values():
            task.cancel()
        late = [task.title for task in self._tasks.values() if not task.join(timeout_s)]
        self._tasks.clear()
        self.changed.emit()
        return late

    @Slot(int, object, object)
    def _on_said(self, number: int, says: _Says, value: Any) -> None:
        task = self._tasks.get(number)
        if task is None:
            return
        if says in (_Says.DONE, _Says.FAILED):
            task.join(1.0)
            del self._tasks[number]
        try:
            task.hear(says, value)
        finally:
            self.changed.emit()
