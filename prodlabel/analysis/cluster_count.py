"""How many clusters there may be, proposed with the reasons for each number.

Invariant: the same points and seed give the same proposal; no label is seen.

Three views, each a rank that is averaged: how well apart the clusters lie (silhouette: Rousseeuw, J. Comput.
Appl. Math. 20, 1987), how far they come again on other draws of the products (stability: Ben-Hur, Elisseeff
and Guyon, PSB 2002, with the adjusted Rand index), and what normal distributions can bear out (BIC: Schwarz,
Annals of Statistics 6, 1978).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from prodlabel.analysis.clusters import find_clusters, need_points
from prodlabel.core.progress import Progress

Floats = npt.NDArray[np.floating[Any]]

DRAWS = 4
DRAWN_SHARE = 0.7
STARTS = 3
LOOKED_AT = 3_000
TELLING_BIC = 10.0
"""A difference of ten in the criterion is very strong evidence (Kass and Raftery, JASA 90, 1995, 3.2)."""


@dataclass(frozen=True)
class CountCandidate:
    """One number of clusters: `silhouette` -1..1, `stability` up to 1, `bic` (lower is better)."""

    count: int
    silhouette: float
    stability: float
    bic: float
    reason: str


@dataclass(frozen=True)
class CountProposal:
    """The candidates, the best first."""

    candidates: tuple[CountCandidate, ...]

    @property
    def count(self) -> int:
        return self.candidates[0].count


def propose_count(
    points: Floats, counts: Sequence[int] = tuple(range(2, 21)), seed: int = 0,
    progress: Progress | None = None,
) -> CountProposal:  # fmt: skip
    """Numbers of clusters for `points` (n, d), best the layout, judged on 3,000 of them at most.

    Numbers that leave fewer than three products a cluster are left out. Raises `InputError` for no point.
    """
    progress = progress or Progress()
    need_points(points)
    rng = np.random.default_rng(seed)
    rows = np.sort(rng.permutation(len(points))[:LOOKED_AT])
    looked_at = points[rows].astype(np.float64)
    possible = [count for count in sorted(set(counts)) if 2 <= count <= len(looked_at) * DRAWN_SHARE / 3]
    if not possible:
        alone = CountCandidate(1, 0.0, 1.0, 0.0, "too few products for more than one cluster")
        return CountProposal((alone,))
    found = []
    with progress.stage("Proposing the number of clusters", total=len(possible), unit="numbers"):
        for count in possible:
            found.append(_judged(looked_at, count, seed, rng, progress))
            progress.advance()
    return CountProposal(_ordered(possible, np.array(found)))


def _judged(
    points: Floats, count: int, seed: int, rng: np.random.Generator, progress: Progress
) -> tuple[float, float, float]:
    from sklearn.metrics import adjusted_rand_score, silhouette_score
    from sklearn.mixture import GaussianMixture
    from threadpoolctl import threadpool_limits

    quiet = Progress(token=progress.token)
    whole = find_clusters(points, count, seed, STARTS, quiet).labels
    shared = []
    for _ in range(DRAWS):
        rows = np.sort(rng.choice(len(points), round(DRAWN_SHARE * len(points)), replace=False))
        drawn = find_clusters(points[rows], count, int(rng.integers(2**31)), STARTS, quiet).labels
        shared.append(adjusted_rand_score(whole[rows], drawn))
    is_split = len(np.unique(whole)) > 1
    silhouette = float(silhouette_score(points, whole)) if is_split else 0.0
    least = 1e-4 * float(points.var()) + 1e-12
    model = GaussianMixture(count, covariance_type="diag", reg_covar=least, random_state=seed, max_iter=200)
    with threadpool_limits(1):
        bic = float(model.fit(points).bic(points))
    return silhouette, float(np.mean(shared)), bic


def _ordered(counts: Sequence[int], figures: Floats) -> tuple[CountCandidate, ...]:
    better = figures * np.array([1.0, 1.0, -1.0])
    rank = np.stack([np.argsort(np.argsort(-column, kind="stable")) for column in better.T], axis=1)
    order = np.lexsort((counts, rank.mean(axis=1)))
    best = better.max(axis=0)
    found = []
    for i in order:
        silhouette, stability, bic = (float(figure) for figure in figures[i])
        reason = _reason(better[i], best, figures[i])
        found.append(CountCandidate(counts[i], silhouette, stability, bic, reason))
    return tuple(found)


def _reason(better: Floats, best: Floats, figures: Floats) -> str:
    silhouette, stability, _ = figures
    apart = "clearest apart" if better[0] == best[0] else f"apart by {silhouette:.2f} (best {best[0]:.2f})"
    again = (
        "comes again most surely"
        if better[1] == best[1]
        else f"comes again at {stability:.2f} (best {best[1]:.2f})"
    )
    borne_out = "borne out best by normal distributions"
    if best[2] - better[2] > TELLING_BIC:
        borne_out = f"behind the best by {best[2] - better[2]:.0f} in BIC"
    return f"{apart}; {again}; {borne_out}"
