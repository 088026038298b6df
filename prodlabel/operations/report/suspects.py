"""Labels that are probably wrong: the proposed category, how sure, and why.

Invariant: the ranking rests on probabilities of classifiers that had not seen the product, and on
neighbours outside of its family.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from prodlabel.analysis.neighbours import NeighbourIndex
from prodlabel.core.progress import Progress
from prodlabel.learning.features import Views
from prodlabel.learning.label_errors import SURE, find_label_errors
from prodlabel.operations.layout import View
from prodlabel.operations.materials import Materials
from prodlabel.operations.neighbours import SharedIndex
from prodlabel.operations.report.behind import ProductList
from prodlabel.operations.report.evidence import Evidence
from prodlabel.operations.report.gallery import Card, Gallery
from prodlabel.operations.report.scheme import Scheme
from prodlabel.operations.report.wording import counted, percent
from prodlabel.operations.suggest import ClassifierInUse
from prodlabel.operations.train import make_views

MOST_SHOWN = 24
NEIGHBOURS = 5
_LOOKED_AT = 25
"""So many neighbours are fetched that, without the product's own family, five are left."""
_WORDS = 3


@dataclass(frozen=True, slots=True)
class Suspect:
    """One product whose label looks wrong; `proposed` with its style number, and the reason in words."""

    card: Card
    proposed: str
    proposed_style: int
    confidence: str
    reason: str


@dataclass(frozen=True, slots=True)
class Suspects:
    """The most suspicious labels first; `total` counts all, of which `shown` are a part and `every` holds the
    others too."""

    total: int
    shown: list[Suspect]
    every: ProductList


def find_suspects(
    materials: Materials,
    evidence: Evidence,
    version: ClassifierInUse,
    view: View,
    *,
    gallery: Gallery,
    scheme: Scheme,
    progress: Progress,
) -> Suspects:
    """Rank the labels, and say of the worst why. O(n) trainings were done before; here neighbours only."""
    neighbours, similarity = _outside_family(view, evidence.rows, progress)
    errors = find_label_errors(evidence.probabilities, evidence.target, neighbours, similarity)
    is_suspicious = ~evidence.is_right & (evidence.confidence > SURE)
    ranked = [int(at) for at in errors.rank if is_suspicious[at]]
    shown = ranked[:MOST_SHOWN]
    cards = gallery.cards(evidence.rows[shown].tolist())
    views = make_views(materials, progress)
    found = []
    with progress.stage("Finding reasons", len(shown)):
        for at, card in zip(shown, cards, strict=True):
            column = int(evidence.found[at])
            proposed = int(evidence.classes[column])
            words = _words(version, views, int(evidence.rows[at]), proposed)
            near = neighbours[at][neighbours[at] >= 0]
            agree = int((evidence.target[near] == column).sum())
            found.append(
                Suspect(
                    card,
                    scheme.name(proposed),
                    scheme.position[proposed],
                    percent(float(evidence.confidence[at])),
                    _reason(words, agree, len(near)),
                )
            )
            progress.advance()
    title = f"Labels that look wrong: {counted(len(ranked), 'product', 'products')}"
    rows = evidence.rows[ranked].tolist()
    keys = gallery.keys(rows[MOST_SHOWN:])
    return Suspects(len(ranked), found, ProductList("suspects", title, "", cards, gallery.ids(rows), keys))


def _outside_family(
    view: View, rows: NDArray[np.int64], progress: Progress
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """(m, 5) positions in `rows` of the nearest products of other families (-1: none), and their cosines."""
    families = view.families[rows]
    few = min(_LOOKED_AT, len(rows) - 1)
    if view.index is None:
        found, cosines = NeighbourIndex(view.of_rows()[rows]).of_all(few, progress)
    else:
        found, cosines = _shared(view, view.index, rows, few, progress)
    is_own = (found < 0) | (families[np.maximum(found, 0)] == families[:, None])
    # Strangers first, each group in its order.
    order = np.argsort(is_own, axis=1, kind="stable")[:, :NEIGHBOURS]
    kept = np.where(np.take_along_axis(is_own, order, 1), -1, np.take_along_axis(found, order, 1))
    return kept.astype(np.int64), np.take_along_axis(cosines, order, 1).astype(np.float32)


def _shared(
    view: View, index: SharedIndex, rows: NDArray[np.int64], few: int, progress: Progress
) -> tuple[NDArray[np.int64], NDArray[Any]]:
    """The same by the index of a large catalogue."""
    is_looked_at = np.zeros(len(view.families), dtype=bool)
    is_looked_at[rows] = True
    found, cosines = index.proposals.among(view.of_rows(), rows, is_looked_at, few, progress)
    position = np.zeros(len(is_looked_at), np.int64)
    position[rows] = np.arange(len(rows))
    return np.where(found >= 0, position[np.maximum(found, 0)], -1), cosines


def _words(version: ClassifierInUse, views: Views, row: int, category: int) -> list[str]:
    if not version.classifier.experts_ or category not in version.classifier.classes_.tolist():
        return []  # a network weighs no single words
    from prodlabel.learning.reasons import explain

    chosen: list[str] = []
    for word, _ in explain(version.classifier, views, row, category, 3 * _WORDS).words:
        # "adhesive" says nothing more beside "adhesive sticker".
        if not set(word.split()) & {part for one in chosen for part in one.split()}:
            chosen.append(word)
    return chosen[:_WORDS]


def _reason(words: list[str], agree: int, neighbours: int) -> str:
    said = [f"Words: {', '.join(words)}."] if words else []
    if neighbours:
        said.append(f"{agree} of the {neighbours} nearest products are there.")
    return " ".join(said) or "By picture and text together."
