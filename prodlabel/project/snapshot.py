"""What a worker is handed: the project at one moment, frozen, and a reader of its own for texts."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from prodlabel.core.edits import ImportBatch
from prodlabel.core.taxonomy import Taxonomy
from prodlabel.project.columns import Columns
from prodlabel.project.importing import Plan, known_products, plan_batch
from prodlabel.store.database import DATABASE_NAME, Database
from prodlabel.store.ledger import HistoryEntry, read_edits
from prodlabel.store.opinions import Opinions, read_added_edits, read_labelled_before, read_opinions
from prodlabel.store.products import ProductTexts, iterate_texts, read_picture_facts, read_texts
from prodlabel.store.sources import SourceInfo


@dataclass(frozen=True, slots=True, eq=False)
class Snapshot:
    """The project as it was when the snapshot was taken; safe to use from any thread."""

    folder: Path
    name: str
    columns: Columns
    taxonomy: Taxonomy
    sources: dict[int, SourceInfo]
    last_edit: int

    @contextmanager
    def reader(self) -> Iterator[Reader]:
        """A connection of the worker's own, for the duration of the block."""
        database = Database(self.folder / DATABASE_NAME, read_only=True)
        try:
            with database.read() as connection:
                yield Reader(connection, self)
        finally:
            database.close()

    def read_picture_facts(self) -> dict[int, tuple[bytes | None, int, int, str | None]]:
        """What is known of the pictures now: product id -> (content hash, width, height, problem)."""
        database = Database(self.folder / DATABASE_NAME, read_only=True)
        try:
            with database.read() as connection:
                return read_picture_facts(connection)
        finally:
            database.close()


class Reader:
    """Texts of the products of a snapshot, fetched as they are needed."""

    def __init__(self, connection: Connection, snapshot: Snapshot) -> None:
        self._connection = connection
        self._snapshot = snapshot

    def texts(self, rows: list[int]) -> list[ProductTexts]:
        """The texts of these rows, in their order."""
        return read_texts(self._connection, self._snapshot.columns.product_id[rows].tolist())

    def edits(self, edit_ids: list[int]) -> dict[int, HistoryEntry]:
        """The lines of the history with these ids: who decided, when and why."""
        return read_edits(self._connection, edit_ids)

    def all_texts(self, chunk: int = 2000) -> Iterator[ProductTexts]:
        """The texts of all products in the order of the columns.

        Products that came after the snapshot are left out, so that positions agree with its rows.
        """
        known = self._snapshot.columns.product_id
        row = 0
        for texts in iterate_texts(self._connection, chunk):
            for one in texts:
                if row < len(known) and known[row] == one.product_id:
                    row += 1
                    yield one

    def plan(self, batch: ImportBatch) -> Plan:
        """What an import of this batch would do; nothing is written."""
        found = known_products(self._connection, batch)
        return plan_batch(self._connection, self._snapshot.taxonomy, batch, found)

    def opinions(self) -> Opinions:
        """Who gave which product which category."""
        return read_opinions(self._connection)

    def labelled_before(self) -> NDArray[np.int64]:
        """Ids, ascending, of products whose accepted suggestion repeats the label that they had before it."""
        return read_labelled_before(self._connection)

    def added_edits(self) -> NDArray[np.int64]:
        """(n,) the edit that added each row's product."""
        product_id, added = read_added_edits(self._connection)
        return added[np.searchsorted(product_id, self._snapshot.columns.product_id)]

    def picture_path(self, texts: ProductTexts) -> tuple[Path, str] | None:
        """The picture folder of the product's source and the path in it, or None."""
        source = self._snapshot.sources.get(texts.source_id)
        if texts.picture is None or source is None or source.picture_folder is None:
            return None
        return source.picture_folder, texts.picture
