"""The second level of the taxonomy: how well it is suggested, and what is gained by falling back to the
parent where the second level is unsure.

Invariant: thresholds of both levels are chosen inside the training part; families are on one side of a split.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from prodlabel.core.labels import NO_CATEGORY
from prodlabel.core.progress import Progress
from prodlabel.learning.features import Views
from prodlabel.operations.findings import Finding, Measurement, digest
from prodlabel.operations.materials import Materials
from prodlabel.operations.train import labels_at, make_views

FOLDS, REPEATS, PRECISION, LOWER_PRECISION = 5, 2, 0.99, 0.95
NAME = "level-2"
VERSION = 3
MOST_ROWS = 3_000
TAKEN = ("leaf_share", "leaf_precision", "parent_share", "parent_precision", "review_share", "precision")
FIGURES = ("accuracy", "macro_f1", "parent_accuracy", *TAKEN, *(f"lower_{name}" for name in TAKEN))
"""`lower_...`: where 95 % are wished at each level, instead of 99 %."""


@dataclass(frozen=True, slots=True)
class LevelTwo:
    """Mean and standard deviation over folds of each of `FIGURES`; `categories` of the second level among
    `products`. Shares are of all products: suggested at the second level, at the parent, left to a person."""

    products: int
    categories: int
    figures: Mapping[str, tuple[float, float]]

    @classmethod
    def of(cls, finding: Finding) -> LevelTwo:
        """From what was measured."""
        figures = {}
        for name in FIGURES:
            values = np.array([np.nan if one is None else one for one in finding.figures[name]], np.float64)
            known = values[~np.isnan(values)]
            spread = float(known.std(ddof=1)) if len(known) > 1 else 0.0
            figures[name] = (float(known.mean()) if len(known) else float("nan"), spread)
        return cls(int(finding.figures["products"]), int(finding.figures["categories"]), figures)


def level_2_measurement(materials: Materials, progress: Progress) -> Measurement | None:
    """What is to be measured; None where labels go no deeper than the first level."""
    labels, parents = labels_at(materials, 2), materials.level_1()
    rows = np.flatnonzero(materials.trusted() & (labels != NO_CATEGORY))
    ids, counts = np.unique(labels[rows], return_counts=True)
    rows = rows[np.isin(labels[rows], ids[counts > 1])]
    if len(np.unique(labels[rows])) < 2 or np.array_equal(labels[rows], parents[rows]):
        return None
    if len(rows) > MOST_ROWS:
        rows = np.sort(np.random.default_rng(0).choice(rows, MOST_ROWS, replace=False))
    views = materials.once("views", lambda: make_views(materials, progress)).take(rows).alone()
    families = materials.families(progress)[rows]
    arguments = (views, labels[rows], parents[rows], families)
    parts = [one for one in (views.text_vectors, views.picture_vectors) if one is not None]
    mark = digest(VERSION, list(views.texts), *parts, *arguments[1:])
    return Measurement(NAME, mark, measure_level_2, arguments, 30)


def measure_level_2(
    views: Views, labels: NDArray[np.int32], parents: NDArray[np.int32], families: NDArray[np.int64]
) -> Finding:
    """A list of figures for each of `FIGURES`, one entry a fold."""
    from prodlabel.learning.evaluation import folds

    found: dict[str, Any] = {name: [] for name in FIGURES}
    for _, train, test in folds(labels, FOLDS, REPEATS, 0, families):
        for name, value in _fold(views, labels, parents, families, (train, test)).items():
            found[name].append(value)
    found |= {"products": len(labels), "categories": len(np.unique(labels))}
    return Finding(found)


def _fold(
    views: Views,
    labels: NDArray[np.int32],
    parents: NDArray[np.int32],
    families: NDArray[np.int64],
    split: tuple[NDArray[Any], NDArray[Any]],
) -> dict[str, float]:
    from prodlabel.learning.backoff import back_off, fit_backoff
    from prodlabel.learning.evaluation import macro_f1
    from prodlabel.learning.fusion import FusionClassifier
    from prodlabel.learning.noise import suspected

    train, test = split
    classifier = FusionClassifier().fit(views.take(train), labels[train], groups=families[train])
    classes = np.asarray(classifier.classes_)
    parent_of = np.array([parents[labels == one][0] for one in classes])
    parent_ids, ancestor = np.unique(parent_of, return_inverse=True)
    columns = np.searchsorted(classes, labels[train])
    held_out = classifier.held_out_probabilities_
    kept = ~suspected(held_out, columns, classifier.noise_)
    ancestors = [np.arange(len(classes)), ancestor]
    probabilities = classifier.predict_proba(views.take(test))
    said = probabilities.argmax(axis=1)
    found = {
        "accuracy": float((classes[said] == labels[test]).mean()),
        "macro_f1": macro_f1(labels[test], classes[said]),
        "parent_accuracy": float((parent_of[said] == parents[test]).mean()),
    }
    for prefix, wished in (("", PRECISION), ("lower_", LOWER_PRECISION)):
        sure = back_off(probabilities, fit_backoff(held_out[kept], columns[kept], ancestors, wished))
        taken = _taken(sure.level, classes[said] == labels[test], parent_ids, parents[test], sure.column)
        found |= {f"{prefix}{name}": value for name, value in taken.items()}
    return found


def _taken(
    level: NDArray[Any],
    is_leaf_right: NDArray[np.bool_],
    parent_ids: NDArray[np.int32],
    parents: NDArray[np.int32],
    column: NDArray[Any],
) -> dict[str, float]:
    """Figures by name of what is taken at the second `level` (0) and at the first (1)."""
    at_leaf, at_parent = level == 0, level == 1
    is_right = at_leaf & is_leaf_right
    is_right[at_parent] = parent_ids[column[at_parent]] == parents[at_parent]
    is_taken = at_leaf | at_parent
    return {
        "leaf_share": float(at_leaf.mean()),
        "leaf_precision": _share(is_right[at_leaf]),
        "parent_share": float(at_parent.mean()),
        "parent_precision": _share(is_right[at_parent]),
        "review_share": float((~is_taken).mean()),
        "precision": _share(is_right[is_taken]),
    }


def _share(values: NDArray[np.bool_]) -> float:
    return float(values.mean()) if len(values) else float("nan")
