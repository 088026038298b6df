"""Suggestions from names, and forecasts of what more labels bring."""

from __future__ import annotations

import numpy as np
import pytest

from prodlabel.learning.learning_curve import corrections_due, fit_learning_curve, measure_learning_curve
from prodlabel.learning.zero_shot import probabilities_from_names, spread

from .conftest import make_products


def _heaps(n: int = 90, noise: float = 1.0) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    categories = rng.normal(size=(3, 16))
    truth = np.arange(n) % 3
    return categories[truth] + noise * rng.normal(size=(n, 16)), truth, categories


def _nearest(vectors: np.ndarray, k: int = 8) -> tuple[np.ndarray, np.ndarray]:
    unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    likeness = unit @ unit.T
    np.fill_diagonal(likeness, -2)
    nearest = np.argsort(-likeness, axis=1)[:, :k]
    return nearest, np.take_along_axis(likeness, nearest, axis=1)


def test_names_alone_tell_most_products() -> None:
    vectors, truth, categories = _heaps()
    found = probabilities_from_names([(vectors, np.ones(90, bool))], categories)
    np.testing.assert_allclose(found.sum(axis=1), 1.0)
    assert (found.argmax(axis=1) == truth).mean() > 0.8


def test_neighbours_mend_what_names_got_wrong() -> None:
    vectors, truth, categories = _heaps(noise=1.6)
    start = probabilities_from_names([(vectors, np.ones(90, bool))], categories)
    found = spread(start, *_nearest(vectors))
    assert (found.argmax(axis=1) == truth).mean() >= (start.argmax(axis=1) == truth).mean()


def test_a_product_without_text_leans_to_no_category() -> None:
    vectors, _, categories = _heaps()
    present = np.ones(90, bool)
    present[4] = False
    vectors[4] = np.nan
    found = probabilities_from_names([(vectors, present)], categories)
    np.testing.assert_allclose(found[4], 1 / 3)
    assert np.isfinite(found).all()


def test_labels_stay_and_reach_their_neighbours() -> None:
    vectors, truth, _ = _heaps(noise=0.5)
    nothing = np.full((90, 3), 1 / 3)
    rows = np.array([0, 1, 2])
    found = spread(nothing, *_nearest(vectors), rows, truth[rows])
    assert (found[rows, truth[rows]] == 1.0).all()
    assert (found.argmax(axis=1) == truth).mean() > 0.9


def test_a_forecast_finds_the_law_that_made_the_points() -> None:
    labels = np.array([20, 40, 80, 160, 320])
    f1 = 1 - (0.02 + 2.0 * labels**-0.7)
    found = fit_learning_curve(labels, np.tile(f1, (3, 1)))
    middle, low, high = found.forecast(1000)
    assert middle == pytest.approx(1 - (0.02 + 2.0 * 1000**-0.7), abs=0.005)
    assert low <= middle <= high
    needed = found.labels_for(0.95)
    assert needed is not None
    assert needed[0] == pytest.approx((0.03 / 2.0) ** (-1 / 0.7), rel=0.25)


def test_a_wish_beyond_the_curve_is_refused() -> None:
    labels = np.array([20, 40, 80, 160, 320])
    found = fit_learning_curve(labels, np.tile(1 - (0.2 + 2.0 * labels**-1.0), (3, 1)))
    assert found.labels_for(0.95) is None
    assert "flattens" in found.sentence(0.95)
    assert "reached" in found.sentence(0.5)


def test_labels_that_were_held_out_to_measure_on_are_there_too() -> None:
    """Of 703 labels 527 teach the last point: where 600 are needed, nobody needs to give any."""
    labels = np.array([20, 60, 180, 527])
    f1 = np.tile(1 - 3.0 * labels**-0.7, (3, 1))
    enough, further = 1 - 3.0 * 600**-0.7, 1 - 3.0 * 1000**-0.7
    curve = fit_learning_curve(labels, f1, available=703)
    assert curve.there == 703
    assert curve.now == pytest.approx(1 - 3.0 * 703**-0.7, abs=0.002)
    assert curve.is_reached(enough)
    assert "is reached with the labels there are (703)" in curve.sentence(enough)
    assert not curve.is_reached(further)
    assert "About 300 more labels" in curve.sentence(further)
    # Without it, as in studies that were kept before it was known, the last point is all that there is.
    assert "About 470 more labels" in fit_learning_curve(labels, f1).sentence(further)


def test_more_labels_are_measured_to_be_better() -> None:
    views, y = make_products(180)
    curve = measure_learning_curve(views, y, np.arange(180), sizes=3, draws=2)
    assert curve.labels[-1] < curve.there == 180
    assert curve.f1.shape == (2, 3)
    assert curve.f1[:, -1].mean() >= curve.f1[:, 0].mean()


def test_training_again_pays_the_sooner_the_fewer_labels_there_are() -> None:
    assert [corrections_due(taught, 50) for taught in (0, 20, 100, 5000)] == [5, 5, 25, 50]
    assert corrections_due(5000, 500) == 500
    assert corrections_due(0, 3) == 3
