"""Why a category is suggested: the words that speak for it, the share of text and picture, the nearest
products.

Invariant: contributions are those of the model itself (its scores are sums), not of an approximation of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from prodlabel.learning.features import PICTURE, WORDS, Views, WordFeatures
from prodlabel.learning.fusion import FusionClassifier

Floats = npt.NDArray[np.floating[Any]]


@dataclass(frozen=True)
class Reasons:
    """`words`: (word, contribution to the logit) falling; `text_share` + `picture_share` = 1, or both 0
    where nothing speaks for the category."""

    words: tuple[tuple[str, float], ...]
    text_share: float
    picture_share: float


def explain(
    classifier: FusionClassifier, X: Views, row: int, category: Any = None, count: int = 8
) -> Reasons:
    """The reasons for `category` (the most probable one if None) of the product at `row`.

    What counts is what lifts the category above the mean of the others, which is what the softmax sees.
    """
    one = X.take([row])
    column = int(classifier.predict_proba(one).argmax())
    if category is not None:
        column = int(np.searchsorted(classifier.classes_, category))
    seen = {name: classifier.seen_by(name, one) for name in classifier.experts_}
    present = tuple(name for name, held in seen.items() if held is not None and held[1][0])
    if not present:
        return Reasons((), 0.0, 0.0)
    scales = dict(zip(present, classifier.combinations_[present].scale, strict=True))
    evidence = {"text": 0.0, "picture": 0.0}
    words: tuple[tuple[str, float], ...] = ()
    for name in present:
        held = seen[name]
        assert held is not None
        scores = classifier.experts_[name].scores(held[0])[0] * scales[name]
        kind = "picture" if name == PICTURE else "text"
        evidence[kind] += max(0.0, float(_above_others(scores, column)))
        if name == WORDS:
            words = _word_contributions(classifier, held[0], column, float(scales[name]), count)
    total = sum(evidence.values())
    if total <= 0:
        return Reasons(words, 0.0, 0.0)
    return Reasons(words, evidence["text"] / total, evidence["picture"] / total)


def _above_others(values: Floats, column: int) -> Any:
    """The entry of a category minus the mean of the others (last axis)."""
    others = values.shape[-1] - 1
    own = values[..., column]
    return own - (values.sum(axis=-1) - own) / max(1, others)


def _word_contributions(
    classifier: FusionClassifier, X: Any, column: int, scale: float, count: int
) -> tuple[tuple[str, float], ...]:
    expert = classifier.experts_[WORDS]
    assert isinstance(expert.features, WordFeatures)
    values = X.data * _above_others(expert.weights[X.indices], column) * scale
    names = expert.features.words
    summed: dict[str, float] = {}
    for index, value in zip(X.indices, values, strict=True):
        summed[names[index]] = summed.get(names[index], 0.0) + float(value)
    best = sorted(summed.items(), key=lambda item: (-item[1], item[0]))[:count]
    return tuple((word, value) for word, value in best if value > 0)
