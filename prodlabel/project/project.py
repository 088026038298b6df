"""The open document: everything that changes it goes through `Project.apply`, `undo` and `redo`.

A project belongs to one thread. Its columns are in memory, its texts on disk. An edit is committed before
anybody is told of it; an edit that fails leaves no trace, on disk or in memory.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, insert

from prodlabel import __version__
from prodlabel.core.edits import Change, ChangeKind, Edit, EditKind, ImportBatch
from prodlabel.core.errors import InputError, ProjectError
from prodlabel.core.person import default_person
from prodlabel.core.products import PictureFact
from prodlabel.core.taxonomy import Taxonomy
from prodlabel.project.applying import Applied, apply_edits
from prodlabel.project.columns import NO_COLUMNS, Columns
from prodlabel.project.places import is_unfinished, with_suffix
from prodlabel.project.results import Results
from prodlabel.project.safety import (
    Caution,
    PendingBackup,
    count_touched,
    keep_now,
    refuse_links,
    tidy_up,
)
from prodlabel.project.seat import Clock, Handed, Seat, now_us
from prodlabel.project.snapshot import Snapshot
from prodlabel.project.state import ReadAhead, State, follow, read_columns, read_info, read_state
from prodlabel.project.walking import EVERYTHING, Walker
from prodlabel.store import ledger
from prodlabel.store.atomic import os_errors_explained
from prodlabel.store.backups import finish_restore, is_restoring
from prodlabel.store.database import DATABASE_NAME, Database, create_database, open_database
from prodlabel.store.ledger import HistoryEntry
from prodlabel.store.lock import ProjectLock
from prodlabel.store.opinions import count_corrections, read_edits_of_others
from prodlabel.store.products import ProductTexts, find_products, read_texts, search_products
from prodlabel.store.products import write_picture_facts as _write_picture_facts
from prodlabel.store.schema import info
from prodlabel.store.sources import SourceInfo, read_sources, register_source

Subscriber = Callable[[Change], None]


class Project:
    """One catalogue with its labels, history and results. Make one with `create` or `open`."""

    def __init__(
        self,
        folder: Path,
        database: Database,
        lock: ProjectLock | None,
        *,
        person: str,
        clock: Clock,
        ahead: ReadAhead | None = None,
    ) -> None:
        self.folder = folder
        self.person = person
        self._database = database
        self._lock = lock
        self._clock = clock
        self._subscribers: list[Subscriber] = []
        with database.read() as connection:
            self._info = read_info(connection)
            self._sources = read_sources(connection, folder)
            self._state = read_state(connection, ahead)
        self.results = Results(folder, database, clock, self._notify_results)
        self._caution = Caution(folder)
        self.keep_backup: Callable[[PendingBackup], object] = keep_now
        """What is done with a backup that a bulk step asks for; the window copies it in the background."""

    @classmethod
    def create(
        cls, folder: Path, *, name: str | None = None, person: str | None = None, clock: Clock = now_us
    ) -> Self:
        """Make a new, empty project. Raises `ProjectError` where the folder is there already."""
        folder = with_suffix(folder)
        with os_errors_explained("make", folder):
            if folder.exists() and not is_unfinished(folder):
                raise ProjectError(f"{folder} exists already. Open it, or choose another name.")
            folder.mkdir(parents=True, exist_ok=True)
        values = {
            "name": name or folder.stem,
            "made_with": __version__,
            "made_at_us": str(clock()),
        }

        def fill(connection: Connection) -> None:
            connection.execute(insert(info), [{"key": k, "value": v} for k, v in values.items()])

        with ExitStack() as undo:
            lock = ProjectLock(folder)
            lock.acquire()
            undo.callback(lock.release)
            database = create_database(folder / DATABASE_NAME, fill)
            undo.callback(database.close)
            made = cls(folder, database, lock, person=person or default_person(), clock=clock)
            undo.pop_all()
        return made

    @classmethod
    def open(
        cls,
        folder: Path,
        *,
        read_only: bool = False,
        person: str | None = None,
        clock: Clock = now_us,
        ahead: ReadAhead | None = None,
    ) -> Self:
        """Open a project; `ahead` is what a worker has read of it to save the time.

        Raises `ProjectError`, `ProjectLockedError` or `ProjectDamagedError`.
        """
        with os_errors_explained("open", folder):
            folder = folder if folder.is_dir() else with_suffix(folder)
            path = folder / DATABASE_NAME
            if not (path.is_file() or is_restoring(path)):
                raise ProjectError(f"There is no project at {folder}. Make one with `prodlabel new`.")
        refuse_links(folder)
        with ExitStack() as undo:
            lock = None if read_only else ProjectLock(folder)
            if lock is not None:
                lock.acquire()
                undo.callback(lock.release)
                finish_restore(path)
                tidy_up(folder)
            database = open_database(path, read_only=read_only)
            undo.callback(database.close)
            if ahead is not None and ahead.file_number != path.stat().st_ino:
                ahead = None  # another file has taken its place
            who = person or default_person()
            opened = cls(folder, database, lock, person=who, clock=clock, ahead=ahead)
            if lock is not None:
                opened.results.remove_strays()
            undo.pop_all()
        return opened

    def close(self) -> None:
        """Let go of the files. Nothing is lost: every edit was committed when it was made."""
        self._subscribers.clear()
        self._database.close()
        if self._lock is not None:
            self._lock.release()
            self._lock = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # What is known

    @property
    def name(self) -> str:
        return self._info.get("name", self.folder.stem)

    @property
    def info(self) -> Mapping[str, str]:
        return self._info

    @property
    def columns(self) -> Columns:
        if self._state.columns is None:
            with self._database.read() as connection:
                self._state.columns = read_columns(connection)
        return self._state.columns

    @property
    def taxonomy(self) -> Taxonomy:
        return self._state.taxonomy

    @property
    def sources(self) -> dict[int, SourceInfo]:
        return self._sources

    @property
    def last_edit(self) -> int:
        """The id of the newest line of the history; 0 before the first."""
        return self._state.last_edit

    @property
    def is_read_only(self) -> bool:
        return self._database.is_read_only

    def snapshot(self) -> Snapshot:
        """The project as it is now, for a worker. Costs nothing: columns never change in place."""
        return Snapshot(
            self.folder, self.name, self.columns, self.taxonomy, dict(self._sources), self.last_edit
        )

    def texts(self, rows: NDArray[np.int64] | list[int]) -> list[ProductTexts]:
        """Names, descriptions and attributes of these rows, in their order."""
        with self._database.read() as connection:
            return read_texts(connection, self.columns.product_id[np.asarray(rows, dtype=np.int64)].tolist())

    def rows_of_category(self, category_id: int, *, with_descendants: bool = True) -> NDArray[np.int64]:
        """The rows labelled with this category (and, by default, with those below it)."""
        wanted = [category_id]
        if with_descendants and category_id in self.taxonomy:
            wanted = self.taxonomy.descendants(category_id)
        if len(wanted) == 1:
            return np.flatnonzero(self.columns.category == wanted[0])
        return np.flatnonzero(np.isin(self.columns.category, wanted))

    def search(self, words: str) -> NDArray[np.int64]:
        """The rows whose name or description holds all these words, ascending."""
        with self._database.read() as connection:
            found = search_products(connection, words)
        is_here = np.isin(found, self.columns.product_id, assume_unique=True)
        return self.columns.rows(found[is_here])

    def ids_of_keys(self, keys: Sequence[str]) -> dict[str, int]:
        """The ids of the present products with these keys; unknown keys are left out."""
        with self._database.read() as connection:
            found = find_products(connection, keys)
        return {key: one.id for key, one in found.items() if one.is_present}

    def rows_of_keys(self, keys: Sequence[str]) -> NDArray[np.int64]:
        """The rows of the products with these keys, in their order. Raises `InputError` for unknown keys."""
        found = self.ids_of_keys(keys)
        missing = next((key for key in keys if key not in found), None)
        if missing is not None:
            raise InputError(f"There is no product with the key “{missing}”. Check the key.")
        return self.columns.rows(np.array([found[key] for key in keys], dtype=np.int64))

    # The history

    def history(self, *, limit: int = 50, before_id: int | None = None) -> list[HistoryEntry]:
        """The newest lines of the history, newest first."""
        with self._database.read() as connection:
            return ledger.read_history(connection, limit=limit, before_id=before_id)

    def label_history(self, product_id: int) -> list[tuple[HistoryEntry, int, int]]:
        """What was decided about one product, oldest first: (edit, category id, status)."""
        with self._database.read() as connection:
            return ledger.read_label_history(connection, product_id)

    def edits(self, edit_ids: list[int]) -> dict[int, HistoryEntry]:
        """The lines of the history with these ids: who decided, when and why."""
        with self._database.read() as connection:
            return ledger.read_edits(connection, edit_ids)

    def corrections_since(self, edit_id: int, most: int) -> int:
        """How many labels persons changed after this edit, `most` at most."""
        with self._database.read() as connection:
            return count_corrections(connection, edit_id, most)

    def edits_of_others(self) -> NDArray[np.int64]:
        """The ids of label decisions that somebody else than `person` made, ascending."""
        with self._database.read() as connection:
            return read_edits_of_others(connection, self.person)

    def undo_text(self) -> str | None:
        """What `undo` would take back, or None."""
        return self._step_text(EditKind.UNDO)

    def redo_text(self) -> str | None:
        """What `redo` would do again, or None."""
        return self._step_text(EditKind.REDO)

    def _step_text(self, kind: EditKind) -> str | None:
        with self._database.read() as connection:
            targets = ledger.edits_to_walk(connection, kind)
            return ledger.step_summary(targets) if targets else None

    # What changes it

    def apply(self, *edits: Edit, initiator: str = "") -> Applied:
        """Commit these edits as one undoable step and tell subscribers. All of them, or none."""
        is_import = all(isinstance(edit, ImportBatch) for edit in edits)
        if not is_import:
            self._prepare(count_touched(self.columns, self.taxonomy, edits), "before-relabel")
        with self._database.write() as connection:
            before = follow(connection, self._state)
            if before.columns is None and not is_import:
                before.columns = read_columns(connection)
            applied = apply_edits(
                connection,
                before.columns or NO_COLUMNS,
                before.taxonomy,
                edits,
                person=self.person,
                at_us=self._clock(),
            )
        if applied.kinds:
            columns = None if applied.has_imported or before.columns is None else applied.columns
            change = Change(applied.kinds, initiator, applied.product_ids)
            self._change_to(before, State(columns, applied.taxonomy, applied.last_edit), change)
        return applied

    def undo(self, *, initiator: str = "") -> str | None:
        """Take back the newest step; says what it was, or None where there is nothing to undo."""
        return next(iter(self._walk(EditKind.UNDO, 1, initiator)), None)

    def undo_steps(self, count: int, *, initiator: str = "") -> list[str]:
        """Take back the newest steps, all of them or none; each is a line of the history and can be done
        again by itself. Says what they were, newest first."""
        return self._walk(EditKind.UNDO, count, initiator)

    def redo(self, *, initiator: str = "") -> str | None:
        """Do the step again that was undone last; says what it was, or None."""
        return next(iter(self._walk(EditKind.REDO, 1, initiator)), None)

    def _walk(self, kind: EditKind, most: int, initiator: str) -> list[str]:
        if most > 1:  # each may be small, and all together much
            self.prepare_bulk("before-undo")
        else:
            with self._database.read() as connection:
                count = sum(target.product_count for target in ledger.edits_to_walk(connection, kind))
            self._prepare(count, "before-undo")
        walker = Walker(self.person, self._clock(), initiator)
        with self._database.write() as connection:
            before = follow(connection, self._state)
            state, change, said = walker.walk(connection, kind, before, most)
        if said:
            self._change_to(before, state, change)
        return said

    def _change_to(self, before: State, after: State, change: Change) -> None:
        """Hold the new state and tell of it, and of what a clerk wrote before it."""
        if before is not self._state:
            change = Change(change.kinds | EVERYTHING, change.initiator)
        self._state = after
        self._notify(change)

    # Where a clerk writes beside it

    @property
    def seat(self) -> Seat:
        """What a clerk needs, to be handed to its thread."""
        state = State(self.columns, self._state.taxonomy, self._state.last_edit)
        return Seat(self.folder, self._database.path, self._database.turn, self.person, self._clock, state)

    def take_over(self, handed: Handed, *, initiator: str = "") -> None:
        """Go on from what a clerk has written, and tell subscribers unless it is known already."""
        self._sources = handed.sources
        if handed.state.last_edit > self._state.last_edit:
            self._state = handed.state
            self._notify(Change(EVERYTHING, initiator))

    def catch_up(self, *, initiator: str = "") -> None:
        """Take over what a clerk wrote that ended without handing it over."""
        with self._database.turn, self._database.read() as connection:
            handed = Handed(follow(connection, self._state), read_sources(connection, self.folder))
        self.take_over(handed, initiator=initiator)

    def register_source(
        self,
        *,
        kind: str,
        location: str,
        title: str,
        picture_folder: Path | None = None,
        options: Mapping[str, Any] | None = None,
    ) -> int:
        """Remember where products come from; the same location keeps its id."""
        with self._database.write() as connection:
            source_id = register_source(
                connection,
                self.folder,
                kind=kind,
                location=location,
                title=title,
                picture_folder=picture_folder,
                options=options or {},
                at_us=self._clock(),
            )
            self._sources = read_sources(connection, self.folder)
        return source_id

    def write_picture_facts(self, facts: list[PictureFact]) -> None:
        """Remember what was found of pictures."""
        with self._database.write() as connection:
            _write_picture_facts(connection, facts)

    # What keeps it safe

    def begin_backup(self, reason: str) -> PendingBackup:
        """Hold this moment for a backup, in no time; `PendingBackup.keep` copies it, in any thread."""
        return PendingBackup.of(self.folder, reason)

    def prepare_bulk(self, reason: str) -> None:
        """Have a backup made of the project as it is, before a step that changes much of it."""
        if self.is_read_only or not self.last_edit:
            return
        if self._caution.wants_backup(self.history(limit=1)[0]):
            self.keep_backup(self.begin_backup(reason))

    def _prepare(self, count: int, reason: str) -> None:
        """As `prepare_bulk`, where so many products are about to change that a backup is called for."""
        if self._caution.is_called_for(count):
            self.prepare_bulk(reason)

    # Who listens

    def subscribe(self, subscriber: Subscriber) -> Callable[[], None]:
        """Call `subscriber` after every commit; returns what ends that."""
        self._subscribers.append(subscriber)

        def unsubscribe() -> None:
            if subscriber in self._subscribers:
                self._subscribers.remove(subscriber)

        return unsubscribe

    def _notify(self, change: Change) -> None:
        for subscriber in tuple(self._subscribers):
            subscriber(change)

    def _notify_results(self) -> None:
        self._notify(Change(frozenset({ChangeKind.RESULTS}), ""))
