"""Texts as numbers of words: cut up once, counted as often as a classifier is trained or asked.

Invariant: single words and pairs of neighbouring words, counted and weighted exactly as scikit-learn's
`TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True)` does (a test holds them against each other), but
cut up once and without a text for each pair, which makes it several times faster.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.floating[Any]]
Ints = npt.NDArray[np.integer[Any]]

WORD = re.compile(r"(?u)\b\w\w+\b")
SAMPLE = 20_000
"""Above so many rows, which words are frequent is seen on a sample of them."""
BATCH = 20_000
"""Rows counted at a time: bounds what counting needs beyond its result."""


@dataclass(frozen=True, eq=False)
class Tokens:
    """`word` int32: the numbers of all words one after the other; those of row i stand from `start[i]` to
    `start[i + 1]`. `number` gives a word's number, `words` the word of a number."""

    word: Ints
    start: Ints
    number: dict[str, int]
    words: Sequence[str]

    @classmethod
    def of(cls, texts: Sequence[str]) -> Tokens:
        """Cut texts into words of two letters or more, in lower case. O(characters)."""
        number: defaultdict[str, int] = defaultdict()
        number.default_factory = number.__len__
        find, look_up = WORD.findall, number.__getitem__
        parts: list[Ints] = []
        lengths = np.zeros(len(texts) + 1, dtype=np.int64)
        for row, text in enumerate(texts):
            found = find(text.lower())
            lengths[row + 1] = len(found)
            parts.append(np.fromiter(map(look_up, found), dtype=np.int32, count=len(found)))
        word = np.concatenate(parts) if parts else np.zeros(0, dtype=np.int32)
        return cls(word, np.cumsum(lengths), dict(number), tuple(number))

    def __len__(self) -> int:
        return len(self.start) - 1

    def of_rows(self, rows: Ints) -> tuple[Ints, Ints]:
        """The words (m,) of some rows, and for each the place of its row among `rows`."""
        length = self.start[rows + 1] - self.start[rows]
        place = np.repeat(np.arange(len(rows)), length)
        before = np.concatenate([[0], np.cumsum(length)])[:-1]
        at = np.arange(int(length.sum())) - np.repeat(before - self.start[rows], length)
        return self.word[at], place


class Vocabulary:
    """The words and pairs of words that count; each has a column."""

    def __init__(self, tokens: Tokens, first: Ints, second: Ints) -> None:
        """`first` and `second` (terms,): numbers of the words in `tokens`; `second` is -1 for a single
        word, and a term with a `first` of -1 stands in no text of `tokens`."""
        self._of_word = np.full(len(tokens.words) + 1, -1, dtype=np.int64)
        is_single = (second < 0) & (first >= 0)
        columns = np.arange(len(first))
        self._of_word[first[is_single]] = columns[is_single]
        is_pair = (second >= 0) & (first >= 0)
        code = first[is_pair].astype(np.int64) * len(tokens.words) + second[is_pair]
        order = np.argsort(code)
        self._pair_code, self._pair_column = code[order], columns[is_pair][order]
        self._tokens = tokens
        self.count = len(first)

    @classmethod
    def of_terms(cls, tokens: Tokens, terms: Sequence[str]) -> Vocabulary:
        """The vocabulary of terms such as "mug" and "ceramic mug"."""
        first = np.full(len(terms), -1, dtype=np.int64)
        second = np.full(len(terms), -1, dtype=np.int64)
        for column, term in enumerate(terms):
            numbers = [tokens.number.get(word, -1) for word in term.split(" ")]
            if min(numbers) >= 0:
                first[column] = numbers[0]
                second[column] = numbers[1] if len(numbers) > 1 else -1
        return cls(tokens, first, second)

    def counts(self, rows: Ints) -> Any:
        """How often each term stands in each of these rows: sparse (len(rows), terms) float32."""
        from scipy import sparse

        parts = [self._counts(rows[i : i + BATCH]) for i in range(0, len(rows), BATCH)]
        if not parts:
            return sparse.csr_matrix((0, self.count), dtype=np.float32)
        return parts[0] if len(parts) == 1 else sparse.vstack(parts, format="csr")

    def _counts(self, rows: Ints) -> Any:
        from scipy import sparse

        word, place = self._tokens.of_rows(rows)
        column = self._of_word[word]
        row, found = place[column >= 0], column[column >= 0]
        if len(self._pair_code) and len(word) > 1:
            together = place[1:] == place[:-1]
            code = word[:-1][together].astype(np.int64) * len(self._tokens.words) + word[1:][together]
            at = np.minimum(np.searchsorted(self._pair_code, code), len(self._pair_code) - 1)
            is_known = self._pair_code[at] == code
            row = np.concatenate([row, place[1:][together][is_known]])
            found = np.concatenate([found, self._pair_column[at[is_known]]])
        shape = (len(rows), self.count)
        held = sparse.coo_matrix((np.ones(len(row), np.float32), (row, found)), shape=shape).tocsr()
        held.sum_duplicates()
        return held


def choose_terms(tokens: Tokens, rows: Ints, most: int, least_rows: int = 2) -> tuple[Vocabulary, list[str]]:
    """The `most` frequent words and pairs that stand in at least `least_rows` of these rows, sorted.

    Above `SAMPLE` rows, an even sample of so many is looked at. A pair is as frequent as its rarer word at
    best: only pairs of the `most` frequent words are counted.
    """
    rows = rows[:: max(1, -(-len(rows) // SAMPLE))]
    word, place = tokens.of_rows(rows)
    count, in_rows = _frequencies(word, place, len(rows), len(tokens.words))
    is_common = in_rows >= least_rows
    if is_common.sum() > most:
        is_common &= count >= np.partition(count[is_common], -most)[-most]
    singles = np.flatnonzero(is_common)
    first, second, pair_count = _pairs(word, place, len(rows), is_common, least_rows)
    first = np.concatenate([singles, first])
    second = np.concatenate([np.full(len(singles), -1), second])
    total = np.concatenate([count[singles], pair_count])
    if len(total) > most:
        kept = np.argsort(-total, kind="stable")[:most]
        first, second = first[kept], second[kept]
    terms = [
        tokens.words[a] if b < 0 else f"{tokens.words[a]} {tokens.words[b]}"
        for a, b in zip(first.tolist(), second.tolist(), strict=True)
    ]
    order = np.array(sorted(range(len(terms)), key=terms.__getitem__), dtype=np.int64)
    return Vocabulary(tokens, first[order], second[order]), [terms[i] for i in order]


def _pairs(
    word: Ints, place: Ints, rows: int, is_common: npt.NDArray[np.bool_], least_rows: int
) -> tuple[Ints, Ints, Ints]:
    """First word, second word and count of the pairs of common words that stand in enough rows."""
    common = np.flatnonzero(is_common)
    rank = np.cumsum(is_common) - 1
    together = (place[1:] == place[:-1]) & is_common[word[1:]] & is_common[word[:-1]]
    code = rank[word[:-1][together]] * len(common) + rank[word[1:][together]]
    pair, number = np.unique(code, return_inverse=True)
    count, in_rows = _frequencies(number, place[1:][together], rows, len(pair))
    kept = in_rows >= least_rows
    return common[pair[kept] // len(common)], common[pair[kept] % len(common)], count[kept]


def _frequencies(number: Ints, place: Ints, rows: int, numbers: int) -> tuple[Ints, Ints]:
    """(numbers,) how often each stands at all, and in how many rows."""
    from scipy import sparse

    held = sparse.coo_matrix((np.ones(len(number), np.int8), (place, number)), shape=(rows, numbers)).tocsr()
    held.sum_duplicates()
    return np.bincount(number, minlength=numbers), np.bincount(held.indices, minlength=numbers)


def weighted(counts: Any, idf: Floats) -> Any:
    """TF-IDF rows of unit length from counts: (1 + log count) x idf (Salton and Buckley, "Term-weighting
    approaches in automatic text retrieval", Information Processing and Management 24, 1988). Changes
    `counts`."""
    from sklearn.preprocessing import normalize

    counts.data = (1.0 + np.log(counts.data)).astype(np.float32) * idf.astype(np.float32)[counts.indices]
    return normalize(counts, copy=False)


def inverse_document_frequency(counts: Any) -> Floats:
    """(terms,) log((1 + n) / (1 + rows with the term)) + 1."""
    frequency = np.bincount(counts.indices, minlength=counts.shape[1])
    return np.asarray(np.log((1 + counts.shape[0]) / (1 + frequency)) + 1.0)
