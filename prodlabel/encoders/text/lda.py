"""Latent Dirichlet allocation (Blei et al. 2003), by online variational Bayes (Hoffman et al. 2010)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from prodlabel.core.progress import Progress
from prodlabel.encoders.text.tokens import Tokens
from prodlabel.encoders.text.topic_steps import settle_topics
from prodlabel.encoders.text.word_model import WordModel

_BATCH = 256
_OFFSET, _DECAY = 10.0, 0.7
"""How much less each batch counts than the one before (tau_0 and kappa in the paper)."""


class Lda(WordModel):
    """A `CorpusEncoder` of texts: the shares of `topics` topics, each row summing to 1.

    Learns in `epochs` passes over batches of 256 texts, so that it reports, stops and needs memory batch by
    batch. A text without a known word has no topic: zeros.
    """

    id = "lda"
    title = "LDA topics"
    revision = 2
    settings = ("topics", "epochs", "seed")

    def __init__(self, topics: int = 15, epochs: int = 40, seed: int = 0, **vocabulary: Any) -> None:
        super().__init__(**vocabulary)
        self.topics = topics
        self.epochs = epochs
        self.seed = seed

    def _learn(self, cleaned: Tokens, progress: Progress) -> None:
        counts = self.counts_.matrix(cleaned)
        rng = np.random.default_rng(self.seed)
        texts, words = counts.shape
        topic_words = rng.gamma(100.0, 0.01, (words, self.topics))
        prior, batches = 1.0 / self.topics, -(-texts // _BATCH)
        with progress.stage("Learning topics", self.epochs * batches, "steps"):
            for step in range(self.epochs * batches):
                if step % batches == 0:
                    order = rng.permutation(texts)
                rows = order[step % batches * _BATCH :][:_BATCH]
                shares = rng.gamma(100.0, 0.01, (len(rows), self.topics))
                expected = settle_topics(counts[rows], _expected(topic_words), prior, shares)
                weight = (_OFFSET + step + 1) ** -_DECAY
                topic_words *= 1.0 - weight
                topic_words += weight * (prior + texts / len(rows) * expected)
                progress.advance()
        self.topic_words_ = np.ascontiguousarray(topic_words.T, np.float32)

    def _encode(self, cleaned: Tokens) -> NDArray[np.float32]:
        counts = self.counts_.matrix(cleaned)
        shares = np.ones((counts.shape[0], self.topics))
        settle_topics(counts, _expected(self.topic_words_.T.astype(np.float64)), 1.0 / self.topics, shares)
        shares /= shares.sum(axis=1, keepdims=True)
        shares[np.diff(counts.indptr) == 0] = 0
        return shares.astype(np.float32)

    def _arrays(self) -> dict[str, NDArray[Any]]:
        return {"topic_words": self.topic_words_}

    def _restore(self, arrays: Mapping[str, NDArray[Any]]) -> None:
        self.topic_words_ = np.asarray(arrays["topic_words"], np.float32)


def _expected(topic_words: NDArray[np.float64]) -> NDArray[np.float64]:
    """exp(E[log beta]) (words, topics) of the Dirichlets in the columns (Hoffman et al. 2010, equation 4)."""
    from scipy.special import psi

    return np.ascontiguousarray(np.exp(psi(topic_words) - psi(topic_words.sum(axis=0))))
