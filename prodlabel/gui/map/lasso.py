"""Which points lie in a polygon, a box or a brush stroke: exactly, yet without testing most of them.

Method: the polygon is laid over the cells of the grid. Cells that no edge touches are in or out as a whole
(their points are slices); only points in touched cells are tested one by one, against the edges of their line
of cells alone. Invariant: the answer equals the even-odd rule (K. Hormann and A. Agathos, "The point in
polygon problem for arbitrary polygons", 2001) in double precision for every single point.
"""

from __future__ import annotations

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
    touched, inside = _cells(layer, np.asarray(polygon, dtype=np.float64))
    chosen = np.zeros(len(layer), dtype=np.bool_)
    for begin, end in _runs(layer, inside):
        chosen[begin:end] = True
    _test_touched(layer, touched, np.asarray(polygon, dtype=np.float64), chosen)
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


def _in_cells(layer: Layer, polygon: Polygon) -> tuple[Polygon, Polygon]:
    """Starts and ends of the edges in units of cells."""
    grid = layer.grid
    corners = (polygon - (grid.left, grid.bottom)) * (grid.per_unit_x, grid.per_unit_y)
    return corners, np.roll(corners, -1, axis=0)


def _cells(layer: Layer, polygon: Polygon) -> tuple[Mask, Mask]:
    """(GRID, GRID) masks by line and column: cells that an edge touches, and whole cells within."""
    start, end = _in_cells(layer, polygon)
    lines = np.arange(GRID, dtype=np.float64)
    low, high = np.minimum(start[:, 1], end[:, 1]), np.maximum(start[:, 1], end[:, 1])
    edge, line = np.nonzero((low[:, None] <= lines + 1 + _SLACK) & (high[:, None] >= lines - _SLACK))
    # The part of each edge that lies within its line of cells, and the columns this part spans.
    ax, ay, bx, by = start[edge, 0], start[edge, 1], end[edge, 0], end[edge, 1]
    flat = np.abs(by - ay) < 1e-12
    rise = np.where(flat, 1.0, by - ay)
    one = np.where(flat, 0.0, np.clip((line - _SLACK - ay) / rise, 0.0, 1.0))
    two = np.where(flat, 1.0, np.clip((line + 1 + _SLACK - ay) / rise, 0.0, 1.0))
    x_one, x_two = ax + one * (bx - ax), ax + two * (bx - ax)
    first = np.clip(np.floor(np.minimum(x_one, x_two) - _SLACK), 0, GRID).astype(np.int64)
    last = np.clip(np.floor(np.maximum(x_one, x_two) + _SLACK), -1, GRID - 1).astype(np.int64)
    steps = np.zeros((GRID, GRID + 1), dtype=np.int32)
    spans = first <= last
    np.add.at(steps, (line[spans], first[spans]), 1)
    np.add.at(steps, (line[spans], last[spans] + 1), -1)
    touched = np.cumsum(steps, axis=1)[:, :GRID] > 0
    # A cell no edge touches is as its middle is: count the crossings of the middle line left of it.
    middle = line + 0.5
    crossing = (ay > middle) != (by > middle)
    at = ax[crossing] + (middle[crossing] - ay[crossing]) / (by - ay)[crossing] * (bx - ax)[crossing]
    flips = np.zeros((GRID, GRID + 1), dtype=np.int32)
    np.add.at(flips, (line[crossing], np.clip(np.ceil(at - 0.5), 0, GRID).astype(np.int64)), 1)
    inside = (np.cumsum(flips, axis=1)[:, :GRID] & 1).astype(np.bool_)
    return touched, inside & ~touched


def _runs(layer: Layer, cells: Mask) -> list[tuple[int, int]]:
    """Ranges of places of the points in these cells; neighbouring cells are joined."""
    padded = np.zeros(GRID * GRID + 2, dtype=np.int8)
    padded[1:-1] = cells.reshape(-1)
    turns = np.flatnonzero(np.diff(padded))
    begins, ends = layer.starts[turns[0::2]], layer.starts[turns[1::2]]
    return [(b, e) for b, e in zip(begins.tolist(), ends.tolist(), strict=True) if e > b]


def _test_touched(layer: Layer, touched: Mask, polygon: Polygon, chosen: Mask) -> None:
    """Tests the points of touched cells against the edges that pass their line of cells."""
    cells = np.flatnonzero(touched.reshape(-1))
    counts = layer.starts[cells + 1] - layer.starts[cells]
    places = _ranges(layer.starts[cells], counts)
    lines = np.repeat(cells // GRID, counts)
    start, end = _in_cells(layer, polygon)
    low, high = np.minimum(start[:, 1], end[:, 1]), np.maximum(start[:, 1], end[:, 1])
    each = np.arange(GRID, dtype=np.float64)[:, None]
    passing = (
        (low <= each + 1 + _SLACK) & (high >= each - _SLACK) & (polygon[:, 1] != np.roll(polygon[:, 1], -1))
    )
    edges = np.nonzero(passing)[1]
    per_line = passing.sum(axis=1)
    first_edge = np.cumsum(per_line) - per_line
    # Blocks of points, so that the pairs of point and edge stay a few megabytes however crowded the edges
    # are.
    step = max(1, _PAIRS // max(1, int(per_line.max())))
    for begin in range(0, places.size, step):
        part, line = places[begin : begin + step], lines[begin : begin + step]
        pairs = _ranges(first_edge[line], per_line[line])
        point = np.repeat(np.arange(part.size), per_line[line])
        x, y = layer.x[part].astype(np.float64), layer.y[part].astype(np.float64)
        chosen[part] = _parity(x, y, polygon, point, edges[pairs])


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
