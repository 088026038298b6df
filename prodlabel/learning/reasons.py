"""Why a category is suggested: the words that speak for it, the share of text and picture.

Invariant: contributions are those of the model itself (its scores are sums), not of an approximation of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from prodlabel.learning.features import PICTURE, WORDS, Views, WordFeatures
from prodlabel.learning.saving import AnyClassifier

Floats = npt.NDArray[np.floating[Any]]
Ints = npt.NDArray[np.integer[Any]]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Reasons:
    """`words`: (word, contribution to the logit) falling; `text_share` + `picture_share` = 1, or both 0
    where nothing speaks for the category."""

    words: tuple[tuple[str, float], ...]
    text_share: float
    picture_share: float


@dataclass(frozen=True, eq=False)
class ManyReasons:
    """`term` (n, count) columns of `terms` with the most weight first (-1: no more), `weight` (n, count)
    their contributions to the logit, `text_share` (n,), `picture_share` (n,)."""

    terms: list[str]
    term: Ints
    weight: Floats
    text_share: Floats
    picture_share: Floats


def explain(classifier: AnyClassifier, X: Views, row: int, category: Any = None, count: int = 8) -> Reasons:
    """The reasons for `category` (the most probable one if None) of the product at `row`."""
    one = X.take([row])
    column = int(classifier.predict_proba(one).argmax())
    if category is not None:
        column = int(np.searchsorted(classifier.classes_, category))
    found = explain_many(classifier, one, np.array([column]), count)
    words = tuple(
        (found.terms[term], float(value))
        for term, value in zip(found.term[0], found.weight[0], strict=True)
        if term >= 0
    )
    return Reasons(words, float(found.text_share[0]), float(found.picture_share[0]))


def explain_many(
    classifier: AnyClassifier,
    X: Views,
    columns: Ints,
    count: int = 8,
    scores: Mapping[str, tuple[Floats, Bools]] | None = None,
) -> ManyReasons:
    """The reasons for the category in column `columns` (n,) of each product. O(n classes + words).

    What counts is what lifts the category above the mean of the others, which is what the softmax sees.
    `scores`: what `classifier.scores(X)` gave, where that is at hand.
    """
    n = len(X)
    scores = classifier.scores(X) if scores is None else scores
    scale = classifier.expert_scales(scores, n)
    text, picture = np.zeros(n), np.zeros(n)
    for name, (values, _) in scores.items():
        lift = scale[name] * np.maximum(0.0, _above_others(values, columns))
        if name == PICTURE:
            picture += lift
        else:
            text += lift
    total = np.maximum(text + picture, 1e-12)
    terms, term, weight = _words(classifier, X, columns, scale.get(WORDS), count)
    return ManyReasons(terms, term, weight, text / total, picture / total)


def _above_others(values: Floats, columns: Ints) -> Floats:
    """(n,) the entry of a row's category minus the mean of the others."""
    own = np.take_along_axis(values, columns[:, None], axis=1)[:, 0]
    return np.asarray(own - (values.sum(axis=1) - own) / max(1, values.shape[1] - 1))


def _words(
    classifier: AnyClassifier, X: Views, columns: Ints, scale: Floats | None, count: int
) -> tuple[list[str], Ints, Floats]:
    from scipy import sparse

    n = len(X)
    best = np.full((n, count), -1, dtype=np.int64)
    weight = np.zeros((n, count))
    expert = classifier.experts_.get(WORDS)
    seen = None if expert is None else classifier.seen_by(WORDS, X)
    if expert is None or seen is None or scale is None:
        return [], best, weight
    assert isinstance(expert.features, WordFeatures)
    terms, number = expert.features.distinct_words
    matrix = seen[0]
    row = np.repeat(np.arange(n), np.diff(matrix.indptr))
    value = matrix.data * _lift(expert.weights, matrix.indices, columns[row]) * scale[row]
    # A word counts once, whether it stands in the name or in the text.
    summed = sparse.coo_matrix((value, (row, number[matrix.indices])), shape=(n, len(terms))).tocsr()
    summed.sum_duplicates()
    row = np.repeat(np.arange(n), np.diff(summed.indptr))
    order = np.lexsort((summed.indices, -summed.data, row))
    place = np.arange(len(order)) - np.repeat(summed.indptr[:-1], np.diff(summed.indptr))
    kept = (place < count) & (summed.data[order] > 0)
    best[row[kept], place[kept]] = summed.indices[order][kept]
    weight[row[kept], place[kept]] = summed.data[order][kept]
    return terms, best, weight


def _lift(weights: Floats, terms: Ints, columns: Ints) -> Floats:
    """(m,) the weight of each term for a category minus its mean weight for the others."""
    own = weights[terms, columns]
    is_few = len(terms) < len(weights)
    every = weights[terms].sum(axis=1) if is_few else weights.sum(axis=1)[terms]
    return np.asarray(own - (every - own) / max(1, weights.shape[1] - 1))
