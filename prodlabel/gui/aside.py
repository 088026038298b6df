"""Work that would hold the window up: done beside it, in a thread that ends by itself.

Invariant: of several askings the newest counts; what an older one brings is dropped. Answers arrive in
the GUI thread; after `close` nothing arrives.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any, TypeVar

from PySide6.QtCore import QObject, Qt, Signal, Slot

T = TypeVar("T")
_Job = tuple[int, Callable[[], Any]]


class Aside(QObject):
    """One thing that is worked out beside the window. Signals: `failed` with the error of a work."""

    failed = Signal(object)
    _answered = Signal(int, object, object)

    def __init__(self, name: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._name = name
        self._number = 0
        self._take: Callable[[Any], object] | None = None
        self._next: _Job | None = None
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._is_closed = False
        self._answered.connect(self._on_answered, Qt.ConnectionType.QueuedConnection)

    @property
    def is_busy(self) -> bool:
        """Whether an answer is still to come."""
        return self._take is not None

    def ask(self, work: Callable[[], T], take: Callable[[T], object]) -> None:
        """Run `work` and hand what it returns to `take`; replaces what was asked for before. After `close`
        nothing is run: whoever asks is about to go."""
        if self._is_closed:
            return
        self._number += 1
        self._take = take
        with self._lock:
            self._next = (self._number, work)
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name=self._name)
                self._thread.start()

    def drop(self) -> None:
        """Nobody wants the answer any more."""
        self._number += 1
        self._take = None
        with self._lock:
            self._next = None

    def close(self) -> None:
        """As `settle`, for good."""
        self._is_closed = True
        self.settle()

    def settle(self) -> None:
        """Drop everything and wait for the thread."""
        self.drop()
        with self._lock:
            thread = self._thread
        if thread is not None:
            thread.join()

    def _run(self) -> None:
        while True:
            with self._lock:
                job, self._next = self._next, None
                if job is None:
                    self._thread = None
                    return
            number, work = job
            try:
                answer = work()
            except Exception as error:  # noqa: BLE001 - errors travel as values to the GUI thread
                self._answered.emit(number, None, error)
            else:
                self._answered.emit(number, answer, None)

    @Slot(int, object, object)
    def _on_answered(self, number: int, answer: Any, error: BaseException | None) -> None:
        take = self._take
        if number != self._number or take is None:
            return
        self._take = None
        if error is not None:
            self.failed.emit(error)
        else:
            take(answer)
