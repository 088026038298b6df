"""Backs off to the parent category where the leaf is unsure: the deepest level of the taxonomy that is sure.

Invariant: each level has its own thresholds, chosen out of sample on the products that the deeper levels left
over: those are the hard ones. Where they are too few to prove the wished precision (99 % takes a hundred
without an error), a parent is sure too above the threshold that all products give it, if its calibrated
probability reaches the wished precision as well.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from prodlabel.learning.thresholds import accepted_by, choose_thresholds

Floats = npt.NDArray[np.floating[Any]]
Ints = npt.NDArray[np.integer[Any]]


@dataclass(frozen=True, eq=False)
class Level:
    """One level: `ancestor` (leaves,) the column of each leaf's ancestor at this level, `thresholds`
    (categories,) the confidence from which its suggestions are sure."""

    ancestor: Ints
    thresholds: Floats


@dataclass(frozen=True, eq=False)
class BackedOff:
    """`level` (n,) index of the deepest sure level (deepest first), -1 where none is; `column` (n,) the
    category's column at that level (at the last level where none is sure), `confidence` (n,)."""

    level: Ints
    column: Ints
    confidence: Floats


def summed(probabilities: Floats, ancestor: Ints) -> Floats:
    """(n, categories) probabilities of the ancestors: those of their leaves together."""
    found = np.zeros((len(probabilities), int(ancestor.max()) + 1))
    np.add.at(found.T, ancestor, probabilities.T)
    return found


def fit_backoff(
    probabilities: Floats, target: Ints, ancestors: Sequence[Ints], precision: float
) -> tuple[Level, ...]:
    """Thresholds of each level, the deepest first.

    `probabilities` (n, leaves) out of sample, `target` (n,) leaf columns, `ancestors` one table (leaves,) for
    each level, the first the leaves themselves (0, 1, ...).
    """
    left = np.ones(len(target), dtype=bool)
    levels = []
    for ancestor in ancestors:
        found, own = summed(probabilities, ancestor), ancestor[target]
        limits = choose_thresholds(found[left], own[left], precision)
        if not left.all():
            of_all = choose_thresholds(found, own, precision)
            limits = np.minimum(limits, np.maximum(of_all, precision))
        levels.append(Level(np.asarray(ancestor), limits))
        left &= ~accepted_by(found, limits)
    return tuple(levels)


def back_off(probabilities: Floats, levels: Sequence[Level]) -> BackedOff:
    """Each product's suggestion at the deepest level that is sure."""
    count = len(probabilities)
    found = BackedOff(np.full(count, -1), np.zeros(count, dtype=np.int64), np.zeros(count))
    for number, level in enumerate(levels):
        shares = summed(probabilities, level.ancestor)
        is_open = found.level < 0
        found.column[is_open] = shares.argmax(axis=1)[is_open]
        found.confidence[is_open] = shares.max(axis=1)[is_open]
        found.level[is_open & accepted_by(shares, level.thresholds)] = number
    return found
