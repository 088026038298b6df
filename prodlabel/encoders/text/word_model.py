"""What the encoders fitted to counted words share: cleaning, state, and one pass over the texts."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Self

from numpy.typing import NDArray

from prodlabel.core.progress import Progress
from prodlabel.encoders.protocol import Kind
from prodlabel.encoders.text.tokens import Tokens
from prodlabel.encoders.text.word_counts import WordCounts


class WordModel(ABC):
    """A `CorpusEncoder` of texts that sees their cleaned words. Subclasses learn and encode.

    A subclass stores its settings in the constructor, after calling this one's with the keywords of
    `WordCounts`, and names them in `settings`.
    """

    id: str
    title: str
    kind = Kind.TEXT
    settings: ClassVar[tuple[str, ...]] = ()
    """The constructor's own settings, which are attributes of the same names."""
    revision: ClassVar[int] = 1
    """Raised when the same settings give other vectors than before."""

    def __init__(self, **vocabulary: Any) -> None:
        self.vocabulary = dict(vocabulary)

    @property
    def version(self) -> str:
        own = "".join(f"-{getattr(self, name)}" for name in self.settings)
        stamp = WordCounts(**self.vocabulary).stamp
        version = f"{self.id}-{self.revision}{own}-{stamp}"
        return "".join(c if c.isalnum() or c in ".-" else "." for c in version)

    def fit(self, items: Sequence[str], progress: Progress | None = None) -> Self:
        """Learn from all texts."""
        progress = progress or Progress()
        self.counts_ = WordCounts(**self.vocabulary)
        self._learn(self.counts_.fit(items, progress), progress)
        return self

    def transform(self, items: Sequence[str], progress: Progress | None = None) -> Any:
        """float32 (n, dim), dense or CSR."""
        return self._encode(self.counts_.clean(items, progress))

    def fit_transform(self, items: Sequence[str], progress: Progress | None = None) -> Any:
        """`fit` and `transform` of the same texts, each cleaned once."""
        progress = progress or Progress()
        self.counts_ = WordCounts(**self.vocabulary)
        cleaned = self.counts_.fit(items, progress)
        self._learn(cleaned, progress)
        return self._encode(cleaned)

    def state(self) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
        """What was learned: a JSON-able part and arrays."""
        facts, arrays = self.counts_.state()
        settings = {name: getattr(self, name) for name in self.settings}
        return (
            {"settings": settings, "vocabulary": self.vocabulary, "counts": facts},
            {**arrays, **self._arrays()},
        )

    @classmethod
    def from_state(cls, facts: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]) -> Self:
        """The fitted encoder again."""
        encoder = cls(**facts["settings"], **facts["vocabulary"])
        encoder.counts_ = WordCounts.from_state(facts["counts"], arrays)
        encoder._restore(arrays)
        return encoder

    @abstractmethod
    def _learn(self, cleaned: Tokens, progress: Progress) -> None:
        """Learn from the words of all texts; `counts_` is fitted."""

    @abstractmethod
    def _encode(self, cleaned: Tokens) -> Any:
        """Vectors of texts given as words."""

    def _arrays(self) -> dict[str, NDArray[Any]]:
        """What was learned beyond the counts."""
        return {}

    def _restore(self, arrays: Mapping[str, NDArray[Any]]) -> None:
        """Take back what `_arrays` gave."""
        del arrays
