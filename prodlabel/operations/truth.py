"""Which labels figures are taken on, and how many products each of them stands for.

Invariant: a label counts where it was there before any classifier spoke: imported, or said by a person. That
a suggestion was accepted later takes nothing from it; a label that came from a suggestion is never truth.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from prodlabel.core.labels import Status
from prodlabel.operations.materials import Materials

STRATA, LEAST_IN_STRATUM = 5, 20
"""Parts of like confidence, and how many measured labels each has at least."""


@dataclass(frozen=True, slots=True)
class Truth:
    """`measured` (n,): which of the labels figures are taken on."""

    measured: NDArray[np.bool_]

    def weights(self, confidence: NDArray[Any]) -> NDArray[np.float64]:
        """(n,) how many products each label stands for, 0 where it is not measured on; their mean over the
        measured is 1. `confidence` (n,): how sure the classifier is of each without its label.

        What is confirmed by hand is mostly what the classifier was unsure of, and the sure ones are accepted
        many at a time: the measured alone would make it look worse than it is. So each measured label also
        stands for the accepted ones that are as sure as it is (post-stratification: Holt and Smith, JRSS A
        142, 1979, section 2). Where every label is measured on, all weigh the same.
        """
        weights = self.measured.astype(np.float64)
        count = int(self.measured.sum())
        strata = min(STRATA, count // LEAST_IN_STRATUM)
        if strata < 2 or count == len(weights):
            return weights
        inner = np.quantile(confidence[self.measured], np.arange(1, strata) / strata)
        stratum = np.searchsorted(inner, confidence)
        everybody = np.bincount(stratum, minlength=strata)
        measured = np.bincount(stratum[self.measured], minlength=strata)
        each = everybody / np.maximum(measured, 1)
        weights[self.measured] = each[stratum[self.measured]]
        return np.asarray(weights * (count / weights.sum()))


def choose_truth(materials: Materials, rows: NDArray[np.int64]) -> Truth:
    """What counts as truth among the labels of `rows`: all but those that a suggestion brought, which would
    let the classifier mark its own work; where there are no others, all of them."""
    is_echo = materials.snapshot.columns.status[rows] == int(Status.ACCEPTED)
    if is_echo.any():
        is_echo &= ~materials.was_labelled()[rows]
    return Truth(np.ones(len(rows), dtype=bool) if is_echo.all() else ~is_echo)
