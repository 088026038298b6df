"""The exact gradient of t-SNE: that of openTSNE with nothing approximated."""

from __future__ import annotations

import numpy as np
from scipy import sparse

from prodlabel.analysis.exact_tsne import exact_gradient


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
