"""What stands behind the products: paper sweeps, tables, cloth, marble, rooms out of focus.

Invariant: a background is a float32 array (height, width, 3), values 0 to 1, and depends on its dice alone.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from prodlabel.sources.demo.dice import Dice
from prodlabel.sources.demo.light import Array
from prodlabel.sources.demo.textures import sampled

_WALLS = ("#ece7df", "#dfe6e6", "#e9dcd3", "#d7dde3", "#dcdfd2", "#e6d9dc", "#cfd8d6", "#f1ece2", "#b9c4c6")
_PAPERS = ("#f3d9cf", "#d5e3ea", "#f2e6c4", "#dbe7d6", "#e4dcea", "#f1efe9", "#f5cdb8", "#c8dbd9", "#e9c9c6")
_WOODS = ("#b98a5e", "#8e6240", "#d0ab80", "#6d4a33", "#c79a6b", "#e0c6a4", "#a89a8a")
_CLOTHS = ("#e7e1d6", "#cdd3d6", "#d9c8b8", "#a9b4b0", "#f0ece6", "#8d9aa6", "#cfc4cf")


def paint_background(style: str, width: int, height: int, dice: Dice) -> Array:
    """A background of one of the `STYLES`."""
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    return np.asarray(np.clip(STYLES[style](x, y, dice), 0, 1), dtype=np.float32)


def _rgb(text: str) -> Array:
    return np.array([int(text[i : i + 2], 16) for i in (1, 3, 5)], dtype=np.float32) / 255


def _glow(x: Array, y: Array, dice: Dice, depth: float) -> Array:
    """Light that falls off from a point in the upper half: 1 there, 1 - depth far away."""
    height, width = x.shape
    cx, cy = dice.between(0.25, 0.6) * width, dice.between(0.1, 0.5) * height
    far = np.hypot((x - cx) / width, (y - cy) / height)
    return np.asarray(1 - depth * np.clip(far, 0, 1.2) ** 1.5, dtype=np.float32)


def _studio(x: Array, y: Array, dice: Dice) -> Array:
    """White, as most shops want it; some are pure, some slightly grey below."""
    level = np.float32(1.0) - dice.pick((0.0, 0.0, 0.03, 0.06)) * (y / x.shape[0]) ** 2
    return np.repeat(np.asarray(level, dtype=np.float32)[..., None], 3, axis=2)


def _gradient(x: Array, y: Array, dice: Dice) -> Array:
    colour = _rgb(dice.pick(_WALLS))
    return colour * _glow(x, y, dice, dice.between(0.18, 0.34))[..., None] * np.float32(1.06)


def _sweep(x: Array, y: Array, dice: Dice) -> Array:
    """Coloured paper that bends from floor to wall."""
    height = x.shape[0]
    colour = _rgb(dice.pick(_PAPERS))
    horizon = dice.between(0.58, 0.7)
    bend = np.clip((y / height - horizon) / 0.14 + 0.5, 0, 1)
    level = _glow(x, y, dice, 0.22) * (0.97 + 0.06 * bend * bend * (3 - 2 * bend))
    return np.asarray(colour * level[..., None], dtype=np.float32)


def _planks(x: Array, y: Array, dice: Dice, plank: float, squeeze: float) -> Array:
    """Boards that run from left to right; `squeeze` shrinks the grain's height, as seen from the side."""
    colour = _rgb(dice.pick(_WOODS))
    board = np.floor(y / plank)
    shift = (board * 197) % 512
    grain = sampled("wood", x * 0.8 + shift * 3 + dice.below(512), y * squeeze + shift * 7)
    tone = 1 + 0.05 * np.sin(board * 2.4 + dice.between(0, 6))
    gap = np.clip(np.minimum(y % plank, plank - y % plank) / 1.2, 0.45, 1)
    return np.asarray(colour * ((1 + 0.13 * grain) * tone * gap)[..., None], dtype=np.float32)


def _table(x: Array, y: Array, dice: Dice) -> Array:
    """A wooden table before a wall."""
    height = x.shape[0]
    horizon = height * dice.between(0.6, 0.7)
    wall = _rgb(dice.pick(_WALLS)) * _glow(x, y, dice, 0.3)[..., None]
    far = np.clip((y - horizon) / (height - horizon), 0, 1)
    wood = _planks(x, y - horizon, dice, height * dice.between(0.16, 0.3), 2.2)
    wood = wood * (0.86 + 0.2 * far)[..., None]
    edge = np.clip((y - horizon) / 2.5 + 0.5, 0, 1)[..., None]
    shade = 1 - 0.12 * np.exp(-(((y - horizon) / (0.03 * height)) ** 2))
    return np.asarray((wall * (1 - edge) + wood * edge) * shade[..., None], dtype=np.float32)


def _counter(x: Array, y: Array, dice: Dice) -> Array:
    """A pale stone top before tiles."""
    height, width = x.shape
    horizon = height * dice.between(0.62, 0.72)
    tile_h = height * dice.between(0.1, 0.16)
    row = np.floor(y / tile_h)
    tile_w = tile_h * dice.pick((1.0, 2.0))
    across = (x + row * tile_w / 2) % tile_w
    joint = np.clip(np.minimum(np.minimum(across, tile_w - across), y % tile_h) / 2.0, 0, 1)
    column = np.floor((x + row * tile_w / 2) / tile_w)
    tone = 0.97 + 0.03 * np.sin(row * 5.1 + column * 3.7)
    wall = _rgb(dice.pick(_WALLS)) * (tone * (0.9 + 0.1 * joint) * _glow(x, y, dice, 0.22))[..., None]
    stone = np.float32(0.9) + np.float32(0.07) * sampled("marble", x + dice.below(512), y * 2.2)
    stone = np.repeat(stone[..., None], 3, axis=2) * _glow(x, y, dice, 0.1)[..., None]
    edge = np.clip((y - horizon) / 2.0 + 0.5, 0, 1)[..., None]
    _ = width
    return np.asarray(_soften(wall) * (1 - edge) + stone * edge, dtype=np.float32)


def _soften(picture: Array, radius: float = 1.6) -> Array:
    """Slightly out of focus."""
    image = Image.fromarray((np.clip(picture, 0, 1) * 255).astype(np.uint8))
    return np.asarray(image.filter(ImageFilter.GaussianBlur(radius)), dtype=np.float32) / 255


def _room(x: Array, y: Array, dice: Dice) -> Array:
    """A room far out of focus: window light, a frame, a plant, a floor."""
    height, width = x.shape
    wall = _rgb(dice.pick(_WALLS)) * 255
    small = Image.new("RGB", (96, 96), _ink(wall))
    draw = ImageDraw.Draw(small)
    floor = dice.between(64, 72)
    left = dice.between(2, 60)
    draw.rectangle((left, 6, left + dice.between(14, 26), dice.between(32, 46)), fill=_ink(wall * 1.2 + 12))
    if dice.chance(0.6):
        at = dice.between(4, 74)
        draw.rectangle((at, 14, at + 15, 36), fill=_ink(wall * 0.62))
        draw.rectangle((at + 2, 16, at + 13, 34), fill=_ink(_rgb(dice.pick(_PAPERS)) * 245))
    if dice.chance(0.6):
        at = dice.pick((6.0, 84.0))
        for _ in range(9):
            u, v = at + dice.between(-9, 9), floor - dice.between(6, 34)
            draw.ellipse(
                (u - 4, v - 7, u + 4, v + 7), fill=_ink(np.array([96, 122, 92]) * dice.between(0.8, 1.2))
            )
    draw.rectangle((0, floor, 96, 96), fill=_ink(_rgb(dice.pick(_WOODS)) * 235))
    soft = small.filter(ImageFilter.GaussianBlur(2.6)).resize((width, height), Image.Resampling.BICUBIC)
    return np.asarray(soft, dtype=np.float32) / 255 * _glow(x, y, dice, 0.22)[..., None]


def _ink(colour: Array) -> tuple[int, int, int]:
    r, g, b = (int(min(255, max(0, c))) for c in colour)
    return r, g, b


def _boards(x: Array, y: Array, dice: Dice) -> Array:
    """Boards seen from above."""
    if dice.chance(0.5):
        x, y = y, x
    plank = max(x.shape) * dice.between(0.2, 0.36)
    return _planks(x, y + dice.between(0, plank), dice, plank, 1.0) * _glow(x, y, dice, 0.2)[..., None]


def _cloth(x: Array, y: Array, dice: Dice) -> Array:
    """Linen seen from above, with a few soft creases."""
    colour = _rgb(dice.pick(_CLOTHS))
    weave = sampled("weave", x + dice.below(512), y)
    a, b = dice.between(-1, 1), dice.between(0.4, 1)
    along = (a * x + b * y) / x.shape[0] * dice.between(3, 6) + dice.between(0, 6)
    crease = np.sin(along + 0.8 * np.sin(x / x.shape[1] * 4)) * np.sin(along * 0.37)
    level = 1 + 0.05 * weave + 0.05 * crease
    return np.asarray(colour * (level * _glow(x, y, dice, 0.16))[..., None], dtype=np.float32)


def _marble(x: Array, y: Array, dice: Dice) -> Array:
    level = 0.93 + 0.09 * sampled("marble", x + dice.below(512), y + dice.below(512))
    tint = np.array([1.0, 0.995, 0.985], dtype=np.float32)
    return np.asarray(tint * (level * _glow(x, y, dice, 0.08))[..., None], dtype=np.float32)


def _two_papers(x: Array, y: Array, dice: Dice) -> Array:
    """Two sheets of coloured paper that meet on a slant."""
    first, second = (_rgb(text) for text in dice.shuffled(_PAPERS)[:2])
    slant = dice.between(-0.6, 0.6)
    side = (y - x.shape[0] * dice.between(0.4, 0.65)) + slant * (x - x.shape[1] / 2)
    on = np.clip(side / 1.5 + 0.5, 0, 1)[..., None]
    shade = 1 - 0.16 * np.exp(-np.clip(-side, 0, None) / 6) * (side < 0)
    return np.asarray((first * (1 - on) + second * on) * shade[..., None], dtype=np.float32)


STYLES: dict[str, Callable[[Array, Array, Dice], Array]] = {
    "studio": _studio,
    "gradient": _gradient,
    "sweep": _sweep,
    "table": _table,
    "counter": _counter,
    "room": _room,
    "boards": _boards,
    "cloth": _cloth,
    "marble": _marble,
    "papers": _two_papers,
}
