"""Sentence-BERT: all-MiniLM-L6-v2 in 8 bits; one unit vector of 384 numbers per text, whatever its batch.

Reimers and Gurevych 2019 (mean of the last layer under the mask); the network's folder says how it was made.
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

_CHARS_PER_TOKEN = 4
_MAX_CHARS_PER_TOKEN = 16
_SPECIAL_TOKENS = 2


class MiniLm:
    """An `ItemEncoder` of texts. Reads up to `max_tokens` word pieces; an empty text becomes a zero vector.

    One call of `encode` sorts by length and packs at most `batch_budget` tokens, padding included, into
    each run of the network, which uses `threads` cores (default: all).
    """

    id = "minilm"
    title = "Sentence-BERT (MiniLM)"
    kind = Kind.TEXT
    dim = 384
    wanted_side_px = 0
    batch_budget = 1024

    def __init__(self, max_tokens: int = 256, threads: int | None = None) -> None:
        if not 8 <= max_tokens <= 256:
            raise ValueError("max_tokens lies between 8 and 256, the longest text the network was trained on")
        self.max_tokens = max_tokens
        self.threads = threads

    @property
    def version(self) -> str:
        return f"{self._weights.stamp}-{self.max_tokens}"

    def cost(self, item: str) -> int:
        """About the number of tokens."""
        return min(self.max_tokens, _SPECIAL_TOKENS + len(item) // _CHARS_PER_TOKEN)

    def encode(self, batch: Sequence[str]) -> NDArray[np.float32]:
        vectors = np.zeros((len(batch), self.dim), np.float32)
        # A token is rarely longer: cutting here keeps a text of megabytes from being split in full.
        limit = self.max_tokens * _MAX_CHARS_PER_TOKEN
        tokens = [e.ids for e in self._tokenizer.encode_batch([encodable(text[:limit]) for text in batch])]
        lengths = [len(ids) for ids in tokens]
        # Two tokens are nothing but the marks of beginning and end: no content.
        for rows in packed(lengths, self.batch_budget, least=_SPECIAL_TOKENS + 1):
            vectors[rows] = self._run([tokens[row] for row in rows])
        return vectors

    def _run(self, tokens: Sequence[Sequence[int]]) -> NDArray[np.float32]:
        longest = max(map(len, tokens))
        ids = np.zeros((len(tokens), longest), np.int64)
        mask = np.zeros_like(ids)
        for row, own in enumerate(tokens):
            ids[row, : len(own)] = own
            mask[row, : len(own)] = 1
        vectors: NDArray[np.float32] = self._session.run(None, {"input_ids": ids, "attention_mask": mask})[0]
        return vectors

    @cached_property
    def _weights(self) -> Any:
        return find_weights("minilm-l6-v2")

    @cached_property
    def _tokenizer(self) -> Any:
        from tokenizers import Tokenizer

        tokenizer = Tokenizer.from_file(str(self._weights.file("tokenizer.json")))
        tokenizer.no_padding()
        tokenizer.enable_truncation(self.max_tokens)
        return tokenizer

    @cached_property
    def _session(self) -> Any:
        return open_session(self._weights.file("model.onnx"), self.threads)
