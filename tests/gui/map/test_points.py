"""Points sorted by a grid: nothing lost, nothing twice, slices hold what is in view, picking finds the
nearest.
"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from prodlabel.gui.map.camera import Camera
from prodlabel.gui.map.picking import nearest, under_cursor
from prodlabel.gui.map.points import GRID, MapPoints

number = st.floats(-1e4, 1e4, width=32)
clouds = st.lists(st.tuples(number, number), min_size=1, max_size=200).map(np.array)


@given(clouds)
def test_every_row_has_one_place(xy: np.ndarray) -> None:
    points = MapPoints(xy[:, 0], xy[:, 1])
    layer = points.all
    assert sorted(layer.rows.tolist()) == list(range(len(xy)))
    assert np.array_equal(layer.x, points.x[layer.rows])
    assert layer.starts[0] == 0
    assert layer.starts[GRID * GRID] == len(xy)
    assert (np.diff(layer.starts) >= 0).all()


@settings(deadline=None)
@given(clouds, number, number, st.floats(0, 5000), st.floats(0, 5000))
def test_slices_hold_every_point_in_view(xy: np.ndarray, x: float, y: float, w: float, h: float) -> None:
    points = MapPoints(xy[:, 0], xy[:, 1])
    layer = points.all
    held = np.zeros(len(layer), dtype=np.bool_)
    for begin, end in layer.slices((x, y, x + w, y + h)):
        assert not held[begin:end].any()
        held[begin:end] = True
    in_view = (layer.x >= x) & (layer.x <= x + w) & (layer.y >= y) & (layer.y <= y + h)
    assert held[in_view].all()


@given(clouds, st.integers(0, 2**32 - 1))
def test_layers_part_the_points_by_their_state(xy: np.ndarray, seed: int) -> None:
    rng = np.random.default_rng(seed)
    points = MapPoints(xy[:, 0], xy[:, 1])
    hidden, selected = rng.random((2, len(xy))) < 0.4
    colours = rng.integers(0, 7, len(xy))
    points.set_hidden(hidden)
    points.set_selected(selected)
    points.set_colours(colours)
    assert sorted(points.shown.rows.tolist()) == np.flatnonzero(~hidden).tolist()
    assert sorted(points.context.rows.tolist()) == np.flatnonzero(hidden).tolist()
    assert sorted(points.selected.rows.tolist()) == np.flatnonzero(selected).tolist()
    for layer in (points.shown, points.context, points.selected):
        assert np.array_equal(layer.colour, colours[layer.rows])
        assert np.array_equal(layer.x, points.x[layer.rows])
        assert layer.starts[GRID * GRID] == len(layer)


@settings(deadline=None)
@given(clouds, number, number, st.floats(0.1, 3000))
def test_nearest_is_the_nearest(xy: np.ndarray, x: float, y: float, radius: float) -> None:
    points = MapPoints(xy[:, 0], xy[:, 1])
    squared = (points.x - np.float64(x)) ** 2 + (points.y - np.float64(y)) ** 2
    expected = int(np.argmin(squared)) if squared.min() <= radius * radius else None
    assert nearest(points.all, x, y, radius) == expected


def test_cursor_picks_within_its_radius_in_pixels() -> None:
    points = MapPoints(np.array([0.0, 10.0]), np.array([0.0, 0.0]))
    camera = Camera(5.0, 0.0, 10.0, 200, 100)
    assert under_cursor(points.all, camera, 52, 50) == 0
    assert under_cursor(points.all, camera, 100, 50) is None


def test_a_product_without_a_place_is_kept_but_never_drawn() -> None:
    points = MapPoints(np.array([0.0, np.nan, 1.0]), np.array([0.0, 0.0, np.inf]))
    assert points.size == 3
    assert points.all.rows.tolist() == [0]
    assert points.bounds_of(np.array([1, 2])) is None


def test_no_points_at_all_still_have_bounds() -> None:
    points = MapPoints(np.empty(0), np.empty(0))
    assert points.bounds == (-0.5, -0.5, 0.5, 0.5)
    assert points.all.slices((-1, -1, 1, 1)) == []


def test_travelling_points_know_where_they_come_from() -> None:
    points = MapPoints(np.array([0.0, 1.0, np.nan]), np.array([0.0, 1.0, np.nan]))
    points.move(np.array([5.0, 6.0, 7.0]), np.array([0.0, 0.0, 0.0]), travel=True)
    layer = points.all
    assert layer.from_x is not None
    by_row = dict(zip(layer.rows.tolist(), layer.from_x.tolist(), strict=True))
    assert by_row == {0: 0.0, 1: 1.0, 2: 7.0}
    assert layer.slices((100, 100, 101, 101)) == [(0, 3)]
    points.arrive()
    assert points.all.from_x is None
    assert points.shown.slices((100, 100, 101, 101)) == []


@pytest.mark.parametrize("call", ["set_colours", "set_marks", "set_hidden", "set_selected"])
def test_columns_of_another_length_are_refused(call: str) -> None:
    points = MapPoints(np.zeros(3), np.zeros(3))
    with pytest.raises(ValueError, match="fit 3 rows"):
        getattr(points, call)(np.zeros(2, dtype=np.bool_))


def test_coordinates_that_do_not_match_are_refused() -> None:
    with pytest.raises(ValueError, match="one length"):
        MapPoints(np.zeros(3), np.zeros(2))


def test_new_colours_reach_every_layer() -> None:
    points = MapPoints(np.arange(6.0), np.zeros(6))
    points.set_hidden(np.arange(6) < 2)
    points.set_selected(np.arange(6) > 3)
    layers = [points.shown, points.context, points.selected]
    points.set_colours(np.arange(6))
    for old, new in zip(layers, (points.shown, points.context, points.selected), strict=True):
        assert np.array_equal(new.rows, old.rows)
        assert np.array_equal(new.colour, new.rows)
    points.set_hidden(np.zeros(6, dtype=np.bool_))
    assert len(points.context) == 0
    assert points.context.slices((-1, -1, 9, 9)) == []
