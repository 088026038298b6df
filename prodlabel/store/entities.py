"""Sets one category, one product, or the presence of an import's products to what the ledger says.

What is known of a picture goes with it, and comes back with it: values of a product hold it under `FACT`
where another picture takes the place of theirs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, bindparam, delete, select, update

from prodlabel.core.products import PictureFact
from prodlabel.store.products import (
    index_texts,
    read_picture_facts,
    unindex_texts,
    write_picture_facts,
)
from prodlabel.store.schema import category, picture_fact, product, product_text

CATEGORY, PRODUCT, PRESENCE, RETURN = "category", "product", "presence", "return"
FACT = "picture_fact"


@dataclass(frozen=True, slots=True)
class EntityChange:
    """What an edit did: to a category, to a product, to the presence of all products that the edit
    `entity_id` added, or (`RETURN`) to that of the products `ids`, with the `source_category` of each."""

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
        case "return":
            _set_returned(connection, after)
        case _:
            raise AssertionError(f"the ledger names an unknown thing: {one.entity}")


def facts_to_keep(connection: Connection, product_ids: list[int]) -> dict[int, list[Any]]:
    """What is known of the pictures of these products, as values of a product keep it (`FACT`)."""
    facts = read_picture_facts(connection, product_ids)
    return {
        product_id: [None if content_hash is None else content_hash.hex(), *rest]
        for product_id, (content_hash, *rest) in facts.items()
    }


def _set_returned(connection: Connection, after: Mapping[str, Any]) -> None:
    statement = (
        update(product)
        .where(product.c.id == bindparam("of"))
        .values(is_present=after["is_present"], source_category=bindparam("category"))
    )
    rows = zip(after["ids"], after["source_category"], strict=True)
    connection.execute(statement, [{"of": of, "category": category_id} for of, category_id in rows])


def _set_product(connection: Connection, product_id: int, after: Mapping[str, Any]) -> None:
    narrow = {name: after[name] for name in ("source_id", "source_category", "has_picture")}
    fingerprint = bytes.fromhex(after["fingerprint"])
    wide = {name: after[name] for name in ("name", "description", "attributes", "picture")}
    its_texts = product_text.c.product_id == product_id
    if connection.execute(select(product_text.c.picture).where(its_texts)).scalar() != after["picture"]:
        _set_fact(connection, product_id, after.get(FACT))
    unindex_texts(connection, [product_id])  # the index must be told the old words to forget them
    connection.execute(
        update(product).where(product.c.id == product_id).values(**narrow, fingerprint=fingerprint)
    )
    connection.execute(update(product_text).where(its_texts).values(**wide))
    index_texts(connection, product_id, product_id)


def _set_fact(connection: Connection, product_id: int, kept: list[Any] | None) -> None:
    """Forget what is known of the picture that goes; without `kept` the one that comes is yet to be seen."""
    connection.execute(delete(picture_fact).where(picture_fact.c.product_id == product_id))
    if kept is not None:
        content_hash, *rest = kept
        known: PictureFact = (
            product_id,
            None if content_hash is None else bytes.fromhex(content_hash),
            *rest,
        )
        write_picture_facts(connection, [known])
