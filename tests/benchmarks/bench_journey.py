"""Prints how a simulated curator fares in the real window: from 7 labels a category on the 703 real products,
with keys alone, through three trainings, until every product is labelled.

A decision is a key that decides a card or a batch, takes a product out of a batch, or accepts all above the
line. Run with `--seeds N` for other draws of the first labels, with `--display` for a window on an X server
of its own (Xvfb) whose keys xdotool presses from outside. Pictures of the window at each stage are put beside
the cached catalogues. Nothing is tuned here; one after the other, each product by its own key, is what stands
beside the decisions.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np

if sys.platform.startswith("linux") and not os.environ.get("DISPLAY"):
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from typing_extensions import override

from prodlabel.gui.application import Look
from prodlabel.gui.main_window import MainWindow
from prodlabel.gui.warm_up import warm_up
from prodlabel.project.project import Project
from tests.benchmarks.catalogues import CACHE, real_products
from tests.benchmarks.figures import figure
from tests.gui.stalls import Stall, StallWatch, told
from tests.journeys.curator import PER_CATEGORY, Curator, click, forget_all_but, labelled_and_right

ROUNDS = (40, 60, 80)
"""Decisions before each training but the first: few while suggestions are poor, more as they are better."""
CHECKED = 40
"""Decisions at most about accepted suggestions that the last training finds probably wrong."""
PICTURES = CACHE / "journey"
SIZE = (1400, 900)


_KEYSYMS = {
    Qt.Key.Key_Up: "Up", Qt.Key.Key_Down: "Down", Qt.Key.Key_Left: "Left", Qt.Key.Key_Right: "Right",
    Qt.Key.Key_PageDown: "Next", Qt.Key.Key_Return: "Return",
}  # fmt: skip
_MODIFIERS = {
    Qt.KeyboardModifier.NoModifier: "",
    Qt.KeyboardModifier.ControlModifier: "ctrl+",
    Qt.KeyboardModifier.AltModifier: "alt+",
}


class XHands(QObject):
    """Presses keys by xdotool, as a person does: they come in through the X server."""

    def __init__(self) -> None:
        super().__init__()
        self._waits_for: Qt.Key | None = None

    def __call__(self, window: MainWindow, key: Qt.Key, modifier: Qt.KeyboardModifier) -> None:
        name = _MODIFIERS[modifier] + _KEYSYMS.get(key, chr(key).lower() if key < 256 else "")
        self._waits_for, ends = key, time.monotonic() + 10
        handle = window.windowHandle()
        handle.installEventFilter(self)
        with subprocess.Popen(["xdotool", "key", name]) as process:
            while self._waits_for is not None or process.poll() is None:
                assert time.monotonic() < ends, f"the key {name} did not arrive"
                QTest.qWait(1)
        handle.removeEventFilter(self)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        is_release = event.type() == QEvent.Type.KeyRelease and isinstance(event, QKeyEvent)
        if is_release and event.key() == self._waits_for:  # type: ignore[attr-defined]
            self._waits_for = None
        return False


@contextmanager
def opened(folder: Path) -> Iterator[MainWindow]:
    """A window with settings of its own, without tour, motion, and trainings that start by themselves."""
    application = QApplication.instance() or QApplication([])
    assert isinstance(application, QApplication)
    look = Look(application, folder / "settings")
    wanted = {"tour_seen": True, "motion": "off", "language": "en", "retrain_after": 0, "retrain_minutes": 0}
    for name, value in wanted.items():
        look.settings.set(name, value)
    window = MainWindow(look.settings, look.appearance)
    window.resize(*SIZE)
    window.show()
    window.activateWindow()
    QTest.qWaitForWindowActive(window)
    try:
        yield window
    finally:
        window.close()
        window.deleteLater()
        look.appearance.deleteLater()
        look.deleteLater()


class Day:
    """One day of one curator, from the first key to the last label."""

    def __init__(self, window: MainWindow, project: Project, seed: int, hands: XHands | None) -> None:
        self.window, self.project, self.seed = window, project, seed
        self.truth = forget_all_but(project, PER_CATEGORY, seed)
        window.show_project(project)
        self.curator = Curator(window, self.truth, hands or click)
        self.stalls: list[Stall] = []
        self.announced = 0.0
        self._is_real = hands is not None
        self.curator.wait_for(lambda: not window.tasks.running)

    def live(self) -> None:
        began = time.perf_counter()
        curator = self.curator
        with self._watched():
            curator.go_to_review()
            curator.train()
        self._picture("1-first-cards")
        for number, decisions in enumerate(ROUNDS):
            with self._watched():
                curator.review("needs-label", decisions)
            self._picture(f"{number + 2}-cards")
            with self._watched():
                curator.train()
        with self._watched():
            self.announced = curator.lower_the_line()
        self._picture("5-the-line")
        with self._watched():
            curator.accept_above_the_line()
        self._picture("6-accepted")
        self.before_check = labelled_and_right(self.project, self.truth)[1]
        with self._watched():
            curator.train()
            curator.review("probably-wrong", CHECKED)
        self._picture("7-done")
        self.seconds = time.perf_counter() - began

    @contextmanager
    def _watched(self) -> Iterator[None]:
        """Stalls count, but for those of taking pictures."""
        with StallWatch() as watch:
            yield
            QTest.qWait(20)
        self.stalls += watch.stalls

    def _picture(self, name: str) -> None:
        if self.seed:
            return
        PICTURES.mkdir(parents=True, exist_ok=True)
        QTest.qWait(300)
        screen = self.window.screen()
        shot = screen.grabWindow(0) if self._is_real else self.window.grab()
        shot.save(str(PICTURES / f"{'display-' if self._is_real else ''}{name}.png"))

    def tell(self) -> tuple[float, int]:
        """Print the table; accuracy and decisions."""
        curator = self.curator
        labelled, right = labelled_and_right(self.project, self.truth)
        count = len(self.truth) - PER_CATEGORY * len(set(self.truth.values()))
        total, kinds = curator.decisions.total(), ", ".join(f"{n} {k}" for k, n in curator.decisions.items())
        print(f"seed {self.seed}: {kinds}; {curator.keys} keys, {self.seconds:.0f} s")
        print(figure("labelled", labelled, "", bar=">= 1"))
        aside = f"before the last check {self.before_check:.4f}"
        print(figure("labelled rightly", right, "", bar=">= 0.97", beside=aside))
        aside = f"one by one {count}"
        print(figure("decisions, vetoes included", total, "", bar="<= 300", beside=aside))
        print(figure("trainings after the first", curator.trainings - 1, "", bar=">= 3"))
        wrong = round((1 - self.before_check) * len(self.truth))
        print(
            figure(
                "errors announced when all were accepted", self.announced, "", beside=f"there were {wrong}"
            )
        )
        if not self._is_real:
            answers = np.array(curator.answer_ms)
            aside = f"median {np.median(answers):.1f}, longest {answers.max():.0f} ms"
            late = float(np.quantile(answers, 0.95))
            print(figure("next card after a key, 95 %", late, "ms", bar="< 30", beside=aside))
        busiest = max((one.busy_ms for one in self.stalls), default=0.0)
        gap = max((one.gap_ms for one in self.stalls), default=0.0)
        aside = f"with other programs {gap:.0f} ms"
        print(figure("longest the window worked without a look", busiest, "ms", bar="< 50", beside=aside))
        print(told(sorted(self.stalls, key=lambda one: -one.busy_ms)[:4]), flush=True)
        return right, total


def play(project_folder: Path, seeds: range, *, is_real: bool) -> None:
    """The days of all seeds, each with a copy of the project."""
    figures = []
    application = QApplication.instance() or QApplication([])
    assert isinstance(application, QApplication)
    hands = XHands() if is_real else None
    warm_up().join()
    for seed in seeds:
        with tempfile.TemporaryDirectory() as place:
            folder = Path(place) / "shop.prodlabel"
            shutil.copytree(project_folder, folder)
            with opened(Path(place)) as window:
                day = Day(window, Project.open(folder, person="Ada"), seed, hands)
                day.live()
                figures.append(day.tell())
    right, decisions = np.array([one[0] for one in figures]), np.array([one[1] for one in figures])
    aside = f"least {right.min():.4f}, decisions {decisions.mean():.0f}"
    print(figure(f"labelled rightly, mean of {len(figures)}", right.mean(), "", bar=">= 0.97", beside=aside))


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--display", action="store_true", help="a real window on an X server of its own")
    arguments = parser.parse_args()
    materials = real_products()
    if materials is None:
        print("The real products are not beside this checkout: nothing is measured.")
        return
    if not arguments.display:
        play(materials.snapshot.folder, range(arguments.seeds), is_real=False)
        return
    read, write = os.pipe()
    size = f"{SIZE[0]}x{SIZE[1]}x24"
    command = ["Xvfb", "-displayfd", str(write), "-screen", "0", size, "-nolisten", "tcp"]
    with subprocess.Popen(command, pass_fds=[write], stderr=subprocess.DEVNULL) as server:
        os.close(write)
        with os.fdopen(read) as told_by_server:
            os.environ |= {"DISPLAY": f":{told_by_server.readline().strip()}", "QT_QPA_PLATFORM": "xcb"}
        try:
            play(materials.snapshot.folder, range(arguments.seeds), is_real=True)
        finally:
            server.terminate()


if __name__ == "__main__":
    main()
