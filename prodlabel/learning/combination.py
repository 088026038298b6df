"""How the experts' scores become one calibrated probability.

Invariant: everything here is fitted on out-of-sample scores only. The probability is
softmax(sum_e exp(a_e) s_e + b): a product of experts (Hinton, "Training products of experts by minimizing
contrastive divergence", Neural Computation 14, 2002, section 2) whose weights are at the same time the
temperatures of Guo et al., "On calibration of modern neural networks" (ICML 2017, section 4.2). An expert
that does not help on unseen products gets a weight near nothing, so pictures cannot make a good text worse.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.floating[Any]]
Ints = npt.NDArray[np.integer[Any]]

BIAS_PENALTY = 1e-2
"""Holds the per-category offsets near nothing where a category has few products."""
WEIGHT_PENALTY = 1e-4
"""Holds the experts' weights finite where the training products are separated without a mistake."""


@dataclass(frozen=True)
class Combination:
    """`scale` (experts,) positive weights and `offset` (classes,) for one set of experts that are present."""

    scale: Floats
    offset: Floats

    def log_probabilities(self, scores: Floats) -> Floats:
        """`scores` (experts, n, classes) -> log probabilities (n, classes)."""
        from scipy.special import log_softmax

        logits = np.tensordot(self.scale, scores, axes=1) + self.offset
        return np.asarray(log_softmax(logits, axis=1))


def fit_combination(scores: Floats, target: Ints, sample_weight: Floats | None = None) -> Combination:
    """Least negative log likelihood of `target` (n,) under out-of-sample `scores` (experts, n, classes)."""
    from scipy.optimize import minimize
    from scipy.special import log_softmax

    experts, n, classes = scores.shape
    flat = np.ascontiguousarray(scores).reshape(experts, -1)
    share = np.full(n, 1.0 / n) if sample_weight is None else sample_weight / sample_weight.sum()
    truth = np.zeros((n, classes))
    truth[np.arange(n), target] = 1.0

    def loss(parameters: Floats) -> tuple[float, Floats]:
        scale, offset = np.exp(parameters[:experts]), parameters[experts:]
        log_p = log_softmax((scale @ flat).reshape(n, classes) + offset, axis=1)
        slope = (np.exp(log_p) - truth) * share[:, None]
        by_scale = flat @ slope.ravel() + WEIGHT_PENALTY * scale
        by_offset = slope.sum(axis=0) + BIAS_PENALTY * offset
        value = -np.vdot(share, log_p[np.arange(n), target])
        value += 0.5 * (BIAS_PENALTY * np.vdot(offset, offset) + WEIGHT_PENALTY * np.vdot(scale, scale))
        return float(value), np.concatenate([by_scale * scale, by_offset])

    start = np.concatenate([np.full(experts, np.log(4.0)), np.zeros(classes)])
    bounds = [(-7.0, 5.0)] * experts + [(-10.0, 10.0)] * classes
    found = minimize(
        loss, start, jac=True, method="L-BFGS-B", bounds=bounds, options={"ftol": 1e-7, "gtol": 1e-5}
    )
    return Combination(np.exp(found.x[:experts]), found.x[experts:])
