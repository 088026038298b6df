"""The closed forms equal what training again and again would give."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import sparse

from prodlabel.learning.ridge import fit_ridge


def _problem(n: int, d: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    return rng.normal(size=(n, d)), np.eye(3)[rng.integers(0, 3, n)]


@pytest.mark.parametrize(("n", "d"), [(20, 50), (60, 8)])
@pytest.mark.parametrize("is_sparse", [False, True])
def test_held_out_scores_equal_those_of_a_model_trained_without_the_row(
    n: int, d: int, is_sparse: bool
) -> None:
    X, Y = _problem(n, d)
    given = sparse.csr_matrix(X) if is_sparse else X
    weight = np.linspace(0.5, 2.0, n)
    found = fit_ridge(given, Y, 0.7, weight).held_out
    for row in (0, n // 2, n - 1):
        rest = np.delete(np.arange(n), row)
        other = fit_ridge(given[rest], Y[rest], 0.7, weight[rest])
        np.testing.assert_allclose(X[row] @ other.weights + other.bias, found[row], atol=1e-8)


@pytest.mark.parametrize(("n", "d"), [(20, 50), (60, 8)])
def test_held_out_scores_of_a_family_never_saw_the_family(n: int, d: int) -> None:
    X, Y = _problem(n, d)
    groups = np.arange(n) // 4
    found = fit_ridge(X, Y, 0.7, None, groups).held_out
    rest = np.flatnonzero(groups != 2)
    other = fit_ridge(X[rest], Y[rest], 0.7)
    np.testing.assert_allclose(X[groups == 2] @ other.weights + other.bias, found[groups == 2], atol=1e-8)


def test_rows_and_features_give_the_same_solution() -> None:
    from prodlabel.learning import ridge

    X, Y = _problem(30, 30)
    over_rows = ridge._fit_over_rows(X, Y, 0.5, np.ones(30), None)
    over_features = ridge._fit_over_features(X, Y, 0.5, np.ones(30), None)
    np.testing.assert_allclose(over_rows.weights, over_features.weights, atol=1e-8)
    np.testing.assert_allclose(over_rows.held_out, over_features.held_out, atol=1e-8)


def test_many_rows_are_scored_by_models_that_never_saw_them_nor_their_family(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from prodlabel.learning import ridge

    X, Y = _problem(80, 6)
    groups = np.arange(80) // 4
    monkeypatch.setattr(ridge, "DUAL_LIMIT", 50)
    found = fit_ridge(X, Y, 0.7, None, groups).held_out
    changed = Y.copy()
    changed[groups == 3] = 5.0
    again = fit_ridge(X, changed, 0.7, None, groups).held_out
    np.testing.assert_allclose(again[groups == 3], found[groups == 3], atol=1e-8)
    assert not np.allclose(again[groups != 3], found[groups != 3])
