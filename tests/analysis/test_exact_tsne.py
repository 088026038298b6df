"""The gradients of t-SNE: that of openTSNE with nothing approximated, and its own in machine code."""

from __future__ import annotations

import numpy as np
from scipy import sparse

from prodlabel.analysis.exact_tsne import exact_gradient
from prodlabel.analysis.interpolated_tsne import along_curve, interpolated_gradient


def test_gradient_is_that_of_the_approximation_without_approximating() -> None:
    from openTSNE.tsne import kl_divergence_bh

    rng = np.random.default_rng(0)
    points = rng.normal(size=(200, 2)) * 10
    shares = sparse.random(200, 200, 0.2, format="csr", random_state=0)
    shares = (shares + shares.T).tocsr()
    shares /= shares.sum()
    _, wanted = kl_divergence_bh(points, shares, 1.0, {"theta": 0.0})
    _, found = exact_gradient(points, shares)
    np.testing.assert_allclose(found, wanted, rtol=1e-3, atol=1e-5 * np.abs(wanted).max())


def test_interpolated_gradient_is_that_of_the_library_whatever_the_number_of_threads() -> None:
    from openTSNE.tsne import kl_divergence_fft

    rng = np.random.default_rng(0)
    points = rng.normal(size=(2_000, 2)) * 10
    shares = sparse.random(2_000, 2_000, 0.02, format="csr", random_state=0)
    shares = (shares + shares.T).tocsr()
    shares /= shares.sum()
    interpolation = {"n_interpolation_points": 3, "min_num_intervals": 50, "ints_in_interval": 1}
    _, wanted = kl_divergence_fft(points, shares, 1.0, interpolation)
    _, found = interpolated_gradient(points, shares, fft_params=interpolation, n_jobs=1)
    np.testing.assert_allclose(found, wanted, rtol=1e-3, atol=1e-5 * np.abs(wanted).max())
    for threads in (2, 3, 5_000):
        _, again = interpolated_gradient(points, shares, fft_params=interpolation, n_jobs=threads)
        np.testing.assert_array_equal(again, found)


def test_points_that_follow_each_other_along_the_curve_lie_near_each_other() -> None:
    points = np.random.default_rng(0).normal(size=(20_000, 2))
    order = along_curve(points)
    assert sorted(order.tolist()) == list(range(20_000))
    steps = np.linalg.norm(np.diff(points[order], axis=0), axis=1)
    assert np.median(steps) < 0.1
