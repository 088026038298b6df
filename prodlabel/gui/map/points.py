"""The points of a map as plain arrays, sorted by a grid so that every visible row of cells is one slice.

Invariant: a `Layer` never changes after it was made, so a frame that is being drawn in another thread needs
no lock; `MapPoints` swaps whole layers. Rows are the caller's order, *places* the order of the grid.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from prodlabel.gui.map.camera import Bounds

GRID = 256
"""Cells along each side: their number fits 16 bits, for which NumPy sorts in linear time."""

USUAL_SIZE = 1
"""The size step of a point about whose size nothing was said."""

_LEAST_SPAN = 1e-30
"""A narrower cloud counts as a line: its cells would be too small for single precision."""

Floats = NDArray[np.float32]
Bytes = NDArray[np.uint8]
Places = NDArray[np.int32]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Grid:
    """Which cell a coordinate falls into."""

    left: float
    bottom: float
    per_unit_x: float
    per_unit_y: float

    @classmethod
    def over(cls, x: Floats, y: Floats) -> Grid:
        if not x.size:
            return cls(0.0, 0.0, 1.0, 1.0)
        left, right, bottom, top = float(x.min()), float(x.max()), float(y.min()), float(y.max())
        # Just below GRID, so that the outermost point falls into the last cell and not beside it.
        most = GRID * (1.0 - 1e-6)
        return cls(
            left,
            bottom,
            most / (right - left) if right - left > _LEAST_SPAN else 1.0,
            most / (top - bottom) if top - bottom > _LEAST_SPAN else 1.0,
        )

    @property
    def bounds(self) -> Bounds:
        """Of all that lies in its cells."""
        return (
            self.left,
            self.bottom,
            self.left + GRID / self.per_unit_x,
            self.bottom + GRID / self.per_unit_y,
        )

    def cells_of(self, x: Floats, y: Floats) -> NDArray[np.uint16]:
        column = np.minimum((x - np.float32(self.left)) * np.float32(self.per_unit_x), GRID - 1)
        line = np.minimum((y - np.float32(self.bottom)) * np.float32(self.per_unit_y), GRID - 1)
        cells: NDArray[np.uint16] = line.astype(np.uint16) * np.uint16(GRID) + column.astype(np.uint16)
        return cells

    def window(self, bounds: Bounds) -> tuple[int, int, int, int] | None:
        """First and last column, first and last line of the cells that `bounds` may touch; None if it misses
        all.

        One cell wider than needed, which makes up for the rounding of `cells_of`.
        """
        left, bottom, right, top = bounds
        first_column = int((left - self.left) * self.per_unit_x // 1) - 1
        last_column = int((right - self.left) * self.per_unit_x // 1) + 1
        first_line = int((bottom - self.bottom) * self.per_unit_y // 1) - 1
        last_line = int((top - self.bottom) * self.per_unit_y // 1) + 1
        if first_column >= GRID or first_line >= GRID or last_column < 0 or last_line < 0:
            return None
        return max(first_column, 0), min(last_column, GRID - 1), max(first_line, 0), min(last_line, GRID - 1)


@dataclass(frozen=True, slots=True)
class Layer:
    """Points in the order of the grid, with where each cell starts.

    `x`, `y`: (n,) float32; `colour`, `mark`: (n,) bytes; `starts`: (GRID * GRID + 1,) places; `rows`: (n,)
    rows of the caller. `mark` is the shape in the low four bits and the size step in the next two. While
    points travel between two layouts, `from_x` and `from_y` say where from, and the grid says nothing about
    where they are.
    """

    x: Floats
    y: Floats
    colour: Bytes
    mark: Bytes
    rows: Places
    starts: NDArray[np.int64]
    grid: Grid
    from_x: Floats | None = None
    from_y: Floats | None = None

    def __len__(self) -> int:
        return int(self.x.shape[0])

    def slices(self, bounds: Bounds) -> list[tuple[int, int]]:
        """Ranges of places that hold every point within `bounds` (and some beside it)."""
        if self.from_x is not None:
            return [(0, len(self))]
        window = self.grid.window(bounds)
        if window is None or not len(self):
            return []
        first_column, last_column, first_line, last_line = window
        lines = np.arange(first_line, last_line + 1) * GRID
        if (last_column - first_column) * 8 > GRID * 7:
            # Nearly whole lines: one long slice costs less than many short ones, and clipping sorts out the
            # rest.
            begins, ends = self.starts[lines[:1]], self.starts[lines[-1:] + GRID]
        else:
            begins, ends = self.starts[lines + first_column], self.starts[lines + last_column + 1]
        filled = ends > begins
        return list(zip(begins[filled].tolist(), ends[filled].tolist(), strict=True))

    def subset(self, keep: Mask) -> Layer:
        """The layer of those places alone, still in the order of the grid."""
        places = np.flatnonzero(keep)
        before = np.zeros(len(self) + 1, dtype=np.int32)
        np.cumsum(keep, out=before[1:])
        return replace(
            self,
            x=np.take(self.x, places),
            y=np.take(self.y, places),
            colour=np.take(self.colour, places),
            mark=np.take(self.mark, places),
            rows=np.take(self.rows, places),
            starts=np.take(before, self.starts).astype(np.int64),
            from_x=None if self.from_x is None else np.take(self.from_x, places),
            from_y=None if self.from_y is None else np.take(self.from_y, places),
        )


class LayerLater:
    """A layer that whoever needs it first works out, in whichever thread: usually the one that draws."""

    def __init__(self, make: Callable[[], Layer]) -> None:
        self._make: Callable[[], Layer] | None = make
        self._layer: Layer | None = None
        self._lock = threading.Lock()

    def now(self) -> Layer:
        """The layer; the first call takes its time."""
        with self._lock:
            if self._layer is None:
                assert self._make is not None
                # What it is made of is let go of afterwards, or each layer would keep all before it.
                self._layer, self._make = self._make(), None
            return self._layer


@dataclass(frozen=True, slots=True, eq=False)
class Placing:
    """Where the points are, sorted by the grid. Made in any thread: a million take a tenth of a second.

    `x`, `y`: (n,) by row; `rows`, `sorted_x`, `sorted_y`: those that have a place, in the order of the grid.
    """

    x: Floats
    y: Floats
    rows: Places
    sorted_x: Floats
    sorted_y: Floats
    starts: NDArray[np.int64]
    grid: Grid
    bounds: Bounds

    def __len__(self) -> int:
        return int(self.x.shape[0])

    @classmethod
    def of(cls, x: NDArray[np.floating], y: NDArray[np.floating]) -> Placing:
        """`x`, `y`: (n,) coordinates in any unit; what is not finite has no place."""
        if x.ndim != 1 or x.shape != y.shape:
            raise ValueError(
                f"x of shape {x.shape} and y of shape {y.shape} are not two flat arrays of one length"
            )
        x, y = np.ascontiguousarray(x, dtype=np.float32), np.ascontiguousarray(y, dtype=np.float32)
        finite = np.isfinite(x) & np.isfinite(y)
        placed = None if finite.all() else np.flatnonzero(finite).astype(np.int32)
        placed_x, placed_y = (x, y) if placed is None else (x[placed], y[placed])
        grid = Grid.over(placed_x, placed_y)
        cells = grid.cells_of(placed_x, placed_y)
        order = np.argsort(cells, kind="stable").astype(np.int32)
        rows = order if placed is None else placed[order]
        starts = np.zeros(GRID * GRID + 1, dtype=np.int64)
        np.cumsum(np.bincount(cells, minlength=GRID * GRID), out=starts[1:])
        return cls(x, y, rows, np.take(x, rows), np.take(y, rows), starts, grid, _bounds(placed_x, placed_y))


def _bounds(x: Floats, y: Floats) -> Bounds:
    """Of these points; a unit square around the origin when there are none."""
    if not x.size:
        return -0.5, -0.5, 0.5, 0.5
    return float(x.min()), float(y.min()), float(x.max()), float(y.max())


class MapPoints:
    """All points of one map and their state; collaborators read `all`, `shown`, `context` and `selected`.

    Those are worked out when they are read, which the thread that draws does first as a rule.

    Points whose coordinates are not finite (products not placed yet) are kept as rows but never drawn or
    picked.
    """

    def __init__(self, x: NDArray[np.floating], y: NDArray[np.floating]) -> None:
        """`x`, `y`: (n,) coordinates in any unit."""
        self._begin(Placing.of(x, y))

    @classmethod
    def over(cls, placing: Placing) -> MapPoints:
        """Points that were sorted already, as for a million a worker does."""
        made = cls.__new__(cls)
        made._begin(placing)
        return made

    def _begin(self, placing: Placing) -> None:
        self.size = len(placing)
        self._hidden: Mask = np.zeros(self.size, dtype=np.bool_)
        self._selected: Mask = np.zeros(self.size, dtype=np.bool_)
        self._colour: Bytes = np.zeros(self.size, dtype=np.uint8)
        self._mark: Bytes = np.full(self.size, USUAL_SIZE << 4, dtype=np.uint8)
        self._layers: dict[str, LayerLater] = {}
        self._place(placing)

    def _place(self, placing: Placing, came_from: tuple[Floats, Floats] | None = None) -> None:
        """`came_from` are the coordinates by row that points travel from."""
        self.x, self.y, self.rows = placing.x, placing.y, placing.rows
        self.bounds = placing.bounds
        rows, colour, mark = placing.rows, self._colour, self._mark

        def make() -> Layer:
            x, y = placing.sorted_x, placing.sorted_y
            layer = Layer(
                x, y, np.take(colour, rows), np.take(mark, rows), rows, placing.starts, placing.grid
            )
            if came_from is None:
                return layer
            # What had no place before appears where it will be.
            from_x, from_y = came_from[0][rows], came_from[1][rows]
            new = ~(np.isfinite(from_x) & np.isfinite(from_y))
            from_x[new], from_y[new] = x[new], y[new]
            return replace(layer, from_x=from_x, from_y=from_y)

        self._layers = {"all": LayerLater(make)}

    def bounds_of(self, rows: NDArray[np.integer]) -> Bounds | None:
        """Of these rows as far as they are placed; None when none is."""
        x, y = self.x[rows], self.y[rows]
        good = np.isfinite(x) & np.isfinite(y)
        if not good.any():
            return None
        x, y = x[good], y[good]
        return float(x.min()), float(y.min()), float(x.max()), float(y.max())

    @property
    def all(self) -> Layer:
        return self.layer("all").now()

    @property
    def shown(self) -> Layer:
        """What is not filtered out."""
        return self.layer("shown").now()

    @property
    def context(self) -> Layer:
        """What is filtered out and stays as faint dots."""
        return self.layer("context").now()

    @property
    def selected(self) -> Layer:
        """What is selected, filtered out or not: a selection that cannot be seen would be a trap."""
        return self.layer("selected").now()

    def layer(self, name: str) -> LayerLater:
        """`all`, `shown`, `context` or `selected`, to be worked out by whoever draws it."""
        if name not in self._layers:
            base = self._layers["all"]
            if name == "shown" and not self._hidden.any():
                self._layers[name] = base
            else:
                mask = {"shown": ~self._hidden, "context": self._hidden, "selected": self._selected}[name]
                self._layers[name] = LayerLater(lambda: _part(base.now(), mask))
        return self._layers[name]

    def set_look(
        self,
        colour: NDArray[np.integer],
        shape: NDArray[np.integer] | None = None,
        size: NDArray[np.integer] | None = None,
    ) -> None:
        """Colours and marks at once, as `set_colours` and `set_marks`."""
        self._colour = self._checked(colour)
        self.set_marks(shape, size)

    def set_colours(self, colour: NDArray[np.integer]) -> None:
        """(n,) colour indices 0..251 in the order of rows; the raster folds what is beyond its palette."""
        self._colour = self._checked(colour)
        self._layers = self._with_columns()

    def is_selected(self, row: int) -> bool:
        return bool(self._selected[row])

    def colour_of(self, row: int) -> int:
        return int(self._colour[row])

    def set_marks(self, shape: NDArray[np.integer] | None, size: NDArray[np.integer] | None = None) -> None:
        """(n,) shape indices (`core.palette.Shape`) and size steps 0..3 (`USUAL_SIZE`)."""
        marks = np.zeros(self.size, dtype=np.uint8) if shape is None else self._checked(shape) & np.uint8(15)
        if size is None:
            marks |= np.uint8(USUAL_SIZE << 4)
        else:
            marks |= (self._checked(size) & np.uint8(3)) << np.uint8(4)
        self._mark = marks
        self._layers = self._with_columns()

    def set_hidden(self, hidden: Mask) -> None:
        """(n,) True for what a filter leaves out."""
        self._hidden = self._checked_mask(hidden)
        self._layers.pop("shown", None)
        self._layers.pop("context", None)

    def set_selected(self, selected: Mask) -> None:
        self._selected = self._checked_mask(selected)
        self._layers.pop("selected", None)

    @property
    def hidden(self) -> Mask:
        return self._hidden

    def move(self, x: NDArray[np.floating], y: NDArray[np.floating], *, travel: bool = False) -> None:
        """New coordinates for the same rows; with `travel` the layers know where the points came from."""
        self.move_to(Placing.of(x, y), travel=travel)

    def move_to(self, placing: Placing, *, travel: bool = False) -> None:
        """As `move`, to places that were sorted already."""
        if len(placing) != self.size:
            raise ValueError(f"{len(placing)} coordinates do not fit {self.size} rows")
        self._place(placing, (self.x, self.y) if travel else None)

    def arrive(self) -> None:
        """Ends a travel: from now on the grid tells again where the points are."""
        base = self._layers["all"]
        self._layers = {"all": LayerLater(lambda: replace(base.now(), from_x=None, from_y=None))}

    def _with_columns(self) -> dict[str, LayerLater]:
        """All layers with colours and marks as they are now: which points they hold has not changed."""
        colour, mark = self._colour, self._mark

        def renewed(later: LayerLater) -> LayerLater:
            def make() -> Layer:
                layer = later.now()
                return replace(layer, colour=np.take(colour, layer.rows), mark=np.take(mark, layer.rows))

            return LayerLater(make)

        base = self._layers["all"]
        fresh = renewed(base)
        return {name: fresh if later is base else renewed(later) for name, later in self._layers.items()}

    def _checked(self, values: NDArray[np.integer]) -> Bytes:
        if values.shape != (self.size,):
            raise ValueError(f"{values.shape} values do not fit {self.size} rows")
        if values.dtype != np.uint8 and values.size and not 0 <= values.min() <= values.max() <= 255:
            raise ValueError(f"values up to {values.max()} do not fit one byte")
        return values.astype(np.uint8)

    def _checked_mask(self, mask: Mask) -> Mask:
        if mask.shape != (self.size,) or mask.dtype != np.bool_:
            raise ValueError(f"a mask of {mask.dtype} {mask.shape} does not fit {self.size} rows")
        return mask


def _part(base: Layer, mask: Mask) -> Layer:
    """The layer of the rows in the mask; that of no rows, the usual case, costs next to nothing."""
    if mask.any():
        return base.subset(np.take(mask, base.rows))
    nothing = slice(0, 0)
    columns = (base.x[nothing], base.y[nothing], base.colour[nothing], base.mark[nothing], base.rows[nothing])
    return Layer(*columns, np.zeros_like(base.starts), base.grid)
