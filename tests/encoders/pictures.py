"""Pictures drawn from numbers, the same on every machine."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def drawn_picture(number: int, width: int = 300, height: int = 240) -> NDArray[np.uint8]:
    """A coloured disc with a stripe on white; `number` moves and colours it."""
    rows, columns = np.mgrid[0:height, 0:width]
    picture = np.full((height, width, 3), 255, np.uint8)
    radius = min(width, height) // 3
    disc = (rows - height // 2) ** 2 + (columns - width // 2 - 5 * number) ** 2 < radius**2
    picture[disc] = (40 + 37 * number % 200, 90, 220 - 53 * number % 200)
    stripes = disc & ((rows + columns * (number % 3)) // 12 % 2 == 0)
    picture[stripes] = (250, 230, 30 + 11 * number % 200)
    return picture
