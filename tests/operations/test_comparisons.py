"""Classifiers compared on the same splits, and the second level with the first to fall back to."""

from __future__ import annotations

import numpy as np
import pytest

from prodlabel.analysis.blocks import unit_rows
from prodlabel.learning.contestants import STUDIES
from prodlabel.learning.features import Views
from prodlabel.operations.compare import FIGURES, CompareSettings, Task, _splits, measure_contest
from prodlabel.operations.level_2 import FIGURES as OF_LEVEL_2
from prodlabel.operations.level_2 import LevelTwo, measure_level_2
from tests.learning.conftest import make_products

NAMES = ("text", "picture", "late", "fusion")


@pytest.mark.parametrize("is_grouped", [True, False])
def test_every_contestant_is_measured_on_every_fold(is_grouped: bool) -> None:
    views, y = make_products(120)
    target = np.unique(y, return_inverse=True)[1]
    families = np.arange(120) // 2 if is_grouped else None
    settings = CompareSettings(folds=3, is_grouped=is_grouped)
    found = measure_contest(Task(views, target, families, settings, NAMES), 0).figures
    assert tuple(found) == NAMES
    for figures in found.values():
        assert {name: len(figures[name]) for name in FIGURES} == dict.fromkeys(FIGURES, 3) | {
            "calibration": 1
        }
    accuracy = {name: np.mean(figures["accuracy"]) for name, figures in found.items()}
    assert accuracy["fusion"] > accuracy["picture"] > 0.5
    for figures in found.values():
        # A lower promise takes at least as much.
        assert np.all(np.array(figures["lower_coverage"]) >= np.array(figures["coverage"]))


def test_random_splits_have_the_sizes_that_are_asked_for() -> None:
    views, y = make_products(100)
    target = np.unique(y, return_inverse=True)[1]
    settings = CompareSettings(folds=0, draws=2, is_grouped=False)
    found = measure_contest(Task(views, target, None, settings, ("text",)), 0).figures["text"]
    assert len(found["accuracy"]) == len(found["calibration"]) == 2
    # 19.3 % of 100 products.
    assert all(round(19 * share, 6) == round(19 * share) for share in found["accuracy"])


def test_random_splits_can_keep_families_on_one_side() -> None:
    views, y = make_products(100)
    families = np.arange(100) // 2
    task = Task(views, np.unique(y, return_inverse=True)[1], families, CompareSettings(folds=0, draws=2), ())
    for train, test in _splits(task, 0):
        assert not set(families[train]) & set(families[test])
        assert len(test) == 19


def test_the_early_fusion_of_the_studies_hardly_sees_what_is_small() -> None:
    views, y = make_products(200, noise=0.6)
    target = np.unique(y, return_inverse=True)[1]
    assert views.text_vectors is not None
    rng = np.random.default_rng(0)
    vectors = unit_rows(np.asarray(views.text_vectors, np.float32))
    noise = unit_rows(rng.normal(size=(200, 64)).astype(np.float32))

    def accuracy(length: float) -> float:
        raw = Views([""] * 200, text_vectors=vectors, picture_vectors=length * noise)
        settings = CompareSettings(folds=4, repeats=1, is_grouped=False)
        found = measure_contest(Task(views, target, None, settings, (STUDIES,), raw), 0).figures[STUDIES]
        assert set(found) == set(FIGURES)
        return float(np.mean(found["accuracy"]))

    assert accuracy(0.1) > accuracy(14.0) + 0.05


def test_what_cannot_be_told_apart_at_the_second_level_is_taken_at_the_first() -> None:
    views, y = make_products(240, noise=0.3)
    parents = np.unique(y, return_inverse=True)[1].astype(np.int32) + 1
    by_lot = np.random.default_rng(0).integers(0, 2, len(y))
    labels = (10 * parents + by_lot).astype(np.int32)
    finding = measure_level_2(views, labels, parents, np.arange(len(y)))
    assert {len(finding.figures[name]) for name in OF_LEVEL_2} == {10}
    found = LevelTwo.of(finding)
    assert (found.products, found.categories) == (240, 6)
    figures = {name: mean for name, (mean, _) in found.figures.items()}
    assert figures["parent_accuracy"] > 0.95 > 0.7 > figures["accuracy"]
    assert figures["lower_leaf_share"] < 0.1
    assert figures["lower_parent_share"] > 0.7
    assert figures["lower_parent_precision"] > 0.95
    for prefix in ("", "lower_"):
        shares = [figures[f"{prefix}{name}"] for name in ("leaf_share", "parent_share", "review_share")]
        assert sum(shares) == pytest.approx(1.0)
    assert all(figures[f"lower_{name}_share"] >= figures[f"{name}_share"] for name in ("leaf", "parent"))
