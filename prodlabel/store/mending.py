"""Brings the tables of a whole database in line with each other again: rows that point nowhere, labels that
are not what the history says, the search index.

Invariant: afterwards foreign keys hold and replaying the ledger gives the labels; what had to go is counted.
"""

from __future__ import annotations

import json
import sqlite3
import time
from dataclasses import dataclass, field

from prodlabel.core.edits import EditKind
from prodlabel.core.labels import Status
from prodlabel.store.ledger import DONE
from prodlabel.store.mending_entities import mend_entities
from prodlabel.store.schema import SEARCH_TABLE

_LATEST = (
    "SELECT product_id, new_category, new_status, new_edit, max(edit_id) AS latest "
    "FROM decision GROUP BY product_id"
)
"""The last decision about each product: SQLite takes the other columns from the row of the maximum."""
_DIFFERS = "(l.category_id, l.status, l.edit_id) IS NOT (d.new_category, d.new_status, d.new_edit)"


@dataclass(slots=True)
class Mended:
    """How many of what was mended."""

    lost_lines: int = 0
    """Lines of the history of which only the decisions are left."""
    dropped: dict[str, int] = field(default_factory=dict)
    """Rows by table that pointed nowhere."""
    without_text: int = 0
    without_label: int = 0
    labels: int = 0
    entities: int = 0
    """Categories, texts and products that were not as the history says."""
    rows: int = 0
    """All rows that were changed, those that the other counts name among them."""


def mend(connection: sqlite3.Connection, *, trusts_labels: bool, person: str = "prodlabel") -> Mended:
    """Mend inside the caller's transaction.

    `trusts_labels`: where label and history differ, the label is right and the history gets one more line
    (after a rescue, when decisions may be missing); otherwise the label follows the history.
    """
    done, before = Mended(), connection.total_changes
    _replace_nonsense(connection)
    done.lost_lines = _put_back_lines(connection)
    _drop_dangling(connection, done)
    done.without_text = connection.execute(
        "INSERT INTO product_text (product_id, name, description) SELECT id, key, '' FROM product "
        "WHERE id NOT IN (SELECT product_id FROM product_text)"
    ).rowcount
    missing = "WHERE id NOT IN (SELECT product_id FROM label)"
    done.without_label = connection.execute(
        f"INSERT INTO label (product_id) SELECT id FROM product {missing}"  # noqa: S608 - our own words
    ).rowcount
    if trusts_labels and not done.without_label:
        done.labels = _write_down_labels(connection, person)
    done.labels += _follow_history(connection)
    done.entities = mend_entities(connection, trusts_tables=trusts_labels, person=person)
    done.rows = connection.total_changes - before
    connection.execute(f"INSERT INTO {SEARCH_TABLE} ({SEARCH_TABLE}) VALUES ('rebuild')")  # noqa: S608
    return done


def _replace_nonsense(connection: sqlite3.Connection) -> None:
    """Values that damage has made of others: a text that is no JSON, a status that does not exist."""
    for table, column in (
        ("product_text", "attributes"), ("edit", "details"), ("source", "options"),
        ("result", "settings"), ("result", "figures"),
    ):  # fmt: skip
        connection.execute(
            f"UPDATE {table} SET {column} = '{{}}' WHERE NOT json_valid({column}) "  # noqa: S608 - our names
            f"OR json_type({column}) != 'object'"
        )
    connection.execute(
        "DELETE FROM change WHERE NOT json_valid(coalesce(before, '{}')) "
        "OR NOT json_valid(coalesce(after, '{}'))"
    )
    statuses, kinds = (tuple(int(one) for one in Status), tuple(one.value for one in EditKind))
    marks = ", ".join("?" * len(statuses))
    connection.execute(f"UPDATE label SET status = 0 WHERE status NOT IN ({marks})", statuses)  # noqa: S608
    for column in ("old_status", "new_status"):
        connection.execute(
            f"UPDATE decision SET {column} = 0 WHERE {column} NOT IN ({marks})",  # noqa: S608
            statuses,
        )
    marks = ", ".join("?" * len(kinds))
    connection.execute(f"UPDATE edit SET kind = 'relabel' WHERE kind NOT IN ({marks})", kinds)  # noqa: S608


def _put_back_lines(connection: sqlite3.Connection) -> int:
    """A line for each edit that something refers to and that is lost itself."""
    references = " UNION ".join(
        f"SELECT {column} AS id FROM {table}"  # noqa: S608 - our own names
        for table, column in (
            ("decision", "edit_id"), ("change", "edit_id"), ("product", "added_edit"),
            ("label", "edit_id"), ("decision", "new_edit"),
        )
    )  # fmt: skip
    return connection.execute(
        "INSERT INTO edit (id, step, kind, state, at_us, person, reason, summary, product_count, details) "  # noqa: S608
        "SELECT id, id, 'relabel', ?, 0, '', '', 'A line of the history that was lost', "
        "(SELECT count(*) FROM decision WHERE edit_id = wanted.id), '{}' "
        f"FROM ({references}) AS wanted WHERE id > 0 AND id NOT IN (SELECT id FROM edit)",
        (DONE,),
    ).rowcount


def _drop_dangling(connection: sqlite3.Connection, done: Mended) -> None:
    """Rows whose product, source or category is lost; a category without its parent goes to the top."""
    connection.execute("UPDATE category SET parent = NULL WHERE parent NOT IN (SELECT id FROM category)")
    connection.execute(
        "INSERT INTO source (id, kind, title, location, imported_at_us) "
        "SELECT DISTINCT source_id, 'table', 'A source that was lost', '', 0 FROM product "
        "WHERE source_id NOT IN (SELECT id FROM source)"
    )
    for table in ("product_text", "picture_fact", "label", "decision"):
        statement = f"DELETE FROM {table} WHERE product_id NOT IN (SELECT id FROM product)"  # noqa: S608
        gone = connection.execute(statement).rowcount
        if gone:
            done.dropped[table] = gone
    known = "(SELECT id FROM category)"
    # A label of a category that is lost is no label; the history says so in its last line.
    for table, column in (("label", "category_id"), ("product", "source_category")):
        connection.execute(
            f"UPDATE {table} SET {column} = 0 WHERE {column} != 0 AND {column} NOT IN {known}"  # noqa: S608
        )
    connection.execute(
        f"UPDATE decision SET new_category = 0 WHERE new_category != 0 AND new_category NOT IN {known}"  # noqa: S608
    )
    connection.execute(
        f"UPDATE decision SET old_category = 0 WHERE old_category != 0 AND old_category NOT IN {known}"  # noqa: S608
    )


def _write_down_labels(connection: sqlite3.Connection, person: str) -> int:
    """One more line of the history with every label that the rest of it does not explain."""
    (newest,) = connection.execute("SELECT coalesce(max(id), 0) + 1 FROM edit").fetchone()
    rows = connection.execute(
        "SELECT l.product_id, "  # noqa: S608 - our own words
        "coalesce(d.new_category, 0), coalesce(d.new_status, 0), coalesce(d.new_edit, 0), "
        f"l.category_id, l.status, l.edit_id FROM label AS l LEFT JOIN ({_LATEST}) AS d USING (product_id) "
        f"WHERE {_DIFFERS} AND (d.product_id IS NOT NULL OR l.category_id != 0 OR l.status != 0)"
    ).fetchall()
    if not rows:
        return 0
    connection.execute(
        "INSERT INTO edit (id, step, kind, state, at_us, person, reason, summary, product_count, details) "
        "VALUES (?, ?, 'relabel', ?, ?, ?, 'rescue', 'Labels as they were found in a damaged project', ?, ?)",
        (newest, newest, DONE, time.time_ns() // 1000, person, len(rows), json.dumps({"rescued": True})),
    )
    connection.executemany(
        "INSERT INTO decision VALUES (?, ?, ?, ?, ?, ?, ?, ?)", [(newest, *r) for r in rows]
    )
    return len(rows)


def _follow_history(connection: sqlite3.Connection) -> int:
    changed = connection.execute(
        f"UPDATE label AS l SET category_id = d.new_category, status = d.new_status, edit_id = d.new_edit "  # noqa: S608
        f"FROM ({_LATEST}) AS d WHERE d.product_id = l.product_id AND {_DIFFERS}"
    ).rowcount
    unnamed = connection.execute(
        "UPDATE label SET category_id = 0, status = 0, edit_id = 0 WHERE category_id != 0 "
        "AND product_id NOT IN (SELECT product_id FROM decision)"
    ).rowcount
    return changed + unnamed
