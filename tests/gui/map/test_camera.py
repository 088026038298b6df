"""Cameras: pixels to data and back, zoom that holds its point, pages of views."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prodlabel.gui.map.camera import Camera, CameraHistory

cameras = st.builds(
    Camera,
    st.floats(-100, 100),
    st.floats(-100, 100),
    st.floats(0.01, 1000),
    st.integers(1, 4000),
    st.integers(1, 4000),
)
pixels = st.floats(-100, 4000)


@given(cameras, pixels, pixels)
def test_pixels_come_back(camera: Camera, px: float, py: float) -> None:
    assert camera.to_pixel(*camera.to_data(px, py)) == pytest.approx((px, py), abs=1e-4)


@given(cameras, pixels, pixels, st.floats(0.1, 10))
def test_zoom_holds_what_is_under_the_cursor(camera: Camera, px: float, py: float, factor: float) -> None:
    under = camera.to_data(px, py)
    assert camera.zoomed(factor, px, py).to_pixel(*under) == pytest.approx((px, py), abs=1e-3)


@given(cameras, st.floats(-500, 500), st.floats(-500, 500))
def test_pan_pulls_the_content_along(camera: Camera, dx: float, dy: float) -> None:
    under = camera.to_data(10, 20)
    assert camera.panned(dx, dy).to_pixel(*under) == pytest.approx((10 + dx, 20 + dy), abs=1e-3)


def test_fitting_shows_all() -> None:
    camera = Camera.fitting((-3, -1, 5, 2), 800, 600)
    left, bottom, right, top = camera.bounds
    assert left < -3 < 5 < right
    assert bottom < -1 < 2 < top


def test_fitting_a_single_point_is_possible() -> None:
    assert Camera.fitting((1, 1, 1, 1), 800, 600).to_pixel(1, 1) == (400, 300)


def test_a_glide_starts_and_ends_where_it_should() -> None:
    near, far = Camera(0, 0, 10, 100, 100), Camera(5, 5, 200, 100, 100)
    assert near.between(far, 0.0) == near
    assert near.between(far, 1.0) == far
    assert 10 < near.between(far, 0.5).scale < 200


def test_back_and_forward_go_through_the_views() -> None:
    history = CameraHistory()
    first, second, third = (Camera(k, 0, 1, 10, 10) for k in range(3))
    history.leave(first)
    history.leave(second)
    assert history.back(third) == second
    assert history.back(second) == first
    assert not history.can_go_back
    assert history.back(first) == first
    assert history.forward(first) == second
    assert history.forward(second) == third
    assert not history.can_go_forward
    assert history.forward(third) == third


def test_a_new_view_forgets_what_lay_ahead() -> None:
    history = CameraHistory(most=2)
    for k in range(4):
        history.leave(Camera(k, 0, 1, 10, 10))
    assert history.back(Camera(9, 0, 1, 10, 10)) == Camera(3, 0, 1, 10, 10)
    history.leave(Camera(7, 0, 1, 10, 10))
    assert not history.can_go_forward


@given(st.integers(0, 2000), st.integers(0, 2000))
def test_a_map_that_is_squeezed_to_nothing_keeps_a_way_back(width: int, height: int) -> None:
    camera = Camera.fitting((-3.0, -2.0, 3.0, 2.0), width, height)
    assert camera.scale > 0
    again = camera.resized(800, 600)
    assert again.to_pixel(*again.to_data(10, 20)) == pytest.approx((10, 20))
