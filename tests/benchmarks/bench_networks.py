"""Text only, picture only, early, late and joint fusion, stacking: the same folds, families on one side.

Networks need TensorFlow (`make keras`); without it the others are measured alone. `--seeds 2` repeats with
other folds and other first weights; `--only joint` measures one network. Nothing is chosen here.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterable

import numpy as np

from prodlabel.core.progress import Progress
from prodlabel.learning.networks.plan import (
    JOINT,
    JOINT_USE,
    NETWORKS,
    PICTURE_NETWORK,
    NetworkSettings,
    what_is_missing,
)
from prodlabel.operations.compare import CompareSettings, compare_classifiers
from prodlabel.operations.findings import Findings
from prodlabel.operations.materials import Materials
from prodlabel.operations.networks import train_network_apart
from prodlabel.operations.train import TrainSettings
from prodlabel.project.project import Project
from tests.benchmarks.catalogues import real_products
from tests.benchmarks.figures import figure

TITLES = {
    JOINT: "Joint fusion (network)",
    JOINT_USE: "Joint fusion, USE learns too (network)",
    PICTURE_NETWORK: "Picture transfer learning (network)",
}
MINUTES = 10.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--only", choices=NETWORKS, action="append")
    arguments = parser.parse_args()
    materials = real_products()
    if materials is None:
        print("  The real products are not beside this checkout: nothing is measured.")
        return
    print(f"  {'':<40} accuracy        macro-F1        ECE      coverage at .99   realised")
    settings = {"families": CompareSettings(repeats=arguments.seeds)}
    with Project.open(materials.snapshot.folder, read_only=True) as project:
        contests = compare_classifiers(materials, settings, Findings(project), Progress())["families"]
    for contest in contests:
        show(contest.title, contest.accuracy, contest.macro_f1, contest.calibration, contest.coverage,
             contest.precision)  # fmt: skip
    if missing := what_is_missing():
        print(f"  {missing}")
        return
    for kind in arguments.only or (JOINT, PICTURE_NETWORK):
        measure(materials, kind, arguments.seeds)


def measure(materials: Materials, kind: str, seeds: int) -> None:
    found, taken = [], []
    for seed in range(seeds):
        started = time.perf_counter()
        settings = TrainSettings(seed=seed)
        outcome = train_network_apart(materials, settings, NetworkSettings(kind), Progress())
        taken.append(time.perf_counter() - started)
        assert outcome.evaluation is not None
        found.append(outcome.evaluation)
    names = ("accuracy", "macro_f1", "calibration", "coverage", "precision")
    show(TITLES[kind], *(np.concatenate([getattr(one, name) for one in found]) for name in names))
    trainings = NetworkSettings().folds + 1
    line = figure(
        f"minutes for {trainings} trainings and the maps",
        float(np.mean(taken)) / 60,
        "min",
        bar=f"< {MINUTES}",
    )
    print(line, flush=True)


def show(title: str, *figures: Iterable[float]) -> None:
    parts = []
    for values in figures:
        known = np.asarray(values, dtype=np.float64)
        known = known[~np.isnan(known)]
        spread = known.std(ddof=1) if len(known) > 1 else 0.0
        parts.append(f"{known.mean():.3f} ± {spread:.3f}" if len(known) else "-")
    print(f"  {title:<40} " + "   ".join(parts), flush=True)


if __name__ == "__main__":
    main()
