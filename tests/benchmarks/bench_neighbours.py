"""Prints build time, query time and recall at 15 of the neighbour index beside scikit-learn's exact search,
and what opening the kept graph and extending it costs beside making it anew.

Run as `python -m tests.benchmarks.bench_neighbours [PRODUCTS]` (default 100,000, 128 numbers each). Times are
processor seconds of all threads, so that what else the machine does counts less; scikit-learn's are
extrapolated from 1,000 queries.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import numpy as np

from prodlabel.analysis.graph import Graph
from prodlabel.analysis.neighbours import NeighbourIndex
from prodlabel.core.progress import Progress
from prodlabel.project.graphs import GRAPH_FOLDER, GraphFolder, KeptGraph
from tests.benchmarks.figures import figure

T = TypeVar("T")

WIDTH, NEIGHBOURS, ASKED = 128, 15, 1_000


def made_vectors(kind: str, n: int, seed: int = 0) -> np.ndarray:
    """heaps: 200 normal heaps; flat: 20 directions carry nearly everything, as in real vectors; none: no
    structure at all, the worst case."""
    rng = np.random.default_rng(seed)
    if kind == "heaps":
        centres = rng.normal(size=(200, WIDTH))
        found = centres[rng.integers(0, 200, n)] + 0.7 * rng.normal(size=(n, WIDTH))
    elif kind == "flat":
        found = rng.normal(size=(n, 20)) @ rng.normal(size=(20, WIDTH)) + 0.3 * rng.normal(size=(n, WIDTH))
    else:
        found = rng.normal(size=(n, WIDTH))
    found /= np.linalg.norm(found, axis=1, keepdims=True)
    return found.astype(np.float32)


def bench(kind: str, n: int) -> None:
    from sklearn.neighbors import NearestNeighbors

    vectors = made_vectors(kind, n)
    asked = np.random.default_rng(1).choice(n, min(n, ASKED), replace=False)
    exact = NearestNeighbors(n_neighbors=NEIGHBOURS + 1, algorithm="brute").fit(vectors)
    began = time.process_time()
    wanted = exact.kneighbors(vectors[asked], return_distance=False)[:, 1:]
    brute = (time.process_time() - began) * n / len(asked)
    began = time.process_time()
    index = NeighbourIndex(vectors, exact_limit=0)
    built = time.process_time() - began
    began = time.process_time()
    rows, _ = index.of_all(NEIGHBOURS)
    queried = time.process_time() - began
    recall = np.mean([len(set(a) & set(b)) / NEIGHBOURS for a, b in zip(rows[asked], wanted, strict=True)])
    print(
        f"{kind:<6} {n} x {WIDTH}: built in {built:.1f} s, all neighbours in {queried:.1f} s; scikit-learn "
        f"brute {brute:.0f} s, {brute / (built + queried):.1f} x"
    )
    # Where there is no structure at all, no index does well: no bar.
    bar = ">= 0.97" if kind != "none" else ""
    print(figure(f"recall of the {NEIGHBOURS} nearest, {kind}", float(recall), "", bar=bar), flush=True)


def bench_kept(n: int) -> None:
    """One in a hundred products comes later."""
    vectors = made_vectors("flat", n)
    more = n // 100
    whole = Graph(WIDTH, by_distance=True)
    anew, _ = _timed(lambda: whole.add(vectors, Progress()))
    early = Graph(WIDTH, by_distance=True)
    early.add(vectors[:-more], Progress())
    with tempfile.TemporaryDirectory() as name:
        folder, ids = GraphFolder(Path(name)), np.arange(1, n - more + 1)
        (Path(name) / GRAPH_FOLDER).mkdir()
        made = KeptGraph(ids, ids.astype(np.uint64), {}, len(ids), {})
        assert folder.keep("fused", made, early) is not None

        def opened() -> Graph:
            kept = folder.load("fused")
            assert kept is not None
            return folder.open("fused", kept, WIDTH)

        opening, graph = _timed(opened)
        extending, _ = _timed(lambda: _extended(graph, vectors[-more:]))
        graph = whole  # the file is let go of before its folder goes
    print(
        f"kept: made in {anew:.1f} s, opened and checked in {opening:.2f} s, {more} more in {extending:.2f} s"
    )
    print(figure("the kept graph opened, beside made", anew / opening, "x", bar=">= 10"))
    print(figure("one in a hundred more, beside all anew", anew / extending, "x", bar=">= 10"), flush=True)


def _extended(mapped: Graph, vectors: np.ndarray) -> None:
    mapped.thawed().add(vectors, Progress())


def _timed(act: Callable[[], T]) -> tuple[float, T]:
    began = time.process_time()
    made = act()
    return time.process_time() - began, made


def main(arguments: list[str] | None = None) -> int:
    given = sys.argv[1:] if arguments is None else arguments
    for kind in ("heaps", "flat", "none"):
        bench(kind, int(given[0]) if given else 100_000)
    bench_kept(int(given[0]) if given else 100_000)
    return 0


if __name__ == "__main__":
    sys.exit(main())
