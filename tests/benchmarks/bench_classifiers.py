"""Prints the classifiers compared on an encoded project: text, picture, early, late, stacked and ours.

Run as `python -m tests.benchmarks.bench_classifiers PROJECT`. Three settings: 5 folds x 3 with families on
one side, the same without, and 5 random splits in the studies' proportions (647 of 1,000 to train, 193 to
test). Figures are mean and standard deviation over folds; nothing is tuned here.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np

from prodlabel.core.progress import Progress
from prodlabel.operations.compare import CompareSettings, compare_classifiers
from prodlabel.operations.materials import Materials
from prodlabel.project.project import Project


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("project", type=Path)
    parser.add_argument("--repeats", type=int, default=3)
    arguments = parser.parse_args()
    with Project.open(arguments.project, read_only=True) as project:
        materials = Materials(project.snapshot())
        for title, settings in (
            ("5 folds, families on one side", CompareSettings(repeats=arguments.repeats)),
            ("5 folds, families apart", CompareSettings(repeats=arguments.repeats, is_grouped=False)),
            ("5 splits in the studies' proportions", CompareSettings(folds=0, is_grouped=False)),
        ):
            print(f"{title}\n{'':<40} accuracy       macro-F1       ECE     coverage at .99  realised")
            for one in compare_classifiers(materials, settings, Progress()):
                print(
                    f"{one.title:<40} {one.accuracy.mean():.4f} ± {one.accuracy.std():.3f} "
                    f"{one.macro_f1.mean():.4f} ± {one.macro_f1.std():.3f} {one.calibration.mean():.4f}  "
                    f"{one.coverage.mean():.3f} ± {one.coverage.std():.3f}   {np.nanmean(one.precision):.4f}"
                )


if __name__ == "__main__":
    main()
