"""The ways to find clusters on a map, by the names that the user gives them.

Invariant: none of them sees a label. By itself the program uses the first, and the second for pictures alone
(`cluster.usual_method`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from prodlabel.analysis.clusters import Clusters, find_by_cosine, find_clusters
from prodlabel.analysis.communities import find_communities
from prodlabel.analysis.consensus import agree_on_clusters
from prodlabel.analysis.density import find_dense
from prodlabel.analysis.mixture import find_mixture
from prodlabel.analysis.neighbours import NeighbourIndex
from prodlabel.analysis.ward import find_by_merging
from prodlabel.core.errors import InputError
from prodlabel.core.progress import Progress

VOTE, AXES, KMEANS, MIXTURE = "vote", "axes", "kmeans", "mixture"
MERGING, DENSE, GRAPH = "merging", "dense", "graph"
CLUSTERERS = {
    VOTE: "many clusterings of several layouts vote",
    AXES: "k-means by cosine on the principal axes of the vectors, not on the map",
    KMEANS: "k-means on the map",
    MIXTURE: "normal distributions on the map; without --count as many as the BIC bears out",
    MERGING: "the nearest are merged, step by step (Ward), on the map",
    DENSE: "dense places of the map (HDBSCAN), some products in none; finds its own number",
    GRAPH: "communities of the graph of nearest products; finds its own number",
}
IN_WORDS = {
    VOTE: "by the vote of many k-means clusterings of several layouts and of the principal axes",
    AXES: "by k-means by cosine on the principal axes of the vectors",
    KMEANS: "by k-means on the map",
    MIXTURE: "as normal distributions on the map (Gaussian mixture)",
    MERGING: "by merging the nearest, step by step, on the map (Ward)",
    DENSE: "as dense places of the map (HDBSCAN); some products are in none",
    GRAPH: "as communities of the graph of nearest products",
}
"""How clusters were found, as the end of a sentence."""
OWN_NUMBER = (MIXTURE, DENSE, GRAPH)
"""They find a number of clusters by themselves, where none is asked for."""
_NEIGHBOURS = 15
_MOST_DISTRIBUTIONS = 20

Spaces = Callable[[], Sequence[NDArray[np.float32]]]
Nearest = Callable[[int, Progress], tuple[NDArray[Any], NDArray[Any]]]
"""The so many nearest others of each point, (n, k), and their cosines."""


def find_with(
    method: str,
    points: NDArray[np.float32],
    layout: NDArray[np.float32],
    spaces: Spaces,
    *,
    count: int,
    is_count_given: bool,
    seed: int,
    progress: Progress,
    nearest: Nearest | None = None,
) -> Clusters:
    """Clusters of `points` (n, d), principal axes, which the map shows at `layout` (n, 2); `spaces` are
    made for a vote; `nearest` is asked for neighbours (None: all are compared, or an index is made).

    Raises `InputError` for an unknown method.
    """
    if method == VOTE:
        return agree_on_clusters(spaces(), count, seed, progress=progress)
    if method in (AXES, KMEANS):
        find, where = (find_by_cosine, points) if method == AXES else (find_clusters, layout)
        return find(where, count, seed, progress=progress)
    if method == MIXTURE:
        counts = [count] if is_count_given else range(2, min(_MOST_DISTRIBUTIONS, len(points)) + 1)
        return find_mixture(layout, counts, seed, progress=progress)[0]
    if method == MERGING:
        return find_by_merging(layout, min(count, len(points)), progress)
    if method == DENSE:
        return find_dense(layout, progress=progress)
    if method == GRAPH:
        few = max(1, min(_NEIGHBOURS, len(points) - 1))
        neighbours = (nearest or NeighbourIndex(points).of_all)(few, progress)
        return find_communities(points, neighbours, seed=seed, progress=progress)
    raise InputError(f"There is no way to cluster called {method!r}. Choose one of: {', '.join(CLUSTERERS)}.")
