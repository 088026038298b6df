"""Colours can be read, told apart without colour vision, and never stand alone."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from prodlabel.core.colour import (
    Vision,
    contrast,
    difference,
    from_oklab,
    hex_of,
    mixed,
    oklab_of,
    rgb_of,
    simulated,
)
from prodlabel.core.palette import DARK, LIGHT, Palette, Shape, category_styles, ramp_colours

THEMES = pytest.mark.parametrize("palette", [DARK, LIGHT], ids=lambda p: p.name)
GROUNDS = ("window", "panel", "raised", "map")


@THEMES
@pytest.mark.parametrize("ground", GROUNDS)
@pytest.mark.parametrize("ink", ["text", "dim"])
def test_text_can_be_read_on_every_ground(palette: Palette, ink: str, ground: str) -> None:
    assert contrast(getattr(palette, ink), getattr(palette, ground)) >= 4.5


@THEMES
def test_text_can_be_read_on_highlight_and_accent(palette: Palette) -> None:
    assert contrast(palette.text, palette.highlight) >= 4.5
    assert contrast(palette.on_accent, palette.accent) >= 4.5


@THEMES
def test_marks_stand_out_from_the_map_and_the_panel(palette: Palette) -> None:
    # WCAG 2.2, 1.4.11: what is not text needs 3:1.
    for colour in (*palette.categories, palette.accent, palette.good, palette.warn):
        assert contrast(colour, palette.map) >= 3.0
        assert contrast(colour, palette.panel) >= 3.0


@THEMES
def test_categories_are_told_apart_by_normal_vision_by_colour_alone(palette: Palette) -> None:
    for one, other in combinations(palette.categories, 2):
        assert difference(one, other) >= 8.0


@THEMES
@pytest.mark.parametrize("vision", list(Vision))
def test_dichromats_tell_categories_apart_by_colour_or_shape(palette: Palette, vision: Vision) -> None:
    # What looks alike to a dichromat must differ in shape; among 49 categories every pair differs in one of
    # the two.
    for one, other in combinations(category_styles(49, palette), 2):
        alike = difference(simulated(one.colour, vision), simulated(other.colour, vision)) < 2.0
        if alike and one.colour != other.colour:
            twin = [s for s in category_styles(7, palette) if s.colour in (one.colour, other.colour)]
            assert twin[0].shape is not twin[1].shape
        if one.colour == other.colour:
            assert one.shape is not other.shape


@THEMES
@pytest.mark.parametrize("vision", list(Vision))
def test_most_category_colours_stay_apart_for_dichromats(palette: Palette, vision: Vision) -> None:
    pairs = list(combinations(palette.categories, 2))
    apart = [p for p in pairs if difference(*(simulated(c, vision) for c in p)) >= 4.0]
    assert len(apart) >= len(pairs) - 4


@THEMES
def test_first_seven_have_a_colour_and_a_shape_of_their_own(palette: Palette) -> None:
    styles = category_styles(7, palette)
    assert len({s.colour for s in styles}) == len({s.shape for s in styles}) == 7
    assert "".join(s.glyph for s in styles) == "●■▲◆▼✚▬"


@THEMES
def test_no_two_of_forty_nine_look_the_same(palette: Palette) -> None:
    assert len(set(category_styles(49, palette))) == 49


@THEMES
def test_later_categories_take_the_hue_of_their_parent(palette: Palette) -> None:
    parents: list[int | None] = [None] * 7 + [k % 7 for k in range(60)]
    for index, style in list(enumerate(category_styles(67, palette, parents)))[49:]:
        family = palette.categories[parents[index] or 0]
        own, root = (np.arctan2(*oklab_of(c)[:0:-1]) for c in (style.colour, family))
        assert abs(np.angle(np.exp(1j * (own - root)))) < 0.35
        assert contrast(style.colour, palette.map) >= 3.0


def test_parents_that_form_a_ring_do_not_hang() -> None:
    parents = [*range(1, 60), 0]
    assert len(category_styles(60, DARK, parents)) == 60


def test_parents_of_another_number_are_refused() -> None:
    with pytest.raises(ValueError, match="parents"):
        category_styles(3, DARK, [None])


@THEMES
@pytest.mark.parametrize("vision", [None, *Vision])
def test_ramp_runs_monotonously_from_low_to_high(palette: Palette, vision: Vision | None) -> None:
    colours = ramp_colours(9, palette)
    seen = colours if vision is None else [simulated(c, vision) for c in colours]
    lightness = np.array([oklab_of(c)[0] for c in seen])
    steps = np.diff(lightness) * (1 if palette.is_dark else -1)
    assert (steps > 0.01).all()


def test_ramp_of_one_colour_is_its_upper_end() -> None:
    assert difference(ramp_colours(1, DARK)[0], DARK.ramp[-1]) < 0.5


def test_known_contrasts() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21.0)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


def test_conversions_come_back() -> None:
    for colour in (*DARK.categories, *LIGHT.categories):
        assert rgb_of(from_oklab(oklab_of(colour))) == pytest.approx(rgb_of(colour), abs=1)
        assert rgb_of(mixed(colour, "#000000", 0.0)) == pytest.approx(rgb_of(colour), abs=1)
    assert hex_of(np.array([2.0, -1.0, 0.5])) == "#ff0080"


def test_a_word_is_not_a_colour() -> None:
    with pytest.raises(ValueError, match="#rrggbb"):
        rgb_of("red")


def test_every_shape_has_a_glyph() -> None:
    assert len({s.glyph for s in category_styles(7, LIGHT)}) == len(Shape)
