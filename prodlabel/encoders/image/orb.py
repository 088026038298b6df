"""ORB visual words (Rublee et al. 2011): 256 binary tests around each corner; quick, and a weak baseline."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from prodlabel.encoders.image.visual_words import Descriptors, Floats, VisualWords


class Orb(VisualWords):
    """A `CorpusEncoder` of pictures. Settings: those of `VisualWords`.

    Words are means of bits; between bits the squared Euclidean distance is Hamming's.
    """

    id = "orb"
    title = "ORB visual words"
    width = 256

    def _detector(self) -> Any:
        import cv2

        return cv2.ORB.create(nfeatures=self.keypoints, fastThreshold=7)

    def _narrow(self, found: NDArray[Any]) -> Descriptors:
        return np.asarray(found, np.uint8)

    def _widen(self, kept: Descriptors) -> Floats:
        if not len(kept):
            return np.zeros((0, self.width), np.float32)
        return np.unpackbits(kept, axis=1).astype(np.float32)
