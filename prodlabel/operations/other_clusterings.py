"""The other ways to cluster, measured as the encoders are: on the program's own vectors, over the same seeds.

Invariant: no step sees a label. One layout a seed serves all of them; those that find a number of clusters by
themselves are left to it.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from prodlabel.analysis.agreement import (
    Agreement,
    Spread,
    bootstrap_interval,
    measure,
    over_seeds,
    permutation_baseline,
)
from prodlabel.analysis.layout import make_layout
from prodlabel.core.progress import Progress
from prodlabel.operations.clusterers import DENSE, GRAPH, KMEANS, MERGING, MIXTURE, OWN_NUMBER, find_with
from prodlabel.operations.findings import Finding, digest

METHODS = "methods"
"""Stands for the encoder where the program's own vectors are clustered otherwise."""
TITLES = {
    KMEANS: "families, t-SNE, KMeans",
    MIXTURE: "families, t-SNE, normal distributions (BIC)",
    MERGING: "families, t-SNE, Ward",
    DENSE: "families, t-SNE, HDBSCAN",
    GRAPH: "families, graph of neighbours",
}
VERSION = 1
PERMUTATIONS = 50
_COSTS = {KMEANS: 2, MIXTURE: 24, MERGING: 1, DENSE: 1, GRAPH: 1}
_LAYOUT_COST = 12


@dataclass(frozen=True, slots=True, eq=False)
class MethodsTrial:
    """One view before it is measured: `points` (families, d), principal axes, `families` (rows,) the family
    of each row, `truth` and `fine` (rows,) categories of both levels, `methods` from `TITLES`;
    `fine_count` clusters are asked for where the second level is measured."""

    field: str
    points: NDArray[np.float32]
    families: NDArray[np.int64]
    truth: NDArray[np.int32]
    fine: NDArray[np.int32] | None
    methods: tuple[str, ...]
    fine_count: int
    seeds: int
    draws: int
    drawn_share: float

    @property
    def name(self) -> str:
        """What the finding is kept under."""
        return f"pipelines/{METHODS}/{self.field}"

    @property
    def mark(self) -> str:
        """Of all that the figures depend on."""
        arrays = [self.points, self.families, self.truth, *([] if self.fine is None else [self.fine])]
        return digest(VERSION, self.methods, self.seeds, self.draws, self.drawn_share, *arrays)

    @property
    def cost(self) -> int:
        """About how many seconds it takes for 1,000 products."""
        each = _LAYOUT_COST + sum(_COSTS[method] for method in self.methods)
        return 2 + (self.seeds + self.draws) * each // 10


def measure_methods(trial: MethodsTrial) -> Finding:
    """One row a method, as those of `PipelineRow`, under "rows"."""
    everything = np.arange(len(trial.truth))
    count = len(np.unique(trial.truth))
    runs: dict[str, list[Agreement]] = {method: [] for method in trial.methods}
    fine: dict[str, list[float]] = {method: [] for method in trial.methods}
    drawn: dict[str, list[float]] = {method: [] for method in trial.methods}
    last: dict[str, NDArray[np.int64]] = {}
    for seed in range(trial.seeds):
        spaces = _Spaces.of(trial, everything, seed)
        for method in trial.methods:
            last[method] = labels = spaces.grouped(method, count)
            runs[method].append(measure(trial.truth, labels, trial.points[trial.families], seed))
            if trial.fine is not None:
                finer = labels if method in OWN_NUMBER else spaces.grouped(method, trial.fine_count)
                fine[method].append(measure(trial.fine, finer).ami)
    for draw in range(trial.draws):
        rng = np.random.default_rng(1_000 + draw)
        size = round(trial.drawn_share * len(everything))
        part = np.sort(rng.choice(len(everything), size, replace=False))
        spaces, truth = _Spaces.of(trial, part, draw), trial.truth[part]
        for method in trial.methods:
            drawn[method].append(measure(truth, spaces.grouped(method, len(np.unique(truth)))).ari)
    rows = []
    for method, labels in last.items():
        spreads = {name: asdict(one) for name, one in over_seeds(runs[method]).items()} | {
            "draws": asdict(spread(drawn[method]))
        }
        level_2 = asdict(spread(fine[method])) if fine[method] else None
        rows.append(_row(trial, method, labels) | spreads | {"level_2": level_2})
    return Finding({"rows": rows})


@dataclass(frozen=True, slots=True, eq=False)
class _Spaces:
    """What is clustered under one seed: axes and layout of the families, and the family of each row."""

    points: NDArray[np.float32]
    layout: NDArray[np.float32]
    families: NDArray[np.int64]
    seed: int

    @classmethod
    def of(cls, trial: MethodsTrial, rows: NDArray[np.int64], seed: int) -> _Spaces:
        """Of some rows."""
        kept, families = np.unique(trial.families[rows], return_inverse=True)
        points = trial.points[kept]
        layout = np.asarray(make_layout(points, seed, progress=Progress()), np.float32)
        return cls(points, layout, np.asarray(families, np.int64), seed)

    def grouped(self, method: str, count: int) -> NDArray[np.int64]:
        """The cluster of each row, -1 in none; `count` of them, unless the method finds its own number."""
        found = find_with(
            method, self.points, self.layout, tuple,
            count=count, is_count_given=method not in OWN_NUMBER, seed=self.seed, progress=Progress(),
        )  # fmt: skip
        return np.asarray(found.labels[self.families], np.int64)


def _row(trial: MethodsTrial, method: str, labels: NDArray[np.int64]) -> dict[str, Any]:
    """What is known of the clusters of the last seed."""
    return {
        "encoder": METHODS,
        "field": trial.field,
        "pipeline": TITLES[method],
        "products": len(trial.truth),
        "clusters": int(labels.max()) + 1,
        "seeds": trial.seeds,
        "chance": asdict(permutation_baseline(trial.truth, labels, PERMUTATIONS)),
        "interval": list(bootstrap_interval(trial.truth, labels)),
    }


def spread(values: list[float]) -> Spread:
    """Mean and standard deviation, NaN for no value."""
    if not values:
        return Spread(float("nan"), float("nan"))
    return Spread(float(np.mean(values)), float(np.std(values, ddof=1)) if len(values) > 1 else 0.0)
