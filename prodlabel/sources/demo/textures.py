"""Reliefs and patterns: wood, weave, leather ... and stripes, dots, checks ..., as arrays.

Invariant: textures are made once from a fixed seed with integer noise, so every run and machine has the same.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np
from PIL import Image

from prodlabel.sources.demo.light import Array

SIZE = 512
"""Width and height of a texture in pixels; it repeats beyond."""


def _noise(seed: int, height: int, width: int) -> Array:
    """Noise of `height` x `width` cells, blown up to the texture's size; repeats at the edges."""
    generator = np.random.Generator(np.random.PCG64(seed))
    cells = generator.integers(0, 65536, (height, width)).astype(np.float32) / 32768 - 1
    around = np.pad(cells, 3, mode="wrap")
    fine_h, fine_w = SIZE // height, SIZE // width
    big = Image.fromarray(around).resize(
        (around.shape[1] * fine_w, around.shape[0] * fine_h), Image.Resampling.BICUBIC
    )
    cut = np.asarray(big, dtype=np.float32)
    return cut[3 * fine_h : 3 * fine_h + SIZE, 3 * fine_w : 3 * fine_w + SIZE]


def _wood() -> Array:
    y = np.arange(SIZE, dtype=np.float32)[:, None]
    bend = _noise(1, 4, 2) * 26 + _noise(2, 16, 4) * 7
    rings = np.sin((y + bend) * (2 * np.pi * 12 / SIZE))
    fibres = 0.35 * _noise(3, 256, 8) + 0.3 * _noise(4, 128, 4) + 0.15 * _noise(5, 512, 32)
    return np.asarray(0.35 * rings + fibres, dtype=np.float32)


def _weave() -> Array:
    y, x = np.mgrid[0:SIZE, 0:SIZE].astype(np.float32)
    step = np.float32(2 * np.pi / 4)
    threads = np.sin(x * step + 0.6) * np.sin(y * step + 0.6)
    uneven = 0.3 * _noise(6, 512, 64) + 0.3 * _noise(7, 64, 512) + 0.2 * _noise(8, 16, 16)
    return np.asarray(0.4 * threads + uneven, dtype=np.float32)


def _leather() -> Array:
    cells = 1 - np.abs(_noise(9, 128, 128)) * 1.6
    return np.asarray(0.6 * cells - 0.3 + 0.4 * _noise(10, 64, 64) + 0.15 * _noise(11, 8, 8))


def _brushed() -> Array:
    return np.asarray(0.6 * _noise(12, 512, 4) + 0.4 * _noise(13, 256, 8))


def _paper() -> Array:
    return np.asarray(0.5 * _noise(14, 512, 512) + 0.4 * _noise(15, 128, 128) + 0.3 * _noise(16, 8, 8))


def _terry() -> Array:
    return np.asarray(0.7 * _noise(17, 256, 256) + 0.5 * _noise(18, 128, 128))


def _knit() -> Array:
    y, x = np.mgrid[0:SIZE, 0:SIZE].astype(np.float32)
    zig = np.abs((x / 8) % 2 - 1)
    return np.asarray(np.sin((y / 8 + zig) * 2 * np.pi) * 0.6 + 0.3 * _noise(19, 128, 128), dtype=np.float32)


def _marble() -> Array:
    warp = _noise(20, 4, 4) * 1.1 + _noise(21, 8, 8) * 0.7 + _noise(22, 32, 32) * 0.22
    veins = np.clip(1 - np.abs(warp) * 5, 0, 1) ** 2
    return np.asarray(0.25 * _noise(23, 4, 4) - veins, dtype=np.float32)


_MAKERS: dict[str, Callable[[], Array]] = {
    "wood": _wood,
    "weave": _weave,
    "leather": _leather,
    "brushed": _brushed,
    "paper": _paper,
    "terry": _terry,
    "knit": _knit,
    "marble": _marble,
}
TEXTURES = frozenset(_MAKERS) | {"none"}


@cache
def texture(name: str) -> Array:
    """The texture of that name: (SIZE, SIZE), about -1 to 1."""
    return np.asarray(_MAKERS[name](), dtype=np.float32)


def sampled(name: str, x: Array, y: Array) -> Array:
    """The texture at positions in pixels."""
    rows, columns = y.astype(np.int32) & (SIZE - 1), x.astype(np.int32) & (SIZE - 1)
    return np.asarray(np.take(texture(name), rows * SIZE + columns))


def _edge(distance: Array, width: float) -> Array:
    """0 outside, 1 inside, a soft step of some width between."""
    return np.asarray(np.clip(distance / np.float32(width) + 0.5, 0, 1))


def _wave(x: Array) -> Array:
    """A triangle wave of period 1, from 0 to 1 and back."""
    return np.abs((x % 1) * 2 - 1)


def _cells(x: Array, y: Array) -> tuple[Array, Array]:
    """Positions within staggered unit cells, -0.5 to 0.5."""
    row = np.floor(y)
    return (x + 0.5 * (row % 2)) % 1 - 0.5, y % 1 - 0.5


def _stripes(x: Array, _: Array, soft: float) -> Array:
    return _edge(_wave(x) - 0.5, soft * 2)


def _bands(_: Array, y: Array, soft: float) -> Array:
    return _edge(_wave(y) - 0.68, soft * 2)


def _dots(x: Array, y: Array, soft: float) -> Array:
    u, v = _cells(x * 1.2, y * 1.2)
    return _edge(0.24 - np.hypot(u, v), soft)


def _checks(x: Array, y: Array, soft: float) -> Array:
    return 0.5 * _edge(_wave(x) - 0.5, soft * 2) + 0.5 * _edge(_wave(y) - 0.5, soft * 2)


def _zigzag(x: Array, y: Array, soft: float) -> Array:
    return _edge(_wave(y * 1.1 + _wave(x) * 0.45) - 0.5, soft * 2)


def _flowers(x: Array, y: Array, soft: float) -> Array:
    u, v = _cells(x * 0.8, y * 0.8)
    angle = np.arctan2(v, u)
    petals = 0.22 + 0.12 * np.cos(5 * angle + 6 * np.floor(y * 0.8))
    radius = np.hypot(u, v)
    return _edge(petals - radius, soft) * (1 - 0.8 * _edge(0.09 - radius, soft))


def _stars(x: Array, y: Array, soft: float) -> Array:
    u, v = _cells(x, y)
    angle = np.arctan2(u, -v)
    return _edge(0.2 + 0.12 * (np.abs(((angle / (2 * np.pi) * 5) % 1) * 2 - 1) - 0.5) - np.hypot(u, v), soft)


def _leaves(x: Array, y: Array, soft: float) -> Array:
    u, v = _cells(x * 0.9, y * 0.9)
    turn = np.where(np.floor(y * 0.9) % 2 == 0, 1, -1)
    a, b = (u + v * turn) * 0.75, (v - u * turn) * 0.75
    return _edge(0.13 - np.abs(a) - b * b * 0.9, soft) * (1 - 0.7 * _edge(0.015 - np.abs(a), soft))


PATTERNS: dict[str, Callable[[Array, Array, float], Array]] = {
    "stripes": _stripes,
    "bands": _bands,
    "dots": _dots,
    "checks": _checks,
    "zigzag": _zigzag,
    "flowers": _flowers,
    "stars": _stars,
    "leaves": _leaves,
}


def pattern(name: str, x: Array, y: Array, soft: float) -> Array:
    """How much of the second colour shows, 0 to 1; `x`, `y` in units of the pattern's period."""
    return np.asarray(PATTERNS[name](x, y, soft), dtype=np.float32)
