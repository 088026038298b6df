"""Reads word vectors that others trained, from the files of GloVe, fastText and word2vec: data only.

Invariant: memory is bounded by the words that are wanted, whatever the file's size or what its header claims;
a file that is cut short or of another kind is an `InputError`, never a traceback.
"""

from __future__ import annotations

import gzip
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import numpy as np
from numpy.typing import NDArray

from prodlabel.core.errors import InputError
from prodlabel.core.progress import Progress

MAX_DIM = 4096
MAX_WORD_BYTES = 1024
_MAX_LINE_BYTES = 256 * 1024
_CHECK_EVERY = 2_000

Vector = NDArray[np.float32]


def read_word_vectors(
    path: Path, wanted: Collection[str], progress: Progress | None = None
) -> tuple[dict[str, Vector], int]:
    """The vectors of those of the `wanted` words (lower case) that the file has, and their length.

    Text: a line a word, "word number number ...", with a first line "count dim" (word2vec, fastText .vec) or
    without (GloVe). Binary: word2vec's, little-endian float32. Either may be gzipped. A word that the file
    spells only with capitals is found too; its spelling in lower case has precedence, then what comes first.
    Raises `InputError`.
    """
    progress = progress or Progress()
    keep = _Keep(wanted)
    try:
        with _opened(path) as file, progress.stage(f"Reading {path.name}", unit="words"):
            first = file.readline(_MAX_LINE_BYTES)
            header = _header(first)
            start = file.peek(4096)[:4096] if hasattr(file, "peek") else b""
            if header is None:
                dim = _read_text(file, first, None, keep, progress)
            elif _is_binary(start, header[1]):
                dim = _read_binary(file, *header, keep, progress)
            else:
                dim = _read_text(file, b"", header[1], keep, progress)
    except (OSError, EOFError) as error:
        raise InputError(f"{path.name} cannot be read ({error}). Fetch the file again.") from error
    except _MalformedError as error:
        raise InputError(
            f"{path.name} is no file of word vectors ({error}). "
            "Give one of GloVe, fastText (.vec) or word2vec."
        ) from error
    return keep.vectors, dim


class _MalformedError(ValueError):
    """What the file holds is not what such a file holds."""


class _Keep:
    """Collects the wanted vectors."""

    def __init__(self, wanted: Collection[str]) -> None:
        self.wanted = frozenset(wanted)
        self.vectors: dict[str, Vector] = {}
        self._is_exact: set[str] = set()

    def place(self, word: bytes) -> tuple[str, bool] | None:
        """Under which word a vector is kept, and whether it is spelt so; None where it is not wanted."""
        text = word.decode("utf-8", "replace")
        low = text.lower()
        is_exact = low == text
        if low not in self.wanted or low in self._is_exact or (low in self.vectors and not is_exact):
            return None
        return low, is_exact

    def put(self, place: tuple[str, bool], vector: Vector) -> None:
        if not np.isfinite(vector).all():
            raise _MalformedError(f"the vector of {place[0]!r} has a value that is no number")
        self.vectors[place[0]] = vector
        if place[1]:
            self._is_exact.add(place[0])


@contextmanager
def _opened(path: Path) -> Iterator[IO[bytes]]:
    with path.open("rb") as raw:
        if raw.peek(2)[:2] != b"\x1f\x8b":
            yield raw
            return
        with gzip.open(raw, "rb") as unpacked:
            yield unpacked  # type: ignore[misc]


def _header(line: bytes) -> tuple[int, int] | None:
    """Count and dim of a first line "count dim"; None where it is a word's line already."""
    parts = line.split()
    if len(parts) != 2 or not all(part.isdigit() and len(part) < 12 for part in parts):
        return None
    count, dim = int(parts[0]), int(parts[1])
    _check_dim(dim)
    return count, dim


def _check_dim(dim: int) -> None:
    if not 1 <= dim <= MAX_DIM:
        raise _MalformedError(f"vectors of {dim} numbers")


def _is_binary(start: bytes, dim: int) -> bool:
    """Whether raw float32 follow the first word, not digits: 8 bytes of them tell."""
    _, _, rest = start.partition(b" ")
    numbers = rest.split(b"\n", 1)[0][: 4 * dim].strip()
    return not numbers or any(byte not in b"0123456789+-.eEnaif \t\r" for byte in numbers)


def _read_text(file: IO[bytes], first: bytes, dim: int | None, keep: _Keep, progress: Progress) -> int:
    line = first or file.readline(_MAX_LINE_BYTES)
    if not line:
        raise _MalformedError("it is empty")
    if dim is None:
        dim = len(line.split()) - 1
        _check_dim(dim)
    seen = 0
    while line:
        seen += 1
        if seen % _CHECK_EVERY == 0:
            progress.advance(_CHECK_EVERY)
        _take_line(line, dim, keep)
        line = file.readline(_MAX_LINE_BYTES)
    return dim


def _take_line(line: bytes, dim: int, keep: _Keep) -> None:
    """Most lines are not wanted: their numbers are never looked at."""
    if len(line) >= _MAX_LINE_BYTES and not line.endswith(b"\n"):
        raise _MalformedError("a line is too long")
    word, _, numbers = line.strip(b" \t\r\n").partition(b" ")
    place = keep.place(word)
    if place is None:
        return
    try:
        vector = np.array(numbers.split(), np.float32)
    except ValueError as error:
        raise _MalformedError(f"the line of {place[0]!r} holds something that is no number") from error
    if len(vector) != dim:
        raise _MalformedError(f"{place[0]!r} has {len(vector)} numbers where {dim} are due")
    keep.put(place, vector)


def _read_binary(file: IO[bytes], count: int, dim: int, keep: _Keep, progress: Progress) -> int:
    size = 4 * dim
    buffer = b""
    at = 0
    for number in range(count):
        if number % _CHECK_EVERY == 0:
            progress.advance(min(number, _CHECK_EVERY))
        while (end := buffer.find(b" ", at, at + MAX_WORD_BYTES)) < 0 or end + 1 + size > len(buffer):
            if end < 0 and len(buffer) - at >= MAX_WORD_BYTES:
                raise _MalformedError("a word is too long")
            more = file.read(1 << 20)
            if not more:
                raise _MalformedError(f"it ends after {number} of {count} words")
            buffer, at = buffer[at:] + more, 0
        place = keep.place(buffer[at:end].lstrip(b"\n"))
        at = end + 1 + size
        if place is not None:
            keep.put(place, np.frombuffer(buffer, "<f4", dim, end + 1).astype(np.float32))
    return dim
