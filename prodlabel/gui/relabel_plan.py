"""What relabelling a selection would do, worked out before anything is changed.

Invariant: making a plan changes nothing, and applying it changes exactly the rows that it names: a product
that has the category already keeps it, whatever is pressed how often.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from prodlabel.core.labels import Status
from prodlabel.gui.suggestions import SURE, Suggestions
from prodlabel.project.columns import Columns

Rows = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class RelabelPlan:
    """Rows of a selection by what happens to them.

    `changing` get the target, `confirming` have it from an import or a suggestion and become confirmed,
    `settled` have it from a person. Left out unless asked for: `confirmed_elsewhere`, to which a person gave
    another category, and `intruders`, which the classifier is sure do not belong with the others.
    """

    target: int
    selected: Rows
    changing: Rows
    confirming: Rows
    settled: Rows
    confirmed_elsewhere: Rows
    intruders: Rows
    old_counts: tuple[tuple[int, int], ...]

    @property
    def applied(self) -> Rows:
        """Rows whose label is written, ascending."""
        return np.sort(np.concatenate([self.changing, self.confirming]))

    @property
    def left_out(self) -> Rows:
        return np.sort(np.concatenate([self.confirmed_elsewhere, self.intruders]))


def plan_relabelling(
    columns: Columns,
    selected: Rows,
    target: int,
    suggestions: Suggestions | None = None,
    *,
    is_forced: bool = False,
) -> RelabelPlan:
    """Plan to give `selected` rows the category `target`; `is_forced` leaves nobody out."""
    category, status = columns.category[selected], columns.status[selected]
    is_decided = np.isin(status, [int(s) for s in Status if s.is_decided_by_person])
    is_target = category == target
    keeps_out = np.zeros(len(selected), dtype=np.bool_) if is_forced else is_decided & ~is_target
    intrudes = np.zeros(len(selected), dtype=np.bool_)
    if suggestions is not None and not is_forced:
        intrudes = _intruders(suggestions, selected, target) & ~is_target & ~keeps_out
    is_changing = ~is_target & ~keeps_out & ~intrudes
    ids, counts = np.unique(category, return_counts=True)
    order = np.argsort(-counts, kind="stable")
    return RelabelPlan(
        target,
        selected,
        selected[is_changing],
        selected[is_target & (status != int(Status.CONFIRMED))],
        selected[is_target & (status == int(Status.CONFIRMED))],
        selected[keeps_out],
        selected[intrudes],
        tuple((int(ids[place]), int(counts[place])) for place in order),
    )


def _intruders(suggestions: Suggestions, selected: Rows, target: int) -> NDArray[np.bool_]:
    """(n,) rows of which the classifier is sure that they are neither the target nor as most of the others.

    Where most of the selection is suggested to be something else, the curator disagrees with the classifier
    on purpose, and only what stands out from that majority is suspect.
    """
    best = suggestions.best[selected]
    if len(best) < 5:
        return np.zeros(len(best), dtype=np.bool_)
    ids, counts = np.unique(best, return_counts=True)
    majority = int(ids[np.argmax(counts)])
    is_sure = suggestions.best_confidence[selected] >= SURE
    return np.asarray(is_sure & (best != target) & (best != majority))
