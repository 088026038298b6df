"""Prints the classifiers compared on the real products: text, picture, early, late, stacked and ours.

Four settings: 5 folds x 3 and 5 random splits in the studies' proportions (647 of 1,000 to train, 193 to
test), each with families on one side and without. Figures are mean and standard deviation over folds; nothing
is tuned here. The bars are those of the published studies and of a trial on the same products.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from prodlabel.core.progress import Progress
from prodlabel.learning.contestants import STUDIES
from prodlabel.operations.compare import SETTINGS, TEXTS_OF_THE_STUDIES, Contest, compare_classifiers
from prodlabel.operations.encode import encode
from prodlabel.operations.findings import Findings
from prodlabel.project.project import Project
from tests.benchmarks.catalogues import real_products
from tests.benchmarks.figures import figure

Tables = Mapping[str, Sequence[Contest]]

HOW = {
    "families": "5 folds x 3, families on one side",
    "families-splits": "64.7 % to train, 19.3 % to test, x 5, families on one side",
    "apart": "5 folds x 3, families torn apart (as the trial split)",
    "splits": "64.7 % to train, 19.3 % to test, x 5 (as the studies split)",
}
BARS = (
    ("apart", "fusion", "accuracy", ">= 0.965"),
    ("apart", "picture", "accuracy", ">= 0.88"),
    ("families", "fusion", "accuracy", ">= 0.945"),
    ("families-splits", "fusion", "accuracy", ">= 0.945"),
    ("splits", "fusion", "accuracy", "> 0.803"),
    ("splits", STUDIES, "accuracy", ""),
    ("apart", "fusion", "calibration", "<= 0.02"),
    ("families", "fusion", "calibration", "<= 0.02"),
    ("apart", "fusion", "precision", ">= 0.985"),
    ("apart", "fusion", "coverage", ">= 0.90"),
    ("apart", "fusion", "lower_precision", ">= 0.985"),
    ("apart", "fusion", "lower_coverage", ">= 0.90"),
    ("families", "fusion", "precision", ">= 0.985"),
    ("families", "fusion", "coverage", ">= 0.90"),
)
WORDS = {
    "precision": "realised at 99 %", "coverage": "taken at 99 %",
    "lower_precision": "realised at 98 %", "lower_coverage": "taken at 98 %",
}  # fmt: skip


def spread(values: np.ndarray) -> str:
    """Mean and standard deviation of what is known."""
    known = values[~np.isnan(values)]
    if not len(known):
        return "-"
    return f"{known.mean():.3f} ± {known.std(ddof=1) if len(known) > 1 else 0.0:.3f}"


def show_classifiers(tables: Tables) -> None:
    """The tables, then every figure that has a bar."""
    columns = ("accuracy", "macro-F1", "ECE", "taken at 99 %", "right", "taken at 98 %", "right")
    head = "  ".join(f"{one:<13}" for one in columns)
    for setting, contests in tables.items():
        print(f"\n{HOW[setting]}\n{'':<52}{head}")
        for one in contests:
            values = (
                one.accuracy, one.macro_f1, one.calibration, one.coverage, one.precision,
                one.lower_coverage, one.lower_precision,
            )  # fmt: skip
            print(f"{one.title:<52}" + "  ".join(spread(some) for some in values))
    print()
    for setting, name, what, bar in BARS:
        if setting not in tables or not any(one.name == name for one in tables[setting]):
            print(f"  not measured: {what} of {name}, {setting} {bar}".rstrip())
            continue
        values = getattr(_named(tables, setting, name), what)
        title = f"{WORDS.get(what, what)} of {name}, {setting}"
        print(figure(title, float(np.nanmean(values)), "", bar=bar, beside=spread(values)))
    for setting in tables:
        fused, text = (_named(tables, setting, name).accuracy for name in ("fusion", "text"))
        beside = f"{spread(fused)} and {spread(text)}"
        print(
            figure(
                f"fused less text alone, {setting}",
                float((fused - text).mean()),
                "",
                bar=">= 0",
                beside=beside,
            )
        )
    together, apart = (_named(tables, one, "fusion").accuracy.mean() for one in ("families", "apart"))
    print(figure("leak: families apart less on one side", float(apart - together), ""))


def _named(tables: Tables, setting: str, name: str) -> Contest:
    return next(one for one in tables[setting] if one.name == name)


def main() -> None:
    """Measure and print."""
    materials = real_products()
    if materials is None:
        print("The real products are not beside this checkout: nothing is measured.")
        return
    # What the early fusion of the studies sees of the texts.
    encode(materials.snapshot, (TEXTS_OF_THE_STUDIES,), Progress())
    with Project.open(materials.snapshot.folder, read_only=True) as project:
        show_classifiers(compare_classifiers(materials, SETTINGS, Findings(project), Progress()))


if __name__ == "__main__":
    main()
