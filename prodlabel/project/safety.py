"""Backups of an open project before steps that change much of it.

Invariant: the moment that is kept lies before the step, however late the copy is made.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import text

from prodlabel.core.errors import ProjectDamagedError, UserError
from prodlabel.core.progress import Progress
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
"""So many labels changed at once are worth a backup; fewer are what undo is for."""
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


def wants_backup_of_relabel(project_folder: Path, count: int) -> bool:
    """Whether so many labels are about to change that a backup is due."""
    if count < BULK:
        return False
    newest = newest_backup(project_folder / BACKUP_FOLDER)
    # A clock that was set back gives a backup of the future; it is no reason to go without one.
    return newest is None or not timedelta(0) <= datetime.now(UTC) - newest[0] < BULK_PAUSE


def refuse_links(project_folder: Path) -> None:
    """Raise `ProjectDamagedError` where something in the project is a link: we would write elsewhere.

    We never make one; a project that a stranger sends may hold them.
    """
    with os_errors_explained("open", project_folder):
        link = next(_links(project_folder), None)
    if link is not None:
        raise ProjectDamagedError(
            f"{link.relative_to(project_folder)} in {project_folder.name} is a link to a place outside. "
            "Remove it, or put what it leads to in its place, and open the project again."
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


def _links(folder: Path) -> Iterator[Path]:
    """The links in a folder, however deep; told by its listings, since fetched pictures may be very many."""
    pending = [str(folder)]
    while pending:
        with os.scandir(pending.pop()) as entries:
            for entry in entries:
                if entry.is_symlink():
                    yield Path(entry.path)
                elif entry.is_dir(follow_symlinks=False):
                    pending.append(entry.path)


def _is_ours(path: Path) -> bool:
    """A folder of the project, and no link to one elsewhere."""
    return path.is_dir() and not path.is_symlink()
