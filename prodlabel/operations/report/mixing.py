"""Which categories are taken for each other, by which words, and the products that show it.

Invariant: a pair counts its errors in both directions, of products that the classifier had not seen.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from prodlabel.analysis.naming import WORD, distinctive_words
from prodlabel.operations.report.behind import ProductList, list_of
from prodlabel.operations.report.evidence import Evidence
from prodlabel.operations.report.gallery import Card, Gallery
from prodlabel.operations.report.scheme import Scheme
from prodlabel.operations.report.wording import counted, listing, percent
from prodlabel.operations.words import stop_words

MOST_PAIRS = 6
MOST_PRODUCTS = 12
FEWEST_ERRORS = 3
_CANDIDATES, _HELD_BY, _HELD_SHARE = 10, 3, 0.4
_WORDS_FROM = 4
"""Fewer products than this have no words in common that mean anything."""


@dataclass(frozen=True, slots=True)
class MixedPair:
    """Two categories (names and style numbers), a sentence, the words that the products taken for the other
    share, and these products."""

    names: tuple[str, str]
    styles: tuple[int, int]
    sentence: str
    words: list[str]
    products: ProductList

    @property
    def anchor(self) -> str:
        """Where its products are."""
        return self.products.anchor

    @property
    def cards(self) -> list[Card]:
        """The products that are shown, the surest first."""
        return self.products.cards

    @property
    def shown(self) -> int:
        """How many these are."""
        return len(self.products.cards)


def mixed_pairs(evidence: Evidence, scheme: Scheme, texts: list[str], gallery: Gallery) -> list[MixedPair]:
    """The pairs with the most errors, most first. `texts`: the cleaned text of each row of the snapshot."""
    size = len(evidence.classes)
    wrong = np.flatnonzero(~evidence.is_right)
    low = np.minimum(evidence.target[wrong], evidence.found[wrong])
    high = np.maximum(evidence.target[wrong], evidence.found[wrong])
    numbers, counts = np.unique(low * size + high, return_counts=True)
    pairs = []
    for at in np.lexsort((numbers, -counts))[:MOST_PAIRS]:
        if counts[at] < FEWEST_ERRORS:
            break
        members = wrong[(low * size + high) == numbers[at]]
        pairs.append(_pair(evidence, scheme, texts, gallery, members))
    return pairs


def _pair(
    evidence: Evidence, scheme: Scheme, texts: list[str], gallery: Gallery, members: NDArray[np.int64]
) -> MixedPair:
    members = members[np.argsort(-evidence.confidence[members], kind="stable")]
    rows = evidence.rows[members]
    columns = sorted({int(evidence.target[members[0]]), int(evidence.found[members[0]])})
    ids = [int(evidence.classes[column]) for column in columns]
    first, second = scheme.name(ids[0]), scheme.name(ids[1])
    words = _shared_words(texts, rows) if len(rows) >= _WORDS_FROM else []
    about = f" They share {listing(words)}." if words else ""
    shown = min(len(rows), MOST_PRODUCTS)
    sentence = f"{counted(len(rows), 'product is', 'products are')} taken for the other.{about}"
    sentence += f" Here {'is' if shown == 1 else 'are'} {shown}."
    notes = [
        f"taken for {scheme.name(int(evidence.classes[found]))}, {percent(sure)} sure"
        for found, sure in zip(
            evidence.found[members[:shown]], evidence.confidence[members[:shown]], strict=True
        )
    ]
    styles = (scheme.position[ids[0]], scheme.position[ids[1]])
    title = f"{first} and {second}, taken for each other: {counted(len(rows), 'product', 'products')}"
    anchor = f"mixed-{styles[0]}-{styles[1]}"
    products = list_of(gallery, rows.tolist(), anchor, title, notes=notes, most=shown)
    return MixedPair((first, second), styles, sentence, words, products)


def _shared_words(texts: list[str], rows: NDArray[np.int64]) -> list[str]:
    """At most three words that set these rows apart and that many of them hold."""
    labels = np.full(len(texts), -1)
    labels[rows] = 0
    held = [set(WORD.findall(texts[row].casefold())) for row in rows.tolist()]
    least = max(_HELD_BY, _HELD_SHARE * len(held))
    words = distinctive_words(texts, labels, _CANDIDATES, stop_words())[0]
    return [word for word in words if sum(word in one for one in held) >= least][:3]
