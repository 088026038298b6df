"""The classifiers that are compared: each modality alone, and the usual ways to fuse them beside ours.

Invariant: all of them see the same `Views` and learn on the training part alone; `held_out_probabilities_`
come from a cross-validation inside it.

Early fusion as the published studies built it: a small network on raw vectors side by side, so that the block
with the larger numbers drowns the other (`StudiesFusion`). The same thought with the unit vectors that our
encoders give, by logistic regression; put right: each block centred and brought to one scale first. Late
fusion: the product of the two classifiers' probabilities. Stacking: a logistic regression on them (Wolpert,
"Stacked generalization", Neural Networks 5, 1992). Ours weighs the experts before it multiplies them.
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
FEW_COLUMNS = 60
STUDIES = "early-studies"
"""The contestant that takes raw vectors."""


class Panel:
    """One training part, and what the classifiers that are trained on it share: the experts of words, text
    vectors and pictures are independent of each other, so that one training serves every way to combine
    them."""

    def __init__(
        self, X: Views, y: npt.ArrayLike, groups: npt.ArrayLike | None = None, raw: Views | None = None
    ) -> None:
        """`raw`: the same products as the published studies saw them, for `StudiesFusion`."""
        self.views, self.groups, self.raw = X, groups, raw
        self.classes, self.target = np.unique(np.asarray(y), return_inverse=True)
        self._asked: tuple[Views, dict[str, Any]] | None = None

    @cached_property
    def inner_folds(self) -> list[tuple[Ints, Ints]]:
        """(rows to learn from, rows to try on) inside the training part, families on one side."""
        from prodlabel.learning.evaluation import folds

        return [(train, test) for _, train, test in folds(self.target, INNER_FOLDS, 1, 0, self.groups)]

    @cached_property
    def _trained(self) -> tuple[Any, dict[str, Any]]:
        from prodlabel.learning.fusion import FusionClassifier

        classifier = FusionClassifier()
        return classifier, classifier.fit_experts(self.views, self.classes[self.target], groups=self.groups)

    @property
    def noise(self) -> float:
        """The estimated share of labels of the training part that are wrong for no reason to be seen."""
        return float(self._trained[0].noise_)

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
    `held_out_probabilities_` of the training rows `held_out_rows_` (all of them, unless it says which), and
    with `predict_proba`, columns in the order of `panel.classes`. `sees_raw`: asked with raw vectors."""

    name: str
    title: str
    train: Callable[[Panel], Any]
    sees_raw: bool = False


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
            self._model = _logistic(rows).fit(rows, panel.target)
            self.held_out_probabilities_ = _cross_validated(rows, panel)
        else:
            self.held_out_probabilities_ = _product(*held_out)

    def predict_proba(self, X: Views) -> Floats:
        """(n, classes)"""
        both = [side.predict_proba(X) for side in self._sides]
        if self._model is None:
            return _product(*both)
        return np.asarray(self._model.predict_proba(_logs(*both)))


class StudiesFusion:
    """Early fusion of the published studies: vectors of text and picture side by side, neither centred nor
    scaled, into a network of one hidden layer. A missing vector is a row of zeros.

    As there, a fifth of the training part is not learnt from by the network that thresholds are chosen with.
    """

    def __init__(self, panel: Panel) -> None:
        from prodlabel.learning.dense_network import DenseNetwork

        assert panel.raw is not None
        rows, classes = _raw_rows(panel.raw), len(panel.classes)
        taught, self.held_out_rows_ = panel.inner_folds[0]
        tried = DenseNetwork().fit(rows[taught], panel.target[taught], classes)
        self.held_out_probabilities_ = tried.predict_proba(rows[self.held_out_rows_])
        self._network = DenseNetwork().fit(rows, panel.target, classes)

    def predict_proba(self, X: Views) -> Floats:
        """(n, classes); `X` holds raw vectors."""
        return self._network.predict_proba(_raw_rows(X))


def _raw_rows(X: Views) -> npt.NDArray[np.float32]:
    parts = []
    for name in (TEXT, PICTURE):
        held = X.vectors(name)
        assert held is not None
        parts.append(np.where(held[1][:, None], np.asarray(held[0]), 0).astype(np.float32))
    return np.concatenate(parts, axis=1)


class EarlyFusion:
    """Logistic regression on the vectors side by side; a missing vector is a row of zeros. The vectors of our
    encoders have unit length: joined as they are, or each block centred and scaled."""

    def __init__(self, panel: Panel, *, is_scaled: bool) -> None:
        self._features: dict[str, VectorFeatures] = {}
        for name in (TEXT, PICTURE):
            held = panel.views.vectors(name)
            if held is not None and held[1].any():
                plain = VectorFeatures(np.zeros(held[0].shape[1], np.float32), 1.0)
                self._features[name] = VectorFeatures().fit(*held) if is_scaled else plain
        rows = self._rows(panel.views)
        self._axes = orthonormal_axes(rows)
        turned = rows @ self._axes
        self._model = _logistic(turned).fit(turned, panel.target)
        self.held_out_probabilities_ = _cross_validated(turned, panel)

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


def orthonormal_axes(rows: Floats) -> Floats:
    """(d, n or fewer) orthonormal axes that hold all rows (n, d). As many axes as there are rows lose
    nothing: the penalty of a regression does not see how the axes are turned.

    From the eigenvectors of the n x n products of the rows, a fraction of the time of a singular value
    decomposition; axes along which they differ by less than rounding are left out.
    """
    n, d = rows.shape
    if d <= n:
        return np.eye(d)
    size, turn = np.linalg.eigh(rows @ rows.T)
    kept = size > n * np.finfo(np.float64).eps * size[-1]
    return np.asarray(rows.T @ (turn[:, kept] / np.sqrt(size[kept])))


def _cross_validated(rows: Floats, panel: Panel) -> Floats:
    """(n, classes) probabilities of each row from a regression that saw neither it nor its group."""
    found = np.zeros((len(rows), len(panel.classes)))
    for train, test in panel.inner_folds:
        model = _logistic(rows).fit(rows[train], panel.target[train])
        found[np.ix_(test, model.classes_)] = model.predict_proba(rows[test])
    return found


def _product(text: Floats, picture: Floats) -> Floats:
    """Both probabilities multiplied and brought to a sum of one again."""
    found = np.maximum(text, LEAST_PROBABILITY) * np.maximum(picture, LEAST_PROBABILITY)
    return np.asarray(found / found.sum(axis=1, keepdims=True))


def _logs(text: Floats, picture: Floats) -> Floats:
    return np.asarray(np.log(np.maximum(np.concatenate([text, picture], axis=1), LEAST_PROBABILITY)))


def _logistic(rows: Floats) -> Any:
    """A regression for such rows; where they are few numbers each, by Newton's steps: logarithms of
    probabilities are so alike that others take hundreds."""
    from sklearn.linear_model import LogisticRegression

    solver = "newton-cholesky" if rows.shape[1] <= FEW_COLUMNS else "lbfgs"
    return LogisticRegression(C=1.0, max_iter=2_000, solver=solver)


CONTESTANTS = (
    Contestant("text", "Text only", lambda panel: Experts(panel, (WORDS, TEXT))),
    Contestant("picture", "Picture only", lambda panel: Experts(panel, (PICTURE,))),
    Contestant(STUDIES, "Early fusion of the studies: raw vectors, dense 256", StudiesFusion, sees_raw=True),
    Contestant(
        "early",
        "Early fusion, unit vectors, logistic regression",
        lambda panel: EarlyFusion(panel, is_scaled=False),
    ),
    Contestant(
        "early-scaled",
        "Early fusion, blocks on one scale, logistic regression",
        lambda panel: EarlyFusion(panel, is_scaled=True),
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
