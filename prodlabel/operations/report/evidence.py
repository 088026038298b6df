"""What the classifier says of products that it had not seen: the ground that every verdict stands on.

Invariant: a product's probabilities come from a classifier that saw neither it nor a near duplicate of it,
and thresholds that were chosen without it say whether its suggestion counts as accepted.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from prodlabel.core.progress import Progress
from prodlabel.operations.materials import Materials
from prodlabel.operations.train import TrainSettings, labels_at, make_views

if TYPE_CHECKING:  # scikit-learn stands behind it, which is loaded when something is measured
    from prodlabel.learning.evaluation import Evaluation

MOST_PRODUCTS = 20_000
"""More products than this are sampled: the figures would change less than their spread."""


@dataclass(frozen=True, slots=True, eq=False)
class Evidence:
    """`rows` (m,) are the products measured; `target` (m,) and the columns of `probabilities` (m, k) are
    positions in `classes` (k,), which are category ids. `accepted` (m,): above the threshold.

    `too_small` are ids of categories with a single product, which cannot be measured. `labelled` counts all
    products with a trusted label, of which `rows` may be a sample.
    """

    settings: TrainSettings
    fold_count: int
    rows: NDArray[np.int64]
    classes: NDArray[np.int32]
    target: NDArray[np.int64]
    probabilities: NDArray[np.float64]
    accepted: NDArray[np.bool_]
    evaluation: Evaluation
    too_small: tuple[int, ...]
    labelled: int

    @property
    def is_sample(self) -> bool:
        """Whether there were more products to measure on than were taken."""
        return len(self.rows) + len(self.too_small) < self.labelled

    @property
    def found(self) -> NDArray[np.int64]:
        """(m,) the column of the most probable category."""
        return np.asarray(self.probabilities.argmax(axis=1))

    @property
    def confidence(self) -> NDArray[np.float64]:
        """(m,) how sure the classifier is of it."""
        return np.asarray(self.probabilities.max(axis=1))

    @property
    def is_right(self) -> NDArray[np.bool_]:
        """(m,) whether suggestion and label agree."""
        return np.asarray(self.found == self.target)

    @property
    def coverage(self) -> float:
        """The share of products above their threshold."""
        return float(self.accepted.mean())

    @property
    def precision(self) -> float:
        """The share of right suggestions among those; NaN where there is none."""
        return float(self.is_right[self.accepted].mean()) if self.accepted.any() else float("nan")


def settings_of(said: Mapping[str, Any]) -> TrainSettings:
    """The settings of a version as the project keeps them; at least one repeat, or nothing is measured."""
    known = {name: said[name] for name in TrainSettings.__slots__ if name in said}
    return TrainSettings(**(known | {"repeats": max(1, int(known.get("repeats", 1)))}))


def gather_evidence(materials: Materials, settings: TrainSettings, progress: Progress) -> Evidence | None:
    """Cross-validate on the labels as they are now. None where fewer than two categories can be measured."""
    from prodlabel.learning.evaluation import evaluate

    labels = labels_at(materials, settings.level)
    trusted = np.flatnonzero(materials.trusted())
    ids, counts = np.unique(labels[trusted], return_counts=True)
    large = ids[counts > 1]
    if len(large) < 2:
        return None
    rows = _sample(trusted[np.isin(labels[trusted], large)], settings.seed)
    classes, target, sizes = np.unique(labels[rows], return_inverse=True, return_counts=True)
    families = materials.families(progress)[rows]
    # A category with fewer products than folds is missing in some folds; few folds would harm all others.
    fold_count = min(settings.folds, max(2, int(np.median(sizes))))
    evaluation = evaluate(
        make_views(materials, progress).take(rows),
        target,
        count=fold_count,
        repeats=settings.repeats,
        seed=settings.seed,
        groups=families,
        wished_precision=settings.precision,
        progress=progress,
    )
    probabilities = np.asarray(evaluation.probabilities, dtype=np.float64)
    too_small = tuple(ids[counts <= 1].tolist())
    return Evidence(
        settings, fold_count, rows, classes, np.asarray(target), probabilities, evaluation.accepted,
        evaluation, too_small, len(trusted),
    )  # fmt: skip


def _sample(rows: NDArray[np.int64], seed: int) -> NDArray[np.int64]:
    if len(rows) <= MOST_PRODUCTS:
        return rows
    return np.sort(np.random.default_rng(seed).choice(rows, MOST_PRODUCTS, replace=False))


def wilson_interval(right: int, total: int, z: float = 1.96) -> tuple[float, float]:
    """95 % interval of a share (Wilson, J. Am. Stat. Assoc. 22, 1927); (0, 1) for no observation."""
    if not total:
        return 0.0, 1.0
    share = right / total
    centre = (share + z * z / (2 * total)) / (1 + z * z / total)
    half = z / (1 + z * z / total) * np.sqrt(share * (1 - share) / total + z * z / (4 * total * total))
    return max(0.0, float(centre - half)), min(1.0, float(centre + half))
