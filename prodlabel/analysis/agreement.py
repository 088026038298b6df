"""How well clusters agree with categories, with spread, interval and the level of chance beside each figure.

Invariant: every figure here is of two partitions of the same products; nothing is fitted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from prodlabel.core.progress import Progress

Floats = npt.NDArray[np.floating[Any]]
Ints = npt.NDArray[np.integer[Any]]
SILHOUETTE_ROWS = 5_000


@dataclass(frozen=True)
class Agreement:
    """`ari`: Hubert and Arabie, J. of Classification 2 (1985); `ami`: Vinh, Epps and Bailey, JMLR 11 (2010);
    homogeneity, completeness and `v_measure`: Rosenberg and Hirschberg, EMNLP 2007; `silhouette`: Rousseeuw,
    J. Comput. Appl. Math. 20 (1987), of the clusters found (NaN without points or with one cluster)."""

    ari: float
    ami: float
    homogeneity: float
    completeness: float
    v_measure: float
    silhouette: float


@dataclass(frozen=True)
class Spread:
    """Mean and standard deviation (of the sample) over seeds."""

    mean: float
    std: float


def measure(
    truth: npt.ArrayLike, found: npt.ArrayLike, points: Floats | None = None, seed: int = 0
) -> Agreement:
    """Agreement of two partitions (n,). The silhouette is of `found` on `points` (n, d), on 5,000 rows at
    most.
    """
    from sklearn import metrics

    a, b = np.asarray(truth), np.asarray(found)
    homogeneity, completeness, v_measure = metrics.homogeneity_completeness_v_measure(a, b)
    silhouette = float("nan")
    if points is not None and 1 < len(np.unique(b)) < len(b):
        rows = np.random.default_rng(seed).permutation(len(b))[:SILHOUETTE_ROWS]
        if 1 < len(np.unique(b[rows])) < len(rows):
            silhouette = float(metrics.silhouette_score(points[rows], b[rows]))
    ari, ami = metrics.adjusted_rand_score(a, b), metrics.adjusted_mutual_info_score(a, b)
    return Agreement(
        float(ari), float(ami), float(homogeneity), float(completeness), float(v_measure), silhouette
    )


def over_seeds(runs: Sequence[Agreement]) -> dict[str, Spread]:
    """Per figure, mean and standard deviation over the runs (0 for one run)."""
    table = {name: [float(asdict(run)[name]) for run in runs] for name in asdict(runs[0])}
    return {
        name: Spread(float(np.mean(values)), float(np.std(values, ddof=1)) if len(values) > 1 else 0.0)
        for name, values in table.items()
    }


def bootstrap_interval(
    truth: npt.ArrayLike, found: npt.ArrayLike, draws: int = 1_000, level: float = 0.95, seed: int = 0
) -> tuple[float, float]:
    """Percentile interval of the ARI over products drawn anew (Efron and Tibshirani, 1993, section 13.3).

    The ARI depends on the table of counts alone, so each draw is one multinomial sample of that table.
    """
    table = _contingency(truth, found)
    n = int(table.sum())
    rng = np.random.default_rng(seed)
    drawn = rng.multinomial(n, table.ravel() / n, size=draws).reshape(draws, *table.shape)
    low, high = np.quantile(_ari_of_tables(drawn), [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)


def permutation_baseline(
    truth: npt.ArrayLike,
    found: npt.ArrayLike,
    draws: int = 200,
    seed: int = 0,
    progress: Progress | None = None,
) -> Spread:
    """The ARI that the same cluster sizes reach by chance: mean and standard deviation over shuffled
    labels.
    """
    progress = progress or Progress()
    rng = np.random.default_rng(seed)
    _, a = np.unique(np.asarray(truth), return_inverse=True)
    _, b = np.unique(np.asarray(found), return_inverse=True)
    values = []
    with progress.stage("Measuring the level of chance", total=draws, unit="draws"):
        for _ in range(draws):
            values.append(float(_ari_of_tables(_contingency(rng.permutation(a), b)[None])[0]))
            progress.advance()
    return Spread(float(np.mean(values)), float(np.std(values)))


def _contingency(truth: npt.ArrayLike, found: npt.ArrayLike) -> Ints:
    rows, a = np.unique(np.asarray(truth), return_inverse=True)
    columns, b = np.unique(np.asarray(found), return_inverse=True)
    counts = np.bincount(a * len(columns) + b, minlength=len(rows) * len(columns))
    return np.asarray(counts.reshape(len(rows), len(columns)))


def _ari_of_tables(tables: Ints) -> Floats:
    """Adjusted Rand index of each table of counts (draws, categories, clusters)."""

    def pairs(counts: Ints) -> Floats:
        return np.asarray(counts * (counts - 1.0) / 2.0)

    together = pairs(tables).sum(axis=(1, 2))
    by_truth = pairs(tables.sum(axis=2)).sum(axis=1)
    by_found = pairs(tables.sum(axis=1)).sum(axis=1)
    expected = by_truth * by_found / pairs(tables.sum(axis=(1, 2)))
    most = (by_truth + by_found) / 2.0
    room = most - expected
    return np.asarray(np.where(room > 0, (together - expected) / np.where(room > 0, room, 1.0), 1.0))
