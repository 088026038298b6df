"""What the ledger says of categories, products and their presence, beside what the tables say.

Invariant: reads only, by a cursor of the driver's; a line of the ledger that cannot be read says nothing. Who
changes a name or a description behind the program's back is found where the ledger has a line about it:
products that were never changed since they came have none.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from prodlabel.store.entities import CATEGORY, PRESENCE, RETURN

CATEGORY_FIELDS = ("parent", "name", "position", "description", "colour", "shortcut", "is_present")
TEXT_FIELDS = ("name", "description", "attributes", "picture")
_LAST_PRODUCT = (
    "SELECT entity_id, after, max((edit_id << 24) | seq) FROM change "
    "WHERE entity = 'product' AND after IS NOT NULL GROUP BY entity_id"
)
"""The last line about each product: SQLite takes the other columns from the row of the maximum."""


@dataclass(frozen=True, slots=True)
class Divergence:
    """One thing of which ledger and table differ. `said`: by the ledger, None where it has no line that can
    be read; `stands`: in the table."""

    id: int
    said: Mapping[str, Any] | None
    stands: Mapping[str, Any]


def diverging_categories(cursor: Any) -> list[Divergence]:
    """Categories that were changed without the ledger, or that no line of it ever made."""
    said: dict[int, Mapping[str, Any] | None] = {}
    cursor.execute(
        "SELECT entity_id, CAST(after AS BLOB) FROM change WHERE entity = ? ORDER BY edit_id, seq",
        (CATEGORY,),
    )
    for category_id, after in cursor:
        said[category_id] = {"is_present": False} if after is None else _read(after)
    cursor.execute(f"SELECT id, {', '.join(CATEGORY_FIELDS)} FROM category")  # noqa: S608 - our own names
    found = []
    for category_id, *values in cursor:
        stands = dict(zip(CATEGORY_FIELDS, values, strict=True))
        stands["is_present"] = bool(stands["is_present"])
        wanted = said.get(category_id)
        if wanted is None or any(stands[name] != wanted[name] for name in stands if name in wanted):
            found.append(Divergence(category_id, wanted, stands))
    return found


def diverging_products(cursor: Any) -> list[Divergence]:
    """Products whose texts are not those that the last change of them gave."""
    differs = " OR ".join(f"t.{name} IS NOT json_extract(c.after, '$.{name}')" for name in TEXT_FIELDS)
    cursor.execute(
        f"SELECT t.product_id, CAST(c.after AS BLOB), {', '.join(f't.{name}' for name in TEXT_FIELDS)} "  # noqa: S608
        f"FROM ({_LAST_PRODUCT}) AS c JOIN product_text AS t ON t.product_id = c.entity_id "
        f"WHERE NOT json_valid(c.after) OR {differs}"
    )
    found = []
    for product_id, after, *values in cursor:
        stands = dict(zip(TEXT_FIELDS, values, strict=True))
        wanted = _read(after)
        # Looked at again: SQLite reads JSON's texts up to the first NUL.
        if wanted is None or any(stands[name] != wanted[name] for name in stands if name in wanted):
            found.append(Divergence(product_id, wanted, stands))
    return found


def diverging_presence(cursor: Any) -> list[tuple[int, bool]]:
    """Products that are there, or are not, against the ledger: (id, whether it should be there)."""
    cursor.execute(
        "SELECT edit_id, seq, entity, entity_id, CAST(after AS BLOB) FROM change WHERE entity IN (?, ?) "
        "ORDER BY edit_id, seq",
        (PRESENCE, RETURN),
    )
    of_edit: dict[int, tuple[int, bool]] = {}
    of_product: dict[int, tuple[int, bool]] = {}
    for order, (_, _, entity, entity_id, after) in enumerate(cursor.fetchall()):
        said = None if after is None else _read(after)
        if said is None or "is_present" not in said:
            continue
        if entity == PRESENCE:
            of_edit[entity_id] = order, bool(said["is_present"])
        else:
            of_product |= {int(one): (order, bool(said["is_present"])) for one in said.get("ids", ())}
    return [
        (product_id, wanted)
        for product_id, is_present, wanted in _standing(cursor, of_edit, of_product)
        if is_present != wanted
    ]


def _standing(
    cursor: Any, of_edit: Mapping[int, tuple[int, bool]], of_product: Mapping[int, tuple[int, bool]]
) -> Iterator[tuple[int, bool, bool]]:
    """(product id, whether it is there, whether it should be) of those that may differ; the later line
    counts."""
    edits = np.array(sorted(of_edit), dtype=np.int64)
    wanted_of = np.array([of_edit[one][1] for one in edits.tolist()], dtype=bool)
    cursor.execute("SELECT id, added_edit, is_present FROM product ORDER BY id")
    while rows := cursor.fetchmany(100_000):
        table = np.array(rows, dtype=np.int64)
        at = np.searchsorted(edits, table[:, 1])
        is_known = at < len(edits)
        is_known[is_known] = edits[at[is_known]] == table[is_known, 1]
        wanted = table[:, 2] != 0
        wanted[is_known] = wanted_of[at[is_known]]
        is_named = np.isin(table[:, 0], list(of_product)) if of_product else np.zeros(len(table), bool)
        for row in np.flatnonzero((wanted != (table[:, 2] != 0)) | is_named).tolist():
            product_id, added_edit, is_present = table[row].tolist()
            lines = [of_product.get(product_id), of_edit.get(added_edit)]
            told = max((line for line in lines if line is not None), default=None)
            if told is not None:
                yield product_id, bool(is_present), told[1]


def _read(after: bytes) -> Mapping[str, Any] | None:
    """The values in a line; None where damage has made them something else."""
    try:
        said = json.loads(after.decode("utf-8", "strict") if isinstance(after, bytes) else after)
    except (ValueError, TypeError, RecursionError):
        return None
    return said if isinstance(said, dict) else None
