"""Pictures altered as other photographs of the same product would differ: flip, rotation, zoom, crop, colour.

Invariant: the same seed gives the same picture; size and type do not change, and what comes into view beyond
the border is white, as the ground of catalogue pictures is.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]

TURN_DEGREES = 20.0
ZOOM = 0.15
SHIFT = 0.08
LIGHT, CONTRAST, SATURATION = 0.15, 0.2, 0.25
_GREY = np.array([0.299, 0.587, 0.114], np.float32)


def altered(picture: Picture, seed: tuple[int, ...]) -> Picture:
    """One variant of a picture (height, width, 3)."""
    rng = np.random.default_rng(seed)
    moved = _moved(picture, rng)
    if rng.random() < 0.5:
        moved = moved[:, ::-1]
    return _recoloured(np.ascontiguousarray(moved), rng)


def _moved(picture: Picture, rng: np.random.Generator) -> Picture:
    """Turned, brought nearer (which crops) or farther, and shifted."""
    import cv2

    height, width = picture.shape[:2]
    angle = rng.uniform(-TURN_DEGREES, TURN_DEGREES)
    zoom = rng.uniform(1 - ZOOM, 1 + 2 * ZOOM)
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), angle, zoom)
    matrix[:, 2] += rng.uniform(-SHIFT, SHIFT, 2) * (width, height)
    moved: Picture = cv2.warpAffine(
        np.ascontiguousarray(picture), matrix, (width, height),
        flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT, borderValue=(255, 255, 255),
    )  # fmt: skip
    return moved


def _recoloured(picture: Picture, rng: np.random.Generator) -> Picture:
    """Lighter or darker, with more or less contrast and colour."""
    light = 1 + rng.uniform(-LIGHT, LIGHT)
    contrast = 1 + rng.uniform(-CONTRAST, CONTRAST)
    saturation = 1 + rng.uniform(-SATURATION, SATURATION)
    pixels = picture.astype(np.float32)
    grey = (pixels @ _GREY)[..., None]
    coloured = grey + np.float32(saturation) * (pixels - grey)
    # White ground stays white: contrast turns about it, as paler or stronger print does.
    inked = (255 - np.float32(contrast) * (255 - coloured)) * np.float32(min(light, 1.0))
    return np.clip(np.rint(inked), 0, 255).astype(np.uint8)
