"""Wrong labels are noticed, counted, and do not spoil what the right ones teach."""

from __future__ import annotations

import numpy as np
import pytest

from prodlabel.learning.calibration import calibration_error
from prodlabel.learning.evaluation import evaluate
from prodlabel.learning.features import Views
from prodlabel.learning.fusion import FusionClassifier
from prodlabel.learning.label_errors import doubting_probabilities, find_label_errors
from prodlabel.learning.noise import belief, suspected
from prodlabel.learning.thresholds import NEVER, choose_thresholds

from .conftest import make_products


def _falsified(share: float, n: int = 600, seed: int = 3) -> tuple[Views, np.ndarray, np.ndarray, np.ndarray]:
    views, y = make_products(n)
    _, truth = np.unique(y, return_inverse=True)
    rng = np.random.default_rng(seed)
    wrong = rng.choice(n, round(share * n), replace=False)
    target = truth.copy()
    target[wrong] = (target[wrong] + rng.integers(1, 3, len(wrong))) % 3
    return views, truth, target, np.isin(np.arange(n), wrong)


@pytest.mark.parametrize("share", [0.0, 0.04, 0.1])
def test_the_share_of_wrong_labels_is_estimated(share: float) -> None:
    views, _truth, target, _wrong = _falsified(share)
    # Of labels drawn from three categories alike a third is right by chance.
    assert FusionClassifier().fit(views, target).noise_ * 2 / 3 == pytest.approx(share, abs=0.02)


def test_suspected_labels_are_wrong_ones() -> None:
    views, _truth, target, wrong = _falsified(0.06)
    classifier = FusionClassifier().fit(views, target)
    doubted = suspected(classifier.held_out_probabilities_, target, classifier.noise_)
    assert wrong[doubted].mean() > 0.9
    assert doubted[wrong].mean() > 0.8


def test_confidence_speaks_of_the_truth_and_not_of_the_labels() -> None:
    views, truth, target, _wrong = _falsified(0.08)
    classifier = FusionClassifier().fit(views, target)
    assert calibration_error(classifier.held_out_probabilities_, truth) < 0.03


def test_a_precision_above_the_quality_of_the_labels_is_reached_and_kept() -> None:
    views, _truth, target, _wrong = _falsified(0.05)
    classifier = FusionClassifier().fit(views, target)
    held_out = classifier.held_out_probabilities_
    assert (choose_thresholds(held_out, target, 0.99) == NEVER).all()
    kept = ~suspected(held_out, target, classifier.noise_)
    limits = choose_thresholds(held_out[kept], target[kept], 0.99)
    fresh, fresh_truth = make_products(600, seed=9)
    probabilities = classifier.predict_proba(fresh)
    found = probabilities.argmax(axis=1)
    taken = probabilities.max(axis=1) >= limits[found]
    assert taken.mean() > 0.4
    assert (np.unique(fresh_truth)[found] == fresh_truth)[taken].mean() >= 0.985


def test_an_evaluation_says_both_figures_and_counts_the_suspected() -> None:
    views, _truth, target, wrong = _falsified(0.05)
    found = evaluate(views, target, count=3, repeats=1)
    assert found.is_suspected[wrong].mean() > 0.4
    assert found.is_suspected[~wrong].mean() < 0.01
    assert found.believed.accuracy.mean() > found.accuracy.mean() + 0.03
    assert found.believed.calibration.mean() < found.calibration.mean()


def test_labels_that_do_not_count_are_not_measured_on() -> None:
    views, _truth, target, wrong = _falsified(0.2, 300)
    found = evaluate(views, target, count=3, repeats=1, measured=~wrong)
    assert found.accuracy.mean() > 0.95
    assert found.confusion.sum() == (~wrong).sum()


def test_a_label_that_fits_is_believed() -> None:
    probabilities = np.array([[0.9, 0.1], [0.001, 0.999]])
    found = belief(probabilities, np.array([0, 0]), 0.05)
    assert found[0] > 0.9
    assert found[1] < 0.1


def test_labels_that_are_doubted_no_longer_speak_for_each_other() -> None:
    views, _truth, target, wrong = _falsified(0.1)
    found = find_label_errors(doubting_probabilities(views, target), target)
    count = int(wrong.sum())
    assert wrong[found.rank[:count]].mean() > 0.85
