"""Search by meaning and by picture: a query is encoded like a product, and the nearest products are found.

With a pair of encoders that share a space (the CLIP kind) words find pictures too, and a picture finds texts.

Invariant: only vectors that are on disk are compared; a product without one is never found.

In a large catalogue the index of the map (`operations/neighbours.py`) proposes what is compared;
where it has not been made yet, all are, which takes longer and finds no less.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from prodlabel.core.errors import NotReadyError
from prodlabel.encoders.registry import partner_of
from prodlabel.operations.encode import PICTURE_FIELD, Block
from prodlabel.operations.materials import BROUGHT, Materials
from prodlabel.operations.neighbours import SharedIndex, kept_index
from prodlabel.operations.spaces import FUSED, PICTURE, TEXT, blocks_of
from prodlabel.sources.picture_child import decode_apart
from prodlabel.sources.pictures import decode

MOST_FOUND = 50
BATCH = 20_000
"""Products compared at a time: large blocks stay on disk."""
MOST_PROPOSED = 1_000
_EVENER = 60
"""Added to ranks, so that the first few places count about the same (Cormack et al. 2009)."""

_Side = tuple[Sequence[Block], NDArray[np.float32]]
"""Blocks, and the query as their encoder sees it."""


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """`rows` of the snapshot, nearest first, and their cosine `similarity` to the query, float32: the larger
    one, where texts and pictures were asked."""

    rows: NDArray[np.int64]
    similarity: NDArray[np.float32]


class Likeness(StrEnum):
    """What two products are compared by."""

    TEXT = "text"
    PICTURE = "picture"
    BOTH = "both"


_SPACES = {Likeness.TEXT: (TEXT, FUSED), Likeness.PICTURE: (PICTURE,), Likeness.BOTH: (FUSED,)}
"""Whose index proposes, the best first: pictures count too little in the fused space to be found there."""


def search_by_text(materials: Materials, words: str, k: int = MOST_FOUND) -> Found:
    """The `k` products whose texts mean what `words` say. Raises `NotReadyError` before texts are encoded.

    A product counts by the one of its texts (description, name, specifications) that comes nearest. Where the
    pictures are encoded by one of a pair, its partner reads the words, and the pictures are searched too.
    """
    blocks, words = materials.text_blocks(), words.strip()
    partner, picture = partner_of(materials.picture_encoder), materials.picture_block()
    sides: list[tuple[Sequence[Block], str]] = [(blocks, materials.text_encoder)] if blocks else []
    if partner is not None and picture is not None:
        # Nothing can be turned into vectors that were brought along, so the pictures answer alone.
        sides = [side for side in sides if not side[1].startswith(BROUGHT)]
        sides.append(([picture], partner))
    if not sides or not words:
        return _nothing_or_raise(sides, "texts")
    return _nearest([(some, materials.encoder(one).encode([words])[0]) for some, one in sides], k, materials)


def search_by_picture(
    materials: Materials, picture: Path, k: int = MOST_FOUND, *, is_apart: bool = False
) -> Found:
    """The `k` products whose picture looks like this file. `is_apart`: decoded in a process of its own, with
    limits. Raises `PictureError` for one that cannot be read and `NotReadyError` before pictures are encoded.

    With one of a pair, products whose texts (encoded by its partner) fit the picture are found too.
    """
    block = materials.picture_block()
    if block is None:
        return _nothing_or_raise([], "pictures")
    encoder = materials.encoder(materials.picture_encoder)
    open_picture = decode_apart if is_apart else decode
    pixels = open_picture(picture, short_side_px=encoder.wanted_side_px)
    query = encoder.encode([pixels])[0]
    partner = partner_of(materials.picture_encoder)
    texts = [] if partner is None else materials.text_blocks(partner)
    return _nearest([(blocks, query) for blocks in ([block], texts) if blocks], k, materials)


def search_like(materials: Materials, row: int, by: Likeness, k: int = MOST_FOUND) -> Found:
    """The `k` products nearest to the one in `row`, itself left out; nothing where it has no vector.

    A side's likeness is the mean cosine over the fields that both products have; by both, text and picture
    count the same, and a product that lacks a side counts by the other.
    """
    picture = materials.picture_block()
    sides = {Likeness.TEXT: materials.text_blocks(), Likeness.PICTURE: [] if picture is None else [picture]}
    wanted = [blocks for side, blocks in sides.items() if by in (side, Likeness.BOTH)]
    rows = _proposed_like(materials, row, by)
    means = [_mean_likeness([one for one in blocks if one.is_present[row]], row, rows) for blocks in wanted]
    known = [mean for mean in means if mean is not None]
    if not known:
        return _nothing_or_raise([0], "products")
    with np.errstate(invalid="ignore"):
        stacked = np.stack(known)
        counts = np.isfinite(stacked).sum(axis=0)
        total = np.where(np.isfinite(stacked), stacked, 0).sum(axis=0)
    best = np.where(counts > 0, total / np.maximum(counts, 1), -np.inf).astype(np.float32)
    best[row if rows is None else rows == row] = -np.inf
    return _first(best, k, rows)


def _mean_likeness(
    blocks: Sequence[Block], row: int, rows: NDArray[np.int64] | None
) -> NDArray[np.float32] | None:
    """(m,) the mean cosine to `row` of some `rows` (None: all), not a number where one is in no block."""
    if not blocks:
        return None
    total = np.zeros(len(blocks[0].vectors) if rows is None else len(rows), dtype=np.float32)
    count = np.zeros(len(total), dtype=np.int32)
    for block in blocks:
        here = block.is_present if rows is None else block.is_present[rows]
        total[here] += block.vectors[here if rows is None else rows[here]] @ block.vectors[row].ravel()
        count += here
    return np.where(count > 0, total / np.maximum(count, 1), np.nan).astype(np.float32)


def _proposed(
    materials: Materials, blocks: Sequence[Block], query: NDArray[np.float32]
) -> NDArray[np.int64] | None:
    """The rows that may be near to what was encoded like these blocks, by the first index with them; None:
    look at all."""
    by = Likeness.PICTURE if blocks[0].field == PICTURE_FIELD else Likeness.TEXT
    for name in _SPACES[by]:
        index, there = kept_index(materials, name), blocks_of(materials, name)
        present = [any(one is block for block in blocks) for one in there]
        if index is not None and any(present):
            parts = [
                query[None] if here else np.zeros((1, one.vectors.shape[1]), np.float32)
                for one, here in zip(there, present, strict=True)
            ]
            place = index.frame.place_some(parts, [np.array([here]) for here in present])
            return _with_unknown(index, index.proposals.near_places(place, MOST_PROPOSED)[0])
    return None


def _proposed_like(materials: Materials, row: int, by: Likeness) -> NDArray[np.int64] | None:
    """The same for a product."""
    for name in _SPACES[by]:
        index = kept_index(materials, name)
        if index is not None and index.proposals.is_known()[row]:
            return _with_unknown(index, index.proposals.near_rows(np.array([row]), MOST_PROPOSED)[0])
    return None


def _with_unknown(index: SharedIndex, proposed: NDArray[np.int64]) -> NDArray[np.int64]:
    """What is proposed, and what came or changed since the index was made, in order."""
    return np.union1d(proposed[proposed >= 0], np.flatnonzero(~index.proposals.is_known()))


def _nothing_or_raise(blocks: Sequence[object], what: str) -> Found:
    if not blocks:
        raise NotReadyError(f"The {what} are not encoded yet. Make the map first.")
    return Found(np.empty(0, dtype=np.int64), np.empty(0, dtype=np.float32))


def _nearest(sides: Sequence[_Side], k: int, materials: Materials) -> Found:
    """Cosines of texts and of pictures lie in ranges of their own, so that two sides are merged by ranks:
    Cormack, Clarke and Buettcher, "Reciprocal rank fusion" (SIGIR 2009)."""
    proposed = [_proposed(materials, blocks, query) for blocks, query in sides]
    known = [rows for rows in proposed if rows is not None]
    rows = np.unique(np.concatenate(known)) if len(known) == len(sides) else None
    cosines = [_cosines(blocks, query, rows) for blocks, query in sides]
    if len(cosines) == 1:
        return _first(cosines[0], k, rows)
    score = np.zeros(len(cosines[0]))
    for best in cosines:
        order = np.argsort(-best, kind="stable")[: int(np.isfinite(best).sum())]
        score[order] += 1.0 / (_EVENER + 1 + np.arange(len(order)))
    found = _first(np.where(score > 0, score, -np.inf).astype(np.float32), k, None)
    at = found.rows
    return Found(at if rows is None else rows[at], np.max(cosines, axis=0)[at])


def _cosines(
    blocks: Sequence[Block], query: NDArray[np.float32], rows: NDArray[np.int64] | None
) -> NDArray[np.float32]:
    """(m,) the cosine of the nearest vector (all have unit length) of each of some `rows` (None: all), minus
    infinity for one without any. A query of zeros (words that the encoder does not know) is like nothing."""
    best = np.full(len(blocks[0].vectors) if rows is None else len(rows), -np.inf, dtype=np.float32)
    for block in blocks if query.any() else ():
        present = np.flatnonzero(block.is_present if rows is None else block.is_present[rows])
        for start in range(0, len(present), BATCH):
            here = present[start : start + BATCH]
            vectors = block.vectors[here if rows is None else rows[here]]
            best[here] = np.maximum(best[here], vectors @ query.astype(np.float32))
    return best


def _first(best: NDArray[np.float32], k: int, rows: NDArray[np.int64] | None) -> Found:
    """The `k` largest, the largest first; what is not finite is never among them. `rows` (None: all) are what
    `best` is of."""
    few = min(k, int(np.isfinite(best).sum()))
    nearest = np.argpartition(-best, few - 1)[:few] if few else np.empty(0, dtype=np.int64)
    nearest = nearest[np.argsort(-best[nearest], kind="stable")]
    return Found((nearest if rows is None else rows[nearest]).astype(np.int64), best[nearest])
