"""The colours and shapes of prodlabel, dark and light; the same table serves the window, reports and exports.

Invariant: no two of the first 49 categories share both colour and shape, so colour is never the only channel.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from prodlabel.core.colour import from_oklab, mixed, oklab_of


class Shape(IntEnum):
    """The mark of a category; the value is the shape index of the map."""

    DISC = 0
    SQUARE = 1
    TRIANGLE = 2
    DIAMOND = 3
    TRIANGLE_DOWN = 4
    CROSS = 5
    BAR = 6


GLYPHS = "●■▲◆▼✚▬"


@dataclass(frozen=True, slots=True)
class CategoryStyle:
    """How the points, frames and captions of one category are marked."""

    colour: str
    shape: Shape

    @property
    def glyph(self) -> str:
        return GLYPHS[self.shape]


@dataclass(frozen=True, slots=True)
class Palette:
    """All colours of one theme."""

    name: str
    window: str
    panel: str
    raised: str
    map: str
    line: str
    text: str
    dim: str
    faint: str
    accent: str
    on_accent: str
    highlight: str
    good: str
    warn: str
    categories: tuple[str, ...]
    ramp: tuple[str, ...]

    @property
    def outline(self) -> str:
        """Around what is selected: the strongest contrast to the map."""
        return "#ffffff" if self.is_dark else self.text

    @property
    def is_dark(self) -> bool:
        return self.name == "dark"


DARK = Palette(
    name="dark",
    window="#15171b",
    panel="#1c1f25",
    raised="#232730",
    map="#111317",
    line="#2d323c",
    text="#e7eaf0",
    dim="#98a1b0",
    faint="#5d6675",
    accent="#6aa8ff",
    on_accent="#0d1420",
    highlight="#3a4a68",
    good="#4fc38a",
    warn="#e7b04a",
    categories=("#56B4E9", "#E69F00", "#3FC19A", "#F07AB8", "#F0E442", "#C58AF9", "#FF7A59"),
    ramp=("#3d4f8a", "#7c7b78", "#f0d848"),
)

LIGHT = Palette(
    name="light",
    window="#f6f7f9",
    panel="#ffffff",
    raised="#f1f3f6",
    map="#fbfcfd",
    line="#e1e5ea",
    text="#1b2028",
    dim="#5a6472",
    faint="#97a0ad",
    accent="#1f6feb",
    on_accent="#ffffff",
    highlight="#dbe8ff",
    good="#1a7f4b",
    warn="#9a6700",
    categories=("#0072B2", "#B26B00", "#00805E", "#B8397F", "#857A00", "#7A3FB8", "#C8421C"),
    ramp=("#c9b037", "#7c7b78", "#00224e"),
)


def category_styles(
    count: int, palette: Palette, parents: Sequence[int | None] | None = None
) -> list[CategoryStyle]:
    """A style for each of `count` categories, in their order.

    The first seven have a colour and a shape of their own; up to 49 the colours repeat with other shapes.
    Later ones take the hue of their parent (`parents[i]`, a position in the same list; None for a root) in a
    lightness of their own, and the shapes go round.
    """
    if parents is not None and len(parents) != count:
        raise ValueError(f"{len(parents)} parents were given for {count} categories")
    colours, shapes = len(palette.categories), len(Shape)
    styles: list[CategoryStyle] = []
    for index in range(count):
        colour = palette.categories[index % colours]
        if index >= colours * shapes:
            root = _root_of(index, parents)
            family = palette.categories[root % colours]
            colour = _shade(family, (index - colours * shapes) // shapes + 1, palette)
        styles.append(CategoryStyle(colour, Shape((index + index // colours) % shapes)))
    return styles


def ramp_colours(count: int, palette: Palette) -> list[str]:
    """`count` colours from low to high, lightness monotone (after cividis: readable in all three
    dichromacies).
    """
    stops = palette.ramp
    where = np.linspace(0.0, len(stops) - 1.0, count) if count > 1 else np.array([len(stops) - 1.0])
    lower = np.minimum(where.astype(int), len(stops) - 2)
    return [mixed(stops[k], stops[k + 1], float(t - k)) for k, t in zip(lower, where, strict=True)]


def _root_of(index: int, parents: Sequence[int | None] | None) -> int:
    """The topmost ancestor; a ring of parents, which a damaged tree could hold, ends after one round."""
    if parents is None:
        return index
    seen = {index}
    while (above := parents[index]) is not None and above not in seen:
        seen.add(above)
        index = above
    return index


def _shade(colour: str, step: int, palette: Palette) -> str:
    """The same hue, `step` shades away from the map's background and back, never closer to it than contrast
    allows.
    """
    lab = oklab_of(colour)
    swing = (0.08, -0.07, 0.14, -0.11)[(step - 1) % 4]
    lightness = float(np.clip(lab[0] + (swing if palette.is_dark else -swing), 0.32, 0.95))
    floor, ceiling = (0.58, 0.95) if palette.is_dark else (0.32, 0.60)
    lab[0] = min(max(lightness, floor), ceiling)
    lab[1:] *= 0.85
    return from_oklab(lab)
