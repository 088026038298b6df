"""The classifiers that are compared: each modality alone, and the usual ways to fuse them beside ours.

Invariant: all of them see the same `Views` and learn on the training part alone; `held_out_probabilities_`
come from a cross-validation inside it.

Early fusion as the studies did it: the vectors side by side as they come, so that the block with the larger
numbers drowns the other; put right: each block centred and brought to one scale first. Late fusion: the
product of the two classifiers' probabilities. Stacking: a logistic regression on them (Wolpert, "Stacked
generalization", Neural Networks 5, 1992). Ours weighs the experts before it multiplies them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from prodlabel.learning.features import PICTURE, TEXT, WORDS, VectorFeatures, Views

Floats = npt.NDArray[np.floating[Any]]
Ints = npt.NDArray[np.integer[Any]]
INNER_FOLDS = 5
LEAST_PROBABILITY = 1e-4


class Panel:
    """One training part, and what the classifiers that are trained on it share: the experts of words, text
    vectors and pictures are independent of each other, so that one training serves every way to combine
    them."""

    def __init__(self, X: Views, y: npt.ArrayLike, groups: npt.ArrayLike | None = None) -> None:
        self.views, self.groups = X, groups
        self.classes, self.target = np.unique(np.asarray(y), return_inverse=True)
        self._asked: tuple[Views, dict[str, Any]] | None = None

    @cached_property
    def _trained(self) -> tuple[Any, dict[str, Any]]:
        from prodlabel.learning.fusion import FusionClassifier

        classifier = FusionClassifier()
        return classifier, classifier.fit_experts(self.views, self.classes[self.target], groups=self.groups)

    def held_out(self, use: tuple[str, ...]) -> Floats:
        """(n, classes) calibrated probabilities of the training rows by these experts, out of sample."""
        classifier, scores = self._trained
        return np.asarray(classifier.combine(_only(scores, use), len(self.views)))

    def probabilities(self, X: Views, use: tuple[str, ...]) -> Floats:
        """(n, classes) what these experts say together of other products."""
        classifier, _ = self._trained
        if self._asked is None or self._asked[0] is not X:
            self._asked = (X, classifier.scores(X))
        return np.asarray(classifier.combine(_only(self._asked[1], use), len(X)))


def _only(scores: dict[str, Any], use: tuple[str, ...]) -> dict[str, Any]:
    return {name: one for name, one in scores.items() if name in use}


@dataclass(frozen=True)
class Contestant:
    """One line of the table of classifiers that are compared. `train(panel)` gives a classifier with
    `held_out_probabilities_` and `predict_proba`, columns in the order of `panel.classes`."""

    name: str
    title: str
    train: Callable[[Panel], Any]


class Experts:
    """Some of the experts together, as the program combines them."""

    def __init__(self, panel: Panel, use: tuple[str, ...]) -> None:
        self._panel, self._use = panel, use
        self.held_out_probabilities_ = panel.held_out(use)

    def predict_proba(self, X: Views) -> Floats:
        """(n, classes)"""
        return self._panel.probabilities(X, self._use)


class TwoExperts:
    """Words and text vectors on one side, pictures on the other, put together by product or stacking."""

    def __init__(self, panel: Panel, *, is_stacked: bool) -> None:
        self._sides = Experts(panel, (WORDS, TEXT)), Experts(panel, (PICTURE,))
        held_out = [side.held_out_probabilities_ for side in self._sides]
        self._model = None
        if is_stacked:
            rows = _logs(*held_out)
            self._model = _logistic(1.0).fit(rows, panel.target)
            self.held_out_probabilities_ = _cross_validated(rows, panel, 1.0)
        else:
            self.held_out_probabilities_ = _product(*held_out)

    def predict_proba(self, X: Views) -> Floats:
        """(n, classes)"""
        both = [side.predict_proba(X) for side in self._sides]
        if self._model is None:
            return _product(*both)
        return np.asarray(self._model.predict_proba(_logs(*both)))


class EarlyFusion:
    """Logistic regression on the vectors side by side; a missing vector is a row of zeros."""

    def __init__(self, panel: Panel, *, is_scaled: bool, strength: float = 1.0) -> None:
        self._features: dict[str, VectorFeatures] = {}
        for name in (TEXT, PICTURE):
            held = panel.views.vectors(name)
            if held is not None and held[1].any():
                plain = VectorFeatures(np.zeros(held[0].shape[1], np.float32), 1.0)
                self._features[name] = VectorFeatures().fit(*held) if is_scaled else plain
        rows = self._rows(panel.views)
        # As many axes as there are rows lose nothing: the penalty does not see how the axes are turned.
        self._axes = np.linalg.svd(rows, full_matrices=False)[2].T
        turned = rows @ self._axes
        self._model = _logistic(strength).fit(turned, panel.target)
        self.held_out_probabilities_ = _cross_validated(turned, panel, strength)

    def predict_proba(self, X: Views) -> Floats:
        """(n, classes)"""
        return np.asarray(self._model.predict_proba(self._rows(X) @ self._axes))

    def _rows(self, X: Views) -> Floats:
        parts = []
        for name, features in self._features.items():
            held = X.vectors(name)
            assert held is not None
            part = np.zeros(held[0].shape, np.float64)
            part[held[1]] = features.transform(held[0][held[1]])
            parts.append(part)
        return np.concatenate(parts, axis=1)


def _cross_validated(rows: Floats, panel: Panel, strength: float) -> Floats:
    """(n, classes) probabilities of each row from a regression that saw neither it nor its group."""
    from prodlabel.learning.evaluation import folds

    found = np.zeros((len(rows), len(panel.classes)))
    for _, train, test in folds(panel.target, INNER_FOLDS, 1, 0, panel.groups):
        model = _logistic(strength).fit(rows[train], panel.target[train])
        found[np.ix_(test, model.classes_)] = model.predict_proba(rows[test])
    return found


def _product(text: Floats, picture: Floats) -> Floats:
    """Both probabilities multiplied and brought to a sum of one again."""
    found = np.maximum(text, LEAST_PROBABILITY) * np.maximum(picture, LEAST_PROBABILITY)
    return np.asarray(found / found.sum(axis=1, keepdims=True))


def _logs(text: Floats, picture: Floats) -> Floats:
    return np.asarray(np.log(np.maximum(np.concatenate([text, picture], axis=1), LEAST_PROBABILITY)))


def _logistic(strength: float) -> Any:
    from sklearn.linear_model import LogisticRegression

    return LogisticRegression(C=strength, max_iter=2_000)


CONTESTANTS = (
    Contestant("text", "Text only", lambda panel: Experts(panel, (WORDS, TEXT))),
    Contestant("picture", "Picture only", lambda panel: Experts(panel, (PICTURE,))),
    Contestant(
        "early", "Early fusion, vectors as they come", lambda panel: EarlyFusion(panel, is_scaled=False)
    ),
    Contestant(
        "early-scaled", "Early fusion, blocks on one scale", lambda panel: EarlyFusion(panel, is_scaled=True)
    ),
    Contestant(
        "late", "Late fusion, product of probabilities", lambda panel: TwoExperts(panel, is_stacked=False)
    ),
    Contestant("stacked", "Stacking", lambda panel: TwoExperts(panel, is_stacked=True)),
    Contestant(
        "fusion",
        "Late fusion, weighted product of experts (in use)",
        lambda panel: Experts(panel, (WORDS, TEXT, PICTURE)),
    ),
)
