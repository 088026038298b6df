"""The nearest products of each product: one index for map, clusters, duplicates and search.

Invariant: the same vectors, added in the same order, give the same neighbours; up to `EXACT_LIMIT` products
they are exact.

Above that limit a graph proposes (`analysis/graph.py`) and what it finds is put in order by exact likeness.
Measured on 100,000 x 128 by `tests/benchmarks/bench_neighbours.py`. An inverted file, which stood here
before, found half of the neighbours of unstructured vectors at the same cost.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from prodlabel.analysis.blocks import unit_rows
from prodlabel.analysis.graph import BATCH, Graph
from prodlabel.core.progress import Progress

Floats = npt.NDArray[np.floating[Any]]
Ints = npt.NDArray[np.integer[Any]]

EXACT_LIMIT = 20_000
GROUP = 16
"""Columns that are looked at together when the likeliest of many are sought."""


class NeighbourIndex:
    """Finds the `k` nearest of the vectors (n, d) it holds. Memory: one float32 copy of them, and above
    `exact_limit` about 2 d + 200 bytes a product for the graph.

    Likeness is the cosine; `by_distance`: minus the squared Euclidean distance.
    """

    def __init__(
        self,
        vectors: Floats,
        exact_limit: int = EXACT_LIMIT,
        progress: Progress | None = None,
        *,
        by_distance: bool = False,
    ) -> None:
        self._by_distance = by_distance
        self._vectors = self._held(vectors)
        self._exact_limit = exact_limit
        self._graph: Graph | None = None
        if len(vectors) > exact_limit:
            self._grow(0, progress or Progress())

    def _held(self, vectors: Floats) -> Floats:
        return np.ascontiguousarray(vectors, np.float32) if self._by_distance else unit_rows(vectors)

    def __len__(self) -> int:
        return len(self._vectors)

    def add(self, vectors: Floats, progress: Progress | None = None) -> None:
        """Append products; they get the row numbers that follow."""
        first = len(self._vectors)
        self._vectors = np.concatenate([self._vectors, self._held(vectors)])
        if len(self._vectors) > self._exact_limit:
            self._grow(first if self._graph is not None else 0, progress or Progress())

    def query(self, vectors: Floats, k: int, progress: Progress | None = None) -> tuple[Ints, Floats]:
        """Row numbers (m, k), nearest first, and their likeness; -1 and 0 where there are not `k`."""
        return self._search(self._held(vectors), None, k, progress or Progress())

    def of_all(self, k: int, progress: Progress | None = None) -> tuple[Ints, Floats]:
        """For each product held, its `k` nearest others (n, k) and their likeness."""
        return self._search(self._vectors, np.arange(len(self._vectors)), k, progress or Progress())

    def _grow(self, first: int, progress: Progress) -> None:
        if self._graph is None:
            self._graph = Graph(self._vectors.shape[1], by_distance=self._by_distance)
        self._graph.add(self._vectors[first:], progress)

    def _search(self, queries: Floats, own: Ints | None, k: int, progress: Progress) -> tuple[Ints, Floats]:
        rows = np.full((len(queries), k), -1, np.int64)
        cosines = np.zeros((len(queries), k), np.float32)
        find = self._exact if self._graph is None else self._in_graph
        batch = BATCH if self._graph is not None else max(64, 20_000_000 // max(1, len(self._vectors)))
        with progress.stage("Looking for neighbours", total=len(queries)):
            for start in range(0, len(queries), batch):
                part = slice(start, start + batch)
                self_rows = None if own is None else own[part]
                rows[part], cosines[part] = find(queries[part], self_rows, k)
                progress.advance(len(queries[part]))
        return rows, cosines

    def _exact(self, queries: Floats, own: Ints | None, k: int) -> tuple[Ints, Floats]:
        likeness = queries @ self._vectors.T
        if self._by_distance:
            likeness *= 2
            likeness -= np.square(self._vectors).sum(axis=1)
            likeness -= np.square(queries).sum(axis=1)[:, None]
            np.minimum(likeness, 0.0, out=likeness)
        if own is not None:
            likeness[np.arange(len(queries)), own] = -np.inf
        return _best(np.broadcast_to(np.arange(len(self._vectors)), likeness.shape), likeness, k)

    def _in_graph(self, queries: Floats, own: Ints | None, k: int) -> tuple[Ints, Floats]:
        assert self._graph is not None
        rows = self._graph.near(queries, min(len(self._vectors), k + (own is not None)))
        if own is not None:
            rows[rows == own[:, None]] = -1
        return put_in_order(queries, self._vectors, rows, k, by_distance=self._by_distance)


def put_in_order(
    queries: Floats,
    vectors: Floats,
    proposed: Ints,
    k: int,
    *,
    by_distance: bool = False,
    lengths: Floats | None = None,
) -> tuple[Ints, Floats]:
    """The `k` nearest of the rows of `vectors` (n, d) that are `proposed` (m, c; -1: none) for each query
    (m, d), and their likeness: the inner product, over the vectors' `lengths` (n,) where these are given, or
    minus the squared distance."""
    rows = np.maximum(proposed, 0)
    if by_distance:
        likeness = -np.square(vectors[rows] - queries[:, None]).sum(axis=2)
    else:
        likeness = np.einsum("id,ijd->ij", queries, vectors[rows], optimize=True)
        if lengths is not None:
            likeness /= lengths[rows]
    likeness[proposed < 0] = -np.inf
    return _best(rows, likeness, k)


def _best(rows: Ints, likeness: Floats, k: int) -> tuple[Ints, Floats]:
    """The `k` likeliest of each row, best first; what is no match becomes -1 and 0."""
    few = min(k, likeness.shape[1])
    columns = _promising(likeness, few)
    if columns is not None:
        rows = np.take_along_axis(np.asarray(rows), columns, axis=1)
        likeness = np.take_along_axis(likeness, columns, axis=1)
    chosen = np.argpartition(likeness, likeness.shape[1] - few, axis=1)[:, likeness.shape[1] - few :]
    held = np.take_along_axis(likeness, chosen, axis=1)
    order = np.argsort(-held, axis=1, kind="stable")
    chosen, held = np.take_along_axis(chosen, order, axis=1), np.take_along_axis(held, order, axis=1)
    found = np.full((len(likeness), k), -1, np.int64)
    cosines = np.zeros((len(likeness), k), np.float32)
    is_match = np.isfinite(held)
    found[:, :few] = np.where(is_match, np.take_along_axis(np.asarray(rows), chosen, axis=1), -1)
    cosines[:, :few] = np.where(is_match, held, 0.0)
    return found, cosines


def _promising(likeness: Floats, few: int) -> Ints | None:
    """Columns (m, c) among which the `few` likeliest of each row are; None where nothing would be saved.

    They lie in the `few` groups of columns with the highest maxima, which take a tenth of the time of putting
    all columns in order. A group is every `groups`-th column: so the maxima of a row are found side by side.
    """
    m, n = likeness.shape
    groups = n // GROUP
    if groups < 4 * few:
        return None
    cut = groups * GROUP
    highest = likeness[:, :cut].reshape(m, GROUP, groups).max(axis=1)
    best = np.argpartition(highest, groups - few, axis=1)[:, groups - few :]
    inside = (best[:, None, :] + groups * np.arange(GROUP)[:, None]).reshape(m, -1)
    rest = np.broadcast_to(np.arange(cut, n), (m, n - cut))
    return np.concatenate([inside, rest], axis=1)
