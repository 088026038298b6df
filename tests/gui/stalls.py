"""A watchdog over the GUI thread: how long it did not come back to its event loop, and what it did then.

Invariant: it only looks on; what it costs the GUI thread is one empty timer event every few milliseconds.
"""

from __future__ import annotations

import faulthandler
import re
import threading
import time
from dataclasses import dataclass
from tempfile import TemporaryFile

from PySide6.QtCore import QObject, Qt, QTimer

_BEAT_MS = 2
_WORTH_A_SAMPLE_S = 0.025
_MIDDLE_S = 0.02
"""After so much work in one turn the GUI thread is looked at again: before, it may only have waited."""
_LINES = 7
_FRAME = re.compile(r'File "([^"]+)", line (\d+) in (.*)')
_IS_DULL = re.compile("importlib|sqlalchemy|contextlib")


@dataclass(frozen=True, slots=True)
class Stall:
    """`gap_ms` between two turns of the event loop; `busy_ms` of it the GUI thread had the processor.

    `where` is what the thread was doing in the middle of it, innermost first; empty for a short one.
    """

    gap_ms: float
    busy_ms: float
    where: tuple[str, ...] = ()


class StallWatch(QObject):
    """Collaborators: the event loop of the thread that makes it. Use as a context."""

    def __init__(self) -> None:
        super().__init__()
        self.stalls: list[Stall] = []
        self._thread_id = threading.get_ident()
        self._beat_s, self._busy_s = time.perf_counter(), time.thread_time()
        self._sample: tuple[str, ...] = ()
        self._is_sampled_at_work = False
        self._timer = QTimer(self, interval=_BEAT_MS)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._on_timer_timeout)
        self._has_ended = threading.Event()
        self._sampler = threading.Thread(target=self._look, name="stall sampler")

    def __enter__(self) -> StallWatch:
        self._on_timer_timeout()
        self.stalls.clear()
        self._timer.start()
        self._sampler.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.stop()
        self._has_ended.set()
        self._sampler.join()

    @property
    def worst(self) -> Stall:
        return max(self.stalls, key=lambda stall: stall.gap_ms, default=Stall(0.0, 0.0))

    @property
    def busiest(self) -> Stall:
        """The stall that other programs on the machine have no part in."""
        return max(self.stalls, key=lambda stall: stall.busy_ms, default=Stall(0.0, 0.0))

    def longest(self, count: int) -> list[Stall]:
        """Those in which the GUI thread itself worked longest."""
        return sorted(self.stalls, key=lambda stall: -stall.busy_ms)[:count]

    def _on_timer_timeout(self) -> None:
        now, busy = time.perf_counter(), time.thread_time()
        gap, worked = now - self._beat_s, busy - self._busy_s
        self._beat_s, self._busy_s = now, busy
        where, self._sample, self._is_sampled_at_work = self._sample, (), False
        if gap >= _WORTH_A_SAMPLE_S:
            self.stalls.append(Stall(1e3 * gap, 1e3 * worked, where))

    def _look(self) -> None:
        """The sampler's thread: notes where the GUI thread is in a stall, once more at work."""
        clock = getattr(time, "pthread_getcpuclockid", lambda _: None)(self._thread_id)
        with TemporaryFile() as file:
            while not self._has_ended.wait(0.005):
                is_late = time.perf_counter() - self._beat_s >= _WORTH_A_SAMPLE_S and not self._sample
                is_busy = clock is not None and time.clock_gettime(clock) - self._busy_s >= _MIDDLE_S
                if is_late or (is_busy and not self._is_sampled_at_work):
                    self._is_sampled_at_work = is_busy
                    # Not `sys._current_frames`: a frame that is held keeps the painters in it alive, and a
                    # painter that outlives its paint event takes the process down.
                    file.seek(0)
                    file.truncate()
                    faulthandler.dump_traceback(file, all_threads=True)
                    file.seek(0)
                    self._sample = self._read(file.read().decode())

    def _read(self, dump: str) -> tuple[str, ...]:
        """The lines of the GUI thread, innermost first."""
        part = dump.partition(f"{self._thread_id:#018x} (most recent call first):\n")[2].partition("\n\n")[0]
        found = [f"{_short(m[1])}:{m[2]} {m[3]}" for m in _FRAME.finditer(part) if not _IS_DULL.search(m[1])]
        return tuple(found[:_LINES])


def _short(path: str) -> str:
    """The last part of a file's path that tells it from others."""
    return "/".join(path.replace("\\", "/").split("/")[-2:])


def told(stalls: list[Stall]) -> str:
    """The stalls as lines to print."""
    return "\n".join(
        f"{stall.gap_ms:7.0f} ms, {stall.busy_ms:5.0f} ms busy: {' < '.join(stall.where)}" for stall in stalls
    )
