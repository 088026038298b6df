"""Which labels are probably wrong: products ranked by how little unseen evidence supports their label.

Invariant: every signal is out of sample; a product's own label never speaks for itself.

Method: self-confidence (Northcutt, Jiang and Chuang, "Confident learning", JAIR 70, 2021, section 4.1) of
the fused probabilities, times a weaker vote of the nearest neighbours. Self-confidence, not the margin to
the best other category: where two categories share products the margin is large without any mistake.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from prodlabel.learning.features import Views
from prodlabel.learning.noise import belief

Floats = npt.NDArray[np.floating[Any]]
Ints = npt.NDArray[np.integer[Any]]

SURE = 0.5
"""A label counts as expected wrong only where another category is held more probable than not."""
NOISY_PENALTY = 1.0
"""The ridge penalty to train with when labels are in doubt: heavier than for suggestions, so that a wrong
label bends its surroundings less."""
NEIGHBOUR_WEIGHT = 0.3
LEAST_BELIEF = 0.05
"""What a label that nothing supports still counts when training again."""
LEAST_NOISE = 0.02
LEAST = 1e-6
LEAST_VOTE = 0.02


@dataclass(frozen=True)
class LabelErrors:
    """`rank` (n,) row numbers, most suspicious first; `score` (n,) suspicion per row in 0..1; `proposed` (n,)
    column numbers; `expected` how many of the labels are wrong, by the probabilities."""

    rank: Ints
    score: Floats
    proposed: Ints
    expected: int


def doubting_probabilities(X: Views, target: Ints, groups: Ints | None = None) -> Floats:
    """(n, classes) out-of-sample probabilities to look for wrong labels with; two trainings.

    Each label counts in the second as far as the first believes it, so that wrong labels do not speak for
    each other (a soft form of "prune, then train again": Northcutt et al., section 5).
    """
    from prodlabel.learning.fusion import FusionClassifier

    first = FusionClassifier(penalty=NOISY_PENALTY).fit(X, target, groups=groups)
    column = np.searchsorted(first.classes_, target)
    believed = belief(first.held_out_probabilities_, column, max(first.noise_, LEAST_NOISE))
    again = FusionClassifier(penalty=NOISY_PENALTY)
    again.fit(X, target, sample_weight=np.maximum(believed, LEAST_BELIEF), groups=groups)
    return again.held_out_probabilities_


def find_label_errors(
    probabilities: Floats, target: Ints, neighbours: Ints | None = None, similarity: Floats | None = None
) -> LabelErrors:
    """`probabilities` (n, classes) out of sample (`doubting_probabilities`, best), `target` (n,) column
    numbers of the labels as they are.

    `neighbours` (n, k) row numbers of the nearest other products (-1: none) and their `similarity` (n, k)
    add the second signal. O(n k + n classes).
    """
    rows = np.arange(len(target))
    support = np.maximum(probabilities[rows, target], LEAST)
    if neighbours is not None and similarity is not None:
        shares = neighbour_vote(neighbours, similarity, target, probabilities.shape[1])
        support = support * ((shares[rows, target] + LEAST_VOTE) / (1.0 + LEAST_VOTE)) ** NEIGHBOUR_WEIGHT
    proposed = probabilities.argmax(axis=1)
    sure = (proposed != target) & (probabilities.max(axis=1) > SURE)
    return LabelErrors(np.argsort(support, kind="stable"), 1.0 - support, proposed, int(sure.sum()))


def neighbour_vote(neighbours: Ints, similarity: Floats, target: Ints, classes: int) -> Floats:
    """(n, classes) shares of the neighbours' labels, weighted by squared similarity; equal where there is
    none.
    """
    weight = np.where(neighbours >= 0, np.square(np.clip(similarity, 0.0, 1.0)), 0.0)
    shares = np.full((len(neighbours), classes), 1e-9)
    rows = np.repeat(np.arange(len(neighbours)), neighbours.shape[1])
    np.add.at(shares, (rows, target[neighbours.ravel()]), weight.ravel())
    return np.asarray(shares / shares.sum(axis=1, keepdims=True))
