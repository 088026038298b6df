"""The part of a network after its encoders, in NumPy: two branches, joined into one score a category.

Invariant: what is computed is what Keras computed when it was trained (to float32); a missing text or picture
adds nothing to the score, whatever its vector holds.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from prodlabel.core.errors import InputError
from prodlabel.core.rows import RowSource

Floats = npt.NDArray[np.floating[Any]]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Branch:
    """One encoder's vectors: brought to one scale, then a layer of rectified units.

    `centre` (d,), `scale` a number, `weights` (d, units), `bias` (units,), and `join` (units, classes), by
    which the units speak for the categories.
    """

    centre: Floats
    scale: float
    weights: Floats
    bias: Floats
    join: Floats

    def __call__(self, vectors: RowSource, present: Bools) -> Floats:
        """(n, classes) what this branch adds to the scores; zeros where it is not `present` (n,)."""
        if vectors.shape[1] != len(self.centre):
            raise InputError(
                f"The network was trained on vectors of {len(self.centre)} numbers, these have "
                f"{vectors.shape[1]}. Encode with the encoders it was trained with, or train again."
            )
        added = np.zeros((len(vectors), self.join.shape[1]))
        seen = (vectors[present] - self.centre) * np.float32(self.scale)
        units = np.maximum(seen @ self.weights + self.bias, 0.0)
        added[present] = units @ self.join
        return added


@dataclass(frozen=True)
class Heads:
    """`picture` and `text` (None where the network has no such branch) and the categories' `bias`."""

    bias: Floats
    picture: Branch | None
    text: Branch | None

    def scores(self, added: list[Floats], n: int) -> Floats:
        """(n, classes): what the branches added, and the bias."""
        return np.asarray(self.bias + sum(added, np.zeros((n, len(self.bias)))), np.float64)


def scale_of(block: Floats, present: Bools) -> tuple[Floats, float]:
    """The centre (d,) of the present rows, and the factor that brings their numbers to a mean square of 1."""
    rows = np.asarray(block[present], np.float32)
    if not len(rows):
        return np.zeros(block.shape[1], np.float32), 1.0
    centre = rows.mean(axis=0, dtype=np.float64).astype(np.float32)
    mean_square = float(np.mean(np.square(rows - centre), dtype=np.float64))
    return centre, 1.0 / np.sqrt(mean_square) if mean_square > 0 else 1.0
