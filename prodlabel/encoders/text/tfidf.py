"""TF-IDF of words and pairs of words (Salton and Buckley 1988, sublinear counts): sparse unit rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from prodlabel.core.progress import Progress
from prodlabel.encoders.protocol import Kind
from prodlabel.encoders.text.clean import Cleaner
from prodlabel.encoders.text.vocabulary import fit_vectorizer, vectorizer_from


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
        cleaned = "-clean" if self.is_cleaned else ""
        return f"tfidf-1-df{self.min_df}-n{low}.{high}-top{self.max_features}-{counts}{cleaned}"

    def fit(self, items: Sequence[str], progress: Progress | None = None) -> Self:
        self.cleaner_ = Cleaner().fit(items) if self.is_cleaned else None
        return self._learn(self._cleaned(items, progress))

    def _learn(self, texts: Sequence[str]) -> Self:
        from sklearn.feature_extraction.text import TfidfVectorizer

        self._vectorizer_ = fit_vectorizer(TfidfVectorizer, texts, self.min_df, **self._settings())
        self.vocabulary_: dict[str, int] = dict(self._vectorizer_.vocabulary_)
        self.idf_: NDArray[np.float32] = self._vectorizer_.idf_.astype(np.float32)
        return self

    def transform(self, items: Sequence[str], progress: Progress | None = None) -> Any:
        """SciPy CSR, float32, (n, words)."""
        return self._vectorizer_.transform(self._cleaned(items, progress))

    def fit_transform(self, items: Sequence[str], progress: Progress | None = None) -> Any:
        """SciPy CSR, float32, (n, words)."""
        self.cleaner_ = Cleaner().fit(items) if self.is_cleaned else None
        texts = self._cleaned(items, progress)
        return self._learn(texts)._vectorizer_.transform(texts)

    def words(self) -> list[str]:
        """What each column stands for."""
        return sorted(self.vocabulary_, key=self.vocabulary_.__getitem__)

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
        from sklearn.feature_extraction.text import TfidfVectorizer

        settings = dict(facts["settings"])
        encoder = cls(**{**settings, "ngrams": tuple(settings["ngrams"])})
        cleaner = facts.get("cleaner")
        encoder.cleaner_ = Cleaner.from_state(cleaner) if cleaner else None
        words = list(facts["words"])
        encoder._vectorizer_ = vectorizer_from(TfidfVectorizer, words, **encoder._settings())
        encoder._vectorizer_.idf_ = arrays["idf"]
        encoder.vocabulary_ = {word: column for column, word in enumerate(words)}
        encoder.idf_ = arrays["idf"]
        return encoder

    def _cleaned(self, texts: Sequence[str], progress: Progress | None) -> Sequence[str]:
        if self.cleaner_ is None:
            return texts
        return [" ".join(words) for words in self.cleaner_.all_words(texts, progress)]

    def _settings(self) -> dict[str, Any]:
        return {
            "ngram_range": self.ngrams,
            "max_features": self.max_features,
            "sublinear_tf": self.is_sublinear,
            "dtype": np.float32,
        }
