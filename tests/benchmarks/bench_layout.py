"""Prints when each picture of a large layout stands and how trustworthy it is, beside other programs.

Run as `python -m tests.benchmarks.bench_layout [PRODUCTS ...] [--others]` (default 100,000, 128 numbers each;
1000000 takes ten minutes). --others: scikit-learn's t-SNE and openTSNE as they come, on 3,000 products, where
they end in reasonable time, and this one on the same. Seconds are of the clock, with processor seconds of all
threads beside them; each size runs in a process of its own, so that its memory is its own.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from prodlabel.analysis.blocks import principal_components
from prodlabel.analysis.layout import make_layout
from prodlabel.core.progress import Progress
from tests.benchmarks.bench_project import _peak_bytes
from tests.benchmarks.figures import figure

WIDTH, NEIGHBOURS, ASKED = 128, 15, 1_000
MILLION = 1_000_000
BARS = {"first picture": ("<= 3", ""), "landmarks": ("<= 15", ">= 0.985"), "refined": ("<= 240", ">= 0.995")}
BARS_OF_A_MILLION = {"first picture": ("", ""), "landmarks": ("<= 180", ""), "refined": ("<= 600", "")}
MEMORY_BAR = "<= 2.5"
"""GB beyond the vectors, of a million products."""


def made_vectors(n: int, seed: int = 0) -> np.ndarray:
    """200 heaps of normal vectors within 20 directions and some noise in all."""
    rng = np.random.default_rng(seed)
    inner = rng.normal(size=(200, 20))[rng.integers(0, 200, n)] * 1.5 + rng.normal(size=(n, 20))
    return (inner @ rng.normal(size=(20, WIDTH)) + 0.3 * rng.normal(size=(n, WIDTH))).astype(np.float32)


def trustworthiness(
    vectors: np.ndarray, layout: np.ndarray, k: int = NEIGHBOURS, draws: int = ASKED
) -> float:
    """Venna and Kaski (ICANN 2001), on a draw of the products against all of them."""
    n = len(vectors)
    asked = np.random.default_rng(0).choice(n, min(n, draws), replace=False)
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


def preserved(vectors: np.ndarray, layout: np.ndarray, k: int = NEIGHBOURS, asked: int = 300) -> float:
    """The share of the nearest that are among the nearest in the layout too, on a draw of the products."""
    rows = np.random.default_rng(0).choice(len(vectors), min(len(vectors), asked), replace=False)
    squared = np.square(vectors).sum(axis=1)
    hits = 0
    for row in rows:
        here = np.square(layout - layout[row]).sum(axis=1)
        there = squared - 2 * vectors @ vectors[row]
        here[row] = there[row] = np.inf
        hits += len(set(np.argpartition(here, k)[:k].tolist()) & set(np.argpartition(there, k)[:k].tolist()))
    return hits / (len(rows) * k)


def bench(n: int) -> None:
    vectors = made_vectors(n)
    before = _peak_bytes()
    began, worked = time.perf_counter(), time.process_time()
    frames: list[tuple[float, float, np.ndarray]] = []

    def keep(layout: Any) -> None:
        frames[2:] = []  # the first, the landmarks and the newest
        frames.append((time.perf_counter() - began, time.process_time() - worked, np.array(layout)))
        if len(frames) < len(BARS):
            name = list(BARS)[len(frames) - 1]
            print(f"  ({name} after {frames[-1][0]:.1f} s, processor {frames[-1][1]:.1f} s)", flush=True)

    points = principal_components(vectors, 50)
    make_layout(points, progress=Progress(partial_listener=keep))
    memory = (_peak_bytes() - before) / 1e9
    bars = BARS if n < MILLION else BARS_OF_A_MILLION
    print(f"-- {n:,} x {WIDTH}")
    draws = ASKED if n < MILLION else ASKED // 5
    for name, (clock, processor, layout) in zip(bars, frames, strict=True):
        bar, least = bars[name]
        print(figure(name, clock, "s", bar=bar, beside=f"processor {processor:.1f} s"), flush=True)
        aside = f"of {NEIGHBOURS} nearest {preserved(points, layout):.3f} are nearest"
        print(
            figure(
                "  its trustworthiness",
                trustworthiness(points, layout, draws=draws),
                "",
                bar=least,
                beside=aside,
            )
        )
    bar = MEMORY_BAR if n >= MILLION else ""
    print(figure("memory beyond the vectors", memory, "GB", bar=bar), flush=True)


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
    if "--here" in given:
        bench(sizes[0])
        return 0
    for size in sizes or [100_000]:
        command = [sys.executable, "-m", "tests.benchmarks.bench_layout", str(size), "--here"]
        subprocess.run(command, check=True)
    if "--others" in given:
        bench_others()
    return 0


if __name__ == "__main__":
    sys.exit(main())
