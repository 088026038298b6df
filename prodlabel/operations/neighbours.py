"""The one index of neighbours of a project: made once, kept, extended when products come, shared by all.

Up to `EXACT_LIMIT` products there is none: whoever asks compares all, which is exact and takes seconds.
Above, one graph for each space (`operations/spaces.py`: texts, pictures, both) proposes, and each user puts
what it proposes in order by the vectors of its own:

- the map and the clusters by the principal axes of the families (near duplicates averaged), which lie in the
  same space: a family is asked for at its own place, and what is found stands for its family (a layout of
  more than 200,000 finds its neighbours by cells, which is less exact and quicker);
- near duplicates by the runs of characters that their texts share;
- label errors, suggestions, batches and "nearest" by text and picture at equal scale;
- a search by words or by a picture by the vectors as they were encoded: what was asked for gets a place like
  a product that has nothing else.

These likenesses differ by design, and none of them fits another's figures; but what is near by one of them is
among the nearest few dozen of the space, so one graph serves them all.

Invariant: an entry counts only for the product and the content that it was made of, told by the keys under
which its vectors are stored; a graph is used only if it is whole, has these axes, and is made of these
encoders. It is a cache in the folder `neighbours/` of the project: deleted, damaged or made by a stranger it
is made anew.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from prodlabel.analysis.frame import Frame, fit_frame
from prodlabel.analysis.graph import Graph
from prodlabel.analysis.neighbours import EXACT_LIMIT
from prodlabel.analysis.proposals import Proposals
from prodlabel.core.errors import ProjectError
from prodlabel.core.progress import Progress
from prodlabel.operations.encode import Block
from prodlabel.operations.spaces import (
    COMPONENTS,
    COMPONENTS_PER_BLOCK,
    FUSED,
    PICTURE,
    TEXT,
    blocks_of,
    weighted,
)
from prodlabel.project.graphs import GraphFolder, KeptGraph

if TYPE_CHECKING:
    from prodlabel.operations.materials import Materials

Ids = NDArray[np.int64]
Marks = NDArray[np.uint64]

MOST_DEAD = 0.25
"""A graph of which more is of products that are gone or have changed is made anew."""
MOST_GROWN = 2.0
"""So are axes that were found for half as many products."""
_FORMAT = 1
_MIX = np.uint64(0x9E3779B97F4A7C15)
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, eq=False)
class SharedIndex:
    """The graph of one space, `frame` its axes, `proposals` its answers in rows of the snapshot."""

    frame: Frame
    proposals: Proposals


def space_of(materials: Materials, name: str) -> str:
    """The space in which the map of this name lies: without pictures the fused one is that of texts."""
    if name != FUSED:
        return name
    has_text, has_picture = bool(materials.text_blocks()), materials.picture_block() is not None
    return FUSED if has_text == has_picture else TEXT if has_text else PICTURE


def shared_index(materials: Materials, name: str, progress: Progress) -> SharedIndex | None:
    """The index of a space, made or brought up to date where it has to be; None where all can be compared, or
    nothing is encoded."""
    space = space_of(materials, name)
    if len(materials.snapshot.columns) <= EXACT_LIMIT or not blocks_of(materials, space):
        return None
    return materials.once(("neighbours", space), lambda: _Making(materials, space).index(progress))


def kept_index(materials: Materials, name: str) -> SharedIndex | None:
    """The index of a space as it was kept, for somebody who does not want to wait for another; products that
    came or changed since are not in it. None where there is none."""
    space = space_of(materials, name)
    if len(materials.snapshot.columns) <= EXACT_LIMIT or not blocks_of(materials, space):
        return None
    return materials.once(("kept neighbours", space), lambda: _Making(materials, space).kept())


def places(materials: Materials, name: str, progress: Progress) -> NDArray[np.float32] | None:
    """(n, d) where the products lie in the space of a large catalogue; None where there is no index."""
    index = shared_index(materials, name, progress)
    if index is None:
        return None
    space = space_of(materials, name)
    made: NDArray[np.float32] = materials.once(
        ("places", space), lambda: index.frame.place(weighted(blocks_of(materials, space)), progress)
    )
    return made


class _Making:
    """How the index of one space comes to be, for the products of one snapshot."""

    def __init__(self, materials: Materials, space: str) -> None:
        self._materials = materials
        self._space = space
        self._blocks = blocks_of(materials, space)
        self._folder = GraphFolder(materials.snapshot.folder)
        self._ids = materials.snapshot.columns.product_id
        self._marks = marks_of(self._blocks)
        self._made_of = _described(self._blocks)

    def index(self, progress: Progress) -> SharedIndex:
        """From what was kept, as far as it still holds; kept again where it became another."""
        with self._folder.alone(self._space, progress) as may_keep:
            found = self._loaded()
            if found is None:
                return self._made_anew(progress, may_keep)
            kept, frame, graph = found
            rows = self._rows(kept)
            fresh = np.setdiff1d(np.arange(len(self._ids)), rows, assume_unique=False)
            if not len(fresh):
                return SharedIndex(frame, self._proposals(graph, rows))
            if not self._is_worth_extending(rows, kept.fitted):
                return self._made_anew(progress, may_keep)
            graph = graph.thawed()
            graph.add(frame.place(weighted(self._blocks), progress, fresh), progress)
            ids = np.concatenate([np.where(rows >= 0, kept.ids, 0), self._ids[fresh]])
            marks = np.concatenate([kept.marks, self._marks[fresh]])
            made = KeptGraph(ids, marks, self._made_of, kept.fitted, frame.arrays())
            return self._finished(frame, graph, made, may_keep)

    def kept(self) -> SharedIndex | None:
        """What is kept, as it is."""
        found = self._loaded()
        if found is None:
            return None
        kept, frame, graph = found
        return SharedIndex(frame, self._proposals(graph, self._rows(kept)))

    def _made_anew(self, progress: Progress, may_keep: bool) -> SharedIndex:
        blocks = weighted(self._blocks)
        frame = fit_frame(blocks, COMPONENTS_PER_BLOCK, COMPONENTS, 0, progress)
        placed = frame.place(blocks, progress)
        # The map asks for them next.
        self._materials.once(("places", self._space), lambda: placed)
        graph = Graph(frame.width, by_distance=True)
        graph.add(placed, progress)
        made = KeptGraph(self._ids, self._marks, self._made_of, len(self._ids), frame.arrays())
        return self._finished(frame, graph, made, may_keep)

    def _finished(self, frame: Frame, graph: Graph, made: KeptGraph, may_keep: bool) -> SharedIndex:
        """Used from where it is kept, so that it is not held twice."""
        mapped = self._folder.keep(self._space, made, graph) if may_keep else None
        return SharedIndex(frame, self._proposals(mapped or graph, self._rows(made)))

    def _loaded(self) -> tuple[KeptGraph, Frame, Graph] | None:
        """What is kept and made of just these blocks; None where it is not, or is damaged."""
        try:
            kept = self._folder.load(self._space)
            if kept is None or kept.made_of != self._made_of:
                return None
            frame = Frame.from_arrays(kept.frame, [block.vectors.shape[1] for block in self._blocks])
            return kept, frame, self._folder.open(self._space, kept, frame.width)
        except ProjectError as error:
            _log.info("the neighbours of %s are made anew: %s", self._space, error)
            return None

    def _rows(self, kept: KeptGraph) -> NDArray[np.int64]:
        """(e,) the row of each entry, -1 where its product is gone or has changed."""
        at = np.minimum(np.searchsorted(self._ids, kept.ids), len(self._ids) - 1)
        is_same = (self._ids[at] == kept.ids) & (self._marks[at] == kept.marks)
        rows = np.where(is_same, at, -1)
        # A stranger's file may name a product twice: the first entry counts.
        first = np.unique(rows, return_index=True)[1]
        is_first = np.zeros(len(rows), dtype=bool)
        is_first[first] = True
        return np.where(is_first, rows, -1)

    def _proposals(self, graph: Graph, rows: NDArray[np.int64]) -> Proposals:
        return Proposals(graph, rows, len(self._ids), EXACT_LIMIT)

    def _is_worth_extending(self, rows: NDArray[np.int64], fitted: int) -> bool:
        dead = int(np.count_nonzero(rows < 0))
        return dead <= MOST_DEAD * len(rows) and len(self._ids) <= MOST_GROWN * fitted


def marks_of(blocks: list[Block]) -> Marks:
    """(n,) what tells the content of each row from any other: the keys of all its vectors."""
    found = np.zeros(len(blocks[0].is_present), np.uint64)
    for block in blocks:
        halves = np.ascontiguousarray(block.keys).view("<u8")
        own = np.where(block.is_present, halves[:, 0] ^ (halves[:, 1] * _MIX), np.uint64(0))
        found = (found ^ (found >> np.uint64(29))) * _MIX + own
    return found


def _described(blocks: list[Block]) -> dict[str, Any]:
    """What a graph is made of: by whom each of its vectors is, and how they are put together."""
    parts = [[one.encoder, one.version, one.field, one.vectors.shape[1]] for one in blocks]
    weights = [one.weight for one in weighted(blocks)]
    return {
        "format": _FORMAT,
        "blocks": parts,
        "weights": weights,
        "axes": [COMPONENTS_PER_BLOCK, COMPONENTS],
    }
