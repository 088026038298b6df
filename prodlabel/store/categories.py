"""The taxonomy in the database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, fields
from typing import Any

from sqlalchemy import Connection, select

from prodlabel.core.taxonomy import Category, Taxonomy
from prodlabel.store.database import insert_many, values_explained
from prodlabel.store.schema import category


def read_taxonomy(connection: Connection) -> Taxonomy:
    """All categories, absent ones included. Raises `ProjectDamagedError` where they are no tree."""
    rows = connection.execute(select(category)).mappings().all()
    with values_explained(connection):
        found = Taxonomy(Category(**{**row, "is_present": bool(row["is_present"])}) for row in rows)
        known = found.by_id
        if any(one.parent is not None and one.parent not in known for one in known.values()):
            raise ValueError("a category lies below one that does not exist")
        if found.has_cycle():
            raise ValueError("a category lies below itself")
    return found


def insert_categories(connection: Connection, new: Sequence[Category]) -> None:
    """Add rows for categories that never were."""
    columns = [field.name for field in fields(Category)]
    insert_many(connection, category, columns, [tuple(getattr(one, c) for c in columns) for one in new])


def as_values(one: Category) -> dict[str, Any]:
    """What the ledger keeps of a category: everything but its identity."""
    values = asdict(one)
    del values["id"], values["key"]
    return values
