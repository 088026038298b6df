"""The marks of the map as pixmaps, for lists and captions beside it.

Invariant: a mark in a list has the shape and colour of the points on the map, drawn from the same coverage.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from PySide6.QtGui import QImage, QPixmap

from prodlabel.core.colour import rgb_of
from prodlabel.core.palette import CategoryStyle
from prodlabel.gui.map.points import USUAL_SIZE
from prodlabel.gui.map.sprites import sprite


@lru_cache(maxsize=512)
def mark_pixmap(
    style: CategoryStyle, side_px: int, pixel_ratio: float = 1.0, size_step: int = USUAL_SIZE
) -> QPixmap:
    """The mark in the middle of a transparent square; the pixmap is shared, do not paint on it."""
    side = round(side_px * pixel_ratio)
    # A larger step has to fit into the same square.
    radius = side * (0.33 if size_step == USUAL_SIZE else 0.22)
    stamp = sprite(style.shape, size_step, radius, 0.0, 0)
    pixels = np.zeros((side, side, 4), dtype=np.uint8)
    x, y = stamp.dx + side // 2, stamp.dy + side // 2
    inside = (x >= 0) & (x < side) & (y >= 0) & (y < side)
    pixels[y[inside], x[inside], :3] = rgb_of(style.colour)
    pixels[y[inside], x[inside], 3] = (stamp.body[inside] * 255).astype(np.uint8)
    image = QImage(pixels.data, side, side, side * 4, QImage.Format.Format_RGBA8888)
    pixmap = QPixmap.fromImage(image.copy())
    pixmap.setDevicePixelRatio(pixel_ratio)
    return pixmap
