"""Any network that reads tokens, from an ONNX file and a `tokenizer.json`: one unit vector per text."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from prodlabel.core.errors import InputError
from prodlabel.encoders.protocol import Kind
from prodlabel.encoders.text.packing import encodable, packed
from prodlabel.encoders.user_networks import open_network, run_network, unit_rows
from prodlabel.encoders.user_onnx import OnnxFolder, TextPart, read_folder

_CHARS_PER_TOKEN = 4
_MAX_CHARS_PER_TOKEN = 16
_INTEGERS = {"tensor(int64)": np.int64, "tensor(int32)": np.int32}


class OnnxText:
    """An `ItemEncoder` of texts; a text of which nothing but special marks remains becomes zeros.

    `folder` holds a manifest with a part "text" (`user_onnx`). The network may ask for `input_ids`,
    `attention_mask` and `token_type_ids`, of any or of one fixed length.
    """

    id = "onnx-text"
    title = "Text encoder of your own (ONNX)"
    kind = Kind.TEXT
    wanted_side_px = 0
    batch_budget = 1024

    def __init__(self, folder: Path, threads: int | None = None) -> None:
        self.folder = folder
        self.threads = threads

    @property
    def dim(self) -> int:
        return self._part.dim

    @property
    def version(self) -> str:
        return f"{self._weights.stamp(self._part.model, self._part.tokenizer)}-text"

    def cost(self, item: str) -> int:
        """About the number of tokens."""
        return self._length or min(self._part.max_tokens, 2 + len(item) // _CHARS_PER_TOKEN)

    def encode(self, batch: Sequence[str]) -> NDArray[np.float32]:
        vectors = np.zeros((len(batch), self.dim), np.float32)
        limit = self._part.max_tokens * _MAX_CHARS_PER_TOKEN
        tokens = self._tokenizer.encode_batch([encodable(text[:limit]) for text in batch])
        lengths = [0 if all(one.special_tokens_mask) else len(one.ids) for one in tokens]
        for rows in packed(lengths, self.batch_budget, least=1):
            vectors[rows] = self._run([tokens[row].ids for row in rows])
        return vectors

    def _run(self, tokens: Sequence[Sequence[int]]) -> NDArray[np.float32]:
        length = self._length or max(map(len, tokens))
        ids = np.full((len(tokens), length), self._part.pad_id, np.int64)
        mask = np.zeros_like(ids)
        for row, own in enumerate(tokens):
            ids[row, : len(own)] = own
            mask[row, : len(own)] = 1
        known = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
        feed = {one.name: known[one.name].astype(_INTEGERS[one.type]) for one in self._inputs}
        wanted = [self._part.output] if self._part.output else None
        found = run_network(self._session, wanted, feed, self._weights.name)
        return unit_rows(self._pooled(found, mask))

    def _pooled(self, found: NDArray[Any], mask: NDArray[np.int64]) -> NDArray[Any]:
        pooling, dim = self._part.pooling, self.dim
        if found.ndim != (2 if pooling == "none" else 3) or found.shape[-1] != dim:
            raise InputError(
                f"The text network {self._weights.name} gives numbers of shape {found.shape}, which do not "
                f'fit dim {dim} and pooling "{pooling}". Correct its manifest.'
            )
        if pooling == "none":
            return found
        if pooling == "first":
            return found[:, 0]
        weights = mask[..., None].astype(np.float32)
        return np.asarray((found * weights).sum(axis=1) / weights.sum(axis=1))

    @cached_property
    def _weights(self) -> OnnxFolder:
        return read_folder(self.folder)

    @cached_property
    def _part(self) -> TextPart:
        if self._weights.text is None:
            raise InputError(
                f"The weights {self._weights.name} encode no texts. Choose an encoder that does."
            )
        return self._weights.text

    @cached_property
    def _session(self) -> Any:
        return open_network(self._weights.file(self._part.model), self.threads)

    @cached_property
    def _inputs(self) -> list[Any]:
        inputs = list(self._session.get_inputs())
        known = ("input_ids", "attention_mask", "token_type_ids")
        for one in inputs:
            if one.name not in known or one.type not in _INTEGERS:
                raise InputError(
                    f"The text network {self._weights.name} asks for {one.name!r} ({one.type}). "
                    f"Export it with {', '.join(known)} as whole numbers."
                )
        return inputs

    @cached_property
    def _length(self) -> int | None:
        """Tokens that the network insists on, or None."""
        wish = self._inputs[0].shape[-1]
        return wish if isinstance(wish, int) else None

    @cached_property
    def _tokenizer(self) -> Any:
        from tokenizers import Tokenizer

        path = self._weights.file(self._part.tokenizer)
        try:
            tokenizer = Tokenizer.from_file(str(path))
        except Exception as error:
            message = f"{path} is no tokenizer ({error}). Put the model's tokenizer.json there."
            raise InputError(message) from error
        tokenizer.no_padding()
        tokenizer.enable_truncation(min(self._part.max_tokens, self._length or self._part.max_tokens))
        return tokenizer
