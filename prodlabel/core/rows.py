"""A matrix whose rows are fetched when they are needed: an array in memory, or vectors that stay on disk."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray


class RowSource(Protocol):
    """float32 (n, d). Every NumPy matrix is one; so is what reads its rows from disk."""

    @property
    def shape(self) -> tuple[int, ...]:
        """(n, d)"""

    def __len__(self) -> int: ...

    def __getitem__(self, rows: Any, /) -> NDArray[np.float32]:
        """The rows of a slice, a mask (n,) or row numbers (m,), in memory."""


class SideBySide:
    """Several sources of the same `n` rows as one matrix (n, sum of d_i), put together row by row."""

    def __init__(self, parts: Sequence[RowSource]) -> None:
        if len({len(part) for part in parts}) != 1:
            raise ValueError("sources side by side need the same number of rows, and at least one source")
        self._parts = tuple(parts)

    @property
    def shape(self) -> tuple[int, ...]:
        return len(self), sum(part.shape[1] for part in self._parts)

    def __len__(self) -> int:
        return len(self._parts[0])

    def __getitem__(self, rows: Any, /) -> NDArray[np.float32]:
        return np.concatenate([part[rows] for part in self._parts], axis=1)

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> NDArray[Any]:
        return np.asarray(self[:], dtype)


def side_by_side(parts: Sequence[RowSource]) -> RowSource:
    """One matrix of several: in memory where all of them are, else put together as rows are asked for."""
    held = [part for part in parts if isinstance(part, np.ndarray)]
    return np.concatenate(held, axis=1) if len(held) == len(parts) else SideBySide(parts)
