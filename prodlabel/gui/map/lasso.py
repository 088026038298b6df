"""Which points lie in a polygon, a box or a brush stroke: exactly, yet without testing most of them.

Method: the polygon is laid over the cells of the grid. Cells that no edge touches are in or out as a whole
(their points are slices); only points in touched cells are tested one by one, and only against the edges that
can matter to their cell: of those that cross the whole line of cells at its right, being odd in number is all
that counts. Invariant: the answer equals the even-odd rule (K. Hormann and A. Agathos, "The point in polygon
problem for arbitrary polygons", 2001) in double precision for every single point.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from prodlabel.core.selection import Mask
from prodlabel.gui.map.points import GRID, Layer

Polygon = NDArray[np.float64]
"""(k, 2) corners in data coordinates; the last is joined to the first."""

_SLACK = 0.02
"""Share of a cell by which an edge's reach is widened: far more than single precision can misplace a point.
"""


_PAIRS = 1 << 18
"""Pairs of point and edge that are tested in one go: about 10 MB of intermediate arrays."""


def in_polygon(layer: Layer, polygon: Polygon, size: int) -> Mask:
    """(size,) mask of the rows whose point lies in the polygon; fewer than three corners hold nothing."""
    mask = np.zeros(size, dtype=np.bool_)
    if len(polygon) < 3 or not len(layer):
        return mask
    polygon = np.asarray(polygon, dtype=np.float64)
    strokes = _Strokes.of(layer, polygon)
    touched = strokes.touched()
    chosen = np.zeros(len(layer), dtype=np.bool_)
    for begin, end in _runs(layer, strokes.inside() & ~touched):
        chosen[begin:end] = True
    _test_touched(layer, strokes, touched, polygon, chosen)
    mask[layer.rows[chosen]] = True
    return mask


def in_box(layer: Layer, first: tuple[float, float], second: tuple[float, float], size: int) -> Mask:
    """(size,) mask of the rows within the box of two corners, its border included."""
    mask = np.zeros(size, dtype=np.bool_)
    (left, right), (bottom, top) = sorted((first[0], second[0])), sorted((first[1], second[1]))
    for begin, end in layer.slices((left, bottom, right, top)):
        x, y = layer.x[begin:end], layer.y[begin:end]
        # Python floats would be rounded to single precision here; arrays of doubles are not.
        within = (x >= np.float64(left)) & (x <= np.float64(right))
        within &= (y >= np.float64(bottom)) & (y <= np.float64(top))
        mask[layer.rows[begin:end][within]] = True
    return mask


def in_stroke(layer: Layer, path: Polygon, radius: float, size: int) -> Mask:
    """(size,) mask of the rows within `radius` data units of the (k, 2) path a brush was drawn along."""
    mask = np.zeros(size, dtype=np.bool_)
    path = np.asarray(path, dtype=np.float64)
    ends = path[1:] if len(path) > 1 else path
    for (ax, ay), (bx, by) in zip(path, ends, strict=False):
        bounds = (min(ax, bx) - radius, min(ay, by) - radius, max(ax, bx) + radius, max(ay, by) + radius)
        length = (bx - ax) ** 2 + (by - ay) ** 2
        for begin, end in layer.slices(bounds):
            x = layer.x[begin:end].astype(np.float64) - ax
            y = layer.y[begin:end].astype(np.float64) - ay
            share = np.clip((x * (bx - ax) + y * (by - ay)) / length, 0.0, 1.0) if length > 0 else 0.0
            near = (x - share * (bx - ax)) ** 2 + (y - share * (by - ay)) ** 2 <= radius**2
            mask[layer.rows[begin:end][near]] = True
    return mask


def even_odd(x: NDArray[np.float64], y: NDArray[np.float64], polygon: Polygon) -> Mask:
    """The exact test itself, edge by edge: (n,) mask of the points in the polygon."""
    inside = np.zeros(x.shape, dtype=np.bool_)
    for (ax, ay), (bx, by) in zip(polygon.tolist(), np.roll(polygon, -1, axis=0).tolist(), strict=True):
        if ay != by:
            inside ^= ((ay > y) != (by > y)) & (x < (bx - ax) * ((y - ay) / (by - ay)) + ax)
    return inside


def simplified(path: Polygon, tolerance: float, most: int = 64) -> Polygon:
    """The stroke with at most `most` corners, nowhere further than `tolerance` from the drawn one while that
    fits.

    Douglas and Peucker 1973, with the tolerance doubled until few enough corners remain.
    """
    import cv2

    if len(path) <= 3:
        return np.asarray(path, dtype=np.float64)
    # OpenCV works in single precision, so the path is brought to a span of about one first.
    low = path.min(axis=0)
    span = float(max((path.max(axis=0) - low).max(), 1e-300))
    stroke = ((path - low) / span).astype(np.float32)[:, None]
    allowed = max(tolerance / span, 1e-6)
    while True:
        kept = cv2.approxPolyDP(stroke, allowed, True)[:, 0].astype(np.float64)
        if len(kept) <= most:
            break
        allowed *= 1.5
    return np.asarray(kept * span + low, dtype=np.float64)


@dataclass(frozen=True, slots=True)
class _Strokes:
    """The part of each edge within each line of cells that it passes: arrays are (m,), one such part each.

    `ax` to `by` are the ends of its edge in units of cells, `first` and `last` the columns that the part may
    touch (none where `first` lies beyond `last`), `is_whole` says that the edge crosses the line from side to
    side, so that a ray at any height of the line meets it.
    """

    edge: NDArray[np.int64]
    line: NDArray[np.int64]
    ax: NDArray[np.float64]
    ay: NDArray[np.float64]
    bx: NDArray[np.float64]
    by: NDArray[np.float64]
    first: NDArray[np.int64]
    last: NDArray[np.int64]
    is_whole: Mask

    @classmethod
    def of(cls, layer: Layer, polygon: Polygon) -> _Strokes:
        grid = layer.grid
        start = (polygon - (grid.left, grid.bottom)) * (grid.per_unit_x, grid.per_unit_y)
        end = np.roll(start, -1, axis=0)
        low, high = np.minimum(start[:, 1], end[:, 1]), np.maximum(start[:, 1], end[:, 1])
        bottom = np.clip(np.ceil(low - 1 - _SLACK), 0, GRID).astype(np.int64)
        top = np.clip(np.floor(high + _SLACK), -1, GRID - 1).astype(np.int64)
        counts = np.maximum(top - bottom + 1, 0)
        edge, line = np.repeat(np.arange(len(polygon)), counts), _ranges(bottom, counts)
        ax, ay, bx, by = start[edge, 0], start[edge, 1], end[edge, 0], end[edge, 1]
        flat = np.abs(by - ay) < 1e-12
        rise = np.where(flat, 1.0, by - ay)
        one = np.where(flat, 0.0, np.clip((line - _SLACK - ay) / rise, 0.0, 1.0))
        two = np.where(flat, 1.0, np.clip((line + 1 + _SLACK - ay) / rise, 0.0, 1.0))
        x_one, x_two = ax + one * (bx - ax), ax + two * (bx - ax)
        first = np.clip(np.floor(np.minimum(x_one, x_two) - _SLACK), 0, GRID).astype(np.int64)
        last = np.clip(np.floor(np.maximum(x_one, x_two) + _SLACK), -1, GRID - 1).astype(np.int64)
        is_whole = (low[edge] < line - _SLACK) & (high[edge] > line + 1 + _SLACK)
        return cls(edge, line, ax, ay, bx, by, first, last, is_whole)

    def touched(self) -> Mask:
        """(GRID, GRID) cells by line and column that an edge may touch."""
        spans = self.first <= self.last
        begins = _counted(self.line[spans], self.first[spans])
        ends = _counted(self.line[spans], self.last[spans] + 1)
        return np.asarray(np.cumsum(begins - ends, axis=1)[:, :GRID] > 0)

    def inside(self) -> Mask:
        """(GRID, GRID) cells whose middle lies in the polygon: as all of a cell does that no edge touches."""
        middle = self.line + 0.5
        crossing = (self.ay > middle) != (self.by > middle)
        ax, ay, bx, by = (one[crossing] for one in (self.ax, self.ay, self.bx, self.by))
        at = ax + (middle[crossing] - ay) / (by - ay) * (bx - ax)
        column = np.clip(np.ceil(at - 0.5), 0, GRID).astype(np.int64)
        flips = np.cumsum(_counted(self.line[crossing], column), axis=1)
        # A line meets a closed polygon an even number of times: those at the left tell as well.
        return np.asarray((flips[:, :GRID] & 1).astype(np.bool_))

    def odd_at_right(self) -> Mask:
        """(GRID, GRID) whether the edges that cross the whole line right of a cell are odd in number."""
        whole = self.is_whole
        met = np.cumsum(_counted(self.line[whole], self.first[whole]), axis=1)
        return np.asarray(((met[:, -1:] - met[:, :GRID]) & 1).astype(np.bool_))

    def by_cell(self, wanted: Mask) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """For the (GRID * GRID,) cells that are wanted: edges that must be tested, cell by cell, and how many
        those of each cell are, (GRID * GRID,). An edge that ends in the line matters to all cells left of it.
        """
        begin = np.where(self.is_whole, self.first, 0)
        counts = np.maximum(self.last - begin + 1, 0)
        cells = _ranges(self.line * GRID + begin, counts)
        kept = np.flatnonzero(wanted[cells])
        cells, edges = cells[kept], np.repeat(self.edge, counts)[kept]
        order = np.argsort(cells.astype(np.uint16), kind="stable")
        return edges[order], np.bincount(cells, minlength=GRID * GRID)


def _counted(line: NDArray[np.int64], column: NDArray[np.int64]) -> NDArray[np.int64]:
    """(GRID, GRID + 1) how often each place occurs; a column may be GRID."""
    places = np.bincount(line * (GRID + 1) + column, minlength=GRID * (GRID + 1))
    return places.reshape(GRID, GRID + 1)


def _runs(layer: Layer, cells: Mask) -> list[tuple[int, int]]:
    """Ranges of places of the points in these cells; neighbouring cells are joined."""
    padded = np.zeros(GRID * GRID + 2, dtype=np.int8)
    padded[1:-1] = cells.reshape(-1)
    turns = np.flatnonzero(np.diff(padded))
    begins, ends = layer.starts[turns[0::2]], layer.starts[turns[1::2]]
    return [(b, e) for b, e in zip(begins.tolist(), ends.tolist(), strict=True) if e > b]


def _test_touched(layer: Layer, strokes: _Strokes, touched: Mask, polygon: Polygon, chosen: Mask) -> None:
    """Tests the points of touched cells against the edges that matter to their cell."""
    flat = touched.reshape(-1)
    cells = np.flatnonzero(flat & (np.diff(layer.starts) > 0))
    counts = layer.starts[cells + 1] - layer.starts[cells]
    places, cell = _ranges(layer.starts[cells], counts), np.repeat(cells, counts)
    edges, per_cell = strokes.by_cell(flat)
    first_edge = np.cumsum(per_cell) - per_cell
    is_odd = strokes.odd_at_right().reshape(-1)
    # Blocks of points, so that their pairs with edges stay a few megabytes however crowded the edges are.
    pairs_before = np.concatenate([[0], np.cumsum(per_cell[cell])])
    begin = 0
    while begin < places.size:
        end = int(np.searchsorted(pairs_before, pairs_before[begin] + _PAIRS, side="right")) - 1
        end = max(end, begin + 1)
        part, its_cell = places[begin:end], cell[begin:end]
        pairs = _ranges(first_edge[its_cell], per_cell[its_cell])
        point = np.repeat(np.arange(part.size), per_cell[its_cell])
        x, y = layer.x[part].astype(np.float64), layer.y[part].astype(np.float64)
        chosen[part] = _parity(x, y, polygon, point, edges[pairs]) ^ is_odd[its_cell]
        begin = end


def _ranges(begins: NDArray[np.int64], counts: NDArray[np.int64]) -> NDArray[np.int64]:
    """All of begin, begin + 1 ... of each range, one after the other."""
    before = np.cumsum(counts) - counts
    total = int(counts.sum())
    return np.repeat(begins - before, counts) + np.arange(total)


def _parity(
    x: NDArray[np.float64],
    y: NDArray[np.float64],
    polygon: Polygon,
    point: NDArray[np.int64],
    edge: NDArray[np.int64],
) -> Mask:
    """(n,) whether an odd number of the paired edges is crossed by the ray to the right of each point."""
    start, end = polygon, np.roll(polygon, -1, axis=0)
    height = y[point]
    crossing = np.flatnonzero((start[:, 1][edge] > height) != (end[:, 1][edge] > height))
    point, edge, height = point[crossing], edge[crossing], height[crossing]
    a, b = start[edge], end[edge]
    at = (b[:, 0] - a[:, 0]) * ((height - a[:, 1]) / (b[:, 1] - a[:, 1])) + a[:, 0]
    hits = point[x[point] < at]
    return (np.bincount(hits, minlength=x.size) & 1).astype(np.bool_)
