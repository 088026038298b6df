"""Groups by merging: always the two whose union costs least variance.

Invariant: no randomness; the same points give the same clusters.

Source: Ward, JASA 58 (1963). Above `EXACT_LIMIT` products only groups that are neighbours may merge.
"""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import numpy.typing as npt

from prodlabel.analysis.clusters import Clusters, clusters_of, need_points
from prodlabel.core.progress import Progress

Floats = npt.NDArray[np.floating[Any]]

EXACT_LIMIT = 5_000
NEIGHBOURS = 10


def find_by_merging(
    points: Floats, count: int, progress: Progress | None = None, exact_limit: int = EXACT_LIMIT
) -> Clusters:
    """`count` clusters of `points` (n, d). Time and memory: n^2 up to `exact_limit`, then n log n on the
    graph of the 10 nearest. Raises `InputError` for fewer than 1 cluster or no point.
    """
    from sklearn.cluster import AgglomerativeClustering
    from sklearn.neighbors import kneighbors_graph

    progress = progress or Progress()
    need_points(points, count)
    count = min(count, len(points))
    if len(points) == 1:
        return clusters_of(points, np.zeros(1, np.int64))
    with progress.stage("Merging groups", total=None):
        graph = None
        if len(points) > exact_limit:
            graph = kneighbors_graph(points, NEIGHBOURS)
            graph = graph.maximum(graph.T)
            progress.check()
        with warnings.catch_warnings():
            # The graph may fall apart; scikit-learn then joins the parts at their nearest points, as wished.
            warnings.filterwarnings("ignore", message="the number of connected components")
            labels = AgglomerativeClustering(count, connectivity=graph).fit_predict(points)
    return clusters_of(points, labels)
