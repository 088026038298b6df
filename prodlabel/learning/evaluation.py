"""How good a classifier is on products it never saw: folds, and the figures over them.

Invariant: everything is fitted inside the training part of a fold; with `groups`, near duplicates never
stand on both sides.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from prodlabel.core.progress import Progress
from prodlabel.learning.calibration import calibration_error
from prodlabel.learning.features import Views
from prodlabel.learning.fusion import FusionClassifier
from prodlabel.learning.noise import suspected
from prodlabel.learning.thresholds import accepted_by, choose_thresholds

Floats = npt.NDArray[np.floating[Any]]
Ints = npt.NDArray[np.integer[Any]]
Bools = npt.NDArray[np.bool_]


class Classifier(Protocol):
    """What can be evaluated: trained on views, it gives probabilities."""

    classes_: npt.NDArray[Any]
    held_out_probabilities_: Floats
    noise_: float

    def fit(self, X: Views, y: npt.ArrayLike, *, groups: npt.ArrayLike | None = None) -> Any: ...

    def predict_proba(self, X: Views) -> Floats: ...


@dataclass(frozen=True)
class Score:
    """Figures of one kind of truth: `accuracy`, `macro_f1`, `coverage`, `precision` one entry a fold,
    `calibration` one a repeat (all folds of it pooled, bins of equal mass)."""

    accuracy: Floats
    macro_f1: Floats
    coverage: Floats
    precision: Floats
    calibration: Floats


@dataclass(frozen=True)
class Evaluation(Score):
    """Figures over the folds against the labels as they are, and `believed` against those that are not
    suspected wrong.

    `is_suspected` (n,): labels that, in the first repeat, a classifier that had not seen them doubts;
    `noise`: the estimated share of wrong labels, mean over the trainings. `confusion` (classes, classes)
    counts truth by row and suggestion by column, as a mean over repeats. `probabilities` (n, classes) are of
    the first repeat, each from a classifier that had not seen the product; `accepted` (n,) says whether
    they reach the thresholds of that classifier.
    """

    classes: npt.NDArray[Any]
    believed: Score
    is_suspected: Bools
    noise: float
    confusion: Floats
    probabilities: Floats
    accepted: Bools


def folds(
    y: npt.ArrayLike, count: int = 5, repeats: int = 3, seed: int = 0, groups: npt.ArrayLike | None = None
) -> Iterator[tuple[int, Ints, Ints]]:
    """(repeat, training rows, test rows), stratified; with `groups` (n,) each on one side."""
    import warnings

    from sklearn.model_selection import StratifiedGroupKFold, StratifiedKFold

    target = np.asarray(y)
    blank = np.zeros(len(target))
    for repeat in range(repeats):
        kind = StratifiedKFold if groups is None else StratifiedGroupKFold
        splitter = kind(n_splits=count, shuffle=True, random_state=seed + repeat)
        with warnings.catch_warnings():
            # A category with fewer products than folds is missing in some folds; the figures allow for it.
            warnings.filterwarnings("ignore", "The least populated class", UserWarning)
            parts = list(splitter.split(blank, target, groups))
        for train, test in parts:
            yield repeat, train, test


def evaluate(
    X: Views,
    y: npt.ArrayLike,
    make: Callable[[], Classifier] = FusionClassifier,
    *,
    count: int = 5,
    repeats: int = 3,
    seed: int = 0,
    groups: npt.ArrayLike | None = None,
    wished_precision: float = 0.99,
    measured: npt.ArrayLike | None = None,
    progress: Progress | None = None,
) -> Evaluation:
    """Cross-validate what `make` returns; about `count` x `repeats` trainings.

    `measured` (n,): how much each label counts as truth (all the same, by default); those that are 0 or False
    only teach. Thresholds for `wished_precision` are chosen on labels that are not suspected wrong.
    """
    from sklearn.metrics import confusion_matrix

    progress = progress or Progress()
    classes, target = np.unique(np.asarray(y), return_inverse=True)
    together = None if groups is None else np.asarray(groups)
    weight = np.ones(len(target)) if measured is None else np.asarray(measured, np.float64)
    is_truth = weight > 0
    runs = [_Run(classes, target, weight) for _ in range(repeats)]
    with progress.stage("Measuring the classifier", total=count * repeats, unit="trainings"):
        for repeat, train, test in folds(target, count, repeats, seed, groups):
            classifier = make()
            classifier.fit(X.take(train), target[train], groups=None if together is None else together[train])
            runs[repeat].add(
                classifier, classifier.predict_proba(X.take(test)), train, test, wished_precision
            )
            progress.advance()
    confusion = [
        confusion_matrix(
            target[is_truth],
            run.probabilities[is_truth].argmax(axis=1),
            labels=np.arange(len(classes)),
            sample_weight=weight[is_truth],
        )
        for run in runs
    ]
    plain, believed = (_score(runs, target, kind) for kind in (0, 1))
    return Evaluation(
        plain.accuracy, plain.macro_f1, plain.coverage, plain.precision, plain.calibration, classes, believed,
        runs[0].is_suspected, float(np.mean([run.noise for run in runs])),
        np.mean(confusion, axis=0), runs[0].probabilities, runs[0].accepted,
    )  # fmt: skip


class _Run:
    """One repeat: what its folds came to, against all labels and against those that are believed."""

    def __init__(self, classes: npt.NDArray[Any], target: Ints, weight: Floats) -> None:
        self._target = target
        self._weight = weight
        self._is_truth = weight > 0
        self.probabilities = np.zeros((len(target), len(classes)))
        self.is_suspected = np.zeros(len(target), bool)
        self.accepted = np.zeros(len(target), bool)
        self.noise: list[float] = []
        self.figures: tuple[list[tuple[float, ...]], list[tuple[float, ...]]] = ([], [])

    def add(
        self, classifier: Classifier, probabilities: Floats, train: Ints, test: Ints, precision: float
    ) -> None:
        """Take the figures of one fold."""
        target, known = self._target, classifier.classes_
        self.probabilities[np.ix_(test, known)] = probabilities
        doubted = suspected(self.probabilities[test], target[test], classifier.noise_)
        self.is_suspected[test] = doubted
        self.noise.append(classifier.noise_)
        own = np.searchsorted(known, target[train])
        kept = self._is_truth[train]
        kept &= ~suspected(classifier.held_out_probabilities_, own, classifier.noise_)
        limits = choose_thresholds(classifier.held_out_probabilities_[kept], own[kept], precision)
        taken, found = accepted_by(probabilities, limits), known[probabilities.argmax(axis=1)]
        self.accepted[test] = taken
        for figures, rows in zip(
            self.figures, (self._is_truth[test], self._is_truth[test] & ~doubted), strict=True
        ):
            figures.append(_figures(target[test][rows], found[rows], taken[rows], self._weight[test][rows]))

    def rows(self, kind: int) -> Bools:
        """(n,) what counts as truth: 0 the labels as they are, 1 those that are not suspected wrong."""
        return self._is_truth & ~self.is_suspected if kind else self._is_truth


def _figures(target: Ints, found: Ints, taken: Bools, weight: Floats) -> tuple[float, ...]:
    if not len(target):
        return (float("nan"),) * 4
    is_right = found == target
    f1 = macro_f1(target, found, weight)
    precision = float(np.average(is_right[taken], weights=weight[taken])) if taken.any() else float("nan")
    accuracy, coverage = (float(np.average(one, weights=weight)) for one in (is_right, taken))
    return accuracy, f1, coverage, precision


def macro_f1(target: npt.ArrayLike, said: npt.ArrayLike, weight: npt.ArrayLike | None = None) -> float:
    """The mean over categories of the harmonic mean of precision and recall."""
    from sklearn.metrics import f1_score

    return float(f1_score(target, said, average="macro", sample_weight=weight, zero_division=0.0))


def _score(runs: list[_Run], target: Ints, kind: int) -> Score:
    accuracy, macro_f1, coverage, precision = np.array([one for run in runs for one in run.figures[kind]]).T
    calibration = [
        calibration_error(run.probabilities[run.rows(kind)], target[run.rows(kind)])
        if run.rows(kind).any()
        else float("nan")
        for run in runs
    ]
    return Score(accuracy, macro_f1, coverage, precision, np.array(calibration))
