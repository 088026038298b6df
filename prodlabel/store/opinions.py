"""Reads the ledger across products: who gave which category, and with which edit products came.

Invariant: only edits that stand are looked at; what was undone is nobody's opinion.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, select

from prodlabel.core.edits import EditKind
from prodlabel.store.ledger import DONE
from prodlabel.store.schema import decision, edit, product


@dataclass(frozen=True, slots=True, eq=False)
class Opinions:
    """Decisions of persons, oldest first: columns of equal length. `person` counts into `people`; `is_blind`:
    the decision was made without seeing the one before, which was `old_category`."""

    product_id: NDArray[np.int64]
    person: NDArray[np.int64]
    category: NDArray[np.int64]
    old_category: NDArray[np.int64]
    is_blind: NDArray[np.bool_]
    people: tuple[str, ...]


def read_opinions(connection: Connection) -> Opinions:
    """All relabels that stand. O(decisions)."""
    stands = (edit.c.kind == EditKind.RELABEL.value) & (edit.c.state == DONE)
    headers = connection.execute(select(edit.c.id, edit.c.person, edit.c.details).where(stands)).all()
    people = tuple(sorted({row.person for row in headers}))
    number = {name: index for index, name in enumerate(people)}
    rows = connection.execute(
        select(decision.c.edit_id, decision.c.product_id, decision.c.new_category, decision.c.old_category)
        .join(edit, edit.c.id == decision.c.edit_id)
        .where(stands)
        .order_by(decision.c.edit_id)
    ).all()
    table = np.array([tuple(row) for row in rows], dtype=np.int64).reshape(-1, 4)
    who = {row.id: number[row.person] for row in headers}
    blind = {row.id for row in headers if '"blind": true' in row.details}
    return Opinions(
        table[:, 1],
        np.array([who[one] for one in table[:, 0].tolist()], dtype=np.int64),
        table[:, 2],
        table[:, 3],
        np.array([one in blind for one in table[:, 0].tolist()], dtype=bool),
        people,
    )


def read_edits_of_others(connection: Connection, person: str) -> NDArray[np.int64]:
    """The ids, ascending, of the relabels that stand and that somebody else made."""
    stands = (edit.c.kind == EditKind.RELABEL.value) & (edit.c.state == DONE)
    found = connection.execute(select(edit.c.id).where(stands, edit.c.person != person).order_by(edit.c.id))
    return np.array(found.scalars().all(), dtype=np.int64)


def read_added_edits(connection: Connection) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Product ids, ascending, and the edit that added each."""
    rows = connection.execute(select(product.c.id, product.c.added_edit).order_by(product.c.id)).all()
    table = np.array([tuple(row) for row in rows], dtype=np.int64).reshape(-1, 2)
    return table[:, 0], table[:, 1]
