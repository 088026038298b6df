"""The files of one block of vectors: what they say, and which of their rows are whole.

`block.json` describes the block; `vectors.bin` holds the rows, nothing else; `index.bin` holds 20 bytes for
each row: the content hash and the CRC-32 of hash and row together. Everything is little-endian.

Invariant: the bytes of a row are durable before its entry in the index is written. A row without an entry
does not exist, so an interrupted append leaves nothing but a tail that the next writer overwrites.
"""

from __future__ import annotations

import re
import zlib
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from prodlabel.core.errors import ProjectDamagedError, ProjectError
from prodlabel.store.atomic import os_errors_explained, read_json, write_json
from prodlabel.store.key_index import KEY_BYTES

FORMAT = 1
ENTRY_BYTES = KEY_BYTES + 4
VectorType = Literal["float32", "float16"]
Entries = NDArray[np.uint8]
"""(n, 20): 16 bytes of content hash, 4 of CRC-32."""

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+-]*")
_TAIL_ROWS = 256


@dataclass(frozen=True, slots=True)
class BlockDescription:
    """What `block.json` says. `dim` counts numbers per vector."""

    encoder_id: str
    version: str
    dim: int
    dtype: VectorType
    format: int = FORMAT

    def __post_init__(self) -> None:
        if not (_NAME.fullmatch(self.encoder_id) and _NAME.fullmatch(self.version)):
            raise ValueError(
                f"{self.encoder_id!r}, {self.version!r}: letters, digits and . _ + - make a file name"
            )
        if self.dim < 1 or self.dtype not in get_args(VectorType):
            raise ValueError(f"no block of {self.dim} x {self.dtype}")

    @property
    def numpy_type(self) -> np.dtype[Any]:
        return np.dtype(self.dtype).newbyteorder("<")

    @property
    def row_bytes(self) -> int:
        return self.dim * self.numpy_type.itemsize

    @property
    def folder_name(self) -> str:
        return f"{self.encoder_id}-{self.version}"


def checksums(keys: NDArray[np.uint8], rows: NDArray[Any]) -> NDArray[np.uint32]:
    """(n,) CRC-32 over the 16 bytes of each key followed by the bytes of its row."""
    if not len(rows):
        return np.empty(0, dtype=np.uint32)
    names = np.ascontiguousarray(keys).tobytes()
    content = np.ascontiguousarray(rows).view(np.uint8).data.cast("B")
    size = len(content) // len(rows)
    crc32 = zlib.crc32
    return np.fromiter(
        (
            crc32(content[i * size : (i + 1) * size], crc32(names[i * KEY_BYTES : (i + 1) * KEY_BYTES]))
            for i in range(len(rows))
        ),
        dtype=np.uint32,
        count=len(rows),
    )


def entries_of(keys: NDArray[np.uint8], rows: NDArray[Any]) -> Entries:
    """The index entries for rows as they are stored."""
    entries = np.empty((len(keys), ENTRY_BYTES), dtype=np.uint8)
    entries[:, :KEY_BYTES] = keys
    entries[:, KEY_BYTES:] = checksums(keys, rows).astype("<u4").view(np.uint8).reshape(-1, 4)
    return entries


class BlockFiles:
    """The paths of one block and what can be read from them; holds no file open."""

    def __init__(self, folder: Path, wanted: BlockDescription) -> None:
        self.folder = folder / wanted.folder_name
        self.vectors = self.folder / "vectors.bin"
        self.index = self.folder / "index.bin"
        self.lock = self.folder / "writer.lock"
        self.description = wanted
        self._description_path = self.folder / "block.json"

    def read_description(self, *, is_type_given: bool) -> None:
        """Take over what the block says of itself where it exists.

        A lost or unreadable `block.json` is made good from the checksums of the rows. Raises ProjectError for
        a newer format, ProjectDamagedError where the block belongs to another encoder, version or size.
        """
        said = self._said()
        if said is None:
            if self.row_limit():
                self.description = self._description_from_rows()
            return
        wanted = self.description
        type_wanted = wanted.dtype if is_type_given else said.dtype
        if said != BlockDescription(wanted.encoder_id, wanted.version, wanted.dim, type_wanted):
            raise ProjectDamagedError(
                f"{self.folder.name} holds vectors of {said.encoder_id} {said.version} "
                f"({said.dim} x {said.dtype}), not of {wanted.encoder_id} {wanted.version} "
                f"({wanted.dim} x {type_wanted}). "
                "Move that folder out of the project and encode again."
            )
        self.description = said

    def write_description(self) -> None:
        """Write `block.json` where it is missing or unreadable."""
        if self._said() is None:
            write_json(self._description_path, asdict(self.description))

    def row_limit(self) -> int:
        """How many rows have both an entry and all of their bytes, whether these are right or not."""
        with os_errors_explained("read", self.folder):
            if not (self.index.exists() and self.vectors.exists()):
                return 0
            return min(
                self.index.stat().st_size // ENTRY_BYTES,
                self.vectors.stat().st_size // self.description.row_bytes,
            )

    def entries(self, first: int, last: int) -> Entries:
        """The index entries of rows `first` to `last` (exclusive), as many as there are."""
        with os_errors_explained("read", self.index), self.index.open("rb") as file:
            file.seek(first * ENTRY_BYTES)
            content = file.read(max(0, last - first) * ENTRY_BYTES)
        count = len(content) // ENTRY_BYTES
        return np.frombuffer(content, dtype=np.uint8, count=count * ENTRY_BYTES).reshape(count, ENTRY_BYTES)

    def rows(self, first: int, count: int) -> NDArray[Any]:
        """(count, dim) rows read from the file, not mapped; fewer where the file ends."""
        size = self.description.row_bytes
        with os_errors_explained("read", self.vectors), self.vectors.open("rb") as file:
            file.seek(first * size)
            content = file.read(count * size)
        whole = len(content) // size * self.description.dim
        return np.frombuffer(content, self.description.numpy_type, whole).reshape(-1, self.description.dim)

    def whole_entries(self, first: int) -> Entries:
        """The entries from row `first` on, without those at the end whose rows are not what was written.

        A kill leaves entries or rows cut short, a power cut perhaps zeros where a file had just grown: so
        the end is checked backwards up to the first row that is right. Damage further up is `damaged`'s.
        """
        entries = self.entries(first, self.row_limit())
        end = len(entries)
        while end:
            start = max(0, end - _TAIL_ROWS)
            good = np.flatnonzero(self._are_right(entries[start:end], first + start))
            if len(good):
                return entries[: start + int(good[-1]) + 1]
            end = start
        return entries[:0]

    def damaged(self, entries: Entries, first: int) -> NDArray[np.int64]:
        """Positions of rows from `first` on whose bytes do not fit `entries`; emptied rows are whole."""
        emptied = ~entries[:, :KEY_BYTES].any(axis=1)
        return np.flatnonzero(~self._are_right(entries, first) & ~emptied).astype(np.int64) + first

    def _are_right(self, entries: Entries, first: int) -> NDArray[np.bool_]:
        rows = self.rows(first, len(entries))
        right = np.zeros(len(entries), dtype=bool)
        said = np.ascontiguousarray(entries[: len(rows), KEY_BYTES:]).view("<u4").reshape(-1)
        right[: len(rows)] = checksums(entries[: len(rows), :KEY_BYTES], rows) == said
        return right & entries[:, :KEY_BYTES].any(axis=1)

    def _said(self) -> BlockDescription | None:
        """What `block.json` says; None where it is missing or not what prodlabel writes."""
        if not self._description_path.exists():
            return None
        try:
            value = read_json(self._description_path, max_bytes=65536)
        except ProjectDamagedError:
            return None
        if isinstance(value, dict) and isinstance(value.get("format"), int) and value["format"] > FORMAT:
            raise ProjectError(
                f"{self.folder.name} was written by a newer prodlabel (format {value['format']}). "
                "Update prodlabel."
            )
        try:
            return BlockDescription(**value)
        except (TypeError, ValueError):
            return None

    def _description_from_rows(self) -> BlockDescription:
        wanted = self.description
        for dtype in get_args(VectorType):
            self.description = BlockDescription(wanted.encoder_id, wanted.version, wanted.dim, dtype)
            if self._are_right(self.entries(0, min(_TAIL_ROWS, self.row_limit())), 0).any():
                return self.description
        raise ProjectDamagedError(
            f"The vectors in {self.folder} have lost their description and do not fit {wanted.encoder_id} "
            f"{wanted.version}. Move that folder out of the project and encode again."
        )
