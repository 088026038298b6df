"""The 2-D layout of the products: t-SNE, seeded, told in pictures while it grows.

Invariant: the same vectors and seed give the same layout; placing new products moves no old one.

Source: van der Maaten and Hinton, JMLR 9 (2008), initialised and tuned after Kobak and Berens, "The art of
using t-SNE for single-cell transcriptomics", Nature Communications 10 (2019): principal components as
start, learning rate n / exaggeration, landmarks for large n. Computed by openTSNE.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from prodlabel.analysis.blocks import principal_components
from prodlabel.analysis.cells import near_in_cells
from prodlabel.analysis.interpolated_tsne import along_curve, interpolated_gradient
from prodlabel.analysis.neighbours import EXACT_LIMIT, NeighbourIndex
from prodlabel.core.errors import NotReadyError
from prodlabel.core.progress import Progress

Floats = npt.NDArray[np.floating[Any]]
Ints = npt.NDArray[np.integer[Any]]
Previous = tuple[Ints, Floats] | None
"""Row numbers (m,) and coordinates (m, 2) of products in an older layout."""

LANDMARKS_FROM = 20_000
LANDMARKS = 5_000
NEIGHBOURS_TO_PLACE = 5
REFINING_PERPLEXITY = 10.0

EXACT_TO = 5_000
"""Up to so many, repulsion of all pairs costs less than its interpolation."""
ONE_THREAD_TO = 5_000
"""Below, threads would wait for each other longer than they work."""

Phase = tuple[int, float, float]
"""Iterations, exaggeration, momentum."""
Nearest = Callable[[int, Progress], tuple[Ints, Floats]]
"""The so many nearest others of each product, (n, k), and minus the squares of their distances."""


@dataclass(frozen=True, slots=True)
class _Plan:
    """How an optimisation goes: its phases, and the width of the cells on which repulsion is interpolated.

    On 5,000 landmarks cells of width 2 take two thirds of the time at the same trustworthiness (.995).
    """

    phases: tuple[Phase, ...]
    cell: int = 1


USUAL = _Plan(((250, 12.0, 0.5), (500, 1.0, 0.8)))
FOR_LANDMARKS = _Plan(((50, 12.0, 0.5), (100, 1.0, 0.8)), cell=2)
FOR_REFINING = _Plan(((60, 4.0, 0.5), (180, 1.0, 0.8)))
"""The landmarks have settled which heap lies where; what is left is the order within the heaps."""


@dataclass(frozen=True, slots=True)
class _Course:
    """What all steps of one layout share."""

    seed: int
    perplexity: float
    previous: Previous
    progress: Progress
    nearest: Nearest | None = None
    places: Ints | None = None
    """Where in the layouts that are offered each product stands; None: in its own place."""

    def offer(self, layout: Floats) -> None:
        """Show a layout as it grows, turned to the older one."""
        layout = layout if self.places is None else layout[self.places]
        self.progress.offer(layout if self.previous is None else align(layout, *self.previous))

    def through(self, places: Ints) -> _Course:
        """The same for layouts in which product i stands at `places[i]`."""
        return replace(self, places=places)

    def unseen(self) -> _Course:
        """The same, with nothing shown."""
        progress = Progress(self.progress.listener, token=self.progress.token, clock=self.progress.clock)
        return _Course(self.seed, self.perplexity, None, progress)


def make_layout(
    vectors: Floats,
    seed: int = 0,
    *,
    perplexity: float = 30.0,
    previous: tuple[Ints, Floats] | None = None,
    landmarks_from: int = LANDMARKS_FROM,
    landmarks: int = LANDMARKS,
    progress: Progress | None = None,
    nearest: Nearest | None = None,
) -> Floats:
    """(n, 2) float32, centred, root mean square radius 1.

    `vectors` (n, d): joined blocks, best reduced to about 50 axes. `previous`: row numbers and coordinates
    (m, 2) of products in an older layout, to which the new one is turned. From `landmarks_from` products
    on, the principal axes are offered at once, then `landmarks` of the products laid out with the others
    placed between them, and all are refined from there. `progress` is offered
    layouts (n, 2) as they grow. `nearest`: who is asked for neighbours (None: all are compared, or an index
    is made). Raises `NotReadyError` for no product at all.
    """
    progress = progress or Progress()
    n = len(vectors)
    if n == 0:
        raise NotReadyError("There is no product to lay out. Import a catalogue first.")
    course = _Course(seed, perplexity, previous, progress, nearest)
    if n <= landmarks_from:
        found = _tsne(vectors, course)
    else:
        found = _refined(vectors, _by_landmarks(vectors, landmarks, course), course)
    if previous is not None:
        found = align(found, *previous)
    progress.offer(found)
    return found


def principal_layout(vectors: Floats, seed: int = 0) -> Floats:
    """(n, 2) the first two principal axes, centred, root mean square radius 1: a picture at once."""
    found = np.zeros((len(vectors), 2), np.float32)
    axes = principal_components(vectors, 2, seed)
    found[:, : axes.shape[1]] = axes
    return _standardised(found)


def _by_landmarks(vectors: Floats, count: int, course: _Course) -> Floats:
    """A draw of `count` products laid out, the others placed between them; offered, after the principal
    axes."""
    n = len(vectors)
    course.offer(principal_layout(vectors, course.seed))
    chosen = np.sort(np.random.default_rng(course.seed).choice(n, count, replace=False))
    found = np.empty((n, 2), np.float32)
    found[chosen] = _tsne(vectors[chosen], course.unseen(), FOR_LANDMARKS)
    rest = np.setdiff1d(np.arange(n), chosen)
    found[rest] = place_new(vectors[chosen], found[chosen], vectors[rest], course.progress)
    found = _standardised(found)
    course.offer(found)
    return found


def _refined(vectors: Floats, start: Floats, course: _Course) -> Floats:
    """t-SNE of all products from the layout `start`, on the graph of their nearest."""
    rows, distances = _neighbours(vectors, int(3 * REFINING_PERPLEXITY), course)
    # Products that were placed on the same landmark need a little room to part.
    begin = start + np.random.default_rng(course.seed).normal(scale=1e-3, size=start.shape)
    begin /= begin[:, 0].std()
    order = along_curve(start)
    place = np.empty_like(order)
    place[order] = np.arange(len(order))
    neighbours = place[rows[order]], distances[order]
    laid_out = _optimised(begin[order], neighbours, REFINING_PERPLEXITY, FOR_REFINING, course.through(place))
    return laid_out[place]


def place_new(
    known: Floats,
    layout: Floats,
    new: Floats,
    progress: Progress | None = None,
    *,
    k: int = NEIGHBOURS_TO_PLACE,
    nearest: tuple[Ints, Floats] | None = None,
) -> Floats:
    """(m, 2) places for `new` (m, d) in the `layout` (n, 2) of `known` (n, d), which stays as it is.

    Each lands at the mean of those of its `k` nearest known products that lie near the nearest one,
    weighted by likeness: a mean over two distant heaps would put it into the empty space between them.
    `nearest`: rows of `known` (m, k) and cosines (m, k), where they have been found already.
    """
    if nearest is None:
        nearest = NeighbourIndex(known, progress=progress).query(new, min(k, len(known)), progress)
    rows, cosines = nearest
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


def _tsne(vectors: Floats, course: _Course, plan: _Plan = USUAL) -> Floats:
    n = len(vectors)
    start = principal_layout(vectors, course.seed)
    if n < 5:
        return start
    course.offer(start)
    perplexity = max(1.0, min(course.perplexity, (n - 1) / 3.0))
    neighbours = _neighbours(vectors, min(n - 1, int(3 * perplexity)), course)
    # Small, and with a little noise: exact duplicates would otherwise start, and stay, on one point.
    begin = start / max(float(start[:, 0].std()), 1e-12) * 1e-4
    begin = begin + np.random.default_rng(course.seed).normal(scale=1e-6, size=start.shape)
    return _optimised(begin, neighbours, perplexity, plan, course)


def _optimised(
    start: Floats,
    neighbours: tuple[Ints, Floats],
    perplexity: float,
    plan: _Plan,
    course: _Course,
) -> Floats:
    """t-SNE from `start` (n, 2) on the neighbours, rows and distances (n, k)."""
    from openTSNE import TSNEEmbedding
    from openTSNE.affinity import PerplexityBasedNN
    from openTSNE.nearest_neighbors import PrecomputedNeighbors

    from prodlabel.analysis.exact_tsne import exact_gradient

    n = len(start)
    # Each point's forces are added up by one thread, so that the number of threads changes nothing.
    jobs = 1 if n <= ONE_THREAD_TO else -1
    affinities = PerplexityBasedNN(
        perplexity=perplexity,
        knn_index=PrecomputedNeighbors(*neighbours),
        n_jobs=jobs,
        random_state=course.seed,
    )
    method = exact_gradient if n <= EXACT_TO else interpolated_gradient
    embedding = TSNEEmbedding(
        start.astype(np.float64),
        affinities,
        negative_gradient_method=method,
        n_jobs=jobs,
        random_state=course.seed,
        ints_in_interval=plan.cell,
    )
    every = 10 if n <= 5_000 else 1

    def on_step(iteration: int, _error: float, points: Any) -> bool:
        course.progress.advance(every)
        if iteration % 50 == 0:
            course.offer(_standardised(np.asarray(points)))
        return False

    with course.progress.stage("Laying out", total=sum(phase[0] for phase in plan.phases), unit="steps"):
        for count, exaggeration, momentum in plan.phases:
            embedding = embedding.optimize(
                count, exaggeration=exaggeration, momentum=momentum, learning_rate=n / exaggeration,
                callbacks=[on_step], callbacks_every_iters=every,
            )  # fmt: skip
    return _standardised(np.asarray(embedding))


def _neighbours(vectors: Floats, few: int, course: _Course) -> tuple[Ints, Floats]:
    """Euclidean nearest others (n, few) and their distances, exact up to 20,000 products."""
    if course.nearest is not None:
        rows, likeness = course.nearest(few, course.progress)
    elif len(vectors) > EXACT_LIMIT:
        return near_in_cells(vectors, few, course.seed, course.progress)
    else:
        index = NeighbourIndex(vectors, progress=course.progress, by_distance=True)
        rows, likeness = index.of_all(few, course.progress)
    return rows, np.sqrt(-likeness.astype(np.float64))


def _standardised(points: Floats) -> Floats:
    centred = points - points.mean(axis=0)
    radius = float(np.sqrt(np.square(centred).sum(axis=1).mean()))
    return np.asarray(centred / max(radius, 1e-12), dtype=np.float32)
