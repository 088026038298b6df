"""Encoders that learn on the catalogue, fitted once for a project and kept with it.

Invariant: a fit stays as it is until somebody asks for a new one: vectors of products that come later, and of
words that are searched for, lie in the same space as those that the classifier was taught with.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from prodlabel.core.errors import NotReadyError, ProjectDamagedError
from prodlabel.core.progress import Progress
from prodlabel.encoders.fitted import FittedEncoder
from prodlabel.encoders.protocol import ItemEncoder, Kind
from prodlabel.encoders.registry import Scope, corpus_encoder, encoder_class, entry, item_encoder
from prodlabel.operations.pictures import PictureRows
from prodlabel.operations.texts import prepare_texts
from prodlabel.project.snapshot import Snapshot
from prodlabel.store.atomic import load_arrays, save_arrays

VECTOR_FOLDER = "vectors"


def encoder_of(
    snapshot: Snapshot, encoder_id: str, progress: Progress, *, is_new: bool = False
) -> ItemEncoder:
    """The encoder; one that learns on the catalogue as it was fitted, or fitted now where it was not (or with
    `is_new`). Raises `WeightsMissingError`, `InputError` for an unknown one."""
    if entry(encoder_id).scope is Scope.ITEM:
        return item_encoder(encoder_id)
    known = None if is_new else _kept(snapshot.folder, encoder_id)
    return known or _fit(snapshot, encoder_id, progress)


def encoder_as_fitted(folder: Path, encoder_id: str) -> ItemEncoder:
    """The encoder of the project in `folder`, to encode something new with. Raises `NotReadyError` where it
    has learnt nothing yet, and what `encoder_of` raises."""
    if entry(encoder_id).scope is Scope.ITEM:
        return item_encoder(encoder_id)
    known = _kept(folder, encoder_id)
    if known is None:
        raise NotReadyError(
            f"{entry(encoder_id).title} has not learnt this catalogue yet. Run `prodlabel encode` first."
        )
    return known


def _fit(snapshot: Snapshot, encoder_id: str, progress: Progress) -> FittedEncoder:
    encoder = corpus_encoder(encoder_id)
    items: Sequence[Any]
    if encoder.kind is Kind.TEXT:
        items = prepare_texts(snapshot, progress).joined()
    else:
        items = PictureRows(snapshot, int(getattr(encoder, "wanted_side_px", PictureRows.USUAL_SIDE_PX)))
    fitted = FittedEncoder.fit(encoder, items, progress)
    save_arrays(_path(snapshot.folder, encoder_id), fitted.arrays())
    return fitted


def _kept(folder: Path, encoder_id: str) -> FittedEncoder | None:
    path = _path(folder, encoder_id)
    if not path.is_file():
        return None
    known = entry(encoder_id)
    try:
        return FittedEncoder.from_arrays(
            encoder_class(encoder_id), (known.id, known.title), load_arrays(path)
        )
    except ProjectDamagedError:
        return None  # all that it held can be learnt again


def _path(folder: Path, encoder_id: str) -> Path:
    return folder / VECTOR_FOLDER / f"{encoder_id}.fit.npz"
