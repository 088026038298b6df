"""Arithmetic of colours: sRGB, contrast, perceived distance and simulated colour vision.

Invariant: a colour is `#rrggbb`; floats are sRGB in 0..1, linear where the name says so.
"""

from __future__ import annotations

from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

Triple = NDArray[np.float64]

# Oklab: B. Ottosson, "A perceptual color space for image processing", 2020.
_TO_LMS = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
_TO_OKLAB = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
)


class Vision(StrEnum):
    """Colour vision without one of the three kinds of cones."""

    PROTANOPIA = "protanopia"
    DEUTERANOPIA = "deuteranopia"
    TRITANOPIA = "tritanopia"


# G. M. Machado, M. M. Oliveira, L. A. F. Fernandes, "A physiologically-based model for simulation of color
# vision deficiency", IEEE TVCG 15(6), 2009: severity 1.0, applied to linear RGB.
_SIMULATION = {
    Vision.PROTANOPIA: np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
    Vision.DEUTERANOPIA: np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
    Vision.TRITANOPIA: np.array(
        [
            [1.255528, -0.076749, -0.178779],
            [-0.078411, 0.930809, 0.147602],
            [0.004733, 0.691367, 0.303900],
        ]
    ),
}


def rgb_of(colour: str) -> tuple[int, int, int]:
    """The three bytes of `#rrggbb`."""
    if len(colour) != 7 or not colour.startswith("#"):
        raise ValueError(f"{colour!r} is not a colour of the form #rrggbb")
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def hex_of(rgb: Triple) -> str:
    """`#rrggbb` of sRGB floats; what lies outside 0..1 is clipped."""
    red, green, blue = (np.clip(rgb, 0.0, 1.0) * 255.0).round().astype(int)
    return f"#{red:02x}{green:02x}{blue:02x}"


def linear_of(colour: str) -> Triple:
    """Linear-light RGB (IEC 61966-2-1)."""
    srgb = np.array(rgb_of(colour), dtype=np.float64) / 255.0
    return np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4)


def from_linear(linear: Triple) -> str:
    light = np.clip(linear, 0.0, 1.0)
    return hex_of(np.where(light <= 0.0031308, light * 12.92, 1.055 * light ** (1 / 2.4) - 0.055))


def contrast(first: str, second: str) -> float:
    """Contrast ratio of WCAG 2.2, 1..21."""
    weights = np.array([0.2126, 0.7152, 0.0722])
    darker, lighter = sorted((float(linear_of(first) @ weights), float(linear_of(second) @ weights)))
    return (lighter + 0.05) / (darker + 0.05)


def oklab_of(colour: str) -> Triple:
    return np.asarray(_TO_OKLAB @ np.cbrt(_TO_LMS @ linear_of(colour)), dtype=np.float64)


def from_oklab(lab: Triple) -> str:
    """Out-of-gamut colours are clipped."""
    return from_linear(np.linalg.solve(_TO_LMS, np.linalg.solve(_TO_OKLAB, lab) ** 3))


def difference(first: str, second: str) -> float:
    """Perceived distance: Euclid in Oklab, times 100 (about 2 can just be told apart side by side)."""
    return float(np.linalg.norm(oklab_of(first) - oklab_of(second)) * 100.0)


def simulated(colour: str, vision: Vision) -> str:
    """How a dichromat sees the colour."""
    return from_linear(_SIMULATION[vision] @ linear_of(colour))


def mixed(first: str, second: str, share: float) -> str:
    """`share` of the second colour in the first, mixed in Oklab."""
    return from_oklab((1.0 - share) * oklab_of(first) + share * oklab_of(second))
