"""Word vectors that others trained (GloVe, fastText, word2vec), averaged with the catalogue's idf weights."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from prodlabel import paths
from prodlabel.core.errors import WeightsMissingError
from prodlabel.core.progress import Progress
from prodlabel.encoders.text.averaging import mean_of_words
from prodlabel.encoders.text.tokens import Tokens
from prodlabel.encoders.text.vector_file import read_word_vectors
from prodlabel.encoders.text.word_model import WordModel

FOLDER = "word-vectors"
_SUFFIXES = (".txt", ".vec", ".bin", ".gz")


def vector_files() -> list[Path]:
    """The files of word vectors in the weights folder, by name."""
    folder = paths.user_weights() / FOLDER
    if not folder.is_dir():
        return []
    return sorted(path for path in folder.iterdir() if path.suffix.lower() in _SUFFIXES and path.is_file())


def what_is_missing() -> str | None:
    """One line about what to put where, or None when there is a file."""
    if vector_files():
        return None
    return (
        "There is no file of word vectors on this machine. Run `prodlabel fetch word-vectors` (English "
        "GloVe, 0.9 GB; --url for others), or put one of GloVe (.txt), fastText (.vec) or word2vec (.txt, "
        f".bin), gzipped or not, into {paths.user_weights() / FOLDER}."
    )


class WordVectors(WordModel):
    """A `CorpusEncoder` of texts: the unit mean of the pretrained vectors of a text's words.

    `file` is a file of vectors (default: the first in the weights folder). Words are looked up as they are
    written, then by their lemma in the language of the products that they stand in. Only the catalogue's
    words are kept in memory.
    """

    id = "word-vectors"
    title = "Pretrained word vectors (GloVe, fastText, word2vec)"

    def __init__(self, file: Path | None = None, **vocabulary: Any) -> None:
        super().__init__(**{"is_lemmatised": False, "least_count": 1, **vocabulary})
        self.file = file

    @property
    def version(self) -> str:
        return f"{super().version}-{_stamp(self._path())}"

    def _learn(self, cleaned: Tokens, progress: Progress) -> None:  # noqa: ARG002 - as its base
        words = self.counts_.words_
        lemmas = _lemmas(words, self.counts_.cleaner.language_of_word)
        known, dim = read_word_vectors(self._path(), {*words, *lemmas.values()}, progress)
        self.vectors_ = np.zeros((len(words), dim), np.float32)
        for row, word in enumerate(words):
            vector = known.get(word, known.get(lemmas[word]))
            if vector is not None:
                self.vectors_[row] = vector

    @property
    def known_share(self) -> float:
        """Of the catalogue's words, how many the file has (0 to 1)."""
        return float(self.vectors_.any(axis=1).mean())

    def _encode(self, cleaned: Tokens) -> NDArray[np.float32]:
        return mean_of_words(self.counts_.matrix(cleaned), self.counts_.idf(), self.vectors_)

    def _arrays(self) -> dict[str, NDArray[Any]]:
        return {"vectors": self.vectors_}

    def _restore(self, arrays: Mapping[str, NDArray[Any]]) -> None:
        self.vectors_ = np.asarray(arrays["vectors"], np.float32)

    def _path(self) -> Path:
        if self.file is not None:
            return self.file
        found = vector_files()
        if not found:
            raise WeightsMissingError(str(what_is_missing()))
        return found[0]


def _lemmas(words: Sequence[str], language_of: Callable[[str], str]) -> dict[str, str]:
    import simplemma

    return {word: simplemma.lemmatize(word, lang=language_of(word)).lower() for word in words}


def _stamp(path: Path) -> str:
    """Name, size and time of a file that may have gigabytes."""
    try:
        stat = path.stat()
    except OSError as error:
        raise WeightsMissingError(f"{path} cannot be read ({error.strerror}). Put it there again.") from error
    return _digest(f"{path.name} {stat.st_size} {stat.st_mtime_ns}")


@cache
def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]
