"""Neighbours of many products by one graph, whatever they are compared by: it proposes, each user judges.

Invariant: what is found is in order of the exact likeness of the vectors that the user brings; rows of the
catalogue stand for themselves, whatever entry of the graph is theirs.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from prodlabel.analysis.graph import BATCH, Graph
from prodlabel.analysis.neighbours import EXACT_LIMIT, NeighbourIndex, put_in_order
from prodlabel.core.progress import Progress

Floats = npt.NDArray[np.floating[Any]]
Ints = npt.NDArray[np.integer[Any]]
Bools = npt.NDArray[np.bool_]

Propose = Callable[[Ints, int], Ints]
"""(m, few) others that may be near to some (m,), -1 for none."""

OVER = 3
"""So many times the neighbours wanted are proposed: another likeness than the graph's has others in front."""
WIDER = 4
MOST_PROPOSED = 1_024
_STAGE = "Looking for neighbours"


class Proposals:
    """A graph whose entries are rows of a catalogue. `row_of_entry` (e,): -1 where the entry is of a product
    that is gone, or has changed and got another entry. Every row has one. Safe from any thread: nothing
    changes. Up to `exact_limit` points are compared without it.
    """

    def __init__(self, graph: Graph, row_of_entry: Ints, count: int, exact_limit: int = EXACT_LIMIT) -> None:
        self._graph = graph
        self._exact_limit = exact_limit
        self._row_of_entry = row_of_entry
        self._entry_of_row = np.full(count, -1, np.int64)
        alive = np.flatnonzero(row_of_entry >= 0)
        self._entry_of_row[row_of_entry[alive]] = alive

    def __len__(self) -> int:
        return len(self._entry_of_row)

    def is_known(self) -> Bools:
        """(n,) which rows have an entry."""
        return np.asarray(self._entry_of_row >= 0)

    def near_places(self, places: Floats, few: int) -> Ints:
        """(m, few) rows near to places (m, d) in the graph's own space, about in order; -1: none."""
        entries = self._graph.near(places, few)
        return np.where(entries >= 0, self._row_of_entry[np.maximum(entries, 0)], -1)

    def near_rows(self, rows: Ints, few: int) -> Ints:
        """(m, few) other rows near to some rows, about in order; -1: none."""
        found = self.near_places(self._graph.vectors(self._entry_of_row[rows]), few + 1)
        is_own = found == rows[:, None]
        order = np.argsort(is_own, axis=1, kind="stable")[:, :few]
        return np.take_along_axis(np.where(is_own, -1, found), order, axis=1)

    def of_each(self, few: int, progress: Progress) -> Ints:
        """(n, few) others near to each row, about in the order of the graph's own likeness; -1: none."""
        found = np.empty((len(self), few), np.int64)
        with progress.stage(_STAGE, total=len(self)):
            for start in range(0, len(self), BATCH):
                rows = np.arange(start, min(start + BATCH, len(self)))
                found[rows] = self.near_rows(rows, few)
                progress.advance(len(rows))
        return found

    def of_all(
        self, vectors: Floats, k: int, progress: Progress, *, by_distance: bool = False
    ) -> tuple[Ints, Floats]:
        """The `k` nearest others of each row by these `vectors` (n, d), (n, k), and their likeness, as
        `NeighbourIndex.of_all` gives them."""
        return _nearest(vectors, k, self.near_rows, progress, by_distance)

    def of_families(
        self, points: Floats, families: Ints, k: int, progress: Progress, *, by_distance: bool = False
    ) -> tuple[Ints, Floats]:
        """The `k` nearest other families of each, (m, k), by `points` (m, d), which lie where the graph has
        its products; `families` (n,) the family of each row."""
        if len(points) <= self._exact_limit:
            return NeighbourIndex(points, by_distance=by_distance).of_all(k, progress)

        def propose(asked: Ints, few: int) -> Ints:
            rows = self.near_places(points[asked], few)
            return _each_once(np.where(rows >= 0, families[np.maximum(rows, 0)], -1), asked)

        return _nearest(points, k, propose, progress, by_distance)

    def among(
        self, vectors: Floats, asked: Ints, allowed: Bools, k: int, progress: Progress
    ) -> tuple[Ints, Floats]:
        """The `k` nearest of the rows that are `allowed` (n,) for each row that is `asked` (m,), itself left
        out, by cosine of `vectors` (n, d): rows (m, k), likeness.

        Few allowed ones are all looked at; of many, those that the graph proposes, and all of them for what
        it proposes too few for.
        """
        there = np.flatnonzero(allowed)
        found, likeness = _nothing(len(asked), k)
        left, few = np.arange(len(asked)), OVER * (k + 1)
        lengths = _lengths(vectors)
        most = min(k, len(there) - 1)
        while len(there) > self._exact_limit and len(left) and few <= MOST_PROPOSED:
            with progress.stage(_STAGE, total=len(left)):
                lacking = []
                for start in range(0, len(left), BATCH):
                    part = left[start : start + BATCH]
                    proposed = self.near_rows(asked[part], few)
                    proposed[~allowed[np.maximum(proposed, 0)]] = -1
                    found[part], likeness[part] = _ordered(vectors, lengths, asked[part], proposed, k)
                    lacking.append(part[(proposed >= 0).sum(axis=1) < most])
                    progress.advance(len(part))
            left, few = np.concatenate(lacking), few * WIDER
        if len(left) and len(there):
            exact = NeighbourIndex(vectors[there], len(there))
            rows, cosines = exact.query(vectors[asked[left]], k + 1, progress)
            rows = np.where(rows >= 0, there[np.maximum(rows, 0)], -1)
            found[left], likeness[left] = _without(asked[left], rows, cosines)
        return found, likeness


def _nearest(
    vectors: Floats, k: int, propose: Propose, progress: Progress, by_distance: bool
) -> tuple[Ints, Floats]:
    """The `k` nearest others of all `vectors` (n, d).

    Where too few are proposed (members of one family lie together, and what is gone is proposed too), more is
    asked for, and all are looked at for what then still lacks some.
    """
    found, likeness = _nothing(len(vectors), k)
    lengths = None if by_distance else _lengths(vectors)
    # By distance the graph has them in this order already, but for what rounding changes.
    few = k + k // 8 + 2 if by_distance else OVER * k
    left, most = np.arange(len(vectors)), min(k, len(vectors) - 1)
    with progress.stage(_STAGE, total=len(vectors)):
        while len(left) and few <= max(MOST_PROPOSED, OVER * k):
            lacking = []
            for start in range(0, len(left), BATCH):
                rows = left[start : start + BATCH]
                proposed = propose(rows, few)
                found[rows], likeness[rows] = _ordered(vectors, lengths, rows, proposed, k)
                lacks = (proposed >= 0).sum(axis=1) < most
                lacking.append(rows[lacks])
                progress.advance(int((~lacks).sum()))
            left, few = np.concatenate(lacking), few * WIDER
    if len(left):
        exact = NeighbourIndex(vectors, len(vectors), by_distance=by_distance)
        found[left], likeness[left] = _without(left, *exact.query(vectors[left], k + 1, progress))
    return found, likeness


def _ordered(
    vectors: Floats, lengths: Floats | None, asked: Ints, proposed: Ints, k: int
) -> tuple[Ints, Floats]:
    """By cosine where the `lengths` are given, else by distance."""
    if lengths is None:
        return put_in_order(vectors[asked], vectors, proposed, k, by_distance=True)
    return put_in_order(vectors[asked] / lengths[asked][:, None], vectors, proposed, k, lengths=lengths)


def _lengths(vectors: Floats) -> Floats:
    return np.asarray(np.maximum(np.sqrt(np.einsum("ij,ij->i", vectors, vectors)), np.float32(1e-12)))


def _nothing(m: int, k: int) -> tuple[Ints, Floats]:
    return np.full((m, k), -1, np.int64), np.zeros((m, k), np.float32)


def _each_once(proposed: Ints, own: Ints) -> Ints:
    """Each number once a row, without a row's `own`; -1 stands for what went."""
    found = np.sort(proposed, axis=1)
    found[:, 1:][found[:, 1:] == found[:, :-1]] = -1
    found[found == own[:, None]] = -1
    return found


def _without(own: Ints, rows: Ints, likeness: Floats) -> tuple[Ints, Floats]:
    """One column less: without the row itself, or else without the last."""
    order = np.argsort(rows == own[:, None], axis=1, kind="stable")[:, :-1]
    return np.take_along_axis(rows, order, 1), np.take_along_axis(likeness, order, 1)
