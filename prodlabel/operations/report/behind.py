"""The products behind the figures: what a claim counts, one list each, to be opened from the claim.

Invariant: every product that a claim counts is in its list: the first as cards, the others by their keys, as
far as the page has room; how many more there are is said.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from prodlabel.operations.cluster import ClusterOutcome
from prodlabel.operations.report.evidence import Evidence
from prodlabel.operations.report.gallery import Card, Gallery
from prodlabel.operations.report.scheme import NO_STYLE, Scheme
from prodlabel.operations.report.wording import counted, percent

MOST_CARDS, MOST_LEFT, MOST_OF_CLUSTER, MOST_OF_DETAIL = 24, 36, 12, 4
MOST_KEYS = 2_000
MOST_DETAILS = 64
"""So many cells of categories and clusters have cards; of more the keys alone would fill a page."""


@dataclass(frozen=True, slots=True)
class ProductList:
    """`anchor` is unique on the page; `product_ids` are all products, of which `cards` show the first and
    `keys` name those that follow. `is_detail`: folded on the page, and without cards on paper."""

    anchor: str
    title: str
    note: str
    cards: list[Card]
    product_ids: list[int]
    keys: list[str]
    is_detail: bool = False

    @property
    def more(self) -> int:
        """How many are not shown as cards."""
        return len(self.product_ids) - len(self.cards)

    @property
    def unnamed(self) -> int:
        """How many of these are not named either."""
        return self.more - len(self.keys)


def list_of(
    gallery: Gallery,
    rows: Sequence[int],
    anchor: str,
    title: str,
    *,
    note: str = "",
    notes: Sequence[str] | None = None,
    most: int = MOST_CARDS,
    is_detail: bool = False,
) -> ProductList:
    """A list of these rows of the snapshot, in their order; `notes` of the first stand on their cards."""
    held = [int(row) for row in rows]
    cards = gallery.cards(held[:most], notes)
    keys = gallery.keys(held[most:][:MOST_KEYS])
    return ProductList(anchor, title, note, cards, gallery.ids(held), keys, is_detail)


def pair_anchor(truth: int, found: int) -> str:
    """The list of products of one category (style number) that are taken for another."""
    return f"pair-{truth}-{found}"


def recognised_anchor(style: int) -> str:
    """The list of products of a category whose label is suggested."""
    return f"recognised-{style}"


def above_anchor(style: int, *, is_wrong: bool = False) -> str:
    """The list of products of a category above the threshold, or of those among them with another label."""
    return f"above-wrong-{style}" if is_wrong else f"above-{style}"


TAKEN, SURE_AND_WRONG, LEFT = "taken", "sure-and-wrong", "left"


def links_of_categories(lists: Sequence[ProductList]) -> dict[int, list[tuple[str, str]]]:
    """For each style number (anchor, text) of the lists of its products that are taken for others."""
    found: dict[int, list[tuple[str, str]]] = {}
    for one in lists:
        if one.anchor.startswith("pair-"):
            truth = int(one.anchor.split("-")[1])
            said = f"{one.title.partition(' taken ')[2].rpartition(':')[0]} ({len(one.product_ids)})"
            found.setdefault(truth, []).append((one.anchor, f"taken {said}"))
    return found


def lists_of_evidence(evidence: Evidence, scheme: Scheme, gallery: Gallery) -> list[ProductList]:
    """Products filed without a look, the wrong ones of them, each pair of categories, what is left to a
    person, and what each category's figures count."""
    confidence, is_wrong = evidence.confidence, ~evidence.is_right
    maker = _Maker(evidence, scheme, gallery)
    surest = np.argsort(-confidence, kind="stable")
    wrong = surest[is_wrong[surest]]
    made = [
        maker.make(
            wrong[evidence.accepted[wrong]],
            SURE_AND_WRONG,
            "Above the threshold, and not what the label says",
            note="They count as filed wrongly; some are mistakes of the label.",
        )
    ]
    pairs = np.stack([evidence.target[wrong], evidence.found[wrong]], axis=1)
    for truth, found in np.unique(pairs, axis=0).tolist() if len(wrong) else []:
        members = wrong[(pairs == (truth, found)).all(axis=1)]
        ids = [int(evidence.classes[column]) for column in (truth, found)]
        anchor = pair_anchor(scheme.position[ids[0]], scheme.position[ids[1]])
        made.append(maker.make(members, anchor, f"{scheme.name(ids[0])} taken for {scheme.name(ids[1])}"))
    taken = surest[::-1][evidence.accepted[surest[::-1]]]
    left = surest[::-1][~evidence.accepted[surest[::-1]]]
    note = "The least sure first."
    made.append(maker.make(left, LEFT, "Left to look at", note=note, most=MOST_LEFT))
    made.append(maker.make(taken, TAKEN, "Filed without a look", note=note, most=MOST_OF_CLUSTER))
    made += _of_categories(maker, surest[::-1])
    return [one for one in made if one.product_ids]


def _of_categories(maker: _Maker, order: NDArray[np.int64]) -> list[ProductList]:
    """What the sentence of each category counts, the least sure first."""
    evidence, scheme = maker.evidence, maker.scheme
    made = []
    for column, category_id in enumerate(evidence.classes.tolist()):
        own = order[evidence.target[order] == column]
        name, style = scheme.name(category_id), scheme.position[category_id]
        is_right, accepted = evidence.is_right[own], evidence.accepted[own]
        wrong = above_anchor(style, is_wrong=True)
        for members, anchor, what, most in (
            (own[is_right], recognised_anchor(style), "recognised", 0),
            (own[accepted], above_anchor(style), "above the threshold", 0),
            (own[accepted & ~is_right], wrong, "above the threshold, taken for others", MOST_OF_DETAIL),
        ):
            made.append(maker.make(members, anchor, f"{name}, {what}", most=most, is_detail=True))
    return made


@dataclass(frozen=True, slots=True, eq=False)
class _Maker:
    """Makes lists of products that were measured."""

    evidence: Evidence
    scheme: Scheme
    gallery: Gallery

    def make(
        self,
        members: NDArray[np.int64],
        anchor: str,
        title: str,
        *,
        note: str = "",
        most: int = MOST_CARDS,
        is_detail: bool = False,
    ) -> ProductList:
        """`members` (m,) are positions in the evidence, in the order of the list."""
        evidence, shown = self.evidence, members[:most]
        notes = [
            f"taken for {self.scheme.name(int(evidence.classes[found]))}, {percent(sure)} sure"
            + (", above the threshold" if accepted else "")
            for found, sure, accepted in zip(
                evidence.found[shown], evidence.confidence[shown], evidence.accepted[shown], strict=True
            )
        ]
        heading = f"{title}: {counted(len(members), 'product', 'products')}"
        rows = evidence.rows[members].tolist()
        return list_of(
            self.gallery, rows, anchor, heading, note=note, notes=notes, most=most, is_detail=is_detail
        )


def cluster_anchor(number: int) -> str:
    """Of the list of a cluster's products."""
    return f"cluster-{number}"


def cell_anchor(style: int, number: int) -> str:
    """Of the list of a category's (style number) products in a cluster."""
    return f"cell-{style}-{number}"


def lists_of_clusters(outcome: ClusterOutcome, gallery: Gallery) -> list[ProductList]:
    """The products of each cluster, the most central first."""
    made = []
    for number, name in enumerate(outcome.names):
        members = np.flatnonzero(outcome.cluster == number).tolist()
        central = [row for row in outcome.medoids[number] if row in set(members)]
        rows = [*central, *(row for row in members if row not in set(central))]
        heading = f"Cluster {name}: {counted(len(rows), 'product', 'products')}"
        made.append(list_of(gallery, rows, cluster_anchor(number), heading, most=MOST_OF_CLUSTER))
    return [one for one in made if one.product_ids]


def lists_of_cells(
    outcome: ClusterOutcome, labels: NDArray[np.int32], scheme: Scheme, gallery: Gallery
) -> list[ProductList]:
    """The products of each category in each cluster, as the table of both counts them."""
    styles = scheme.numbers(labels)
    is_both = (styles != NO_STYLE) & (outcome.cluster >= 0)
    cells = np.unique(np.stack([styles[is_both], outcome.cluster[is_both]], axis=1), axis=0).tolist()
    most = MOST_OF_DETAIL if len(cells) <= MOST_DETAILS else 0
    made = []
    for style, number in cells:
        rows = np.flatnonzero((styles == style) & (outcome.cluster == number)).tolist()
        heading = f"{scheme.names[style]} in cluster {outcome.names[number]}"
        heading = f"{heading}: {counted(len(rows), 'product', 'products')}"
        anchor = cell_anchor(style, number)
        made.append(list_of(gallery, rows, anchor, heading, most=most, is_detail=True))
    return made
