"""Counts of cleaned words as a sparse matrix: what bag of words, topics and word vectors stand on.

Invariant: the columns are the same words in the same order on every machine; a fit never fails, whatever the
texts: where no word is frequent enough every word counts, and a wordless catalogue has one empty column.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from prodlabel.core.progress import Progress
from prodlabel.encoders.text.clean import Cleaner
from prodlabel.encoders.text.tokens import Tokens

NO_WORDS = "\x00"
"""The one column of a catalogue whose texts hold no word: no text can contain it."""


class WordCounts:
    """Learns a vocabulary of cleaned words and counts them.

    A word is in it when the catalogue holds it `least_count` times and at most `max_share` of the texts have
    it (a word of every product tells none apart); of more than `max_words` the most frequent are kept.
    `fit` learns `words_`, `texts_with_` (int64 (words,), texts that have each) and `text_count_`.
    """

    def __init__(
        self,
        least_count: int = 3,
        max_share: float = 0.95,
        max_words: int = 50_000,
        is_lemmatised: bool = True,
    ) -> None:
        self.least_count = least_count
        self.max_share = max_share
        self.max_words = max_words
        self.cleaner = Cleaner(is_lemmatised)

    @property
    def stamp(self) -> str:
        """What of the settings belongs into an encoder's version."""
        return f"{self.cleaner.stamp}-least{self.least_count}-share{self.max_share:g}-top{self.max_words}"

    def fit(self, texts: Sequence[str], progress: Progress | None = None) -> Tokens:
        """Learn from the texts; returns their words, so that they need not be cleaned twice."""
        cleaned = self.cleaner.fit_words(texts, progress)
        words = cleaned.words
        totals = np.bincount(cleaned.ids, minlength=len(words))
        with_word = np.bincount(cleaned.counted().indices, minlength=len(words))
        most = max(1.0, self.max_share * len(texts))
        kept = np.flatnonzero((totals >= self.least_count) & (with_word <= most)).tolist()
        kept = kept or np.flatnonzero(totals).tolist()
        chosen = sorted(kept, key=lambda one: (-totals[one], words[one]))[: self.max_words]
        chosen.sort(key=words.__getitem__)
        self.words_ = [words[one] for one in chosen] or [NO_WORDS]
        self.texts_with_ = with_word[chosen].astype(np.int64) if chosen else np.zeros(1, np.int64)
        self.text_count_ = len(texts)
        self._columns = {word: column for column, word in enumerate(self.words_)}
        return cleaned

    def clean(self, texts: Sequence[str], progress: Progress | None = None) -> Tokens:
        """The words of texts, those outside the vocabulary too."""
        return self.cleaner.all_words(texts, progress)

    def known(self, cleaned: Tokens) -> Tokens:
        """The texts without the words that are outside the vocabulary."""
        places = [self._columns.get(word, -1) for word in cleaned.words]
        return cleaned.changed(np.array(places, np.int32), self.words_)

    def matrix(self, cleaned: Tokens) -> Any:
        """CSR float32 (texts, words) of counts."""
        return self.known(cleaned).counted()

    def idf(self) -> NDArray[np.float32]:
        """(words,) smoothed inverse document frequency: ln((1 + n) / (1 + texts with it)) + 1."""
        idf = np.log((1 + self.text_count_) / (1 + self.texts_with_)) + 1
        return np.asarray(idf, np.float32)

    def state(self) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
        """Settings and vocabulary, JSON-able, and how many texts have each word."""
        facts = {
            "least_count": self.least_count,
            "max_share": self.max_share,
            "max_words": self.max_words,
            "cleaner": self.cleaner.state(),
            "text_count": self.text_count_,
            "words": self.words_,
        }
        return facts, {"texts_with": self.texts_with_}

    @classmethod
    def from_state(cls, facts: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]) -> Self:
        """The fitted counts again."""
        counts = cls(int(facts["least_count"]), float(facts["max_share"]), int(facts["max_words"]))
        counts.cleaner = Cleaner.from_state(facts["cleaner"])
        counts.text_count_ = int(facts["text_count"])
        counts.words_ = list(facts["words"])
        counts.texts_with_ = np.asarray(arrays["texts_with"], np.int64)
        counts._columns = {word: column for column, word in enumerate(counts.words_)}
        return counts


def weighted(counts: Any, idf: NDArray[np.float32]) -> Any:
    """Unit rows of sublinear counts times `idf`: the TF-IDF of Salton and Buckley 1988, CSR float32."""
    from sklearn.preprocessing import normalize

    found = counts.copy()
    found.data = (1 + np.log(found.data)) * idf[found.indices]
    return normalize(found, copy=False)


def unit(vectors: NDArray[Any]) -> NDArray[np.float32]:
    """Each row divided by its length; rows of zeros stay zero."""
    found = np.asarray(vectors, np.float32)
    lengths = np.linalg.norm(found, axis=1, keepdims=True)
    return np.asarray(found / np.maximum(lengths, np.float32(1e-12)), np.float32)
