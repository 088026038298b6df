"""Map: the blocks of a project joined, laid out in two dimensions, and found again with their names.

Products that are on the map already do not move when others come: the new ones are placed between them,
unless a new layout is asked for, which is then turned to the old one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from prodlabel.analysis.blocks import join_blocks, principal_components
from prodlabel.analysis.families import collapse, spread
from prodlabel.analysis.layout import (
    NEIGHBOURS_TO_PLACE,
    Nearest,
    align,
    make_layout,
    place_new,
    principal_layout,
)
from prodlabel.analysis.neighbours import NeighbourIndex
from prodlabel.analysis.umap_layout import make_umap_layout
from prodlabel.core.errors import InputError, NotReadyError
from prodlabel.core.progress import Progress
from prodlabel.operations.encode import PICTURE_FIELD
from prodlabel.operations.materials import Materials, need_products
from prodlabel.operations.neighbours import SharedIndex, places, shared_index
from prodlabel.operations.spaces import COMPONENTS, COMPONENTS_PER_BLOCK, FUSED, PICTURE, blocks_of, weighted
from prodlabel.project.snapshot import Snapshot

TSNE, UMAP, AXES = "t-SNE", "umap", "pca"
LAYOUTS = (TSNE, UMAP, AXES)
ELSEWHERE = "elsewhere"
"""Stands for the method of a map that was brought along."""

MOST_ASKED = 200_000
_FAMILY_JITTER = 0.004
"""Near duplicates would lie on one point; they are drawn this far apart (the map's radius is 1)."""


@dataclass(frozen=True, slots=True, eq=False)
class View:
    """What layout and clusters stand on: one vector per product, near duplicates sharing theirs.

    `name` says what it is of: one of `MAPS`, "picture" also where there are no texts. `points` float32
    (families, d), principal axes, the largest first; `families` (n,) the family of each row; `is_present`
    (n,) whether anything at all is known of the row; `index` that of a large catalogue, whose axes these are.
    """

    name: str
    points: NDArray[np.float32]
    families: NDArray[np.int64]
    is_present: NDArray[np.bool_]
    index: SharedIndex | None = None

    def of_rows(self) -> NDArray[np.float32]:
        """The vectors row by row, (n, d)."""
        return self.points[self.families]

    def nearest(
        self, k: int, progress: Progress, *, by_distance: bool = False
    ) -> tuple[NDArray[np.integer[Any]], NDArray[np.floating[Any]]]:
        """The `k` nearest other families of each, (families, k), and their likeness: the cosine, or minus the
        squared distance. Exact in a small catalogue."""
        if self.index is None:
            return NeighbourIndex(self.points, by_distance=by_distance).of_all(k, progress)
        proposals = self.index.proposals
        return proposals.of_families(self.points, self.families, k, progress, by_distance=by_distance)


@dataclass(frozen=True, slots=True)
class LayoutSettings:
    """Which blocks to join (`name`, one of `MAPS`), and how to lay them out."""

    name: str = FUSED
    seed: int = 0
    perplexity: float = 30.0
    is_new: bool = False
    """Lay everything out anew instead of placing what is new between what is there."""
    method: str | None = None
    """One of `LAYOUTS`; None: that of the map in use, t-SNE for a first one. With another than the map's,
    everything is laid out anew: a place of one method says nothing in the space of another."""


@dataclass(frozen=True, slots=True, eq=False)
class LayoutOutcome:
    """`xy` float32 (n, 2) for each `product_id` (n,); `placed` counts those set between the others, which
    `method` (one of `LAYOUTS`, or `ELSEWHERE`) laid out."""

    name: str
    product_id: NDArray[np.int64]
    xy: NDArray[np.float32]
    placed: int
    method: str = TSNE
    made_with: Mapping[str, Any] | None = None
    """What the map that was there was laid out with; None for one that was laid out now."""

    def arrays(self) -> dict[str, NDArray[Any]]:
        """What is kept of it."""
        return {"product_id": self.product_id, "xy": self.xy}

    def settings(self, asked: LayoutSettings) -> dict[str, Any]:
        """What the places really come from: of products set between the others, what laid those out."""
        return dict(asdict(asked) if self.made_with is None else self.made_with) | {"method": self.method}


def make_view(materials: Materials, settings: LayoutSettings, progress: Progress) -> View:
    """What a map of this name stands on; made once per snapshot. Raises `NotReadyError` before `encode`."""
    key = ("view", settings.name, settings.seed)
    return materials.once(key, lambda: _make_view(materials, settings, progress))


def _make_view(materials: Materials, settings: LayoutSettings, progress: Progress) -> View:
    need_products(materials.snapshot)
    blocks = blocks_of(materials, settings.name)
    if not blocks:
        raise NotReadyError("Nothing is encoded yet that this map could show. Run `prodlabel encode` first.")
    name = PICTURE if blocks[0].field == PICTURE_FIELD else settings.name
    is_present = np.logical_or.reduce([block.is_present for block in blocks])
    families = materials.families(progress)
    placed = places(materials, settings.name, progress)
    if placed is not None:
        index = shared_index(materials, settings.name, progress)
        is_alone = families[-1] + 1 == len(families)
        return View(name, placed if is_alone else collapse(placed, families), families, is_present, index)
    joined = join_blocks(weighted(blocks), COMPONENTS_PER_BLOCK, settings.seed, progress, keep_lengths=True)
    points = principal_components(collapse(joined, families), COMPONENTS, settings.seed)
    return View(name, points, families, is_present)


def lay_out(
    snapshot: Snapshot,
    view: View,
    settings: LayoutSettings,
    progress: Progress,
    old: LayoutOutcome | None = None,
) -> LayoutOutcome:
    """Coordinates for all rows of the snapshot; `old` is the layout in use, if there is one.

    Raises `InputError` for a method that there is not, or that cannot lay out so few products.
    """
    product_id = snapshot.columns.product_id
    known = _known_rows(product_id, old)
    is_kept = old is not None and settings.method in (None, old.method) and not settings.is_new
    if old is not None and is_kept and len(known[0]) >= len(product_id) / 2:
        return _place(product_id, view, old, known, progress)
    previous = None
    if old is not None and len(known[0]) >= 3:
        first_of_family = np.unique(view.families[known[0]], return_index=True)
        previous = (first_of_family[0], old.xy[known[1]][first_of_family[1]])
    watched = Progress(
        progress.listener,
        lambda partial: progress.offer(_spread_out(np.asarray(partial), view.families, settings.seed)),
        progress.token,
        progress.clock,
    )
    method = settings.method or (old.method if old is not None and old.method in LAYOUTS else TSNE)
    xy = _laid_out(view, method, settings, previous, watched)
    return LayoutOutcome(settings.name, product_id, _spread_out(xy, view.families, settings.seed), 0, method)


def _laid_out(
    view: View,
    method: str,
    settings: LayoutSettings,
    previous: tuple[NDArray[np.int64], NDArray[np.float32]] | None,
    progress: Progress,
) -> NDArray[np.float32]:
    """(families, 2) by the method, turned to the `previous` layout."""
    points = view.points
    if method == TSNE:
        return make_layout(
            points, settings.seed, perplexity=settings.perplexity, previous=previous, progress=progress,
            nearest=_neighbours_of(view),
        )  # fmt: skip
    if method == UMAP:
        return make_umap_layout(points, settings.seed, previous=previous, progress=progress)
    if method == AXES:
        found = principal_layout(points, settings.seed)
        return found if previous is None else align(found, *previous)
    known = ", ".join(LAYOUTS)
    raise InputError(f"There is no layout called {method!r}. Choose one of: {known}.")


def _neighbours_of(view: View) -> Nearest | None:
    """Who tells the neighbours that a layout is made from: the index that a large catalogue has anyway. It
    finds nearly all of them; for very many products what finds fewer in a third of the time will do."""
    if view.index is None or len(view.points) > MOST_ASKED:
        return None
    return lambda few, progress: view.nearest(few, progress, by_distance=True)


def _known_rows(
    product_id: NDArray[np.int64], old: LayoutOutcome | None
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The rows that the old layout has, and where it has them."""
    if old is None:
        return np.empty(0, np.int64), np.empty(0, np.int64)
    _, rows, at = np.intersect1d(product_id, old.product_id, assume_unique=True, return_indices=True)
    return rows, at


def _place(
    product_id: NDArray[np.int64],
    view: View,
    old: LayoutOutcome,
    known: tuple[NDArray[np.int64], NDArray[np.int64]],
    progress: Progress,
) -> LayoutOutcome:
    rows, at = known
    xy = np.zeros((len(product_id), 2), dtype=np.float32)
    xy[rows] = old.xy[at]
    is_new = np.ones(len(product_id), dtype=bool)
    is_new[rows] = False
    if is_new.any():
        vectors = view.of_rows()
        nearest = None
        if view.index is not None:
            found, cosines = view.index.proposals.among(
                vectors, np.flatnonzero(is_new), ~is_new, NEIGHBOURS_TO_PLACE, progress
            )
            nearest = np.where(found >= 0, (np.cumsum(~is_new) - 1)[found], -1), cosines
        xy[is_new] = place_new(vectors[rows], xy[rows], vectors[is_new], progress, nearest=nearest)
    return LayoutOutcome(old.name, product_id, xy, int(is_new.sum()), old.method, old.made_with)


def _spread_out(xy: NDArray[np.float32], families: NDArray[np.int64], seed: int) -> NDArray[np.float32]:
    """The places of all products, the members of a family a little apart, in a sunflower around its place."""
    placed = spread(xy, families).astype(np.float32)
    size = np.bincount(families)
    order = np.argsort(families, kind="stable")
    number = np.empty(len(families), dtype=np.int64)
    number[order] = np.arange(len(families)) - np.repeat(np.cumsum(size) - size, size)
    angle = number * 2.399963 + seed  # the golden angle: neither rays nor heaps
    radius = np.where(size[families] > 1, _FAMILY_JITTER * np.sqrt(number), 0.0)
    placed[:, 0] += (radius * np.cos(angle)).astype(np.float32)
    placed[:, 1] += (radius * np.sin(angle)).astype(np.float32)
    return placed
