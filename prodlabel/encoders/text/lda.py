"""Latent Dirichlet allocation (Blei et al. 2003), by online variational Bayes (Hoffman et al. 2010)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from prodlabel.core.progress import Progress
from prodlabel.encoders.text.word_counts import Words
from prodlabel.encoders.text.word_model import WordModel

_BATCH = 256


class Lda(WordModel):
    """A `CorpusEncoder` of texts: the shares of `topics` topics, each row summing to 1.

    Learns in `epochs` passes over batches of 256 texts, so that it reports, stops and needs memory batch by
    batch. A text without a known word has no topic: zeros.
    """

    id = "lda"
    title = "LDA topics"
    settings = ("topics", "epochs", "seed")

    def __init__(self, topics: int = 15, epochs: int = 40, seed: int = 0, **vocabulary: Any) -> None:
        super().__init__(**vocabulary)
        self.topics = topics
        self.epochs = epochs
        self.seed = seed

    def _learn(self, cleaned: Sequence[Words], progress: Progress) -> None:
        counts = self.counts_.matrix(cleaned)
        model = self._model(counts.shape[0])
        rng = np.random.default_rng(self.seed)
        steps = self.epochs * -(-counts.shape[0] // _BATCH)
        with progress.stage("Learning topics", steps, "steps"):
            for _ in range(self.epochs):
                order = rng.permutation(counts.shape[0])
                for start in range(0, len(order), _BATCH):
                    model.partial_fit(counts[order[start : start + _BATCH]])
                    progress.advance()
        self.topic_words_ = model.components_.astype(np.float32)
        self._fitted = model

    def _encode(self, cleaned: Sequence[Words]) -> NDArray[np.float32]:
        counts = self.counts_.matrix(cleaned)
        if not counts.shape[0]:
            return np.zeros((0, self.topics), np.float32)
        shares = np.asarray(self._fitted.transform(counts), np.float32)
        shares[np.diff(counts.indptr) == 0] = 0
        return shares

    def _model(self, texts: int) -> Any:
        from sklearn.decomposition import LatentDirichletAllocation

        return LatentDirichletAllocation(
            self.topics, total_samples=max(1, texts), learning_offset=10.0, random_state=self.seed
        )

    def _arrays(self) -> dict[str, NDArray[Any]]:
        return {"topic_words": self.topic_words_}

    def _restore(self, arrays: Mapping[str, NDArray[Any]]) -> None:
        """The model is a function of its topics' words; what is not restored serves learning only."""
        self.topic_words_ = np.asarray(arrays["topic_words"], np.float32)
        model = self._model(self.counts_.text_count_)
        # One step on an empty text makes the model whole; then its topics are put in place.
        words = self.topic_words_.shape[1]
        model.partial_fit(np.zeros((1, words), np.float32))
        model.components_ = self.topic_words_.copy()
        model.exp_dirichlet_component_ = _expected(self.topic_words_)
        self._fitted = model


def _expected(topic_words: NDArray[np.float32]) -> NDArray[np.float32]:
    """exp(E[log beta]) of Dirichlet rows (Hoffman et al. 2010, equation 4)."""
    from scipy.special import psi

    exact = topic_words.astype(np.float64)
    return np.asarray(np.exp(psi(exact) - psi(exact.sum(axis=1, keepdims=True))), np.float32)
