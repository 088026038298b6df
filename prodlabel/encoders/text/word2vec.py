"""Word2Vec learnt on the catalogue itself (Mikolov et al. 2013, skip-gram), averaged with idf weights.

The same texts and seed give the same vectors: one worker thread, stable hashes. gensim holds the interpreter
lock while it scans words and between its batches, so a window must run a fit in a child process.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from prodlabel.core.progress import Progress
from prodlabel.encoders.text.averaging import mean_of_words
from prodlabel.encoders.text.tokens import Tokens
from prodlabel.encoders.text.word_model import WordModel


class Word2Vec(WordModel):
    """A `CorpusEncoder` of texts: the unit mean of the vectors of a text's words, weighted by idf.

    Feed it texts whose boilerplate is taken out: on a shop's phrases it would learn the shop's phrases.
    """

    id = "word2vec"
    title = "Word2Vec learnt on the catalogue"
    settings = ("dim", "window", "epochs", "seed")

    def __init__(
        self, dim: int = 150, window: int = 10, epochs: int = 30, seed: int = 0, **vocabulary: Any
    ) -> None:
        super().__init__(**vocabulary)
        self.dim = dim
        self.window = window
        self.epochs = epochs
        self.seed = seed

    def _learn(self, cleaned: Tokens, progress: Progress) -> None:
        from gensim.models import Word2Vec as GensimWord2Vec

        sentences = self.counts_.known(cleaned)
        self.vectors_ = np.zeros((len(self.counts_.words_), self.dim), np.float32)
        if not len(sentences.ids):
            return
        model = GensimWord2Vec(
            vector_size=self.dim, window=self.window, min_count=1, sg=1, seed=self.seed + 1,
            workers=1, hashfxn=_stable_hash,
        )  # fmt: skip
        model.build_vocab(_Sentences(sentences, progress))
        with progress.stage("Learning word vectors", self.epochs * len(sentences), "texts"):
            model.train(
                _Sentences(sentences, progress),
                total_examples=len(sentences),
                epochs=self.epochs,
                callbacks=[_stopping(progress, len(sentences))],
            )
        for row, word in enumerate(self.counts_.words_):
            if word in model.wv:
                self.vectors_[row] = model.wv[word]

    def _encode(self, cleaned: Tokens) -> NDArray[np.float32]:
        return mean_of_words(self.counts_.matrix(cleaned), self.counts_.idf(), self.vectors_)

    def _arrays(self) -> dict[str, NDArray[Any]]:
        return {"vectors": self.vectors_}

    def _restore(self, arrays: Mapping[str, NDArray[Any]]) -> None:
        self.vectors_ = np.asarray(arrays["vectors"], np.float32)


class _Sentences:
    """The texts again and again; ends early after a cancel.

    gensim reads them in a thread of its own that must not raise (its workers would wait for ever).
    """

    def __init__(self, sentences: Tokens, progress: Progress) -> None:
        self._sentences = sentences
        self._token = progress.token

    def __iter__(self) -> Iterator[list[str]]:
        for words in self._sentences.lists():
            if self._token.is_cancelled:
                return
            yield words


def _stopping(progress: Progress, texts: int) -> Any:
    """Reports each pass over the texts, from the thread that trains; a cancel surfaces there."""
    from gensim.models.callbacks import CallbackAny2Vec

    class EveryEpoch(CallbackAny2Vec):  # type: ignore[misc]
        def on_epoch_end(self, model: Any) -> None:
            del model
            progress.advance(texts)

    return EveryEpoch()


def _stable_hash(word: str) -> int:
    return zlib.crc32(word.encode("utf-8", "surrogatepass"))
