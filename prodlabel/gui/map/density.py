"""How crowded the surroundings of every pixel are, from the counts of the grid's cells.

Invariant: the cost depends on the size of the frame alone, not on how many points there are.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from prodlabel.gui.map.camera import Camera
from prodlabel.gui.map.inks import LEVELS
from prodlabel.gui.map.points import GRID, Bytes, Floats, Grid, Layer

_STEP = 256 // LEVELS
_BITS = _STEP.bit_length() - 1
_COARSE = 4
"""Pixels a side that share one look-up in the grid; between them density runs evenly anyway."""

_SPARSE_LOG10, _DECADES = -1.7, 3.0
"""0.02 points a pixel count as sparse, a thousand times more as solid."""


class Density:
    """Keeps the smoothed counts of the layer that was drawn last."""

    def __init__(self) -> None:
        self._counts: tuple[NDArray[np.int64], Floats] | None = None
        self._expected: tuple[NDArray[np.int64], float, Bytes] | None = None
        self._noise: Bytes = np.empty((0, 0), dtype=np.uint8)

    def write_levels(self, layer: Layer, camera: Camera, margin: int, out: Bytes) -> None:
        """Fills `out`, (lines, columns) of the frame with its margin, with levels 0..LEVELS-1."""
        import cv2

        if layer.from_x is not None or not len(layer):
            out.fill(LEVELS // 2)
            return
        cells = self._cells(layer, camera)
        lines, columns = out.shape
        size = -(-columns // _COARSE), -(-lines // _COARSE)
        to_cell = _from_pixel_to_cell(layer.grid, camera, margin, columns / size[0], lines / size[1])
        how = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        coarse = cv2.warpAffine(cells, to_cell, size, flags=how, borderMode=cv2.BORDER_REPLICATE)
        cv2.resize(coarse, (columns, lines), dst=out, interpolation=cv2.INTER_LINEAR)
        # Noise of one step before the rounding, or the steps would show as contour lines.
        cv2.add(out, self._noise_for(lines, columns), dst=out)
        np.right_shift(out, _BITS, out=out)

    def _cells(self, layer: Layer, camera: Camera) -> Bytes:
        """(GRID, GRID) logarithm of the points expected on a pixel, which falls as one comes nearer."""
        if self._expected is not None and self._expected[0] is layer.starts:
            _, scale, cells = self._expected
            if scale == camera.scale:  # while one pans it stays
                return cells
        cells = self._expect(layer, camera)
        self._expected = (layer.starts, camera.scale, cells)
        return cells

    def _expect(self, layer: Layer, camera: Camera) -> Bytes:
        import cv2

        if self._counts is None or self._counts[0] is not layer.starts:
            counts = np.diff(layer.starts).reshape(GRID, GRID).astype(np.float32)
            self._counts = (layer.starts, cv2.GaussianBlur(counts, (0, 0), 1.2))
        per_cell = layer.grid.per_unit_x * layer.grid.per_unit_y / camera.scale**2
        expected = np.log10(self._counts[1] * np.float32(per_cell) + np.float32(1e-6))
        share = np.clip((expected - _SPARSE_LOG10) / _DECADES, 0.0, 1.0)
        cells: Bytes = (share * (255 - _STEP)).astype(np.uint8)
        return cells

    def _noise_for(self, lines: int, columns: int) -> Bytes:
        if self._noise.shape != (lines, columns):
            tile = np.random.default_rng(0).integers(0, _STEP, (64, 64), dtype=np.uint8)
            self._noise = np.tile(tile, (lines // 64 + 1, columns // 64 + 1))[:lines, :columns].copy()
        return self._noise


def _from_pixel_to_cell(
    grid: Grid, camera: Camera, margin: int, step_x: float, step_y: float
) -> NDArray[np.float64]:
    """(2, 3) affine map from coarse pixels of the frame (margin included) to cells, middle to middle."""
    left, top = camera.to_data(-margin + step_x / 2, -margin + step_y / 2)
    per_x, per_y = grid.per_unit_x / camera.scale, -grid.per_unit_y / camera.scale
    return np.array(
        [
            [per_x * step_x, 0.0, (left - grid.left) * grid.per_unit_x - 0.5],
            [0.0, per_y * step_y, (top - grid.bottom) * grid.per_unit_y - 0.5],
        ]
    )
