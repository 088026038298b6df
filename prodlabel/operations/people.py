"""What several curators think of the same products: who agrees with whom, and what is still open.

Invariant: a person's opinion of a product is the last category that they confirmed or accepted for it, and a
decision that settles a disagreement is nobody's opinion; it ends the disagreement until somebody judges anew.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from prodlabel.analysis.raters import Kappa, cohen_kappa
from prodlabel.core.edits import Because, Relabel
from prodlabel.core.labels import NO_CATEGORY, Status
from prodlabel.store.opinions import SETTLING, Opinions


@dataclass(frozen=True, slots=True)
class Pair:
    """Two persons and how far they agree on the products that both judged."""

    one: str
    other: str
    kappa: Kappa


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A product that persons judged differently: (person, category id) of each, by name."""

    product_id: int
    views: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True, eq=False)
class PeopleReport:
    """`agreed`: ids, ascending, of the products that two or more judged alike; `settled`: where they did not
    and it was decided since; `open`: where it was not, the newest first."""

    people: tuple[str, ...]
    pairs: tuple[Pair, ...]
    open: tuple[Disagreement, ...]
    agreed: NDArray[np.int64]
    settled: NDArray[np.int64]

    @property
    def open_ids(self) -> NDArray[np.int64]:
        return np.array([one.product_id for one in self.open], dtype=np.int64)


NOTHING_YET = PeopleReport((), (), (), np.empty(0, np.int64), np.empty(0, np.int64))


def compare_people(opinions: Opinions) -> PeopleReport:
    """Compare everybody with everybody. O(decisions)."""
    is_view = np.isin(opinions.status, [int(Status.CONFIRMED), int(Status.ACCEPTED)])
    is_view &= (opinions.category != NO_CATEGORY) & ~opinions.is_settling
    ids, row = np.unique(opinions.product_id, return_inverse=True)
    order = np.arange(len(row))
    # (products, people) the last view of each, and when it was given; the oldest come first, the newest stay.
    view = np.zeros((len(ids), len(opinions.people)), dtype=np.int64)
    view[row[is_view], opinions.person[is_view]] = opinions.category[is_view]
    newest = np.full(len(ids), -1, dtype=np.int64)
    np.maximum.at(newest, row[is_view], order[is_view])
    settled_at = np.full(len(ids), -1, dtype=np.int64)
    np.maximum.at(settled_at, row[opinions.is_settling], order[opinions.is_settling])
    known = view != NO_CATEGORY
    lowest = np.where(known, view, np.iinfo(np.int64).max).min(axis=1, initial=np.iinfo(np.int64).max)
    is_shared = known.sum(axis=1) >= 2
    differs = is_shared & (view.max(axis=1, initial=0) != lowest)
    is_settled = differs & (settled_at > newest)
    is_open = np.flatnonzero(differs & ~is_settled)
    is_open = is_open[np.argsort(-newest[is_open], kind="stable")]
    pairs = [
        Pair(opinions.people[a], opinions.people[b], cohen_kappa(view[both, a], view[both, b]))
        for a, b in combinations(range(len(opinions.people)), 2)
        if (both := known[:, a] & known[:, b]).any()
    ]
    return PeopleReport(
        opinions.people,
        tuple(pairs),
        tuple(_disagreement(int(ids[one]), view[one], opinions.people) for one in is_open.tolist()),
        ids[is_shared & ~differs],
        ids[is_settled],
    )


def settle(product_id: int, category_id: int) -> Relabel:
    """The edit that ends a disagreement."""
    because = Because("adjudication", details={SETTLING: True})
    return Relabel(np.array([product_id], dtype=np.int64), category_id, Status.CONFIRMED, because)


def _disagreement(product_id: int, views: NDArray[np.int64], people: tuple[str, ...]) -> Disagreement:
    given = [(people[at], int(category)) for at, category in enumerate(views) if category != NO_CATEGORY]
    return Disagreement(product_id, tuple(given))
