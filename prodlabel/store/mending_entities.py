"""Brings categories, texts and presence of products in line with the ledger, or the ledger with them.

Invariant: afterwards `replay` finds nothing; whatever took the place of something else is in the ledger.
"""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Mapping
from typing import Any

from prodlabel.store.entities import CATEGORY, PRODUCT
from prodlabel.store.ledger import PASSED
from prodlabel.store.replay import (
    CATEGORY_FIELDS,
    TEXT_FIELDS,
    Divergence,
    diverging_categories,
    diverging_presence,
    diverging_products,
)


def mend_entities(connection: sqlite3.Connection, *, trusts_tables: bool, person: str) -> int:
    """Mend inside the caller's transaction; how many things were mended.

    `trusts_tables`: what the tables hold is right and the ledger gets a line that says so (after a rescue,
    when lines may be missing); otherwise the tables follow the ledger, where it can still be followed.
    """
    categories = diverging_categories(connection.cursor())
    products = diverging_products(connection.cursor())
    known = {row[0] for row in connection.execute("SELECT id FROM category")}
    written_down: list[tuple[str, Divergence]] = []
    for one in categories:
        said = one.said
        if trusts_tables or said is None or said.get("parent") not in {None, *known}:
            written_down.append((CATEGORY, one))
        else:
            _update(connection, "category", one.id, said)
    for one in products:
        if trusts_tables or one.said is None or not set(TEXT_FIELDS) <= set(one.said):
            written_down.append((PRODUCT, one))
        else:
            _update(connection, "product_text", one.id, one.said)
    _write_down(connection, written_down, person)
    presence = diverging_presence(connection.cursor())
    connection.executemany(
        "UPDATE product SET is_present = ? WHERE id = ?", [(wanted, of) for of, wanted in presence]
    )
    return len(categories) + len(products) + len(presence)


def _update(connection: sqlite3.Connection, table: str, of: int, said: Mapping[str, Any]) -> None:
    key, fields = ("id", CATEGORY_FIELDS) if table == CATEGORY else ("product_id", TEXT_FIELDS)
    wanted = [name for name in fields if name in said]
    places = ", ".join(f"{name} = ?" for name in wanted)
    connection.execute(
        f"UPDATE {table} SET {places} WHERE {key} = ?",  # noqa: S608 - our own names
        (*(said[name] for name in wanted), of),
    )


def _write_down(connection: sqlite3.Connection, found: list[tuple[str, Divergence]], person: str) -> None:
    """A line that nobody takes back, with what stands."""
    if not found:
        return
    (newest,) = connection.execute("SELECT coalesce(max(id), 0) + 1 FROM edit").fetchone()
    connection.execute(
        "INSERT INTO edit (id, step, kind, state, at_us, person, reason, summary, product_count, details) "
        "VALUES (?, ?, 'taxonomy', ?, ?, ?, 'rescue', 'What was found in a damaged project', ?, ?)",
        (newest, newest, PASSED, time.time_ns() // 1000, person, len(found), json.dumps({"rescued": True})),
    )
    rows = []
    for seq, (entity, one) in enumerate(found):
        after = dict(one.said or {}) | dict(one.stands)
        if entity == PRODUCT:
            after |= _narrow(connection, one.id)
        before = None if one.said is None else json.dumps(dict(one.said), ensure_ascii=False)
        rows.append((newest, seq, entity, one.id, before, json.dumps(after, ensure_ascii=False)))
    connection.executemany("INSERT INTO change VALUES (?, ?, ?, ?, ?, ?)", rows)


def _narrow(connection: sqlite3.Connection, product_id: int) -> dict[str, Any]:
    source_id, source_category, has_picture, fingerprint = connection.execute(
        "SELECT source_id, source_category, has_picture, fingerprint FROM product WHERE id = ?", (product_id,)
    ).fetchone()
    return {
        "source_id": source_id,
        "source_category": source_category,
        "has_picture": bool(has_picture),
        "fingerprint": bytes(fingerprint).hex(),
    }
