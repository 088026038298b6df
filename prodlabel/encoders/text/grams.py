"""Counts of words and of runs of words, sparse: scikit-learn's `CountVectorizer`, by arithmetic on numbers.

Invariant: the columns are the same words in the same order on every machine, and a fit never fails: where
no word is frequent enough every word counts, and a wordless catalogue has one empty column. A run of words
is no more frequent than its rarest word (Agrawal and Srikant 1994), so runs are made of frequent words only.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from prodlabel.core.progress import Progress
from prodlabel.encoders.text.tokens import MARK, Ints, Tokens, tokenised
from prodlabel.encoders.text.word_counts import NO_WORDS

LONGEST = 3
"""Words in a run: three places among two million words fit into 64 bits."""
MOST_PARTS = 2_000_000
_WORD = re.compile(rf"\w\w+|{MARK}")


class Grams:
    """Words and runs of `low` to `high` words that at least `least` texts have; of more than `most` (None:
    any number) those that stand most often. `fit_counts` learns `words_`, in order of the columns."""

    def __init__(self, low: int, high: int, least: int = 1, most: int | None = None) -> None:
        if not 1 <= low <= high <= LONGEST:
            raise ValueError(f"runs have 1 to {LONGEST} words")
        self.low, self.high, self.least, self.most = low, high, least, most

    def fit_counts(self, texts: Sequence[str], progress: Progress | None = None) -> Any:
        """Learn, and count: CSR float32 (texts, columns)."""
        tokens = tokenised(texts, _WORD.findall, progress)
        for least in sorted({self.least, 1}, reverse=True):
            names = self._frequent(tokens, least)
            if names:
                break
        self.restore(sorted(names) or [NO_WORDS])
        return self._counted(tokens)

    def counts(self, texts: Sequence[str], progress: Progress | None = None) -> Any:
        """CSR float32 (texts, columns) of any texts."""
        return self._counted(tokenised(texts, _WORD.findall, progress))

    def restore(self, words: Iterable[str]) -> None:
        """Take `words` for the columns, in this order."""
        self.words_ = list(words)
        lengths = np.array([word.count(" ") + 1 for word in self.words_], np.int64)
        table: defaultdict[str, int] = defaultdict()
        table.default_factory = table.__len__
        parts = np.fromiter(map(table.__getitem__, " ".join(self.words_).split(" ")), np.int64, lengths.sum())
        self._parts = dict(table)
        starts = np.cumsum(lengths) - lengths
        base = len(self._parts) + 1
        self._keys: list[tuple[int, NDArray[np.int64], NDArray[np.int64]]] = []
        for length in range(self.low, self.high + 1):
            columns = np.flatnonzero(lengths == length)
            keys = np.zeros(len(columns), np.int64)
            for part in range(length):
                keys = keys * base + parts[starts[columns] + part]
            order = np.argsort(keys)
            self._keys.append((length, keys[order], columns[order]))

    def _frequent(self, tokens: Tokens, least: int) -> list[str]:
        """The names of the words and runs that enough texts have, at most `most` of them."""
        texts_with = np.bincount(tokens.counted().indices, minlength=len(tokens.words))
        parts = np.flatnonzero(texts_with >= least)
        parts = np.sort(parts[np.argsort(-texts_with[parts], kind="stable")[:MOST_PARTS]])
        places = np.full(len(tokens.words), len(parts))
        places[parts] = np.arange(len(parts))
        base = len(parts) + 1
        words, names = tokens.words, list[str]()
        stands: list[Ints] = []
        for length in range(self.low, self.high + 1):
            keys, text = _runs(places[tokens.ids], tokens, length, base)
            distinct, total, with_it = _tallied(keys, text)
            is_kept = with_it >= least
            stands.append(total[is_kept])
            kept = distinct[is_kept]
            runs = [parts[kept // base**power % base].tolist() for power in reversed(range(length))]
            names += [" ".join([words[part] for part in run]) for run in zip(*runs, strict=True)]
        if self.most is None or len(names) <= self.most:
            return names
        order = sorted(zip((-np.concatenate(stands)).tolist(), names, strict=True))
        return [name for _, name in order[: self.most]]

    def _counted(self, tokens: Tokens) -> Any:
        from scipy import sparse

        base = len(self._parts) + 1
        places = np.array([self._parts.get(word, base - 1) for word in tokens.words], np.int64)
        found = sparse.csr_matrix((len(tokens), len(self.words_)), dtype=np.float32)
        for length, known, columns in self._keys:
            if not len(known):
                continue
            keys, text = _runs(places[tokens.ids], tokens, length, base)
            at = np.minimum(np.searchsorted(known, keys), len(known) - 1)
            is_known = known[at] == keys
            ends = np.concatenate([[0], np.cumsum(np.bincount(text[is_known], minlength=len(tokens)))])
            own = np.ones(int(is_known.sum()), np.float32), columns[at[is_known]], ends
            found = found + sparse.csr_matrix(own, shape=found.shape)
        found.sum_duplicates()
        return found


def _runs(ids: Ints, tokens: Tokens, length: int, base: int) -> tuple[NDArray[np.int64], Ints]:
    """The keys of all runs of that many known tokens (those below `base` - 1), and the text of each."""
    ids, text = ids.astype(np.int64), tokens.text_of()
    count = max(0, len(ids) - length + 1)
    keys = np.zeros(count, np.int64)
    is_whole = text[:count] == text[length - 1 :]
    for part in range(length):
        step = ids[part : part + count]
        keys = keys * base + step
        is_whole &= step < base - 1
    return keys[is_whole], text[:count][is_whole]


def _tallied(keys: NDArray[np.int64], text: Ints) -> tuple[NDArray[np.int64], Ints, Ints]:
    """The distinct keys, how often each stands, and in how many texts."""
    if not len(keys):
        return keys, keys, keys
    order = np.argsort(keys, kind="stable")  # texts stay in order within a key
    keys, text = keys[order], text[order]
    is_new_key = np.concatenate([[True], keys[1:] != keys[:-1]])
    is_new_pair = is_new_key | np.concatenate([[True], text[1:] != text[:-1]])
    starts = np.flatnonzero(is_new_key)
    with_it = np.add.reduceat(is_new_pair.astype(np.int64), starts)
    return keys[starts], np.diff(np.append(starts, len(keys))), with_it
