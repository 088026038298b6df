"""What a decision about many products would do, worked out before anything is changed.

Invariant: making a plan changes nothing, and applying it changes exactly the rows that it names: a product
that has the category already keeps it, whatever is pressed how often.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from prodlabel.core.edits import Because
from prodlabel.core.labels import NO_CATEGORY, Status
from prodlabel.core.taxonomy import Taxonomy
from prodlabel.gui.computed import accepted
from prodlabel.gui.suggestions import SURE, Suggestions
from prodlabel.project.columns import Columns

Rows = NDArray[np.int64]
NOBODY_ELSE = np.empty(0, dtype=np.int64)


class Out(IntEnum):
    """Why a product is left out of a plan; `IN`: it is not."""

    IN = 0
    CONFIRMED_ELSEWHERE = 1
    INTRUDER = 2
    BY_HAND = 3


@dataclass(frozen=True, eq=False)
class RelabelPlan:
    """What happens to the `selected` rows (n,), ascending.

    `wanted` (n,) is the category that each shall have, `old` (n,) what it has; `is_settled` (n,): nothing is
    to be written, it is so already; `out` (n,) says who is left out and why (see `Out`). `target` is the one
    category that is meant, `NO_CATEGORY` where each keeps its own or gets what is suggested for it; `status`
    is what all get.
    """

    target: int
    selected: Rows
    wanted: NDArray[np.int32]
    old: NDArray[np.int32]
    is_settled: NDArray[np.bool_]
    out: NDArray[np.uint8]
    status: Status = Status.CONFIRMED

    @property
    def changing(self) -> Rows:
        """Rows that get another category (or, where each keeps its own, another status)."""
        is_other = (self.wanted != self.old) | self._is_marking
        return self._where(self._is_in & ~self.is_settled & is_other)

    @property
    def confirming(self) -> Rows:
        """Rows that have the category already, from an import, a suggestion or a colleague."""
        return self._where(
            self._is_in & ~self.is_settled & (self.wanted == self.old) & (not self._is_marking)
        )

    @property
    def settled(self) -> Rows:
        return self._where(self._is_in & self.is_settled)

    @property
    def confirmed_elsewhere(self) -> Rows:
        """Left out: a person gave them another category."""
        return self._where(self.out == Out.CONFIRMED_ELSEWHERE)

    @property
    def intruders(self) -> Rows:
        """Left out: the classifier is sure that they do not belong with the others."""
        return self._where(self.out == Out.INTRUDER)

    @property
    def unticked(self) -> Rows:
        """Left out by hand."""
        return self._where(self.out == Out.BY_HAND)

    @property
    def applied(self) -> Rows:
        """Rows whose label is written, ascending."""
        return self._where(self._is_in & ~self.is_settled)

    @property
    def applied_categories(self) -> NDArray[np.int32]:
        """The category of each of `applied`."""
        return np.asarray(self.wanted[self._is_in & ~self.is_settled])

    @property
    def left_out(self) -> Rows:
        return self._where(~self._is_in)

    @property
    def old_counts(self) -> tuple[tuple[int, int], ...]:
        """(category, how many of the selected have it), most frequent first."""
        return _counted(self.old)

    @property
    def new_counts(self) -> tuple[tuple[int, int], ...]:
        """(category, how many are given it), most frequent first."""
        return _counted(self.applied_categories)

    @property
    def is_accepting(self) -> bool:
        return self.status is Status.ACCEPTED

    def because(self, polygon: NDArray[np.float64] | None, version: int | None) -> Because:
        """What the ledger is told: the lasso that led here, and whose suggestions were accepted."""
        details = {} if polygon is None else {"polygon": np.round(polygon, 4).tolist()}
        if self.is_accepting:
            return Because("suggestion", classifier_version=version, details=details)
        return Because("lasso" if polygon is not None else "", details=details)

    @property
    def _is_in(self) -> NDArray[np.bool_]:
        return np.asarray(self.out == Out.IN)

    @property
    def _is_marking(self) -> bool:
        """Whether each keeps its category and only the status changes."""
        return self.status in (Status.REJECTED, Status.FLAGGED)

    def _where(self, mask: NDArray[np.bool_]) -> Rows:
        return np.asarray(self.selected[mask])

    def why_out(self, row: int) -> Out:
        """Why a row is left out; `Out.IN` for one that is not, or that was not selected."""
        at = int(np.searchsorted(self.selected, row))
        return Out(int(self.out[at])) if self._holds(at, row) else Out.IN

    def holds(self, row: int) -> bool:
        """Whether the plan is about this row."""
        return self._holds(int(np.searchsorted(self.selected, row)), row)

    def toggled(self, row: int) -> RelabelPlan:
        """The plan with one row taken in that was left out, or left out that was in."""
        at = int(np.searchsorted(self.selected, row))
        if not self._holds(at, row):
            return self
        out = self.out.copy()
        out[at] = Out.BY_HAND if out[at] == Out.IN else Out.IN
        return replace(self, out=out)

    def with_all(self) -> RelabelPlan:
        """The plan with nobody left out."""
        return replace(self, out=np.zeros_like(self.out))

    def renumbered(self, known_ids: NDArray[np.int64], ids: NDArray[np.int64]) -> RelabelPlan | None:
        """The same plan where the products `known_ids` (by row) are now `ids`, both ascending; None where one
        of them has gone."""
        held = known_ids[self.selected]
        return replace(self, selected=np.searchsorted(ids, held)) if np.isin(held, ids).all() else None

    def _holds(self, at: int, row: int) -> bool:
        return at < len(self.selected) and int(self.selected[at]) == row


def plan_relabelling(
    columns: Columns,
    selected: Rows,
    target: int,
    suggestions: Suggestions | None = None,
    *,
    is_forced: bool = False,
    others: NDArray[np.int64] = NOBODY_ELSE,
    above: Collection[int] = (),
) -> RelabelPlan:
    """Plan to give `selected` rows the category `target`; `is_forced` leaves nobody out.

    `above` are the categories above `target`: suggestions are of one level, and one that names a category
    above the target agrees with it. `others` are the edits of other persons: what a colleague confirmed is
    not settled, the same decision by this person is an opinion of its own.
    """
    rows = np.sort(selected)
    category, is_target = columns.category[rows], columns.category[rows] == target
    out = np.zeros(len(rows), dtype=np.uint8)
    if not is_forced:
        if suggestions is not None:
            out[_intruders(suggestions, rows, {target, *above}) & ~is_target] = Out.INTRUDER
        out[_is_decided(columns, rows) & ~is_target] = Out.CONFIRMED_ELSEWHERE
    is_settled = is_target & (columns.status[rows] == int(Status.CONFIRMED))
    is_settled &= ~np.isin(columns.edit[rows], others)
    return RelabelPlan(target, rows, np.full(len(rows), target, np.int32), category, is_settled, out)


def plan_accepting(
    columns: Columns, selected: Rows, suggestions: Suggestions, taxonomy: Taxonomy
) -> RelabelPlan:
    """Plan to give each of `selected` what is suggested for it; who was decided otherwise is left out, and a
    label below what is suggested stays: it says more."""
    rows = np.sort(selected)
    category = columns.category[rows]
    wanted = accepted(category, suggestions.proposed[rows], taxonomy)
    is_decided = _is_decided(columns, rows)
    out = np.where(is_decided & (category != wanted), int(Out.CONFIRMED_ELSEWHERE), 0).astype(np.uint8)
    # What a person decided alike stays confirmed: an accepted suggestion counts for less.
    is_settled = (wanted == NO_CATEGORY) | (is_decided & (category == wanted))
    out[wanted == NO_CATEGORY] = Out.IN
    return RelabelPlan(NO_CATEGORY, rows, wanted, category, is_settled, out, Status.ACCEPTED)


def plan_marking(columns: Columns, selected: Rows, status: Status) -> RelabelPlan:
    """Plan to give `selected` rows a status; each keeps its category."""
    rows = np.sort(selected)
    category = columns.category[rows]
    is_settled = columns.status[rows] == int(status)
    out = np.zeros(len(rows), dtype=np.uint8)
    return RelabelPlan(NO_CATEGORY, rows, category, category, is_settled, out, status)


def _is_decided(columns: Columns, rows: Rows) -> NDArray[np.bool_]:
    decided = [int(status) for status in Status if status.is_decided_by_person]
    return np.asarray(np.isin(columns.status[rows], decided))


def _counted(categories: NDArray[np.int32]) -> tuple[tuple[int, int], ...]:
    ids, counts = np.unique(categories, return_counts=True)
    order = np.argsort(-counts, kind="stable")
    return tuple((int(ids[place]), int(counts[place])) for place in order)


def _intruders(suggestions: Suggestions, selected: Rows, targets: Collection[int]) -> NDArray[np.bool_]:
    """(n,) rows of which the classifier is sure that they are none of the targets nor as most of the others.

    Where most of the selection is suggested to be something else, the curator disagrees with the classifier
    on purpose, and only what stands out from that majority is suspect.
    """
    best = suggestions.best[selected]
    if len(best) < 5:
        return np.zeros(len(best), dtype=np.bool_)
    ids, counts = np.unique(best, return_counts=True)
    majority = int(ids[np.argmax(counts)])
    is_sure = suggestions.best_confidence[selected] >= SURE
    return np.asarray(is_sure & ~np.isin(best, list(targets)) & (best != majority))
