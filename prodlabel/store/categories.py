"""The taxonomy in the database."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from sqlalchemy import Connection, insert, select

from prodlabel.core.taxonomy import Category, Taxonomy
from prodlabel.store.database import values_explained
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


def insert_category(connection: Connection, new: Category) -> None:
    """Add a row for a category that never was."""
    connection.execute(insert(category).values(**asdict(new)))


def as_values(one: Category) -> dict[str, Any]:
    """What the ledger keeps of a category: everything but its identity."""
    values = asdict(one)
    del values["id"], values["key"]
    return values
