"""Encode: texts and pictures to vectors, each content once, appended to disk as they come.

Stopped at any moment, also by a kill, the next run goes on where this one was: a vector that is on disk is
never computed again, and a product that was added or changed costs only itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from prodlabel.core.progress import Progress
from prodlabel.core.rows import RowSource
from prodlabel.encoders.fitted import FittedEncoder
from prodlabel.encoders.protocol import ItemEncoder, Kind
from prodlabel.encoders.streaming import encode_stream
from prodlabel.encoders.text.prepare import Boilerplate
from prodlabel.operations.fitting import VECTOR_FOLDER, encoder_of
from prodlabel.operations.pictures import picture_loader
from prodlabel.operations.texts import (
    FIELDS,
    iterate_prepared,
    load_boilerplate,
    prepared_of,
    text_key,
)
from prodlabel.project.snapshot import Snapshot
from prodlabel.store.atomic import load_arrays, read_json, save_arrays, write_json
from prodlabel.store.key_index import KEY_BYTES
from prodlabel.store.vectors import VectorStore, content_mask, key_array

__all__ = [
    "DEFAULT_ENCODERS",
    "PICTURE_FIELD",
    "VECTOR_FOLDER",
    "Block",
    "EncodeReport",
    "encode",
    "encode_pictures",
    "encode_texts",
    "load_block",
    "remember_keys",
]

PICTURE_FIELD = "picture"
HELD_BYTES = 256 * 2**20
"""Blocks up to this size are held in memory: 50,000 products with 1,280 numbers each."""
_CHECKED = 20_000
_FEW_OF_ALL = 4
"""A quarter of the products or less is fetched by itself."""
DEFAULT_ENCODERS = ("minilm", "efficientnet-lite0")


@dataclass(frozen=True, slots=True)
class EncodeReport:
    """What one encoder did for one field: vectors computed now, found on disk, and contents that failed."""

    encoder: str
    field: str
    encoded: int
    known: int
    broken: int


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """The vectors of one encoder for all rows of a snapshot: float32 (n, d), and where there is one (n,).

    Large blocks stay on disk: take the rows that are needed, or `np.asarray(vectors)` for all. `keys` uint8
    (n, 16): what names the content that each vector is of; `version` of the encoder.
    """

    encoder: str
    field: str
    vectors: RowSource
    is_present: NDArray[np.bool_]
    keys: NDArray[np.uint8]
    version: str


def encode(
    snapshot: Snapshot, encoders: tuple[str, ...], progress: Progress, *, is_new: bool = False
) -> list[EncodeReport]:
    """Bring the vectors of these encoders up to date with the snapshot. Raises `WeightsMissingError`.

    Those that learn on the catalogue learn it now where they have not, or, with `is_new`, once more.
    """
    made = [encoder_of(snapshot, encoder_id, progress, is_new=is_new) for encoder_id in encoders]
    boilerplate = load_boilerplate(snapshot, progress)
    keys = _text_keys(snapshot, boilerplate, progress) if any(e.kind is Kind.TEXT for e in made) else {}
    reports = []
    for encoder in made:
        if encoder.kind is Kind.PICTURE:
            reports.append(encode_pictures(snapshot, encoder, progress))
        else:
            reports += _encode_fields(snapshot, encoder, boilerplate, keys, progress)
    return reports


def encode_texts(snapshot: Snapshot, encoder: ItemEncoder, progress: Progress) -> list[EncodeReport]:
    """Bring the vectors of one encoder of texts up to date."""
    boilerplate = load_boilerplate(snapshot, progress)
    keys = _text_keys(snapshot, boilerplate, progress)
    return _encode_fields(snapshot, encoder, boilerplate, keys, progress)


def _encode_fields(
    snapshot: Snapshot,
    encoder: ItemEncoder,
    boilerplate: Boilerplate,
    keys: dict[str, NDArray[np.uint8]],
    progress: Progress,
) -> list[EncodeReport]:
    reports = []
    for at, name in enumerate(FIELDS):
        with ExitStack() as opened:
            job = _Job(encoder, name, keys[name], _Texts(snapshot, boilerplate, at, opened))
            reports.append(_encode(snapshot, job, progress))
    return reports


def _text_keys(
    snapshot: Snapshot, boilerplate: Boilerplate, progress: Progress
) -> dict[str, NDArray[np.uint8]]:
    """What names the content of each row (n, 16), per field: 48 bytes a product are held, not its texts."""
    keys = {name: np.zeros((len(snapshot.columns), KEY_BYTES), dtype=np.uint8) for name in FIELDS}
    with progress.stage("Preparing texts", len(snapshot.columns)):
        for row, texts in enumerate(iterate_prepared(snapshot, boilerplate)):
            for name, text in zip(FIELDS, texts, strict=True):
                key = text_key(text)
                if key is not None:
                    keys[name][row] = np.frombuffer(key, dtype=np.uint8)
            progress.advance()
    return keys


class _Texts:
    """One field of the texts of rows that are asked for in ascending order, all said beforehand.

    Few of many are fetched by themselves; otherwise the catalogue is read once, from its beginning.
    """

    def __init__(self, snapshot: Snapshot, boilerplate: Boilerplate, at: int, opened: ExitStack) -> None:
        """Whoever asked closes `opened` in the end."""
        self._snapshot, self._boilerplate, self._at, self._opened = snapshot, boilerplate, at, opened
        self._texts: Iterator[tuple[int, str]] = iter(())

    def expect(self, rows: NDArray[np.int64]) -> None:
        """These rows will be asked for."""
        is_few = len(rows) * _FEW_OF_ALL < len(self._snapshot.columns)
        if is_few:
            given = prepared_of(self._snapshot, self._boilerplate, rows.tolist())
        else:
            given = iterate_prepared(self._snapshot, self._boilerplate)
        texts = self._opened.enter_context(closing(given))
        numbers = rows.tolist() if is_few else count()
        self._texts = ((row, found[self._at]) for row, found in zip(numbers, texts, strict=False))

    def __call__(self, row: int) -> str:
        for found, text in self._texts:
            if found == row:
                return text
        raise IndexError(f"row {row} was asked for out of order")


def encode_pictures(snapshot: Snapshot, encoder: ItemEncoder, progress: Progress) -> EncodeReport:
    """Bring the vectors of one encoder of pictures up to date."""
    facts = snapshot.read_picture_facts()
    found = (facts.get(product_id) for product_id in snapshot.columns.product_id.tolist())
    keys = key_array([None if fact is None else fact[0] for fact in found])
    load = picture_loader(snapshot, encoder.wanted_side_px)
    return _encode(snapshot, _Job(encoder, PICTURE_FIELD, keys, load), progress)


@dataclass(frozen=True, slots=True, eq=False)
class _Job:
    """One encoder for one field: `keys` (n, 16) name the content of each row, `load(row)` fetches it."""

    encoder: ItemEncoder
    field: str
    keys: NDArray[np.uint8]
    load: Callable[[int], Any]

    @property
    def title(self) -> str:
        return f"Encoding {_FIELD_TITLES[self.field]} with {self.encoder.title}"


_FIELD_TITLES = {
    "text": "descriptions",
    "name": "names",
    "spec": "specifications",
    PICTURE_FIELD: "pictures",
}


def _encode(snapshot: Snapshot, job: _Job, progress: Progress) -> EncodeReport:
    folder = snapshot.folder / VECTOR_FOLDER
    encoder, keys = job.encoder, job.keys
    has_content = content_mask(keys)
    broken: list[int] = []
    with VectorStore.open(folder, encoder.id, encoder.version, encoder.dim, writable=True) as store:
        wanted = _first_of_each(keys, has_content & ~store.has(keys))
        if isinstance(job.load, _Texts):
            job.load.expect(wanted)
        with progress.stage(job.title, int(has_content.sum())):
            progress.skip(int(has_content.sum()) - len(wanted))
            for indices, vectors in encode_stream(
                encoder,
                len(wanted),
                lambda index: job.load(int(wanted[index])),
                progress,
                on_broken=broken.append,
            ):
                store.append(keys[wanted[indices]], vectors)
        if isinstance(encoder, FittedEncoder):
            keys = _without_zeros(store, keys)
    remember_keys(snapshot, (encoder.id, encoder.version, encoder.dim), job.field, keys)
    encoded = len(wanted) - len(broken)
    return EncodeReport(encoder.id, job.field, encoded, int(has_content.sum()) - len(wanted), len(broken))


def _without_zeros(store: VectorStore, keys: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The keys, without those of zeros: a text of no word that an encoder has learnt says nothing to it."""
    kept = keys.copy()
    for start in range(0, len(keys), _CHECKED):
        part = kept[start : start + _CHECKED]
        part[~store.gather(part, allow_missing=True).any(axis=1)] = 0
    return kept


def _first_of_each(keys: NDArray[np.uint8], is_wanted: NDArray[np.bool_]) -> NDArray[np.int64]:
    """The first row of each distinct wanted content."""
    rows = np.flatnonzero(is_wanted)
    if not len(rows):
        return rows
    _, first = np.unique(np.ascontiguousarray(keys[rows]).view("V16").ravel(), return_index=True)
    return np.sort(rows[first])


def remember_keys(
    snapshot: Snapshot, made_by: tuple[str, str, int], field: str, keys: NDArray[np.uint8]
) -> None:
    """Keep which content each product had, so that a block is there without reading all texts again.

    `made_by`: the encoder's id, its version, and how many numbers a vector has.
    """
    encoder_id, version, dim = made_by
    path = _field_path(snapshot.folder, encoder_id, field)
    described = {"encoder": encoder_id, "version": version, "dim": dim}
    # The description first: a kill between the two must not leave keys that nothing describes.
    write_json(path.with_suffix(".json"), described)
    save_arrays(path, {"product_id": snapshot.columns.product_id, "key": keys})


def _field_path(folder: Path, encoder_id: str, field: str) -> Path:
    return folder / VECTOR_FOLDER / f"{encoder_id}.{field}.npz"


def load_block(snapshot: Snapshot, encoder_id: str, field: str) -> Block | None:
    """The vectors of one encoder for all rows, zeros where there is none; None before the first `encode`."""
    path = _field_path(snapshot.folder, encoder_id, field)
    if not path.is_file():
        return None
    described = read_json(path.with_suffix(".json"))
    stored = load_arrays(path)
    keys = np.zeros((len(snapshot.columns), 16), dtype=np.uint8)
    rows = np.searchsorted(snapshot.columns.product_id, stored["product_id"])
    is_here = rows < len(keys)
    is_here[is_here] = snapshot.columns.product_id[rows[is_here]] == stored["product_id"][is_here]
    keys[rows[is_here]] = stored["key"][is_here]
    with VectorStore.open(
        snapshot.folder / VECTOR_FOLDER,
        described["encoder"],
        described["version"],
        int(described["dim"]),
        writable=False,
    ) as store:
        is_large = 4 * len(keys) * store.dim > HELD_BYTES
        vectors = store.rows(keys) if is_large else store.gather(keys, allow_missing=True)
        return Block(encoder_id, field, vectors, store.has(keys), keys, str(described["version"]))
