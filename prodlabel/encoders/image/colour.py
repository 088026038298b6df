"""Colour histograms in HSV over a pyramid of cells (Lazebnik et al. 2006): needs no weights and no fit."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from prodlabel.encoders.image.crops import Picture, trimmed
from prodlabel.encoders.protocol import Kind

_HUES, _SATURATIONS, _VALUES = 12, 3, 3
_BINS = _HUES * _SATURATIONS * _VALUES
_CELLS = (1, 2, 4)
_SIDE_PX = 128


class ColourPyramid:
    """An `ItemEncoder` of pictures: roots of the shares of 108 colours in 1, 4 and 16 cells, unit length.

    Each level counts alike. The nearly white border is cut off first; with `is_white_ignored` nearly white
    pixels within count for nothing either.
    """

    id = "colour"
    title = "Colour histogram"
    kind = Kind.PICTURE
    dim = _BINS * sum(cells * cells for cells in _CELLS)
    wanted_side_px = _SIDE_PX
    batch_budget = 64

    def __init__(self, is_white_ignored: bool = True) -> None:
        self.is_white_ignored = is_white_ignored

    @property
    def version(self) -> str:
        return f"colour-1-{'ink' if self.is_white_ignored else 'all'}"

    def cost(self, item: Picture) -> int:  # noqa: ARG002 - the protocol's signature
        return 1

    def encode(self, batch: Sequence[Picture]) -> NDArray[np.float32]:
        vectors = np.zeros((len(batch), self.dim), np.float32)
        for row, picture in enumerate(batch):
            vectors[row] = self._vector(picture)
        return vectors

    def _vector(self, picture: Picture) -> NDArray[np.float32]:
        colours = self._colours(picture)
        height, width = colours.shape
        parts = []
        for cells in _CELLS:
            # A cell number for each pixel, then one count for all cells at once.
            down = np.arange(height) * cells // height
            across = np.arange(width) * cells // width
            places = (down[:, None] * cells + across[None, :]) * (_BINS + 1) + colours
            counts = np.bincount(places.ravel(), minlength=cells * cells * (_BINS + 1))
            counts = counts.reshape(cells * cells, _BINS + 1)[:, :_BINS]
            parts.append(np.sqrt(counts / max(1, counts.sum())).ravel())
        vector = np.concatenate(parts)
        return np.asarray(vector / max(float(np.linalg.norm(vector)), 1e-12), np.float32)

    def _colours(self, picture: Picture) -> NDArray[np.int64]:
        """The number of each pixel's colour; `_BINS` for pixels that do not count."""
        import cv2

        content = trimmed(picture)
        scale = _SIDE_PX / max(content.shape[:2])
        if scale < 1:
            size = (max(1, round(content.shape[1] * scale)), max(1, round(content.shape[0] * scale)))
            content = cv2.resize(np.ascontiguousarray(content), size, interpolation=cv2.INTER_AREA)
        hsv = cv2.cvtColor(np.ascontiguousarray(content), cv2.COLOR_RGB2HSV).astype(np.int64)
        hue, saturation, value = hsv[..., 0], hsv[..., 1], hsv[..., 2]
        colours = hue * _HUES // 180 * _SATURATIONS + saturation * _SATURATIONS // 256
        colours = colours * _VALUES + value * _VALUES // 256
        if self.is_white_ignored:
            is_white = (saturation < 20) & (value > 240)
            if not is_white.all():
                colours[is_white] = _BINS
        return np.asarray(colours)
