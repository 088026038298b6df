"""Times the whole feasibility study of the real products, and prints its figures beside their bars.

The study runs on all cores of this machine in a new project (or, after --, in the project that is named,
where it goes on from what was measured before: then the time says nothing). Nothing is tuned here.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from prodlabel.core.progress import Progress
from prodlabel.operations.compare import Contest
from prodlabel.operations.full_study import FullStudy, full_study_of
from prodlabel.operations.importing import ImportSettings
from prodlabel.operations.layout import FUSED, PICTURE, TEXT
from prodlabel.operations.protocol import ALL
from prodlabel.operations.study import open_or_create, study
from tests.benchmarks.bench_clusters import BARS, OWN_BARS, SECOND_LEVEL_BAR
from tests.benchmarks.figures import figure
from tests.conftest import SHARED

CATALOGUE = SHARED / "flipkart" / "flipkart_com-ecommerce_sample.csv"
BAR_S = 900
BARS_OF_CLASSIFIERS = (
    ("apart", "fusion", "accuracy", ">= 0.965"),
    ("apart", "text", "accuracy", ""),
    ("apart", "picture", "accuracy", ">= 0.88"),
    ("apart", "early", "accuracy", ""),
    ("apart", "early-scaled", "accuracy", ""),
    ("apart", "late", "accuracy", ""),
    ("apart", "stacked", "accuracy", ""),
    ("families", "fusion", "accuracy", ">= 0.945"),
    ("families", "picture", "accuracy", ""),
    ("families", "fusion", "macro_f1", ""),
    ("families", "fusion", "calibration", "<= 0.02"),
    ("families", "fusion", "coverage", ">= 0.90"),
    ("families", "fusion", "precision", ">= 0.985"),
    ("splits", "fusion", "accuracy", "> 0.803"),
)


def show_classifiers(found: FullStudy) -> None:
    """Every figure that has a bar, and the alternatives on the same folds."""
    for setting, name, what, bar in BARS_OF_CLASSIFIERS:
        contests: dict[str, Contest] = {one.name: one for one in found.contests[setting]}
        values = getattr(contests[name], what)
        spread = f"± {np.nanstd(values, ddof=1):.3f}"
        print(figure(f"{what} of {name}, {setting}", float(np.nanmean(values)), "", bar=bar, beside=spread))


def show_clusters(found: FullStudy) -> None:
    """The program's own, then the best pipeline of each encoder (chosen by the labels: a little too high)."""
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


def main() -> None:
    """Print time and figures."""
    if not CATALOGUE.is_file():
        print("The real products are not beside this checkout: nothing is measured.")
        return
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(sys.argv[1]) if sys.argv[1:] else Path(temporary) / "study"
        with open_or_create(folder) as project:
            began = time.perf_counter()
            settings = ImportSettings(CATALOGUE)
            study(project, settings, folder.with_name("study.html"), Progress(), is_full=True)
            print(figure("study --full, 703 products", time.perf_counter() - began, bar=f"< {BAR_S} s"))
            found = full_study_of(project)
    assert found is not None
    show_classifiers(found)
    show_clusters(found)


if __name__ == "__main__":
    main()
