"""Groups as normal distributions, their number chosen by what the points can bear out.

Invariant: the same points and seed give the same clusters.

Source: Fraley and Raftery, "Model-based clustering", JASA 97 (2002); the number and the shape of the
distributions by the Bayesian information criterion (Schwarz, Annals of Statistics 6, 1978).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from prodlabel.analysis.clusters import Clusters, clusters_of, need_points
from prodlabel.core.progress import Progress

Floats = npt.NDArray[np.floating[Any]]

SHAPES = ("full", "tied", "diag")
FITTED_ROWS = 10_000


def find_mixture(
    points: Floats, counts: Sequence[int], seed: int = 0, starts: int = 2, progress: Progress | None = None
) -> tuple[Clusters, dict[int, float]]:
    """The mixture of normal distributions with the lowest criterion, and the criterion per number of them.

    `points` (n, d), best the layout: in many dimensions a distribution has more parameters than a catalogue
    has products. Fitted on 10,000 rows at most. Raises `InputError` for no point or no count.
    """
    from sklearn.mixture import GaussianMixture
    from threadpoolctl import threadpool_limits

    progress = progress or Progress()
    need_points(points, min(counts, default=0))
    if len(points) == 1:
        return clusters_of(points, np.zeros(1, np.int64)), {1: 0.0}
    rows = np.random.default_rng(seed).permutation(len(points))[:FITTED_ROWS]
    fitted = points[rows].astype(np.float64)
    # Exact duplicates would let a distribution shrink to a point: this much of the spread stays.
    least = 1e-4 * float(fitted.var()) + 1e-12
    best: Any = None
    lowest = np.inf
    criteria: dict[int, float] = {}
    total = len(counts) * len(SHAPES)
    # One thread: the matrices are small, and several threads only wait for each other.
    with progress.stage("Fitting distributions", total=total, unit="fits"), threadpool_limits(1):
        for count in counts:
            for shape in SHAPES:
                if count <= len(fitted):
                    model = GaussianMixture(
                        count, covariance_type=shape, n_init=starts, reg_covar=least, random_state=seed,
                        max_iter=200, tol=1e-3,
                    ).fit(fitted)  # fmt: skip
                    value = float(model.bic(fitted))
                    criteria[count] = min(value, criteria.get(count, np.inf))
                    if value < lowest:
                        best, lowest = model, value
                progress.advance()
    return clusters_of(points, best.predict(points.astype(np.float64))), criteria
