"""Map: the blocks of a project joined, laid out in two dimensions, and found again with their names.

Products that are on the map already do not move when others come: the new ones are placed between them,
unless a new layout is asked for, which is then turned to the old one.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from prodlabel.analysis.blocks import Block as WeightedBlock
from prodlabel.analysis.blocks import join_blocks, principal_components
from prodlabel.analysis.families import collapse, spread
from prodlabel.analysis.layout import align, make_layout, place_new, principal_layout
from prodlabel.analysis.umap_layout import make_umap_layout
from prodlabel.core.errors import InputError, NotReadyError
from prodlabel.core.progress import Progress
from prodlabel.operations.encode import Block
from prodlabel.operations.materials import Materials, need_products
from prodlabel.project.snapshot import Snapshot

TEXT, PICTURE, FUSED = "text", "picture", "fused"
MAPS = (FUSED, TEXT, PICTURE)
TSNE, UMAP, AXES = "t-SNE", "umap", "pca"
LAYOUTS = (TSNE, UMAP, AXES)
ELSEWHERE = "elsewhere"
"""Stands for the method of a map that was brought along."""

FIELD_WEIGHTS = {"text": 1.0, "name": 0.5, "spec": 1.0}
PICTURE_WEIGHT = 0.35
"""How much each block counts. Blocks keep the lengths that their encoder gave them after centring.

Chosen by 70 % draws of 703 real products (4 draws, standard deviation .02 to .05) rather than by the highest
figure: text ARI .78 against .74 with equal weights and .75 with every block scaled to one length. The choice
was made while looking at labels, so it is mildly optimistic; on the drawn catalogue, which has no
specifications, the three do not differ beyond the noise.
"""
COMPONENTS_PER_BLOCK = 128
"""More than the map needs; it keeps 100,000 products with four blocks within 200 MB."""
COMPONENTS = 100
"""In a trial of two seeds 100 were better than 50 by .01 to .02 and than 200 by as much; over five seeds the
first level shows no gain beyond the spread of .03."""
_FAMILY_JITTER = 0.004
"""Near duplicates would lie on one point; they are drawn this far apart (the map's radius is 1)."""


@dataclass(frozen=True, slots=True, eq=False)
class View:
    """What layout and clusters stand on: one vector per product, near duplicates sharing theirs.

    `name` says what it is of: one of `MAPS`, "picture" also where there are no texts. `points` float32
    (families, d), principal axes, the largest first; `families` (n,) the family of each row; `is_present`
    (n,) whether anything at all is known of the row.
    """

    name: str
    points: NDArray[np.float32]
    families: NDArray[np.int64]
    is_present: NDArray[np.bool_]

    def of_rows(self) -> NDArray[np.float32]:
        """The vectors row by row, (n, d)."""
        return self.points[self.families]


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

    def arrays(self) -> dict[str, NDArray[Any]]:
        """What is kept of it."""
        return {"product_id": self.product_id, "xy": self.xy}

    def settings(self, asked: LayoutSettings) -> dict[str, Any]:
        """What was asked for, with the method that the places really come from."""
        return asdict(asked) | {"method": self.method}


def make_view(materials: Materials, settings: LayoutSettings, progress: Progress) -> View:
    """What a map of this name stands on; made once per snapshot. Raises `NotReadyError` before `encode`."""
    key = ("view", settings.name, settings.seed)
    return materials.once(key, lambda: _make_view(materials, settings, progress))


def _make_view(materials: Materials, settings: LayoutSettings, progress: Progress) -> View:
    need_products(materials.snapshot)
    texts = materials.text_blocks() if settings.name in (TEXT, FUSED) else []
    blocks = [_weighted(block, FIELD_WEIGHTS[block.field]) for block in texts]
    picture = materials.picture_block()
    if settings.name in (PICTURE, FUSED) and picture is not None:
        blocks.append(_weighted(picture, PICTURE_WEIGHT if blocks else 1.0))
    if not blocks:
        raise NotReadyError("Nothing is encoded yet that this map could show. Run `prodlabel encode` first.")
    joined = join_blocks(blocks, COMPONENTS_PER_BLOCK, settings.seed, progress, keep_lengths=True)
    is_present = np.logical_or.reduce([block.mask() for block in blocks])
    families = materials.families(progress)
    points = principal_components(collapse(joined, families), COMPONENTS, settings.seed)
    return View(settings.name if texts else PICTURE, points, families, is_present)


def _weighted(block: Block, weight: float) -> WeightedBlock:
    return WeightedBlock(block.vectors, block.is_present, weight)


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
    vectors = view.of_rows()
    known = _known_rows(product_id, old)
    is_kept = old is not None and settings.method in (None, old.method) and not settings.is_new
    if old is not None and is_kept and len(known[0]) >= len(product_id) / 2:
        return _place(product_id, vectors, old, known, progress)
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
    xy = _laid_out(view.points, method, settings, previous, watched)
    return LayoutOutcome(settings.name, product_id, _spread_out(xy, view.families, settings.seed), 0, method)


def _laid_out(
    points: NDArray[np.float32],
    method: str,
    settings: LayoutSettings,
    previous: tuple[NDArray[np.int64], NDArray[np.float32]] | None,
    progress: Progress,
) -> NDArray[np.float32]:
    """(families, 2) by the method, turned to the `previous` layout."""
    if method == TSNE:
        return make_layout(
            points, settings.seed, perplexity=settings.perplexity, previous=previous, progress=progress
        )
    if method == UMAP:
        return make_umap_layout(points, settings.seed, previous=previous, progress=progress)
    if method == AXES:
        found = principal_layout(points, settings.seed)
        return found if previous is None else align(found, *previous)
    known = ", ".join(LAYOUTS)
    raise InputError(f"There is no layout called {method!r}. Choose one of: {known}.")


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
    vectors: NDArray[np.float32],
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
        xy[is_new] = place_new(vectors[rows], xy[rows], vectors[is_new], progress)
    return LayoutOutcome(old.name, product_id, xy, int(is_new.sum()), old.method)


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
