"""Classifiers compared on the same folds: text, picture, and the ways to put the two together.

Invariant: every classifier of a comparison is trained and measured on the same rows, and whatever it learns
(scales, weights, thresholds) comes from the training part.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from prodlabel.core.errors import NotReadyError
from prodlabel.core.progress import Progress
from prodlabel.learning.contestants import CONTESTANTS
from prodlabel.operations.materials import Materials, need_products
from prodlabel.operations.train import labels_at, make_views

Split = tuple[NDArray[Any], NDArray[Any]]


@dataclass(frozen=True, slots=True)
class CompareSettings:
    """`folds` x `repeats` (0 folds: `draws` random splits, `train_share` to train and `test_share` to test);
    `is_grouped`: families on one side."""

    folds: int = 5
    repeats: int = 3
    draws: int = 5
    train_share: float = 0.647
    test_share: float = 0.193
    is_grouped: bool = True
    level: int = 1
    precision: float = 0.99
    seed: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class Contest:
    """One classifier's figures, one entry a fold: accuracy, macro-F1, calibration error, share that can be
    taken at the wished precision, and the precision that was realised there."""

    name: str
    title: str
    accuracy: NDArray[np.float64]
    macro_f1: NDArray[np.float64]
    calibration: NDArray[np.float64]
    coverage: NDArray[np.float64]
    precision: NDArray[np.float64]


def compare_classifiers(
    materials: Materials,
    settings: CompareSettings,
    progress: Progress,
    *,
    only: tuple[str, ...] | None = None,
) -> list[Contest]:
    """Measure all contestants (or `only` some). Raises `NotReadyError` without texts and pictures."""
    need_products(materials.snapshot)
    if not materials.text_blocks() or materials.picture_block() is None:
        raise NotReadyError("Texts and pictures are both needed to compare. Run `prodlabel encode` first.")
    rows = np.flatnonzero(materials.trusted())
    target = np.unique(labels_at(materials, settings.level)[rows], return_inverse=True)[1]
    views = materials.once("views", lambda: make_views(materials, progress)).take(rows)
    families = materials.families(progress)[rows] if settings.is_grouped else None
    splits = list(_splits(target, families, settings))
    chosen = [one for one in CONTESTANTS if only is None or one.name in only]
    found = []
    with progress.stage("Comparing classifiers", len(chosen) * len(splits), "trainings"):
        for contestant in chosen:
            figures = []
            for train, test in splits:
                groups = None if families is None else families[train]
                figures.append(
                    _measure(
                        contestant.make,
                        views,
                        target,
                        (train, test),
                        groups=groups,
                        precision=settings.precision,
                    )
                )
                progress.advance()
            found.append(Contest(contestant.name, contestant.title, *np.array(figures).T))
    return found


def _splits(
    target: NDArray[np.int64], families: NDArray[np.int64] | None, settings: CompareSettings
) -> Iterator[Split]:
    from prodlabel.learning.evaluation import folds

    if settings.folds:
        for _, train, test in folds(target, settings.folds, settings.repeats, settings.seed, families):
            yield train, test
        return
    unit = np.arange(len(target)) if families is None else np.unique(families, return_inverse=True)[1]
    for draw in range(settings.draws):
        place = np.random.default_rng(settings.seed + draw).permutation(int(unit.max()) + 1)[unit]
        order = np.argsort(place, kind="stable")
        train = order[: round(settings.train_share * len(order))]
        rest = order[len(train) :]
        rest = rest[~np.isin(unit[rest], unit[train])]
        yield np.sort(train), np.sort(rest[-round(settings.test_share * len(order)) :])


def _measure(
    make: Callable[[], Any],
    views: Any,
    target: NDArray[np.int64],
    split: Split,
    *,
    groups: NDArray[np.int64] | None,
    precision: float,
) -> tuple[float, ...]:
    from prodlabel.learning.calibration import calibration_error
    from prodlabel.learning.evaluation import macro_f1
    from prodlabel.learning.thresholds import accepted_by, choose_thresholds

    train, test = split
    classifier = make()
    classifier.fit(views.take(train), target[train], groups=groups)
    known = np.asarray(classifier.classes_)
    probabilities = np.zeros((len(test), int(target.max()) + 1))
    probabilities[:, known] = classifier.predict_proba(views.take(test))
    held_out = np.zeros((len(train), probabilities.shape[1]))
    held_out[:, known] = classifier.held_out_probabilities_
    taken = accepted_by(probabilities, choose_thresholds(held_out, target[train], precision))
    said = probabilities.argmax(axis=1)
    is_right = said == target[test]
    return (
        float(is_right.mean()),
        macro_f1(target[test], said),
        calibration_error(probabilities, target[test]),
        float(taken.mean()),
        float(is_right[taken].mean()) if taken.any() else float("nan"),
    )
