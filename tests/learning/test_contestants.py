"""The classifiers that are compared all learn, and are judged out of sample."""

from __future__ import annotations

import numpy as np
import pytest

from prodlabel.learning.contestants import CONTESTANTS, Contestant, Panel

from .conftest import make_products


@pytest.mark.parametrize("contestant", CONTESTANTS, ids=lambda one: one.name)
def test_every_contestant_tells_unseen_products_apart(contestant: Contestant) -> None:
    views, y = make_products(150)
    fresh, truth = make_products(90, seed=4)
    target = np.unique(y, return_inverse=True)[1]
    classifier = contestant.train(Panel(views, target, np.arange(150) // 2))
    assert classifier.held_out_probabilities_.shape == (150, 3)
    probabilities = classifier.predict_proba(fresh)
    np.testing.assert_allclose(probabilities.sum(axis=1), 1.0, atol=1e-6)
    right = probabilities.argmax(axis=1) == np.unique(truth, return_inverse=True)[1]
    assert right.mean() > (0.55 if contestant.name == "picture" else 0.85)
