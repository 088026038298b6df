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


MOST_NOISE = 0.3
LEAST_NOISE = 1e-4


@dataclass(frozen=True)
class Combination:
    """`scale` (experts,) positive weights and `offset` (classes,) for one set of experts that are present.

    `noise`: the share of the training labels that say nothing about their product, as estimated; the
    probabilities are those of the true category, not of what a label would say.
    """

    scale: Floats
    offset: Floats
    noise: float = LEAST_NOISE

    def log_probabilities(self, scores: Floats) -> Floats:
        """`scores` (experts, n, classes) -> log probabilities (n, classes)."""
        from scipy.special import log_softmax

        logits = np.tensordot(self.scale, scores, axes=1) + self.offset
        return np.asarray(log_softmax(logits, axis=1))


def fit_combination(scores: Floats, target: Ints, sample_weight: Floats | None = None) -> Combination:
    """Least negative log likelihood of `target` (n,) under out-of-sample `scores` (experts, n, classes).

    A label is taken to be drawn from the probabilities, or else, with a small probability that is fitted too,
    from all categories alike (Copas, "Binary regression models for contaminated data", JRSS B 50, 1988,
    section 3). Without that, a few wrong labels where the experts are sure would flatten every confidence.
    """
    from scipy.optimize import minimize
    from scipy.special import log_softmax

    experts, n, classes = scores.shape
    flat = np.ascontiguousarray(scores).reshape(experts, -1)
    share = np.full(n, 1.0 / n) if sample_weight is None else sample_weight / sample_weight.sum()
    rows = np.arange(n)

    def loss(parameters: Floats) -> tuple[float, Floats]:
        scale, offset = np.exp(parameters[:experts]), parameters[experts:-1]
        noise = float(np.exp(parameters[-1]))
        log_p = log_softmax((scale @ flat).reshape(n, classes) + offset, axis=1)
        own = np.exp(log_p[rows, target])
        likelihood = (1.0 - noise) * own + noise / classes
        slope = np.exp(log_p)
        slope[rows, target] -= 1.0
        # How far each label is believed: what is held to be noise pulls at nothing.
        slope *= (share * (1.0 - noise) * own / likelihood)[:, None]
        by_scale = flat @ slope.ravel() + WEIGHT_PENALTY * scale
        by_offset = slope.sum(axis=0) + BIAS_PENALTY * offset
        by_noise = np.vdot(share, (own - 1.0 / classes) / likelihood) * noise
        value = -np.vdot(share, np.log(likelihood))
        value += 0.5 * (BIAS_PENALTY * np.vdot(offset, offset) + WEIGHT_PENALTY * np.vdot(scale, scale))
        return float(value), np.concatenate([by_scale * scale, by_offset, [by_noise]])

    start = np.concatenate([np.full(experts, np.log(4.0)), np.zeros(classes), [np.log(0.01)]])
    bounds = [(-7.0, 5.0)] * experts + [(-10.0, 10.0)] * classes
    bounds.append((np.log(LEAST_NOISE), np.log(MOST_NOISE)))
    found = minimize(
        loss, start, jac=True, method="L-BFGS-B", bounds=bounds, options={"ftol": 1e-7, "gtol": 1e-5}
    )
    return Combination(np.exp(found.x[:experts]), found.x[experts:-1], float(np.exp(found.x[-1])))
