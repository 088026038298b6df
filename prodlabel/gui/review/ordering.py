"""Orders the queues in the background, and again when results or products have changed.

Invariant: never twice at once; what changed meanwhile is ordered afterwards.
"""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from prodlabel.gui.messages import Messages
from prodlabel.gui.review.board import Board, make_board
from prodlabel.gui.session import Session
from prodlabel.gui.tasks import Callbacks, Task, Tasks
from prodlabel.operations.child import run_in_child

_COMING_MS = 100


class Ordering(QObject):
    """Collaborators: `Session`, `Tasks`; the `place` in which queues are shown: out of sight nothing is
    ordered. Signals: `ordered` with a `Board`, `changed` where there is something else to say."""

    ordered = Signal(object)
    changed = Signal()

    def __init__(self, session: Session, tasks: Tasks, messages: Messages, place: QWidget) -> None:
        super().__init__(place)
        self._session, self._tasks, self._messages, self._place = session, tasks, messages, place
        self._is_making = self._is_stale = False
        self._task: Task | None = None
        self._coming = QTimer(self)
        self._coming.setSingleShot(True)
        self._coming.setInterval(_COMING_MS)
        self._coming.timeout.connect(self._on_coming_timeout)
        tasks.changed.connect(self._on_tasks_changed)
        session.results_changed.connect(self._on_changed)
        session.products_changed.connect(self._on_changed)

    @property
    def is_making(self) -> bool:
        """Whether queues are being ordered."""
        return self._is_making

    @property
    def is_coming(self) -> bool:
        """Whether other queues are about to come."""
        return self._is_making or self._coming.isActive()

    @property
    def is_stale(self) -> bool:
        """Whether something changed since the queues were ordered."""
        return self._is_stale

    def begin(self) -> None:
        """Order the queues anew."""
        session = self._session
        if not self._is_making and len(session.columns):
            self._is_making, self._is_stale = True, False
            folder, person = session.project.folder, session.project.person
            self._task = None
            self._task = self._tasks.start(
                self.tr("Ordering queues"),
                lambda progress: run_in_child(make_board, folder, person, progress=progress),
                Callbacks(self._take, self._on_failed),
            )
        self.changed.emit()

    def _take(self, board: Board) -> None:
        self._is_making = False
        self.ordered.emit(board)
        if self._is_stale:
            self._coming.start()

    def _on_failed(self, error: BaseException) -> None:
        self._is_making = False
        self._messages.report(error)
        self.changed.emit()

    def _on_changed(self) -> None:
        self._is_stale = True
        if self._place.isVisible():
            # A training brings a version and suggestions at one stroke: one board for both.
            self._coming.start()

    def _on_coming_timeout(self) -> None:
        if self._is_stale and self._place.isVisible():
            self.begin()

    def _on_tasks_changed(self) -> None:
        if self._is_making and self._task is not None and self._task.is_cancelled:
            # Cancelled: nobody calls back.
            self._is_making, self._is_stale = False, True
            self.changed.emit()
