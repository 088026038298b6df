"""The inner loop of latent Dirichlet allocation, as machine code.

Invariant: the same numbers give the same result; a row depends on no other. Made once for a machine, which
takes seconds; scikit-learn's own spend most of their time between the calls of NumPy for texts of thirty
words.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.floating[Any]]

MOST_STEPS = 100
LEAST_CHANGE = 1e-3
"""Mean change of a text's topics below which they stand."""


def settle_topics(counts: Any, exp_words: Floats, prior: float, topics: Floats) -> Floats:
    """Brings `topics` (texts, k), in place, to the variational Dirichlet of each text of `counts` (CSR,
    texts, words), under `exp_words` (words, k) = exp(E[log beta]); returns the expected counts of topics
    and words (words, k).

    Hoffman, Blei and Bach, "Online learning for latent Dirichlet allocation" (2010), algorithm 2.
    """
    found = np.zeros_like(exp_words)
    parts = counts.indptr.astype(np.int64), counts.indices.astype(np.int64), counts.data.astype(np.float64)
    _topics_kernel()(*parts, exp_words, prior, topics, found)
    found *= exp_words
    return found


@cache
def _topics_kernel() -> Callable[..., None]:
    from numba import njit

    @njit(nogil=True, error_model="numpy", cache=True)  # type: ignore[untyped-decorator]
    def psi(x: Any) -> Any:
        """Digamma: recurrence up to 6, then the asymptotic series (Abramowitz and Stegun, 6.3.5 and
        6.3.18)."""
        below = 0.0
        while x < 6.0:
            below += 1.0 / x
            x += 1.0
        f = 1.0 / (x * x)
        series = f * (1 / 12 - f * (1 / 120 - f * (1 / 252 - f * (1 / 240 - f / 132))))
        return np.log(x) - 0.5 / x - series - below

    @njit(nogil=True, error_model="numpy", fastmath=True, cache=True)  # type: ignore[untyped-decorator]
    def settle(  # noqa: PLR0917
        starts: Any, words: Any, counts: Any, exp_words: Any, prior: Any, topics: Any, found: Any
    ) -> None:
        k = topics.shape[1]
        own, new = np.empty(k), np.empty(k)
        for text in range(len(starts) - 1):
            first, last = starts[text], starts[text + 1]
            whole = psi(topics[text].sum())
            for t in range(k):
                own[t] = np.exp(psi(topics[text, t]) - whole)
            for _ in range(MOST_STEPS):
                new[:] = 0.0
                for at in range(first, last):
                    row = exp_words[words[at]]
                    near = 1e-16
                    for t in range(k):
                        near += own[t] * row[t]
                    share = counts[at] / near
                    for t in range(k):
                        new[t] += share * row[t]
                change = total = 0.0
                for t in range(k):
                    value = own[t] * new[t] + prior
                    change += abs(value - topics[text, t])
                    total += value
                    topics[text, t] = value
                whole = psi(total)
                for t in range(k):
                    own[t] = np.exp(psi(topics[text, t]) - whole)
                if change < LEAST_CHANGE * k:
                    break
            for at in range(first, last):
                row = exp_words[words[at]]
                near = 1e-16
                for t in range(k):
                    near += own[t] * row[t]
                share = counts[at] / near
                for t in range(k):
                    found[words[at], t] += own[t] * share

    made: Callable[..., None] = settle
    return made
