"""How quick the map is: frames, the window's share of them, hover, lasso, recolour, load, beside
ScatterPlotItem.

Run `python -m tests.benchmarks.bench_map`. Times are wall-clock and depend on what else the machine does; the
ratios in the last column, measured in turns in one process, do not.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from functools import partial

if sys.platform.startswith("linux"):
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import cv2
import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QApplication

from prodlabel.core.palette import DARK
from prodlabel.core.selection import RowSet, SelectionMode
from prodlabel.gui.map.lasso import even_odd, in_polygon
from prodlabel.gui.map.picking import under_cursor
from prodlabel.gui.map.points import MapPoints, Placing
from prodlabel.gui.map.view import MapView
from tests.benchmarks.figures import figure

MILLION = 1_000_000
Cloud = tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.int64]]


def cloud(count: int, seed: int = 0) -> Cloud:
    """Clusters of different density with a halo, as layouts of catalogues are, in seven categories."""
    rng = np.random.default_rng(seed)
    middles = rng.normal(size=(60, 2)) * (8, 5)
    which = rng.integers(0, 60, count)
    spread = rng.gamma(2.0, 0.4, 60)[which]
    x, y = (middles[which, axis] + rng.normal(size=count) * spread for axis in (0, 1))
    category = np.where(rng.random(count) < 0.05, rng.integers(0, 7, count), which % 7)
    return x, y, category


def times_ms(work: Callable[[int], object], repeats: int) -> NDArray[np.float64]:
    work(0)
    taken = []
    for turn in range(repeats):
        begin = time.perf_counter()
        work(turn)
        taken.append((time.perf_counter() - begin) * 1e3)
    return np.array(taken)


def report(what: str, taken: NDArray[np.float64], target: float | None = None) -> None:
    p50, p95 = np.percentile(taken, [50, 95])
    verdict = "" if target is None else f"  target {target:g} ms: {'met' if p95 <= target else 'MISSED'}"
    print(f"{what:<52} p50 {p50:8.2f}  p95 {p95:8.2f} ms{verdict}")


def map_of(data: Cloud, width: int, height: int) -> MapView:
    x, y, category = data
    view = MapView(DARK)
    view.reduced_motion = True
    view.resize(width, height)
    view.set_points(x, y)
    view.set_colours(category, DARK.categories, category)
    view.show()
    QCoreApplication.processEvents()
    return view


def bench_frames(data: Cloud, name: str, width: int, height: int, target: float | None) -> None:
    """Whole frames, drawn and shown in one thread."""
    view = map_of(data, width, height)

    def show(_: int) -> None:
        view._draw_now()
        view.repaint()

    def pan(turn: int) -> None:
        view._camera = view.camera.panned(7 * (-1) ** turn, 3 * (-1) ** turn)
        show(turn)

    def zoom(turn: int) -> None:
        factor = 1.15 if turn % 40 < 20 else 1 / 1.15
        view._camera = view.camera.zoomed(factor, width * 0.4, height * 0.5)
        show(turn)

    report(f"{name}, {width} x {height}: frame while panning", times_ms(pan, 30), target)
    report(f"{name}, {width} x {height}: frame while zooming x1..x16", times_ms(zoom, 40), target)
    view.close()


def bench_window_share(data: Cloud, name: str) -> None:
    """What the window's thread spends per step while the worker draws."""
    view = map_of(data, 1600, 900)
    view.grab()
    waits: list[float] = []

    def step(turn: int) -> None:
        view._set_camera(view.camera.panned(7 * (-1) ** turn, 3))
        view.repaint()

    shares = []
    for turn in range(60):
        begin = time.perf_counter()
        step(turn)
        shares.append((time.perf_counter() - begin) * 1e3)
        until = time.perf_counter() + 0.016
        while time.perf_counter() < until:
            begin = time.perf_counter()
            QCoreApplication.processEvents()
            waits.append((time.perf_counter() - begin) * 1e3)
            time.sleep(0.001)
    report(f"{name}, 1600 x 900: window's share of a pan step", np.array(shares), 8.0)
    report(f"{name}, 1600 x 900: taking over fresh frames", np.array(waits))
    view.close()


def star(rng: np.random.Generator, corners: int) -> NDArray[np.float64]:
    angles = np.sort(rng.random(corners)) * 2 * np.pi
    reach = rng.uniform(1.0, 7.0) * rng.uniform(0.6, 1.0, corners)
    return rng.normal(size=2) * 3 + np.column_stack([np.cos(angles), np.sin(angles)]) * reach[:, None]


def drawn_by_hand(rng: np.random.Generator, corners: int) -> NDArray[np.float64]:
    """A closed stroke as a mouse leaves it: round with bulges, and never quite smooth."""
    angles = np.linspace(0, 2 * np.pi, corners, endpoint=False)
    bulges = sum(
        size * np.sin(many * angles + rng.random() * 6) for size, many in ((0.25, 2), (0.12, 5))
    ) + 0.01 * rng.normal(size=corners)
    reach = rng.uniform(1.0, 7.0) * (1 + bulges)
    return rng.normal(size=2) * 3 + np.column_stack([np.cos(angles), np.sin(angles)]) * reach[:, None]


def _lasso(points: MapPoints, stars: list[NDArray[np.float64]], turn: int) -> None:
    in_polygon(points.all, stars[turn], points.size)


def bench_exactness(x: NDArray[np.float64], y: NDArray[np.float64], rng: np.random.Generator) -> None:
    """Every answer of the lasso beside two exact tests: even-odd in doubles, and shapely's."""
    import shapely

    few = MapPoints(x[:3000], y[:3000])
    exact_x, exact_y = few.x.astype(np.float64), few.y.astype(np.float64)
    wrong = beside_shapely = simple = 0
    for turn in range(10_000):
        polygon = star(rng, int(rng.integers(3, 65 if turn % 20 else 500)))
        picked = in_polygon(few.all, polygon, few.size)
        wrong += int((picked != even_odd(exact_x, exact_y, polygon)).sum())
        shape = shapely.Polygon(polygon)
        if shape.is_valid:  # what crosses itself means something else to shapely
            shapely.prepare(shape)
            simple += 1
            beside_shapely += int((picked != shapely.contains_xy(shape, exact_x, exact_y)).sum())
    print(figure("lasso, 10,000 polygons: answers that differ", wrong, "of 30M", bar="<= 0"))
    beside = f"{simple:,} polygons that do not cross themselves"
    print(figure("beside shapely: answers that differ", beside_shapely, "", beside=beside, bar="<= 0"))


def bench_travel(data: Cloud, other: Cloud) -> None:
    """A frame while a million points travel to another layout, as the worker draws it."""
    view = map_of(data, 1600, 900)
    view.points.move_to(Placing.of(other[0], other[1]), travel=True)

    def travel(turn: int) -> None:
        view._travelled = (turn % 20) / 20
        view._draw_now()

    report("1M, 1600 x 900: frame while points travel", times_ms(travel, 20), 33.0)
    view.close()


def bench_picking(data: Cloud) -> None:
    x, y, category = data
    points = MapPoints(x, y)
    view = map_of(data, 1600, 900)
    rng = np.random.default_rng(5)
    cursors = rng.uniform((200, 100), (1400, 800), (200, 2))
    report(
        "1M: hover", times_ms(lambda k: under_cursor(view.points.shown, view.camera, *cursors[k]), 200), 1.0
    )
    for name, make, corners, target in (
        ("star", star, 64, 16.0),
        ("stroke by hand", drawn_by_hand, 500, 16.0),
        ("star", star, 500, None),
    ):
        drawn = [make(rng, corners) for _ in range(40)]
        taken = times_ms(partial(_lasso, points, drawn), 40)
        report(f"1M: lasso, a {name} of {corners} corners", taken, target)
    bench_exactness(x, y, rng)
    wheels = [((category + k) % 7).astype(np.uint8) for k in range(7)]

    def recolour(turn: int) -> None:
        view.points.set_colours(wheels[turn % 7])
        view._draw_now()

    report("1M: new colours for all, until drawn", times_ms(recolour, 15), 30.0)
    report(
        "1M: new colours for all, arrays alone",
        times_ms(lambda k: view.points.set_colours(category), 15),
        30.0,
    )
    chosen = RowSet(np.hypot(x, y) < 3)

    def select(turn: int) -> None:
        view.selection.pick(chosen if turn % 2 else ~chosen, SelectionMode.REPLACE)
        view._draw_now()

    report("1M: selection of many changes, until drawn", times_ms(select, 10))
    for reach in (1.2, 3.0):
        view.selection.replace(RowSet(np.hypot(x, y) < reach))
        count = view.selection.rows.count

        def pan(turn: int) -> None:
            view._camera = view.camera.panned(7 * (-1) ** turn, 3 * (-1) ** turn)
            view._draw_now()
            view.repaint()

        report(f"1M, {count:,} selected, 1600 x 900: pan", times_ms(pan, 30), 33.0)
    view.clear_selection()
    hidden = category == 2
    report("1M: filter, the window's share", times_ms(lambda k: view.points.set_hidden(hidden), 15), 8.0)
    report("1M: load (sorted by the grid)", times_ms(lambda _: MapPoints(x, y), 8), 300.0)
    view.close()


def bench_scatter_item(data: Cloud, name: str, turns: int) -> None:
    """ScatterPlotItem and the map draw in turns, so that whatever else runs slows both alike."""
    import pyqtgraph as pg

    x, y, category = data
    view = map_of(data, 1600, 900)
    widget = pg.PlotWidget()
    widget.resize(1600, 900)
    brushes = np.array([pg.mkBrush(colour) for colour in DARK.categories], dtype=object)
    begin = time.perf_counter()
    item = pg.ScatterPlotItem(x=x, y=y, size=5, pen=None, brush=brushes[category])
    widget.addItem(item)
    widget.show()
    QCoreApplication.processEvents()
    loaded = time.perf_counter() - begin

    def pan_theirs(turn: int) -> None:
        widget.getViewBox().translateBy(x=0.05 * (-1) ** turn)
        widget.viewport().repaint()

    def pan_ours(turn: int) -> None:
        view._camera = view.camera.panned(7 * (-1) ** turn, 3 * (-1) ** turn)
        view._draw_now()
        view.repaint()

    theirs, ours = [], []
    for _ in range(turns):
        theirs.append(times_ms(pan_theirs, 1)[0])
        ours.append(np.median(times_ms(pan_ours, 5)))
    report(f"{name}, 1600 x 900: ScatterPlotItem, pan", np.array(theirs))
    report(f"{name}, 1600 x 900: the map in the same turns", np.array(ours))
    ratio = float(np.median(np.array(theirs) / np.array(ours)))
    beside = f"it loaded in {loaded:.1f} s"
    bar = ">= 20" if len(x) >= MILLION else ""
    print(figure(f"{name}: ScatterPlotItem over the map, a frame", ratio, "x", beside=beside, bar=bar))
    widget.close()
    view.close()


def main() -> None:
    app = QApplication.instance() or QApplication([])
    print(f"{os.cpu_count()} cores, OpenCV threads {cv2.getNumThreads()}")
    thousands, million = cloud(100_000), cloud(MILLION)
    for data, name, small, large in ((thousands, "100k", None, None), (million, "1M", 16.7, 33.0)):
        bench_frames(data, name, 1000, 800, small)
        bench_frames(data, name, 1600, 900, large)
    bench_window_share(million, "1M")
    bench_travel(million, cloud(MILLION, seed=1))
    bench_picking(million)
    bench_scatter_item(thousands, "100k", 8)
    bench_scatter_item(million, "1M", 6)
    app.processEvents()


if __name__ == "__main__":
    main()
