"""What the analysing operations stand on, prepared once for a snapshot and shared between them."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from prodlabel.analysis.families import EXACT_LIMIT, Propose, find_families
from prodlabel.core.errors import NotReadyError
from prodlabel.core.labels import NO_CATEGORY, Status
from prodlabel.core.progress import Progress
from prodlabel.encoders.protocol import ItemEncoder
from prodlabel.operations.encode import DEFAULT_ENCODERS, PICTURE_FIELD, Block, load_block
from prodlabel.operations.fitting import encoder_as_fitted
from prodlabel.operations.neighbours import shared_index
from prodlabel.operations.spaces import FUSED
from prodlabel.operations.texts import FIELDS, PreparedTexts, prepare_texts
from prodlabel.project.snapshot import Snapshot
from prodlabel.store.atomic import read_json, write_json

_T = TypeVar("_T")


class Materials:
    """Prepared texts, near-duplicate families and blocks of one snapshot, each made when first asked for.

    One thread at a time. Holds all prepared texts in memory once they were asked for.
    """

    def __init__(
        self,
        snapshot: Snapshot,
        *,
        text_encoder: str | None = None,
        picture_encoder: str | None = None,
    ) -> None:
        """`text_encoder` and `picture_encoder` None: the project's own, which are those of `encode` unless
        vectors were brought along."""
        in_use = blocks_in_use(snapshot.folder)
        self.snapshot = snapshot
        self.text_encoder = text_encoder or in_use["text"]
        self.picture_encoder = picture_encoder or in_use["picture"]
        self._texts: PreparedTexts | None = None
        self._families: NDArray[np.int64] | None = None
        self._blocks: dict[tuple[str, str], Block | None] = {}
        self._made: dict[Hashable, Any] = {}
        self._was_labelled: NDArray[np.bool_] | None = None

    def renewed(self, snapshot: Snapshot) -> Materials:
        """Materials for a later snapshot, with all that a label cannot change.

        Where products came or changed (an import reads the columns anew), everything is made again; after
        encoding, make fresh materials.
        """
        again = Materials(snapshot, text_encoder=self.text_encoder, picture_encoder=self.picture_encoder)
        if snapshot.columns.product_id is self.snapshot.columns.product_id:
            again._texts, again._families = self._texts, self._families
            again._blocks, again._made = self._blocks, self._made
        return again

    def once(self, key: Hashable, make: Callable[[], _T]) -> _T:
        """What `make` gives, made the first time that something is asked for under this key.

        It must not depend on labels: it outlives them.
        """
        if key not in self._made:
            self._made[key] = make()
        found: _T = self._made[key]
        return found

    def texts(self, progress: Progress) -> PreparedTexts:
        """Cleaned texts, names and specifications of all rows."""
        if self._texts is None:
            self._texts = prepare_texts(self.snapshot, progress)
        return self._texts

    def families(self, progress: Progress) -> NDArray[np.int64]:
        """(n,) the near-duplicate family of each row."""
        if self._families is None:
            texts = self.texts(progress).text
            propose = self._proposals(progress)
            limit = EXACT_LIMIT if propose is None else 0
            found = find_families(texts, progress=progress, exact_limit=limit, propose=propose)
            self._families = found.astype(np.int64, copy=False)
        return self._families

    def _proposals(self, progress: Progress) -> Propose | None:
        """Which products may be near duplicates, by the index of a large catalogue. None without one, and for
        vectors that were brought along: nobody knows what they are of."""
        if not self.text_blocks() or self.text_encoder.startswith(BROUGHT):
            return None
        index = shared_index(self, FUSED, progress)
        return None if index is None else index.proposals.of_each

    def text_blocks(self, encoder: str | None = None) -> list[Block]:
        """The blocks of an encoder of texts (None: the one in use) that have any vector, one per field."""
        loaded = [self._block(encoder or self.text_encoder, field) for field in FIELDS]
        return [block for block in loaded if block is not None]

    def picture_block(self) -> Block | None:
        """The block of the picture encoder, or None where there is no vector."""
        return self._block(self.picture_encoder, PICTURE_FIELD)

    def _block(self, encoder: str, field: str) -> Block | None:
        if (encoder, field) not in self._blocks:
            block = load_block(self.snapshot, encoder, field)
            is_empty = block is None or not block.is_present.any()
            self._blocks[encoder, field] = None if is_empty else block
        return self._blocks[encoder, field]

    def encoder(self, encoder_id: str) -> ItemEncoder:
        """As `encoder_for` of this project, loaded once."""
        return self.once(("encoder", encoder_id), lambda: encoder_for(self.snapshot.folder, encoder_id))

    def level_1(self) -> NDArray[np.int32]:
        """(n,) the label of each row at the first level of the taxonomy, or `NO_CATEGORY`."""
        columns = self.snapshot.columns
        if not len(columns):
            return columns.category
        return self.snapshot.taxonomy.at_level(1)[columns.category]

    def trusted(self) -> NDArray[np.bool_]:
        """(n,) rows whose label may teach: they have a category and nobody rejected or flagged it."""
        columns = self.snapshot.columns
        is_doubted = np.isin(columns.status, [int(Status.REJECTED), int(Status.FLAGGED)])
        return np.asarray((columns.category != NO_CATEGORY) & ~is_doubted)

    def was_labelled(self) -> NDArray[np.bool_]:
        """(n,) rows whose label, now an accepted suggestion, was there before: the suggestion agreed."""
        if self._was_labelled is None:
            with self.snapshot.reader() as reader:
                found = reader.labelled_before()
            self._was_labelled = np.isin(self.snapshot.columns.product_id, found)
        return self._was_labelled


BROUGHT = "brought-"
"""Begins the id of vectors that were computed elsewhere: nothing more can be encoded with them."""
_IN_USE = "vectors_in_use.json"


def blocks_in_use(folder: Path) -> dict[str, str]:
    """The encoder whose vectors of texts ("text") and of pictures ("picture") a project works with."""
    path = folder / _IN_USE
    said = read_json(path) if path.is_file() else {}
    known = dict(zip(("text", "picture"), DEFAULT_ENCODERS, strict=True))
    chosen = said if isinstance(said, dict) else {}
    return known | {kind: str(chosen[kind]) for kind in known if kind in chosen}


def remember_block_in_use(folder: Path, kind: str, encoder_id: str) -> None:
    """Let the project work with these vectors of "text" or "picture" from now on."""
    write_json(folder / _IN_USE, blocks_in_use(folder) | {kind: encoder_id})


def encoders_in_use(folder: Path) -> tuple[str, ...]:
    """The encoders that what is new shall be encoded with; none for vectors that were brought along."""
    return tuple(one for one in blocks_in_use(folder).values() if not one.startswith(BROUGHT))


def encoder_for(folder: Path, encoder_id: str) -> ItemEncoder:
    """The encoder as the project in `folder` has it, to encode something new. Raises `NotReadyError` for
    vectors that were brought along, and for one that has not learnt the catalogue yet."""
    if encoder_id.startswith(BROUGHT):
        raise NotReadyError(
            "The vectors of this project were brought along, and nothing new can be turned into such. "
            "Search by words, or go back to prodlabel's own with `prodlabel encode --use`."
        )
    return encoder_as_fitted(folder, encoder_id)


def need_products(snapshot: Snapshot) -> None:
    """Raises `NotReadyError` for an empty project."""
    if not len(snapshot.columns):
        raise NotReadyError("The project has no products yet. Run `prodlabel import` first.")
