"""How long work reports what it does and notices that it shall stop.

A worker is a plain function that is handed a `Progress`. It opens a `stage`, calls `advance` at least five
times a second, and may `offer` partial results. A cancel surfaces as `Cancelled` from the next call, in the
worker's own thread, so that a worker can only stop at a point where it chose to report.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from prodlabel.core.errors import Cancelled

Clock = Callable[[], float]


class CancelToken:
    """A one-way switch: once set it stays set. Safe to share between threads."""

    def __init__(self) -> None:
        self._event = threading.Event()

    @property
    def is_cancelled(self) -> bool:
        return self._event.is_set()

    def cancel(self) -> None:
        self._event.set()

    def raise_if_cancelled(self) -> None:
        if self._event.is_set():
            raise Cancelled


@dataclass(frozen=True, slots=True)
class ProgressState:
    """One moment of a job, as shown to the user. Counts are of `unit`s; times are seconds."""

    stage: str
    done: int
    total: int | None
    unit: str
    elapsed_s: float
    rate_per_s: float | None
    left_s: float | None

    @property
    def fraction(self) -> float | None:
        return None if not self.total else min(1.0, self.done / self.total)


Listener = Callable[[ProgressState], None]
PartialListener = Callable[[Any], None]


def _ignore(_: object) -> None:
    """Nobody listens."""


@dataclass(slots=True)
class _Stage:
    title: str
    total: int | None
    unit: str
    started_s: float
    done: int = 0
    # Work that a resumed job found already done must not count into the rate.
    skipped: int = 0


@dataclass(slots=True)
class Progress:
    """What a worker is handed: says how far it is, carries partial results, notices a cancel.

    Listeners are called in the worker's thread, at most every `interval_s` seconds and at each stage's end.
    """

    listener: Listener = _ignore
    partial_listener: PartialListener = _ignore
    token: CancelToken = field(default_factory=CancelToken)
    clock: Clock = time.monotonic
    interval_s: float = 0.1
    _stage: _Stage | None = None
    _last_report_s: float = float("-inf")

    @contextmanager
    def stage(self, title: str, total: int | None = None, unit: str = "products") -> Iterator[None]:
        """A named part of the work with its own count. Stages follow each other or nest."""
        self.token.raise_if_cancelled()
        outer = self._stage
        self._stage = _Stage(title, total, unit, self.clock())
        self._report(force=True)
        try:
            yield
            self._report(force=True)
        finally:
            self._stage = outer

    def advance(self, count: int = 1) -> None:
        """Say that `count` more units are done. Raises `Cancelled` after a cancel."""
        self.token.raise_if_cancelled()
        if self._stage is not None:
            self._stage.done += count
            self._report()

    def skip(self, count: int) -> None:
        """Say that `count` units were found done already; they do not count into the rate."""
        self.token.raise_if_cancelled()
        if self._stage is not None:
            self._stage.done += count
            self._stage.skipped += count
            self._report()

    def check(self) -> None:
        """Notice a cancel between two reports."""
        self.token.raise_if_cancelled()

    def offer(self, partial: Any) -> None:
        """Hand a partial result (a first layout, say) to whoever watches."""
        self.token.raise_if_cancelled()
        self.partial_listener(partial)

    def _report(self, *, force: bool = False) -> None:
        stage, now = self._stage, self.clock()
        if stage is None or (not force and now - self._last_report_s < self.interval_s):
            return
        self._last_report_s = now
        elapsed = now - stage.started_s
        worked = stage.done - stage.skipped
        rate = worked / elapsed if elapsed > 0 and worked > 0 else None
        left = (stage.total - stage.done) / rate if rate and stage.total is not None else None
        self.listener(ProgressState(stage.title, stage.done, stage.total, stage.unit, elapsed, rate, left))
