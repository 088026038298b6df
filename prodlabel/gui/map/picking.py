"""The point under the cursor, found through the grid.

Invariant: what is returned is the nearest point within the radius among those of the layer; of two at the
same distance the one with the lower row.
"""

from __future__ import annotations

import numpy as np

from prodlabel.gui.map.camera import Camera
from prodlabel.gui.map.points import Layer


def nearest(layer: Layer, x: float, y: float, radius: float) -> int | None:
    """Row of the point nearest to (x, y) within `radius`, all in data units; None where there is none."""
    best: tuple[float, int] | None = None
    for begin, end in layer.slices((x - radius, y - radius, x + radius, y + radius)):
        squared = (layer.x[begin:end] - np.float64(x)) ** 2 + (layer.y[begin:end] - np.float64(y)) ** 2
        least = squared.min()
        if least > radius * radius:
            continue
        row = int(layer.rows[begin:end][squared == least].min())
        if best is None or (float(least), row) < best:
            best = float(least), row
    return None if best is None else best[1]


def under_cursor(layer: Layer, camera: Camera, px: float, py: float, radius_px: float = 9.0) -> int | None:
    """Row of the point nearest to a pixel, None if none is within `radius_px`."""
    x, y = camera.to_data(px, py)
    return nearest(layer, x, y, radius_px / camera.scale)
