"""The deepest category that is sure: suggestions of a classifier that back off along the taxonomy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from prodlabel.core.labels import NO_CATEGORY
from prodlabel.core.taxonomy import Taxonomy
from prodlabel.operations.truth import Truth

if TYPE_CHECKING:
    from prodlabel.learning.backoff import Level
    from prodlabel.learning.saving import AnyClassifier


@dataclass(frozen=True, slots=True, eq=False)
class Backoff:
    """Thresholds per level, the deepest first, and the category ids behind each level's columns."""

    levels: tuple[Level, ...]
    ids: tuple[NDArray[np.int32], ...]

    def sure_category(self, probabilities: NDArray[Any]) -> NDArray[np.int32]:
        """(n,) the deepest category that is sure, `NO_CATEGORY` where none is."""
        from prodlabel.learning.backoff import back_off

        found = back_off(probabilities, self.levels)
        sure = np.full(len(probabilities), NO_CATEGORY, dtype=np.int32)
        for number, ids in enumerate(self.ids):
            rows = found.level == number
            sure[rows] = ids[found.column[rows]]
        return sure


def make_backoff(
    classifier: AnyClassifier,
    taxonomy: Taxonomy,
    labels: NDArray[np.int32],
    truth: Truth,
    *,
    level: int,
    precision: float,
) -> Backoff:
    """From the labels (n,) of the products that taught the classifier; suspected labels are
    left out, as they are for thresholds."""
    from prodlabel.learning.backoff import fit_backoff
    from prodlabel.learning.noise import suspected

    classes = np.asarray(classifier.classes_)
    held_out = classifier.held_out_probabilities_
    known = np.isin(labels, classes)
    columns = np.searchsorted(classes, np.where(known, labels, classes[0]))
    kept = known & truth.measured & ~suspected(held_out, columns, classifier.noise_)
    ids, ancestors = [], []
    # A sole root names the shop: it is always sure, and says nothing.
    for depth in range(level, min(level, taxonomy.main_level) - 1, -1):
        found, ancestor = np.unique(taxonomy.at_level(depth)[classes], return_inverse=True)
        ids.append(found.astype(np.int32))
        ancestors.append(ancestor)
    return Backoff(fit_backoff(held_out[kept], columns[kept], ancestors, precision), tuple(ids))
