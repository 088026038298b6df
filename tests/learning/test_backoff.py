"""Where the leaf is unsure, its parent is suggested, if that is sure."""

from __future__ import annotations

import numpy as np

from prodlabel.learning.backoff import Level, back_off, fit_backoff, summed

LEAVES, PARENTS = np.arange(4), np.array([0, 0, 1, 1])


def _products(n: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    parent = rng.dirichlet([0.05, 0.05], n)
    within = rng.dirichlet([0.4, 0.4], n)
    probabilities = np.concatenate([parent[:, :1] * within, parent[:, 1:] * within], axis=1)
    return probabilities, np.array([rng.choice(4, p=one) for one in probabilities])


def test_parents_have_the_probability_of_their_leaves() -> None:
    np.testing.assert_allclose(summed(np.array([[0.1, 0.2, 0.3, 0.4]]), PARENTS), [[0.3, 0.7]])


def test_an_unsure_leaf_backs_off_to_a_sure_parent_and_no_further() -> None:
    levels = (Level(LEAVES, np.full(4, 0.9)), Level(PARENTS, np.full(2, 0.9)))
    found = back_off(np.array([[0.95, 0.05, 0, 0], [0.5, 0.45, 0.05, 0], [0.3, 0.3, 0.2, 0.2]]), levels)
    assert found.level.tolist() == [0, 1, -1]
    assert found.column.tolist() == [0, 0, 0]
    np.testing.assert_allclose(found.confidence, [0.95, 0.95, 0.6])


def test_both_levels_keep_the_wished_precision_on_products_that_come_later() -> None:
    kept: dict[int, list[float]] = {0: [], 1: []}
    for seed in range(8):
        levels = fit_backoff(*_products(2000, seed), (LEAVES, PARENTS), 0.95)
        probabilities, target = _products(4000, 100 + seed)
        found = back_off(probabilities, levels)
        for number, ancestor in enumerate((LEAVES, PARENTS)):
            rows = found.level == number
            if rows.any():
                kept[number].append(float((found.column == ancestor[target])[rows].mean()))
    assert np.mean(kept[0]) >= 0.945
    assert np.mean(kept[1]) >= 0.945


def test_forty_hard_products_are_enough_to_back_off_at_99_percent() -> None:
    sure, torn, unsure = [0.997, 0.001, 0.001, 0.001], [0.5, 0.496, 0.002, 0.002], [0.3, 0.3, 0.2, 0.2]
    probabilities = np.array([sure] * 400 + [torn] * 40 + [unsure] * 40)
    target = np.array([0] * 400 + [0, 1] * 20 + [0, 1, 2, 3] * 10)
    found = back_off(probabilities, fit_backoff(probabilities, target, (LEAVES, PARENTS), 0.99))
    assert found.level.tolist() == [0] * 400 + [1] * 40 + [-1] * 40
