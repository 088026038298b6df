"""Groups of products found without labels, by k-means.

Invariant: the same points and seed give the same clusters with the same numbers, the largest first.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from prodlabel.analysis.blocks import unit_rows
from prodlabel.core.errors import InputError
from prodlabel.core.progress import Progress

Floats = npt.NDArray[np.floating[Any]]
Ints = npt.NDArray[np.integer[Any]]

STARTS = 20
MINIBATCH_FROM = 50_000
AXES = 50


@dataclass(frozen=True)
class Clusters:
    """`labels` (n,) 0..k-1, the largest cluster first, -1 where a method leaves a product out; `centres`
    (k, d) the means; `inertia` the sum of squared distances to them.
    """

    labels: Ints
    centres: Floats
    inertia: float


def find_clusters(
    points: Floats, count: int, seed: int = 0, starts: int = STARTS, progress: Progress | None = None
) -> Clusters:
    """The best of `starts` k-means (Lloyd with k-means++ starts: Arthur and Vassilvitskii, SODA 2007) on
    `points` (n, d), either the layout or principal components. From 50,000 points on, minibatches
    (Sculley, WWW 2010) and 3 starts.

    Fewer distinct points than `count` give fewer clusters. Raises `InputError` for fewer than 1 cluster or
    no point.
    """
    from sklearn.cluster import KMeans, MiniBatchKMeans
    from threadpoolctl import threadpool_limits

    progress = progress or Progress()
    need_points(points, count)
    distinct = len(points) if len(points) > 10 * count else len(np.unique(points, axis=0))
    count = min(count, distinct)
    is_large = len(points) >= MINIBATCH_FROM
    starts = min(starts, 3) if is_large else starts
    seeds = np.random.SeedSequence(seed).generate_state(starts)
    best: Any = None
    # One OpenMP thread: the order in which threads add up would change the last digits from run to run.
    with progress.stage("Clustering", total=starts, unit="starts"), threadpool_limits(1, user_api="openmp"):
        for start_seed in seeds:
            kind = MiniBatchKMeans if is_large else KMeans
            with warnings.catch_warnings():
                # Duplicates may leave fewer distinct points than clusters; then there are fewer clusters.
                warnings.filterwarnings("ignore", message="Number of distinct clusters")
                model = kind(count, n_init=1, random_state=int(start_seed)).fit(points)
            if best is None or model.inertia_ < best.inertia_:
                best = model
            progress.advance()
    return clusters_of(points, best.labels_)


def find_by_cosine(
    axes: Floats, count: int, seed: int = 0, starts: int = STARTS, progress: Progress | None = None
) -> Clusters:
    """`find_clusters` by angle (spherical k-means: Dhillon and Modha, Machine Learning 42, 2001) on the
    first 50 of principal `axes` (n, d), the largest first: the likeness of encoders is the cosine."""
    return find_clusters(unit_rows(axes[:, :AXES]), count, seed, starts, progress)


def clusters_of(points: Floats, labels: Ints) -> Clusters:
    """Any partition of `points` (n, d) as a result; negative labels (n,) are products in no cluster."""
    inside = np.flatnonzero(labels >= 0)
    _, number = np.unique(labels[inside], return_inverse=True)
    found = np.full(len(labels), -1, np.int64)
    size = np.bincount(number)
    first = np.unique(number, return_index=True)[1]
    position = np.empty(len(size), np.int64)
    position[np.lexsort((first, -size))] = np.arange(len(size))
    found[inside] = position[number]
    centres = np.zeros((len(size), points.shape[1]))
    np.add.at(centres, found[inside], points[inside])
    centres /= np.maximum(np.bincount(found[inside], minlength=len(size)), 1)[:, None]
    inertia = float(np.square(points[inside] - centres[found[inside]]).sum())
    return Clusters(found, centres, inertia)


def need_points(points: Floats, count: int = 1) -> None:
    """Raises `InputError` for fewer than 1 cluster or no point."""
    if count < 1 or len(points) == 0:
        raise InputError(
            f"{count} clusters of {len(points)} products cannot be found. Ask for at least one of each."
        )


def central_members(points: Floats, labels: Ints, count: int = 12) -> list[Ints]:
    """Per cluster, the rows nearest to its mean, nearest first, at most `count`: what shows it best."""
    found: list[Ints] = []
    for cluster in range(int(labels.max()) + 1 if len(labels) else 0):
        rows = np.flatnonzero(labels == cluster)
        distance = np.square(points[rows] - points[rows].mean(axis=0)).sum(axis=1) if len(rows) else rows
        found.append(rows[np.argsort(distance, kind="stable")[:count]])
    return found
