"""Texts as numbers: every distinct token once, every text as the places of its tokens among them.

Invariant: memory is four bytes a token and the distinct ones once, whatever the number of texts.
"""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from unicodedata import normalize

import numpy as np
from numpy.typing import NDArray

from prodlabel.core.progress import Progress

BATCH = 512
MARK = "\x00"
"""Stands after each text."""
Ints = NDArray[np.integer[Any]]


@dataclass(frozen=True, slots=True, eq=False)
class Tokens:
    """The texts: `ids` int32 (tokens,) are places in `words`, those of text i from `starts[i]` to
    `starts[i + 1]` (texts + 1,)."""

    words: list[str]
    ids: Ints
    starts: Ints

    def __len__(self) -> int:
        """How many texts."""
        return len(self.starts) - 1

    def text_of(self) -> Ints:
        """(tokens,) the text that each token stands in."""
        return np.repeat(np.arange(len(self), dtype=np.int32), np.diff(self.starts))

    def changed(self, places: Ints, words: list[str]) -> Tokens:
        """The same texts in other words: `places` (distinct,) in `words`, -1 for tokens that are dropped."""
        ids = places[self.ids]
        return self.replaced(ids, words)

    def replaced(self, ids: Ints, words: list[str]) -> Tokens:
        """The same texts with another word for each token (tokens,), -1 for those that are dropped."""
        is_kept = ids >= 0
        ends = np.concatenate([[0], np.cumsum(is_kept)])
        return Tokens(words, ids[is_kept].astype(np.int32, copy=False), ends[self.starts])

    def counted(self) -> Any:
        """CSR float32 (texts, distinct): how often each token stands in each text."""
        from scipy import sparse

        parts = (np.ones(len(self.ids), np.float32), self.ids.copy(), self.starts)
        found = sparse.csr_matrix(parts, shape=(len(self), len(self.words)))
        found.sum_duplicates()
        return found

    def lists(self) -> Iterator[list[str]]:
        """Each text as a list of words."""
        for start, end in zip(self.starts[:-1].tolist(), self.starts[1:].tolist(), strict=True):
            yield [self.words[one] for one in self.ids[start:end].tolist()]


def tokenised(
    texts: Sequence[str],
    cut: Callable[[str], list[str]],
    progress: Progress | None = None,
    stage: str = "Reading texts",
    most_chars: int | None = None,
) -> Tokens:
    """The texts in lower case, each read up to `most_chars`, cut into tokens by `cut`.

    `cut` is given many texts at once, with `MARK` after each, and must give the marks as tokens too: a call
    of a regular expression costs more than reading a short text.
    """
    progress = progress or Progress()
    table: defaultdict[str, int] = defaultdict()
    table.default_factory = table.__len__
    place = table.__getitem__
    mark = place(MARK)
    ids = array("i")
    with progress.stage(stage, len(texts), "texts"):
        for first in range(0, len(texts), BATCH):
            part = texts[first : first + BATCH]
            joined = MARK.join([text[:most_chars].replace(MARK, " ") for text in part])
            # Accents that are signs of their own would end a word.
            ids.extend(map(place, cut(normalize("NFC", f"{joined}{MARK}").lower())))
            progress.advance(len(part))
    found = np.frombuffer(ids, np.int32) if len(ids) else np.zeros(0, np.int32)
    ends = np.flatnonzero(found == mark)
    starts = np.concatenate([[0], ends - np.arange(len(ends))])
    return Tokens(list(table)[1:], found[found != mark] - 1, starts)
