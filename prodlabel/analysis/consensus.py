"""Clusters on which many clusterings agree: what one layout or one start happened to do counts little.

Invariant: the same spaces and seed give the same clusters; exactly `count` of them, unless the spaces hold
fewer.

Source: evidence accumulation, Fred and Jain, "Combining multiple clusterings using evidence accumulation",
PAMI 27 (2005): k-means with varying numbers of clusters votes on which products belong together; average
linkage on the share of votes gives the clusters.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from prodlabel.analysis.clusters import Clusters, clusters_of, find_clusters, need_points
from prodlabel.core.progress import Progress

Floats = npt.NDArray[np.floating[Any]]
Ints = npt.NDArray[np.integer[Any]]

VOTES = 4
"""Clusterings per space."""
STARTS = 5
LINKED = 3_000
"""At most this many products are linked; the others join the cluster that votes with them most."""
BATCH = 10_000


def agree_on_clusters(
    spaces: Sequence[Floats], count: int, seed: int = 0, votes: int = VOTES, progress: Progress | None = None
) -> Clusters:
    """Clusters of the products whose coordinates in each space (n, d_i) are given: layouts, principal axes.

    Each space votes `votes` times, with k-means of `count` to 2 `count` clusters. The centres returned are
    of the first space. Time: votes x spaces k-means; memory n x votes x spaces, and 8 x 3,000^2 bytes.
    """
    progress = progress or Progress()
    points = spaces[0]
    need_points(points, count)
    count = min(count, len(points))
    if len(points) <= count:
        return find_clusters(points, count, seed, progress=progress)
    rng = np.random.default_rng(seed)
    ballots: list[Ints] = []
    with progress.stage("Voting on clusters", total=votes * len(spaces), unit="clusterings"):
        for space in spaces:
            for _ in range(votes):
                wanted = min(count + int(rng.integers(0, count + 1)), len(points))
                quiet = Progress(token=progress.token)
                found = find_clusters(space, wanted, int(rng.integers(2**31)), STARTS, quiet)
                ballots.append(found.labels)
                progress.advance()
    return clusters_of(points, _elected(_one_hot(ballots), count, rng, progress))


def _one_hot(ballots: Sequence[Ints]) -> Any:
    """Sparse (n, clusters of all ballots), each row of unit length: row products are shares of votes."""
    from scipy import sparse

    n, many = len(ballots[0]), len(ballots)
    offsets = np.concatenate([[0], np.cumsum([int(labels.max()) + 1 for labels in ballots])])
    columns = np.stack(ballots, axis=1) + offsets[:-1]
    values = np.full(n * many, 1.0 / np.sqrt(many), np.float32)
    return sparse.csr_matrix((values, columns.ravel(), np.arange(0, n * many + 1, many)), (n, offsets[-1]))


def _elected(votes: Any, count: int, rng: np.random.Generator, progress: Progress) -> Ints:
    from scipy.cluster.hierarchy import fcluster, linkage
    from scipy.spatial.distance import squareform

    n = votes.shape[0]
    linked = np.arange(n) if n <= LINKED else np.sort(rng.choice(n, LINKED, replace=False))
    apart = 1.0 - (votes[linked] @ votes[linked].T).toarray().astype(np.float64)
    np.fill_diagonal(apart, 0.0)
    progress.check()
    tree = linkage(squareform(np.maximum(apart, 0.0), checks=False), "average")
    labels: Ints = fcluster(tree, count, "maxclust") - 1
    if len(linked) == n:
        return labels
    size = np.bincount(labels)
    means = np.zeros((len(size), votes.shape[1]), np.float32)
    for number in range(len(size)):
        means[number] = np.asarray(votes[linked[labels == number]].mean(axis=0)).ravel()
    found = np.empty(n, np.int64)
    for start in range(0, n, BATCH):
        found[start : start + BATCH] = (votes[start : start + BATCH] @ means.T).argmax(axis=1)
        progress.check()
    found[linked] = labels
    return found
