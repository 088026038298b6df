"""How a surface looks under the studio light: normals in, colours out.

Pictures are float32 arrays, shape (height, width, 3), values 0 to 1; normals are three arrays (height, width)
that point right, down and to the viewer. Invariant: nothing here draws by chance.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Array = NDArray[np.floating[Any]]
Normals = tuple[Array, Array, Array]

# What a polished surface mirrors, from its left-facing to its right-facing side: soft boxes and dark gaps.
_MIRRORED_AT = np.array([-1, -0.78, -0.55, -0.3, -0.05, 0.2, 0.45, 0.62, 0.82, 1.0])
_MIRRORED = np.array([0.35, 0.75, 1.3, 0.85, 0.62, 0.8, 1.1, 0.6, 0.38, 0.55])


@dataclass(frozen=True, slots=True)
class Material:
    """How a stuff answers to light.

    `gloss` and `mirror` are strengths, `sharpness` is Phong's exponent, `clarity` is the share of the ground
    that shows through, `texture` and `grain` the relief and its depth.
    """

    name: str
    ambient: float = 0.45
    diffuse: float = 0.65
    gloss: float = 0.0
    sharpness: float = 20.0
    mirror: float = 0.0
    clarity: float = 0.0
    texture: str = "none"
    grain: float = 0.0


@dataclass(frozen=True, slots=True)
class Light:
    """A key light: where it is (right, down, to the viewer; unit length) and how warm (about -1 to 1)."""

    direction: tuple[float, float, float]
    warmth: float = 0.0

    @property
    def tint(self) -> Array:
        return np.array([1 + 0.03 * self.warmth, 1.0, 1 - 0.04 * self.warmth], dtype=np.float32)


def shade(colour: Array, normals: Normals, material: Material, light: Light) -> Array:
    """Phong (1975) with a mirrored studio for metal: the colour that reaches the viewer."""
    nx, ny, nz = normals
    lx, ly, lz = light.direction
    facing = np.clip(nx * lx + ny * ly + nz * lz, 0, 1)
    level = material.ambient + material.diffuse * facing
    if material.mirror:
        mirrored = np.interp(np.clip(nx * 0.85 - ny * 0.5, -1, 1), _MIRRORED_AT, _MIRRORED)
        level = level * (1 - material.mirror) + mirrored.astype(np.float32) * material.mirror
    result = colour * level[..., None]
    if material.gloss:
        length = np.sqrt(lx * lx + ly * ly + (lz + 1) ** 2)
        half = np.clip((nx * lx + ny * ly + nz * (lz + 1)) / length, 0, 1)
        # Schlick (1994), section 3: a quotient in place of Phong's power, quicker and the same on every libm.
        peak = half / (material.sharpness - material.sharpness * half + half)
        result = result + (material.gloss * peak)[..., None]
    return np.asarray(result * light.tint, dtype=np.float32)


def flat_normals(height: int, width: int) -> Normals:
    zero = np.zeros((height, width), dtype=np.float32)
    return zero, zero, np.ones_like(zero)


def inflated_normals(mask: Image.Image, radius_px: float) -> Normals:
    """Normals of the mask as if it were stuffed: round within `radius_px` of its edge, flat inside."""
    width, height = mask.size
    step = max(1, int(radius_px / 4))
    small = mask.reduce(step) if step > 1 else mask
    relief: Array = np.asarray(small, dtype=np.float32) / np.float32(255)
    reach = max(1, round(radius_px / step / 1.7))
    for _ in range(2):
        relief = box_blur(relief, reach)
    slope = 1.3 * reach
    beside = np.pad(relief, 1, mode="edge")
    nx = grown((beside[1:-1, :-2] - beside[1:-1, 2:]) * slope, (width, height))
    ny = grown((beside[:-2, 1:-1] - beside[2:, 1:-1]) * slope, (width, height))
    nz = np.ones_like(nx)
    return unit_length(nx, ny, nz)


def lathe_normals(t: Array, slope: Array) -> Normals:
    """Normals of a turned body at `t` (-1 to 1 across), whose half width grows downwards by `slope`."""
    t = np.clip(t, -0.995, 0.995)
    return unit_length(t, -slope * 0.8, np.sqrt(1 - t * t))


def unit_length(nx: Array, ny: Array, nz: Array) -> Normals:
    length = np.sqrt(nx * nx + ny * ny + nz * nz)
    return nx / length, ny / length, nz / length


def box_blur(values: Array, reach: int) -> Array:
    """Mean over a square of side 2 x reach + 1, edges counted as 0."""
    for _ in range(2):
        height, width = values.shape
        total = np.zeros((height + 2 * reach + 1, width), dtype=np.float32)
        np.cumsum(values, axis=0, out=total[reach + 1 : reach + 1 + height])
        total[reach + 1 + height :] = total[reach + height]
        values = ((total[2 * reach + 1 :] - total[:height]) / np.float32(2 * reach + 1)).T
    return values


def grown(values: Array, size: tuple[int, int]) -> Array:
    """The values at another size (width, height), smoothly."""
    if (values.shape[1], values.shape[0]) == size:
        return np.asarray(values, dtype=np.float32)
    image = Image.fromarray(np.ascontiguousarray(values, dtype=np.float32))
    return np.asarray(image.resize(size, Image.Resampling.BILINEAR), dtype=np.float32)
