"""Fetches texts, pictures and search results of the open project in one thread of its own.

Invariant: the thread alone touches its connections; of several askings in one lane only the newest is
answered. Results arrive in the GUI thread; after `close` nothing arrives.
"""

from __future__ import annotations

import itertools
import threading
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import QImage, QPixmap

from prodlabel.gui.desk import Desk
from prodlabel.store.sources import SourceInfo

T = TypeVar("T")
_Job = tuple[int, Callable[[Desk], Any]]
_REMEMBERED = 4000
"""Thumbnails kept decoded: some 200 MB at worst, far more than any screen shows at once."""
_BATCH = 48


class Librarian(QObject):
    """Signals: `thumbnails_arrived` with product ids whose pixmaps are there now, `failed` with an error.

    `shows_unseen`: pictures at which no import has looked yet are decoded here, in the program itself.
    """

    thumbnails_arrived = Signal(object)
    failed = Signal(object)
    _answered = Signal(int, object, object)

    def __init__(self, folder: Path, sources: dict[int, SourceInfo], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._folder = folder
        self.shows_unseen = True
        self._sources = dict(sources)
        self._jobs: OrderedDict[str, _Job] = OrderedDict()
        self._current: dict[str, int] = {}
        self._receivers: dict[int, Callable[[Any], object]] = {}
        self._numbers = itertools.count(1)
        self._wake = threading.Condition()
        self._is_closed = False
        self._pixmaps: OrderedDict[int, QPixmap | None] = OrderedDict()
        self._wanted: dict[int, None] = {}
        self._asked: set[int] = set()
        self._answered.connect(self._on_answered, Qt.ConnectionType.QueuedConnection)
        self._thread = threading.Thread(target=self._run, name="librarian")
        self._thread.start()

    @property
    def is_busy(self) -> bool:
        """Whether somebody still waits for an answer."""
        return bool(self._receivers) or bool(self._wanted)

    def ask(self, lane: str, work: Callable[[Desk], T], receive: Callable[[T], object]) -> None:
        """Run `work` at the desk and hand its result to `receive`; replaces what waits in the same lane."""
        number = next(self._numbers)
        self.forget(lane)
        with self._wake:
            self._jobs[lane] = (number, work)
            self._current[lane] = number
            self._receivers[number] = receive
            self._wake.notify()

    def forget(self, lane: str) -> None:
        """Drop what waits in a lane and do not listen to what is under way in it."""
        with self._wake:
            self._jobs.pop(lane, None)
            current = self._current.pop(lane, None)
            if current is not None:
                self._receivers.pop(current, None)

    def pixmap(self, product_id: int) -> QPixmap | None:
        """The thumbnail where it is there; otherwise None, and `thumbnails_arrived` when it has come."""
        if product_id in self._pixmaps:
            self._pixmaps.move_to_end(product_id)
            return self._pixmaps[product_id]
        if product_id not in self._asked:
            # Newest first: what was asked for last is what is on the screen now.
            self._wanted[product_id] = None
            self._ask_for_wanted()
        return None

    def know_sources(self, sources: dict[int, SourceInfo]) -> None:
        """Pictures of sources that were imported since are found from now on."""
        self._sources.update(sources)

    def forget_thumbnails(self) -> None:
        """Pictures changed: fetch them anew when they are shown."""
        self._pixmaps.clear()

    def close(self) -> None:
        """End the thread and wait for it."""
        with self._wake:
            self._is_closed = True
            self._jobs.clear()
            self._receivers.clear()
            self._wake.notify()
        self._thread.join()

    def _ask_for_wanted(self) -> None:
        if self._asked or not self._wanted:
            return
        batch = list(reversed(self._wanted))[:_BATCH]
        for product_id in batch:
            del self._wanted[product_id]
        if len(self._wanted) > 10 * _BATCH:
            self._wanted.clear()  # scrolled past long ago; asked for again when shown again
        self._asked = set(batch)
        self.ask("thumbnails", lambda desk: desk.thumbnails(batch), self._on_thumbnails)

    def _on_thumbnails(self, images: dict[int, QImage | None]) -> None:
        for product_id, image in images.items():
            self._pixmaps[product_id] = None if image is None else QPixmap.fromImage(image)
        while len(self._pixmaps) > _REMEMBERED:
            self._pixmaps.popitem(last=False)
        self._asked.clear()
        self.thumbnails_arrived.emit(list(images))
        self._ask_for_wanted()

    @Slot(int, object, object)
    def _on_answered(self, number: int, value: Any, error: BaseException | None) -> None:
        receive = self._receivers.pop(number, None)
        if receive is None or self._is_closed:
            return
        if error is not None:
            self._asked.clear()
            self.failed.emit(error)
            return
        receive(value)

    def _run(self) -> None:
        desk: Desk | None = None
        try:
            while (job := self._next_job()) is not None:
                number, work = job
                try:
                    desk = desk or Desk(self._folder, self._sources)
                    desk.shows_unseen = self.shows_unseen
                    self._answered.emit(number, work(desk), None)
                except Exception as error:  # noqa: BLE001 - errors travel as values to the GUI thread
                    self._answered.emit(number, None, error)
        finally:
            if desk is not None:
                desk.close()

    def _next_job(self) -> _Job | None:
        with self._wake:
            while not self._jobs and not self._is_closed:
                self._wake.wait()
            if self._is_closed:
                return None
            # Thumbnails may wait; what somebody reads may not.
            lane = next((lane for lane in self._jobs if lane != "thumbnails"), "thumbnails")
            return self._jobs.pop(lane)
