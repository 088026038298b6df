"""The course through one queue: where one is, what was decided, how long the rest takes; plain Python, no Qt.

Invariant: the order of a queue never changes while one goes through it; what is decided stays in its place.
A queue may hold a million products: a key walks a few steps on, the rest is told by whole arrays.
"""

from __future__ import annotations

import statistics
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from prodlabel.gui.review.board import ReviewQueue

FIRST_PACE_S = 6.0
"""How long a decision is taken to last before there are enough to tell."""
_PACE_OF = 20
_CARRIED = 20
"""Decisions that stay in view when a queue is ordered anew."""
_LONGEST_S = 60.0
"""Whoever takes longer was away."""


@dataclass(frozen=True, slots=True, eq=False)
class Decision:
    """One key press: where one was, and what the products had to become by it."""

    at: int
    product_ids: NDArray[np.int64]
    category: NDArray[np.int32]
    status: int


class Course:
    """Position and decisions in one queue. `clock` gives seconds."""

    def __init__(self, queue: ReviewQueue, clock: Callable[[], float]) -> None:
        self.queue = queue
        self.at = 0
        self.in_batches = False
        self._clock = clock
        self._decisions: list[Decision] = []
        self._decided: set[int] = set()
        self._is_left = np.ones(len(queue), dtype=np.bool_)
        self._earlier = 0, 0
        self._offered: dict[int, int] = {}
        self._lasted: list[float] = []
        self._shown_at = clock()

    @property
    def is_over(self) -> bool:
        return self.at >= len(self.queue)

    @property
    def product_id(self) -> int:
        """The product looked at; 0 after the last."""
        return 0 if self.is_over else int(self.queue.product_id[self.at])

    @property
    def decided(self) -> int:
        """How many products are decided."""
        return len(self._decided) + self._earlier[0]

    @property
    def key_presses(self) -> int:
        return len(self._decisions) + self._earlier[1]

    def renewed(self, queue: ReviewQueue, *, keeps_present: bool) -> Course:
        """A course through the same queue in its new order: the newest decisions stay before, so that they
        can be taken back; what is looked at stays in view until it is decided (`keeps_present`)."""
        kept: list[Decision] = []
        held: set[int] = set()
        for decision in reversed(self._decisions[-_CARRIED:]):
            ids = decision.product_ids.tolist()
            if held.isdisjoint(ids):
                kept.insert(0, decision)
                held.update(ids)
        present = [one for one in self.batch().tolist() if one not in held] if keeps_present else []
        blocks = [*(decision.product_ids for decision in kept), *([np.array(present)] if present else [])]
        again = Course(_put_first(queue, blocks, self), self._clock)
        starts = np.cumsum([0, *(len(block) for block in blocks)]).tolist()
        again._decisions = [replace(decision, at=starts[n]) for n, decision in enumerate(kept)]
        again._decided = held
        again._set_left(list(held), is_left=False)
        again._earlier = (
            self._earlier[0] + len(self._decided - held),
            self._earlier[1] + len(self._decisions) - len(kept),
        )
        again._lasted, again.in_batches = self._lasted, self.in_batches
        again.at = starts[len(kept)]
        return again

    def has_decided(self) -> frozenset[int]:
        """The products that are decided."""
        return frozenset(self._decided)

    def is_decided(self, product_id: int) -> bool:
        return product_id in self._decided

    def batch(self) -> NDArray[np.int64]:
        """The undecided products that look like the one looked at, itself first; itself alone one by one."""
        if self.is_over:
            return np.empty(0, dtype=np.int64)
        if not self.in_batches and not self.offered:
            return self.queue.product_id[self.at : self.at + 1]
        alike = self.queue.product_id[(self.queue.batch == self.queue.batch[self.at]) & self._is_left]
        return np.append(self.product_id, alike[alike != self.product_id])

    def batch_of(self, product_ids: list[int]) -> list[int]:
        """All undecided products of the batches of these."""
        here = np.isin(self.queue.product_id, product_ids)
        is_alike = np.isin(self.queue.batch, self.queue.batch[here])
        return list(self.queue.product_id[is_alike & self._is_left].tolist())

    def coming(self, count: int) -> list[int]:
        """The next undecided products after the one looked at; in batches the first of each, and the one
        that comes where the rest of this batch is left out."""
        present = -1 if self.is_over else int(self.queue.batch[self.at])
        places: dict[int, int] = {}
        for at in range(self.at + 1, len(self.queue)):
            if len(places) == count:
                break
            if self._is_left[at]:
                places.setdefault(int(self.queue.batch[at]) if self.in_batches else at, at)
        # What follows a settled batch is needed before what is left of it.
        order = sorted(places, key=lambda one: self.in_batches and one == present)
        return [int(self.queue.product_id[places[one]]) for one in order]

    @property
    def offered(self) -> int:
        """The category in which the products looked at are offered because one like them was put there; 0
        where they are not."""
        return 0 if self.is_over else self._offered.get(int(self.queue.batch[self.at]), 0)

    def offer(self, product_ids: NDArray[np.int64], category: int, reason: str) -> None:
        """Show these next, as a batch of their own: they are nearly the same as what was just decided."""
        ids = np.array([one for one in product_ids.tolist() if one not in self._decided], dtype=np.int64)
        if not len(ids):
            return
        queue = self.queue
        number = int(queue.batch.max(initial=-1)) + 1
        is_other = ~np.isin(queue.product_id, ids)
        at = int(is_other[: self.at].sum())
        reasons = [one for place, one in enumerate(queue.reasons) if is_other[place]]
        reasons += [""] * (at - len(reasons))
        self.queue = replace(
            queue,
            product_id=np.insert(queue.product_id[is_other], at, ids),
            batch=np.insert(queue.batch[is_other], at, np.full(len(ids), number)),
            chance=np.insert(queue.chance[is_other], at, np.full(len(ids), 0.5)),
            reasons=(*reasons[:at], *(reason for _ in ids), *reasons[at:]),
        )
        self._is_left = np.insert(self._is_left[is_other], at, np.ones(len(ids), dtype=np.bool_))
        self._offered[number] = category
        before: NDArray[np.int64] = np.cumsum(is_other) - is_other
        moved = before + np.where(before >= at, len(ids), 0)
        self._decisions = [replace(one, at=int(moved[one.at])) for one in self._decisions]
        self._go_to(at)

    def decide(self, decision: Decision) -> None:
        """Take note of a decision and go on."""
        self._lasted.append(min(self._clock() - self._shown_at, _LONGEST_S))
        self._decisions.append(decision)
        self._decided.update(decision.product_ids.tolist())
        self._set_left(decision.product_ids, is_left=False)
        self._go_to(self._next())

    def step(self, by: int) -> None:
        """Skip to the next undecided product, or go back to the one before, decided or not."""
        self._go_to(self._next() if by > 0 else max(self.at - 1, 0))

    def go_to(self, product_id: int) -> None:
        at = np.flatnonzero(self.queue.product_id == product_id)
        if len(at):
            self._go_to(int(at[0]))

    def forget_undone(self, holds: Callable[[Decision], bool]) -> bool:
        """Drop the newest decisions that do not hold any more (they were undone) and go back to the first of
        them; whether there were any."""
        is_any = False
        while self._decisions and not holds(self._decisions[-1]):
            undone = self._decisions.pop()
            self._decided.difference_update(undone.product_ids.tolist())
            self._set_left(undone.product_ids, is_left=True)
            self._go_to(undone.at)
            is_any = True
        return is_any

    def pace_s(self) -> float:
        """Seconds per decision at present."""
        recent = self._lasted[-_PACE_OF:]
        return statistics.median(recent) if len(recent) >= 3 else FIRST_PACE_S

    def left(self) -> int:
        """Products that are not decided."""
        return len(self.queue) - len(self._decided)

    def left_s(self) -> float:
        """How long what is left takes at the present pace; a batch is one decision."""
        if not self.in_batches:
            return self.left() * self.pace_s()
        return np.count_nonzero(np.bincount(self.queue.batch[self._is_left])) * self.pace_s()

    def errors_left(self) -> float:
        """How many finds are to be expected among what is not decided."""
        return float(self.queue.chance[self._is_left].sum())

    def _next(self) -> int:
        for at in range(self.at + 1, len(self.queue)):
            if self._is_left[at]:
                return at
        return len(self.queue)

    def _set_left(self, product_ids: NDArray[np.int64] | list[int], *, is_left: bool) -> None:
        self._is_left[np.isin(self.queue.product_id, product_ids)] = is_left

    def _go_to(self, at: int) -> None:
        self.at = at
        self._shown_at = self._clock()


def _put_first(queue: ReviewQueue, blocks: list[NDArray[np.int64]], before: Course) -> ReviewQueue:
    """The queue with these blocks of products, a batch each, ahead of what else is not decided."""
    held = np.concatenate([np.empty(0, dtype=np.int64), *blocks])
    rest = np.flatnonzero(~np.isin(queue.product_id, [*held.tolist(), *before.has_decided()]))
    known = {one: at for at, one in enumerate(before.queue.product_id.tolist())}
    places = np.array([known[one] for one in held.tolist()], dtype=np.int64)
    batch = np.repeat(np.arange(len(blocks)), [len(block) for block in blocks])
    rest_batch = np.unique(queue.batch[rest], return_inverse=True)[1]
    return replace(
        queue,
        product_id=np.concatenate([held, queue.product_id[rest]]),
        batch=np.concatenate([batch, len(blocks) + rest_batch]).astype(np.int64),
        chance=np.concatenate([before.queue.chance[places], queue.chance[rest]]),
        reasons=(
            *(before.queue.reason(at) for at in places.tolist()),
            *(queue.reasons[at] for at in rest.tolist() if at < len(queue.reasons)),
        ),
        stop_at=queue.stop_at + len(held),
    )
