"""The fusion classifier: one expert each for words, text vectors and pictures, multiplied into one
probability.

Invariant: `predict_proba` is calibrated on scores of products that the experts had not seen, for each set of
experts that a product can have; a product with none of them gets the categories' shares.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.base import BaseEstimator, ClassifierMixin

from prodlabel.core.errors import NotReadyError
from prodlabel.core.progress import Progress
from prodlabel.learning.combination import Combination, fit_combination
from prodlabel.learning.features import PICTURE, TEXT, WORDS, VectorFeatures, Views, WordFeatures
from prodlabel.learning.ridge import fit_ridge

Floats = npt.NDArray[np.floating[Any]]
Ints = npt.NDArray[np.integer[Any]]
Bools = npt.NDArray[np.bool_]

EXPERTS = (WORDS, TEXT, PICTURE)
CALIBRATION_ROWS = 3_000
"""Dozens of numbers are fitted on the out-of-sample scores: more rows than this change nothing."""
ENOUGH_TO_COMBINE = 10


@dataclass
class Expert:
    """One linear model over one view. `weights` (d, classes) and `bias` (classes,) are float32."""

    features: WordFeatures | VectorFeatures
    weights: Floats
    bias: Floats
    seen: Bools = field(default_factory=lambda: np.zeros(0, bool))

    def scores(self, X: Any) -> Floats:
        """(n, classes) float64; a category this expert never saw gets the mean of the others: no opinion."""
        return _without_opinion(np.asarray(X @ self.weights + self.bias, dtype=np.float64), self.seen)


# BaseEstimator and ClassifierMixin are untyped for the type checker, hence the ignores.
class FusionClassifier(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """Text and picture together, as scikit-learn estimators are: the constructor only stores.

    `penalty`: ridge parameter of the experts. `use`: which experts to train. Learned: `classes_`, `experts_`,
    `combinations_` (one for each set of experts that can be present), `prior_`, and for the training rows
    `held_out_probabilities_` (n, classes), from experts that saw neither the row nor its group.

    Deterministic without a seed. Time for n products, d columns: a few times min(n, d)^2 max(n, d)
    operations.
    """

    def __init__(self, penalty: float = 0.3, use: Sequence[str] = EXPERTS) -> None:
        self.penalty = penalty
        self.use = use

    def fit(
        self,
        X: Views,
        y: npt.ArrayLike,
        sample_weight: npt.ArrayLike | None = None,
        groups: npt.ArrayLike | None = None,
        progress: Progress | None = None,
    ) -> FusionClassifier:
        """Train on `X` with the categories `y` (n,).

        `groups` (n,): families whose members are left out together when the probabilities are calibrated.
        `sample_weight` (n,): how much each product counts. Raises `NotReadyError` when nothing is labelled.
        """
        held_out = self.fit_experts(X, y, sample_weight, groups, progress)
        self.held_out_probabilities_ = self.combine(held_out, len(X))
        return self

    def fit_experts(
        self,
        X: Views,
        y: npt.ArrayLike,
        sample_weight: npt.ArrayLike | None = None,
        groups: npt.ArrayLike | None = None,
        progress: Progress | None = None,
    ) -> dict[str, tuple[Floats, Bools]]:
        """As `fit`, for whoever combines the experts in other ways as well: each expert's scores (n, classes)
        of the training rows, out of sample, and where it has something to say."""
        progress = progress or Progress()
        self.classes_, target = np.unique(np.asarray(y), return_inverse=True)
        if len(target) == 0:
            raise NotReadyError(
                "No product has a category yet. Label some, or import a catalogue with categories."
            )
        weight = None if sample_weight is None else np.asarray(sample_weight, np.float64)
        together = None if groups is None else np.asarray(groups)
        counts = np.bincount(target, weights=weight, minlength=len(self.classes_))
        self.prior_ = (counts + 1.0) / (counts + 1.0).sum()
        self.experts_: dict[str, Expert] = {}
        self.combinations_: dict[tuple[str, ...], Combination] = {}
        held_out: dict[str, tuple[Floats, Bools]] = {}
        with progress.stage("Training", total=len(self.use) + 1, unit="steps"):
            if len(self.classes_) > 1:
                for name in self.use:
                    scored = self._fit_expert(name, X, target, weight, together)
                    if scored is not None:
                        held_out[name] = scored
                    progress.advance()
            self._fit_combinations(held_out, target, weight)
            progress.advance()
        return held_out

    def predict_proba(self, X: Views) -> Floats:
        """Calibrated probabilities (n, classes), columns in the order of `classes_`."""
        return self.combine(self.scores(X), len(X))

    @property
    def noise_(self) -> float:
        """The estimated share of training labels that are wrong for no reason to be seen."""
        if not self.combinations_:
            return 0.0
        return self.combinations_[max(self.combinations_, key=len)].noise

    def predict(self, X: Views) -> npt.NDArray[Any]:
        """The most probable category of each product (n,)."""
        return np.asarray(self.classes_[self.predict_proba(X).argmax(axis=1)])

    def _fit_expert(
        self, name: str, X: Views, target: Ints, weight: Floats | None, groups: Ints | None
    ) -> tuple[Floats, Bools] | None:
        """Train one expert on the rows it can see; its out-of-sample scores (n, classes) and where they
        are.
        """
        learnt = self._learn_features(name, X)
        if learnt is None:
            return None
        features, matrix, present = learnt
        rows = np.flatnonzero(present)
        truth = np.zeros((len(rows), len(self.classes_)))
        truth[np.arange(len(rows)), target[rows]] = 1.0
        fitted = fit_ridge(
            matrix[rows], truth, self.penalty,
            None if weight is None else weight[rows], None if groups is None else groups[rows],
        )  # fmt: skip
        seen = np.asarray(truth.any(axis=0), bool)
        self.experts_[name] = Expert(
            features, fitted.weights.astype(np.float32), fitted.bias.astype(np.float32), seen
        )
        scores = np.zeros((len(target), len(self.classes_)))
        scores[rows] = _without_opinion(fitted.held_out, seen)
        return scores, present

    def _learn_features(self, name: str, X: Views) -> tuple[WordFeatures | VectorFeatures, Any, Bools] | None:
        if name == WORDS:
            words = WordFeatures()
            found = words.fit_transform(X)
            return None if found is None or not found[1].any() else (words, *found)
        given = X.vectors(name)
        if given is None or not given[1].any():
            return None
        block, present = given
        features = VectorFeatures().fit(block, present)
        return features, features.transform(block), present

    def _fit_combinations(
        self, held_out: Mapping[str, tuple[Floats, Bools]], target: Ints, weight: Floats | None
    ) -> None:
        """For each set of experts: their weights on the products that have at least these."""
        step = max(1, -(-len(target) // CALIBRATION_ROWS))
        for names in _subsets(tuple(held_out)):
            rows = np.flatnonzero(np.logical_and.reduce([held_out[name][1] for name in names]))[::step]
            if len(rows) < max(ENOUGH_TO_COMBINE, len(self.classes_)):
                plain = Combination(np.full(len(names), 4.0 / len(names)), np.zeros(len(self.classes_)))
                self.combinations_[names] = plain
                continue
            scores = np.stack([held_out[name][0][rows] for name in names])
            share = None if weight is None else weight[rows]
            self.combinations_[names] = fit_combination(scores, target[rows], share)

    def scores(self, X: Views) -> dict[str, tuple[Floats, Bools]]:
        """Each expert's scores (n, classes), and where it has something to say."""
        found: dict[str, tuple[Floats, Bools]] = {}
        for name, expert in self.experts_.items():
            seen = self.seen_by(name, X)
            if seen is not None:
                found[name] = (expert.scores(seen[0]), seen[1])
        return found

    def seen_by(self, name: str, X: Views) -> tuple[Any, Bools] | None:
        """The rows of `X` as the expert `name` sees them (n, d), and where there is something to see."""
        features = self.experts_[name].features
        if isinstance(features, WordFeatures):
            return features.transform(X)
        given = X.vectors(name)
        return None if given is None else (features.transform(given[0]), given[1])

    def combine(self, scores: Mapping[str, tuple[Floats, Bools]], n: int) -> Floats:
        """Calibrated probabilities (n, classes) of what the experts said of `n` products."""
        probabilities = np.tile(self.prior_, (n, 1))
        for names, rows in self.rows_by_experts(
            {name: present for name, (_, present) in scores.items()}
        ).items():
            stacked = np.stack([scores[name][0][rows] for name in names])
            probabilities[rows] = np.exp(self.combinations_[names].log_probabilities(stacked))
        return probabilities

    def expert_scales(self, scores: Mapping[str, tuple[Floats, Bools]], n: int) -> dict[str, Floats]:
        """(n,) what a point of each expert's scores weighs in a product's probabilities."""
        scale: dict[str, Floats] = {name: np.zeros(n) for name in scores}
        for names, rows in self.rows_by_experts({k: present for k, (_, present) in scores.items()}).items():
            for name, value in zip(names, self.combinations_[names].scale, strict=True):
                scale[name][rows] = value
        return scale

    @staticmethod
    def rows_by_experts(present: Mapping[str, Bools]) -> dict[tuple[str, ...], Ints]:
        """Which rows have exactly which experts; rows without any are left out."""
        if not present:
            return {}
        names = tuple(present)
        code = sum(np.asarray(present[name], np.int64) << bit for bit, name in enumerate(names))
        found: dict[tuple[str, ...], Ints] = {}
        for value in np.unique(np.asarray(code)):
            chosen = tuple(name for bit, name in enumerate(names) if value >> bit & 1)
            if chosen:
                found[chosen] = np.flatnonzero(code == value)
        return found


def _subsets(names: tuple[str, ...]) -> list[tuple[str, ...]]:
    return [chosen for size in range(1, len(names) + 1) for chosen in combinations(names, size)]


def _without_opinion(scores: Floats, seen: Bools) -> Floats:
    if not seen.all() and seen.any():
        scores[:, ~seen] = scores[:, seen].mean(axis=1, keepdims=True)
    return scores
