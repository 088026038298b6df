"""Typical and untypical products of each category, by their place among all others.

Invariant: typical means near to the mean of the category's vectors: those of the pictures where the catalogue
has any, so that what is shown is what was compared; else those of the texts.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from prodlabel.operations.layout import View
from prodlabel.operations.report.gallery import Card, Gallery
from prodlabel.operations.report.scheme import Scheme
from prodlabel.operations.spaces import PICTURE

EACH = 6
MOST_CATEGORIES = 24


@dataclass(frozen=True, slots=True)
class CategoryExamples:
    """The most typical first; the least typical first."""

    name: str
    style: int
    typical: list[Card]
    untypical: list[Card]


def category_examples(
    view: View, labels: NDArray[np.int32], scheme: Scheme, gallery: Gallery
) -> list[CategoryExamples]:
    """Six of either kind for each of the first categories, one product per family. In the view of pictures
    only products whose picture can be shown."""
    is_of_pictures = view.name == PICTURE
    has_picture = gallery.has_picture(np.arange(len(labels)))
    vectors = view.of_rows()
    found = []
    for number, category_id in enumerate(scheme.ids[:MOST_CATEGORIES]):
        members = np.flatnonzero(
            (labels == category_id) & view.is_present & (has_picture | (not is_of_pictures))
        )
        if not len(members):
            continue
        own = vectors[members] / np.maximum(np.linalg.norm(vectors[members], axis=1, keepdims=True), 1e-12)
        closeness = own @ own.mean(axis=0)
        order = members[np.argsort(-closeness, kind="stable")]
        _, first = np.unique(view.families[order], return_index=True)
        order = order[np.sort(first)]
        shown = order[has_picture[order]] if has_picture[order].sum() >= EACH else order
        typical = shown[:EACH]
        untypical = [row for row in order[::-1].tolist() if row not in set(typical.tolist())][:EACH]
        found.append(
            CategoryExamples(
                scheme.names[number], number, gallery.cards(typical.tolist()), gallery.cards(untypical)
            )
        )
    return found
