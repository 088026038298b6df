"""What each analysing step costs at 10,000, 100,000 and 1,000,000 products, and how the cost grows.

Made-up catalogue: words by Zipf's law, 12 categories of 360 kinds, one vector of 128 numbers a product that
lies near its kind. Each size and group of steps runs in a process of its own, so that its memory is its own.
Beside the largest size stands what a user would otherwise write, extrapolated from a size that it can do.

Run with `python -m tests.benchmarks.bench_scale [--rows 10000 100000 1000000] [--steps map texts learning]`.
"""

from __future__ import annotations

import argparse
import json
import math
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from prodlabel.core.progress import Progress
from tests.benchmarks.bench_layout import trustworthiness
from tests.benchmarks.bench_project import _peak_bytes
from tests.benchmarks.figures import figure
from tests.benchmarks.synthetic import CATEGORY_SEPARATOR, category_paths, write_catalogue

SIZES = (10_000, 100_000, 1_000_000)
WIDTH, INNER = 128, 20
KEPT_NEIGHBOURS = 15
ASKED = 500
GROWTH = "<= 1.2"
"""Exponent between 100,000 and 1,000,000 products: n log n grows by 12, which is 10 to the power of 1.08; the
rest is for memory that no longer fits the caches."""
BARS = {"layout: landmarks": "<= 180 s", "layout: all": "<= 600 s"}


@dataclass(slots=True)
class Made:
    """The catalogue: names, texts, the kind of each product (0..359), and vectors (n, 128)."""

    texts: list[str]
    names: list[str]
    kind: NDArray[np.int64]
    vectors: NDArray[np.float32]

    @property
    def category(self) -> NDArray[np.int64]:
        """(n,) the first level: 30 kinds each."""
        return self.kind // 30


@dataclass(slots=True)
class Figures:
    """Seconds of each step in order, and other numbers worth saying."""

    seconds: dict[str, float] = field(default_factory=dict)
    others: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def timed(self, step: str) -> Iterator[None]:
        started = time.perf_counter()
        yield
        self.seconds[step] = time.perf_counter() - started


def make(rows: int) -> Made:
    """The same for the same number of rows."""
    import csv

    place = {path: number for number, path in enumerate(category_paths())}
    texts, names, kinds = [], [], []
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "catalogue.csv"
        write_catalogue(path, rows, unlabelled=0.0)
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                names.append(row["name"])
                texts.append(f"{row['name']} {row['description']}")
                kinds.append(place[row["category"]])
    assert CATEGORY_SEPARATOR in next(iter(place))
    kind = np.array(kinds, dtype=np.int64)
    return Made(texts, names, kind, make_vectors(kind))


def make_vectors(kind: NDArray[np.int64]) -> NDArray[np.float32]:
    """Normal heaps, one a kind, near those of their category, within 20 directions, and noise in all 128."""
    random = np.random.default_rng(0)
    category = random.normal(size=(12, INNER)).astype(np.float32) * 2
    centre = np.repeat(category, 30, axis=0) + random.normal(size=(360, INNER)).astype(np.float32) * 1.5
    directions = random.normal(size=(INNER, WIDTH)).astype(np.float32)
    found = np.empty((len(kind), WIDTH), np.float32)
    for start in range(0, len(kind), 50_000):
        part = kind[start : start + 50_000]
        inner = centre[part] + random.normal(size=(len(part), INNER)).astype(np.float32)
        noise = 0.3 * random.normal(size=(len(part), WIDTH)).astype(np.float32)
        found[start : start + 50_000] = inner @ directions + noise
    return found


def measure_map(made: Made, figures: Figures) -> None:
    """Layout with its three pictures, neighbours and clusters, on the vectors."""
    from prodlabel.analysis.blocks import principal_components
    from prodlabel.analysis.clusters import find_clusters
    from prodlabel.analysis.consensus import agree_on_clusters
    from prodlabel.analysis.layout import make_layout
    from prodlabel.analysis.neighbours import NeighbourIndex

    started = time.perf_counter()
    frames: list[tuple[float, NDArray[Any]]] = []
    points = principal_components(made.vectors, 50)
    layout = make_layout(
        points,
        progress=Progress(partial_listener=lambda xy: frames.append((time.perf_counter() - started, xy))),
    )
    figures.seconds["layout: first picture"] = frames[0][0]
    if len(made.kind) > 20_000:
        figures.seconds["layout: landmarks"] = frames[1][0]
        figures.others["trustworthiness, landmarks"] = trustworthiness(points, np.asarray(frames[1][1]))
    figures.seconds["layout: all"] = frames[-1][0]
    figures.others["trustworthiness, all"] = trustworthiness(points, np.asarray(layout))
    frames.clear()
    with figures.timed("neighbours: index"):
        index = NeighbourIndex(points)
    with figures.timed("neighbours: 15 of each"):
        rows, _ = index.of_all(KEPT_NEIGHBOURS)
    figures.others["recall of the 15 nearest"] = recall(points, rows)
    with figures.timed("clusters: k-means, 12"):
        find_clusters(points, 12)
    with figures.timed("clusters: vote of map and axes"):
        agree_on_clusters([layout, points], 12)


def recall(points: NDArray[np.float32], found: NDArray[np.int64]) -> float:
    """The share of the nearest by cosine that an index found, on a draw of the products."""
    unit = points / np.linalg.norm(points, axis=1, keepdims=True)
    asked = np.random.default_rng(0).choice(len(points), min(len(points), ASKED), replace=False)
    hits = 0
    for row in asked:
        likeness = unit @ unit[row]
        likeness[row] = -np.inf
        near = np.argpartition(-likeness, KEPT_NEIGHBOURS)[:KEPT_NEIGHBOURS]
        hits += len(set(near.tolist()) & set(found[row].tolist()))
    return hits / (len(asked) * KEPT_NEIGHBOURS)


def measure_texts(made: Made, figures: Figures) -> None:
    """Near-duplicate families: a twentieth of the products gets the text of another with a word changed."""
    from prodlabel.analysis.families import find_families

    random = np.random.default_rng(1)
    n = len(made.texts)
    twins = random.choice(n // 2, n // 20, replace=False)
    texts = list(made.texts)
    for at, row in enumerate(twins.tolist()):
        texts[n - 1 - at] = texts[row] + " blue"
    with figures.timed("near duplicates"):
        families = find_families(texts)
    found = np.mean(families[twins] == families[n - 1 - np.arange(len(twins))])
    figures.others["near duplicates found"] = float(found)


def measure_learning(made: Made, figures: Figures) -> None:
    """Training on 90 %, suggestions for all, wrong labels among them (5 % falsified)."""
    from prodlabel.analysis.neighbours import NeighbourIndex
    from prodlabel.learning.features import Views
    from prodlabel.learning.fusion import FusionClassifier
    from prodlabel.learning.label_errors import doubting_probabilities, find_label_errors

    random = np.random.default_rng(2)
    n = len(made.kind)
    is_wrong = random.random(n) < 0.05
    target = np.where(is_wrong, (made.category + random.integers(1, 12, n)) % 12, made.category)
    taught = np.flatnonzero(random.random(n) < 0.9)
    views = Views(made.texts, made.names, made.vectors, np.ones(n, bool))
    with figures.timed("training"):
        classifier = FusionClassifier().fit(views.take(taught), target[taught])
    with figures.timed("suggestions"):
        best = np.concatenate(
            [classifier.predict(views.take(np.arange(i, min(i + 20_000, n)))) for i in range(0, n, 20_000)]
        )
    asked = np.setdiff1d(np.arange(n), taught)
    figures.others["right, of those not taught"] = float(np.mean(best[asked] == made.category[asked]))
    with figures.timed("label errors"):
        probabilities = doubting_probabilities(views, target)
        rows, likeness = NeighbourIndex(made.vectors[:, :60]).of_all(10)
        errors = find_label_errors(probabilities, target, rows, likeness)
    first = errors.rank[: int(is_wrong.sum())]
    figures.others["label errors: precision among the first k"] = float(is_wrong[first].mean())


GROUPS: dict[str, Callable[[Made, Figures], None]] = {
    "map": measure_map,
    "texts": measure_texts,
    "learning": measure_learning,
}


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rows", type=int, nargs="+", default=list(SIZES))
    parser.add_argument("--steps", nargs="+", choices=sorted(GROUPS), default=list(GROUPS))
    parser.add_argument("--measure", action="store_true", help=argparse.SUPPRESS)
    wanted = parser.parse_args(arguments)
    if wanted.measure:
        print(json.dumps(measured_here(wanted.rows[0], wanted.steps[0])))
        return 0
    for step in wanted.steps:
        found = {rows: measured_apart(rows, step) for rows in wanted.rows}
        print("\n".join(table(step, found)), flush=True)
    return 0


def measured_here(rows: int, step: str) -> dict[str, Any]:
    """One group of steps at one size."""
    made = make(rows)
    figures = Figures()
    GROUPS[step](made, figures)
    return {"seconds": figures.seconds, "others": figures.others, "bytes": _peak_bytes()}


def measured_apart(rows: int, step: str) -> dict[str, Any]:
    """The same in a process of its own."""
    command = [sys.executable, "-m", "tests.benchmarks.bench_scale", "--measure"]
    done = subprocess.run(
        [*command, "--rows", str(rows), "--steps", step], check=True, capture_output=True, encoding="utf-8"
    )
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def table(step: str, found: dict[int, dict[str, Any]]) -> list[str]:
    """A line a step: seconds at each size, and the exponent of the growth between the last two."""
    sizes = sorted(found)
    lines = [f"-- {step}: seconds at " + ", ".join(f"{size:,}" for size in sizes) + " products"]
    for name in found[sizes[-1]]["seconds"]:
        seconds = [found[size]["seconds"].get(name) for size in sizes]
        shown = ", ".join("-" if one is None else f"{one:.2f}" for one in seconds[:-1])
        lines.append(figure(name, seconds[-1] or 0.0, bar=bar_of(name, sizes[-1]), beside=f"before: {shown}"))
        if len(sizes) > 1 and seconds[-2] and seconds[-1]:
            exponent = math.log(seconds[-1] / seconds[-2]) / math.log(sizes[-1] / sizes[-2])
            lines.append(figure(f"{name}, growth", exponent, "exponent", bar=GROWTH))
    for name in found[sizes[-1]]["others"]:
        told = ", ".join(f"{found[size]['others'].get(name, math.nan):.4f}" for size in sizes)
        lines.append(f"  {name}: {told}")
    held = ", ".join(f"{found[size]['bytes'] / 1e9:.2f}" for size in sizes)
    lines.append(f"  resident: {held} GB")
    return lines


def bar_of(name: str, rows: int) -> str:
    """Bars are for a million products."""
    return BARS.get(name, "") if rows == SIZES[-1] else ""


if __name__ == "__main__":
    sys.exit(main())
