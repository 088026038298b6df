"""Blocks of encoders that are fitted to the whole catalogue as it is, to be compared with each other.

They are no vectors to work with: those come from a fit that stays the same (`fitting`). A block is named by
the encoder's version and by a fingerprint of all contents it saw, so that a second run reads it back, and any
change of a product or a setting makes a new one. Only the newest of each encoder and field is kept.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from prodlabel.core.errors import InputError, ProjectDamagedError
from prodlabel.core.progress import Progress
from prodlabel.encoders.protocol import CorpusEncoder, Kind
from prodlabel.encoders.registry import corpus_encoder
from prodlabel.operations.encode import PICTURE_FIELD, VECTOR_FOLDER
from prodlabel.operations.materials import Materials, need_products
from prodlabel.operations.pictures import PictureRows
from prodlabel.operations.texts import FIELDS
from prodlabel.project.snapshot import Snapshot
from prodlabel.store.atomic import load_arrays, save_arrays

JOINED_FIELD = "joined"
"""Description and specifications together, the name where there is neither."""
CORPUS_FIELDS = (*FIELDS, JOINED_FIELD, PICTURE_FIELD)


@dataclass(frozen=True, slots=True, eq=False)
class CorpusBlock:
    """Like `Block`, of a fitted encoder: `vectors` float32 (n, d), dense or SciPy CSR."""

    encoder: str
    version: str
    field: str
    vectors: Any
    is_present: NDArray[np.bool_]

    def dense(self) -> NDArray[np.float32]:
        """The vectors as one array; a wide sparse block of a large catalogue may not fit into memory."""
        found = self.vectors.toarray() if hasattr(self.vectors, "toarray") else self.vectors
        return np.asarray(found, np.float32)


def corpus_block(
    materials: Materials,
    encoder_id: str,
    progress: Progress,
    *,
    field: str | None = None,
    settings: dict[str, Any] | None = None,
) -> CorpusBlock:
    """The block of one corpus encoder for all rows of the snapshot, from disk where nothing changed.

    `field` is one of `CORPUS_FIELDS` (default: "joined", or "picture"), `settings` are the encoder's own.
    Rows without content, or whose vector is zero, are not present. Raises `WeightsMissingError`.
    """
    need_products(materials.snapshot)
    encoder = corpus_encoder(encoder_id, **(settings or {}))
    field = field or _usual_field(encoder)
    if field not in CORPUS_FIELDS or (encoder.kind is Kind.PICTURE) != (field == PICTURE_FIELD):
        raise InputError(f"{encoder.title} cannot encode {field!r}. Choose a field that it can see.")
    items, keys = _contents(materials, encoder, field, progress)
    path = _path(materials.snapshot.folder, encoder, field, keys)
    if path.is_file():
        try:
            return _read(path, encoder, field)
        except ProjectDamagedError:
            path.unlink(missing_ok=True)  # all that it held can be made again, and now is
    block = _made(encoder, field, items, progress)
    _keep(path, block)
    return block


def _usual_field(encoder: CorpusEncoder) -> str:
    return PICTURE_FIELD if encoder.kind is Kind.PICTURE else JOINED_FIELD


def is_fitted(materials: Materials, encoder_id: str, progress: Progress) -> bool:
    """Whether `corpus_block` would find the block of this encoder on disk."""
    encoder = corpus_encoder(encoder_id)
    field = _usual_field(encoder)
    _, keys = _contents(materials, encoder, field, progress)
    return _path(materials.snapshot.folder, encoder, field, keys).is_file()


def fit_alone(snapshot: Snapshot, encoder_id: str) -> None:
    """Make the block of an encoder, for a process of its own."""
    corpus_block(Materials(snapshot), encoder_id, Progress())


def _contents(
    materials: Materials, encoder: CorpusEncoder, field: str, progress: Progress
) -> tuple[Sequence[Any], bytes]:
    """What the encoder is given, and a digest of it."""
    digest = hashlib.sha256()
    snapshot = materials.snapshot
    if field == PICTURE_FIELD:
        facts = snapshot.read_picture_facts()
        for product_id in snapshot.columns.product_id.tolist():
            digest.update((facts[product_id][0] if product_id in facts else None) or b"-")
            digest.update(b"\n")
        side_px = getattr(encoder, "wanted_side_px", PictureRows.USUAL_SIDE_PX)
        return PictureRows(snapshot, side_px), digest.digest()
    prepared = materials.texts(progress)
    texts = prepared.joined() if field == JOINED_FIELD else prepared.field(field)
    for text in texts:
        content = text.encode("utf-8", "surrogatepass")
        digest.update(len(content).to_bytes(8, "little"))
        digest.update(content)
    return texts, digest.digest()


def _made(encoder: CorpusEncoder, field: str, items: Sequence[Any], progress: Progress) -> CorpusBlock:
    vectors = encoder.fit_transform(items, progress)
    if hasattr(vectors, "tocsr"):
        vectors = vectors.tocsr()
        is_present = np.diff(vectors.indptr) > 0
    else:
        is_present = vectors.any(axis=1)
    return CorpusBlock(encoder.id, encoder.version, field, vectors, np.asarray(is_present, bool))


def _path(folder: Path, encoder: CorpusEncoder, field: str, content: bytes) -> Path:
    key = hashlib.sha256(encoder.version.encode() + b"\0" + content).hexdigest()[:20]
    return folder / VECTOR_FOLDER / f"{encoder.id}.{field}-{key}.npz"


def _keep(path: Path, block: CorpusBlock) -> None:
    """Write the block, then remove those it takes the place of."""
    arrays = {"is_present": block.is_present}
    if hasattr(block.vectors, "tocsr"):
        found = block.vectors
        arrays |= {"data": found.data, "indices": found.indices, "indptr": found.indptr}
        arrays["shape"] = np.array(found.shape, np.int64)
    else:
        arrays["vectors"] = block.vectors
    save_arrays(path, arrays)
    for other in path.parent.glob(f"{block.encoder}.{block.field}-*.npz"):
        if other != path:
            other.unlink(missing_ok=True)


def _read(path: Path, encoder: CorpusEncoder, field: str) -> CorpusBlock:
    arrays = load_arrays(path)
    vectors: Any = arrays.get("vectors")
    if vectors is None:
        from scipy import sparse

        parts = (arrays["data"], arrays["indices"], arrays["indptr"])
        vectors = sparse.csr_matrix(parts, shape=tuple(arrays["shape"].tolist()))
    return CorpusBlock(encoder.id, encoder.version, field, vectors, arrays["is_present"])
