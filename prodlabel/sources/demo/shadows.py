"""The shadows that products throw on what they lie on, stand on or hang before.

`cover` is the product's coverage of each pixel, 0 to 1, shape (height, width); `side` is -1 where the light
comes from the left, 1 from the right. Invariant: a shadow only darkens.
"""

from __future__ import annotations

import numpy as np
from PIL import Image

from prodlabel.sources.demo.light import Array, box_blur, grown


def _blurred(values: Array, radius_px: float) -> Array:
    """A wide blur, worked out at a quarter of the size."""
    height, width = values.shape
    small = np.asarray(Image.fromarray(values).reduce(4), dtype=np.float32)
    reach = max(1, round(radius_px / 4 / 1.7))
    for _ in range(2):
        small = box_blur(small, reach)
    return grown(small, (width, height))


def _moved(values: Array, right: int, down: int) -> Array:
    height, width = values.shape
    padded = np.pad(values, ((abs(down), abs(down)), (abs(right), abs(right))))
    top, left = abs(down) - down, abs(right) - right
    return padded[top : top + height, left : left + width]


def drop_shadow(picture: Array, cover: Array, side: float) -> Array:
    """The shadow of something that lies on what we look at."""
    near = _blurred(_moved(cover, round(-3 * side), 4), 7)
    far = _blurred(_moved(cover, round(-10 * side), 12), 26)
    return np.asarray(picture * (1 - np.clip(0.3 * near + 0.24 * far, 0, 0.6))[..., None], dtype=np.float32)


def wall_shadow(picture: Array, cover: Array, side: float) -> Array:
    far = _blurred(_moved(cover, round(-16 * side), 14), 22)
    return np.asarray(picture * (1 - 0.2 * far)[..., None], dtype=np.float32)


def standing_shadow(picture: Array, cover: Array, side: float) -> Array:
    """A dark line of contact below and a soft cast shadow that leans away from the light."""
    rows = np.flatnonzero(cover.max(axis=1) > 0.5)
    if rows.size == 0:
        return picture
    height, width = cover.shape
    foot, tall = int(rows[-1]), int(rows[-1] - rows[0]) + 1
    squash, lean = 0.26, -side * 0.5
    base = foot - 0.035 * tall
    image = Image.fromarray(cover)
    # Each place (x, y) of the shadow takes the cover at a height y' above the foot, shifted by its height.
    matrix = (1.0, lean / squash, -lean / squash * base, 0.0, 1 / squash, base - base / squash)
    cast = np.asarray(image.transform((width, height), Image.Transform.AFFINE, matrix), dtype=np.float32)
    band = cover[max(0, foot - max(3, tall // 9)) : foot + 1].max(axis=0)
    y = np.arange(height, dtype=np.float32)[:, None]
    contact = band[None, :] * np.exp(-(((y - foot + 2) / (0.022 * tall + 2)) ** 2)).astype(np.float32)
    dark = 0.34 * _blurred(cast, 0.06 * tall + 4) + 0.62 * _blurred(contact, 7)
    return np.asarray(picture * (1 - np.clip(dark, 0, 0.75))[..., None], dtype=np.float32)
