"""What an open project holds in memory, and reading it from the database."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sqlalchemy import Connection, select, text

from prodlabel.core.labels import NO_CATEGORY
from prodlabel.core.taxonomy import Taxonomy
from prodlabel.project.columns import Columns
from prodlabel.store.categories import read_taxonomy
from prodlabel.store.database import DATABASE_NAME, open_database, values_explained
from prodlabel.store.ledger import newest_edit
from prodlabel.store.products import read_narrow
from prodlabel.store.schema import info


@dataclass(slots=True)
class State:
    """What is held in memory; replaced as a whole after a commit.

    `columns` is None after an import until somebody looks: a million products come in 50 batches, and
    reading them all after each would take longer than the import.
    """

    columns: Columns | None
    taxonomy: Taxonomy
    last_edit: int


@dataclass(frozen=True, slots=True, eq=False)
class ReadAhead:
    """Columns of a project that is about to be opened, as they were after the edit `last_edit`."""

    columns: Columns
    last_edit: int
    file_number: int


def database_bytes(folder: Path) -> int:
    """How large the project's database is; 0 where there is none."""
    path = folder / DATABASE_NAME
    return path.stat().st_size if path.is_file() else 0


def read_ahead(folder: Path) -> ReadAhead:
    """Read the columns of the project in `folder`, in any thread. Raises as opening it does."""
    path = folder / DATABASE_NAME
    number = path.stat().st_ino
    database = open_database(path, read_only=True)
    try:
        with database.read() as connection:
            return ReadAhead(read_columns(connection), newest_edit(connection), number)
    finally:
        database.close()


def read_state(connection: Connection, ahead: ReadAhead | None = None) -> State:
    """`ahead` is used where nothing has changed since: every change is an edit."""
    last, taxonomy = newest_edit(connection), read_taxonomy(connection)
    is_fresh = ahead is not None and ahead.last_edit == last
    columns = ahead.columns if ahead is not None and is_fresh else read_columns(connection)
    with values_explained(connection):
        _refuse_unknown_categories(columns, taxonomy)
    return State(columns, taxonomy, last)


def _refuse_unknown_categories(columns: Columns, taxonomy: Taxonomy) -> None:
    """Raises `ValueError` where a product's category is none of the taxonomy's: tables are indexed by it."""
    is_known = np.zeros(max(taxonomy.by_id, default=NO_CATEGORY) + 1, dtype=bool)
    is_known[[NO_CATEGORY, *taxonomy.by_id]] = True
    for ids in (columns.category, columns.source_category):
        if len(ids) and (ids.min() < 0 or ids.max() >= len(is_known) or not is_known[ids].all()):
            raise ValueError("a product has a category that does not exist")


def read_columns(connection: Connection) -> Columns:
    return Columns.from_arrays(read_narrow(connection))


def follow(connection: Connection, state: State) -> State:
    """The state as the database has it now: `state` itself where nobody else wrote since."""
    last = newest_edit(connection)
    if last == state.last_edit:
        return state
    columns = (
        None if state.columns is None else _with_new_products(connection, state.columns, state.last_edit)
    )
    return State(columns, read_taxonomy(connection), last)


def _with_new_products(connection: Connection, columns: Columns, since: int) -> Columns | None:
    """The columns with what imports have added after the edit `since`; None where more than that happened.

    An import brings a few products every few milliseconds: reading a million others again after each would
    take longer than the import.
    """
    newest = int(columns.product_id[-1]) if len(columns) else 0
    has_more = text(
        "SELECT EXISTS (SELECT 1 FROM edit WHERE id > :since AND kind != 'import') "
        "OR EXISTS (SELECT 1 FROM decision WHERE edit_id > :since AND product_id <= :newest) "
        "OR EXISTS (SELECT 1 FROM change WHERE edit_id > :since AND (entity = 'product' "
        "OR (entity = 'presence' AND entity_id <= :since)))"
    )
    if connection.execute(has_more, {"since": since, "newest": newest}).scalar_one():
        return None
    return columns.with_products(read_narrow(connection, newest))


def read_info(connection: Connection) -> dict[str, str]:
    return {row.key: row.value for row in connection.execute(select(info)).all()}
