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
from prodlabel.learning.thresholds import accepted_by, choose_thresholds

Floats = npt.NDArray[np.floating[Any]]
Ints = npt.NDArray[np.integer[Any]]


class Classifier(Protocol):
    """What can be evaluated: trained on views, it gives probabilities."""

    classes_: npt.NDArray[Any]
    held_out_probabilities_: Floats

    def fit(self, X: Views, y: npt.ArrayLike, *, groups: npt.ArrayLike | None = None) -> Any: ...

    def predict_proba(self, X: Views) -> Floats: ...


@dataclass(frozen=True)
class Evaluation:
    """Figures over the folds. `accuracy`, `macro_f1`, `coverage` and `precision` hold one entry a fold;
    `calibration` one a repeat (all folds of it pooled, bins of equal mass). `confusion` (classes, classes)
    counts truth by row and suggestion by column, as a mean over repeats. `probabilities` (n, classes) are
    of the first repeat, each from a classifier that had not seen the product; `accepted` (n,) says whether
    they reach the thresholds of that classifier.
    """

    classes: npt.NDArray[Any]
    accuracy: Floats
    macro_f1: Floats
    calibration: Floats
    coverage: Floats
    precision: Floats
    confusion: Floats
    probabilities: Floats
    accepted: npt.NDArray[np.bool_]


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
    progress: Progress | None = None,
) -> Evaluation:
    """Cross-validate what `make` returns; about `count` x `repeats` trainings."""
    from sklearn.metrics import confusion_matrix, f1_score

    progress = progress or Progress()
    classes, target = np.unique(np.asarray(y), return_inverse=True)
    together = None if groups is None else np.asarray(groups)
    pooled = np.zeros((repeats, len(target), len(classes)))
    accepted = np.zeros((repeats, len(target)), dtype=bool)
    figures: list[tuple[float, float, float, float]] = []
    with progress.stage("Measuring the classifier", total=count * repeats, unit="trainings"):
        for repeat, train, test in folds(target, count, repeats, seed, groups):
            classifier = make()
            classifier.fit(X.take(train), target[train], groups=None if together is None else together[train])
            probabilities = classifier.predict_proba(X.take(test))
            pooled[repeat][np.ix_(test, classifier.classes_)] = probabilities
            found = classifier.classes_[probabilities.argmax(axis=1)]
            is_right = found == target[test]
            known = np.searchsorted(classifier.classes_, target[train])
            limits = choose_thresholds(classifier.held_out_probabilities_, known, wished_precision)
            taken = accepted_by(probabilities, limits)
            accepted[repeat][test] = taken
            f1 = float(f1_score(target[test], found, average="macro", zero_division=0.0))
            kept = float(is_right[taken].mean()) if taken.any() else float("nan")
            figures.append((float(is_right.mean()), f1, float(taken.mean()), kept))
            progress.advance()
    accuracy, macro_f1, coverage, precision = np.array(figures).T
    confusion = [
        confusion_matrix(target, one.argmax(axis=1), labels=np.arange(len(classes))) for one in pooled
    ]
    return Evaluation(
        classes, accuracy, macro_f1, np.array([calibration_error(one, target) for one in pooled]),
        coverage, precision, np.mean(confusion, axis=0), pooled[0], accepted[0],
    )  # fmt: skip
