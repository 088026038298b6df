"""Sets of rows and their algebra: what a lasso, a filter and a search box have in common.

Invariant: a `RowSet` never changes after it was made; its mask is read-only and its count is counted once.
All operands of an operation speak of the same number of rows.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

Mask = NDArray[np.bool_]
Rows = NDArray[np.int64]


class SelectionMode(StrEnum):
    """What a new pick does to the rows that are selected already."""

    REPLACE = "replace"
    ADD = "add"
    REMOVE = "remove"
    INTERSECT = "intersect"


class RowSet:
    """A set of rows out of `size`, kept as one byte per row."""

    def __init__(self, mask: Mask) -> None:
        """Takes the mask over without a copy; the caller must not write to it afterwards."""
        if mask.ndim != 1 or mask.dtype != np.bool_:
            raise ValueError(
                f"a row set needs a flat mask of booleans, not {mask.dtype} of shape {mask.shape}"
            )
        self._mask = mask.view()
        self._mask.flags.writeable = False

    @classmethod
    def empty(cls, size: int) -> RowSet:
        return cls(np.zeros(size, dtype=np.bool_))

    @classmethod
    def full(cls, size: int) -> RowSet:
        return cls(np.ones(size, dtype=np.bool_))

    @classmethod
    def of_rows(cls, size: int, rows: Iterable[int] | NDArray[Any]) -> RowSet:
        """Rows may come in any order and repeat; one outside 0..size-1 raises `IndexError`."""
        picked = np.asarray(rows if isinstance(rows, np.ndarray) else list(rows), dtype=np.int64)
        if picked.size and (picked.min() < 0 or picked.max() >= size):
            raise IndexError(f"rows {picked.min()}..{picked.max()} do not fit into 0..{size - 1}")
        mask = np.zeros(size, dtype=np.bool_)
        mask[picked] = True
        return cls(mask)

    @property
    def mask(self) -> Mask:
        """(size,) booleans, read-only."""
        return self._mask

    @property
    def size(self) -> int:
        """How many rows there are, in the set or not."""
        return int(self._mask.shape[0])

    @cached_property
    def count(self) -> int:
        return int(np.count_nonzero(self._mask))

    @cached_property
    def rows(self) -> Rows:
        """(count,) rows, ascending."""
        return np.flatnonzero(self._mask).astype(np.int64, copy=False)

    def combined(self, other: RowSet, mode: SelectionMode) -> RowSet:
        """This set after `other` was picked in the given mode."""
        match mode:
            case SelectionMode.REPLACE:
                self._require_same_size(other)
                return other
            case SelectionMode.ADD:
                return self | other
            case SelectionMode.REMOVE:
                return self - other
            case SelectionMode.INTERSECT:
                return self & other

    def resized(self, size: int) -> RowSet:
        """The same rows out of `size`; rows that no longer exist drop out, new ones are not in the set."""
        mask = np.zeros(size, dtype=np.bool_)
        shared = min(size, self.size)
        mask[:shared] = self._mask[:shared]
        return RowSet(mask)

    def __or__(self, other: RowSet) -> RowSet:
        self._require_same_size(other)
        return RowSet(self._mask | other._mask)

    def __and__(self, other: RowSet) -> RowSet:
        self._require_same_size(other)
        return RowSet(self._mask & other._mask)

    def __sub__(self, other: RowSet) -> RowSet:
        self._require_same_size(other)
        return RowSet(self._mask & ~other._mask)

    def __xor__(self, other: RowSet) -> RowSet:
        self._require_same_size(other)
        return RowSet(self._mask ^ other._mask)

    def __invert__(self) -> RowSet:
        return RowSet(~self._mask)

    def __contains__(self, row: object) -> bool:
        if not isinstance(row, int | np.integer):
            return False
        return 0 <= int(row) < self.size and bool(self._mask[int(row)])

    def __len__(self) -> int:
        return self.count

    def __eq__(self, other: object) -> bool:
        return isinstance(other, RowSet) and np.array_equal(self._mask, other._mask)

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"RowSet({self.count} of {self.size})"

    def _require_same_size(self, other: RowSet) -> None:
        if other.size != self.size:
            raise ValueError(f"row sets of {self.size} and {other.size} rows cannot be combined")
