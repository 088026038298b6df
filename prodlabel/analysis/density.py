"""Groups as dense places, of any shape; products between them belong to none.

Invariant: no randomness; the same points give the same clusters.

Source: Campello, Moulavi and Sander, "Density-based clustering based on hierarchical density estimates",
PAKDD 2013 (HDBSCAN), as in scikit-learn.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from prodlabel.analysis.clusters import Clusters, clusters_of, need_points
from prodlabel.core.progress import Progress

Floats = npt.NDArray[np.floating[Any]]

LEAST_SHARE = 0.02
NEIGHBOURS = 5


def find_dense(points: Floats, least: int | None = None, progress: Progress | None = None) -> Clusters:
    """Clusters of `points` (n, d), best the layout, of at least `least` products (default: 2 % of them, at
    least 5); label -1 for those in none. Where nothing is denser than the rest there is no cluster at all.
    Raises `InputError` for no point.
    """
    from sklearn.cluster import HDBSCAN

    progress = progress or Progress()
    need_points(points)
    least = max(2, least if least is not None else max(5, round(LEAST_SHARE * len(points))))
    if len(points) < least:
        return clusters_of(points, np.full(len(points), -1))
    with progress.stage("Looking for dense places", total=None):
        few = min(NEIGHBOURS, len(points))
        # Not a copy of the default's warning: scikit-learn asks that `copy` be named.
        labels = HDBSCAN(min_cluster_size=least, min_samples=few, copy=True).fit_predict(points)
    return clusters_of(points, labels)
