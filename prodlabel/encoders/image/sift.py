"""SIFT visual words (Lowe 2004), descriptors square-rooted (Arandjelovic and Zisserman 2012)."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from prodlabel.encoders.image.visual_words import Descriptors, Floats, VisualWords

_SCALE = 255.0


class Sift(VisualWords):
    """A `CorpusEncoder` of pictures. Settings: those of `VisualWords`."""

    id = "sift"
    title = "SIFT visual words"
    width = 128

    def _detector(self) -> Any:
        import cv2

        return cv2.SIFT.create(nfeatures=self.keypoints)

    def _narrow(self, found: NDArray[Any]) -> Descriptors:
        """Unit length after the root, so one byte holds a number to 0.004."""
        shares = found / np.maximum(found.sum(axis=1, keepdims=True), 1e-12)
        return np.asarray(np.sqrt(shares) * _SCALE + 0.5, np.uint8)

    def _widen(self, kept: Descriptors) -> Floats:
        if not len(kept):
            return np.zeros((0, self.width), np.float32)
        return kept.astype(np.float32) / np.float32(_SCALE)
