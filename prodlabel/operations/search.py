"""Search by meaning and by picture: a query is encoded like a product, and the nearest products are found.

With a pair of encoders that share a space (the CLIP kind) words find pictures too, and a picture finds texts.

Invariant: only vectors that are on disk are compared; a product without one is never found.
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
from prodlabel.operations.encode import Block
from prodlabel.operations.materials import BROUGHT, Materials
from prodlabel.sources.picture_child import decode_apart
from prodlabel.sources.pictures import decode

MOST_FOUND = 50
BATCH = 20_000
"""Products compared at a time: large blocks stay on disk."""
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
    return _nearest([(some, materials.encoder(one).encode([words])[0]) for some, one in sides], k)


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
    return _nearest([(blocks, query) for blocks in ([block], texts) if blocks], k)


class Likeness(StrEnum):
    """What two products are compared by."""

    TEXT = "text"
    PICTURE = "picture"
    BOTH = "both"


def search_like(materials: Materials, row: int, by: Likeness, k: int = MOST_FOUND) -> Found:
    """The `k` products nearest to the one in `row`, itself left out; nothing where it has no vector.

    A side's likeness is the mean cosine over the fields that both products have; by both, text and picture
    count the same, and a product that lacks a side counts by the other.
    """
    picture = materials.picture_block()
    sides = {Likeness.TEXT: materials.text_blocks(), Likeness.PICTURE: [] if picture is None else [picture]}
    wanted = [blocks for side, blocks in sides.items() if by in (side, Likeness.BOTH)]
    means = [_mean_likeness([one for one in blocks if one.is_present[row]], row) for blocks in wanted]
    known = [mean for mean in means if mean is not None]
    if not known:
        return _nothing_or_raise([0], "products")
    with np.errstate(invalid="ignore"):
        stacked = np.stack(known)
        counts = np.isfinite(stacked).sum(axis=0)
        total = np.where(np.isfinite(stacked), stacked, 0).sum(axis=0)
    best = np.where(counts > 0, total / np.maximum(counts, 1), -np.inf).astype(np.float32)
    best[row] = -np.inf
    return _first(best, k)


def _mean_likeness(blocks: Sequence[Block], row: int) -> NDArray[np.float32] | None:
    """(n,) the mean cosine to `row` over the blocks, not a number where a product is in none of them."""
    if not blocks:
        return None
    total = np.zeros(len(blocks[0].vectors), dtype=np.float32)
    count = np.zeros(len(total), dtype=np.int32)
    for block in blocks:
        here = block.is_present
        total[here] += block.vectors[here] @ block.vectors[row]
        count += here
    return np.where(count > 0, total / np.maximum(count, 1), np.nan).astype(np.float32)


def _nothing_or_raise(blocks: Sequence[object], what: str) -> Found:
    if not blocks:
        raise NotReadyError(f"The {what} are not encoded yet. Make the map first.")
    return Found(np.empty(0, dtype=np.int64), np.empty(0, dtype=np.float32))


def _nearest(sides: Sequence[_Side], k: int) -> Found:
    """Cosines of texts and of pictures lie in ranges of their own, so that two sides are merged by ranks:
    Cormack, Clarke and Buettcher, "Reciprocal rank fusion" (SIGIR 2009)."""
    cosines = [_cosines(blocks, query) for blocks, query in sides]
    if len(cosines) == 1:
        return _first(cosines[0], k)
    score = np.zeros(len(cosines[0]))
    for best in cosines:
        order = np.argsort(-best, kind="stable")[: int(np.isfinite(best).sum())]
        score[order] += 1.0 / (_EVENER + 1 + np.arange(len(order)))
    found = _first(np.where(score > 0, score, -np.inf).astype(np.float32), k)
    return Found(found.rows, np.max(cosines, axis=0)[found.rows])


def _cosines(blocks: Sequence[Block], query: NDArray[np.float32]) -> NDArray[np.float32]:
    """(n,) the cosine of each product's nearest vector (all have unit length), minus infinity for one without
    any. A query of zeros (words that the encoder does not know) is like nothing."""
    best = np.full(len(blocks[0].vectors), -np.inf, dtype=np.float32)
    for block in blocks if query.any() else ():
        present = np.flatnonzero(block.is_present)
        for start in range(0, len(present), BATCH):
            here = present[start : start + BATCH]
            best[here] = np.maximum(best[here], block.vectors[here] @ query.astype(np.float32))
    return best


def _first(best: NDArray[np.float32], k: int) -> Found:
    """The `k` largest, the largest first; what is not finite is never among them."""
    few = min(k, int(np.isfinite(best).sum()))
    nearest = np.argpartition(-best, few - 1)[:few] if few else np.empty(0, dtype=np.int64)
    rows = nearest[np.argsort(-best[nearest], kind="stable")]
    return Found(rows.astype(np.int64), best[rows])
