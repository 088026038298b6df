"""The products behind the figures: what a claim counts, one list each, to be opened from the claim.

Invariant: every product that was judged wrongly, or left to a person, is in a list; long lists say how many
more there are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from prodlabel.operations.cluster import ClusterOutcome
from prodlabel.operations.report.evidence import Evidence
from prodlabel.operations.report.gallery import Card, Gallery
from prodlabel.operations.report.scheme import Scheme
from prodlabel.operations.report.wording import counted, percent

MOST_CARDS, MOST_LEFT, MOST_OF_CLUSTER = 24, 36, 12


@dataclass(frozen=True, slots=True)
class ProductList:
    """`anchor` is unique on the page; `product_ids` are all products, of which `cards` show the first."""

    anchor: str
    title: str
    note: str
    cards: list[Card]
    product_ids: list[int]

    @property
    def more(self) -> int:
        """How many are not shown."""
        return len(self.product_ids) - len(self.cards)


def pair_anchor(truth: int, found: int) -> str:
    """The list of products of one category (style number) that are taken for another."""
    return f"pair-{truth}-{found}"


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
    """Products filed wrongly without a look, each pair of categories, what is left to a person."""
    confidence, is_wrong = evidence.confidence, ~evidence.is_right
    maker = _Maker(evidence, scheme, gallery)
    surest = np.argsort(-confidence, kind="stable")
    wrong = surest[is_wrong[surest]]
    made = [
        maker.make(
            wrong[evidence.accepted[wrong]],
            "sure-and-wrong",
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
    left = surest[::-1][~evidence.accepted[surest[::-1]]]
    made.append(maker.make(left, "left", "Left to look at", note="The least sure first.", most=MOST_LEFT))
    return [one for one in made if one.product_ids]


@dataclass(frozen=True, slots=True, eq=False)
class _Maker:
    """Makes lists of products that were measured."""

    evidence: Evidence
    scheme: Scheme
    gallery: Gallery

    def make(
        self, members: NDArray[np.int64], anchor: str, title: str, *, note: str = "", most: int = MOST_CARDS
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
        cards = self.gallery.cards(rows[:most], notes)
        return ProductList(anchor, heading, note, cards, self.gallery.ids(rows))


def cluster_anchor(number: int) -> str:
    """Of the list of a cluster's products."""
    return f"cluster-{number}"


def lists_of_clusters(outcome: ClusterOutcome, gallery: Gallery) -> list[ProductList]:
    """The products of each cluster, the most central first."""
    made = []
    for number, name in enumerate(outcome.names):
        members = np.flatnonzero(outcome.cluster == number).tolist()
        central = [row for row in outcome.medoids[number] if row in set(members)]
        rows = [*central, *(row for row in members if row not in set(central))]
        heading = f"Cluster {name}: {counted(len(rows), 'product', 'products')}"
        cards = gallery.cards(rows[:MOST_OF_CLUSTER])
        made.append(ProductList(cluster_anchor(number), heading, "", cards, gallery.ids(rows)))
    return [one for one in made if one.product_ids]
