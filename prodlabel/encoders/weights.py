"""Finds folders of weights and vouches for their files: what runs is what its manifest names.

A folder of weights holds `manifest.json` with a name, a version and the SHA-256 of each file. Folders that
ship with the program come first, then the user's. A file is hashed once per process, when first asked for.
"""

from __future__ import annotations

import hashlib
import json
from functools import cache
from pathlib import Path
from typing import Any

from prodlabel import paths
from prodlabel.core.errors import InputError, WeightsMissingError

MANIFEST = "manifest.json"
_CHUNK_BYTES = 1 << 20


class Weights:
    """One folder of weights and what its manifest says; made by `find_weights`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        try:
            manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
            self.name = str(manifest["name"])
            self.stamp = f"{self.name}-{manifest['version']}"
            self._files: dict[str, Any] = dict(manifest["files"])
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise InputError(
                f"The manifest of the weights in {folder} cannot be read ({error}). "
                "Reinstall prodlabel, or put the folder there again."
            ) from error
        self.manifest: dict[str, Any] = manifest

    def file(self, name: str) -> Path:
        """The path of a file whose content was compared with the manifest."""
        if name not in self._files:
            raise InputError(
                f"The manifest of the weights {self.name} does not name {name}. Put the folder there again."
            )
        path = self.folder / name
        _verify(path, str(self._files[name]["sha256"]))
        return path

    def missing_files(self) -> list[str]:
        return [name for name in self._files if not (self.folder / name).is_file()]


def find_weights(name: str) -> Weights:
    """The weights of that name; raises `WeightsMissingError` where neither program nor user has them."""
    if missing := what_is_missing(name):
        raise WeightsMissingError(missing)
    return Weights(_folder(name))


def what_is_missing(name: str) -> str | None:
    """One line about what to put where, or None when everything is there. Hashes nothing."""
    folder = _folder(name)
    if not (folder / MANIFEST).is_file():
        return (
            f"The weights {name} are not on this machine. Put the folder {name} into {paths.user_weights()}."
        )
    if absent := Weights(folder).missing_files():
        return (
            f"The weights {name} lack {', '.join(absent)}. Put the whole folder into {paths.user_weights()}."
        )
    return None


def _folder(name: str) -> Path:
    shipped = paths.models() / name
    return shipped if (shipped / MANIFEST).is_file() else paths.user_weights() / name


@cache
def _verify(path: Path, expected: str) -> None:
    digest = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK_BYTES):
                digest.update(chunk)
    except OSError as error:
        raise WeightsMissingError(f"{path} cannot be read ({error}). Reinstall the weights.") from error
    if digest.hexdigest() != expected:
        raise InputError(f"{path} is not the file its manifest names: it is damaged. Reinstall the weights.")
