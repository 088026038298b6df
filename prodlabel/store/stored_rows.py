"""Vectors left on disk until rows of them are asked for: a million products need not fit into memory.

Invariant: rows equal those that `VectorStore.gather` gives for the same keys; what is appended later changes
nothing.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from prodlabel.store.atomic import os_errors_explained


class StoredRows:
    """float32 (n, dim); row i stands in the file at `positions[i]` (-1: zeros). The file is mapped at first
    use and let go with the object."""

    def __init__(self, path: Path, kind: np.dtype[Any], dim: int, positions: NDArray[np.int64]) -> None:
        self._path = path
        self._kind = kind
        self._positions = positions
        self._dim = dim
        self._mapped: NDArray[Any] | None = None

    @property
    def shape(self) -> tuple[int, ...]:
        return len(self._positions), self._dim

    def __len__(self) -> int:
        return len(self._positions)

    def __getitem__(self, rows: Any, /) -> NDArray[np.float32]:
        wanted = np.atleast_1d(self._positions[rows])
        found = np.zeros((len(wanted), self._dim), np.float32)
        is_there = wanted >= 0
        if is_there.any():
            found[is_there] = self._stored()[wanted[is_there]]
        return found

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> NDArray[Any]:
        return np.asarray(self[:], dtype)

    def _stored(self) -> NDArray[Any]:
        if self._mapped is None:
            count = int(self._positions.max()) + 1
            with os_errors_explained("read", self._path):
                try:
                    self._mapped = np.memmap(self._path, self._kind, "r", shape=(count, self._dim))
                except ValueError as error:  # the file has become shorter than its index says
                    raise OSError(0, "the file is shorter than it was") from error
        return self._mapped
