"""What the classifier sees of each product: words, text vectors, picture vectors, and which of them are
missing.

Invariant: what is learnt here (vocabulary, document frequencies, centre, scale) comes from the rows that were
given to `fit`, and a row without text or picture is left out, never guessed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from prodlabel.core.errors import InputError
from prodlabel.core.rows import RowSource
from prodlabel.learning.ridge import DUAL_LIMIT
from prodlabel.learning.tokens import Tokens, Vocabulary, choose_terms, inverse_document_frequency, weighted

Floats = npt.NDArray[np.floating[Any]]
Ints = npt.NDArray[np.integer[Any]]
Bools = npt.NDArray[np.bool_]

WORDS, TEXT, PICTURE = "words", "text", "picture"
PRIMAL_WORDS = (2_400, 800)
"""Terms kept of texts and of names where the catalogue is too large to be solved over rows: 3,200^2 float64
are 82 MB, and factorised in half a second.
"""
DUAL_WORDS = (100_000, 100_000)
FEW_OF_ALL = 20
"""A twentieth of the products or less is cut into words by itself."""
NAME_WEIGHT = 0.7
"""The name is short and says the thing itself; on its own it weighs a little less than the whole text."""


@dataclass(frozen=True)
class Views:
    """The same `n` products seen by each expert.

    `texts`: cleaned name, description and specifications joined, "" where there is none; `names`: the
    names alone (optional). `text_vectors` and `picture_vectors`: (n, d) float, in memory or on disk, or
    None; rows where `has_text_vector` / `has_picture` (n,) is False are ignored whatever they hold.
    """

    texts: Sequence[str]
    names: Sequence[str] | None = None
    text_vectors: RowSource | None = None
    has_text_vector: Bools | None = None
    picture_vectors: RowSource | None = None
    has_picture: Bools | None = None
    _taken_from: tuple[Views, Ints] | None = field(default=None, repr=False, compare=False)
    _cut: dict[str, Tokens] = field(default_factory=dict, repr=False, compare=False)

    def __post_init__(self) -> None:
        for held in (
            self.names,
            self.text_vectors,
            self.has_text_vector,
            self.picture_vectors,
            self.has_picture,
        ):
            if held is not None and len(held) != len(self.texts):
                raise InputError(
                    f"The views hold {len(self.texts)} texts but {len(held)} other rows. "
                    "Give each product one row in every view."
                )

    def __len__(self) -> int:
        return len(self.texts)

    def take(self, rows: npt.ArrayLike) -> Views:
        """The products at `rows` (row numbers, or a mask (n,))."""
        index = np.arange(len(self))[np.asarray(rows)]

        def part(held: Any) -> Any:
            return None if held is None else held[index]

        return Views(
            [self.texts[i] for i in index],
            None if self.names is None else [self.names[i] for i in index],
            part(self.text_vectors),
            part(self.has_text_vector),
            part(self.picture_vectors),
            part(self.has_picture),
            (self, index) if self._taken_from is None else (self._taken_from[0], self._taken_from[1][index]),
        )

    def alone(self) -> Views:
        """The same, without what it was taken of: smaller to send to another process."""
        return Views(
            self.texts,
            self.names,
            self.text_vectors,
            self.has_text_vector,
            self.picture_vectors,
            self.has_picture,
        )

    def tokens(self, column: str) -> tuple[Tokens, Ints]:
        """The words of "texts" or "names", and which rows of them are these products.

        Cut up once for all views that were taken of the same products.
        """
        if self._taken_from is not None:
            whole, rows = self._taken_from
            if column in whole._cut or len(rows) * FEW_OF_ALL > len(whole):
                return whole.tokens(column)[0], rows
        if column not in self._cut:
            self._cut[column] = Tokens.of(getattr(self, column))
        return self._cut[column], np.arange(len(self))

    def vectors(self, expert: str) -> tuple[RowSource, Bools] | None:
        """The block of a dense expert and where it is present."""
        if expert == TEXT:
            block, present = self.text_vectors, self.has_text_vector
        else:
            block, present = self.picture_vectors, self.has_picture
        if block is None:
            return None
        return block, np.ones(len(self), bool) if present is None else np.asarray(present, bool)


class WordFeatures:
    """TF-IDF of words and pairs of words, the name's beside the whole text's (rows: sparse, about unit
    length).
    """

    def __init__(self, vocabularies: list[list[str]] | None = None, idfs: list[Floats] | None = None) -> None:
        """`vocabularies` and `idfs`: of texts, and of names where they were given."""
        self.vocabularies = vocabularies or []
        self.idfs = idfs or []

    def fit_transform(self, views: Views) -> tuple[Any, Bools] | None:
        """Sparse (n, d) float32 and where a product has any known word; None where there are no words at
        all.
        """
        limits = DUAL_WORDS if len(views) <= DUAL_LIMIT else PRIMAL_WORDS
        self.vocabularies, self.idfs = [], []
        blocks = []
        for column, limit in zip(_columns(views), limits, strict=False):
            tokens, rows = views.tokens(column)
            chosen, terms = choose_terms(tokens, rows, limit)
            if not terms:  # no word stands in two products
                if not self.vocabularies:
                    return None
                continue
            counts = chosen.counts(rows)
            self.vocabularies.append(terms)
            self.idfs.append(inverse_document_frequency(counts))
            blocks.append(weighted(counts, self.idfs[-1]))
        return _joined(blocks)

    def transform(self, views: Views) -> tuple[Any, Bools]:
        """Sparse (n, d) float32, and (n,) whether any known word is there."""
        from scipy import sparse

        columns = _columns(views)
        blocks = []
        for at, (terms, idf) in enumerate(zip(self.vocabularies, self.idfs, strict=True)):
            if at < len(columns):
                tokens, rows = views.tokens(columns[at])
                blocks.append(weighted(Vocabulary.of_terms(tokens, terms).counts(rows), idf))
            else:
                blocks.append(sparse.csr_matrix((len(views), len(terms)), dtype=np.float32))
        return _joined(blocks)

    @cached_property
    def distinct_words(self) -> tuple[list[str], Ints]:
        """Each word or pair of words once, sorted, and for each column which one it is."""
        words = [word for vocabulary in self.vocabularies for word in vocabulary]
        distinct = sorted(set(words))
        place = {word: number for number, word in enumerate(distinct)}
        return distinct, np.array([place[word] for word in words], dtype=np.int64)


def _columns(views: Views) -> list[str]:
    return ["texts"] if views.names is None else ["texts", "names"]


def _joined(blocks: list[Any]) -> tuple[Any, Bools]:
    from scipy import sparse

    if len(blocks) > 1:
        blocks[1] *= np.float32(NAME_WEIGHT)
    X = sparse.hstack(blocks, format="csr") if len(blocks) > 1 else sparse.csr_matrix(blocks[0])
    return X, np.diff(X.indptr) > 0


class VectorFeatures:
    """A block of vectors, centred and brought to unit mean square length over the rows that have one."""

    def __init__(self, centre: Floats | None = None, scale: float = 1.0) -> None:
        self.centre = centre
        self.scale = scale

    def fit(self, block: RowSource, present: Bools) -> VectorFeatures:
        rows = block[present]
        self.centre = rows.mean(axis=0, dtype=np.float64).astype(np.float32)
        mean_square = float(np.mean(np.square(rows - self.centre).sum(axis=1, dtype=np.float64)))
        self.scale = 1.0 / np.sqrt(mean_square) if mean_square > 0 else 1.0
        return self

    def transform(self, block: RowSource) -> Floats:
        """(n, d) float32."""
        assert self.centre is not None
        if block.shape[1] != len(self.centre):
            raise InputError(
                f"The classifier was trained on vectors of {len(self.centre)} numbers, these have "
                f"{block.shape[1]}. Encode with the encoder it was trained with, or train again."
            )
        return np.asarray((np.asarray(block) - self.centre) * np.float32(self.scale), dtype=np.float32)
