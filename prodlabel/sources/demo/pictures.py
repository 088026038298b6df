"""Draws a product: parts with materials under a studio light, before a background, with its shadow.

Masks are drawn four times too large and reduced (antialiasing); colours are worked out per pixel. Invariant:
a picture depends on its `Drawing` and the recipe alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from PIL import Image, ImageDraw

from prodlabel.sources.demo import light as lights
from prodlabel.sources.demo import outlines, shadows
from prodlabel.sources.demo.backgrounds import paint_background
from prodlabel.sources.demo.dice import Dice
from prodlabel.sources.demo.light import Array, Light, Material, Normals
from prodlabel.sources.demo.outlines import Points
from prodlabel.sources.demo.recipe import Article, Recipe, rgb
from prodlabel.sources.demo.textures import pattern, sampled, texture

_OVER = 4
Box = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class Drawing:
    """Everything that decides how a picture looks; `colours` names the main, second and trim colour."""

    article: Article
    material: str
    colours: tuple[str, str, str]
    pattern: str
    choices: Mapping[str, str]
    background: str
    size_px: tuple[int, int]
    is_pack: bool
    seed: str


@dataclass(frozen=True, slots=True)
class _Pose:
    """Where one copy of the article stands: own box -> picture."""

    centre: tuple[float, float]
    scale_px: float
    stretch: tuple[float, float]
    turn: float
    tilt: float

    def to_picture(self, points: Points) -> Points:
        moved = outlines.turned(points * np.array(self.stretch), self.turn)
        return np.asarray(moved * self.scale_px + np.array(self.centre))

    def to_own(self, x: Array, y: Array) -> tuple[Array, Array]:
        u, v = (x - self.centre[0]) / self.scale_px, (y - self.centre[1]) / self.scale_px
        a = np.radians(self.turn)
        c, s = np.float32(np.cos(a)), np.float32(np.sin(a))
        return (u * c + v * s) / self.stretch[0], (v * c - u * s) / self.stretch[1]


class _Layer:
    """The product alone: colours times coverage, and coverage."""

    def __init__(self, width: int, height: int) -> None:
        self.colour = np.zeros((height, width, 3), dtype=np.float32)
        self.cover = np.zeros((height, width), dtype=np.float32)

    def paint(self, box: Box, colour: Array, cover: Array) -> None:
        x0, y0, x1, y1 = box
        rest = 1 - cover
        self.colour[y0:y1, x0:x1] = self.colour[y0:y1, x0:x1] * rest[..., None] + colour * cover[..., None]
        self.cover[y0:y1, x0:x1] = self.cover[y0:y1, x0:x1] * rest + cover

    def darken(self, box: Box, shadow: Array) -> None:
        x0, y0, x1, y1 = box
        self.colour[y0:y1, x0:x1] *= 1 - shadow[..., None]


def draw(drawing: Drawing, recipe: Recipe) -> Image.Image:
    """The picture, RGB, of the drawing's size."""
    dice = Dice(drawing.seed)
    width, height = drawing.size_px
    picture = paint_background(drawing.background, width, height, dice.fork("background"))
    side = dice.pick((-1.0, -1.0, 1.0))
    light = _light(side, dice.between(-1, 1))
    for pose in _poses(drawing, dice.fork("pose")):
        layer = _Layer(width, height)
        _Painter(drawing, recipe, pose, light, layer).paint(dice.fork("shape"))
        if drawing.article.stance == "lying":
            picture = shadows.drop_shadow(picture, layer.cover, side)
        elif drawing.article.stance == "standing":
            picture = shadows.standing_shadow(picture, layer.cover, side)
        else:
            picture = shadows.wall_shadow(picture, layer.cover, side)
        picture = picture * (1 - layer.cover[..., None]) + layer.colour
    return _developed(picture, dice.fork("film"), drawing.background)


def _light(side: float, warmth: float) -> Light:
    direction = np.array([0.55 * side, -0.55, 0.7])
    x, y, z = (float(v) for v in direction / np.sqrt((direction**2).sum()))
    return Light((x, y, z), warmth)


def _developed(picture: Array, dice: Dice, background: str) -> Image.Image:
    """As the camera gives it: exposure, contrast, a little grain, slightly darker corners."""
    if background != "studio":
        height, width = picture.shape[:2]
        x = np.linspace(-1, 1, width, dtype=np.float32)[None, :]
        y = np.linspace(-1, 1, height, dtype=np.float32)[:, None]
        corner = x * x + y * y
        picture = picture * ((1 - 0.05 * corner * corner) * np.float32(dice.between(0.94, 1.05)))[..., None]
        picture = picture + texture("paper")[:height, :width, None] * np.float32(0.008)
    return Image.fromarray((np.clip(picture, 0, 1) * 255 + 0.5).astype(np.uint8))


def _poses(drawing: Drawing, dice: Dice) -> list[_Pose]:
    article = drawing.article
    width, height = drawing.size_px
    scale = min(width, height) * 0.42 * article.scale * dice.between(0.86, 1.04)
    (x0, x1), (y0, y1) = article.stretch
    stretch = (dice.between(x0, x1) * (1 if dice.chance(0.5) else -1), dice.between(y0, y1))
    turn = article.turn * dice.between(-1, 1)
    tilt = dice.between(0.1, 0.24)
    x, y = width * dice.between(0.47, 0.53), height * (0.5 + dice.between(-0.02, 0.02))
    if article.stance == "hanging":
        y = height * 0.5
    if not drawing.is_pack:
        return [_Pose((x, y), scale, stretch, turn, tilt)]
    aside = scale * 0.42
    back = _Pose((x - aside, y - scale * 0.1), scale * 0.74, stretch, turn + dice.between(-3, 3), tilt)
    front = _Pose((x + aside, y + scale * 0.08), scale * 0.8, stretch, turn + dice.between(-3, 3), tilt)
    return [back, front]


class _Painter:
    """Paints one copy of an article, part after part, on its layer."""

    def __init__(self, drawing: Drawing, recipe: Recipe, pose: _Pose, light: Light, layer: _Layer) -> None:
        self._drawing, self._recipe, self._pose, self._light, self._layer = (
            drawing,
            recipe,
            pose,
            light,
            layer,
        )
        self._colours = {
            slot: np.array(recipe.colours[name].rgb, dtype=np.float32) / 255
            for slot, name in zip(("main", "second", "trim"), drawing.colours, strict=True)
        }
        self._profiles: dict[str, Points] = {}

    def paint(self, dice: Dice) -> None:
        swell = (dice.between(0.9, 1.1), dice.between(0.9, 1.1))
        for part in self._drawing.article.parts:
            if all(self._drawing.choices[name] in _many(value) for name, value in part.get("if", {}).items()):
                self._paint_part(part, swell)

    def _paint_part(self, part: Mapping[str, Any], swell: tuple[float, float]) -> None:
        profile = self._profile(part, swell)
        for points in _copies(part, self._outline(part, profile)):
            self._fill(part, points, profile)
        if part["shape"] == "lathe" and part.get("top", "none") != "none":
            assert profile is not None
            self._paint_top(part, profile)

    def _profile(self, part: Mapping[str, Any], swell: tuple[float, float]) -> Points | None:
        if part["shape"] == "wrap":
            return self._profiles[part["on"]]
        if part["shape"] != "lathe":
            return None
        profile = outlines.lathe_profile(part["profile"])
        if part.get("vary", True):
            way = (profile[:, 0] + 1) / 2
            profile = np.stack(
                [profile[:, 0], profile[:, 1] * (swell[0] + (swell[1] - swell[0]) * way)], axis=1
            )
        self._profiles[part.get("name", "")] = profile
        return profile

    def _outline(self, part: Mapping[str, Any], profile: Points | None) -> Points:
        tilt = self._tilt(part)
        if profile is not None:
            if part["shape"] == "wrap":
                return outlines.wrapped(profile, tilt, part["v"], part["t"])
            return outlines.lathe(profile, tilt)
        return _flat_outline(part)

    def _tilt(self, part: Mapping[str, Any]) -> float:
        return (
            self._pose.tilt * float(part.get("tilt", 1.0))
            if self._drawing.article.stance != "lying"
            else 0.02
        )

    def _paint_top(self, part: Mapping[str, Any], profile: Points) -> None:
        """The opening or lid of a turned body."""
        (y, half), tilt = profile[0], self._tilt(part)
        rim = {**part, "shape": "ellipse", "round": 0, "pattern": False, "bright": 1.12}
        self._fill(rim, outlines.ellipse((0, y), (half, half * tilt)), None)
        if part["top"] == "closed":
            return
        wall = float(part.get("wall", 0.035))
        inner = (half - wall, max(0.004, (half - wall) * tilt - wall * 0.25))
        hole = {**rim, "bright": 0.55, "colour": part.get("inside", part.get("colour", "main"))}
        self._fill(hole, outlines.ellipse((0, y + wall * 0.1), inner), None)
        if "filled" in part:
            drink = {"shape": "ellipse", "colour": part["filled"], "material": "ceramic", "round": 0}
            self._fill(
                drink, outlines.ellipse((0, y + inner[1] * 0.22), (inner[0] * 0.95, inner[1] * 0.78)), None
            )

    def _fill(self, part: Mapping[str, Any], points: Points, profile: Points | None) -> None:
        at = self._pose.to_picture(points)
        box = _box_around(at, self._layer.cover.shape)
        if box is None:
            return
        mask = _mask(at, box)
        cover = np.asarray(mask, dtype=np.float32) / 255
        y = np.arange(box[1], box[3], dtype=np.float32)[:, None]
        x = np.arange(box[0], box[2], dtype=np.float32)[None, :]
        u, v = self._pose.to_own(x, y)
        material = self._material(part)
        normals = self._normals(part, mask, u, v, profile)
        colour = self._colour(part, u, v, profile)
        colour = self._textured(part, material, colour, (u, v))
        seen = lights.shade(colour, normals, material, self._light)
        if "lift" in part:
            self._cast(at, float(part["lift"]))
        if material.clarity:
            edge = 1 - np.clip(normals[2], 0, 1)
            shine = np.clip(seen.mean(axis=2) - colour.mean(axis=2) * 0.9, 0, 1) if material.gloss else 0.0
            cover = cover * np.clip(1 - material.clarity * (1 - edge**2) + shine, 0, 1)
        self._layer.paint(box, np.clip(seen, 0, 1), cover)

    def _cast(self, at: Points, lift: float) -> None:
        """A part's small shadow on the parts below it."""
        reach = lift * self._pose.scale_px
        away = np.array([-self._light.direction[0], -self._light.direction[1]]) * reach
        box = _box_around(at + away, self._layer.cover.shape, margin=int(reach * 1.5) + 2)
        if box is not None:
            mask = np.asarray(_mask(at + away, box), dtype=np.float32) / 255
            self._layer.darken(box, 0.42 * lights.box_blur(mask, max(1, round(reach * 0.6))))

    def _material(self, part: Mapping[str, Any]) -> Material:
        name = part.get("material", "main")
        return self._recipe.materials[self._drawing.material if name == "main" else name]

    def _colour(self, part: Mapping[str, Any], u: Array, v: Array, profile: Points | None) -> Array:
        name = part.get("colour", "main")
        base = self._colours.get(name)
        if base is None:
            base = np.array(rgb(name), dtype=np.float32) / 255
        base = base * np.float32(part.get("bright", 1.0))
        if not part.get("pattern") or self._drawing.pattern == "plain":
            return np.broadcast_to(base, (*u.shape, 3))
        period = np.float32(part.get("period", 0.3))
        if profile is not None:
            half = np.interp(v, profile[:, 0], profile[:, 1]).astype(np.float32)
            t = np.clip(u / np.maximum(half, 1e-3), -0.98, 0.98)
            u, v = np.arcsin(t) * half.max(), v - self._tilt(part) * half * np.sqrt(1 - t * t)
        soft = 1.5 / (self._pose.scale_px * float(period))
        on = pattern(self._drawing.pattern, u / period + 0.25, v / period + 0.25, soft)
        return np.asarray(base + (self._colours["second"] - base) * on[..., None], dtype=np.float32)

    def _normals(
        self, part: Mapping[str, Any], mask: Image.Image, u: Array, v: Array, profile: Points | None
    ) -> Normals:
        if profile is not None:
            half = np.interp(v, profile[:, 0], profile[:, 1]).astype(np.float32)
            slopes = np.gradient(profile[:, 1]) / np.maximum(np.gradient(profile[:, 0]), 0.01)
            slope = np.interp(v, profile[:, 0], np.clip(slopes, -3, 3)).astype(np.float32)
            nx, ny, nz = lights.lathe_normals(u / np.maximum(half, 1e-3), slope)
            return (nx if self._pose.stretch[0] > 0 else -nx), ny, nz
        radius = float(part.get("round", 0.05)) * self._pose.scale_px
        if radius < 0.8:
            return lights.flat_normals(*u.shape)
        nx, ny, nz = lights.inflated_normals(mask, radius)
        if "folds" in part:
            often, depth, slant = part["folds"]
            along = u + slant * v
            wave = np.sin(
                along * often + 0.9 * np.sin(v * 2.1 + along * 1.3) + 1.7 * np.sin(along * often * 0.31)
            )
            return lights.unit_length(nx + depth * wave, ny + depth * slant * wave, nz)
        return nx, ny, nz

    def _textured(
        self, part: Mapping[str, Any], material: Material, colour: Array, at: tuple[Array, Array]
    ) -> Array:
        if material.texture == "none":
            return colour
        u, v = at if part.get("grain") != "down" else (at[1], at[0])
        fine = np.float32(float(part.get("fineness", 170)))
        relief = sampled(material.texture, u * fine + 1024, v * fine + 1024)
        return colour * (1 + np.float32(material.grain) * relief)[..., None]


def _many(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value


def _flat_outline(part: Mapping[str, Any]) -> Points:
    shape = part["shape"]
    if shape == "ellipse":
        return outlines.ellipse(part["centre"], part["radii"])
    if shape == "ring":
        return outlines.stroke(
            outlines.ellipse(part["centre"], part["radii"])[:-1], part["width"], closed=True
        )
    if shape == "box":
        return outlines.box(part["box"], float(part.get("corner", 0.03)))
    if shape == "blob":
        return outlines.smooth(part["points"], closed=True)
    points = np.asarray(part["points"], dtype=np.float64)
    if shape == "polygon":
        return points
    return outlines.stroke(
        points if part.get("straight") else outlines.smooth(points, closed=False), part["width"]
    )


def _copies(part: Mapping[str, Any], points: Points) -> Iterator[Points]:
    """The outline, its mirror image and its repetitions."""
    repeat = part.get("repeat", {})
    for i in range(int(repeat.get("count", 1))):
        copy = points + np.array(repeat.get("step", (0.0, 0.0))) * i
        if "turn" in repeat:
            copy = outlines.turned(copy, repeat["turn"] * i, repeat.get("about", (0.0, 0.0)))
        yield copy
        if part.get("mirror"):
            yield copy * np.array([-1.0, 1.0])


def _box_around(points: Points, shape: tuple[int, ...], margin: int = 1) -> Box | None:
    """The pixels that the outline can touch, or None where it lies outside the picture."""
    low, high = np.floor(points.min(axis=0)) - margin, np.ceil(points.max(axis=0)) + margin
    x0, y0 = max(0, int(low[0])), max(0, int(low[1]))
    x1, y1 = min(shape[1], int(high[0])), min(shape[0], int(high[1]))
    return (x0, y0, x1, y1) if x1 - x0 >= 2 and y1 - y0 >= 2 else None


def _mask(points: Points, box: Box) -> Image.Image:
    """Coverage of the pixels in the box, antialiased."""
    width, height = box[2] - box[0], box[3] - box[1]
    large = Image.new("L", (width * _OVER, height * _OVER))
    corners = (np.round(points * _OVER * 8) / 8 - np.array(box[:2]) * _OVER - 0.5).ravel().tolist()
    ImageDraw.Draw(large).polygon(corners, fill=255)
    return large.reduce(_OVER)
