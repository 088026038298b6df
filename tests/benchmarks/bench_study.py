"""Times the whole feasibility study of the real products, and prints its figures beside their bars.

The study runs on all cores of this machine in a new project (or, after --, in the project that is named,
where it goes on from what was measured before: then the time says nothing). Nothing is tuned here.
"""

from __future__ import annotations

import sys
import tempfile
import threading
import time
from pathlib import Path

import psutil

from prodlabel.core.progress import Progress, ProgressState
from prodlabel.operations.full_study import FullStudy, full_study_of
from prodlabel.operations.importing import ImportSettings
from prodlabel.operations.protocol import ALL
from prodlabel.operations.report.methods import forecast_trial
from prodlabel.operations.spaces import FUSED, PICTURE, TEXT
from prodlabel.operations.study import open_or_create, study
from tests.benchmarks.bench_classifiers import show_classifiers
from tests.benchmarks.bench_clusters import (
    BARS,
    OWN_BARS,
    SECOND_LEVEL_BAR,
    show,
    show_head,
    show_not_measured,
)
from tests.benchmarks.figures import figure
from tests.conftest import SHARED

CATALOGUE = SHARED / "flipkart" / "flipkart_com-ecommerce_sample.csv"
BAR_S_PER_1000 = 900
LOOK_S = 0.5


class Memory:
    """The most memory that this process and those it started held together."""

    def __init__(self) -> None:
        self.most = 0
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._watch)
        self._thread.start()

    def _watch(self) -> None:
        own = psutil.Process()
        while not self._is_over.wait(LOOK_S):
            held = 0
            for one in (own, *own.children(recursive=True)):
                try:
                    held += one.memory_info().rss
                except psutil.NoSuchProcess:
                    continue
            self.most = max(self.most, held)

    def stop(self) -> None:
        """Look no more."""
        self._is_over.set()
        self._thread.join()


class Stages:
    """When each part of the study began."""

    def __init__(self) -> None:
        self.began = self._last = time.perf_counter()
        self._title = ""

    def __call__(self, state: ProgressState) -> None:
        if state.stage != self._title:
            now = time.perf_counter()
            if now - self._last > 5.0:
                print(f"    {now - self._last:>6.0f} s  {self._title}", flush=True)
            self._title, self._last = state.stage, now


def show_level_2(found: FullStudy) -> None:
    """Suggesting at the second level, falling back to the first."""
    if found.level_2 is None:
        return
    print(f"\nSecond level: {found.level_2.categories} categories, 5 folds x 2, families on one side;")
    print("  taken where 99 % are wished at each level (lower: 95 %)")
    for name, (mean, std) in found.level_2.figures.items():
        print(figure(name.replace("_", " "), mean, "", beside=f"± {std:.3f}"))


def show_curve(found: FullStudy) -> None:
    """The learning curve, its forecasts, and how far the forecast is from what was measured."""
    curve = found.learning_curve()
    if curve is None:
        return
    print("\nLearning curve (macro-F1; families on one side)")
    for labels, values in zip(curve.labels, curve.f1.T, strict=True):
        print(figure(f"with {labels} labels", float(values.mean()), "", beside=f"± {values.std(ddof=1):.3f}"))
    print("\n".join(f"  {curve.sentence(wish)}" for wish in (0.95, 0.96, 0.97)))
    trial = forecast_trial(curve.labels, curve.f1)
    if trial is not None:
        print(figure("forecast of the largest from the smaller, off by", abs(trial[0] - trial[1]), ""))


def show_clusters(found: FullStudy) -> None:
    """The whole table, the program's own, then the best pipeline of each encoder (chosen by the labels: a
    little too high)."""
    print()
    show_head()
    for row in found.rows:
        show(row)
    print()
    own = {row.field: row for row in found.rows if row.encoder == ALL}
    for field in (FUSED, TEXT, PICTURE):
        row = own[field]
        beside = f"± {row.ari.std:.3f}, 70 % draws {row.draws.mean:.3f} ± {row.draws.std:.3f}"
        print(figure(f"ARI, own, {field}", row.ari.mean, "", bar=f">= {OWN_BARS[field]}", beside=beside))
    level_2 = own[FUSED].level_2
    if level_2 is not None:
        beside = f"± {level_2.std:.3f}"
        print(figure("AMI, second level", level_2.mean, "", bar=f">= {SECOND_LEVEL_BAR}", beside=beside))
    for encoder, bar in BARS.items():
        rows = [row for row in found.rows if row.encoder == encoder]
        if rows:
            best = max(rows, key=lambda row: row.ari.mean)
            beside = f"± {best.ari.std:.3f}, {best.field}, {best.pipeline}"
            print(figure(f"ARI, {encoder}", best.ari.mean, "", bar=f">= {bar}", beside=beside))
    show_not_measured(found.rows)


def main() -> None:
    """Print time, memory and figures."""
    if not CATALOGUE.is_file():
        print("The real products are not beside this checkout: nothing is measured.")
        return
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(sys.argv[1]) if sys.argv[1:] else Path(temporary) / "study"
        memory, stages = Memory(), Stages()
        try:
            with open_or_create(folder) as project:
                settings = ImportSettings(CATALOGUE)
                study(project, settings, folder.with_name("study.html"), Progress(stages), is_full=True)
                seconds, found = time.perf_counter() - stages.began, full_study_of(project)
                count = len(project.columns)
        finally:
            memory.stop()
    assert found is not None
    bar = f"< {BAR_S_PER_1000 * count / 1000:.0f} s"
    print(figure(f"study --full, {count} products, CSV to HTML and PDF", seconds, bar=bar))
    print(figure("most memory, all its processes", memory.most / 2**20, "MB"))
    show_classifiers(found.contests)
    show_level_2(found)
    show_curve(found)
    show_clusters(found)


if __name__ == "__main__":
    main()
