"""The 2-D layout of the products: t-SNE, seeded, told in pictures while it grows.

Invariant: the same vectors and seed give the same layout; placing new products moves no old one.

Source: van der Maaten and Hinton, JMLR 9 (2008), initialised and tuned after Kobak and Berens, "The art of
using t-SNE for single-cell transcriptomics", Nature Communications 10 (2019): principal components as
start, learning rate n / exaggeration, landmarks for large n. Computed by openTSNE.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from prodlabel.analysis.blocks import principal_components
from prodlabel.analysis.neighbours import NeighbourIndex
from prodlabel.core.errors import NotReadyError
from prodlabel.core.progress import Progress

Floats = npt.NDArray[np.floating[Any]]
Ints = npt.NDArray[np.integer[Any]]

LANDMARKS_FROM = 20_000
LANDMARKS = 10_000
EARLY_ITERATIONS = 250
ITERATIONS = 500
NEIGHBOURS_TO_PLACE = 5


def make_layout(
    vectors: Floats,
    seed: int = 0,
    *,
    perplexity: float = 30.0,
    previous: tuple[Ints, Floats] | None = None,
    landmarks_from: int = LANDMARKS_FROM,
    landmarks: int = LANDMARKS,
    progress: Progress | None = None,
) -> Floats:
    """(n, 2) float32, centred, root mean square radius 1.

    `vectors` (n, d): joined blocks, best reduced to about 50 axes. `previous`: row numbers and coordinates
    (m, 2) of products in an older layout, to which the new one is turned. From `landmarks_from` products
    on, `landmarks` of them are laid out and the others placed between them (O(n) beyond that). `progress`
    is offered layouts (n, 2) as they grow. Raises `NotReadyError` for no product at all.
    """
    progress = progress or Progress()
    n = len(vectors)
    if n == 0:
        raise NotReadyError("There is no product to lay out. Import a catalogue first.")
    if n <= landmarks_from:
        found = _tsne(vectors, seed, perplexity, previous, progress)
    else:
        chosen = np.sort(np.random.default_rng(seed).choice(n, landmarks, replace=False))
        found = np.empty((n, 2), np.float32)
        found[chosen] = _tsne(vectors[chosen], seed, perplexity, None, progress, offer=False)
        rest = np.setdiff1d(np.arange(n), chosen)
        found[rest] = place_new(vectors[chosen], found[chosen], vectors[rest], progress)
        found = _standardised(found)
    if previous is not None:
        found = align(found, *previous)
    progress.offer(found)
    return found


def place_new(
    known: Floats, layout: Floats, new: Floats, progress: Progress | None = None, k: int = NEIGHBOURS_TO_PLACE
) -> Floats:
    """(m, 2) places for `new` (m, d) in the `layout` (n, 2) of `known` (n, d), which stays as it is.

    Each lands at the mean of those of its `k` nearest known products that lie near the nearest one,
    weighted by likeness: a mean over two distant heaps would put it into the empty space between them.
    """
    rows, cosines = NeighbourIndex(known).query(new, min(k, len(known)), progress)
    places = layout[rows]
    distance = np.linalg.norm(places - places[:, :1], axis=2)
    reach = 0.15 * float(np.sqrt(np.square(layout - layout.mean(axis=0)).sum(axis=1).mean()) + 1e-12)
    # Angle-like distance to the power of -2: an exact duplicate lands on its twin.
    weight = 1.0 / np.square(1.0 - np.minimum(cosines, 1.0) + 1e-4)
    weight = np.where((distance <= reach) & (rows >= 0), weight, 0.0)
    weight[:, 0] = np.maximum(weight[:, 0], 1e-9)
    return np.asarray((weight[:, :, None] * places).sum(axis=1) / weight.sum(axis=1)[:, None], np.float32)


def align(layout: Floats, rows: Ints, old: Floats) -> Floats:
    """`layout` (n, 2) turned, mirrored and shifted, not stretched, so that `rows` come near to `old` (m, 2).

    Orthogonal Procrustes problem (Schoenemann, Psychometrika 31, 1966). Fewer than 2 common products:
    unchanged.
    """
    if len(rows) < 2:
        return layout
    here, there = layout[rows].astype(np.float64), old.astype(np.float64)
    u, _, vt = np.linalg.svd((here - here.mean(axis=0)).T @ (there - there.mean(axis=0)))
    turned = (layout - here.mean(axis=0)) @ (u @ vt) + there.mean(axis=0)
    return np.asarray(turned, dtype=np.float32)


def _tsne(
    vectors: Floats,
    seed: int,
    perplexity: float,
    previous: tuple[Ints, Floats] | None,
    progress: Progress,
    *,
    offer: bool = True,
) -> Floats:
    n = len(vectors)
    start = np.zeros((n, 2), np.float32)
    axes = principal_components(vectors, 2, seed)
    start[:, : axes.shape[1]] = axes
    if n < 5:
        return _standardised(start)
    if offer:
        progress.offer(_standardised(start))

    from openTSNE import TSNEEmbedding
    from openTSNE.affinity import PerplexityBasedNN
    from openTSNE.nearest_neighbors import PrecomputedNeighbors

    perplexity = max(1.0, min(perplexity, (n - 1) / 3.0))
    few = min(n - 1, int(3 * perplexity))
    rows, distance = _neighbours(vectors, few, progress)
    progress.check()
    affinities = PerplexityBasedNN(
        perplexity=perplexity, knn_index=PrecomputedNeighbors(rows, distance), n_jobs=1, random_state=seed
    )
    # Small, and with a little noise: exact duplicates would otherwise start, and stay, on one point.
    start = start / max(float(start[:, 0].std()), 1e-12) * 1e-4
    start += np.random.default_rng(seed).normal(scale=1e-6, size=start.shape)
    embedding = TSNEEmbedding(start.astype(np.float64), affinities, n_jobs=1, random_state=seed)
    every = 10 if n <= 5_000 else 1

    def on_step(iteration: int, _error: float, points: Any) -> bool:
        progress.advance(every)
        if offer and iteration % 50 == 0:
            shown = _standardised(np.asarray(points))
            progress.offer(shown if previous is None else align(shown, *previous))
        return False

    with progress.stage("Laying out", total=EARLY_ITERATIONS + ITERATIONS, unit="steps"):
        # Few products would be drawn into one point by the usual 12, and stay there.
        early = float(np.clip(n / 30.0, 1.0, 12.0))
        for count, exaggeration, momentum in ((EARLY_ITERATIONS, early, 0.5), (ITERATIONS, 1.0, 0.8)):
            embedding = embedding.optimize(
                count, exaggeration=exaggeration, momentum=momentum, learning_rate=n / exaggeration,
                callbacks=[on_step], callbacks_every_iters=every,
            )  # fmt: skip
    return _standardised(np.asarray(embedding))


def _neighbours(vectors: Floats, few: int, progress: Progress) -> tuple[Ints, Floats]:
    """Euclidean nearest others (n, few) and their distances, exact up to 20,000 products."""
    from sklearn.neighbors import NearestNeighbors

    index = NearestNeighbors(n_neighbors=few, algorithm="brute").fit(vectors)
    rows = np.empty((len(vectors), few), np.int64)
    distance = np.empty((len(vectors), few))
    with progress.stage("Looking for neighbours", total=len(vectors)):
        for start in range(0, len(vectors), 1_000):
            part = slice(start, start + 1_000)
            found_distance, found = index.kneighbors(vectors[part], n_neighbors=few + 1)
            own = found == np.arange(start, start + len(found))[:, None]
            # Among many exact duplicates a row may miss itself: then its farthest neighbour goes.
            own[~own.any(axis=1), -1] = True
            rows[part] = found[~own].reshape(len(found), few)
            distance[part] = found_distance[~own].reshape(len(found), few)
            progress.advance(len(found))
    return rows, distance


def _standardised(points: Floats) -> Floats:
    centred = points - points.mean(axis=0)
    radius = float(np.sqrt(np.square(centred).sum(axis=1).mean()))
    return np.asarray(centred / max(radius, 1e-12), dtype=np.float32)
