"""A window on a million made-up products: how long what a curator does holds it up, and the memory.

Run `python -m tests.benchmarks.bench_million [ROWS or PROJECT]`. A stall is what the GUI thread did not come
back to its event loop for; what it was busy itself stands beside it, since gaps hold whatever else the
machine does.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

if sys.platform.startswith("linux"):
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
import psutil
from PySide6.QtWidgets import QApplication

from prodlabel.core.labels import Status
from prodlabel.core.progress import Progress
from prodlabel.gui.application import Look, make_application
from prodlabel.gui.filters import STATUS, Filter
from prodlabel.gui.main_window import MainWindow
from prodlabel.gui.warm_up import warm_up
from prodlabel.operations.importing import ImportSettings, import_catalogue
from prodlabel.project.project import Project
from tests.benchmarks.bench_map import cloud
from tests.benchmarks.figures import figure
from tests.benchmarks.synthetic import write_catalogue
from tests.gui.stalls import StallWatch, told

REST_S = 0.6


def make_project(folder: Path, rows: int) -> Path:
    """Products with two layouts, clusters and suggestions that a random draw has made."""
    table = folder / "catalogue.csv"
    write_catalogue(table, rows)
    with Project.create(folder / "million", person="Ada") as project:
        import_catalogue(project, ImportSettings(table), Progress())
        columns, random = project.columns, np.random.default_rng(0)
        ids, count = columns.product_id, len(columns)
        for seed, name in enumerate(("fused", "text")):
            x, y, _ = cloud(count, seed)
            xy = np.column_stack([x, y]).astype(np.float32)
            project.results.save("layout", name, {"product_id": ids, "xy": xy})
        cells = (np.floor(x / 3) * 7 + np.floor(y / 3)).astype(np.int64)
        _, cluster = np.unique(cells, return_inverse=True)
        names = [f"word{number}, other{number}" for number in range(int(cluster.max()) + 1)]
        arrays = {"product_id": ids, "cluster": cluster.astype(np.int32)}
        project.results.save("clusters", "fused", arrays, settings={"names": names})
        leaves = np.unique(columns.category[columns.category > 0])
        drawn = leaves[random.integers(0, len(leaves), (count, 5))]
        is_right = (random.random(count) < 0.9) & (columns.category > 0)
        drawn[:, 0] = np.where(is_right, columns.category, drawn[:, 0])
        sure = np.clip(random.beta(6, 1.5, count), 0.01, 0.999)
        confidence = np.column_stack([sure, *([(1 - sure) / 5] * 4)]).astype(np.float32)
        arrays = {"product_id": ids, "category": drawn.astype(np.int32), "confidence": confidence}
        project.results.save("suggestions", "fusion", arrays, figures={"accuracy": 0.9})
        return project.folder


class Bench:
    """One window and what is measured in it."""

    def __init__(self, application: QApplication, window: MainWindow) -> None:
        self._application, self._window = application, window

    def spin(self, seconds: float, until: Callable[[], bool] = lambda: True) -> None:
        end = time.monotonic() + seconds
        while time.monotonic() < end or not until():
            self._application.processEvents()
            time.sleep(0.001)

    def step(
        self,
        name: str,
        act: Callable[[], object],
        until: Callable[[], bool] = lambda: True,
        bar: str = "< 50 ms",
    ) -> None:
        """Do it, wait for what follows, and say the longest stall."""
        with StallWatch() as watch:
            self.spin(0.02)
            act()
            self.spin(REST_S, until)
        busy = f"{watch.busiest.busy_ms:.0f} ms busy"
        print(figure(f"1M: {name}, longest stall", watch.worst.gap_ms, "ms", beside=busy, bar=bar))
        if watch.busiest.busy_ms >= 40:
            print(told(watch.longest(2)))


def bench(bench: Bench, window: MainWindow, folder: Path) -> None:
    begun = time.perf_counter()

    def is_open() -> bool:
        return window.workplace is not None and not window.workplace.session.is_reading

    bench.step("opening", lambda: window.open_project(folder), is_open, bar="")
    print(figure("1M: from opening to the map", time.perf_counter() - begun - REST_S))
    assert window.workplace is not None
    window.tasks.shut_down()  # reading all texts is not what is measured here
    place, session = window.workplace, window.workplace.session
    pane, columns = place.map, session.columns
    ids, at_rest = columns.product_id, lambda: not session.is_reading
    x, y = pane.view.points.x, pane.view.points.y
    near = np.argsort(np.hypot(x - 3, y))[:1000]
    bench.step("pan", lambda: pane.view._set_camera(pane.view.camera.panned(30, 10)))
    bench.step("zoom", lambda: pane.view.zoom_by(1.5))
    bench.step("select 1,000", lambda: session.select_rows(np.sort(near)))
    bench.step("look at one", lambda: session.look_at(int(ids[5000])))
    bench.step("propose", lambda: session.propose(int(session.styles.main[2].id)))
    bench.step("apply to 1,000", session.apply_plan, at_rest)
    bench.step("undo", session.undo, at_rest)
    bench.step("decide about one", lambda: session.mark(int(ids[77]), Status.FLAGGED), at_rest)
    many = np.arange(len(ids) * 3 // 20)
    bench.step("select 15 %", lambda: session.select_rows(many))
    bench.step("clear", session.selection.clear)
    bench.step("filter", lambda: session.narrow(session.filter.with_codes(STATUS, [1])))
    bench.step("show all", lambda: session.narrow(Filter()))
    for name in ("confidence", "cluster", "category"):
        at = pane.look.colour_by.findData(name)
        bench.step(f"colour by {name}", lambda at=at: pane.look.colour_by.setCurrentIndex(at))  # type: ignore[misc]
    bench.step("two maps", lambda: pane.split(["fused", "text"]))
    bench.step("a map travels", lambda: pane.sheets[0].chooser.setCurrentIndex(1))
    resident = psutil.Process().memory_info().rss / 2**30
    print(figure("1M: resident memory", resident, "GB", bar="< 2.5 GB"))


def main() -> None:
    given = sys.argv[1] if len(sys.argv) > 1 else "1000000"
    application = make_application(["prodlabel"])
    with TemporaryDirectory() as folder:
        project = make_project(Path(folder), int(given)) if given.isdigit() else Path(given)
        look = Look(application, Path(folder) / "settings")
        look.settings.set("tour_seen", True)
        window = MainWindow(look.settings, look.appearance)
        window.resize(1600, 900)
        window.show()
        warm_up().join()
        bench(Bench(application, window), window, project)
        window.close()
        window.deleteLater()


if __name__ == "__main__":
    main()
