"""Non-negative matrix factorisation of TF-IDF (Lee and Seung 1999): shares of topics as unit rows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from prodlabel.core.progress import Progress
from prodlabel.encoders.text.strongest_axes import strongest_axes
from prodlabel.encoders.text.tokens import Tokens
from prodlabel.encoders.text.word_counts import unit, weighted
from prodlabel.encoders.text.word_model import WordModel

Floats = NDArray[np.float32]

_TOLERANCE = 1e-3
_LEAST = 1e-6


class Nmf(WordModel):
    """A `CorpusEncoder` of texts: `topics` non-negative numbers each; zeros for a text without known words.

    Coordinate descent (Cichocki and Phan 2009) for at most `iterations` passes, from a deterministic start
    (NNDSVDa, Boutsidis and Gallopoulos 2008).
    """

    id = "nmf"
    title = "NMF topics"
    revision = 2
    settings = ("topics", "iterations", "seed")

    def __init__(self, topics: int = 30, iterations: int = 100, seed: int = 0, **vocabulary: Any) -> None:
        super().__init__(**vocabulary)
        self.topics = topics
        self.iterations = iterations
        self.seed = seed

    def _learn(self, cleaned: Tokens, progress: Progress) -> None:
        from threadpoolctl import threadpool_limits

        matrix = weighted(self.counts_.matrix(cleaned), self.counts_.idf())
        self.topic_words_ = np.zeros((self.topics, matrix.shape[1]), np.float32)
        rank = min(self.topics, *matrix.shape)
        if not matrix.nnz:
            return
        turned, first = matrix.T.tocsr(), 0.0
        # The products are small: several threads would wait for each other longer than they work.
        with progress.stage("Learning topics", self.iterations, "steps"), threadpool_limits(1, "blas"):
            shares, words = _start(matrix, rank, self.seed)
            for _ in range(self.iterations):
                away = _descend(shares, words @ words.T, _cross(matrix, words))
                away += _descend(words, shares @ shares.T, _cross(turned, shares))
                progress.advance()
                first = first or away
                if away <= _TOLERANCE * first:
                    break
        self.topic_words_[:rank] = words

    def _encode(self, cleaned: Tokens) -> NDArray[np.float32]:
        matrix = weighted(self.counts_.matrix(cleaned), self.counts_.idf())
        return unit(_shares(matrix, self.topic_words_))

    def _arrays(self) -> dict[str, NDArray[Any]]:
        return {"topic_words": self.topic_words_}

    def _restore(self, arrays: Mapping[str, NDArray[Any]]) -> None:
        self.topic_words_ = np.asarray(arrays["topic_words"], np.float32)


def _start(matrix: Any, rank: int, seed: int) -> tuple[Floats, Floats]:
    """Factors (rank, texts) and (rank, words): NNDSVDa (Boutsidis and Gallopoulos 2008, table 1): of each
    pair of singular vectors the stronger of their positive and negative parts, zeros filled with the mean."""
    left, values, right = strongest_axes(matrix, rank, seed)
    shares, words = np.abs(left.T), np.abs(right.T)
    for axis in range(1, rank):  # the first pair has one sign throughout
        parts = [(np.maximum(s * left[:, axis], 0), np.maximum(s * right[:, axis], 0)) for s in (1, -1)]
        lengths = [(float(np.linalg.norm(a)), float(np.linalg.norm(b))) for a, b in parts]
        best = int(lengths[1][0] * lengths[1][1] > lengths[0][0] * lengths[0][1])
        (one, other), (of_one, of_other) = parts[best], lengths[best]
        root = np.sqrt(of_one * of_other)
        shares[axis], words[axis] = root * one / max(of_one, 1e-12), root * other / max(of_other, 1e-12)
    mean, scale = np.float32(matrix.mean()), np.sqrt(values)[:, None]
    shares, words = shares * scale, words * scale
    return np.where(shares < _LEAST, mean, shares), np.where(words < _LEAST, mean, words)


def _descend(shares: Floats, gram: Floats, cross: Floats) -> float:
    """One pass of coordinate descent on `shares` (k, rows), in place, towards the least of |X - shares'
    H|^2 with no share below zero; `gram` = H H' (k, k), `cross` = H X' (k, rows). Returns how far from the
    optimum it was: the sum of the projected gradient.

    A row depends on no other, so all rows take their step on one topic at once.
    """
    away = 0.0
    for topic in np.flatnonzero(np.diag(gram) > 0):
        own = shares[topic]
        slope = gram[topic] @ shares - cross[topic]
        away += float(np.abs(np.where(own == 0, np.minimum(slope, 0), slope)).sum())
        np.maximum(own - slope / gram[topic, topic], 0, out=own)
    return away


def _shares(matrix: Any, topic_words: Floats, passes: int = 50) -> Floats:
    """(texts, topics) non-negative least squares of each row on the topics. The objective is convex for fixed
    topics, so any start leads to the same place."""
    shares = np.zeros((len(topic_words), matrix.shape[0]), np.float32)
    cross, gram, first = _cross(matrix, topic_words), topic_words @ topic_words.T, 0.0
    for _ in range(passes):
        away = _descend(shares, gram, cross)
        first = first or away
        if away <= 1e-5 * first:
            break
    return shares.T


def _cross(matrix: Any, factors: Floats) -> Floats:
    """(k, rows) of the sparse matrix (rows, m) and the factors (k, m)."""
    return np.ascontiguousarray((matrix @ factors.T).T, np.float32)
