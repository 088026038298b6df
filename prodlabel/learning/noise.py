"""How far a label is to be believed, when some share of the labels is wrong.

Invariant: a label is only doubted on the word of a classifier that had not seen it, and how many are doubted
is always said beside the figures that leave them out.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.floating[Any]]
Ints = npt.NDArray[np.integer[Any]]
Bools = npt.NDArray[np.bool_]

DOUBTED = 0.5
"""A label less believed than this is suspected wrong."""


def belief(probabilities: Floats, target: Ints, noise: float) -> Floats:
    """(n,) the probability that each label is right.

    `probabilities` (n, classes) of the true category, out of sample; `target` (n,) column numbers of the
    labels; `noise`: the share of labels drawn from all categories alike. Bayes' rule on the model of
    `combination.fit_combination`.
    """
    classes = probabilities.shape[1]
    own = (1.0 - noise) * probabilities[np.arange(len(target)), target]
    return np.asarray(own / (own + noise / classes))


def suspected(probabilities: Floats, target: Ints, noise: float) -> Bools:
    """(n,) which labels are more probably wrong than right."""
    return np.asarray(belief(probabilities, target, noise) < DOUBTED)
