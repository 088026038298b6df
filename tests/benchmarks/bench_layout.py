"""Prints when each picture of a large layout stands and how trustworthy it is, beside other programs.

Run as `python -m tests.benchmarks.bench_layout [PRODUCTS] [--others]` (default 100,000, 128 numbers each).
--others: scikit-learn's t-SNE and openTSNE as they come, on 3,000 products, where they end in reasonable
time, and this one on the same. Seconds are of the clock, processor seconds of all threads beside them.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from prodlabel.analysis.blocks import principal_components
from prodlabel.analysis.layout import make_layout
from prodlabel.core.progress import Progress

WIDTH, NEIGHBOURS, ASKED = 128, 15, 1_000
BARS = {"first": (3, None), "landmarks": (15, 0.985), "refined": (240, 0.995)}


def made_vectors(n: int, seed: int = 0) -> np.ndarray:
    """200 heaps of normal vectors within 20 directions and some noise in all."""
    rng = np.random.default_rng(seed)
    inner = rng.normal(size=(200, 20))[rng.integers(0, 200, n)] * 1.5 + rng.normal(size=(n, 20))
    return (inner @ rng.normal(size=(20, WIDTH)) + 0.3 * rng.normal(size=(n, WIDTH))).astype(np.float32)


def trustworthiness(vectors: np.ndarray, layout: np.ndarray, k: int = NEIGHBOURS) -> float:
    """Venna and Kaski (ICANN 2001), on a draw of the products against all of them."""
    n = len(vectors)
    asked = np.random.default_rng(0).choice(n, min(n, ASKED), replace=False)
    squared = np.square(vectors).sum(axis=1)
    penalty = 0.0
    for row in asked:
        here = np.square(layout - layout[row]).sum(axis=1)
        here[row] = np.inf
        near = np.argpartition(here, k)[:k]
        there = squared - 2 * vectors @ vectors[row]
        there[row] = np.inf
        rank = (there[None, :] < there[near][:, None]).sum(axis=1) + 1
        penalty += float(np.maximum(rank - k, 0).sum())
    return 1 - penalty * 2 / (len(asked) * k * (2 * n - 3 * k - 1))


def bench(n: int) -> None:
    vectors = made_vectors(n)
    began, worked = time.perf_counter(), time.process_time()
    frames: list[tuple[float, float, np.ndarray]] = []

    def keep(layout: Any) -> None:
        frames.append((time.perf_counter() - began, time.process_time() - worked, np.array(layout)))

    make_layout(principal_components(vectors, 50), progress=Progress(partial_listener=keep))
    for name, (clock, processor, layout) in zip(BARS, (frames[0], frames[1], frames[-1]), strict=True):
        bar, least = BARS[name]
        wanted = "" if least is None else f" (bar {least})"
        found = trustworthiness(vectors, layout)
        print(
            f"{name:<10} {n} x {WIDTH}: {clock:6.1f} s (bar {bar}), processor {processor:6.1f} s, "
            f"trustworthiness {found:.4f}{wanted}",
            flush=True,
        )
    print(f"{len(frames)} pictures in all")


def bench_others(n: int = 3_000) -> None:
    import openTSNE
    from sklearn.manifold import TSNE

    vectors = made_vectors(n)
    ways: dict[str, Callable[[], Any]] = {
        "prodlabel": lambda: make_layout(principal_components(vectors, 50)),
        "openTSNE": lambda: openTSNE.TSNE(random_state=0).fit(vectors),
        "scikit-learn": lambda: TSNE(random_state=0).fit_transform(vectors),
    }
    for name, way in ways.items():
        worked = time.process_time()
        layout = np.asarray(way())
        processor = time.process_time() - worked
        print(f"{name:<13} {n} x {WIDTH}: processor {processor:6.1f} s, trustworthiness "
              f"{trustworthiness(vectors, layout):.4f}", flush=True)  # fmt: skip


def main(arguments: list[str] | None = None) -> int:
    given = sys.argv[1:] if arguments is None else arguments
    sizes = [int(one) for one in given if one.isdigit()]
    bench(sizes[0] if sizes else 100_000)
    if "--others" in given:
        bench_others()
    return 0


if __name__ == "__main__":
    sys.exit(main())
