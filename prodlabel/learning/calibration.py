"""How far confidences can be believed: calibration error and the reliability curve.

Invariant: nothing is fitted here; the confidences that come in must be of products the classifier had not
seen.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.floating[Any]]
Ints = npt.NDArray[np.integer[Any]]
Bools = npt.NDArray[np.bool_]

BINS = 15


@dataclass(frozen=True)
class ReliabilityCurve:
    """Per bin: mean `confidence`, realised `accuracy`, and `count` of products."""

    confidence: Floats
    accuracy: Floats
    count: Ints

    @property
    def error(self) -> float:
        """Expected calibration error: the bins' gaps, weighted by their counts."""
        return float(np.average(np.abs(self.confidence - self.accuracy), weights=self.count))


def reliability_curve(
    confidence: Floats, is_right: Bools, bins: int = BINS, *, equal_mass: bool = True
) -> ReliabilityCurve:
    """Confidence against accuracy (Guo et al., "On calibration of modern neural networks", ICML 2017,
    section 2).

    Bins of equal mass (Nixon et al., "Measuring calibration in deep learning", 2019) unless `equal_mass`
    is False: with most confidences above 0.9, bins of equal width leave nearly all products in one. Empty
    bins are dropped.
    """
    order = np.argsort(confidence, kind="stable")
    if equal_mass:
        parts = np.array_split(order, min(bins, max(1, len(order))))
    else:
        number = np.minimum((confidence * bins).astype(int), bins - 1)
        parts = [np.flatnonzero(number == b) for b in range(bins)]
    parts = [part for part in parts if len(part)]
    return ReliabilityCurve(
        np.array([confidence[part].mean() for part in parts]),
        np.array([is_right[part].mean() for part in parts]),
        np.array([len(part) for part in parts]),
    )


def calibration_error(
    probabilities: Floats, target: Ints, bins: int = BINS, *, equal_mass: bool = True
) -> float:
    """Expected calibration error of the most probable category; `target` (n,) are column numbers."""
    is_right = probabilities.argmax(axis=1) == target
    return reliability_curve(probabilities.max(axis=1), is_right, bins, equal_mass=equal_mass).error
