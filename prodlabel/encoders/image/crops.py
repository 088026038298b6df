"""Views of a picture that a network of square input is shown: pure functions on RGB bytes, no state."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]

WHITE = 255
_NEARLY_WHITE = 245
_LEAST_SIDE_PX = 8


def stretched(picture: Picture, side_px: int) -> Picture:
    """The whole picture as a square, its proportions given up."""
    return _resized(picture, side_px, side_px)


def trimmed(picture: Picture) -> Picture:
    """The picture without its nearly white border; unchanged when hardly anything would remain."""
    ink = picture.min(axis=2) < _NEARLY_WHITE
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    if len(rows) < _LEAST_SIDE_PX or len(columns) < _LEAST_SIDE_PX:
        return picture
    return picture[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


def letterboxed(picture: Picture, side_px: int) -> Picture:
    """The picture without its white border, centred on a white square in its own proportions."""
    content = trimmed(picture)
    height, width = content.shape[:2]
    scale = side_px / max(height, width)
    inner = _resized(content, max(1, round(width * scale)), max(1, round(height * scale)))
    square = np.full((side_px, side_px, 3), WHITE, np.uint8)
    top, left = (side_px - inner.shape[0]) // 2, (side_px - inner.shape[1]) // 2
    square[top : top + inner.shape[0], left : left + inner.shape[1]] = inner
    return square


def middle(picture: Picture, side_px: int) -> Picture:
    """The square in the middle, after the shorter side was brought to `side_px`."""
    return cut(picture, side_px, side_px, 0.5, 0.5)


def cut(picture: Picture, side_px: int, shorter_px: int, down: float, across: float) -> Picture:
    """A square of `side_px`, after the shorter side was brought to `shorter_px` (at least as much). `down`
    and `across` from 0 (top, left) to 1 (bottom, right) say where."""
    height, width = picture.shape[:2]
    scale = shorter_px / min(height, width)
    resized = _resized(picture, max(shorter_px, round(width * scale)), max(shorter_px, round(height * scale)))
    top = int((resized.shape[0] - side_px) * down)
    left = int((resized.shape[1] - side_px) * across)
    return resized[top : top + side_px, left : left + side_px]


def mirrored(picture: Picture) -> Picture:
    """Left and right exchanged."""
    return picture[:, ::-1]


def _resized(picture: Picture, width_px: int, height_px: int) -> Picture:
    import cv2

    # Averaging areas is right when shrinking; when enlarging it would leave blocks.
    is_shrinking = width_px * height_px < picture.shape[0] * picture.shape[1]
    method = cv2.INTER_AREA if is_shrinking else cv2.INTER_LINEAR
    resized: Picture = cv2.resize(np.ascontiguousarray(picture), (width_px, height_px), interpolation=method)
    return resized
