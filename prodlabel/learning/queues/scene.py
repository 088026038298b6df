"""What queues are made from, and what a queue is.

Invariant: a queue only orders rows; nothing is decided by it, and every row in it has a sentence that says
why it is there and a probability that looking at it finds something to change.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.floating[Any]]
Ints = npt.NDArray[np.integer[Any]]
Bools = npt.NDArray[np.bool_]

NONE = 0
"""Stands where there is no category."""


@dataclass(frozen=True, eq=False)
class Scene:
    """One entry per product in every array.

    `product_id` (n,); `best` (n, k) category ids, most probable first, with their calibrated `confidence`
    (n, k), of a classifier that was not taught by the product; `classes`: how many categories it knows;
    `label` (n,) the category now, at the same level, or `NONE`. `is_decided`: by a person who looked.
    `text_best`, `picture_best` (n,) with their confidences: what each would say alone (`NONE`: nothing).
    `vectors` (n, d) or None: nearness of products. `neighbour_support` (n,) share of the nearest labelled
    products that have the same label. `colleague` (n,) the category that another person last gave it, or
    `NONE`, and `colleague_name`, where nobody has settled it. `is_own`: last decided by who asks. `noise`:
    estimated share of wrong labels. `name`: of a category id. `trouble` (n,): number of what is wrong with a
    product itself, 0 for nothing; `nearness` (n,): mean cosine to its nearest labelled products, 0 where it
    is not known. `propose` gives the rows of a large catalogue that may be near to one; None: all are looked
    at. `was_asked_blindly`: by who asks, of an own decision; `was_checked`: by anybody, drawn at random.
    """

    product_id: Ints
    best: Ints
    confidence: Floats
    classes: int
    label: Ints
    is_decided: Bools
    is_flagged: Bools
    is_new: Bools
    is_own: Bools
    text_best: Ints
    text_confidence: Floats
    picture_best: Ints
    picture_confidence: Floats
    neighbour_support: Floats
    colleague: Ints
    colleague_name: npt.NDArray[Any]
    noise: float
    name: Mapping[int, str]
    vectors: Floats | None = None
    seed: int = 0
    trouble: Ints = field(default_factory=lambda: np.zeros(0, dtype=np.uint8))
    nearness: Floats = field(default_factory=lambda: np.zeros(0))
    propose: Callable[[int], Ints] | None = None
    was_asked_blindly: Bools = field(default_factory=lambda: np.zeros(0, dtype=bool))
    was_checked: Bools = field(default_factory=lambda: np.zeros(0, dtype=bool))

    def __post_init__(self) -> None:
        for name in ("trouble", "nearness", "was_asked_blindly", "was_checked"):
            if not len(getattr(self, name)):
                object.__setattr__(self, name, np.zeros(len(self.product_id), getattr(self, name).dtype))

    def __len__(self) -> int:
        return len(self.product_id)

    def own_confidence(self) -> Floats:
        """(n,) the probability of the label; what the kept alternatives leave is shared by all others."""
        is_own = (self.best == self.label[:, None]) & (self.label[:, None] != NONE)
        rest = np.maximum(1.0 - self.confidence.sum(axis=1), 0.0)
        others = rest / max(1, self.classes - self.best.shape[1])
        own = (self.confidence * is_own).sum(axis=1)
        return np.asarray(np.where(is_own.any(axis=1), own, others))

    def doubt(self) -> Floats:
        """(n,) the probability that the label is wrong (`noise.belief`); 1 minus the best confidence where
        there is no label, which is how probably the suggestion is wrong."""
        if not self.best.shape[1]:
            return np.zeros(len(self))
        own = (1.0 - self.noise) * self.own_confidence()
        doubt = 1.0 - own / np.maximum(own + self.noise / max(1, self.classes), 1e-12)
        return np.where(self.label == NONE, 1.0 - self.confidence[:, 0], doubt)

    def margin(self) -> Floats:
        """(n,) how far the best category is above the second."""
        if self.confidence.shape[1] < 2:
            return np.ones(len(self))
        return np.asarray(self.confidence[:, 0] - self.confidence[:, 1])

    def best_name(self, row: int) -> str:
        """The suggested category's name."""
        return self.name.get(int(self.best[row, 0]), "no category") if self.best.shape[1] else "no category"

    def stable_order(self, rows: Ints) -> Ints:
        """The rows in an order that looks random but does not change when labels or other products do."""
        mixed = self.product_id[rows].astype(np.uint64) + np.uint64(self.seed + 1) * np.uint64(0x9E3779B9)
        # The finaliser of SplitMix64 (Steele, Lea and Flood, OOPSLA 2014): every bit depends on every bit.
        for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
            mixed = (mixed ^ (mixed >> np.uint64(shift))) * np.uint64(factor)
        return rows[np.argsort(mixed ^ (mixed >> np.uint64(31)), kind="stable")]


@dataclass(frozen=True, eq=False)
class Queue:
    """`rows` (m,) in the order in which to look; `batch` (m,) numbers of batches that look alike, so that one
    decision can settle each; `chance` (m,) that looking finds something to change; `reason(row)` one
    sentence; `stop` says when to stop."""

    rows: Ints
    batch: Ints
    chance: Floats
    reason: Callable[[int], str]
    stop: str = ""

    def __len__(self) -> int:
        return len(self.rows)

    def errors_left(self, after: int = 0) -> float:
        """How many finds are to be expected beyond the first `after` products."""
        return float(self.chance[after:].sum())

    def stop_at(self, least_chance: float = 0.05, window: int = 20) -> int:
        """After how many products the next `window` bring less than `least_chance` finds each."""
        if not len(self.rows):
            return 0
        ends = np.minimum(np.arange(len(self.rows)) + window, len(self.rows))
        total = np.concatenate([[0.0], np.cumsum(self.chance)])
        means = (total[ends] - total[:-1]) / (ends - np.arange(len(self.rows)))
        dull = np.flatnonzero(means < least_chance)
        return int(dull[0]) if len(dull) else len(self.rows)


def one_by_one(rows: Ints) -> Ints:
    """Batches of one product each."""
    return np.arange(len(rows))
