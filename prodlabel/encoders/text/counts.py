"""Bag of words: how often each cleaned word stands in a text, sparse."""

from __future__ import annotations

from typing import Any

from prodlabel.core.progress import Progress
from prodlabel.encoders.text.tokens import Tokens
from prodlabel.encoders.text.word_model import WordModel


class Counts(WordModel):
    """A `CorpusEncoder` of texts: counts, not scaled. Keywords: those of `WordCounts`."""

    id = "counts"
    title = "Bag of words (counts)"

    def words(self) -> list[str]:
        """What each column stands for."""
        return list(self.counts_.words_)

    def _learn(self, cleaned: Tokens, progress: Progress) -> None:
        """There is nothing beyond the vocabulary."""

    def _encode(self, cleaned: Tokens) -> Any:
        return self.counts_.matrix(cleaned)
