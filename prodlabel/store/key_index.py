"""Where each content hash stands: a sorted index of 16-byte keys that answers a million look-ups at once.

Invariant: a key is in at most one run, and each run is sorted by the first 8 bytes of its keys. Runs are
merged like carries of a binary counter, so that adding n keys in any number of batches costs O(n log n).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

KEY_BYTES = 16
NO_CONTENT = bytes(KEY_BYTES)
"""Stands where a product has nothing to encode (empty text, no picture); never stored, never found."""

Keys = NDArray[Any]
"""(n,) of dtype V16 or S16, or (n, 16) of uint8."""


def key_array(keys: Sequence[bytes | None]) -> NDArray[np.uint8]:
    """(n, 16) uint8 from content hashes; None becomes `NO_CONTENT`. ValueError where one has not 16 bytes."""
    whole = [NO_CONTENT if key is None else key for key in keys]
    if any(len(key) != KEY_BYTES for key in whole):
        raise ValueError(f"a content hash has {KEY_BYTES} bytes")
    return np.frombuffer(b"".join(whole), dtype=np.uint8).reshape(-1, KEY_BYTES)


def as_bytes(keys: Keys) -> NDArray[np.uint8]:
    """Any of the accepted forms as contiguous (n, 16) uint8."""
    if keys.dtype in (np.dtype("V16"), np.dtype("S16")) and keys.ndim == 1:
        return np.ascontiguousarray(keys).view(np.uint8).reshape(-1, KEY_BYTES)
    if keys.dtype == np.uint8 and keys.ndim == 2 and keys.shape[1] == KEY_BYTES:
        return np.ascontiguousarray(keys)
    raise ValueError(f"keys are (n,) V16 or S16 or (n, 16) uint8, not {keys.shape} {keys.dtype}")


def content_mask(keys: Keys) -> NDArray[np.bool_]:
    """(n,) bool: whether there is content at all behind each key."""
    halves = _halves(keys)
    mask: NDArray[np.bool_] = (halves[:, 0] | halves[:, 1]) != 0
    return mask


def first_occurrences(keys: Keys) -> NDArray[np.int64]:
    """Ascending positions of the first occurrence of each distinct key."""
    halves = _halves(keys)
    high = np.sort(halves[:, 0])
    if not (high[1:] == high[:-1]).any():  # the usual case, several times quicker than sorting whole keys
        return np.arange(len(halves))
    order = np.lexsort((np.arange(len(halves)), halves[:, 1], halves[:, 0]))
    ordered = halves[order]
    is_first = np.ones(len(order), dtype=bool)
    is_first[1:] = (ordered[1:] != ordered[:-1]).any(axis=1)
    return np.sort(order[is_first])


def _halves(keys: Keys) -> NDArray[np.uint64]:
    """(n, 2) view of the keys; which half of a hash sorts first does not matter, so no bytes are swapped."""
    return as_bytes(keys).view(np.uint64).reshape(-1, 2)


@dataclass(frozen=True, slots=True)
class _Run:
    """Keys sorted by `high`; equal `high` in any order."""

    high: NDArray[np.uint64]
    low: NDArray[np.uint64]
    positions: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.high)

    @classmethod
    def of(cls, halves: NDArray[np.uint64], positions: NDArray[np.int64]) -> _Run:
        order = np.argsort(halves[:, 0])
        return cls(
            np.ascontiguousarray(halves[order, 0]), np.ascontiguousarray(halves[order, 1]), positions[order]
        )

    def merged(self, other: _Run) -> _Run:
        high = np.concatenate((self.high, other.high))
        # A stable sort of two sorted runs is a merge (timsort, radix sort): close to linear.
        order = np.argsort(high, kind="stable")
        low = np.concatenate((self.low, other.low))
        return _Run(high[order], low[order], np.concatenate((self.positions, other.positions))[order])

    def find(self, high: NDArray[np.uint64], low: NDArray[np.uint64], found: NDArray[np.int64]) -> None:
        """Writes the positions of the keys that are here into `found`; quick where `high` ascends."""
        at = np.searchsorted(self.high, high)
        open_ = np.flatnonzero(at < len(self))
        # Distinct hashes share their first 8 bytes practically never, but correctness must not hang on it.
        while len(open_):
            here = at[open_]
            same_high = self.high[here] == high[open_]
            open_, here = open_[same_high], here[same_high]
            hit = self.low[here] == low[open_]
            found[open_[hit]] = self.positions[here[hit]]
            open_ = open_[~hit]
            at[open_] += 1
            open_ = open_[at[open_] < len(self)]


class KeyIndex:
    """Positions by content hash. The caller adds each key once; `NO_CONTENT` is left out."""

    def __init__(self) -> None:
        self._runs: list[_Run] = []

    def __len__(self) -> int:
        return sum(len(run) for run in self._runs)

    def add(self, keys: Keys, positions: NDArray[np.int64]) -> None:
        """Adds n keys that are not in the index yet, with the position of each."""
        halves = _halves(keys)
        real = halves.any(axis=1)
        run = _Run.of(halves[real], np.asarray(positions, dtype=np.int64)[real])
        if not len(run):
            return
        while self._runs and len(self._runs[-1]) <= 2 * len(run):
            run = self._runs.pop().merged(run)
        self._runs.append(run)

    def find(self, keys: Keys) -> NDArray[np.int64]:
        """(n,) positions, -1 where a key is not in the index."""
        halves = _halves(keys)
        if not self._runs:
            return np.full(len(halves), -1, dtype=np.int64)
        # Looking up in ascending order walks through the index instead of jumping: 2 to 3 times quicker.
        order = np.argsort(halves[:, 0])
        high, low = halves[order, 0], halves[order, 1]
        found = np.full(len(halves), -1, dtype=np.int64)
        for run in self._runs:
            run.find(high, low, found)
        result = np.empty_like(found)
        result[order] = found
        return result
