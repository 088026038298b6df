"""Products in the database: written in batches, narrow columns read at once, texts fetched when shown."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, bindparam, delete, select, text

from prodlabel.core.labels import Status
from prodlabel.core.products import PictureFact
from prodlabel.store.database import insert_many, raw_cursor, rows_as_array, values_explained
from prodlabel.store.schema import SEARCH_TABLE, label, picture_fact, product, product_text

_CHUNK = 5000  # below SQLite's limit of bound values, large enough to make each query worth its while


@dataclass(frozen=True, slots=True)
class ProductTexts:
    """What is shown of one product; `picture` is relative to the picture folder of its source."""

    product_id: int
    key: str
    name: str
    description: str
    attributes: Mapping[str, str]
    picture: str | None
    source_id: int


@dataclass(frozen=True, slots=True)
class StoredProduct:
    """What an import needs to know of a product that is there already."""

    id: int
    fingerprint: bytes
    source_id: int
    source_category: int
    has_picture: bool
    is_present: bool


@dataclass(frozen=True, slots=True)
class NewProduct:
    """One row for each of the tables `product`, `product_text` and `label`."""

    id: int
    key: str
    source_id: int
    has_picture: bool
    source_category: int
    fingerprint: bytes
    name: str
    description: str
    attributes: str
    picture: str | None


def find_products(connection: Connection, keys: Sequence[str]) -> dict[str, StoredProduct]:
    """The products with these keys, absent ones included."""
    p = product.c
    statement = select(
        p.key, p.id, p.fingerprint, p.source_id, p.source_category, p.has_picture, p.is_present
    ).where(p.key.in_(bindparam("keys", expanding=True)))
    found: dict[str, StoredProduct] = {}
    for start in range(0, len(keys), _CHUNK):
        for key, *values in connection.execute(statement, {"keys": list(keys[start : start + _CHUNK])}):
            found[key] = StoredProduct(*values)
    return found


def insert_products(connection: Connection, products: Sequence[NewProduct], edit_id: int) -> None:
    """Add products with an empty label each, and their words to the index."""
    if not products:
        return
    insert_many(
        connection,
        product,
        ("id", "key", "source_id", "has_picture", "source_category", "fingerprint", "added_edit"),
        [
            (p.id, p.key, p.source_id, p.has_picture, p.source_category, p.fingerprint, edit_id)
            for p in products
        ],
    )
    insert_many(
        connection,
        product_text,
        ("product_id", "name", "description", "attributes", "picture"),
        [(p.id, p.name, p.description, p.attributes, p.picture) for p in products],
    )
    insert_many(connection, label, ("product_id",), [(p.id,) for p in products])
    index_texts(connection, products[0].id, products[-1].id)


def index_texts(connection: Connection, first_id: int, last_id: int) -> None:
    """Add the words of these products (ids from first to last) to the search index."""
    if connection.dialect.name != "sqlite":
        return
    connection.execute(
        text(
            f"INSERT INTO {SEARCH_TABLE} (rowid, name, description) "  # noqa: S608 - a constant
            "SELECT product_id, name, description FROM product_text WHERE product_id BETWEEN :first AND :last"
        ),
        {"first": first_id, "last": last_id},
    )


def unindex_texts(connection: Connection, product_ids: Sequence[int]) -> None:
    """Take the words of these products out of the index; call it while the old texts still stand."""
    if connection.dialect.name != "sqlite":
        return
    for product_id in product_ids:
        connection.execute(
            text(
                f"INSERT INTO {SEARCH_TABLE} ({SEARCH_TABLE}, rowid, name, description) "  # noqa: S608
                "SELECT 'delete', product_id, name, description FROM product_text WHERE product_id = :id"
            ),
            {"id": product_id},
        )


def search_products(connection: Connection, words: str) -> NDArray[np.int64]:
    """Ids of the products whose name or description holds all these words (the last one as a beginning).

    Words in double quotes are looked for as a phrase. Sorted by id; empty where `words` has no word.
    """
    terms = _search_terms(words)
    if not terms:
        return np.empty(0, dtype=np.int64)
    cursor = raw_cursor(connection)
    cursor.execute(
        f"SELECT rowid FROM {SEARCH_TABLE} WHERE {SEARCH_TABLE} MATCH ? ORDER BY rowid",  # noqa: S608
        (" ".join(terms),),
    )
    return np.fromiter((row[0] for row in cursor), dtype=np.int64)


def _search_terms(words: str) -> list[str]:
    """FTS5 terms: every word quoted, so that no character of the user's is taken as an operator."""
    found = re.findall(r'"([^"]*)"|(\S+)', words)
    terms = []
    for phrase, word in found:
        plain = (phrase or word).replace('"', " ").strip()
        if re.search(r"\w", plain):
            terms.append(f'"{plain}"' + ("" if phrase else "*"))
    # Only the word being typed may be unfinished.
    return [term.rstrip("*") for term in terms[:-1]] + terms[-1:]


def read_narrow(connection: Connection, after_id: int = 0) -> dict[str, NDArray[Any]]:
    """The columns of the present products with ids above `after_id`, ordered by id: what opening a project
    reads.

    Nearly all of the time goes into handing values from SQLite to Python, so seven narrow columns travel in
    four integers (a million products: half the time).
    """
    cursor = raw_cursor(connection)
    cursor.execute(
        "SELECT p.id, p.source_id, (p.source_category << 32) | l.category_id, "
        "(l.edit_id << 9) | (l.status << 1) | p.has_picture "
        "FROM product AS p JOIN label AS l ON l.product_id = p.id WHERE p.is_present AND p.id > ? "
        "ORDER BY p.id",
        (after_id,),
    )
    table = rows_as_array(connection, cursor, 4)
    categories, decided = table[:, 2], table[:, 3]
    status = ((decided >> 1) & 0xFF).astype(np.uint8)
    # A number that no status has says nothing; the check holds it against the history.
    status[status > max(Status)] = Status.NONE
    return {
        "product_id": table[:, 0].copy(),
        "source_id": table[:, 1].astype(np.int32),
        "has_picture": (decided & 1).astype(np.bool_),
        "source_category": (categories >> 32).astype(np.int32),
        "category": (categories & 0xFFFFFFFF).astype(np.int32),
        "status": status,
        "edit": decided >> 9,
    }


def read_texts(connection: Connection, product_ids: Sequence[int]) -> list[ProductTexts]:
    """The texts of these products, in the order asked for; unknown ids are left out."""
    statement = (
        select(
            product.c.id,
            product.c.key,
            product_text.c.name,
            product_text.c.description,
            product_text.c.attributes,
            product_text.c.picture,
            product.c.source_id,
        )
        .join(product_text, product_text.c.product_id == product.c.id)
        .where(product.c.id.in_(bindparam("ids", expanding=True)))
    )
    found: dict[int, ProductTexts] = {}
    for start in range(0, len(product_ids), _CHUNK):
        chunk = [int(product_id) for product_id in product_ids[start : start + _CHUNK]]
        with values_explained(connection):
            for row in connection.execute(statement, {"ids": chunk}):
                found[row[0]] = _texts(row)
    return [found[int(product_id)] for product_id in product_ids if int(product_id) in found]


def iterate_texts(connection: Connection, chunk: int = 2000) -> Iterator[list[ProductTexts]]:
    """The texts of all products that ever were, absent ones included, by id, a chunk at a time."""
    cursor = raw_cursor(connection)
    cursor.execute(
        "SELECT p.id, p.key, t.name, t.description, t.attributes, t.picture, p.source_id "
        "FROM product AS p JOIN product_text AS t ON t.product_id = p.id ORDER BY p.id"
    )
    while rows := cursor.fetchmany(chunk):
        with values_explained(connection):
            texts = [_texts(row) for row in rows]
        yield texts


def _texts(row: Any) -> ProductTexts:
    return ProductTexts(row[0], row[1], row[2], row[3], json.loads(row[4]), row[5], row[6])


def write_picture_facts(connection: Connection, facts: Sequence[PictureFact]) -> None:
    """Remember what was found of pictures."""
    if facts:
        ids = [fact[0] for fact in facts]
        for start in range(0, len(ids), _CHUNK):
            chunk = ids[start : start + _CHUNK]
            connection.execute(delete(picture_fact).where(picture_fact.c.product_id.in_(chunk)))
        names = ("product_id", "content_hash", "width", "height", "problem")
        insert_many(connection, picture_fact, names, list(facts))


def read_picture_facts(
    connection: Connection, product_ids: Sequence[int] | None = None
) -> dict[int, tuple[bytes | None, int, int, str | None]]:
    """What is known of the pictures (of these products): id -> (content hash, width, height, problem)."""
    cursor = raw_cursor(connection)
    statement = "SELECT product_id, content_hash, width, height, problem FROM picture_fact"
    if product_ids is None:
        cursor.execute(statement)
    else:
        wanted = " WHERE product_id IN (SELECT value FROM json_each(?))"
        cursor.execute(statement + wanted, (json.dumps(list(product_ids)),))
    return {row[0]: row[1:] for row in cursor}


def count_unseen_pictures(connection: Connection) -> int:
    """How many present products have a picture of which nothing is known."""
    cursor = raw_cursor(connection)
    cursor.execute(
        "SELECT count(*) FROM product WHERE is_present AND has_picture "
        "AND id NOT IN (SELECT product_id FROM picture_fact)"
    )
    return int(cursor.fetchone()[0])


def count_broken_texts(connection: Connection) -> int:
    """How many products have a name or description that is no text, or attributes that are no JSON.

    Bytes are decoded many at once: a million products take a second or two.
    """
    cursor = raw_cursor(connection)
    cursor.execute("SELECT count(*) FROM product_text WHERE NOT json_valid(attributes)")
    (broken,) = cursor.fetchone()
    cursor.execute(
        "SELECT CAST(name AS BLOB), CAST(description AS BLOB), CAST(attributes AS BLOB) FROM product_text"
    )
    while rows := cursor.fetchmany(_CHUNK):
        if not _is_text(b"\n".join(chain.from_iterable(rows))):
            broken += sum(not _is_text(b"\n".join(row)) for row in rows)
    return int(broken)


def _is_text(content: bytes) -> bool:
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
