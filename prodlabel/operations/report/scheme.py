"""The categories of a report: their order, names, colours and shapes, and the theme as CSS variables.

Invariant: a category has the same colour and the same mark on the whole page, dark or light, on screen or
printed.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from prodlabel.core.labels import NO_CATEGORY
from prodlabel.core.palette import DARK, LIGHT, CategoryStyle, Palette, category_styles
from prodlabel.core.taxonomy import Taxonomy

NO_STYLE = -1
"""The style number of a product without a category: grey."""
_TONES = (
    "window", "panel", "raised", "map", "line", "text", "dim", "faint",
    "accent", "highlight", "good", "warn",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Scheme:
    """Categories with products, in the order of the taxonomy; a style number is a position in `ids`."""

    level: int
    ids: tuple[int, ...]
    names: tuple[str, ...]
    styles: tuple[CategoryStyle, ...]

    @property
    def position(self) -> dict[int, int]:
        """Category id -> style number."""
        return {category_id: number for number, category_id in enumerate(self.ids)}

    def name(self, category_id: int) -> str:
        """The category's name; "no category" where there is none."""
        number = self.position.get(category_id)
        return "no category" if number is None else self.names[number]

    def numbers(self, categories: NDArray[np.int32]) -> NDArray[np.int64]:
        """(n,) style numbers of category ids."""
        known = self.position
        return np.array([known.get(one, NO_STYLE) for one in categories.tolist()], dtype=np.int64)


def make_scheme(taxonomy: Taxonomy, labels: NDArray[np.int32], level: int) -> Scheme:
    """The categories that occur in `labels` (n,), which are of one level of the taxonomy."""
    present = set(np.unique(labels[labels != NO_CATEGORY]).tolist())
    chosen = [category for category in taxonomy if category.id in present]
    plain = [category.name for category in chosen]
    names = tuple(
        category.name if plain.count(category.name) == 1 else taxonomy.path_text(category.id)
        for category in chosen
    )
    styles = tuple(category_styles(len(chosen), LIGHT))
    return Scheme(level, tuple(category.id for category in chosen), names, styles)


def theme_css(count: int) -> str:
    """The variables of both themes; `--k0` ... are the colours of `count` styles."""
    light, dark = _variables(LIGHT, count), _variables(DARK, count)
    return (
        f":root{{color-scheme:light dark;{light}}}\n"
        f"@media (prefers-color-scheme:dark){{:root{{{dark}}}}}\n"
        # Paper is white, whatever the screen was.
        f"@media print{{:root{{color-scheme:light;{light}}}}}\n"
        + "".join(f".k{number}{{--k:var(--k{number})}}" for number in range(count))
    )


def _variables(palette: Palette, count: int) -> str:
    tones = [f"--{name}:{getattr(palette, name)}" for name in _TONES]
    styles = category_styles(count, palette)
    return ";".join([*tones, *(f"--k{number}:{style.colour}" for number, style in enumerate(styles))])
