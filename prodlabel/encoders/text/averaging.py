"""The vector of a text as the mean of its words' vectors, weighted by how rare each word is."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from prodlabel.encoders.text.word_counts import unit


def mean_of_words(counts: Any, idf: NDArray[np.float32], vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """float32 (texts, dim) unit rows of `counts` (texts, words) CSR, `idf` (words,), `vectors` (words, dim).

    Words without a vector have zeros there and count for nothing; a text without any known word is zero.
    """
    weights = counts.copy()
    weights.data = weights.data * idf[weights.indices]
    return unit(weights @ vectors)
