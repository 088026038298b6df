"""Which colour, shape and digit each category of a taxonomy has on screen.

Invariant: the *main* categories, the first level with more than one, have a style of their own each; what
lies below takes the style of its main category, and only main categories have digits.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from prodlabel.core.labels import NO_CATEGORY
from prodlabel.core.palette import CategoryStyle, Palette, Shape, category_styles
from prodlabel.core.taxonomy import Category, Taxonomy

DIGITS = "1234567890"


@dataclass(frozen=True, slots=True, eq=False)
class Styles:
    """Styles by category id; `index` int32 (largest id + 1,): 0 for no category, else 1 + place in `main`."""

    main: tuple[Category, ...]
    index: NDArray[np.int32]
    _styles: tuple[CategoryStyle, ...]
    _digits: dict[str, int]

    @classmethod
    def of(cls, taxonomy: Taxonomy, palette: Palette) -> Styles:
        main = main_categories(taxonomy)
        drawn = category_styles(len(main), palette)
        styles = [
            replace(style, colour=shade(category.colour, style.colour, palette))
            for category, style in zip(main, drawn, strict=True)
        ]
        index = np.zeros(max(taxonomy.by_id, default=0) + 1, dtype=np.int32)
        for place, category in enumerate(main):
            for category_id in taxonomy.descendants(category.id):
                index[category_id] = place + 1
        return cls(main, index, (CategoryStyle(palette.dim, Shape.DISC), *styles), _digits(main))

    def __getitem__(self, category_id: int) -> CategoryStyle:
        known = 0 <= category_id < len(self.index)
        return self._styles[self.index[category_id] if known else 0]

    @property
    def drawn(self) -> tuple[CategoryStyle, ...]:
        """The styles by `index`: the first one is that of products without a category."""
        return self._styles

    def of_rows(self, category: NDArray[np.int32]) -> NDArray[np.int32]:
        """(n,) style index of products with these category ids."""
        return np.asarray(self.index[category])

    def main_of(self, category_id: int) -> int:
        """The main category above (or equal to) a category; the category itself where it lies higher."""
        place = int(self.index[category_id]) if 0 <= category_id < len(self.index) else 0
        return self.main[place - 1].id if place else category_id

    def digit(self, category_id: int) -> str | None:
        """The key that proposes this category."""
        return next((digit for digit, owner in self._digits.items() if owner == category_id), None)

    def coloured(self, category_id: int, colour: str, palette: Palette) -> CategoryStyle:
        """How a category would look in another colour."""
        style = self[category_id]
        return replace(style, colour=shade(colour, style.colour, palette))

    def with_digit(self, digit: str) -> int | None:
        """The category that a key proposes."""
        return self._digits.get(digit)


def shade(colour: str | None, usual: str, palette: Palette) -> str:
    """The colour that a category has in this theme: "1" to "7" are the palette's own, so that they can be
    seen in both themes; others are taken as they are."""
    if colour is None:
        return usual
    if colour.isdecimal() and 1 <= int(colour) <= len(palette.categories):
        return palette.categories[int(colour) - 1]
    return colour


def main_categories(taxonomy: Taxonomy) -> tuple[Category, ...]:
    """The first level of the tree that holds more than one category (a sole root names the shop only)."""
    return tuple(category for category in taxonomy if taxonomy.level(category.id) == taxonomy.main_level)


def _digits(main: tuple[Category, ...]) -> dict[str, int]:
    chosen = {c.shortcut: c.id for c in main if c.shortcut is not None and c.shortcut in DIGITS}
    free = iter([digit for digit in DIGITS if digit not in chosen])
    for category in main:
        if category.id not in chosen.values():
            digit = next(free, None)
            if digit is None:
                break
            chosen[digit] = category.id
    return {digit: owner for digit, owner in chosen.items() if owner != NO_CATEGORY}
