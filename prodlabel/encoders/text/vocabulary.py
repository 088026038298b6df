"""What the encoders that count words share: the same words, and a fit that never fails on odd catalogues."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

NO_WORDS = "\x00"
"""The one column of a catalogue whose texts hold no word: no text can contain it."""

TOKEN_PATTERN = r"(?u)\b\w\w+\b"  # noqa: S105 - a pattern of words


def fit_vectorizer(make: Any, items: Sequence[str], min_df: int, **settings: Any) -> Any:
    """A fitted scikit-learn vectoriser; rare words are let in where the wished `min_df` leaves none."""
    for least in sorted({min_df, 1}, reverse=True):
        vectorizer = make(min_df=min(least, max(1, len(items))), token_pattern=TOKEN_PATTERN, **settings)
        try:
            return vectorizer.fit(items)
        except ValueError as error:
            if not any(hint in str(error) for hint in ("empty vocabulary", "no terms remain")):
                raise
    return vectorizer_from(make, [NO_WORDS], **settings).fit([""])


def vectorizer_from(make: Any, words: Iterable[str], **settings: Any) -> Any:
    """A vectoriser with a given vocabulary, in this order of columns."""
    columns = {word: column for column, word in enumerate(words)}
    return make(vocabulary=columns, token_pattern=TOKEN_PATTERN, **settings)
