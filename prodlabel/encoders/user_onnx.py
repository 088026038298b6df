"""ONNX encoders that the user puts into the weights folder: a folder each, with a small manifest.

`<weights>/NAME/manifest.json`::

    {"version": "1", "title": "My CLIP", "is_shared_space": true,
     "text":    {"model": "text.onnx", "tokenizer": "tokenizer.json", "dim": 512, "max_tokens": 77,
                 "pooling": "none"},
     "picture": {"model": "picture.onnx", "dim": 512, "side_px": 224, "fit": "crop", "layout": "nchw",
                 "order": "rgb", "mean": [0.48, 0.46, 0.41], "std": [0.27, 0.26, 0.28], "pooling": "none"}}

Either part may be left out. With `is_shared_space` words find pictures: the two encoders' vectors may be
compared. `files` with the SHA-256 of each, as the weights that ship have it, is checked where it is there.
Nothing of a manifest is trusted: names stay inside the folder, numbers inside sensible bounds.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from prodlabel.core.errors import InputError, WeightsMissingError

MANIFEST = "manifest.json"
_NAME = re.compile(r"[a-z0-9][a-z0-9.-]{0,63}")
_MAX_MANIFEST_BYTES = 64 * 1024
_MAX_DIM = 16_384


@dataclass(frozen=True, slots=True)
class TextPart:
    """How a network reads texts. `pooling`: "mean" of the tokens under the mask, "first" token, or "none"."""

    model: str
    dim: int
    tokenizer: str = "tokenizer.json"
    max_tokens: int = 256
    pooling: str = "mean"
    output: str | None = None
    pad_id: int = 0


@dataclass(frozen=True, slots=True)
class PicturePart:
    """How a network sees pictures: (pixel / 255 - mean) / std in this `order` of colours and `layout`.

    `fit`: "stretch" to the square, "letterbox" on white, or the middle square ("crop"). `pooling`: "mean"
    over places, or "none".
    """

    model: str
    dim: int
    side_px: int = 224
    fit: str = "stretch"
    layout: str = "nchw"
    order: str = "rgb"
    mean: tuple[float, ...] = (0.485, 0.456, 0.406)
    std: tuple[float, ...] = (0.229, 0.224, 0.225)
    pooling: str = "mean"
    output: str | None = None


@dataclass(frozen=True, slots=True)
class OnnxFolder:
    """A folder of the user's and what its manifest says."""

    folder: Path
    version: str
    title: str
    is_shared_space: bool = False
    text: TextPart | None = None
    picture: PicturePart | None = None
    checksums: Mapping[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return self.folder.name

    def file(self, name: str) -> Path:
        """A file of the folder; `WeightsMissingError` where it is absent, `InputError` where it differs."""
        path = self.folder / name
        if not path.is_file():
            raise WeightsMissingError(f"The weights {self.name} lack {name}. Put it into {self.folder}.")
        wanted = self.checksums.get(name)
        if wanted is not None and digest(path) != wanted.lower():
            raise InputError(f"{path} is not the file its manifest names. Put the right one there.")
        return path

    def stamp(self, *names: str) -> str:
        """Name, version and the content of these files and of the manifest: what vectors depend on."""
        found = "".join(digest(self.file(name)) for name in (MANIFEST, *names))
        return f"{self.name}-{_plain(self.version)}-{hashlib.sha256(found.encode()).hexdigest()[:12]}"


def read_folder(folder: Path) -> OnnxFolder:
    """The manifest of a folder, checked. Raises `InputError` that names the entry that is wrong."""
    try:
        if (folder / MANIFEST).stat().st_size > _MAX_MANIFEST_BYTES:
            raise ValueError("it is too large")
        said = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        return _checked(folder, said)
    except (OSError, ValueError, TypeError, KeyError, RecursionError) as error:
        reason = f"it lacks {error}" if isinstance(error, KeyError) else str(error)
        raise InputError(
            f"The manifest of the weights {folder.name} cannot be used: {reason}. "
            f"Correct {folder / MANIFEST}."
        ) from error


def user_folders(parent: Path) -> list[tuple[str, OnnxFolder | InputError]]:
    """Every folder with a manifest of this kind below `parent`, by name, or why it cannot be used."""
    found: list[tuple[str, OnnxFolder | InputError]] = []
    for path in sorted(parent.glob(f"*/{MANIFEST}")):
        name = path.parent.name
        try:
            found.append((name, read_folder(path.parent)))
        except InputError as error:
            found.append((name, error))
    return found


def _checked(folder: Path, said: Any) -> OnnxFolder:
    if not isinstance(said, dict):
        raise TypeError("it is no JSON object")
    if not _NAME.fullmatch(folder.name):
        raise ValueError("the folder's name has more than small letters, digits, dots and dashes")
    text = _part(TextPart, said["text"], "text") if "text" in said else None
    picture = _part(PicturePart, said["picture"], "picture") if "picture" in said else None
    if text is None and picture is None:
        raise ValueError('it has neither "text" nor "picture"')
    is_shared = said.get("is_shared_space", False)
    if is_shared is not True and is_shared is not False:
        raise ValueError('"is_shared_space" is true or false')
    if is_shared and (text is None or picture is None or text.dim != picture.dim):
        raise ValueError("a shared space needs a text and a picture encoder of one dim")
    files = said.get("files", {})
    if not isinstance(files, dict) or not all(isinstance(entry, dict) for entry in files.values()):
        raise TypeError('"files" is no object of objects')
    checksums = {str(name): str(entry["sha256"]) for name, entry in files.items()}
    title = str(said.get("title", folder.name))[:80]
    return OnnxFolder(folder, str(said["version"]), title, is_shared, text, picture, checksums)


_CHOICES: dict[str, dict[str, tuple[str, ...]]] = {
    "TextPart": {"pooling": ("mean", "first", "none")},
    "PicturePart": {
        "pooling": ("mean", "none"),
        "fit": ("stretch", "letterbox", "crop"),
        "layout": ("nchw", "nhwc"),
        "order": ("rgb", "bgr"),
    },
}
_BOUNDS = {"dim": (1, _MAX_DIM), "side_px": (16, 1024), "max_tokens": (4, 8192), "pad_id": (0, 10_000_000)}


def _part(kind: Any, said: Any, where: str) -> Any:
    if not isinstance(said, dict):
        raise TypeError(f'"{where}" is no JSON object')
    known = set(kind.__dataclass_fields__)
    if unknown := sorted(set(said) - known):
        raise ValueError(f'"{where}" has an unknown entry "{unknown[0]}"')
    values = {name: _value(kind.__name__, name, value, where) for name, value in said.items()}
    for needed in ("model", "dim"):
        if needed not in values:
            raise ValueError(f'"{where}" lacks "{needed}"')
    return kind(**values)


def _value(kind: str, name: str, value: Any, where: str) -> Any:
    """One entry of a part, of the right type and within bounds."""
    if name in _BOUNDS:
        low, high = _BOUNDS[name]
        is_right = isinstance(value, int) and not isinstance(value, bool) and low <= value <= high
        wish = f"a whole number from {low} to {high}"
    elif name in ("mean", "std"):
        is_right = (
            isinstance(value, list)
            and len(value) == 3
            and all(isinstance(one, int | float) and abs(one) < 1e6 for one in value)
            and (name == "mean" or all(one > 0 for one in value))
        )
        wish = "three numbers"
        value = tuple(value) if is_right else value
    elif name in _CHOICES[kind]:
        choices = _CHOICES[kind][name]
        is_right, wish = value in choices, f"one of {', '.join(choices)}"
    elif name in ("model", "tokenizer"):
        is_right = isinstance(value, str) and bool(value) and Path(value).name == value and "\\" not in value
        wish = "the name of a file in the folder"
    else:
        is_right, wish = value is None or isinstance(value, str), "a name"
    if not is_right:
        raise ValueError(f'"{name}" of "{where}" is not {wish}')
    return value


def digest(path: Path) -> str:
    """SHA-256 of a file, read once per process unless it changes."""
    stat = path.stat()
    return _digest(path, stat.st_size, stat.st_mtime_ns)


@cache
def _digest(path: Path, _size: int, _mtime_ns: int) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _plain(text: str) -> str:
    return "".join(char if char.isascii() and char.isalnum() else "." for char in text)[:32]
