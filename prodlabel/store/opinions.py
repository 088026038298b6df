"""Reads the ledger across products: who gave which category, and with which edit products came.

Invariant: only edits that stand are looked at; what was undone is nobody's opinion.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, select

from prodlabel.core.edits import EditKind
from prodlabel.core.labels import Status
from prodlabel.store.database import raw_cursor, rows_as_array
from prodlabel.store.ledger import DONE
from prodlabel.store.schema import edit

BLIND, SETTLING, RANDOM = "blind", "settling", "random"
"""Words in the details of an edit."""


@dataclass(frozen=True, slots=True, eq=False)
class Opinions:
    """Decisions of persons, oldest first: columns of equal length. `person` counts into `people`; `status` is
    the one that was given; `is_blind`: the decision was made without seeing the one before, which was
    `old_category`; `is_settling`: it settles what two persons saw differently; `is_random`: it was asked for
    at random, to tell how many labels are right."""

    product_id: NDArray[np.int64]
    person: NDArray[np.int64]
    category: NDArray[np.int64]
    old_category: NDArray[np.int64]
    status: NDArray[np.int64]
    is_blind: NDArray[np.bool_]
    is_settling: NDArray[np.bool_]
    is_random: NDArray[np.bool_]
    people: tuple[str, ...]


def read_opinions(connection: Connection) -> Opinions:
    """All relabels that stand. O(decisions)."""
    stands = (edit.c.kind == EditKind.RELABEL.value) & (edit.c.state == DONE)
    headers = connection.execute(select(edit.c.id, edit.c.person, edit.c.details).where(stands)).all()
    people = tuple(sorted({row.person for row in headers}))
    number = {name: index for index, name in enumerate(people)}
    cursor = raw_cursor(connection)
    cursor.execute(
        "SELECT d.edit_id, d.product_id, d.new_category, d.old_category, d.new_status "
        "FROM decision AS d JOIN edit AS e ON e.id = d.edit_id WHERE e.kind = ? AND e.state = ? "
        "ORDER BY d.edit_id, d.product_id",
        (EditKind.RELABEL.value, DONE),
    )
    table = rows_as_array(connection, cursor, 5)
    edits, place = np.unique(table[:, 0], return_inverse=True)
    of_edit = {
        row.id: (number[row.person], *(_says(row.details, word) for word in (BLIND, SETTLING, RANDOM)))
        for row in headers
    }
    about = np.array([of_edit[one] for one in edits.tolist()], dtype=np.int64).reshape(-1, 4)[place]
    return Opinions(
        table[:, 1],
        about[:, 0],
        table[:, 2],
        table[:, 3],
        table[:, 4],
        about[:, 1].astype(bool),
        about[:, 2].astype(bool),
        about[:, 3].astype(bool),
        people,
    )


def _says(details: str, word: str) -> bool:
    """Whether the details of an edit, as they are stored, set this word."""
    return f'"{word}": true' in details


def read_people(connection: Connection) -> tuple[str, ...]:
    """Everybody who gave a label that stands, by name."""
    stands = (edit.c.kind == EditKind.RELABEL.value) & (edit.c.state == DONE)
    return tuple(
        connection.execute(select(edit.c.person).distinct().where(stands).order_by(edit.c.person)).scalars()
    )


def read_edits_of_others(connection: Connection, person: str) -> NDArray[np.int64]:
    """The ids, ascending, of the relabels that stand and that somebody else made."""
    stands = (edit.c.kind == EditKind.RELABEL.value) & (edit.c.state == DONE)
    found = connection.execute(select(edit.c.id).where(stands, edit.c.person != person).order_by(edit.c.id))
    return np.array(found.scalars().all(), dtype=np.int64)


def read_labelled_before(connection: Connection) -> NDArray[np.int64]:
    """The ids, ascending, of products whose accepted suggestion only repeats the label that they had before:
    imported, or confirmed by a person. What was accepted twice is followed back to the first time."""
    cursor = raw_cursor(connection)
    cursor.execute(
        "WITH RECURSIVE accepted(product_id, edit_id) AS ("
        "SELECT product_id, edit_id FROM label WHERE status = :accepted "
        "UNION ALL SELECT d.product_id, d.old_edit FROM accepted AS a "
        "JOIN decision AS d ON d.edit_id = a.edit_id AND d.product_id = a.product_id "
        "WHERE d.old_category = d.new_category AND d.old_status = :accepted AND d.old_edit < d.edit_id) "
        "SELECT a.product_id FROM accepted AS a "
        "JOIN decision AS d ON d.edit_id = a.edit_id AND d.product_id = a.product_id "
        "WHERE d.old_category = d.new_category AND d.old_status IN (:imported, :confirmed) "
        "ORDER BY a.product_id",
        {
            "accepted": int(Status.ACCEPTED),
            "imported": int(Status.IMPORTED),
            "confirmed": int(Status.CONFIRMED),
        },
    )
    return rows_as_array(connection, cursor, 1)[:, 0]


def count_corrections(connection: Connection, after: int, most: int) -> int:
    """How many labels persons changed in edits above `after` that stand; counts no further than `most`.

    Notes, marks, confirmations of what it was, and accepted suggestions teach a classifier nothing new.
    """
    cursor = raw_cursor(connection)
    cursor.execute(
        "SELECT COUNT(*) FROM (SELECT DISTINCT d.product_id FROM edit AS e "
        "JOIN decision AS d ON d.edit_id = e.id WHERE e.id > ? AND e.kind = ? AND e.state = ? "
        "AND d.new_category != d.old_category AND d.new_status != ? LIMIT ?)",
        (after, EditKind.RELABEL.value, DONE, int(Status.ACCEPTED), most),
    )
    return int(cursor.fetchone()[0])


def read_added_edits(connection: Connection) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Product ids, ascending, and the edit that added each."""
    cursor = raw_cursor(connection)
    cursor.execute("SELECT id, added_edit FROM product ORDER BY id")
    table = rows_as_array(connection, cursor, 2)
    return table[:, 0], table[:, 1]
