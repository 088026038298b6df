"""Two ways of doing the same, in turns: what else the machine does meanwhile slows both alike.

A figure is the median over the turns of (time of the other way) / (time of ours), which holds on a noisy
machine where neither time does. Every way is run once before, so that nothing is measured that happens only
once; what that first run gave is compared.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from tests.benchmarks.figures import figure

TWICE = ">= 2"
SAME = ">= 0.999"
NEARLY_SAME = ">= 0.98"
"""For networks whose weights are kept in 8 bits."""
TURNS = (3, 15)
"""Least and most."""
PATIENCE_S = 14.0


@dataclass(frozen=True, slots=True)
class Way:
    """One way of encoding: what it is called, and what gives the vectors (n, d) or None."""

    name: str
    work: Callable[[], Any]


@dataclass(slots=True)
class Duel:
    """`ours` against every one of `others`; the first of these gives vectors that ours are held against.

    `count` items of a kind (`unit`). `likeness` is the bar of the mean cosine, None where the vectors of
    the other way are not the same by design (another optimum, another seed).
    """

    title: str
    count: int
    unit: str
    ours: Way
    others: Sequence[Way]
    likeness: str | None = SAME
    bar: str = TWICE
    by_likeness: bool = False
    """Whether the axes are free: then the likenesses among the rows are held against each other."""
    seconds: dict[str, list[float]] = field(default_factory=dict)
    processor_s: dict[str, list[float]] = field(default_factory=dict)
    """The same turns in processor seconds of all threads."""

    def fight(self) -> list[str]:
        """The lines to print."""
        vectors = {way.name: way.work() for way in (self.ours, *self.others)}
        began = time.perf_counter()
        turn = 0
        while turn < TURNS[0] or (turn < TURNS[1] and time.perf_counter() - began < PATIENCE_S):
            # Who begins changes, so that neither always finds the caches warm.
            ways = (self.ours, *self.others) if turn % 2 == 0 else (*self.others, self.ours)
            for way in ways:
                started, worked = time.perf_counter(), time.process_time()
                way.work()
                self.seconds.setdefault(way.name, []).append(time.perf_counter() - started)
                self.processor_s.setdefault(way.name, []).append(time.process_time() - worked)
            turn += 1
        return [*self._lines(), *self._agreement(vectors)]

    def _lines(self) -> list[str]:
        ours = self.seconds[self.ours.name]
        lines = [
            f"\n{self.title} ({self.count} {self.unit}, {len(ours)} turns)",
            f"  {self.ours.name:<46} {self.count / statistics.median(ours):>12,.1f} {self.unit}/s",
        ]
        ratios = {}
        for way in self.others:
            theirs = self.seconds[way.name]
            ratios[way.name] = ratio_of(theirs, ours)
            of_work = ratio_of(self.processor_s[way.name], self.processor_s[self.ours.name])
            rate = self.count / statistics.median(theirs)
            lines.append(
                f"  {way.name:<46} {rate:>12,.1f} {self.unit}/s   {ratios[way.name]:.2f} x "
                f"by the clock, {of_work:.2f} x in processor time"
            )
        best = min(ratios, key=ratios.__getitem__)
        lines.append(figure("times the better of them", ratios[best], "x", bar=self.bar, beside=best))
        return lines

    def _agreement(self, vectors: dict[str, Any]) -> list[str]:
        if self.likeness is None:
            return []
        found = cosines(vectors[self.ours.name], vectors[self.others[0].name], by_likeness=self.by_likeness)
        aside = f"least {found.min():.4f}, {self.others[0].name}"
        return [
            figure("mean cosine of the vectors", float(found.mean()), "", bar=self.likeness, beside=aside)
        ]


def ratio_of(theirs: Sequence[float], ours: Sequence[float]) -> float:
    """The median over the turns of how many times longer the others take."""
    return statistics.median(b / a for a, b in zip(ours, theirs, strict=True))


def cosines(ours: Any, theirs: Any, *, by_likeness: bool = False) -> np.ndarray:
    """Row by row, of rows that either has any content in; sparse or dense. `by_likeness`, or where one has
    other columns: of the likenesses of each row to all others."""
    ours, theirs = (one.toarray() if hasattr(one, "toarray") else np.asarray(one) for one in (ours, theirs))
    if by_likeness or ours.shape != theirs.shape:
        ours, theirs = (one @ one.T for one in (_unit(ours), _unit(theirs)))
    has_any = ours.any(axis=1) | theirs.any(axis=1)
    return (_unit(ours) * _unit(theirs)).sum(axis=1)[has_any]


def _unit(rows: np.ndarray) -> np.ndarray:
    return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-12)
