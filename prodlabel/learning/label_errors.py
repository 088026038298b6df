"""Which labels are probably wrong: products ranked by how little unseen evidence supports their label.

Invariant: every signal is out of sample; a product's own label never speaks for itself, nor do the labels
of its family when `groups` is given.

Method: mean of the ranks of (1) the normalised margin of the fused probabilities (Northcutt, Jiang and
Chuang, "Confident learning", JAIR 70, 2021, section 4.1), and (2) the margin of a vote of the nearest
neighbours, weighted by squared similarity.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.floating[Any]]
Ints = npt.NDArray[np.integer[Any]]
SURE = 0.5
"""A label counts as suspicious only where another category is held more probable than not."""


@dataclass(frozen=True)
class LabelErrors:
    """`rank` (n,) row numbers, most suspicious first; `score` (n,) per row in 0..1; `proposed` (n,) column
    numbers; `expected` how many of the labels are wrong, by the probabilities."""

    rank: Ints
    score: Floats
    proposed: Ints
    expected: int


def find_label_errors(
    probabilities: Floats, target: Ints, neighbours: Ints | None = None, similarity: Floats | None = None
) -> LabelErrors:
    """`probabilities` (n, classes) out of sample, `target` (n,) column numbers of the labels as they are.

    `neighbours` (n, k) row numbers of the nearest other products (-1: none) and their `similarity` (n, k)
    add the second signal. O(n k + n classes).
    """
    signals = [_margin(probabilities, target)]
    if neighbours is not None and similarity is not None:
        signals.append(_margin(vote(neighbours, similarity, target, probabilities.shape[1]), target))
    score = np.mean([_ranks(signal) for signal in signals], axis=0)
    proposed = probabilities.argmax(axis=1)
    sure = (proposed != target) & (probabilities.max(axis=1) > SURE)
    return LabelErrors(np.argsort(-score, kind="stable"), score, proposed, int(sure.sum()))


def vote(neighbours: Ints, similarity: Floats, target: Ints, classes: int) -> Floats:
    """(n, classes) shares of the neighbours' labels, weighted by squared similarity."""
    weight = np.where(neighbours >= 0, np.square(np.clip(similarity, 0.0, 1.0)), 0.0)
    shares = np.full((len(neighbours), classes), 1e-9)
    rows = np.repeat(np.arange(len(neighbours)), neighbours.shape[1])
    np.add.at(shares, (rows, target[neighbours.ravel()]), weight.ravel())
    return np.asarray(shares / shares.sum(axis=1, keepdims=True))


def _margin(probabilities: Floats, target: Ints) -> Floats:
    """How much more probable the best other category is than the label (n,)."""
    rows = np.arange(len(target))
    own = probabilities[rows, target]
    others = probabilities.copy()
    others[rows, target] = -1.0
    return np.asarray(others.max(axis=1) - own)


def _ranks(signal: Floats) -> Floats:
    from scipy.stats import rankdata

    return np.asarray(rankdata(signal) / max(1, len(signal)))
