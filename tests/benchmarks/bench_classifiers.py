"""Prints the classifiers compared on the real products: text, picture, early, late, stacked and ours.

Three settings: 5 folds x 3 with families on one side, the same without, and 5 random splits in the studies'
proportions (647 of 1,000 to train, 193 to test). Figures are mean and standard deviation over folds; nothing
is tuned here. The bars are those of the published studies and of a trial on the same products.
"""

from __future__ import annotations

import numpy as np

from prodlabel.core.progress import Progress
from prodlabel.operations.compare import SETTINGS, compare_classifiers
from prodlabel.operations.findings import Findings
from prodlabel.project.project import Project
from tests.benchmarks.catalogues import real_products
from tests.benchmarks.figures import verdict

BARS = {
    ("families", "fusion"): ">= 0.945", ("apart", "fusion"): ">= 0.965", ("apart", "picture"): ">= 0.88",
}  # fmt: skip


def main() -> None:
    """Print the three tables."""
    materials = real_products()
    if materials is None:
        print("The real products are not beside this checkout: nothing is measured.")
        return
    with Project.open(materials.snapshot.folder, read_only=True) as project:
        tables = compare_classifiers(materials, SETTINGS, Findings(project), Progress())
    for setting, contests in tables.items():
        print(f"{setting}\n{'':<52} accuracy       macro-F1       ECE     coverage at .99  realised")
        for one in contests:
            accuracy, bar = float(one.accuracy.mean()), BARS.get((setting, one.name), "")
            print(
                f"{one.title:<52} {accuracy:.4f} ± {one.accuracy.std():.3f} "
                f"{one.macro_f1.mean():.4f} ± {one.macro_f1.std():.3f} {one.calibration.mean():.4f}  "
                f"{one.coverage.mean():.3f} ± {one.coverage.std():.3f}   {np.nanmean(one.precision):.4f}  "
                f"{bar:<10} {verdict(accuracy, bar)}".rstrip()
            )


if __name__ == "__main__":
    main()
