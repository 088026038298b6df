"""Blocks of vectors brought to one scale and joined, so that no encoder drowns another.

Invariant: no label is seen; a joined row is always finite, and a product that lacks a picture or a text
stands where its other blocks put it, not in a heap of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from prodlabel.core.errors import NotReadyError
from prodlabel.core.progress import Progress
from prodlabel.core.rows import RowSource

Floats = npt.NDArray[np.floating[Any]]
Bools = npt.NDArray[np.bool_]

DONORS = 5_000
"""At most this many complete rows are looked at when missing ones are filled in."""
FITTED_ROWS = 50_000
"""Principal axes are found on at most this many rows; more change them by less than the map can show."""
MANY_ROWS, MOST_COVARIANCES = 10, 1_000
"""With so many times more rows than columns, and no more columns, the covariances are computed."""
BATCH = 8_192


@dataclass(frozen=True)
class Block:
    """The vectors (n, d) of one encoder, in memory or on disk, `present` (n,) where there is one (None:
    everywhere), and how much the block counts beside the others."""

    vectors: RowSource
    present: Bools | None = None
    weight: float = 1.0

    def mask(self) -> Bools:
        return np.ones(len(self.vectors), bool) if self.present is None else np.asarray(self.present, bool)


def join_blocks(
    blocks: Sequence[Block],
    components: int | None = None,
    seed: int = 0,
    progress: Progress | None = None,
    *,
    keep_lengths: bool = False,
) -> Floats:
    """The blocks side by side: (n, sum of d_i) float32.

    Each is brought to unit rows, centred, reduced to `components` principal axes (None: kept whole),
    scaled to unit mean square length (not with `keep_lengths`: then a block in which products hardly
    differ counts for less) and then weighted. Rows that a block lacks get the mean of that block
    over their ten nearest products in the other blocks; a row that every block lacks becomes the centre.
    Memory: the result, and one block more. Raises `NotReadyError` where no block has any row.
    """
    progress = progress or Progress()
    if not blocks or not any(block.mask().any() for block in blocks):
        raise NotReadyError("No product has a vector yet. Encode texts or pictures first.")
    with progress.stage("Joining texts and pictures", total=len(blocks), unit="blocks"):
        scaled = []
        for block in blocks:
            if block.mask().any():
                scaled.append((_scaled(block, components, seed, keep_lengths), block.mask()))
            progress.advance()
        filled = [_filled(index, scaled, seed, progress) for index in range(len(scaled))]
    return np.concatenate(filled, axis=1)


def principal_components(vectors: RowSource, count: int, seed: int = 0) -> Floats:
    """(n, min(count, n - 1, d)) float32 scores on the first principal axes, the largest first.

    Randomised where it pays (Halko, Martinsson and Tropp, SIAM Review 53, 2011, algorithm 4.4), by the
    covariances where there are many rows. Signs are fixed.
    """
    n, d = vectors.shape
    count = min(count, max(1, n - 1), d)
    if n < 2:
        return np.zeros((n, count), np.float32)
    rows = some_rows(n, FITTED_ROWS, seed)
    mean, axes = principal_axes(vectors[rows].astype(np.float32, copy=False), count, seed)
    scores = np.empty((n, count), np.float32)
    for start in range(0, n, BATCH):
        scores[start : start + BATCH] = (vectors[start : start + BATCH] - mean) @ axes
    return scores


def principal_axes(rows: Floats, count: int, seed: int) -> tuple[Floats, Floats]:
    """The mean (d,) and the first principal axes (d, count) of `rows` (n, d); the largest entry of an axis is
    positive."""
    n, d = rows.shape
    if n < MANY_ROWS * d or d > MOST_COVARIANCES:
        from sklearn.decomposition import PCA

        model = PCA(count, random_state=seed).fit(rows)
        return model.mean_, model.components_.T
    # As scikit-learn does it too, whose import takes two seconds: the first picture does not wait for it.
    mean = rows.mean(axis=0, dtype=np.float64).astype(np.float32)
    covariance = np.zeros((d, d))
    for start in range(0, n, BATCH):
        part = rows[start : start + BATCH] - mean
        covariance += part.T @ part
    axes = np.linalg.eigh(covariance)[1][:, ::-1][:, :count]
    signs = np.sign(axes[np.abs(axes).argmax(axis=0), np.arange(count)])
    return mean, np.asarray(axes * signs, np.float32)


def unit_rows(vectors: Floats) -> Floats:
    """Each row divided by its length, float32; rows of zeros stay zero."""
    found = np.asarray(vectors, dtype=np.float32)
    length = np.sqrt(np.einsum("ij,ij->i", found, found))[:, None]
    return np.asarray(found / np.maximum(length, 1e-12))


def _scaled(block: Block, components: int | None, seed: int, keep_lengths: bool) -> Floats:
    """Rows that are present: unit, centred, reduced, weighted, without `keep_lengths` of mean square length
    weight^2. The others: zero.
    """
    mask = block.mask()
    unit = _CentredUnitRows(block.vectors, np.flatnonzero(mask))
    is_reduced = components is not None and components < min(unit.shape)
    rows = principal_components(unit, components or 0, seed) if is_reduced else unit[:]
    if keep_lengths:
        rows *= np.float32(block.weight)
    mean_square = float(np.einsum("ij,ij->", rows, rows, dtype=np.float64)) / max(1, len(rows))
    if mean_square > 1e-12 and not keep_lengths:
        rows *= np.float32(block.weight / np.sqrt(mean_square))
    found = np.zeros((len(mask), rows.shape[1]), np.float32)
    found[mask] = rows
    return found


class _CentredUnitRows:
    """Some rows of a source, each of unit length, less their mean: never more than a batch in memory."""

    def __init__(self, source: RowSource, rows: npt.NDArray[np.intp]) -> None:
        self._source = source
        self._rows = rows
        self._centre = np.zeros(source.shape[1], np.float32)
        total = np.zeros(source.shape[1])
        for start in range(0, len(rows), BATCH):
            total += self[start : start + BATCH].sum(axis=0, dtype=np.float64)
        self._centre = (total / max(1, len(rows))).astype(np.float32)

    @property
    def shape(self) -> tuple[int, ...]:
        return len(self._rows), self._source.shape[1]

    def __len__(self) -> int:
        return len(self._rows)

    def __getitem__(self, chosen: Any, /) -> Floats:
        return np.asarray(unit_rows(self._source[self._rows[chosen]]) - self._centre)


def _filled(
    index: int, scaled: Sequence[tuple[Floats, Bools]], seed: int, progress: Progress, k: int = 10
) -> Floats:
    """The block `index` with the rows it lacks taken from the nearest products in the other blocks."""
    found, present = scaled[index]
    others = [(vectors, mask) for i, (vectors, mask) in enumerate(scaled) if i != index]
    if present.all() or not others:
        return found
    found = found.copy()
    for vectors, mask in others:
        donors = np.flatnonzero(present & mask)
        lacking = np.flatnonzero(~present & mask & ~found.any(axis=1))
        if len(donors) == 0 or len(lacking) == 0:
            continue
        donors = donors[some_rows(len(donors), DONORS, seed)]
        known = unit_rows(vectors[donors])
        for start in range(0, len(lacking), 1_024):
            rows = lacking[start : start + 1_024]
            likeness = unit_rows(vectors[rows]) @ known.T
            few = min(k, len(donors))
            nearest = np.argpartition(-likeness, few - 1, axis=1)[:, :few]
            found[rows] = found[donors[nearest]].mean(axis=1)
            progress.check()
    return found


def some_rows(n: int, most: int, seed: int) -> npt.NDArray[np.intp]:
    """At most `most` row numbers of `n`, in order."""
    if n <= most:
        return np.arange(n)
    return np.sort(np.random.default_rng(seed).choice(n, most, replace=False))
