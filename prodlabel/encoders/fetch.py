"""Fetches weights from where their makers publish them, only when the user asks: whole, checked, resumable.

Invariant: a file appears under its name only when its checksum agreed. What a stop, a cut line or a kill
leaves lies beside it as `NAME.part` and is continued by the next attempt. The table names only addresses and
checksums that the makers' own software or pages carry; where they publish no checksum, what came is told by
its own, so that it can be compared. Any other address is the user's to give.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

from prodlabel import paths
from prodlabel.core.errors import InputError, UserError
from prodlabel.core.progress import Progress
from prodlabel.encoders.unpacking import unpacked

_CHUNK_BYTES = 1 << 16
_TIMEOUT_S = (5.0, 30.0)
_REDIRECTS = 5
_RANGE = re.compile(r"bytes (\d+)-\d+/(\d+|\*)")
_PLAIN_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+-]{0,150}")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_ARCHIVES = (".zip", ".tar.gz", ".tgz")
_LOOPBACK = ("127.0.0.1", "::1", "localhost")
_KERAS = "https://storage.googleapis.com/tensorflow/keras-applications"


class FetchError(UserError):
    """The file could not be fetched; what came so far is kept."""


@dataclass(frozen=True, slots=True)
class RemoteFile:
    """One file: its name in the folder, its address, and the checksum that its makers publish.

    `digest` is hexadecimal, by `algorithm` ("sha256", or "md5" where the makers publish no better one: that
    finds damage, not malice; the connection is encrypted, and nothing in the file is ever run); empty where
    they publish none. `taken`: of an archive, the names (as `fnmatch`) that are taken out of it, the first of
    which must be there in the end.
    """

    name: str
    url: str
    digest: str = ""
    algorithm: str = "sha256"
    most_bytes: int = 2 << 30
    taken: tuple[str, ...] = ()


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
    Fetchable(
        "mobilenet-v2",
        "mobilenet-v2",
        "Apache-2.0 (Google)",
        (
            RemoteFile(
                "mobilenet_v2_weights_tf_dim_ordering_tf_kernels_1.0_224_no_top.h5",
                f"{_KERAS}/mobilenet_v2/mobilenet_v2_weights_tf_dim_ordering_tf_kernels_1.0_224_no_top.h5",
                most_bytes=50 << 20,
            ),
        ),
    ),
    Fetchable(
        "use4",
        "universal-sentence-encoder-4",
        "Apache-2.0 (Google)",
        (
            RemoteFile(
                "universal-sentence-encoder-4.tar.gz",
                "https://tfhub.dev/google/universal-sentence-encoder/4?tf-hub-format=compressed",
                taken=("saved_model.pb", "variables/*", "assets/*"),
            ),
        ),
    ),
    Fetchable(
        "word-vectors",
        "word-vectors",
        "PDDL (GloVe, Stanford NLP)",
        (
            RemoteFile(
                "glove.6B.zip", "https://nlp.stanford.edu/data/glove.6B.zip", taken=("glove.6B.300d.txt",)
            ),
        ),
    ),
)

_BROUGHT = {"bert": "bert"}
"""The folders of encoders whose weights have no one address: the user gives it."""


def fetchable(encoder_id: str) -> Fetchable:
    """The weights of that encoder; an `InputError` names those that can be fetched."""
    for one in FETCHABLE:
        if one.id == encoder_id:
            return one
    known = ", ".join(one.id for one in FETCHABLE)
    if encoder_id in _BROUGHT:
        raise InputError(
            f"There are many weights of {encoder_id}. Say where to fetch them: "
            f"`prodlabel fetch {encoder_id} --url ADDRESS`, for each file."
        )
    raise InputError(
        f"The weights of {encoder_id!r} cannot be fetched. Those of {known} can, and {', '.join(_BROUGHT)} "
        "with --url; `prodlabel encode --list` says what the others need and where to put it."
    )


def fetchable_from(encoder_id: str, urls: Sequence[str], digests: Sequence[str] = ()) -> Fetchable:
    """The weights of that encoder from addresses of the user's, with the SHA-256 of each (or of none).

    Raises `InputError` for an encoder that needs no weights, and for addresses without a file's name.
    """
    known = {one.id: one for one in FETCHABLE}
    folder = known[encoder_id].folder if encoder_id in known else _BROUGHT.get(encoder_id)
    if folder is None:
        names = ", ".join([*known, *_BROUGHT])
        raise InputError(f"{encoder_id} needs no weights from elsewhere. Those of {names} can be fetched.")
    if digests and len(digests) != len(urls):
        raise InputError(f"There are {len(urls)} addresses and {len(digests)} checksums. Give one each.")
    files = []
    for at, url in enumerate(urls):
        name = PurePosixPath(unquote(urlsplit(url).path)).name
        if not _PLAIN_NAME.fullmatch(name):
            raise InputError(f"{url} does not end in the name of a file. Give the address of one file.")
        digest = digests[at].lower() if digests else ""
        if digest and not _SHA256.fullmatch(digest):
            raise InputError(f"{digest} is no SHA-256. It has 64 digits from 0 to f.")
        taken = ("*",) if name.endswith(_ARCHIVES) else ()
        files.append(RemoteFile(name, url, digest, most_bytes=8 << 30, taken=taken))
    return Fetchable(encoder_id, folder, "as its makers say", tuple(files))


def fetch(weights: Fetchable, progress: Progress, parent: Path | None = None) -> list[Path]:
    """Bring the files into the weights folder; returns their paths. A file that is there and right is kept.

    Raises `FetchError` (try again: it goes on from there), `InputError` for a wrong checksum, `Cancelled`.
    """
    folder = (parent or paths.user_weights()) / weights.folder
    found: list[Path] = []
    for remote in weights.files:
        path = folder / remote.name
        try:
            folder.mkdir(parents=True, exist_ok=True)
            if not _is_there(remote, folder):
                _fetch_file(remote, path, progress)
            if remote.taken:
                found += (
                    unpacked(path, remote.taken, progress) if path.is_file() else [folder / remote.taken[0]]
                )
            else:
                found.append(path)
        except OSError as error:
            raise FetchError(f"Cannot write {path} ({error.strerror}). Check the disk.") from error
    return found


def _is_there(remote: RemoteFile, folder: Path) -> bool:
    """Whether the file, or what is taken out of it, is there and right, as far as its makers say."""
    if remote.taken and remote.taken[0] != "*" and (folder / remote.taken[0]).is_file():
        return True
    path = folder / remote.name
    return path.is_file() and remote.digest in ("", _digest(path, remote.algorithm))


def _fetch_file(remote: RemoteFile, path: Path, progress: Progress) -> None:
    # Without a checksum nothing would tell that halves of two addresses were put together.
    mark = "" if remote.digest else f".{hashlib.sha256(remote.url.encode()).hexdigest()[:8]}"
    part = path.with_name(f"{path.name}{mark}.part")
    _receive(remote, part, progress)
    if remote.digest and _digest(part, remote.algorithm) != remote.digest:
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


def sha256_of(path: Path) -> str:
    """The checksum of what is there."""
    return _digest(path, "sha256")


def _digest(path: Path, algorithm: str) -> str:
    make: Callable[[], Any] = lambda: hashlib.new(algorithm, usedforsecurity=False)  # noqa: E731
    with path.open("rb") as file:
        return hashlib.file_digest(file, make).hexdigest()
