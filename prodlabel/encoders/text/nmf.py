"""Non-negative matrix factorisation of TF-IDF (Lee and Seung 1999): shares of topics as unit rows."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from prodlabel.core.progress import Progress
from prodlabel.encoders.text.word_counts import Words, unit, weighted
from prodlabel.encoders.text.word_model import WordModel

_STEPS_A_CALL = 5


class Nmf(WordModel):
    """A `CorpusEncoder` of texts: `topics` non-negative numbers each; zeros for a text without known words.

    Coordinate descent (Cichocki and Phan 2009) for at most `iterations` passes, from a deterministic start
    (NNDSVDa, Boutsidis and Gallopoulos 2008).
    """

    id = "nmf"
    title = "NMF topics"
    settings = ("topics", "iterations", "seed")

    def __init__(self, topics: int = 30, iterations: int = 100, seed: int = 0, **vocabulary: Any) -> None:
        super().__init__(**vocabulary)
        self.topics = topics
        self.iterations = iterations
        self.seed = seed

    def _learn(self, cleaned: Sequence[Words], progress: Progress) -> None:
        matrix = weighted(self.counts_.matrix(cleaned), self.counts_.idf())
        self.topic_words_ = np.zeros((self.topics, matrix.shape[1]), np.float32)
        rank = min(self.topics, *matrix.shape)
        if not matrix.nnz:
            return
        shares = words = None
        with progress.stage("Learning topics", self.iterations, "steps"):
            for _ in range(0, self.iterations, _STEPS_A_CALL):
                shares, words, taken = self._descend(matrix, rank, shares, words)
                progress.advance(_STEPS_A_CALL)
                if taken < _STEPS_A_CALL:
                    break
        self.topic_words_[:rank] = words

    def _descend(self, matrix: Any, rank: int, shares: Any, words: Any) -> tuple[Any, Any, int]:
        """A few passes from where the last ended; the third value is how many were needed."""
        from sklearn.decomposition import NMF
        from sklearn.exceptions import ConvergenceWarning

        is_first = words is None
        start = ("nndsvda" if rank < min(matrix.shape) else "random") if is_first else "custom"
        model = NMF(rank, init=start, max_iter=_STEPS_A_CALL, tol=1e-3, random_state=self.seed)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)  # the caller goes on
            shares = model.fit_transform(matrix, W=shares, H=words)
        return shares, model.components_, int(model.n_iter_)

    def _encode(self, cleaned: Sequence[Words]) -> NDArray[np.float32]:
        matrix = weighted(self.counts_.matrix(cleaned), self.counts_.idf())
        return unit(_shares(matrix, self.topic_words_))

    def _arrays(self) -> dict[str, NDArray[Any]]:
        return {"topic_words": self.topic_words_}

    def _restore(self, arrays: Mapping[str, NDArray[Any]]) -> None:
        self.topic_words_ = np.asarray(arrays["topic_words"], np.float32)


def _shares(matrix: Any, topic_words: NDArray[np.float32], passes: int = 50) -> NDArray[np.float32]:
    """Non-negative least squares of each row on the topics, all rows at once, one topic after the other.

    The objective is convex for fixed topics, so any start leads to the same place.
    """
    cross = np.asarray(matrix @ topic_words.T, np.float32)
    gram = topic_words @ topic_words.T
    shares = np.zeros_like(cross)
    for _ in range(passes):
        largest = 0.0
        for topic in np.flatnonzero(np.diag(gram) > 0):
            step = (cross[:, topic] - shares @ gram[:, topic]) / gram[topic, topic]
            new = np.maximum(shares[:, topic] + step, 0)
            largest = max(largest, float(np.abs(new - shares[:, topic]).max(initial=0)))
            shares[:, topic] = new
        if largest < 1e-5:
            break
    return shares
