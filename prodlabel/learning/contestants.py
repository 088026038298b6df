"""The classifiers that are compared: each modality alone, and the usual ways to fuse them beside ours.

Invariant: all of them see the same `Views` and learn on the training part alone; `held_out_probabilities_`
come from a cross-validation inside it.

Early fusion as the studies did it: the vectors side by side as they come, so that the block with the larger
numbers drowns the other; put right: each block centred and brought to one scale first. Late fusion: the mean
of the two classifiers' probabilities. Stacking: a logistic regression on them (Wolpert, "Stacked
generalization", Neural Networks 5, 1992).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from prodlabel.learning.features import PICTURE, TEXT, WORDS, VectorFeatures, Views

Floats = npt.NDArray[np.floating[Any]]
Ints = npt.NDArray[np.integer[Any]]
INNER_FOLDS = 5


@dataclass(frozen=True)
class Contestant:
    """One line of the table of classifiers that are compared."""

    name: str
    title: str
    make: Callable[[], Any]


class EarlyFusion:
    """Logistic regression on the vectors side by side; a missing vector is a row of zeros."""

    def __init__(self, *, is_scaled: bool, strength: float = 1.0) -> None:
        self.is_scaled = is_scaled
        self.strength = strength

    def fit(self, X: Views, y: npt.ArrayLike, *, groups: npt.ArrayLike | None = None) -> EarlyFusion:
        target = np.asarray(y)
        self._features: dict[str, VectorFeatures] = {}
        for name in (TEXT, PICTURE):
            held = X.vectors(name)
            if held is not None and held[1].any():
                plain = VectorFeatures(np.zeros(held[0].shape[1], np.float32), 1.0)
                self._features[name] = VectorFeatures().fit(*held) if self.is_scaled else plain
        rows = self._rows(X)
        self._model = _logistic(self.strength).fit(rows, target)
        self.classes_ = self._model.classes_
        self.held_out_probabilities_ = np.zeros((len(target), len(self.classes_)))
        for train, test in _inner_folds(target, groups):
            model = _logistic(self.strength).fit(rows[train], target[train])
            columns = np.searchsorted(self.classes_, model.classes_)
            self.held_out_probabilities_[np.ix_(test, columns)] = model.predict_proba(rows[test])
        return self

    def predict_proba(self, X: Views) -> Floats:
        """(n, classes)"""
        return np.asarray(self._model.predict_proba(self._rows(X)))

    def _rows(self, X: Views) -> Floats:
        parts = []
        for name, features in self._features.items():
            held = X.vectors(name)
            assert held is not None
            part = np.zeros(held[0].shape, np.float32)
            part[held[1]] = features.transform(held[0][held[1]])
            parts.append(part)
        return np.concatenate(parts, axis=1)


class TwoExperts:
    """One classifier for words and text vectors, one for pictures, put together by mean or stacking."""

    def __init__(self, *, is_stacked: bool) -> None:
        self.is_stacked = is_stacked

    def fit(self, X: Views, y: npt.ArrayLike, *, groups: npt.ArrayLike | None = None) -> TwoExperts:
        target = np.asarray(y)
        self._text = _fusion(WORDS, TEXT).fit(X, target, groups=groups)
        self._picture = _fusion(PICTURE).fit(X, target, groups=groups)
        self.classes_ = self._text.classes_
        held_out = self._text.held_out_probabilities_, self._picture.held_out_probabilities_
        if not self.is_stacked:
            self.held_out_probabilities_ = (held_out[0] + held_out[1]) / 2
            return self
        rows = _logs(*held_out)
        self._model = _logistic(1.0).fit(rows, target)
        self.held_out_probabilities_ = np.zeros((len(target), len(self.classes_)))
        for train, test in _inner_folds(target, groups):
            model = _logistic(1.0).fit(rows[train], target[train])
            columns = np.searchsorted(self.classes_, model.classes_)
            self.held_out_probabilities_[np.ix_(test, columns)] = model.predict_proba(rows[test])
        return self

    def predict_proba(self, X: Views) -> Floats:
        """(n, classes)"""
        both = self._text.predict_proba(X), self._picture.predict_proba(X)
        if self.is_stacked:
            return np.asarray(self._model.predict_proba(_logs(*both)))
        return np.asarray((both[0] + both[1]) / 2)


def _fusion(*use: str) -> Any:
    from prodlabel.learning.fusion import FusionClassifier

    return FusionClassifier(use=use)


def _logs(text: Floats, picture: Floats) -> Floats:
    return np.asarray(np.log(np.maximum(np.concatenate([text, picture], axis=1), 1e-4)))


def _logistic(strength: float) -> Any:
    from sklearn.linear_model import LogisticRegression

    return LogisticRegression(C=strength, max_iter=2_000)


def _inner_folds(target: npt.NDArray[Any], groups: npt.ArrayLike | None) -> list[tuple[Ints, Ints]]:
    from prodlabel.learning.evaluation import folds

    return [(train, test) for _, train, test in folds(target, INNER_FOLDS, 1, 0, groups)]


CONTESTANTS = (
    Contestant("text", "Text only", lambda: _fusion(WORDS, TEXT)),
    Contestant("picture", "Picture only", lambda: _fusion(PICTURE)),
    Contestant("early", "Early fusion, vectors as they come", lambda: EarlyFusion(is_scaled=False)),
    Contestant("early-scaled", "Early fusion, blocks on one scale", lambda: EarlyFusion(is_scaled=True)),
    Contestant("late", "Late fusion, mean of probabilities", lambda: TwoExperts(is_stacked=False)),
    Contestant("stacked", "Stacking", lambda: TwoExperts(is_stacked=True)),
    Contestant("fusion", "Product of calibrated experts (in use)", lambda: _fusion(WORDS, TEXT, PICTURE)),
)
