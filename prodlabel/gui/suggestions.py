"""What was computed about the products, in the order of the columns: suggestions, clusters, layouts.

Invariant: every array has one entry per row; a row that a result does not know has no category, cluster -1
or a coordinate that is not a number.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from prodlabel.core.labels import NO_CATEGORY
from prodlabel.gui.map.labels import MapLabel, cluster_labels
from prodlabel.gui.map.points import Placing
from prodlabel.operations.layout import TSNE

SURE = 0.9
"""Confidence from which a product that stands out from its selection is left out of it."""
WORTH_A_LOOK = 0.7
"""Confidence from which a suggestion that contradicts a label is worth a look."""


def places_in(known_ids: NDArray[np.int64], product_ids: NDArray[np.int64]) -> NDArray[np.int64]:
    """(n,) for each of `product_ids` its place in `known_ids` (any order), -1 where it is not in there."""
    if not len(known_ids):
        return np.full(len(product_ids), -1, dtype=np.int64)
    if known_ids is product_ids or np.array_equal(known_ids, product_ids):
        # The usual case, and the one that must not take a quarter of a second for a million.
        return np.arange(len(product_ids), dtype=np.int64)
    order = np.argsort(known_ids, kind="stable")
    at = np.searchsorted(known_ids, product_ids, sorter=order)
    places = order[np.minimum(at, len(known_ids) - 1)]
    return np.where(known_ids[places] == product_ids, places, -1)


@dataclass(frozen=True, slots=True, eq=False)
class Reasons:
    """Why one suggestion was made; `words` with weights above 0, most decisive first."""

    words: tuple[tuple[str, float], ...]
    neighbours: tuple[tuple[int, float], ...]
    text_share: float | None


@dataclass(frozen=True, slots=True, eq=False)
class Suggestions:
    """`category` int32 (n, k), `confidence` float32 (n, k), best first, in the order of the columns; `sure`
    int32 (n,) the deepest category that is sure: the best one, one above it, or `NO_CATEGORY`."""

    category: NDArray[np.int32]
    confidence: NDArray[np.float32]
    sure: NDArray[np.int32]
    _places: NDArray[np.int64]
    _arrays: Mapping[str, NDArray[Any]]

    @classmethod
    def aligned(cls, arrays: Mapping[str, NDArray[Any]], product_ids: NDArray[np.int64]) -> Suggestions:
        """The saved arrays brought into the order of `product_ids`."""
        places = places_in(arrays["product_id"], product_ids)
        is_known = places >= 0
        width = arrays["category"].shape[1]
        category = np.full((len(product_ids), width), NO_CATEGORY, dtype=np.int32)
        confidence = np.zeros((len(product_ids), width), dtype=np.float32)
        category[is_known] = arrays["category"][places[is_known]]
        confidence[is_known] = arrays["confidence"][places[is_known]]
        sure = np.full(len(product_ids), NO_CATEGORY, dtype=np.int32)
        if "sure_category" in arrays:
            sure[is_known] = arrays["sure_category"][places[is_known]]
        return cls(category, confidence, sure, places, arrays)

    @property
    def best(self) -> NDArray[np.int32]:
        return self.category[:, 0]

    @property
    def proposed(self) -> NDArray[np.int32]:
        """(n,) what a curator is offered: the best one, or the one above it where only that is sure."""
        return np.where(self.sure == NO_CATEGORY, self.best, self.sure)

    @property
    def best_confidence(self) -> NDArray[np.float32]:
        return self.confidence[:, 0]

    def ranked(self, row: int) -> list[tuple[int, float]]:
        """(category id, confidence) of one row, best first."""
        pairs = zip(self.category[row].tolist(), self.confidence[row].tolist(), strict=True)
        return [(category, confidence) for category, confidence in pairs if category != NO_CATEGORY]

    @property
    def views(self) -> tuple[NDArray[np.int32], NDArray[np.int32]] | None:
        """(n,) what the text and what the picture alone would suggest, `NO_CATEGORY` where they are silent;
        None where nobody asked them."""
        if not {"text_category", "picture_category"} <= self._arrays.keys():
            return None
        text, picture = self._arrays["text_category"], self._arrays["picture_category"]
        if not len(text):
            return None
        is_known = self._places >= 0
        return (
            np.where(is_known, text[self._places], NO_CATEGORY).astype(np.int32),
            np.where(is_known, picture[self._places], NO_CATEGORY).astype(np.int32),
        )

    def confidence_in(self, row: int | NDArray[np.int64], category: NDArray[np.int32]) -> NDArray[np.float32]:
        """Confidence in a given category for each row; 0 where it is not among the suggested."""
        matches = self.category[row] == np.asarray(category)[..., None]
        return np.asarray((self.confidence[row] * matches).sum(axis=-1), dtype=np.float32)

    def reasons(self, row: int) -> Reasons:
        """Why the best suggestion of one row was made, as far as it was kept."""
        place = int(self._places[row])
        if place < 0:
            return Reasons((), (), None)
        a = self._arrays
        words = tuple(
            (str(word), float(weight))
            for word, weight in zip(*(self._kept(name, place) for name in ("words", "weight")), strict=True)
            if str(word) and weight > 0
        )
        neighbours = tuple(
            (int(neighbour), float(similarity))
            for neighbour, similarity in zip(
                *(self._kept(name, place) for name in ("neighbour", "similarity")), strict=True
            )
            if neighbour > 0
        )
        share = float(a["text_share"][place]) if "text_share" in a else None
        return Reasons(words, neighbours, None if share is None or np.isnan(share) else share)

    def mean_text_share(self) -> float | None:
        """How much of the evidence is text on average, the rest is picture; None where it is not known."""
        share = self._arrays.get("text_share")
        known = np.empty(0) if share is None else share[~np.isnan(share)]
        return float(known.mean()) if len(known) else None

    def family(self, row: int) -> NDArray[np.int64]:
        """(m,) rows of the products that are nearly the same article as this one, itself among them."""
        place = int(self._places[row])
        if place < 0 or "family" not in self._arrays:
            return np.array([row], dtype=np.int64)
        family = self._arrays["family"]
        is_kin = (self._places >= 0) & (family[self._places] == family[place])
        return np.flatnonzero(is_kin)

    def _kept(self, name: str, place: int) -> list[Any]:
        return list(self._arrays[name][place].tolist()) if name in self._arrays else []


@dataclass(frozen=True, slots=True, eq=False)
class Layout:
    """`xy` float32 (n, 2), not a number for products that have no place yet; `placing` is the same, sorted
    for drawing. `labels` are the names of the clusters where they stand on it, None without clusters.
    `method`: how it was made.
    """

    name: str
    xy: NDArray[np.float32]
    placing: Placing
    labels: tuple[MapLabel, ...] | None = None
    method: str = TSNE

    @classmethod
    def aligned(
        cls, name: str, arrays: Mapping[str, NDArray[Any]], product_ids: NDArray[np.int64], method: str = TSNE
    ) -> Layout:
        places = places_in(arrays["product_id"], product_ids)
        xy = np.full((len(product_ids), 2), np.nan, dtype=np.float32)
        xy[places >= 0] = arrays["xy"][places[places >= 0]]
        return cls(name, xy, Placing.of(xy[:, 0], xy[:, 1]), method=method)

    def named(self, clusters: Clusters) -> Layout:
        """The layout with the names of these clusters."""
        made = cluster_labels(self.placing.x, self.placing.y, clusters.cluster, clusters.names)
        return replace(self, labels=tuple(made))


@dataclass(frozen=True, slots=True, eq=False)
class Clusters:
    """`cluster` int32 (n,), -1 where a product is in none; `names` by cluster number."""

    cluster: NDArray[np.int32]
    names: tuple[str, ...]

    @classmethod
    def aligned(
        cls, arrays: Mapping[str, NDArray[Any]], settings: Mapping[str, Any], product_ids: NDArray[np.int64]
    ) -> Clusters:
        places = places_in(arrays["product_id"], product_ids)
        cluster = np.full(len(product_ids), -1, dtype=np.int32)
        cluster[places >= 0] = arrays["cluster"][places[places >= 0]]
        names = [str(name) for name in settings.get("names", [])]
        missing = range(len(names), int(cluster.max(initial=-1)) + 1)
        return cls(cluster, (*names, *(f"cluster {number + 1}" for number in missing)))
