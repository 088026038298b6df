"""Prints whether a promised precision is kept: realised overall and per category, 5 folds x 3 seeds, families
on one side and apart, beside one line for all categories without a margin.

Nothing is tuned here. The drawn catalogue is held against its true categories, not its labels, some of which
are wrong on purpose.
"""

from __future__ import annotations

import csv

import numpy as np

from prodlabel.core.progress import Progress
from prodlabel.learning.evaluation import folds
from prodlabel.learning.fusion import FusionClassifier
from prodlabel.learning.noise import suspected
from prodlabel.learning.thresholds import NEVER, accepted_by, choose_thresholds
from prodlabel.operations.materials import Materials
from prodlabel.operations.train import labels_at, make_views
from tests.benchmarks.catalogues import CACHE, drawn_products, real_products
from tests.benchmarks.figures import figure

PROMISES = (0.98, 0.99)


def plain_line(probabilities: np.ndarray, target: np.ndarray, precision: float) -> np.ndarray:
    """One threshold for all categories, where the share of errors is just right: no margin."""
    order = np.argsort(-probabilities.max(axis=1), kind="stable")
    wrong = np.cumsum(probabilities.argmax(axis=1)[order] != target[order])
    good = np.flatnonzero(wrong <= (1.0 - precision) * np.arange(1, len(order) + 1))
    line = probabilities.max(axis=1)[order[good[-1]]] if len(good) else NEVER
    return np.full(probabilities.shape[1], line)


def true_categories(materials: Materials) -> np.ndarray:
    """(n,) ids of the categories in which the drawn products really belong."""
    with (CACHE / "drawn" / "truth.csv").open(encoding="utf-8", newline="") as file:
        name_of = {row["key"]: row["true category"] for row in csv.DictReader(file)}
    snapshot = materials.snapshot
    with snapshot.reader() as reader:
        keys = [texts.key for texts in reader.all_texts()]
    ids = {
        category.name: category.id
        for category in snapshot.taxonomy
        if snapshot.taxonomy.level(category.id) == 1
    }
    return np.array([ids.get(name_of[key], 0) for key in keys])


def bench(title: str, materials: Materials, truth: np.ndarray, *, is_grouped: bool) -> None:
    progress = Progress()
    label = labels_at(materials, 1)
    rows = np.flatnonzero(label > 0)
    views = make_views(materials, progress).take(rows)
    family = materials.families(progress)[rows]
    classes, target = np.unique(label[rows], return_inverse=True)
    real = np.searchsorted(classes, truth[rows])
    taken = {(way, p): np.zeros((2, len(classes))) for way in ("ours", "plain") for p in PROMISES}
    count = 0
    for _, train, test in folds(target, 5, 3, 0, family if is_grouped else None):
        classifier = FusionClassifier().fit(views.take(train), target[train], groups=family[train])
        held_out = classifier.held_out_probabilities_
        kept = ~suspected(held_out, target[train], classifier.noise_)
        probabilities = classifier.predict_proba(views.take(test))
        said = probabilities.argmax(axis=1)
        count += len(test)
        for (way, p), sums in taken.items():
            choose = choose_thresholds if way == "ours" else plain_line
            is_in = accepted_by(probabilities, choose(held_out[kept], target[train][kept], p))
            sums[0] += np.bincount(said[is_in], minlength=len(classes))
            sums[1] += np.bincount(said[is_in & (said == real[test])], minlength=len(classes))
    name = f"{title}, families {'on one side' if is_grouped else 'apart'}"
    for p in PROMISES:
        (all_in, right), (plain_in, plain_right) = taken["ours", p], taken["plain", p]
        aside = f"one line without margin {plain_right.sum() / plain_in.sum():.4f}"
        print(
            figure(
                f"{name}: realised at {p}",
                right.sum() / all_in.sum(),
                "",
                bar=f">= {p - 0.005:.3f}",
                beside=aside,
            )
        )
        bar = ">= 0.90" if p == 0.98 and title == "real" and not is_grouped else ""
        aside = f"one line without margin {plain_in.sum() / count:.3f}"
        print(figure(f"{name}: covered at {p}", all_in.sum() / count, "", bar=bar, beside=aside))
        with np.errstate(invalid="ignore"):
            each = " ".join(f"{share:.3f}" for share in right / all_in)
        print(f"    per category: {each}")


def main() -> None:
    """Print the table."""
    materials = real_products()
    if materials is None:
        print("The real products are not beside this checkout: only the drawn ones are measured.")
    else:
        for is_grouped in (False, True):
            bench("real", materials, labels_at(materials, 1), is_grouped=is_grouped)
    drawn = drawn_products()
    bench("drawn", drawn, true_categories(drawn), is_grouped=True)


if __name__ == "__main__":
    main()
