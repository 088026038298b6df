"""Universal Sentence Encoder, multilingual v3 (Yang et al. 2019): one unit vector of 512 numbers per text.

Sixteen languages share one space. The table of pieces is kept as bytes and widened row by row.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from prodlabel.encoders.protocol import Kind
from prodlabel.encoders.sessions import open_session
from prodlabel.encoders.text.packing import encodable, packed
from prodlabel.encoders.weights import find_weights

_BEGIN, _END = 1, 2
_CHARS_PER_TOKEN = 4
_MAX_CHARS_PER_TOKEN = 16


class UniversalSentenceEncoder:
    """An `ItemEncoder` of texts in any language. Reads `max_tokens` pieces; an empty text becomes zeros."""

    id = "use"
    title = "Universal Sentence Encoder (multilingual)"
    kind = Kind.TEXT
    dim = 512
    wanted_side_px = 0
    batch_budget = 2048

    def __init__(self, max_tokens: int = 256, threads: int | None = None) -> None:
        if max_tokens < 8:
            raise ValueError("max_tokens is at least 8")
        self.max_tokens = max_tokens
        self.threads = threads

    @property
    def version(self) -> str:
        return f"{self._weights.stamp}-{self.max_tokens}"

    def cost(self, item: str) -> int:
        """About the number of tokens."""
        return min(self.max_tokens, 2 + len(item) // _CHARS_PER_TOKEN)

    def encode(self, batch: Sequence[str]) -> NDArray[np.float32]:
        vectors = np.zeros((len(batch), self.dim), np.float32)
        limit = self.max_tokens * _MAX_CHARS_PER_TOKEN
        texts = [encodable(text[:limit]) for text in batch]
        tokens = [e.ids[: self.max_tokens - 2] for e in self._tokenizer.encode_batch(texts)]
        for rows in packed([len(ids) for ids in tokens], self.batch_budget, least=1):
            vectors[rows] = self._run([[_BEGIN, *tokens[row], _END] for row in rows])
        return vectors

    def _run(self, tokens: Sequence[Sequence[int]]) -> NDArray[np.float32]:
        steps, scale, lowest = self._table
        ids = np.zeros((len(tokens), max(map(len, tokens))), np.int64)
        mask = np.zeros((*ids.shape, 1), np.float32)
        for row, own in enumerate(tokens):
            ids[row, : len(own)] = own
            mask[row, : len(own)] = 1
        chunk = ids % len(scale)
        pieces = steps[ids] * scale[chunk][..., None] + lowest[chunk][..., None]
        inputs = {"pieces": pieces, "mask": mask}
        vectors: NDArray[np.float32] = self._session.run(None, inputs)[0]
        return vectors

    @cached_property
    def _weights(self) -> Any:
        return find_weights("use-multilingual-v3")

    @cached_property
    def _table(self) -> tuple[NDArray[np.uint8], NDArray[np.float32], NDArray[np.float32]]:
        """Bytes (pieces, 512); scale and lowest value of piece i stand at i modulo their length."""
        with np.load(self._weights.file("table.npz"), allow_pickle=False) as arrays:
            return arrays["steps"], arrays["scale"], arrays["lowest"]

    @cached_property
    def _tokenizer(self) -> Any:
        from tokenizers import Tokenizer

        return Tokenizer.from_file(str(self._weights.file("tokenizer.json")))

    @cached_property
    def _session(self) -> Any:
        return open_session(self._weights.file("model.onnx"), self.threads)
