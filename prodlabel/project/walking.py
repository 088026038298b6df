"""Walking back and forth in the history: undo and redo of steps, and what is held in memory afterwards.

Invariant: many steps are walked in one transaction and told of once: all of them, or none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from sqlalchemy import Connection

from prodlabel.core.edits import Change, ChangeKind, EditKind
from prodlabel.project.state import State, read_columns
from prodlabel.store import ledger
from prodlabel.store.categories import read_taxonomy
from prodlabel.store.ledger import EditHeader, HistoryEntry

EVERYTHING = frozenset(ChangeKind) - {ChangeKind.RESULTS}
"""What may have changed by anything but a training."""


@dataclass(frozen=True, slots=True)
class Walker:
    """Who walks, and when."""

    person: str
    at_us: int
    initiator: str

    def walk(
        self, connection: Connection, kind: EditKind, before: State, most: int
    ) -> tuple[State, Change, list[str]]:
        """Walk up to `most` steps; the state then, what subscribers are to be told, and what the steps were
        in words: none of them where there is nothing to walk."""
        state, said = before, list[str]()
        changes = list[Change]()
        while len(said) < most and (targets := ledger.edits_to_walk(connection, kind)):
            said.append(ledger.step_summary(targets))
            walk_id = ledger.walk(connection, self._header(kind, said[-1], targets), targets)
            state, change = self._after(connection, state, walk_id, targets)
            changes.append(change)
        return state, self._together(changes), said

    def _header(self, kind: EditKind, summary: str, targets: Sequence[HistoryEntry]) -> EditHeader:
        return EditHeader(
            kind,
            self.at_us,
            self.person,
            "",
            f"{kind.value.capitalize()}: {summary}",
            sum(target.product_count for target in targets),
            target_step=targets[0].step,
        )

    def _after(
        self, connection: Connection, before: State, walk_id: int, targets: Sequence[HistoryEntry]
    ) -> tuple[State, Change]:
        if all(target.kind is EditKind.RELABEL for target in targets):
            new = ledger.read_new_labels(connection, walk_id)
            old = before.columns or read_columns(connection)
            columns = old.with_labels(
                old.rows(new["product_id"]),
                new["category"].astype(np.int32),
                new["status"].astype(np.uint8),
                new["edit"],
            )
            labels = frozenset({ChangeKind.LABELS, ChangeKind.HISTORY})
            return State(columns, before.taxonomy, walk_id), Change(labels, self.initiator, new["product_id"])
        return State(None, read_taxonomy(connection), walk_id), Change(EVERYTHING, self.initiator)

    def _together(self, changes: Sequence[Change]) -> Change:
        if len(changes) == 1:
            return changes[0]
        kinds = frozenset[ChangeKind]().union(*(change.kinds for change in changes))
        known = [change.product_ids for change in changes if change.product_ids is not None]
        is_told = bool(known) and len(known) == len(changes)
        return Change(kinds, self.initiator, np.unique(np.concatenate(known)) if is_told else None)
