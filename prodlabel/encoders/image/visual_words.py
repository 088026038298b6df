"""Bag of visual words (Sivic and Zisserman 2003; Csurka et al. 2004): local features counted by a vocabulary.

Invariant: memory does not grow with the catalogue but for the result: the vocabulary is learnt on at most
300,000 descriptors, kept as bytes, of at most 2,000 pictures. Threads decode and describe (OpenCV and NumPy
release the interpreter lock); what they find is put together in the order of the rows, so that the number of
threads changes nothing.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray

from prodlabel.core.progress import Progress
from prodlabel.encoders.image.grey import GreySettings, grey_and_mask
from prodlabel.encoders.protocol import Kind
from prodlabel.encoders.sessions import usable_cores
from prodlabel.encoders.streaming import result_of, worker_threads

Descriptors = NDArray[np.uint8]
Floats = NDArray[np.float32]

ENCODINGS = ("counts", "tfidf", "vlad")
SAMPLE_PICTURES = 2_000
SAMPLE_DESCRIPTORS = 300_000
_BATCH = 4_096
_PASSES = 4
_A_WORD = 200
"""Descriptors for each word; more move the words by less than another seed does."""


class VisualWords(ABC):
    """A `CorpusEncoder` of pictures: unit rows, zeros for a picture without any feature.

    `encoding`: "counts" (square roots of the shares of each word: Hellinger's kernel), "tfidf", or "vlad"
    (signed residuals to the words, square-rooted: Jegou et al. 2012), for which some 32 words are enough.
    Of each picture, at most `side_px` long, the `keypoints` strongest features count. `grey` (or its
    settings by name) says how a picture is prepared.
    """

    id: str
    title: str
    kind = Kind.PICTURE
    wanted_side_px = 320
    width: ClassVar[int]
    """Numbers that describe a feature, as `_widen` gives them."""

    def __init__(
        self,
        words: int = 500,
        encoding: str = "tfidf",
        *,
        keypoints: int = 300,
        side_px: int = 320,
        grey: GreySettings | Mapping[str, Any] | None = None,
        seed: int = 0,
        threads: int | None = None,
    ) -> None:
        if encoding not in ENCODINGS:
            raise ValueError(f"encoding is one of {', '.join(ENCODINGS)}")
        self.words = words
        self.encoding = encoding
        self.keypoints = keypoints
        self.side_px = side_px
        self.grey = grey if isinstance(grey, GreySettings) else GreySettings(**(grey or {}))
        self.seed = seed
        self.threads = threads

    @property
    def version(self) -> str:
        own = (
            f"{self.words}-{self.encoding}-k{self.keypoints}-{self.side_px}px-{self.grey.stamp}-s{self.seed}"
        )
        return f"{self.id}-1-{own}"

    def fit(self, items: Sequence[Any], progress: Progress | None = None) -> Self:
        """Learn the vocabulary, and how many of the sampled pictures have each word."""
        self._fit(items, progress or Progress())
        return self

    def fit_transform(self, items: Sequence[Any], progress: Progress | None = None) -> Floats:
        """Both at once: the pictures that the vocabulary was learnt on are described only once."""
        progress = progress or Progress()
        described = self._fit(items, progress)
        return self._encode_all(items, described, progress)

    def transform(self, items: Sequence[Any], progress: Progress | None = None) -> Floats:
        """float32 (n, words), or (n, words x width) for "vlad"."""
        return self._encode_all(items, {}, progress or Progress())

    def state(self) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
        settings = {
            "words": self.words,
            "encoding": self.encoding,
            "keypoints": self.keypoints,
            "side_px": self.side_px,
            "seed": self.seed,
        }
        facts = {"settings": settings, "grey": self.grey.as_json()}
        return facts, {"vocabulary": self.vocabulary_, "idf": self.idf_}

    @classmethod
    def from_state(cls, facts: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]) -> Self:
        encoder = cls(**facts["settings"], grey=facts["grey"])
        encoder.vocabulary_ = np.asarray(arrays["vocabulary"], np.float32)
        encoder.idf_ = np.asarray(arrays["idf"], np.float32)
        return encoder

    @abstractmethod
    def _detector(self) -> Any:
        """An OpenCV detector; one for each thread."""

    @abstractmethod
    def _narrow(self, found: NDArray[Any]) -> Descriptors:
        """Descriptors as OpenCV gives them to the bytes that are kept."""

    @abstractmethod
    def _widen(self, kept: Descriptors) -> Floats:
        """Bytes to float32 (n, width) in which Euclidean distance means likeness."""

    def _fit(self, items: Sequence[Any], progress: Progress) -> dict[int, Descriptors]:
        """Learn; returns the descriptors of the sampled pictures."""
        from threadpoolctl import threadpool_limits

        rng = np.random.default_rng(self.seed)
        rows = rng.permutation(len(items))[:SAMPLE_PICTURES]
        described: dict[int, Descriptors] = {}
        with progress.stage("Describing pictures", len(rows), "pictures"):
            described.update(
                self._each(np.sort(rows).tolist(), lambda row: self._describe(items[row]), progress)
            )
        with threadpool_limits(1):
            self.vocabulary_ = self._learn(list(described.values()), rng, progress)
            has_word = np.zeros(self.words)
            for found in described.values():
                has_word[np.unique(nearest(self._widen(found), self.vocabulary_))] += 1
        self.idf_ = np.asarray(np.log((1 + len(described)) / (1 + has_word)) + 1, np.float32)
        return described

    def _learn(self, described: list[Descriptors], rng: np.random.Generator, progress: Progress) -> Floats:
        """The vocabulary float32 (words, width). Words that nothing can be assigned to lie far away."""
        pool = np.concatenate([d for d in described if len(d)] or [np.zeros((0, 1), np.uint8)])
        pool = pool[rng.permutation(len(pool))[: min(SAMPLE_DESCRIPTORS, _A_WORD * self.words)]]
        count = min(self.words, len(pool))
        vocabulary = np.full((self.words, self.width), 1e6, np.float32)
        vocabulary[:count] = self._widen(pool[:count])
        steps = _PASSES * -(-len(pool) // _BATCH)
        with progress.stage("Learning visual words", steps, "steps"):
            for _ in range(_PASSES):
                seen = np.zeros(count, np.float32)
                order = rng.permutation(len(pool))
                for start in range(0, len(pool), _BATCH):
                    batch = self._widen(pool[order[start : start + _BATCH]])
                    _move(vocabulary[:count], seen, batch, nearest(batch, vocabulary[:count]))
                    progress.advance()
        return vocabulary

    def _describe(self, picture: NDArray[np.uint8] | None) -> Descriptors:
        """The bytes of a picture's strongest features, (0, 1) for none."""
        if picture is None:
            return np.zeros((0, 1), np.uint8)
        grey, mask = grey_and_mask(picture, self.side_px, self.grey)
        found = self._detector().detectAndCompute(grey, mask)[1]
        return np.zeros((0, 1), np.uint8) if found is None else self._narrow(found[: self.keypoints])

    def _encode_all(
        self, items: Sequence[Any], described: Mapping[int, Descriptors], progress: Progress
    ) -> Floats:
        from threadpoolctl import threadpool_limits

        dim = self.words * (self.width if self.encoding == "vlad" else 1)
        vectors = np.zeros((len(items), dim), np.float32)

        def encoded(row: int) -> Floats | None:
            known = described.get(row)
            return self._encode(self._describe(items[row]) if known is None else known)

        with threadpool_limits(1), progress.stage("Counting visual words", len(items), "pictures"):
            for row, vector in self._each(range(len(items)), encoded, progress):
                if vector is not None:
                    vectors[row] = vector
        return vectors

    def _encode(self, kept: Descriptors) -> Floats | None:
        if not len(kept):
            return None
        features = self._widen(kept)
        words = nearest(features, self.vocabulary_)
        if self.encoding == "vlad":
            sums = np.zeros_like(self.vocabulary_)
            np.add.at(sums, words, features - self.vocabulary_[words])
            return _unit(np.sign(sums) * np.sqrt(np.abs(sums)))
        counts = np.bincount(words, minlength=self.words).astype(np.float32)
        return _unit(np.sqrt(counts) * (self.idf_ if self.encoding == "tfidf" else 1))

    def _each(
        self, rows: Iterable[int], work: Callable[[int], Any], progress: Progress
    ) -> Iterator[tuple[int, Any]]:
        """(row, what `work` gives for it) in order; a few rows are worked on ahead."""
        threads = self.threads or min(4, usable_cores())
        ahead: deque[tuple[int, Future[Any]]] = deque()
        with worker_threads(threads, "describe") as pool:
            for row in rows:
                ahead.append((row, pool.submit(work, row)))
                if len(ahead) >= 4 * threads:
                    yield _next(ahead, progress)
            while ahead:
                yield _next(ahead, progress)


def nearest(features: Floats, vocabulary: Floats) -> NDArray[np.int64]:
    """The row of the vocabulary (words, width) nearest to each feature (n, width)."""
    half = np.einsum("ij,ij->i", vocabulary, vocabulary) / 2
    return np.asarray(np.argmax(features @ vocabulary.T - half, axis=1))


def _move(vocabulary: Floats, seen: Floats, batch: Floats, words: NDArray[np.int64]) -> None:
    """One step of minibatch k-means (Sculley 2010): each word to the mean of what it got so far, in place."""
    from scipy import sparse

    members = sparse.csr_matrix((np.ones(len(batch), np.float32), (words, np.arange(len(batch)))),
                                shape=(len(vocabulary), len(batch)))  # fmt: skip
    got = np.bincount(words, minlength=len(vocabulary)).astype(np.float32)
    seen += got
    share = 1 / np.maximum(seen, 1)[:, None]
    vocabulary += (members @ batch - got[:, None] * vocabulary) * share


def _next(ahead: deque[tuple[int, Future[Any]]], progress: Progress) -> tuple[int, Any]:
    row, future = ahead.popleft()
    found = result_of(future, progress)
    progress.advance()
    return row, found


def _unit(vector: NDArray[Any]) -> Floats:
    flat = np.asarray(vector, np.float32).ravel()
    return np.asarray(flat / max(float(np.linalg.norm(flat)), 1e-12), np.float32)
