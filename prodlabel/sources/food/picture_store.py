"""Downloaded pictures in a folder, named by their content, and which address each came from.

Invariant: a file is there whole or not at all; the same content is stored once; an address that was fetched
is not fetched again.
"""

from __future__ import annotations

import json
import os
import threading
from pathlib import Path

from prodlabel.core.errors import InputError
from prodlabel.core.products import content_hash

_SUFFIXES = {"JPEG": ".jpg", "PNG": ".png", "WEBP": ".webp", "GIF": ".gif", "BMP": ".bmp", "TIFF": ".tif"}
_INDEX = "addresses.jsonl"
_MOST_BYTES = 512 * 2**20


class PictureStore:
    """A folder of downloaded pictures. Safe to share between threads; made when the first picture comes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._lock = threading.Lock()
        self._is_torn = False
        self._known = self._read_index()

    def known(self, address: str) -> str | None:
        """The path (relative, posix) of the picture that came from `address`, where it is still there."""
        relative = self._known.get(address)
        return relative if relative is not None and (self.folder / relative).is_file() else None

    def take_from(self, other: PictureStore) -> None:
        """Copy what another store has: it was fetched once and need not be fetched again."""
        for address, relative in list(other._known.items()):
            path = other.folder / relative
            kind = next((kind for kind, suffix in _SUFFIXES.items() if suffix == path.suffix), None)
            if kind is not None and self.known(address) is None and path.is_file():
                self.put(address, path.read_bytes(), kind)

    def put(self, address: str, content: bytes, kind: str) -> str:
        """Store a picture of `kind` ("JPEG" ...); returns its path. Raises `InputError` on a full disk."""
        name = content_hash(content).hex()
        relative = f"{name[:2]}/{name}{_SUFFIXES[kind]}"
        path = self.folder / relative
        try:
            with self._lock:
                path.parent.mkdir(parents=True, exist_ok=True)
                if not path.is_file():
                    temporary = path.with_name(f".{name}.tmp")
                    temporary.write_bytes(content)
                    temporary.replace(path)
                line = json.dumps({"address": address, "path": relative}, ensure_ascii=False)
                with (self.folder / _INDEX).open("ab") as index:
                    # A line that a kill cut short must not swallow this one.
                    index.write(b"\n" + line.encode() if self._is_torn else line.encode())
                    index.write(b"\n")
                self._is_torn = False
                self._known[address] = relative
        except OSError as error:
            message = f"Pictures cannot be stored in {self.folder} ({os.strerror(error.errno or 0)})."
            raise InputError(f"{message} Free some disk space or choose another folder.") from error
        return relative

    def _read_index(self) -> dict[str, str]:
        index = self.folder / _INDEX
        if not index.is_file() or index.stat().st_size > _MOST_BYTES:
            return {}
        content = index.read_bytes()
        self._is_torn = bool(content) and not content.endswith(b"\n")
        known = {}
        for line in content.splitlines():
            try:
                said = json.loads(line)
                known[str(said["address"])] = str(said["path"])
            except (ValueError, KeyError, TypeError, RecursionError):
                continue  # cut short by a kill: that picture is fetched again
        return {address: path for address, path in known.items() if _is_ours(path)}


def _is_ours(relative: str) -> bool:
    """Whether a path of the index is one that this module makes: the file may have been tampered with."""
    folder, _, name = relative.partition("/")
    return (
        len(folder) == 2 and folder.isalnum() and "/" not in name and "\\" not in name and name[:2] == folder
    )
