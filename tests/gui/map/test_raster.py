"""What a frame shows: every point where it belongs, in its colour, whichever way it is drawn."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from numpy.typing import NDArray

from prodlabel.core.colour import rgb_of
from prodlabel.core.palette import DARK, LIGHT, Shape
from prodlabel.gui.map import raster as raster_module
from prodlabel.gui.map.camera import Camera
from prodlabel.gui.map.inks import Inks
from prodlabel.gui.map.points import MapPoints
from prodlabel.gui.map.raster import Canvas, Raster, Scene
from prodlabel.gui.map.sprites import disc_kernel, sprite


def scene_of(points: MapPoints, camera: Camera, radius: float = 4.0, palette=DARK) -> Scene:
    inks = Inks.of(palette, palette.categories)
    return Scene(camera, points.shown, points.context, points.selected, inks, radius)


def drawn(scene: Scene) -> NDArray[np.uint32]:
    canvas = Canvas(scene.camera.width, scene.camera.height)
    Raster().draw(scene, canvas)
    return canvas.visible.copy()


def word(colour: str) -> int:
    red, green, blue = rgb_of(colour)
    return 0xFF000000 | red << 16 | green << 8 | blue


CAMERA = Camera(0.0, 0.0, 10.0, 200, 100)


def test_a_point_lies_where_the_camera_says_in_its_colour() -> None:
    points = MapPoints(np.array([-5.0, 5.0]), np.array([2.0, -3.0]))
    points.set_colours(np.array([0, 3]))
    image = drawn(scene_of(points, CAMERA))
    for row, colour in ((0, 0), (1, 3)):
        px, py = CAMERA.to_pixel(points.x[row], points.y[row])
        assert image[int(py), int(px)] == word(DARK.categories[colour])
    assert image[0, 0] == word(DARK.map)


@pytest.mark.parametrize("budget", [raster_module.STAMP_BUDGET, 0], ids=["stamped", "inked"])
def test_both_ways_of_drawing_mark_the_same_places(budget: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(raster_module, "STAMP_BUDGET", budget)
    rng = np.random.default_rng(1)
    points = MapPoints(rng.uniform(-12, 12, 300), rng.uniform(-7, 7, 300))
    points.set_colours(rng.integers(0, 7, 300))
    touched = drawn(scene_of(points, CAMERA)) != word(DARK.map)
    for x, y in zip(points.x.tolist(), points.y.tolist(), strict=True):
        px, py = CAMERA.to_pixel(x, y)
        if 0 <= px < 200 and 0 <= py < 100:
            assert touched[int(py), int(px)]
    middles = np.array(
        [CAMERA.to_pixel(x, y) for x, y in zip(points.x.tolist(), points.y.tolist(), strict=True)]
    )
    for py, px in np.argwhere(touched):
        assert np.hypot(*(middles - (px + 0.5, py + 0.5)).T).min() < 8.0


@pytest.mark.parametrize("budget", [raster_module.STAMP_BUDGET, 0], ids=["stamped", "inked"])
def test_filtered_out_points_stay_as_faint_dots_below_the_others(
    budget: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(raster_module, "STAMP_BUDGET", budget)
    points = MapPoints(np.array([-5.0, 0.0, 0.01]), np.array([0.0, 0.0, 0.0]))
    points.set_hidden(np.array([True, True, False]))
    image = drawn(scene_of(points, CAMERA))
    faint = image[50, 50]
    assert image[50, 100] not in (word(DARK.map), faint)
    red, green, blue = (int(image[50, 50]) >> shift & 255 for shift in (16, 8, 0))
    ground = rgb_of(DARK.map)
    assert 5 < abs(red - ground[0]) + abs(green - ground[1]) + abs(blue - ground[2]) < 150


@pytest.mark.parametrize("palette", [DARK, LIGHT], ids=lambda p: p.name)
@pytest.mark.parametrize("budget", [raster_module.STAMP_BUDGET, 0], ids=["stamped", "inked"])
def test_selected_points_lie_on_top_with_an_outline(budget, palette, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(raster_module, "STAMP_BUDGET", budget)
    points = MapPoints(np.array([0.0, 0.02]), np.array([0.0, 0.0]))
    points.set_colours(np.array([0, 1]))
    points.set_selected(np.array([True, False]))
    image = drawn(scene_of(points, CAMERA, palette=palette))
    # Shares of body, rim and ground are rounded, so the rim's purest pixel is compared with a tolerance.
    wanted = np.array(rgb_of(palette.outline))
    nearest = min(
        int(np.abs(np.array([int(w) >> s & 255 for s in (16, 8, 0)]) - wanted).max())
        for w in np.unique(image)
    )
    assert nearest < 90


def test_selection_of_a_filtered_out_product_is_seen() -> None:
    points = MapPoints(np.array([0.0]), np.array([0.0]))
    points.set_hidden(np.array([True]))
    before = drawn(scene_of(points, CAMERA))
    points.set_selected(np.array([True]))
    assert (drawn(scene_of(points, CAMERA)) != before).sum() > 20


@pytest.mark.parametrize("budget", [raster_module.STAMP_BUDGET, 0], ids=["stamped", "inked"])
def test_same_scene_gives_the_same_frame(budget: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(raster_module, "STAMP_BUDGET", budget)
    rng = np.random.default_rng(3)
    points = MapPoints(rng.normal(size=5000), rng.normal(size=5000))
    points.set_colours(rng.integers(0, 7, 5000))
    scene = scene_of(points, replace(CAMERA, scale=30.0))
    assert np.array_equal(drawn(scene), drawn(scene))


def test_of_many_points_on_one_spot_no_category_always_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(raster_module, "STAMP_BUDGET", 0)
    rng = np.random.default_rng(3)
    count = 200_000
    points = MapPoints(rng.uniform(-9, 9, count), rng.uniform(-4, 4, count))
    points.set_colours(rng.integers(0, 7, count))
    scene = replace(scene_of(points, CAMERA, radius=1.0), inks=Inks.of(DARK, DARK.categories))
    image = drawn(scene)
    hues = {int(w): int(n) for w, n in zip(*np.unique(image[20:80, 30:170], return_counts=True), strict=True)}
    table = scene.inks.density_table().reshape(16, 256)
    shares = [
        sum(n for w, n in hues.items() if w in set(table[:, colour + 2].tolist())) for colour in range(7)
    ]
    assert max(shares) < 2 * min(shares)


def test_every_shape_covers_the_same_area_and_differs_from_the_others() -> None:
    stamps = [sprite(shape, 1, 5.0, 0.0, 0) for shape in Shape]
    areas = [stamp.body.sum() for stamp in stamps]
    assert max(areas) - min(areas) < 0.05 * np.pi * 25
    pictures = []
    for stamp in stamps:
        grid = np.zeros((25, 25))
        grid[stamp.dy + 12, stamp.dx + 12] = stamp.body
        pictures.append(grid)
    for k, one in enumerate(pictures):
        assert all(np.abs(one - other).sum() > 3 for other in pictures[k + 1 :])


def test_size_steps_grow() -> None:
    areas = [sprite(Shape.DISC, step, 4.0, 0.0, 0).body.sum() for step in range(4)]
    assert all(b > a * 1.5 for a, b in pairwise(areas))


def test_disc_kernel_of_half_a_pixel_is_one_pixel() -> None:
    assert disc_kernel(0.5).tolist() == [[1]]
    assert disc_kernel(1.0).tolist() == [[0, 1, 0], [1, 1, 1], [0, 1, 0]]


def test_travelling_points_are_drawn_on_their_way() -> None:
    points = MapPoints(np.array([-5.0]), np.array([0.0]))
    points.move(np.array([5.0]), np.array([0.0]), travel=True)
    halfway = drawn(replace(scene_of(points, CAMERA), travelled=0.5))
    assert halfway[50, 100] == word(DARK.categories[0])
    assert halfway[50, 50] == halfway[50, 150] == word(DARK.map)


@pytest.mark.parametrize("colours", [1, 7, 30, 252])
def test_ink_bytes_keep_colours_apart_from_empty_and_context(colours: int) -> None:
    points = MapPoints(np.arange(300.0), np.arange(300.0))
    points.set_colours(np.arange(300) % 252)
    inks = Inks.of(DARK, ["#123456"] * colours)
    ink = Raster()._ink_bytes(points.all, inks)
    slot = ink & ((1 << inks.ink_bits) - 1)
    assert slot.min() >= 2
    assert slot.max() < 2 + colours
