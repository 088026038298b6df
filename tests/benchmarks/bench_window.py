"""How long the window lets its user wait: start, opening a project, and stalls while it studies a catalogue.

Run `python -m tests.benchmarks.bench_window [CATALOGUE]`. Without a catalogue the demo is drawn first. Gaps
are wall-clock and hold what else the machine does; processor time of the GUI thread stands beside them.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

if sys.platform.startswith("linux"):
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtWidgets import QApplication

from prodlabel.core.progress import Progress
from prodlabel.gui.application import Look, make_application
from prodlabel.gui.main_window import MainWindow
from prodlabel.gui.warm_up import warm_up
from prodlabel.project.project import Project
from tests.benchmarks.figures import figure
from tests.gui.stalls import StallWatch, told

PATIENCE_S = 900.0
_STARTS = 5
_START = """
import sys, time
from pathlib import Path
from prodlabel.gui.application import Look, make_application
from prodlabel.gui.main_window import MainWindow
application = make_application(["prodlabel"])
look = Look(application, Path(sys.argv[1]))
window = MainWindow(look.settings, look.appearance)
window.show()
application.processEvents()
window.grab()
print(time.process_time(), flush=True)
"""


def starts(folder: Path) -> list[tuple[float, float]]:
    """Seconds until its first picture, and processor seconds, of five processes; one before them warms up."""
    taken = []
    for _ in range(_STARTS + 1):
        begun = time.perf_counter()
        with subprocess.Popen(
            [sys.executable, "-c", _START, str(folder)], stdout=subprocess.PIPE, text=True
        ) as process:
            assert process.stdout is not None
            processor_s = float(process.stdout.readline())
            taken.append((time.perf_counter() - begun, processor_s))
    return taken[1:]


def wait(application: QApplication, until: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE_S
    while not until():
        application.processEvents()
        time.sleep(0.001)
        if time.monotonic() > end:
            raise TimeoutError("the window is still at work")


def study(application: QApplication, window: MainWindow, catalogue: Path, folder: Path) -> StallWatch:
    """Import, map, train and suggest in the window, as the start page does it."""
    window.show_project(Project.create(folder))
    window.messages.crashed.connect(print)
    has_ended: list[bool] = []
    window.messages.posted.connect(lambda message: has_ended.append("Suggestions" in message.text))
    with StallWatch() as watch:
        window.commands.study(catalogue)
        wait(application, lambda: any(has_ended) and not window.tasks.running)
        wait(application, lambda: window.workplace is None or not window.workplace.librarian.is_busy)
    return watch


def demo_catalogue(folder: Path) -> Path:
    from prodlabel.sources.demo import write_demo_catalogue

    return write_demo_catalogue(folder, progress=Progress())


def main() -> None:
    with TemporaryDirectory() as folder:
        taken, processor = zip(*starts(Path(folder) / "first"), strict=True)
        beside = f"{statistics.median(processor):.2f} s of processor, at most {max(taken):.2f} s"
        started = statistics.median(taken)
        print(figure("start to the first picture of the window", started, beside=beside, bar="< 2 s"))
        application = make_application(["prodlabel"])
        look = Look(application, Path(folder) / "settings")
        window = MainWindow(look.settings, look.appearance)
        window.show()
        warm_up().join()
        catalogue = Path(sys.argv[1]) if len(sys.argv) > 1 else demo_catalogue(Path(folder) / "catalogue")
        project = Path(folder) / "bench.prodlabel"
        begun = time.perf_counter()
        watch = study(application, window, catalogue, project)
        print(figure("import, maps, training, suggestions", time.perf_counter() - begun))
        print(figure("longest stall meanwhile", watch.worst.gap_ms, "ms", bar="< 50 ms"))
        busy = watch.busiest.busy_ms
        print(figure("longest the window worked without a look", busy, "ms", bar="< 50 ms"))
        print(told(watch.longest(8)))
        window.close_project()
        begun = time.perf_counter()
        window.open_project(project)
        window.grab()
        print(figure("open it and paint", time.perf_counter() - begun, bar="< 1 s"))
        window.close()
        window.deleteLater()


if __name__ == "__main__":
    main()
