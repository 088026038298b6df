"""BERT (Devlin et al. 2019) as the studies meant it: the mean of its tokens under the attention mask.

Reads a local folder as Hugging Face keeps it: `tokenizer.json` (or the older `vocab.txt`) and the network as
ONNX (`model.onnx`, or `onnx/model.onnx`). Any network of that kind works: BERT, CamemBERT, multilingual ones.
"""

from __future__ import annotations

import json
from functools import cached_property
from pathlib import Path
from typing import Any

from prodlabel import paths
from prodlabel.core.errors import InputError, WeightsMissingError
from prodlabel.encoders.text.onnx_text import OnnxText
from prodlabel.encoders.user_onnx import OnnxFolder, TextPart, digest

FOLDER = "bert"
_MODELS = ("model.onnx", "onnx/model.onnx")
_WORDS = ("tokenizer.json", "vocab.txt")
_MOST_TOKENS = 512


def what_is_missing(folder: Path | None = None) -> str | None:
    """One line about what to put where, or None when everything is there."""
    folder = folder or paths.user_weights() / FOLDER
    has_network = any((folder / model).is_file() for model in _MODELS)
    if has_network and any((folder / name).is_file() for name in _WORDS):
        return None
    if not has_network and any(folder.glob("*.safetensors")):
        return (
            f"The folder {folder} holds BERT as safetensors, but no model.onnx. Make one with "
            f"`optimum-cli export onnx --task feature-extraction --model {folder} {folder}`."
        )
    return (
        "BERT needs its network and words. Run `prodlabel fetch bert --url ADDRESS` for its model.onnx and "
        f"for its tokenizer.json (or vocab.txt), or put them into {folder}."
    )


class Bert(OnnxText):
    """An `ItemEncoder` of texts. `folder` is the model's (default: `bert` in the weights folder)."""

    id = "bert"
    title = "BERT (mean of tokens)"

    def __init__(self, folder: Path | None = None, max_tokens: int = 256, threads: int | None = None) -> None:
        super().__init__(folder or paths.user_weights() / FOLDER, threads)
        self.max_tokens = max_tokens

    @property
    def version(self) -> str:
        found = digest(self._weights.file(self._part.model)) + digest(self._weights.file(self._words))
        return f"bert-1-{found[:12]}{found[64:72]}-{self._part.max_tokens}"

    @property
    def _words(self) -> str:
        """The file of the pieces of words that the folder has."""
        return next(name for name in _WORDS if (self.folder / name).is_file())

    @cached_property
    def _tokenizer(self) -> Any:
        if self._words == _WORDS[0]:
            return super()._tokenizer
        from tokenizers import BertWordPieceTokenizer

        config = self.folder / "tokenizer_config.json"
        said = json.loads(config.read_text(encoding="utf-8")) if config.is_file() else {}
        path = self._weights.file(self._words)
        try:
            tokenizer = BertWordPieceTokenizer(str(path), lowercase=bool(said.get("do_lower_case", True)))
        except Exception as error:
            raise InputError(
                f"{path} is no list of words ({error}). Put the model's vocab.txt there."
            ) from error
        tokenizer.no_padding()
        tokenizer.enable_truncation(min(self._part.max_tokens, self._length or self._part.max_tokens))
        return tokenizer

    @cached_property
    def _weights(self) -> OnnxFolder:
        if missing := what_is_missing(self.folder):
            raise WeightsMissingError(missing)
        return OnnxFolder(self.folder, "1", self.title)

    @cached_property
    def _part(self) -> TextPart:
        model = next(model for model in _MODELS if (self._weights.folder / model).is_file())
        dim, most = self._sizes()
        return TextPart(model, dim, max_tokens=min(self.max_tokens, most))

    def _sizes(self) -> tuple[int, int]:
        """Length of a vector and the most tokens, from `config.json` or, without one, from the network."""
        config = self.folder / "config.json"
        said = json.loads(config.read_text(encoding="utf-8")) if config.is_file() else {}
        if isinstance(said.get("hidden_size"), int):
            return said["hidden_size"], min(
                _MOST_TOKENS, int(said.get("max_position_embeddings", _MOST_TOKENS))
            )
        from prodlabel.encoders.user_networks import open_network

        model = next(model for model in _MODELS if (self.folder / model).is_file())
        shape = open_network(self.folder / model, self.threads).get_outputs()[0].shape
        return int(shape[-1]), _MOST_TOKENS
