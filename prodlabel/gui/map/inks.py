"""The colours of one theme as the 32-bit words that the raster writes.

Invariant: an `Inks` never changes after it was made; its tables are as QImage's `Format_RGB32` wants them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from prodlabel.core.colour import rgb_of
from prodlabel.core.palette import Palette
from prodlabel.gui.map.sprites import Sprite

Words = NDArray[np.uint32]
Triples = NDArray[np.float64]

LEVELS = 16
"""Steps of density; sixteen cannot be told from more at the size of a mark."""

MOST_COLOURS = 252
"""What one byte per pixel can tell apart beside the background and the faint dots."""

EMPTY, CONTEXT, FIRST = 0, 1, 2
"""Values of an ink byte: nothing, a filtered-out point, the first colour."""


def words_of(rgb: Triples) -> Words:
    """(..., 3) floats 0..255 to opaque 0xffRRGGBB."""
    parts = np.clip(np.rint(rgb), 0, 255).astype(np.uint32)
    return np.asarray(
        0xFF000000 | (parts[..., 0] << 16) | (parts[..., 1] << 8) | parts[..., 2], dtype=np.uint32
    )


@dataclass(frozen=True, eq=False)
class Inks:
    """What colours a map is drawn in."""

    colours: Triples
    background: Triples
    context: Triples
    outline: Triples
    glow: Triples
    _stamps: dict[tuple[Sprite, bool], Words] = field(default_factory=dict, compare=False, repr=False)

    @classmethod
    def of(cls, palette: Palette, colours: Sequence[str]) -> Inks:
        """For a theme and the colours that the colour indices mean (at least one)."""
        chosen = list(colours) or [palette.dim]
        ground, faint = _triple(palette.map), _triple(palette.faint)
        return cls(
            colours=np.array([rgb_of(c) for c in chosen[:MOST_COLOURS]], dtype=np.float64),
            background=ground,
            context=ground + (faint - ground) * 0.45,
            outline=_triple(palette.outline),
            glow=_triple(palette.text),
        )

    @property
    def count(self) -> int:
        return len(self.colours)

    @property
    def ink_bits(self) -> int:
        """Low bits of an ink byte that hold the colour; the bits above decide who lies on top."""
        return int(self.count + FIRST - 1).bit_length()

    def stamp_table(self, stamp: Sprite, *, plain: bool = False) -> Words:
        """(count, k) words of a sprite's pixels in every colour; `plain` is the colour of filtered-out
        points.

        What a pixel does not cover shows the background, also above another mark: overlapping marks stay
        apart.
        """
        key = (stamp, plain)
        if key not in self._stamps:
            inner = np.repeat(self.context[None], self.count, axis=0) if plain else self.colours
            body, rim = stamp.body[None, :, None], stamp.outline[None, :, None]
            rest = 1.0 - body - rim
            self._stamps[key] = words_of(inner[:, None] * body + self.outline * rim + self.background * rest)
        return self._stamps[key]

    def density_table(self) -> Words:
        """(LEVELS * 256,) words for `level << 8 | ink`: sparse points step back, dense ones are full and
        glow.
        """
        level = (np.arange(LEVELS) / (LEVELS - 1))[:, None, None]
        strength = np.clip(0.5 + 0.75 * level, 0.0, 1.0)
        glow = 0.32 * np.clip(level * 2.0 - 1.0, 0.0, 1.0)
        slot = (np.arange(256) & ((1 << self.ink_bits) - 1)) - FIRST
        full = self.colours[np.clip(slot, 0, self.count - 1)][None]
        table = self.background + (full - self.background) * strength
        table = table + (self.glow - table) * glow
        table[:, slot == CONTEXT - FIRST] = self.context
        table[:, EMPTY] = self.background
        return words_of(table).reshape(-1)

    def crowd_table(self, step_back: float) -> Words:
        """((LEVELS + 2) * 256,) words: `density_table` with that share of the background in it, then what is
        selected in its full colours, then the line around it.
        """
        base = self.density_table()
        lit = base[(LEVELS * 3 // 4) << 8 :][:256]
        if step_back:
            full = base.view(np.uint8).reshape(-1, 4)[:, 2::-1].astype(np.float64)
            base = words_of(full + (self.background - full) * step_back)
        return np.concatenate([base, lit, np.full(256, words_of(self.outline), dtype=np.uint32)])


def _triple(colour: str) -> Triples:
    return np.array(rgb_of(colour), dtype=np.float64)
