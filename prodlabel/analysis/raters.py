"""How far two persons who judged the same products agree beyond chance.

Invariant: only judgements of the same products are compared; nothing is fitted.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt


@dataclass(frozen=True, slots=True)
class Kappa:
    """Cohen's kappa of two raters: J. Cohen, "A coefficient of agreement for nominal scales", Educational and
    Psychological Measurement 20 (1960), equations 1 and 7.

    `value` is 1 for full agreement and 0 for what chance alone gives, not a number where that is undefined
    (no products, or both always said the same one category); `low` and `high` bound it with 95 %
    confidence; `same` of the `count` products were judged alike.
    """

    value: float
    low: float
    high: float
    same: int
    count: int


def cohen_kappa(one: npt.ArrayLike, other: npt.ArrayLike) -> Kappa:
    """Kappa of two lists (n,) of categories, as whole numbers."""
    a, b = np.asarray(one), np.asarray(other)
    if a.shape != b.shape or a.ndim != 1:
        raise ValueError(f"two lists of equal length are needed, not {a.shape} and {b.shape}")
    count = len(a)
    if not count:
        return Kappa(float("nan"), float("nan"), float("nan"), 0, 0)
    same = int(np.count_nonzero(a == b))
    names, place = np.unique(np.concatenate([a, b]), return_inverse=True)
    shares = [np.bincount(part, minlength=len(names)) / count for part in (place[:count], place[count:])]
    observed, chance = same / count, float(shares[0] @ shares[1])
    if np.isclose(chance, 1.0):
        return Kappa(float("nan"), float("nan"), float("nan"), same, count)
    value = (observed - chance) / (1 - chance)
    error = float(np.sqrt(observed * (1 - observed) / (count * (1 - chance) ** 2)))
    return Kappa(value, max(value - 1.96 * error, -1.0), min(value + 1.96 * error, 1.0), same, count)
