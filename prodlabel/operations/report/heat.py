"""Tables of counts with a tint: confusion, and categories against clusters.

Invariant: every cell holds its number; the tint only repeats it. Large tables keep the largest rows and say
what they leave out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from prodlabel.operations.report.behind import cell_anchor, pair_anchor, recognised_anchor
from prodlabel.operations.report.scheme import Scheme
from prodlabel.operations.report.wording import count

MOST = 24


@dataclass(frozen=True, slots=True)
class Cell:
    """A number as text, its tint 0..100 and whether it lies on the diagonal."""

    text: str
    tint: int
    is_diagonal: bool
    title: str
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class Heat:
    """A table. `columns` and each row begin with (name, style number or None)."""

    caption: str
    columns: list[tuple[str, int | None]]
    rows: list[tuple[str, int | None, list[Cell]]]
    left_out: str


def confusion_heat(table: NDArray[np.float64], classes: Sequence[int], scheme: Scheme) -> Heat:
    """`table` (k, k): truth by row, suggestion by column."""
    kept = _largest(table.sum(axis=1))
    names = [(scheme.name(classes[at]), scheme.position[classes[at]]) for at in kept]
    return _heat("labels by row, suggestions by column", table[np.ix_(kept, kept)], names, names, len(table))


def cluster_heat(table: NDArray[np.int64], scheme: Scheme, clusters: Sequence[str]) -> Heat:
    """`table` (categories, clusters) of counts, the largest cluster first; each cell opens its products."""
    kept = _largest(table.sum(axis=1))
    columns = np.argsort(-table.sum(axis=0), kind="stable")[:MOST].tolist()
    names: list[tuple[str, int | None]] = [(scheme.names[at], at) for at in kept]
    heads: list[tuple[str, int | None]] = [(clusters[at], None) for at in columns]
    part = table[np.ix_(kept, columns)].astype(np.float64)
    found = _heat("categories by row, clusters by column", part, names, heads, len(table))
    rows = [
        (name, style, [_opening(cell, cell_anchor(of, at)) for cell, at in zip(cells, columns, strict=True)])
        for of, (name, style, cells) in zip(kept, found.rows, strict=True)
    ]
    return replace(found, rows=rows)


def _opening(cell: Cell, anchor: str) -> Cell:
    return replace(cell, anchor=anchor if cell.text else "")


def _largest(totals: NDArray[np.float64] | NDArray[np.int64]) -> list[int]:
    """The positions of the largest, in their old order."""
    return sorted(np.argsort(-totals, kind="stable")[:MOST].tolist())


def _heat(
    caption: str,
    table: NDArray[np.float64],
    rows: Sequence[tuple[str, int | None]],
    columns: Sequence[tuple[str, int | None]],
    total: int,
) -> Heat:
    share = table / np.maximum(table.sum(axis=1, keepdims=True), 1e-9)
    made = []
    for at, (name, style) in enumerate(rows):
        cells = [
            _cell(float(table[at, to]), float(share[at, to]), (name, style), columns[to])
            for to in range(len(columns))
        ]
        made.append((name, style, cells))
    left_out = f"The {MOST} largest of {count(total)} categories." if total > len(rows) else ""
    return Heat(caption, list(columns), made, left_out)


def _cell(value: float, share: float, row: tuple[str, int | None], column: tuple[str, int | None]) -> Cell:
    # The root lets a few errors be seen beside hundreds that are right.
    tint = round(60 * float(np.sqrt(share)))
    text = "" if value < 0.05 else count(value) if value >= 0.95 else f"{value:.1f}"
    is_diagonal = row == column
    anchor = ""
    if text and not is_diagonal and row[1] is not None and column[1] is not None:
        anchor = pair_anchor(row[1], column[1])
    elif text and is_diagonal and row[1] is not None:
        anchor = recognised_anchor(row[1])
    return Cell(text, tint, is_diagonal, f"{row[0]} / {column[0]}: {text or 0}", anchor)
