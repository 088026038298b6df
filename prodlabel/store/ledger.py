"""The ledger: what was decided, in rows that are only added, and how to take it back.

Every function works inside the caller's transaction. A label changes in exactly one way: decision rows are
written, then the `label` table follows them. Replaying all decisions from empty gives the same labels.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, Select, bindparam, func, insert, literal, select, text, update

from prodlabel.core.edits import EditKind
from prodlabel.store.database import insert_many, raw_cursor, rows_as_array, upsert, values_explained
from prodlabel.store.entities import EntityChange, set_entity
from prodlabel.store.schema import change, decision, edit

_DECISION_COLUMNS = (
    *("edit_id", "product_id", "old_category", "old_status", "old_edit"),
    *("new_category", "new_status", "new_edit"),
)
DONE, UNDONE, DROPPED, PASSED = "done", "undone", "dropped", "passed"
# Made once: each decision runs them, and making a statement takes longer than running it.
_NEWEST = text("SELECT coalesce(max(id), 0) FROM edit")
_DROP_UNDONE = text("UPDATE edit SET state = :dropped WHERE state = :undone").bindparams(
    dropped=DROPPED, undone=UNDONE
)
_LET_LABELS_FOLLOW = text(
    "UPDATE label SET category_id = d.new_category, status = d.new_status, edit_id = d.new_edit "
    "FROM decision AS d WHERE d.edit_id = :edit_id AND d.product_id = label.product_id"
)


def _walked(kind: EditKind) -> Select[Any]:
    is_undo = kind is EditKind.UNDO
    state, order = (DONE, edit.c.id.desc()) if is_undo else (UNDONE, edit.c.id)
    choose = func.max if is_undo else func.min
    step = select(choose(edit.c.step)).where(edit.c.state == state).scalar_subquery()
    return select(edit).where(edit.c.step == step, edit.c.state == state).order_by(order)


_TO_UNDO, _TO_REDO = _walked(EditKind.UNDO), _walked(EditKind.REDO)


@dataclass(frozen=True, slots=True)
class EditHeader:
    """One line of the history, before it has an id."""

    kind: EditKind
    at_us: int
    person: str
    reason: str
    summary: str
    product_count: int = 0
    classifier_version: int | None = None
    details: Mapping[str, Any] | None = None
    step: int | None = None
    target_step: int | None = None


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One line of the history as stored."""

    id: int
    step: int
    kind: EditKind
    state: str
    target_step: int | None
    at_us: int
    person: str
    reason: str
    classifier_version: int | None
    summary: str
    product_count: int
    details: Mapping[str, Any]


@dataclass(frozen=True, slots=True, eq=False)
class Decisions:
    """New labels for products, in columns of equal length (n,)."""

    product_ids: NDArray[np.int64]
    old_category: NDArray[np.int32]
    old_status: NDArray[np.uint8]
    old_edit: NDArray[np.int64]
    new_category: NDArray[np.int32]
    new_status: NDArray[np.uint8]


def newest_edit(connection: Connection) -> int:
    """The id of the newest line of the history; 0 before the first."""
    return int(connection.execute(_NEWEST).scalar_one())


def write_header(connection: Connection, header: EditHeader) -> int:
    """Add a line to the history and return its id. Steps that were undone can then no longer be redone."""
    is_walk = header.kind in (EditKind.UNDO, EditKind.REDO)
    if not is_walk:
        connection.execute(_DROP_UNDONE)
    edit_id = newest_edit(connection) + 1
    row = {
        "id": edit_id,
        "step": header.step or edit_id,
        "kind": str(header.kind),
        "state": PASSED if is_walk else DONE,
        "target_step": header.target_step,
        "at_us": header.at_us,
        "person": header.person,
        "reason": header.reason,
        "classifier_version": header.classifier_version,
        "summary": header.summary,
        "product_count": header.product_count,
        "details": json.dumps(dict(header.details or {}), ensure_ascii=False),
    }
    insert_many(connection, edit, list(row), [tuple(row.values())])
    return edit_id


def set_product_count(connection: Connection, edit_id: int, count: int) -> None:
    """Say how many products an edit touched, where that is known only afterwards."""
    connection.execute(update(edit).where(edit.c.id == edit_id).values(product_count=count))


def write_decisions(connection: Connection, edit_id: int, decisions: Decisions) -> None:
    """Write the decisions of one edit and let the labels follow."""
    count = len(decisions.product_ids)
    if not count:
        return
    rows = zip(
        [edit_id] * count,
        decisions.product_ids.tolist(),
        decisions.old_category.tolist(),
        decisions.old_status.tolist(),
        decisions.old_edit.tolist(),
        decisions.new_category.tolist(),
        decisions.new_status.tolist(),
        [edit_id] * count,
        strict=True,
    )
    insert_many(connection, decision, _DECISION_COLUMNS, list(rows))
    _let_labels_follow(connection, edit_id)


def write_changes(connection: Connection, edit_id: int, changes: Sequence[EntityChange]) -> None:
    """Write what an edit did to things other than labels."""
    if changes:
        connection.execute(
            insert(change),
            [
                {
                    "edit_id": edit_id,
                    "seq": seq,
                    "entity": one.entity,
                    "entity_id": one.entity_id,
                    "before": _dump(one.before),
                    "after": _dump(one.after),
                }
                for seq, one in enumerate(changes)
            ],
        )


def _let_labels_follow(connection: Connection, edit_id: int) -> None:
    connection.execute(_LET_LABELS_FOLLOW, {"edit_id": edit_id})


def edits_to_walk(connection: Connection, kind: EditKind) -> list[HistoryEntry]:
    """The edits that an undo takes back or a redo does again, in the order of walking; none where there is
    nothing to walk.

    Undo takes the newest step of which anything is done, redo the oldest of which anything is undone: steps
    are undone newest first. Of a step only those edits count: others may have been undone for good.
    """
    statement = _TO_UNDO if kind is EditKind.UNDO else _TO_REDO
    rows = connection.execute(statement).all()
    with values_explained(connection):
        return [_entry(row) for row in rows]


def may_go_on(connection: Connection, step: int) -> bool:
    """Whether an edit may still be added to a step: it is done, and nothing came after it."""
    newest = connection.execute(select(edit.c.step, edit.c.state).order_by(edit.c.id.desc()).limit(1)).first()
    return newest is not None and tuple(newest) == (step, DONE)


def walk(connection: Connection, header: EditHeader, targets: Sequence[HistoryEntry]) -> int:
    """Undo or redo the `targets` (given in the order of walking) as one new line of the history.

    The walk is itself written to the ledger, so that replay needs to know nothing of undo.
    """
    is_undo = header.kind is EditKind.UNDO
    walk_id = write_header(connection, header)
    changes: list[EntityChange] = []
    for target in targets:
        _walk_decisions(connection, walk_id, target.id, is_undo=is_undo)
        changes += _walk_changes(connection, target.id, is_undo=is_undo)
        state = UNDONE if is_undo else DONE
        connection.execute(update(edit).where(edit.c.id == target.id).values(state=state))
    write_changes(connection, walk_id, changes)
    _let_labels_follow(connection, walk_id)
    return walk_id


def _walk_decisions(connection: Connection, walk_id: int, target_id: int, *, is_undo: bool) -> None:
    d = decision.c
    came_from = (d.new_category, d.new_status, d.new_edit)
    goes_to = (d.old_category, d.old_status, d.old_edit)
    if not is_undo:
        came_from, goes_to = goes_to, came_from
    rows = select(literal(walk_id), d.product_id, *came_from, *goes_to).where(d.edit_id == target_id)
    statement = upsert(connection, decision).from_select(list(decision.c.keys()), rows)
    # A step whose edits met a product twice: where it ends is what counts, where it began is kept.
    ends = {name: statement.excluded[name] for name in ("new_category", "new_status", "new_edit")}
    connection.execute(statement.on_conflict_do_update(index_elements=["edit_id", "product_id"], set_=ends))


def _walk_changes(connection: Connection, target_id: int, *, is_undo: bool) -> list[EntityChange]:
    rows = connection.execute(
        select(change).where(change.c.edit_id == target_id).order_by(change.c.seq)
    ).all()
    changes = [EntityChange(r.entity, r.entity_id, _load(r.before), _load(r.after)) for r in rows]
    if is_undo:
        changes = [EntityChange(c.entity, c.entity_id, c.after, c.before) for c in reversed(changes)]
    for one in changes:
        set_entity(connection, one)
    return changes


def read_history(connection: Connection, *, limit: int, before_id: int | None = None) -> list[HistoryEntry]:
    """The newest `limit` lines of the history (older than `before_id`), newest first."""
    statement = select(edit).order_by(edit.c.id.desc()).limit(limit)
    if before_id is not None:
        statement = statement.where(edit.c.id < before_id)
    with values_explained(connection):
        return [_entry(row) for row in connection.execute(statement).all()]


def read_edits(connection: Connection, edit_ids: Sequence[int]) -> dict[int, HistoryEntry]:
    """The lines with these ids."""
    found: dict[int, HistoryEntry] = {}
    statement = select(edit).where(edit.c.id.in_(bindparam("ids", expanding=True)))
    for start in range(0, len(edit_ids), 5000):
        chunk = [int(edit_id) for edit_id in edit_ids[start : start + 5000]]
        with values_explained(connection):
            found |= {row.id: _entry(row) for row in connection.execute(statement, {"ids": chunk}).all()}
    return found


def read_label_history(connection: Connection, product_id: int) -> list[tuple[HistoryEntry, int, int]]:
    """What was decided about one product, oldest first: (edit, category id, status)."""
    # One look into the key (edit, product) per line of the history: an index by product would answer at once,
    # and cost a bulk relabel as much again as all else.
    d = decision.alias()
    rows = connection.execute(
        select(edit.c.id, d.c.edit_id, d.c.new_category, d.c.new_status)
        .select_from(edit.outerjoin(d, (d.c.edit_id == edit.c.id) & (d.c.product_id == product_id)))
        .where(d.c.edit_id.is_not(None))
        .order_by(edit.c.id)
    ).all()
    edits = read_edits(connection, [row.edit_id for row in rows])
    return [(edits[row.edit_id], row.new_category, row.new_status) for row in rows]


def read_new_labels(connection: Connection, edit_id: int) -> dict[str, NDArray[np.int64]]:
    """The labels that one edit gave: columns `product_id` (ascending), `category`, `status`, `edit`."""
    cursor = raw_cursor(connection)
    cursor.execute(
        "SELECT product_id, new_category, new_status, new_edit FROM decision WHERE edit_id = ? "
        "ORDER BY product_id",
        (edit_id,),
    )
    return _label_columns(rows_as_array(connection, cursor, 4))


def replay_labels(connection: Connection) -> dict[str, NDArray[np.int64]]:
    """The labels that the ledger alone gives: columns `product_id`, `category`, `status`, `edit`.

    Products that no decision ever named are left out.
    """
    cursor = raw_cursor(connection)
    cursor.execute(
        "SELECT product_id, new_category, new_status, new_edit FROM decision ORDER BY edit_id, product_id"
    )
    table = rows_as_array(connection, cursor, 4)
    # The last decision about a product is the first one seen from behind.
    reversed_table = table[::-1]
    _, first = np.unique(reversed_table[:, 0], return_index=True)
    return _label_columns(reversed_table[first])


def _label_columns(table: NDArray[np.int64]) -> dict[str, NDArray[np.int64]]:
    names = ("product_id", "category", "status", "edit")
    return {name: table[:, index] for index, name in enumerate(names)}


def _entry(row: Any) -> HistoryEntry:
    values = dict(row._mapping)
    values["kind"] = EditKind(values["kind"])
    values["details"] = json.loads(values["details"])
    return HistoryEntry(**values)


def _dump(value: Mapping[str, Any] | None) -> str | None:
    return None if value is None else json.dumps(dict(value), ensure_ascii=False, sort_keys=True)


def _load(value: str | None) -> dict[str, Any] | None:
    if value is None:
        return None
    loaded: dict[str, Any] = json.loads(value)
    return loaded


def step_summary(entries: list[HistoryEntry]) -> str:
    """One sentence for a step of several edits, in any order."""
    first = min(entries, key=lambda entry: entry.id)
    if first.kind is EditKind.IMPORT:
        return f"Import of {sum(entry.product_count for entry in entries)} products"
    return first.summary if len(entries) == 1 else f"{first.summary} and {len(entries) - 1} more"
