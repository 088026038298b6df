"""Prints how a simulated curator fares in the real window: from 7 labels a category on the 703 real products,
with keys alone, through three trainings, until every product is labelled.

A decision is a key that decides a card or a batch, or takes a product out of a batch. Pictures of the window
at each stage are put beside the cached catalogues.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

if sys.platform.startswith("linux") and not os.environ.get("DISPLAY"):
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from prodlabel.gui.application import Look
from prodlabel.gui.main_window import MainWindow
from prodlabel.project.project import Project
from tests.benchmarks.catalogues import CACHE, real_products
from tests.benchmarks.figures import figure
from tests.gui.stalls import StallWatch, told
from tests.journeys.curator import Curator
from tests.journeys.test_learning_journey import TO_BEGIN_WITH, forget_all_but

ROUNDS = (30, 40, 50)
"""Decisions before each training but the first."""
PICTURES = CACHE / "journey"


def main() -> None:
    """Play the day and print the table."""
    materials = real_products()
    if materials is None:
        print("The real products are not beside this checkout: nothing is measured.")
        return
    application = QApplication.instance() or QApplication([])
    assert isinstance(application, QApplication)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "shop.prodlabel"
        shutil.copytree(materials.snapshot.folder, folder)
        look = Look(application, Path(place) / "settings")
        for name, value in (("tour_seen", True), ("motion", "off"), ("language", "en"), ("retrain_after", 0)):
            look.settings.set(name, value)
        look.settings.set("retrain_minutes", 0)
        window = MainWindow(look.settings, look.appearance)
        window.resize(1400, 900)
        window.show()
        try:
            play(window, folder)
        finally:
            window.close()


def play(window: MainWindow, folder: Path) -> None:
    """From the first key to the last label."""
    project = Project.open(folder, person="Ada")
    truth = forget_all_but(project, TO_BEGIN_WITH, seed=0)
    window.show_project(project)
    curator = Curator(window, truth)
    curator.wait_for(lambda: not window.tasks.running)
    began = time.perf_counter()
    with StallWatch() as watch:
        curator.press(Qt.Key.Key_2, Qt.KeyboardModifier.AltModifier)
        curator.train()
        for decisions in ROUNDS:
            picture(window, f"{curator.trainings}-cards")
            curator.review(decisions)
            curator.train()
        while curator.review(50):
            pass
        picture(window, "9-done")
        QTest.qWait(50)
    tell(curator, project, truth, watch, time.perf_counter() - began)


def picture(window: MainWindow, name: str) -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    window.grab().save(str(PICTURES / f"{name}.png"))


def tell(
    curator: Curator, project: Project, truth: dict[str, int], watch: StallWatch, seconds: float
) -> None:
    """The table."""
    category = project.columns.category
    names = [text.name for text in project.texts(np.arange(len(category)).tolist())]
    right = np.array([truth[name] == int(one) for name, one in zip(names, category.tolist(), strict=True)])
    one_by_one = len(category) - TO_BEGIN_WITH * len(set(truth.values()))
    print(figure("labelled", float((category != 0).mean()), "", bar=">= 1"))
    print(figure("labelled rightly", float(right.mean()), "", bar=">= 0.97"))
    aside = f"one by one {one_by_one}"
    print(figure("decisions, vetoes included", curator.decisions, "", bar="<= 300", beside=aside))
    print(figure("keys of all kinds", curator.keys, "", beside=f"{curator.batches} batches"))
    print(figure("trainings after the first", curator.trainings - 1, "", bar=">= 3"))
    answers = np.array(curator.answer_ms)
    aside = f"median {np.median(answers):.1f} ms"
    print(
        figure(
            "next card after a key, 95 %", float(np.quantile(answers, 0.95)), "ms", bar="< 30", beside=aside
        )
    )
    print(figure("longest the window worked without a look", watch.busiest.busy_ms, "ms", bar="< 50",
                 beside=f"with other programs {watch.worst.gap_ms:.0f} ms"))  # fmt: skip
    print(figure("the whole day", seconds, "s"))
    print(told(watch.longest(5)))


if __name__ == "__main__":
    main()
