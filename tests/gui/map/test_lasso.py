"""The lasso, the box and the brush pick exactly the points that the plain test picks."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from prodlabel.gui.map.lasso import even_odd, in_box, in_polygon, in_stroke, simplified
from prodlabel.gui.map.points import MapPoints


def cloud(seed: int, count: int, offset: float = 0.0, scale: float = 1.0) -> MapPoints:
    rng = np.random.default_rng(seed)
    middles = rng.normal(size=(12, 2)) * 3
    which = rng.integers(0, 12, count)
    xy = (middles[which] + rng.normal(size=(count, 2)) * 0.4) * scale + offset
    return MapPoints(xy[:, 0], xy[:, 1])


def exact(points: MapPoints, polygon: NDArray[np.float64]) -> NDArray[np.bool_]:
    return even_odd(points.x.astype(np.float64), points.y.astype(np.float64), polygon)


CLOUDS = {
    "usual": cloud(1, 3000),
    "far away": cloud(2, 3000, offset=5000.0),
    "tiny": cloud(3, 3000, scale=1e-4),
    "line": MapPoints(np.linspace(0, 1, 500), np.zeros(500)),
}
unit = st.floats(-0.3, 1.3)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(sorted(CLOUDS)), st.lists(st.tuples(unit, unit), min_size=3, max_size=40))
def test_lasso_differs_from_the_exact_test_in_no_point(name: str, corners: list[tuple[float, float]]) -> None:
    points = CLOUDS[name]
    left, bottom, right, top = points.bounds
    polygon = np.array(corners) * (right - left, max(top - bottom, 1e-3)) + (left, bottom)
    assert np.array_equal(in_polygon(points.all, polygon, points.size), exact(points, polygon))


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_lasso_is_exact_where_corners_and_edges_meet_points(data: st.DataObject) -> None:
    # Corners on points and edges along lines of points: the places where a shortcut would give itself away.
    side = np.arange(16, dtype=np.float64)
    x, y = (axis.ravel() for axis in np.meshgrid(side, side))
    points = MapPoints(x, y)
    corners = data.draw(
        st.lists(st.tuples(st.integers(-1, 16), st.integers(-1, 16)), min_size=3, max_size=12)
    )
    polygon = np.array(corners, dtype=np.float64)
    assert np.array_equal(in_polygon(points.all, polygon, points.size), exact(points, polygon))


def test_lasso_is_exact_on_a_thousand_random_polygons() -> None:
    rng = np.random.default_rng(20)
    points = cloud(5, 2000)
    for _ in range(1000):
        corners = rng.integers(3, 65)
        angles = np.sort(rng.random(corners)) * 2 * np.pi
        reach = rng.uniform(0.1, 5.0) * rng.uniform(0.3, 1.0, corners)
        polygon = rng.normal(size=2) * 3 + np.column_stack([np.cos(angles), np.sin(angles)]) * reach[:, None]
        assert np.array_equal(in_polygon(points.all, polygon, points.size), exact(points, polygon))


def test_lasso_agrees_with_shapely_on_simple_polygons() -> None:
    shapely = pytest.importorskip("shapely")
    rng = np.random.default_rng(3)
    points = CLOUDS["usual"]
    for _ in range(100):
        angles = np.sort(rng.random(24)) * 2 * np.pi
        polygon = np.column_stack([np.cos(angles), np.sin(angles)]) * rng.uniform(1, 4, 24)[:, None]
        shape = shapely.Polygon(polygon)
        if shape.is_valid:
            expected = shapely.contains_xy(shape, points.x.astype(np.float64), points.y.astype(np.float64))
            assert np.array_equal(in_polygon(points.all, polygon, points.size), expected)


@settings(max_examples=100, deadline=None)
@given(unit, unit, unit, unit)
def test_box_holds_what_lies_between_its_corners(ax: float, ay: float, bx: float, by: float) -> None:
    points = CLOUDS["usual"]
    left, bottom, right, top = points.bounds
    a, b = ((left + u * (right - left), bottom + v * (top - bottom)) for u, v in ((ax, ay), (bx, by)))
    x, y = points.x.astype(np.float64), points.y.astype(np.float64)
    expected = (
        (x >= min(a[0], b[0])) & (x <= max(a[0], b[0])) & (y >= min(a[1], b[1])) & (y <= max(a[1], b[1]))
    )
    assert np.array_equal(in_box(points.all, a, b, points.size), expected)


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(unit, unit), min_size=1, max_size=6), st.floats(0.01, 1.0))
def test_brush_holds_what_lies_within_its_radius(path: list[tuple[float, float]], radius: float) -> None:
    points = CLOUDS["usual"]
    stroke = np.array(path) * 6 - 3
    x, y = points.x.astype(np.float64), points.y.astype(np.float64)
    expected = np.zeros(points.size, dtype=np.bool_)
    for (ax, ay), (bx, by) in zip(stroke, stroke[1:] if len(stroke) > 1 else stroke, strict=False):
        along = np.array([bx - ax, by - ay])
        length = along @ along
        share = np.clip(((x - ax) * along[0] + (y - ay) * along[1]) / length, 0, 1) if length else 0.0
        expected |= np.hypot(x - ax - share * along[0], y - ay - share * along[1]) <= radius
    found = in_stroke(points.all, stroke, radius, points.size)
    assert (found != expected).sum() <= 1  # hypot and the square may round a point on the rim differently


def test_a_polygon_of_two_corners_holds_nothing() -> None:
    assert not in_polygon(CLOUDS["usual"].all, np.array([[0.0, 0.0], [1.0, 1.0]]), 3000).any()


def test_points_without_a_place_are_in_no_lasso() -> None:
    points = MapPoints(np.array([0.0, np.nan, 0.5]), np.array([0.0, 0.1, 0.5]))
    around = np.array([[-1.0, -1.0], [2.0, -1.0], [2.0, 2.0], [-1.0, 2.0]])
    assert in_polygon(points.all, around, 3).tolist() == [True, False, True]


def test_simplified_stroke_keeps_close_to_the_drawn_one() -> None:
    angles = np.linspace(0, 2 * np.pi, 900, endpoint=False)
    drawn = np.column_stack([np.cos(angles), np.sin(angles)]) * 50 + 1000
    kept = simplified(drawn, 0.1)
    assert 8 <= len(kept) <= 64
    assert np.abs(np.hypot(*(kept - 1000).T) - 50).max() < 0.2


def test_a_wild_stroke_is_brought_to_at_most_sixty_four_corners() -> None:
    drawn = np.random.default_rng(0).random((2000, 2))
    assert len(simplified(drawn, 1e-6)) <= 64
