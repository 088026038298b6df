"""TF-IDF of words and pairs of words (Salton and Buckley 1988, sublinear counts): sparse unit rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from prodlabel.core.progress import Progress
from prodlabel.encoders.protocol import Kind
from prodlabel.encoders.text.clean import Cleaner
from prodlabel.encoders.text.grams import Grams
from prodlabel.encoders.text.word_counts import weighted


class TfIdf:
    """A `CorpusEncoder` of texts. A word counts when at least `min_df` texts have it.

    Where no word does (a catalogue of a handful of products), `min_df` falls to 1; texts without any word
    at all give one empty column, so that a fit never fails. With `is_cleaned` the words are lemmas without
    stop words and numbers (`Cleaner`).
    """

    id = "tfidf"
    title = "TF-IDF"
    kind = Kind.TEXT

    def __init__(
        self,
        min_df: int = 2,
        ngrams: tuple[int, int] = (1, 2),
        max_features: int | None = 200_000,
        is_sublinear: bool = True,
        is_cleaned: bool = False,
    ) -> None:
        self.min_df = min_df
        self.ngrams = ngrams
        self.max_features = max_features
        self.is_sublinear = is_sublinear
        self.is_cleaned = is_cleaned

    @property
    def version(self) -> str:
        low, high = self.ngrams
        counts = "log" if self.is_sublinear else "raw"
        cleaned = f"-clean-{Cleaner().stamp}" if self.is_cleaned else ""
        return f"tfidf-1-df{self.min_df}-n{low}.{high}-top{self.max_features}-{counts}{cleaned}"

    def fit(self, items: Sequence[str], progress: Progress | None = None) -> Self:
        self.fit_transform(items, progress)
        return self

    def fit_transform(self, items: Sequence[str], progress: Progress | None = None) -> Any:
        """SciPy CSR, float32, (n, words)."""
        self.cleaner_ = Cleaner() if self.is_cleaned else None
        if self.cleaner_ is not None:
            items = [" ".join(words) for words in self.cleaner_.fit_words(items, progress).lists()]
        self._grams = self._unfitted()
        counts = self._grams.fit_counts(items, progress)
        with_word = np.bincount(counts.indices, minlength=counts.shape[1])
        self.idf_ = np.asarray(np.log((1 + len(items)) / (1 + with_word)) + 1, np.float32)
        return self._weighted(counts)

    def transform(self, items: Sequence[str], progress: Progress | None = None) -> Any:
        """SciPy CSR, float32, (n, words)."""
        if self.cleaner_ is not None:
            items = [" ".join(words) for words in self.cleaner_.all_words(items, progress).lists()]
        return self._weighted(self._grams.counts(items, progress))

    def words(self) -> list[str]:
        """What each column stands for."""
        return list(self._grams.words_)

    def state(self) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
        settings = {
            "min_df": self.min_df,
            "ngrams": list(self.ngrams),
            "max_features": self.max_features,
            "is_sublinear": self.is_sublinear,
            "is_cleaned": self.is_cleaned,
        }
        cleaner = self.cleaner_.state() if self.cleaner_ else None
        return {"settings": settings, "cleaner": cleaner, "words": self.words()}, {"idf": self.idf_}

    @classmethod
    def from_state(cls, facts: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]) -> Self:
        settings = dict(facts["settings"])
        encoder = cls(**{**settings, "ngrams": tuple(settings["ngrams"])})
        cleaner = facts.get("cleaner")
        encoder.cleaner_ = Cleaner.from_state(cleaner) if cleaner else None
        encoder._grams = encoder._unfitted()
        encoder._grams.restore(facts["words"])
        encoder.idf_ = np.asarray(arrays["idf"], np.float32)
        return encoder

    def _unfitted(self) -> Grams:
        return Grams(*self.ngrams, self.min_df, self.max_features)

    def _weighted(self, counts: Any) -> Any:
        """Unit rows of (sublinear) counts times idf."""
        if self.is_sublinear:
            return weighted(counts, self.idf_)
        from sklearn.preprocessing import normalize

        counts.data = counts.data * self.idf_[counts.indices]
        return normalize(counts, copy=False)
