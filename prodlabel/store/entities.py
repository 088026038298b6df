"""Sets one category, one product, or the presence of an import's products to what the ledger says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, update

from prodlabel.store.products import index_texts, unindex_texts
from prodlabel.store.schema import category, product, product_text

CATEGORY, PRODUCT, PRESENCE = "category", "product", "presence"


@dataclass(frozen=True, slots=True)
class EntityChange:
    """What an edit did to a category, to a product, or to the presence of all products of an import."""

    entity: str
    entity_id: int
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None


def set_entity(connection: Connection, one: EntityChange) -> None:
    """Make the tables say what `one.after` says; None means: not there."""
    after = dict(one.after or {})
    match one.entity:
        case "category":
            values = after or {"is_present": False}
            connection.execute(update(category).where(category.c.id == one.entity_id).values(**values))
        case "product":
            _set_product(connection, one.entity_id, after)
        case "presence":
            connection.execute(update(product).where(product.c.added_edit == one.entity_id).values(**after))
        case _:
            raise AssertionError(f"the ledger names an unknown thing: {one.entity}")


def _set_product(connection: Connection, product_id: int, after: Mapping[str, Any]) -> None:
    narrow = {name: after[name] for name in ("source_id", "source_category", "has_picture")}
    fingerprint = bytes.fromhex(after["fingerprint"])
    wide = {name: after[name] for name in ("name", "description", "attributes", "picture")}
    unindex_texts(connection, [product_id])  # the index must be told the old words to forget them
    connection.execute(
        update(product).where(product.c.id == product_id).values(**narrow, fingerprint=fingerprint)
    )
    connection.execute(update(product_text).where(product_text.c.product_id == product_id).values(**wide))
    index_texts(connection, product_id, product_id)
