"""The nearest products of each product, by cosine.

Invariant: the same vectors and seed give the same neighbours on every machine; up to `EXACT_LIMIT`
products they are exact.

Above that, an inverted file: the vectors are split into cells by k-means, and a query looks into the cells
nearest to it (Jegou, Douze and Schmid, "Product quantization for nearest neighbor search", PAMI 33, 2011,
section 4, without the quantiser). It was chosen over graph libraries because it is matrix products alone:
nothing to compile, no thread of its own, deterministic, extended by appending, and close in speed at these
sizes.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from prodlabel.analysis.blocks import unit_rows
from prodlabel.core.progress import Progress

Floats = npt.NDArray[np.floating[Any]]
Ints = npt.NDArray[np.integer[Any]]

EXACT_LIMIT = 20_000
CELL_SAMPLE = 50_000
QUERY_BATCH = 2_048


class NeighbourIndex:
    """Finds the `k` nearest of the vectors (n, d) it holds. Memory: one float32 copy of them.

    `probes`: how many cells a query looks into; more is slower and nearer to exact.
    """

    def __init__(
        self, vectors: Floats, seed: int = 0, probes: int = 12, exact_limit: int = EXACT_LIMIT
    ) -> None:
        self._vectors = unit_rows(vectors)
        self._probes = probes
        self._seed = seed
        self._centres: Floats | None = None
        self._members: list[Ints] = []
        if len(vectors) > exact_limit:
            self._build_cells()

    def __len__(self) -> int:
        return len(self._vectors)

    def add(self, vectors: Floats) -> None:
        """Append products; they get the row numbers that follow."""
        first = len(self._vectors)
        fresh = unit_rows(vectors)
        self._vectors = np.concatenate([self._vectors, fresh])
        if self._centres is not None:
            cell = (fresh @ self._centres.T).argmax(axis=1)
            for number in np.unique(cell):
                rows = first + np.flatnonzero(cell == number)
                self._members[number] = np.concatenate([self._members[number], rows])

    def query(self, vectors: Floats, k: int, progress: Progress | None = None) -> tuple[Ints, Floats]:
        """Row numbers (m, k), nearest first, and their cosines; -1 and 0 where there are not `k`."""
        return self._search(unit_rows(vectors), None, k, progress or Progress())

    def of_all(self, k: int, progress: Progress | None = None) -> tuple[Ints, Floats]:
        """For each product held, its `k` nearest others (n, k) and their cosines."""
        return self._search(self._vectors, np.arange(len(self._vectors)), k, progress or Progress())

    def _search(self, queries: Floats, own: Ints | None, k: int, progress: Progress) -> tuple[Ints, Floats]:
        rows = np.full((len(queries), k), -1, np.int64)
        cosines = np.zeros((len(queries), k), np.float32)
        batch = (
            QUERY_BATCH if self._centres is not None else max(64, 20_000_000 // max(1, len(self._vectors)))
        )
        with progress.stage("Looking for neighbours", total=len(queries)):
            for start in range(0, len(queries), batch):
                part = slice(start, start + batch)
                self_rows = None if own is None else own[part]
                found = self._exact if self._centres is None else self._in_cells
                rows[part], cosines[part] = found(queries[part], self_rows, k)
                progress.advance(len(queries[part]))
        return rows, cosines

    def _exact(self, queries: Floats, own: Ints | None, k: int) -> tuple[Ints, Floats]:
        likeness = queries @ self._vectors.T
        if own is not None:
            likeness[np.arange(len(queries)), own] = -2.0
        return _best(np.broadcast_to(np.arange(len(self._vectors)), likeness.shape), likeness, k)

    def _in_cells(self, queries: Floats, own: Ints | None, k: int) -> tuple[Ints, Floats]:
        assert self._centres is not None
        probes = min(self._probes, len(self._centres))
        cells = np.argpartition(-(queries @ self._centres.T), probes - 1, axis=1)[:, :probes]
        rows = np.full((len(queries), probes * k), -1, np.int64)
        likeness = np.full((len(queries), probes * k), -2.0, np.float32)
        order = np.argsort(cells, axis=None, kind="stable")
        numbers, starts = np.unique(cells.ravel()[order], return_index=True)
        for number, pairs in zip(numbers, np.split(order, starts[1:]), strict=True):
            members = self._members[number]
            if len(members) == 0:
                continue
            asking, slot = pairs // probes, pairs % probes
            inside = queries[asking] @ self._vectors[members].T
            if own is not None:
                inside[own[asking][:, None] == members[None, :]] = -2.0
            few = min(k, len(members))
            best = np.argpartition(-inside, few - 1, axis=1)[:, :few]
            columns = slot[:, None] * k + np.arange(few)
            rows[asking[:, None], columns] = members[best]
            likeness[asking[:, None], columns] = np.take_along_axis(inside, best, axis=1)
        return _best(rows, likeness, k)

    def _build_cells(self) -> None:
        from sklearn.cluster import MiniBatchKMeans

        rng = np.random.default_rng(self._seed)
        n = len(self._vectors)
        sample = self._vectors[np.sort(rng.choice(n, min(n, CELL_SAMPLE), replace=False))]
        count = int(np.sqrt(n))
        model = MiniBatchKMeans(
            count, random_state=self._seed, n_init=1, max_iter=10, batch_size=4_096, init="random"
        ).fit(sample)
        self._centres = unit_rows(model.cluster_centers_)
        cell = np.concatenate(
            [(self._vectors[i : i + 8_192] @ self._centres.T).argmax(axis=1) for i in range(0, n, 8_192)]
        )
        order = np.argsort(cell, kind="stable")
        self._members = np.split(order, np.searchsorted(cell[order], np.arange(1, count)))


def _best(rows: Ints, likeness: Floats, k: int) -> tuple[Ints, Floats]:
    """The `k` likeliest of each row, best first; what is no match becomes -1 and 0."""
    few = min(k, likeness.shape[1])
    chosen = np.argpartition(-likeness, few - 1, axis=1)[:, :few]
    held = np.take_along_axis(likeness, chosen, axis=1)
    order = np.argsort(-held, axis=1, kind="stable")
    chosen, held = np.take_along_axis(chosen, order, axis=1), np.take_along_axis(held, order, axis=1)
    found = np.full((len(likeness), k), -1, np.int64)
    cosines = np.zeros((len(likeness), k), np.float32)
    is_match = held > -1.5
    found[:, :few] = np.where(is_match, np.take_along_axis(np.asarray(rows), chosen, axis=1), -1)
    cosines[:, :few] = np.where(is_match, held, 0.0)
    return found, cosines
