"""What the analysing operations stand on, prepared once for a snapshot and shared between them."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from prodlabel.analysis.families import find_families
from prodlabel.core.errors import NotReadyError
from prodlabel.core.labels import NO_CATEGORY, Status
from prodlabel.core.progress import Progress
from prodlabel.operations.encode import PICTURE_FIELD, Block, load_block
from prodlabel.operations.texts import FIELDS, PreparedTexts, prepare_texts
from prodlabel.project.snapshot import Snapshot

_T = TypeVar("_T")


class Materials:
    """Prepared texts, near-duplicate families and blocks of one snapshot, each made when first asked for.

    One thread at a time. Holds all prepared texts in memory once they were asked for.
    """

    def __init__(
        self,
        snapshot: Snapshot,
        *,
        text_encoder: str = "minilm",
        picture_encoder: str = "efficientnet-lite0",
    ) -> None:
        self.snapshot = snapshot
        self.text_encoder = text_encoder
        self.picture_encoder = picture_encoder
        self._texts: PreparedTexts | None = None
        self._families: NDArray[np.int64] | None = None
        self._blocks: dict[tuple[str, str], Block | None] = {}
        self._made: dict[Hashable, Any] = {}

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
            found = find_families(self.texts(progress).text, progress=progress)
            self._families = found.astype(np.int64, copy=False)
        return self._families

    def text_blocks(self) -> list[Block]:
        """The blocks of the text encoder that have any vector, one per field."""
        loaded = [self._block(self.text_encoder, field) for field in FIELDS]
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


def need_products(snapshot: Snapshot) -> None:
    """Raises `NotReadyError` for an empty project."""
    if not len(snapshot.columns):
        raise NotReadyError("The project has no products yet. Run `prodlabel import` first.")
