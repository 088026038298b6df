"""The confidence above which a suggestion may be taken unseen, per category, for a wished precision.

Invariant: thresholds are chosen on out-of-sample probabilities, and with a margin: what is promised is
kept on products that come later.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.floating[Any]]
Ints = npt.NDArray[np.integer[Any]]
Bools = npt.NDArray[np.bool_]

NEVER = 2.0
"""A threshold that no probability reaches: the wished precision cannot be promised for this category."""
EVERYTHING = 0.0
"""The precision that is asked for when every suggestion is to be taken: there is no line, and no promise."""
BORROWED = 300.0
"""How many products' worth the experience of all categories weighs in the error rate of one: 100 products
without an error cannot by themselves prove 99 %."""


def choose_thresholds(probabilities: Floats, target: Ints, precision: float) -> Floats:
    """(classes,) lowest confidence from which suggestions of a category keep `precision`, else `NEVER`.

    `probabilities` (n, classes) of products the classifier had not seen, `target` (n,) column numbers. The
    error rate above a confidence is estimated as (errors + 1) / (accepted + 1) over all categories: the
    one error added is the margin of conformal risk control (Angelopoulos et al., "Conformal risk control",
    ICLR 2024, section 2), under which the expected rate on new products is at most that. Each category's
    own rate is shrunk towards it; and its own record above the line, unshrunk, has to keep the promise too,
    so that a hard category does not hide behind the easy ones. `EVERYTHING`: zeros.
    """
    if precision == EVERYTHING:
        return np.zeros(probabilities.shape[1])
    confidence, suggested = probabilities.max(axis=1), probabilities.argmax(axis=1)
    order = np.argsort(-confidence, kind="stable")
    confidence, suggested = confidence[order], suggested[order]
    is_wrong = suggested != target[order]
    # Equal products are equally sure: a line takes all of them or none.
    accepted = np.searchsorted(-confidence, -confidence, side="right")
    shared_rate = (np.cumsum(is_wrong)[accepted - 1] + 1.0) / (accepted + 1.0)
    thresholds = np.full(probabilities.shape[1], NEVER)
    for category in range(len(thresholds)):
        own = np.flatnonzero(suggested == category)
        own_accepted = np.searchsorted(-confidence[own], -confidence[own], side="right")
        own_wrong = np.cumsum(is_wrong[own])[own_accepted - 1]
        rate = (own_wrong + BORROWED * shared_rate[own]) / (own_accepted + BORROWED)
        is_kept = own_wrong <= (1.0 - precision) * own_accepted
        good = np.flatnonzero((rate <= 1.0 - precision) & is_kept)
        if len(good):
            thresholds[category] = confidence[own[good[-1]]]
    return thresholds


def records_above(probabilities: Floats, target: Ints, thresholds: Floats) -> Ints:
    """(classes, 2) of the suggestions of each category that reach its threshold: how many are right, and how
    many there are. Arguments as of `choose_thresholds`."""
    suggested, taken = probabilities.argmax(axis=1), accepted_by(probabilities, thresholds)
    is_right, classes = suggested == target, probabilities.shape[1]
    right = np.bincount(suggested[taken & is_right], minlength=classes)
    return np.column_stack([right, np.bincount(suggested[taken], minlength=classes)])


def accepted_by(probabilities: Floats, thresholds: Floats) -> Bools:
    """(n,) which suggestions reach the threshold of the category that they suggest."""
    return np.asarray(probabilities.max(axis=1) >= thresholds[probabilities.argmax(axis=1)])
