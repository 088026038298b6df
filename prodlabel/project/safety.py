"""Backups of an open project before steps that change much of it.

Invariant: the moment that is kept lies before the step, however late the copy is made.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
from sqlalchemy import text

from prodlabel.core.edits import ChangeCategory, Edit, Relabel
from prodlabel.core.errors import ProjectDamagedError, UserError
from prodlabel.core.progress import Progress
from prodlabel.core.taxonomy import Taxonomy
from prodlabel.project.columns import Columns
from prodlabel.project.graphs import GRAPH_FOLDER, GraphFolder
from prodlabel.store.atomic import os_errors_explained, remove_temporary
from prodlabel.store.backups import (
    Backup,
    Moment,
    keep_moment,
    newest_backup,
    remove_unfinished,
    thin_backups,
)
from prodlabel.store.database import BACKUP_FOLDER, DATABASE_NAME, Database
from prodlabel.store.ledger import HistoryEntry
from prodlabel.store.salvage import remove_half_rescued

BULK = 1000
"""So many products changed at once are worth a backup; fewer are what undo is for."""
BULK_PAUSE = timedelta(minutes=10)
"""Somebody who relabels cluster after cluster gets one backup in this time; undo knows each step."""


@dataclass(frozen=True, slots=True, eq=False)
class PendingBackup:
    """A moment that is held until it is copied or let go, each of which may happen in any thread."""

    moment: Moment
    folder: Path
    reason: str

    @classmethod
    def of(cls, project_folder: Path, reason: str) -> PendingBackup:
        """Hold the project in this folder as it is now."""
        return cls(Moment(project_folder / DATABASE_NAME), project_folder / BACKUP_FOLDER, reason)

    def keep(self, progress: Progress) -> Backup:
        """Copy the moment, let it go, and thin out older backups. Raises as `make_backup` does."""
        try:
            made = keep_moment(self.moment, self.folder, self.reason, progress)
        finally:
            self.close()
        thin_backups(self.folder)
        return made

    def close(self) -> None:
        """Let the moment go without keeping it; without effect the second time."""
        self.moment.close()


def keep_now(pending: PendingBackup) -> None:
    """Make the backup before anything else happens: for programs and the command line."""
    pending.keep(Progress())


def is_backed_up(project_folder: Path, newest: HistoryEntry) -> bool:
    """Whether the newest backup ends with the line of the history with which the project ends."""
    made = newest_backup(project_folder / BACKUP_FOLDER)
    if made is None:
        return False
    database = Database(made[1], read_only=True)
    try:
        with database.read() as connection:
            found = connection.execute(text("SELECT id, at_us, summary FROM edit ORDER BY id DESC")).first()
    except UserError:  # not readable: it is none
        return False
    finally:
        database.close()
    return found is not None and tuple(found) == (newest.id, newest.at_us, newest.summary)


def count_touched(columns: Columns, taxonomy: Taxonomy, edits: Sequence[Edit]) -> int:
    """How many products these edits are about: those relabelled, and those of categories that get another
    place in the tree."""
    count = 0
    for edit in edits:
        match edit:
            case Relabel():
                count += len(edit.product_ids)
            case ChangeCategory() if "parent" in edit.changes and edit.category_id in taxonomy:
                count += int(np.isin(columns.category, taxonomy.descendants(edit.category_id)).sum())
    return count


class Caution:
    """Knows of one open project whether it is time for a backup, also while the last one is being copied."""

    def __init__(self, project_folder: Path) -> None:
        self._folder = project_folder / BACKUP_FOLDER
        self._project_folder = project_folder
        self._held: tuple[int, float] | None = None
        """After which line of the history, and when (monotonic seconds), the last backup was held."""

    def wants_backup(self, newest: HistoryEntry) -> bool:
        """Whether the project, of whose history this is the newest line, is in no backup yet. Who is told so
        makes one: it is not said twice."""
        if self._held is not None and self._held[0] == newest.id:
            return False
        if is_backed_up(self._project_folder, newest):
            return False
        self._held = newest.id, time.monotonic()
        return True

    def is_called_for(self, count: int) -> bool:
        """Whether so many products are about to change that a backup is due."""
        pause_s = BULK_PAUSE.total_seconds()
        if count < BULK or (self._held is not None and time.monotonic() - self._held[1] < pause_s):
            return False
        newest = newest_backup(self._folder)
        # A clock that was set back gives a backup of the future; it is no reason to go without one.
        return newest is None or not timedelta(0) <= datetime.now(UTC) - newest[0] < BULK_PAUSE


def refuse_links(project_folder: Path) -> None:
    """Raise `ProjectDamagedError` where something in the project is neither a file nor a folder: through a
    link we would write elsewhere, and a pipe is waited for until somebody writes into it.

    We never make one; a project that a stranger sends may hold them.
    """
    with os_errors_explained("open", project_folder):
        found = next(_neither_files_nor_folders(project_folder), None)
    if found is None:
        return
    if found.is_symlink():
        raise ProjectDamagedError(
            f"{found.relative_to(project_folder)} in {project_folder.name} is a link to a place outside. "
            "Remove it, or put what it leads to in its place, and open the project again."
        )
    raise ProjectDamagedError(
        f"{found.relative_to(project_folder)} in {project_folder.name} is neither a file nor a folder. "
        "Remove it and open the project again."
    )


def tidy_up(project_folder: Path) -> None:
    """Delete what a kill left half written. The caller holds the project's lock."""
    remove_unfinished(project_folder / BACKUP_FOLDER)
    remove_unfinished(project_folder)
    remove_half_rescued(project_folder)
    with os_errors_explained("tidy up", project_folder):
        folders = [project_folder, *(one for one in project_folder.iterdir() if _is_ours(one))]
        for name in ("vectors", "classifiers"):
            inside = project_folder / name
            folders += [one for one in inside.iterdir() if _is_ours(one)] if _is_ours(inside) else []
    for folder in folders:
        remove_temporary(folder)
    if _is_ours(project_folder / GRAPH_FOLDER):
        GraphFolder(project_folder).tidy_up()


def _neither_files_nor_folders(folder: Path) -> Iterator[Path]:
    """The links, pipes, sockets and devices in a folder, however deep; told by its listings, since fetched
    pictures may be very many."""
    pending = [str(folder)]
    while pending:
        with os.scandir(pending.pop()) as entries:
            for entry in entries:
                if entry.is_symlink():
                    yield Path(entry.path)
                elif entry.is_dir(follow_symlinks=False):
                    pending.append(entry.path)
                elif not entry.is_file(follow_symlinks=False):
                    yield Path(entry.path)


def _is_ours(path: Path) -> bool:
    """A folder of the project, and no link to one elsewhere."""
    return path.is_dir() and not path.is_symlink()
