"""Narrowing down: facets give every row a code, a filter keeps rows by their codes.

Invariant: a filter never changes after it was made; facets combine by *and*, values of one facet by *or*.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from prodlabel.project.columns import Columns

Mask = NDArray[np.bool_]

(
    CATEGORY, STATUS, SUGGESTION, SOURCE, BRAND, CLUSTER, PICTURE, WORTH, CONFIDENCE, DATE, CURATORS,
    SUGGESTED, VIEWS,
) = (
    "category", "status", "suggestion", "source", "brand", "cluster", "picture", "worth", "confidence",
    "date", "curators", "suggested", "views",
)  # fmt: skip
ATTRIBUTE = "attribute:"
"""What the name of a facet begins with that stands for an attribute of the catalogue."""


@dataclass(frozen=True, slots=True, eq=False)
class Facet:
    """One way to tell products apart: `codes` int32 (n,), negative where silent; `titles` by code.

    `is_ordered` where a higher code means more of something: later, dearer, surer.
    """

    name: str
    codes: NDArray[np.int32]
    titles: tuple[str, ...]
    is_ordered: bool = False
    _counted: list[NDArray[np.int64]] = field(default_factory=list, repr=False)

    def counts(self, among: Mask | None = None) -> NDArray[np.int64]:
        """How many rows (of those in `among`) have each code."""
        if among is not None:
            return self._count(self.codes[among])
        if not self._counted:
            self._counted.append(self._count(self.codes))
        return self._counted[0]

    def _count(self, codes: NDArray[np.int32]) -> NDArray[np.int64]:
        # One more than the codes, so that the silent ones need no copy of all others.
        return np.bincount(codes + 1, minlength=len(self.titles) + 1)[1:]

    def values(self, among: Mask | None = None) -> list[tuple[int, str, int]]:
        """(code, title, count) of the values that occur, most frequent first."""
        counts = self.counts(among)
        order = np.argsort(-counts, kind="stable")
        return [(int(c), self.titles[c], int(counts[c])) for c in order.tolist() if counts[c]]

    def mask(self, chosen: Iterable[int]) -> Mask:
        """(n,) rows that have one of these codes."""
        wanted = np.zeros(len(self.titles) + 1, dtype=np.bool_)
        wanted[[code + 1 for code in chosen if 0 <= code < len(self.titles)]] = True
        # A negative code is cut off to the first entry, which is never wanted; `take` reads half as long as
        # an index does.
        return np.asarray(np.take(wanted, self.codes + 1, mode="clip"))

    def codes_of(self, title: str) -> frozenset[int]:
        """The code with this title, or all that begin so; case does not matter."""
        wanted = title.casefold()
        folded = [known.casefold() for known in self.titles]
        if wanted in folded:
            return frozenset({folded.index(wanted)})
        return frozenset(code for code, known in enumerate(folded) if known.startswith(wanted))


@dataclass(frozen=True, slots=True, eq=False)
class Answer:
    """What a search has found: `product_ids` (m,), the nearest first where `is_ranked`."""

    product_ids: NDArray[np.int64] | None
    is_ranked: bool = False

    def rows_of(self, columns: Columns) -> tuple[Mask | None, NDArray[np.int64] | None]:
        """(n,) what it found among these products, and their rows the nearest first; None where nobody
        asked, or asked for no order."""
        ids = self.product_ids
        if ids is None:
            return None, None
        return np.isin(columns.product_id, ids), columns.rows_here(ids) if self.is_ranked else None


NO_ANSWER = Answer(None)
"""Nobody has asked."""


@dataclass(frozen=True, slots=True)
class Filter:
    """What is kept: codes by facet, and the words of the search box."""

    chosen: Mapping[str, frozenset[int]] = field(default_factory=lambda: MappingProxyType({}))
    words: str = ""

    @property
    def is_empty(self) -> bool:
        return not self.chosen and not self.words

    def with_codes(self, facet: str, codes: Iterable[int]) -> Filter:
        """The filter with exactly these codes of a facet (none: the facet no longer narrows)."""
        codes = frozenset(codes)
        kept = {name: held for name, held in self.chosen.items() if name != facet}
        return Filter(MappingProxyType(kept | ({facet: codes} if codes else {})), self.words)

    def toggled(self, facet: str, code: int) -> Filter:
        """The filter with one more code of a facet, or one less."""
        return self.with_codes(facet, self.chosen.get(facet, frozenset()) ^ {code})

    def with_words(self, words: str) -> Filter:
        return Filter(self.chosen, words)

    def is_told_by(self, facets: Mapping[str, Facet]) -> bool:
        """Whether these facets suffice to say what is kept; no facet is needed to say that nothing is."""
        return all(name in facets or max(codes) < 0 for name, codes in self.chosen.items())

    def mask(self, facets: Mapping[str, Facet], size: int, found: Mask | None = None) -> Mask:
        """(size,) rows that are kept; `found` are those that hold the words. A facet that is not there lets
        nothing through."""
        kept = np.ones(size, dtype=np.bool_)
        for name, codes in self.chosen.items():
            kept &= facets[name].mask(codes) if name in facets else False
        if self.words and found is not None:
            kept &= found
        return kept
