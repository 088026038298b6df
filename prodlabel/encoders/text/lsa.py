"""Latent semantic analysis (Deerwester et al. 1990): TF-IDF on its strongest axes, unit rows."""

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


class Lsa(WordModel):
    """A `CorpusEncoder` of texts: `dim` axes of a truncated SVD (randomised, Halko et al. 2011)."""

    id = "lsa"
    title = "LSA topics"
    settings = ("dim", "seed")

    def __init__(self, dim: int = 200, seed: int = 0, **vocabulary: Any) -> None:
        super().__init__(**vocabulary)
        self.dim = dim
        self.seed = seed

    def _learn(self, cleaned: Tokens, progress: Progress) -> None:
        matrix = weighted(self.counts_.matrix(cleaned), self.counts_.idf())
        self.axes_ = np.zeros((self.dim, matrix.shape[1]), np.float32)
        rank = min(self.dim, *matrix.shape)
        with progress.stage("Finding the axes of the words", self.dim, "axes"):
            if matrix.nnz:
                self.axes_[:rank] = strongest_axes(matrix, rank, self.seed)[2].T
            progress.advance(self.dim)

    def _encode(self, cleaned: Tokens) -> NDArray[np.float32]:
        matrix = weighted(self.counts_.matrix(cleaned), self.counts_.idf())
        return unit(matrix @ self.axes_.T)

    def _arrays(self) -> dict[str, NDArray[Any]]:
        return {"axes": self.axes_}

    def _restore(self, arrays: Mapping[str, NDArray[Any]]) -> None:
        self.axes_ = np.asarray(arrays["axes"], np.float32)
