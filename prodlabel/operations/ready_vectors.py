"""Vectors and maps that were computed elsewhere, taken into a project as blocks and layouts like any other.

Invariant: what is brought is stored by product and content; the same file again changes nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from prodlabel.core.errors import InputError, NotReadyError
from prodlabel.core.products import content_hash
from prodlabel.core.progress import Progress
from prodlabel.operations.encode import PICTURE_FIELD, VECTOR_FOLDER, remember_keys
from prodlabel.operations.layout import ELSEWHERE, LayoutOutcome, LayoutSettings
from prodlabel.operations.materials import BROUGHT, remember_block_in_use
from prodlabel.operations.spaces import FUSED, MAPS
from prodlabel.project.project import Project
from prodlabel.project.results import LAYOUT
from prodlabel.sources.arrays import NumbersFile, read_xy
from prodlabel.store.key_index import KEY_BYTES
from prodlabel.store.vectors import VectorStore

TEXT = "text"
KINDS = (TEXT, PICTURE_FIELD)
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,40}")


@dataclass(frozen=True, slots=True)
class BroughtReport:
    """How many rows the file has, how many products got one, and how many keys name no product."""

    name: str
    rows: int
    products: int
    unknown: int


def bring_vectors(
    project: Project, numbers: NumbersFile, progress: Progress, *, kind: str = TEXT, name: str = "vectors"
) -> BroughtReport:
    """Take vectors in as the project's vectors of texts or of pictures (`kind`), under a name, and use them
    from now on. They are brought to unit length; a row of zeros is none.

    Raises `InputError` where rows do not fit the products, `NotReadyError` for a project without products.
    """
    if kind not in KINDS:
        raise InputError(f"Vectors are not of {kind}. Choose among {', '.join(KINDS)}.")
    if not _NAME.fullmatch(name):
        raise InputError(f"Vectors cannot be called {name}. Use letters, digits and dashes.")
    encoder_id, version = f"{BROUGHT}{name}", f"1.{numbers.width}"
    snapshot = project.snapshot()
    _check_order(project, numbers.rows, has_keys=numbers.has_keys, name=numbers.location.name)
    keys = np.zeros((len(snapshot.columns), KEY_BYTES), dtype=np.uint8)
    at = unknown = 0
    folder = snapshot.folder / VECTOR_FOLDER
    with (
        VectorStore.open(folder, encoder_id, version, numbers.width, writable=True) as store,
        progress.stage(f"Taking {numbers.location.name} in", numbers.rows, "vectors"),
    ):
        for names, part in numbers.parts():
            rows = np.arange(at, at + len(part)) if names is None else _rows_of(project, names)
            at += len(part)
            unknown += int((rows < 0).sum())
            length = np.linalg.norm(part, axis=1)
            is_kept = (rows >= 0) & (length > 0)
            unit = (part[is_kept] / length[is_kept, None]).astype(np.float32)
            marks = _marks(snapshot.columns.product_id[rows[is_kept]], unit)
            is_new = ~store.has(marks)
            store.append(marks[is_new], unit[is_new])
            keys[rows[is_kept]] = marks
            progress.advance(len(part))
    _check_known(unknown, numbers.rows, numbers.location.name)
    remember_keys(snapshot, (encoder_id, version, numbers.width), kind, keys)
    remember_block_in_use(snapshot.folder, kind, encoder_id)
    return BroughtReport(encoder_id, numbers.rows, int(keys.any(axis=1).sum()), unknown)


def bring_layout(
    project: Project, location: Path, progress: Progress, *, ids: Path | None = None, name: str = FUSED
) -> BroughtReport:
    """Take x and y in as the map of this name; products that the file lacks are placed by the next `map`.

    Raises `InputError`, `NotReadyError` as `bring_vectors` does.
    """
    if name not in MAPS:
        raise InputError(f"No map is called {name}. Choose among {', '.join(MAPS)}.")
    keys, xy = read_xy(location, ids)
    _check_order(project, len(xy), has_keys=keys is not None, name=location.name)
    rows = np.arange(len(xy)) if keys is None else _rows_of(project, list(keys))
    unknown = int((rows < 0).sum())
    _check_known(unknown, len(xy), location.name)
    is_known = rows >= 0
    rows, first = np.unique(rows[is_known], return_index=True)
    product_id = project.columns.product_id[rows]
    with progress.stage(f"Taking {location.name} in", len(rows), "products"):
        outcome = LayoutOutcome(name, product_id, xy[is_known][first], 0, ELSEWHERE)
        settings = outcome.settings(LayoutSettings(name)) | {"brought": location.name}
        project.results.save(LAYOUT, name, outcome.arrays(), settings=settings)
        progress.advance(len(rows))
    return BroughtReport(name, len(xy), len(rows), unknown)


def _rows_of(project: Project, keys: list[str]) -> NDArray[np.int64]:
    """(len(keys),) the row of each product, or -1."""
    found = project.ids_of_keys(keys)
    ids = np.array([found.get(key, -1) for key in keys], dtype=np.int64)
    rows = np.full(len(keys), -1, dtype=np.int64)
    rows[ids >= 0] = project.columns.rows(ids[ids >= 0])
    return rows


def _check_order(project: Project, count: int, *, has_keys: bool, name: str) -> None:
    products = len(project.columns)
    if not products:
        raise NotReadyError("The project has no products yet. Run `prodlabel import` first.")
    if not has_keys and count != products:
        raise InputError(
            f"{name} has {count:,} rows and the project {products:,} products. Say whose they are with --ids."
        )


def _check_known(unknown: int, count: int, name: str) -> None:
    if unknown == count:
        raise InputError(f"None of the keys in {name} names a product. Look at the keys again.")


def _marks(product_id: NDArray[np.int64], vectors: NDArray[np.float32]) -> NDArray[np.uint8]:
    """(n, 16) what names each vector in the store: whose it is, and what it says."""
    said = b"".join(
        content_hash(one.to_bytes(8, "little") + vector.tobytes())
        for one, vector in zip(product_id.tolist(), vectors, strict=True)
    )
    return np.frombuffer(said, dtype=np.uint8).reshape(-1, KEY_BYTES)
