"""Which products anything was decided or said about after a given edit, by what the ledger holds."""

from __future__ import annotations

import json

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, select

from prodlabel.store.entities import CATEGORY, PRESENCE, PRODUCT, RETURN
from prodlabel.store.schema import change, decision, product


def products_changed_since(connection: Connection, edit_id: int) -> tuple[NDArray[np.int64], list[int]]:
    """Ids (ascending) of products whose label, texts or presence changed after `edit_id`, and categories.

    Undo and redo are edits too: what they brought back counts. The products of the categories (renamed or
    moved ones) are left to the caller, who knows the tree.
    """
    ids = set(connection.execute(select(decision.c.product_id).where(decision.c.edit_id > edit_id)).scalars())
    is_later = change.c.edit_id > edit_id
    said = select(change.c.entity, change.c.entity_id).where(is_later).distinct()
    categories, imports = [], []
    for entity, entity_id in connection.execute(said):
        if entity == PRODUCT:
            ids.add(entity_id)
        elif entity == PRESENCE:
            imports.append(entity_id)
        elif entity == CATEGORY:
            categories.append(entity_id)
    for after in connection.execute(
        select(change.c.after).where(is_later, change.c.entity == RETURN)
    ).scalars():
        ids.update(json.loads(after)["ids"])
    for added_edit in imports:
        added = select(product.c.id).where(product.c.added_edit == added_edit)
        ids.update(connection.execute(added).scalars())
    return np.array(sorted(ids), dtype=np.int64), categories
