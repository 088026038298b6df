"""Axes that stay: blocks of vectors in one space, where a product keeps its place when others come.

Invariant: `place` looks at nothing but the frame and the rows themselves, so that a product's numbers depend
on no other product but those from which the frame was made.

As `join_blocks` and `principal_components` do it anew for each catalogue: each block of unit length, centred,
on its own principal axes, weighted; side by side, and on the principal axes of that. What a product lacks is
the mean over its nearest among the `donors`, complete products that the frame keeps.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from prodlabel.analysis.blocks import BATCH, DONORS, FITTED_ROWS, Block, principal_axes, some_rows, unit_rows
from prodlabel.core.errors import NotReadyError, ProjectDamagedError
from prodlabel.core.progress import Progress

Floats = npt.NDArray[np.floating[Any]]
Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.integer[Any]]

_NEAREST_DONORS = 10


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """For each block its `means` (d_i,) and weighted `axes` (d_i, c_i); `donors` (m, sum of c_i); `mean`
    (sum of c_i,) and `turn` (sum of c_i, c) of all of them side by side."""

    means: tuple[Floats, ...]
    axes: tuple[Floats, ...]
    donors: Floats
    mean: Floats
    turn: Floats

    @property
    def width(self) -> int:
        """How many numbers a place has."""
        return int(self.turn.shape[1])

    def place(self, blocks: Sequence[Block], progress: Progress, rows: Ints | None = None) -> Floats:
        """(n, width) float32 for these rows of the blocks (None: all), batch by batch."""
        n = len(blocks[0].vectors) if rows is None else len(rows)
        found = np.empty((n, self.width), np.float32)
        masks = [block.mask() for block in blocks]
        with progress.stage("Placing on the axes", total=n):
            for start in range(0, n, BATCH):
                here = slice(start, min(start + BATCH, n))
                part = here if rows is None else rows[here]
                parts = [block.vectors[part] for block in blocks]
                found[here] = self.place_some(parts, [mask[part] for mask in masks])
                progress.advance(len(found[here]))
        return found

    def place_some(self, parts: Sequence[Floats], present: Sequence[Bools]) -> Floats:
        """(m, width) for a few rows: of each block their vectors (m, d_i), and where there is one (m,)."""
        joined = self._side_by_side(parts, present)
        return np.asarray((joined - self.mean) @ self.turn, np.float32)

    def _side_by_side(self, parts: Sequence[Floats], present: Sequence[Bools]) -> Floats:
        scores = [
            np.where(here[:, None], (unit_rows(part) - mean) @ axes, np.float32(0.0))
            for part, here, mean, axes in zip(parts, present, self.means, self.axes, strict=True)
        ]
        joined = np.concatenate(scores, axis=1)
        has = np.stack(present, axis=1)
        # Rows that lack the same are filled in together: there are few such patterns.
        for pattern in np.unique(has, axis=0) if len(self.donors) else ():
            if pattern.any() and not pattern.all():
                rows = np.flatnonzero((has == pattern).all(axis=1))
                joined[rows] = self._filled(joined[rows], pattern)
        return joined

    def _filled(self, joined: Floats, pattern: Bools) -> Floats:
        known = np.repeat(pattern, [axes.shape[1] for axes in self.axes])
        likeness = unit_rows(joined[:, known]) @ unit_rows(self.donors[:, known]).T
        few = min(_NEAREST_DONORS, len(self.donors))
        nearest = np.argpartition(-likeness, few - 1, axis=1)[:, :few]
        found = joined.copy()
        found[:, ~known] = self.donors[:, ~known][nearest].mean(axis=1)
        return found

    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        """What is kept of it."""
        kept: dict[str, npt.NDArray[Any]] = {"donors": self.donors, "mean": self.mean, "turn": self.turn}
        for at, (mean, axes) in enumerate(zip(self.means, self.axes, strict=True)):
            kept |= {f"mean_{at}": mean, f"axes_{at}": axes}
        return kept

    @classmethod
    def from_arrays(cls, kept: Mapping[str, npt.NDArray[Any]], widths: Sequence[int]) -> Frame:
        """Raises `ProjectDamagedError` unless the arrays are a frame for blocks of these widths."""
        try:
            means = tuple(kept[f"mean_{at}"] for at in range(len(widths)))
            axes = tuple(kept[f"axes_{at}"] for at in range(len(widths)))
            found = cls(means, axes, kept["donors"], kept["mean"], kept["turn"])
            inner = sum(one.shape[1] for one in axes)
            wanted: list[tuple[int, ...]] = [(width,) for width in widths]
            wanted += [(width, one.shape[1]) for width, one in zip(widths, axes, strict=True)]
            wanted += [(len(found.donors), inner), (inner,), (inner, found.turn.shape[1])]
        except (KeyError, IndexError, TypeError) as error:
            raise ProjectDamagedError(f"The kept axes are not whole ({error}).") from error
        arrays = [*means, *axes, found.donors, found.mean, found.turn]
        fits = [one.shape == shape for one, shape in zip(arrays, wanted, strict=True)]
        if not all(fits) or not all(one.dtype == np.float32 and np.isfinite(one).all() for one in arrays):
            raise ProjectDamagedError("The kept axes do not fit the vectors.")
        return found


def fit_frame(blocks: Sequence[Block], per_block: int, together: int, seed: int, progress: Progress) -> Frame:
    """The frame of these blocks: at most `per_block` axes of each, `together` of all. Looks at `FITTED_ROWS`
    rows. Raises `NotReadyError` where no block has any row."""
    masks = [block.mask() for block in blocks]
    if not any(mask.any() for mask in masks):
        raise NotReadyError("No product has a vector yet. Encode texts or pictures first.")
    means, axes = [], []
    with progress.stage("Finding axes", total=len(blocks), unit="blocks"):
        for block, mask in zip(blocks, masks, strict=True):
            rows = np.flatnonzero(mask)
            rows = rows[some_rows(len(rows), FITTED_ROWS, seed)]
            unit = unit_rows(block.vectors[rows])
            count = max(1, min(per_block, unit.shape[1], len(rows) - 1))
            mean, turn = principal_axes(unit, count, seed) if len(rows) > 1 else _no_axes(unit)
            means.append(np.asarray(mean, np.float32))
            axes.append(np.asarray(turn * block.weight, np.float32))
            progress.advance()
    inner = sum(one.shape[1] for one in axes)
    bare = Frame(
        tuple(means),
        tuple(axes),
        np.zeros((0, inner), np.float32),
        np.zeros(inner, np.float32),
        np.eye(inner, dtype=np.float32),
    )
    donors = bare.place_some(*_rows_of(blocks, masks, _draw(np.logical_and.reduce(masks), DONORS, seed)))
    filling = Frame(bare.means, bare.axes, donors, bare.mean, bare.turn)
    some = _draw(np.logical_or.reduce(masks), FITTED_ROWS, seed)
    joined = filling.place_some(*_rows_of(blocks, masks, some))
    count = max(1, min(together, inner, len(joined) - 1))
    mean, turn = principal_axes(joined, count, seed) if len(joined) > 1 else _no_axes(joined)
    return Frame(bare.means, bare.axes, donors, np.asarray(mean, np.float32), np.asarray(turn, np.float32))


def _no_axes(rows: Floats) -> tuple[Floats, Floats]:
    """Of a single row nothing can be told but where it is."""
    d = rows.shape[1]
    return rows.sum(axis=0), np.eye(d, 1, dtype=np.float32)


def _draw(mask: Bools, most: int, seed: int) -> Ints:
    rows = np.flatnonzero(mask)
    return np.asarray(rows[some_rows(len(rows), most, seed)])


def _rows_of(blocks: Sequence[Block], masks: Sequence[Bools], rows: Ints) -> tuple[list[Floats], list[Bools]]:
    return [block.vectors[rows] for block in blocks], [mask[rows] for mask in masks]
