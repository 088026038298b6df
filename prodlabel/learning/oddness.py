"""How unlike the rest of a catalogue a text is: foreign languages, garbled characters, lists of codes.

Invariant: no language is known beforehand; what most texts are like is what is usual.

Mean log-probability of character trigrams (Cavnar and Trenkle, "N-gram-based text categorization", SDAIR
1994), brought to robust units (Iglewicz and Hoaglin, "How to detect and handle outliers", 1993).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.floating[Any]]

HASHED = 2**16
MOST_CHARACTERS = 400
BATCH = 5_000


def text_oddness(texts: Sequence[str]) -> Floats:
    """(n,) how many robust standard deviations each text's trigrams are rarer than usual; 0 for an empty
    one. O(characters), at most `MOST_CHARACTERS` of each."""
    from sklearn.feature_extraction.text import HashingVectorizer

    if not len(texts):
        return np.zeros(0)
    vectorizer = HashingVectorizer(
        analyzer="char_wb", ngram_range=(3, 3), n_features=HASHED, alternate_sign=False, norm=None
    )
    parts = [
        vectorizer.transform([text[:MOST_CHARACTERS] for text in texts[start : start + BATCH]])
        for start in range(0, len(texts), BATCH)
    ]
    total = np.full(HASHED, 0.5)
    for part in parts:
        total += np.asarray(part.sum(axis=0)).ravel()
    rare = -np.log(total / total.sum())
    counts = np.concatenate([np.asarray(part.sum(axis=1)).ravel() for part in parts])
    mean = np.concatenate([part @ rare for part in parts]) / np.maximum(counts, 1.0)
    return np.where(counts > 0, robust(mean, counts > 0), 0.0)


def robust(values: Floats, is_known: npt.NDArray[np.bool_]) -> Floats:
    """(n,) distance from the median in units of the spread that outliers do not widen."""
    if not is_known.any():
        return np.zeros(len(values))
    middle = float(np.median(values[is_known]))
    spread = 1.4826 * float(np.median(np.abs(values[is_known] - middle)))
    return np.asarray((values - middle) / max(spread, 1e-9))
