"""Takes products into a project that is open in another thread.

Invariant: owner and clerk take turns, and each looks at what the other wrote before it writes; a clerk only
imports and notes what is known of pictures, and what it wrote is the owner's once it was handed over.
"""

from __future__ import annotations

from collections.abc import Callable
from types import TracebackType
from typing import Self

from prodlabel.project.project import Project
from prodlabel.project.safety import PendingBackup, keep_now
from prodlabel.project.seat import Handed, Seat
from prodlabel.project.state import ReadAhead, State, follow, read_columns
from prodlabel.store.database import Database


class Clerk:
    """Collaborators: the owner's `Project` by way of its seat. Belongs to the thread that makes it."""

    def __init__(self, seat: Seat, keep_backup: Callable[[PendingBackup], object] = keep_now) -> None:
        """`keep_backup`: who copies the project as it was before the import."""
        self.turn = seat.turn
        columns = seat.state.columns
        ahead = None if columns is None else ReadAhead(columns, seat.state.last_edit, 0)
        self._handed = seat.state
        self._database = Database(seat.database, turn=seat.turn)
        try:
            self.project = Project(
                seat.folder, self._database, None, person=seat.person, clock=seat.clock, ahead=ahead
            )
        except BaseException:
            self._database.close()
            raise
        self.project.keep_backup = keep_backup

    def hand_over(self) -> Handed:
        """The project as it is now, columns and all, so that the owner need not read it."""
        with self._database.read() as connection:
            state = follow(connection, self._handed)
            if state.columns is None:
                state = State(read_columns(connection), state.taxonomy, state.last_edit)
        self._handed = state
        return Handed(state, self.project.sources)

    def close(self) -> None:
        self.project.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
