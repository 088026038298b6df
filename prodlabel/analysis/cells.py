"""The nearest others of each of very many products at once, near enough to lay them out: cell by cell.

Invariant: the same vectors and seed give the same neighbours; no product is its own neighbour, and memory
beyond the answer stays small whatever the vectors are.

The inverted file of Jegou, Douze and Schmid ("Product quantization for nearest neighbor search", PAMI 33,
2011, section 4.1) without the quantization: products are parted by their nearest of some centres, and each
is compared with those of the cells that its own cell borders on. All of a cell are asked together, so that a
matrix product does the work: 250,000 x 50 take a tenth of the processor time of growing and asking the graph
of `neighbours`, which is for questions that come one by one.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from prodlabel.core.progress import Progress

Floats = npt.NDArray[np.floating[Any]]
Ints = npt.NDArray[np.integer[Any]]
Kernel = Callable[..., None]

USUAL_CELL = 512
"""Products in a cell, as a rule."""
BORDERS = 8
"""With how many cells, its own among them, the products of a cell are compared."""
VOTES = 4
"""How many of the nearest centres of a product say what its cell borders on."""
MOST_TOGETHER = 2_048
"""A larger cell is taken in pieces: of many like products any will do."""
DRAWN, ROUNDS = 24, 4
"""Products for each centre on which the centres are settled, and how often."""
_BLOCK = 4_096


def near_in_cells(
    vectors: Floats, k: int, seed: int = 0, progress: Progress | None = None
) -> tuple[Ints, Floats]:
    """Rows (n, k) of the nearest others of each of `vectors` (n, d), nearest first, and their Euclidean
    distances; most of them, not all. `k` < n. O(n d), and n / 512 centres for each product, which for a
    million are a tenth of the time."""
    progress = progress or Progress()
    vectors = np.ascontiguousarray(vectors, np.float32)
    n = len(vectors)
    count = max(1, n // USUAL_CELL)
    with progress.stage("Linking neighbours", total=n):
        centres = _centres(vectors, count, np.random.default_rng(seed))
        nearest = _nearest_centres(vectors, centres, min(VOTES, count), progress)
    rows, distances = np.empty((n, k), np.int32), np.empty((n, k), np.float32)

    def search(piece: tuple[Ints, Ints]) -> int:
        asked, others = piece
        middle = vectors[asked[0]]  # near zero, 32 bits tell small distances
        some, many = vectors[asked] - middle, vectors[others] - middle
        squared = np.square(many).sum(axis=1) - 2.0 * (some @ many.T)
        squared += np.square(some).sum(axis=1)[:, None]
        _kernel()(squared, asked, others, rows, distances)
        return len(asked)

    with (
        progress.stage("Looking for neighbours", total=n),
        ThreadPoolExecutor(os.cpu_count() or 1, thread_name_prefix="cells") as pool,
    ):
        pieces = list(_pieces(nearest, centres, k))
        for start in range(0, len(pieces), 64):
            for done in pool.map(search, pieces[start : start + 64]):
                progress.advance(done)
    return rows, distances


def _centres(vectors: Floats, count: int, random: np.random.Generator) -> Floats:
    """(count, d) the means of the cells of a draw, settled for a few rounds (Lloyd's algorithm)."""
    drawn = vectors[np.sort(random.choice(len(vectors), min(len(vectors), DRAWN * count), replace=False))]
    centres = drawn[np.sort(random.choice(len(drawn), count, replace=False))]
    for _ in range(ROUNDS):
        cell = _nearest_centres(drawn, centres, 1, Progress())[:, 0]
        order = np.argsort(cell, kind="stable")
        size = np.bincount(cell, minlength=count)
        is_there = size > 0
        sums = np.add.reduceat(drawn[order], (np.cumsum(size) - size)[is_there], axis=0)
        centres[is_there] = sums / size[is_there, None]
    return centres


def _nearest_centres(vectors: Floats, centres: Floats, few: int, progress: Progress) -> Ints:
    """(n, few) int32 the nearest centres of each, the nearest first."""
    found = np.empty((len(vectors), few), np.int32)
    half = np.square(centres).sum(axis=1) / 2
    for start in range(0, len(vectors), _BLOCK):
        part = slice(start, start + _BLOCK)
        far = half - vectors[part] @ centres.T
        if few == 1:
            found[part, 0] = far.argmin(axis=1)
        else:
            some = np.argpartition(far, few - 1, axis=1)[:, :few]
            order = np.argsort(np.take_along_axis(far, some, axis=1), axis=1, kind="stable")
            found[part] = np.take_along_axis(some, order, axis=1)
        progress.advance(len(found[part]))
    return found


def _pieces(nearest: Ints, centres: Floats, k: int) -> Iterator[tuple[Ints, Ints]]:
    """Products that are asked together, and those they are compared with (more than `k`)."""
    cell = nearest[:, 0]
    order = np.argsort(cell, kind="stable")
    ends = np.cumsum(np.bincount(cell, minlength=len(centres)))
    members = np.split(order, ends[:-1])
    for own, mine in enumerate(members):
        if not len(mine):
            continue
        votes = np.bincount(nearest[mine].ravel(), minlength=len(centres))
        votes[own] = -1
        beside = np.argsort(-votes, kind="stable")[:-1]
        borders = np.count_nonzero(votes[beside[: BORDERS - 1]])
        around = [members[one][:MOST_TOGETHER] for one in beside[:borders]]
        # Whoever lies all alone is compared with those of more and more cells.
        more = iter(beside[borders:])
        while len(mine) + sum(map(len, around)) <= k:
            around.append(members[next(more)][:MOST_TOGETHER])
        for asked in np.array_split(mine, -(-len(mine) // MOST_TOGETHER)):
            yield asked, np.concatenate([asked, *around])


@cache
def _kernel() -> Kernel:
    """Picks the nearest of each row, as machine code; made once for a machine, in a second or two."""
    from numba import njit

    @njit(nogil=True, cache=True)  # type: ignore[untyped-decorator]
    def pick(squared: Any, asked: Any, others: Any, rows: Any, distances: Any) -> None:
        k = rows.shape[1]
        for i in range(len(asked)):
            own = asked[i]
            held = 0
            for j in range(len(others)):
                value = squared[i, j]
                if (held == k and value >= distances[own, k - 1]) or others[j] == own:
                    continue
                at = held if held < k else k - 1
                while at > 0 and distances[own, at - 1] > value:
                    distances[own, at] = distances[own, at - 1]
                    rows[own, at] = rows[own, at - 1]
                    at -= 1
                distances[own, at] = value
                rows[own, at] = others[j]
                held = min(held + 1, k)
            for at in range(k):
                distances[own, at] = np.sqrt(max(distances[own, at], np.float32(0.0)))

    made: Kernel = pick
    return made
