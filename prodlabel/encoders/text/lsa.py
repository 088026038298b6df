"""Latent semantic analysis (Deerwester et al. 1990): TF-IDF on its strongest axes, unit rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from prodlabel.core.progress import Progress
from prodlabel.encoders.text.word_counts import Words, unit, weighted
from prodlabel.encoders.text.word_model import WordModel


class Lsa(WordModel):
    """A `CorpusEncoder` of texts: `dim` axes of a truncated SVD (randomised, Halko et al. 2011)."""

    id = "lsa"
    title = "LSA topics"
    settings = ("dim", "seed")

    def __init__(self, dim: int = 200, seed: int = 0, **vocabulary: Any) -> None:
        super().__init__(**vocabulary)
        self.dim = dim
        self.seed = seed

    def _learn(self, cleaned: Sequence[Words], progress: Progress) -> None:
        from sklearn.decomposition import TruncatedSVD

        matrix = weighted(self.counts_.matrix(cleaned), self.counts_.idf())
        self.axes_ = np.zeros((self.dim, matrix.shape[1]), np.float32)
        rank = min(self.dim, *matrix.shape)
        with progress.stage("Finding the axes of the words", self.dim, "axes"):
            if matrix.nnz and matrix.shape[1] == 1:  # a matrix of one column is its own axis
                self.axes_[0] = 1
            elif matrix.nnz:
                found = TruncatedSVD(rank, random_state=self.seed).fit(matrix).components_
                self.axes_[: len(found)] = found
            progress.advance(self.dim)

    def _encode(self, cleaned: Sequence[Words]) -> NDArray[np.float32]:
        matrix = weighted(self.counts_.matrix(cleaned), self.counts_.idf())
        return unit(matrix @ self.axes_.T)

    def _arrays(self) -> dict[str, NDArray[Any]]:
        return {"axes": self.axes_}

    def _restore(self, arrays: Mapping[str, NDArray[Any]]) -> None:
        self.axes_ = np.asarray(arrays["axes"], np.float32)
