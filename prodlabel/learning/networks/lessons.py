"""What networks learn from: products as arrays, the maps of their pictures made once and kept on disk.

Invariant: rows of all arrays but `maps` and `pooled` are products; those two hold the products with a
picture, each plain (variant 0) and altered.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.floating[Any]]
Ints = npt.NDArray[np.integer[Any]]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Lessons:
    """`target` (n,) columns of `classes` categories, `families` (n,); `text` (n, d) or None, `has_text` (n,);
    `maps` float16 (variants, m, h, w, c) that enter the trained blocks, `pooled` float32 (variants, m, 1280)
    of the network as it came, and `place` (n,): where a product's picture stands in them (-1: nowhere).
    `phrases` (n, fields): the texts themselves, where their encoder learns too; `text` is then what it made
    of them before, field by field."""

    target: Ints
    families: Ints
    classes: int
    text: Floats | None
    has_text: Bools
    maps: npt.NDArray[np.float16]
    pooled: Floats
    place: Ints
    phrases: npt.NDArray[Any] | None = None

    def __len__(self) -> int:
        return len(self.target)

    @property
    def has_picture(self) -> Bools:
        return np.asarray(self.place >= 0)

    def taught(self, rows: Ints) -> Ints:
        """Those of the rows that have anything to learn from."""
        seen = self.has_picture[rows]
        if self.text is not None:
            seen = seen | self.has_text[rows]
        return np.asarray(rows[seen])

    def features(self, rows: Ints, variant: Ints) -> Floats:
        """(rows, 1280) unit vectors of the network as it came; any row where there is no picture."""
        return unit_rows(self.pooled[variant, np.maximum(self.place[rows], 0)])

    def maps_of(self, rows: Ints, variant: Ints) -> npt.NDArray[np.float16]:
        """(rows, h, w, c)"""
        return np.asarray(self.maps[variant, np.maximum(self.place[rows], 0)])


def unit_rows(vectors: Floats) -> Floats:
    """Each row brought to length 1."""
    norms = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.maximum(norms, 1e-12), np.float32)
