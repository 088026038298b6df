"""Fetches weights from where their makers publish them, only when the user asks: whole, checked, resumable.

Invariant: a file appears under its name only when its checksum agreed. What a stop, a cut line or a kill
leaves lies beside it as `NAME.part` and is continued by the next attempt. The table names only addresses and
checksums that the makers' own software carries; for others `what_is_missing` says what to put where.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

from prodlabel import paths
from prodlabel.core.errors import InputError, UserError
from prodlabel.core.progress import Progress

_CHUNK_BYTES = 1 << 16
_TIMEOUT_S = (5.0, 30.0)
_REDIRECTS = 5
_RANGE = re.compile(r"bytes (\d+)-\d+/(\d+|\*)")
_LOOPBACK = ("127.0.0.1", "::1", "localhost")
_KERAS = "https://storage.googleapis.com/tensorflow/keras-applications"


class FetchError(UserError):
    """The file could not be fetched; what came so far is kept."""


@dataclass(frozen=True, slots=True)
class RemoteFile:
    """One file: its name in the folder, its address, and the checksum that its makers publish.

    `digest` is hexadecimal, by `algorithm` ("sha256", or "md5" where the makers publish no better one: that
    finds damage, not malice; the connection is encrypted, and nothing in the file is ever run).
    """

    name: str
    url: str
    digest: str
    algorithm: str = "sha256"
    most_bytes: int = 2 << 30


@dataclass(frozen=True, slots=True)
class Fetchable:
    """Weights that can be fetched: `id` is the encoder's, `folder` the one in the weights folder."""

    id: str
    folder: str
    licence: str
    files: tuple[RemoteFile, ...]


FETCHABLE: tuple[Fetchable, ...] = (
    Fetchable(
        "vgg16",
        "vgg16",
        "CC BY 4.0 (Visual Geometry Group, Oxford)",
        (
            RemoteFile(
                "vgg16_weights_tf_dim_ordering_tf_kernels_notop.h5",
                f"{_KERAS}/vgg16/vgg16_weights_tf_dim_ordering_tf_kernels_notop.h5",
                "6d6bbae143d832006294945121d1f1fc",
                "md5",
                100 << 20,
            ),
        ),
    ),
    Fetchable(
        "resnet50",
        "resnet50",
        "MIT (K. He et al.)",
        (
            RemoteFile(
                "resnet50_weights_tf_dim_ordering_tf_kernels_notop.h5",
                f"{_KERAS}/resnet/resnet50_weights_tf_dim_ordering_tf_kernels_notop.h5",
                "4d473c1dd8becc155b73f8504c6f6626",
                "md5",
                150 << 20,
            ),
        ),
    ),
)


def fetchable(encoder_id: str) -> Fetchable:
    """The weights of that encoder; an `InputError` names those that can be fetched."""
    for one in FETCHABLE:
        if one.id == encoder_id:
            return one
    known = ", ".join(one.id for one in FETCHABLE)
    raise InputError(
        f"The weights of {encoder_id!r} cannot be fetched. Those of {known} can; "
        "`prodlabel encode --list` says what the others need and where to put it."
    )


def fetch(weights: Fetchable, progress: Progress, parent: Path | None = None) -> list[Path]:
    """Bring the files into the weights folder; returns their paths. A file that is there and right is kept.

    Raises `FetchError` (try again: it goes on from there), `InputError` for a wrong checksum, `Cancelled`.
    """
    folder = (parent or paths.user_weights()) / weights.folder
    found = []
    for remote in weights.files:
        path = folder / remote.name
        if not path.is_file() or _digest(path, remote.algorithm) != remote.digest:
            try:
                folder.mkdir(parents=True, exist_ok=True)
                _fetch_file(remote, path, progress)
            except OSError as error:
                raise FetchError(f"Cannot write {path} ({error.strerror}). Check the disk.") from error
        found.append(path)
    return found


def _fetch_file(remote: RemoteFile, path: Path, progress: Progress) -> None:
    part = path.with_name(f"{path.name}.part")
    _receive(remote, part, progress)
    if _digest(part, remote.algorithm) != remote.digest:
        part.unlink()
        raise InputError(
            f"What came from {urlsplit(remote.url).hostname} is not the file {remote.name} that its makers "
            "publish; it was thrown away. Try again, or fetch it in another way."
        )
    part.replace(path)


def _receive(remote: RemoteFile, part: Path, progress: Progress) -> None:
    """Append to `part` what is still missing."""
    import requests

    done = part.stat().st_size if part.is_file() else 0
    headers = {"Accept-Encoding": "identity"} | ({"Range": f"bytes={done}-"} if done else {})
    try:
        with requests.Session() as session, _answer(session, remote.url, headers) as response:
            if response.status_code == 416 and done:  # all of it is here already
                return
            start, total = _place(response, done)
            with progress.stage(f"Fetching {remote.name}", total, "bytes"):
                _write(response, part, remote, progress, start=start, total=total)
    except requests.RequestException as error:
        raise FetchError(
            f"{remote.name} could not be fetched ({type(error).__name__}). "
            "Check the connection and ask again: it goes on from where it stopped."
        ) from error


def _answer(session: Any, url: str, headers: dict[str, str]) -> Any:
    """The answer after a few redirects, each of which must lead to an encrypted address too."""
    for _ in range(_REDIRECTS):
        _check_address(url)
        response = session.get(url, headers=headers, stream=True, timeout=_TIMEOUT_S, allow_redirects=False)
        if not response.is_redirect:
            return response
        url = urljoin(url, response.headers["Location"])
        response.close()
    raise FetchError("The server sends from address to address. Fetch the file in another way.")


def _place(response: Any, done: int) -> tuple[int, int | None]:
    """Where the answer's first byte belongs, and the size of the whole file where it is said."""
    if response.status_code not in (200, 206):
        raise FetchError(
            f"The server answered {response.status_code} {response.reason}. "
            "Try again later, or fetch the file in another way."
        )
    is_part = response.status_code == 206
    said = _RANGE.fullmatch(response.headers.get("Content-Range", "")) if is_part else None
    if said is not None and int(said[1]) == done:
        return done, None if said[2] == "*" else int(said[2])
    if is_part:
        raise FetchError("The server sent another part of the file than was asked for. Ask again.")
    length = response.headers.get("Content-Length", "")
    return 0, int(length) if length.isdigit() else None


def _write(
    response: Any, part: Path, remote: RemoteFile, progress: Progress, *, start: int, total: int | None
) -> None:
    done = start
    with part.open("r+b" if start else "wb") as file:
        file.seek(start)
        progress.skip(start)
        for chunk in response.iter_content(_CHUNK_BYTES):
            done += len(chunk)
            if done > remote.most_bytes:
                raise FetchError(f"{remote.name} is larger than it should be. Fetch it in another way.")
            file.write(chunk)
            progress.advance(len(chunk))
        file.truncate()
        file.flush()
        os.fsync(file.fileno())
    if total is not None and done < total:
        raise FetchError(
            f"The line was cut after {done:,} of {total:,} bytes of {remote.name}. "
            "Ask again: it goes on from there."
        )


def _check_address(url: str) -> None:
    """Encrypted, or this machine itself."""
    parts = urlsplit(url)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in _LOOPBACK):
        raise FetchError(f"{url} is not encrypted. Fetch the file in another way.")


def _digest(path: Path, algorithm: str) -> str:
    make: Callable[[], Any] = lambda: hashlib.new(algorithm, usedforsecurity=False)  # noqa: E731
    with path.open("rb") as file:
        return hashlib.file_digest(file, make).hexdigest()
