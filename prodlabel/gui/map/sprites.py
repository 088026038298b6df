"""The marks of the map as small arrays of coverage: one per shape, size and sub-pixel position.

Invariant: all shapes of one size cover the same area, so that none shouts, and lie within `Sprite.reach`
pixels of their middle.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from prodlabel.core.palette import Shape

PHASES = 2
"""Sub-pixel positions along each axis: enough that slow panning does not look like marching pixels."""

_SAMPLES = 8
_SIZES = (0.72, 1.0, 1.4, 1.9)

Coverage = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Sprite:
    """One mark: which pixels it touches and how much of each is body and outline; the rest is what lies
    below.

    `dx`, `dy`: (k,) pixels from the middle, `body`, `outline`: (k,) shares in 0..1.
    """

    dx: NDArray[np.int64]
    dy: NDArray[np.int64]
    body: Coverage
    outline: Coverage
    reach: int


def _polygon(sides: int, turned: float) -> list[tuple[float, float]]:
    """Corners of a regular polygon whose area is that of the unit disc."""
    radius = math.sqrt(math.pi / (0.5 * sides * math.sin(2 * math.pi / sides)))
    angles = [turned + 2 * math.pi * k / sides for k in range(sides)]
    return [(radius * math.cos(a), radius * math.sin(a)) for a in angles]


def _signed_distance(shape: Shape, x: Coverage, y: Coverage) -> Coverage:
    """How far outside (positive) or inside the shape of unit area pi each point is; y points down."""
    if shape is Shape.DISC:
        return np.hypot(x, y) - 1.0
    if shape is Shape.CROSS:
        # Two bars of length 2a and width 2b; 8ab - 4bb = pi at b = 0.36 a.
        arm = math.sqrt(math.pi / (8 * 0.36 - 4 * 0.36**2))
        bar = 0.36 * arm
        level = np.maximum(np.abs(x) - arm, np.abs(y) - bar)
        upright = np.maximum(np.abs(x) - bar, np.abs(y) - arm)
        return np.asarray(np.minimum(level, upright))
    if shape is Shape.BAR:
        # Sides of 2a and 2b; 4ab = pi at b = 0.4 a: flat enough to be told from a square of three pixels.
        half = math.sqrt(math.pi / (4 * 0.4))
        return np.asarray(np.maximum(np.abs(x) - half, np.abs(y) - 0.4 * half))
    corners = {
        Shape.SQUARE: _polygon(4, math.pi / 4),
        Shape.DIAMOND: _polygon(4, 0.0),
        Shape.TRIANGLE: _polygon(3, -math.pi / 2),
        Shape.TRIANGLE_DOWN: _polygon(3, math.pi / 2),
    }[shape]
    sides = []
    for (ax, ay), (bx, by) in zip(corners, corners[1:] + corners[:1], strict=True):
        normal_x, normal_y = (ax + bx) / 2, (ay + by) / 2
        inner = math.hypot(normal_x, normal_y)
        sides.append((x * normal_x + y * normal_y) / inner - inner)
    return np.asarray(np.max(sides, axis=0))


@lru_cache(maxsize=2048)
def sprite(shape: Shape, size_step: int, radius: float, outline: float, phase: int) -> Sprite:
    """The mark of the given radius in pixels (of the disc of equal area) with an outline of that width around
    it.

    Coverage is counted over 8 x 8 samples a pixel.
    """
    radius = radius * _SIZES[size_step]
    reach = math.ceil(radius * 1.75 + outline) + 1
    offset_x, offset_y = (phase % PHASES + 0.5) / PHASES, (phase // PHASES + 0.5) / PHASES
    fine = (np.arange((2 * reach + 1) * _SAMPLES) + 0.5) / _SAMPLES - reach
    distance = (
        _signed_distance(shape, (fine - offset_x)[None, :] / radius, (fine - offset_y)[:, None] / radius)
        * radius
    )
    blocks = (2 * reach + 1, _SAMPLES, 2 * reach + 1, _SAMPLES)
    body = (distance <= 0).reshape(blocks).mean(axis=(1, 3))
    whole = (distance <= outline).reshape(blocks).mean(axis=(1, 3))
    touched = whole > 0.04
    dy, dx = np.nonzero(touched)
    return Sprite(
        dx=dx - reach, dy=dy - reach, body=body[touched], outline=(whole - body)[touched], reach=reach
    )


@lru_cache(maxsize=64)
def disc_kernel(radius: float) -> NDArray[np.uint8]:
    """A disc as a structuring element; radius in pixels, 0.5 is the single pixel."""
    reach = max(0, math.ceil(radius - 0.5))
    span = np.arange(-reach, reach + 1)
    return (np.hypot(span[:, None], span[None, :]) <= radius).astype(np.uint8)
