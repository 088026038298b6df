"""Pictures made ready for local features: grey, of bounded size, with what stands before a white ground."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

_NEARLY_WHITE = 245
_MARGIN_PX = 7
_LEAST_FOREGROUND = 0.01


@dataclass(frozen=True, slots=True)
class GreySettings:
    """`is_stretched`: the darkest and the lightest 1 % become black and white. `blur_px`: standard deviation
    of a Gaussian blur, 0 for none. `is_foreground`: features are sought only on what is not nearly white."""

    is_stretched: bool = True
    blur_px: float = 0.0
    is_foreground: bool = False

    @property
    def stamp(self) -> str:
        """What of the settings belongs into an encoder's version."""
        return f"st{self.is_stretched:d}-bl{self.blur_px:g}-fg{self.is_foreground:d}"

    def as_json(self) -> dict[str, Any]:
        """Plain values; `GreySettings(**values)` makes it again."""
        return asdict(self)


def grey_and_mask(
    picture: NDArray[np.uint8], side_px: int, settings: GreySettings
) -> tuple[NDArray[np.uint8], NDArray[np.uint8] | None]:
    """uint8 (h, w) with its longer side at most `side_px`, and where features may lie (None: everywhere)."""
    import cv2

    height, width = picture.shape[:2]
    if (scale := side_px / max(height, width)) < 1:
        size = (max(1, round(width * scale)), max(1, round(height * scale)))
        picture = cv2.resize(picture, size, interpolation=cv2.INTER_AREA).astype(np.uint8, copy=False)
    grey: NDArray[np.uint8] = cv2.cvtColor(np.ascontiguousarray(picture), cv2.COLOR_RGB2GRAY)
    mask = _foreground(picture) if settings.is_foreground else None
    if settings.is_stretched:
        grey = _stretched(grey)
    if settings.blur_px > 0:
        grey = cv2.GaussianBlur(grey, (0, 0), settings.blur_px)
    return grey, mask


def _stretched(grey: NDArray[np.uint8]) -> NDArray[np.uint8]:
    shares = np.cumsum(np.bincount(grey.ravel(), minlength=256)) / grey.size
    low, high = int(np.searchsorted(shares, 0.01)), int(np.searchsorted(shares, 0.99))
    if high <= low:
        return grey
    levels = np.clip((np.arange(256) - low) * (255.0 / (high - low)), 0, 255)
    return np.asarray(levels.round().astype(np.uint8)[grey])


def _foreground(picture: NDArray[np.uint8]) -> NDArray[np.uint8] | None:
    """What is not nearly white, with a margin, as 255; None where hardly anything would remain."""
    import cv2

    ink = (picture.min(axis=2) < _NEARLY_WHITE).astype(np.uint8) * 255
    if np.count_nonzero(ink) < _LEAST_FOREGROUND * ink.size:
        return None
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (_MARGIN_PX, _MARGIN_PX))
    return np.asarray(cv2.dilate(ink, kernel), np.uint8)
