"""The classifiers that are compared all learn, and are judged out of sample."""

from __future__ import annotations

import numpy as np
import pytest

from prodlabel.learning.contestants import CONTESTANTS, Contestant, Panel, orthonormal_axes

from .conftest import make_products


@pytest.mark.parametrize("contestant", CONTESTANTS, ids=lambda one: one.name)
def test_every_contestant_tells_unseen_products_apart(contestant: Contestant) -> None:
    views, y = make_products(150)
    fresh, truth = make_products(90, seed=4)
    target = np.unique(y, return_inverse=True)[1]
    classifier = contestant.train(Panel(views, target, np.arange(150) // 2, raw=views))
    held_out = getattr(classifier, "held_out_rows_", np.arange(150))
    assert classifier.held_out_probabilities_.shape == (len(held_out), 3)
    probabilities = classifier.predict_proba(fresh)
    np.testing.assert_allclose(probabilities.sum(axis=1), 1.0, atol=1e-6)
    right = probabilities.argmax(axis=1) == np.unique(truth, return_inverse=True)[1]
    assert right.mean() > (0.55 if contestant.name == "picture" else 0.85)


@pytest.mark.parametrize("shape", [(20, 70), (70, 20)])
def test_rows_lose_nothing_on_their_own_axes(shape: tuple[int, int]) -> None:
    rows = np.random.default_rng(0).normal(size=shape)
    rows[5] = rows[4]  # the rank is less than the number of rows
    axes = orthonormal_axes(rows)
    assert axes.shape[1] <= min(shape)
    np.testing.assert_allclose(axes.T @ axes, np.eye(axes.shape[1]), atol=1e-9)
    np.testing.assert_allclose(rows @ axes @ axes.T, rows, atol=1e-7)
