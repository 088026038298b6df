"""How often a host may be asked, and waiting that notices a cancel.

Invariant: a request is only started when fewer than `count` requests of its kind are under way or ended
within the last `window_s` seconds. A request reaches the server between its start and its end, so the server
never sees more than `count` in any window, however long answers take.
"""

from __future__ import annotations

import random
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum

from prodlabel.core.progress import Progress
from prodlabel.sources.food.pace_memory import PaceMemory
from prodlabel.sources.food.troubles import LONGEST_WAIT_S

Clock = Callable[[], float]
Sleep = Callable[[float], None]

_SLICE_S = 0.1
"""The longest sleep between two looks at the cancel switch."""


class Kind(StrEnum):
    """Kinds of request that a host counts separately."""

    SEARCH = "search"
    PRODUCT = "product"
    FACET = "facet"
    PARSER = "parser"
    PICTURE = "picture"
    OTHER_PICTURE = "picture elsewhere"


_REMEMBERED = frozenset({Kind.SEARCH, Kind.PRODUCT, Kind.FACET, Kind.PARSER})
"""What is slow enough that the next run of the program could come too early."""


@dataclass(frozen=True, slots=True)
class Rate:
    """At most `count` requests in any `window_s` seconds, at most `at_once` of them at the same time."""

    count: int
    window_s: float = 60.0
    at_once: int = 1


RATES: Mapping[Kind, Rate] = {
    # Open Food Facts, per IP address (its documentation of 2026); below its limits where the two differ.
    Kind.SEARCH: Rate(10),
    Kind.PRODUCT: Rate(15),
    Kind.FACET: Rate(2),
    Kind.PICTURE: Rate(100),
    # Edamam's smallest plans.
    Kind.PARSER: Rate(10),
    # Whatever other host a picture's address names.
    Kind.OTHER_PICTURE: Rate(60, at_once=2),
}


@dataclass(slots=True)
class _Bucket:
    rate: Rate
    under_way: int = 0
    ended: deque[float] = field(default_factory=deque)

    def wait_s(self, now: float) -> float:
        """Seconds until one more may start; infinite while only the end of another one helps."""
        while self.ended and self.ended[0] <= now - self.rate.window_s:
            self.ended.popleft()
        if self.under_way >= self.rate.at_once:
            return float("inf")
        surplus = len(self.ended) + self.under_way - self.rate.count
        if surplus < 0:
            return 0.0
        # The surplus leaves the window one by one, oldest first.
        return self.ended[surplus] + self.rate.window_s - now if surplus < len(self.ended) else float("inf")


class Pacer:
    """Hands out permission to ask, per host and kind; safe to share between threads."""

    def __init__(
        self,
        rates: Mapping[Kind, Rate] = RATES,
        *,
        clock: Clock = time.monotonic,
        sleep: Sleep = time.sleep,
        seed: int | None = None,
        memory: PaceMemory | None = None,
    ) -> None:
        self._memory = memory
        self.clock = clock
        self._sleep = sleep
        self._rates = rates
        self._buckets: dict[tuple[str, Kind], _Bucket] = {}
        self._changed = threading.Condition()
        self._random = random.Random(seed)  # noqa: S311 - jitter, no secret

    @contextmanager
    def slot(self, host: str, kind: Kind, progress: Progress) -> Iterator[None]:
        """Wait until `host` may be asked, and count the request while the block runs. Raises `Cancelled`."""
        bucket = self._enter(host, kind, progress)
        try:
            yield
        finally:
            with self._changed:
                bucket.under_way -= 1
                bucket.ended.append(self.clock())
                if self._memory is not None and kind in _REMEMBERED:
                    self._memory.note(f"{kind} {host}")
                self._changed.notify_all()

    def _enter(self, host: str, kind: Kind, progress: Progress) -> _Bucket:
        while True:
            progress.check()
            with self._changed:
                bucket = self._bucket(host, kind)
                wait_s = bucket.wait_s(self.clock())
                if wait_s <= 0:
                    bucket.under_way += 1
                    return bucket
                if wait_s == float("inf"):
                    self._changed.wait(_SLICE_S)
                    continue
            self.wait(wait_s, progress, f"Waiting, so that {host} is not asked too often")

    def _bucket(self, host: str, kind: Kind) -> _Bucket:
        bucket = self._buckets.get((host, kind))
        if bucket is None:
            bucket = self._buckets[host, kind] = _Bucket(self._rates[kind])
            if self._memory is not None:
                now = self.clock()
                bucket.ended.extend(now - age for age in self._memory.ages(f"{kind} {host}"))
        return bucket

    def wait(self, seconds: float, progress: Progress, why: str) -> None:
        """Let `seconds` pass, shown as a stage of its own. Raises `Cancelled` within 0.1 seconds."""
        until = self.clock() + seconds
        shown = 0
        with progress.stage(why, max(1, round(seconds)), "seconds"):
            while (left := until - self.clock()) > 0:
                self._sleep(min(left, _SLICE_S))
                passed = int(seconds - max(0.0, until - self.clock()))
                progress.advance(passed - shown)
                shown = passed

    def back_off_s(self, failures: int, first_s: float) -> float:
        """The pause after so many failures: doubled each time, up to a quarter longer by chance, never
        less.
        """
        return min(LONGEST_WAIT_S, first_s * 2.0 ** (failures - 1) * self._random.uniform(1.0, 1.25))
