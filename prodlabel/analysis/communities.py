"""Groups as communities of the neighbour graph: many links inside, few between.

Invariant: the same graph and seed give the same communities; the modularity never falls from one round to
the next.

Source: Blondel, Guillaume, Lambiotte and Lefebvre, "Fast unfolding of communities in large networks",
J. Stat. Mech. (2008) P10008, with the resolution of Reichardt and Bornholdt, Phys. Rev. E 74 (2006). Here a
random quarter of the products moves at a time, so that a round is a handful of sparse matrix products; a
quarter that would lower the modularity stays where it was.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from prodlabel.analysis.clusters import Clusters, clusters_of, need_points
from prodlabel.core.progress import Progress

Floats = npt.NDArray[np.floating[Any]]
Ints = npt.NDArray[np.integer[Any]]

PARTS = 4
ROUNDS = 30
LEVELS = 20


def find_communities(
    points: Floats,
    neighbours: tuple[Ints, Floats],
    resolution: float = 1.0,
    seed: int = 0,
    progress: Progress | None = None,
) -> Clusters:
    """Communities of the graph that `neighbours`, rows (n, k) and cosines (n, k), make of `points` (n, d).

    Links count by how many neighbours both ends share (Jaccard), which weakens the chance ones. A higher
    `resolution` gives more communities. Raises `InputError` for no point.
    """
    progress = progress or Progress()
    need_points(points)
    graph = _shared_neighbours(neighbours[0])
    rng = np.random.default_rng(seed)
    member = np.arange(graph.shape[0])
    with progress.stage("Looking for communities", total=None, unit="levels"):
        for _ in range(LEVELS):
            labels = _moved(graph, resolution, rng, progress)
            count = int(labels.max()) + 1
            member = labels[member]
            if count == graph.shape[0]:
                break
            own = _indicator(labels, count)
            graph = (own.T @ graph @ own).tocsr()
            progress.advance()
    return clusters_of(points, member)


def modularity(graph: Any, labels: Ints, resolution: float = 1.0) -> float:
    """Newman's modularity of a partition (n,) of a symmetric sparse graph (n, n)."""
    degree = np.asarray(graph.sum(axis=1)).ravel()
    total = degree.sum()
    if total == 0:
        return 0.0
    own = _indicator(labels, int(labels.max()) + 1)
    inside = float((own.T @ graph @ own).diagonal().sum())
    volume = np.bincount(labels, weights=degree)
    return float(inside / total - resolution * np.square(volume / total).sum())


def _shared_neighbours(rows: Ints) -> Any:
    """Symmetric sparse graph of the neighbour pairs, weighted by the overlap of their neighbourhoods."""
    from scipy import sparse

    n, k = rows.shape
    is_there = rows >= 0
    source = np.repeat(np.arange(n), k).reshape(n, k)[is_there]
    links = sparse.csr_matrix((np.ones(len(source), np.float32), (source, rows[is_there])), (n, n))
    around = (links + sparse.identity(n, np.float32, format="csr")).tocsr()
    size = np.asarray(around.sum(axis=1)).ravel()
    pairs = links.maximum(links.T).tocoo()
    shared = np.empty(pairs.nnz, np.float32)
    for start in range(0, pairs.nnz, 200_000):
        part = slice(start, start + 200_000)
        shared[part] = np.asarray(
            around[pairs.row[part]].multiply(around[pairs.col[part]]).sum(axis=1)
        ).ravel()
    weight = shared / (size[pairs.row] + size[pairs.col] - shared)
    return sparse.csr_matrix((weight, (pairs.row, pairs.col)), (n, n))


def _indicator(labels: Ints, count: int) -> Any:
    from scipy import sparse

    n = len(labels)
    return sparse.csr_matrix((np.ones(n), labels, np.arange(n + 1)), (n, count))


def _moved(graph: Any, resolution: float, rng: np.random.Generator, progress: Progress) -> Ints:
    """Each node in the community where it adds most to the modularity, numbered 0.. without gaps."""
    n = graph.shape[0]
    degree = np.asarray(graph.sum(axis=1)).ravel()
    labels = np.arange(n)
    if degree.sum() == 0:
        return labels
    quality = modularity(graph, labels, resolution)
    for _ in range(ROUNDS):
        before = quality
        for part in np.array_split(rng.permutation(n), min(PARTS, n)):
            tried = labels.copy()
            tried[part] = _best_community(graph, part, labels, degree, resolution)
            found = modularity(graph, tried, resolution)
            if found > quality:
                labels, quality = tried, found
            progress.check()
        if quality - before < 1e-6:
            break
    return np.asarray(np.unique(labels, return_inverse=True)[1])


def _best_community(graph: Any, part: Ints, labels: Ints, degree: Floats, resolution: float) -> Ints:
    n = len(labels)
    volume = np.bincount(labels, weights=degree, minlength=n)
    links = graph[part]
    # A node's link to itself goes with it wherever it moves.
    links = (links @ _indicator(labels, n)).tocsr()
    here = np.repeat(np.arange(len(part)), np.diff(links.indptr))
    node, community = part[here], links.indices
    is_own = community == labels[node]
    around = volume[community] - np.where(is_own, degree[node], 0.0)
    inside = links.data - np.where(is_own, graph.diagonal()[node], 0.0)
    gain = inside - resolution * degree[node] * around / degree.sum()
    # A tie stays where it is.
    order = np.lexsort((is_own, gain, here))
    last = np.flatnonzero(np.append(here[order][1:] != here[order][:-1], True)) if len(here) else here
    best = labels[part].copy()
    best[here[order][last]] = community[order][last]
    return best
