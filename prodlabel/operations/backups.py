"""Backups of a project: what each holds, making one, and going back to one without losing what is there.

Invariant: going back keeps the present state as a backup first; where that cannot be read, its file stays in
the folder under another name.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from prodlabel.core.errors import InputError, ProjectDamagedError, ProjectError
from prodlabel.core.progress import Progress
from prodlabel.project.project import Project
from prodlabel.project.safety import refuse_links
from prodlabel.store.backup_contents import BackupContents, LastStep, read_backups, read_present
from prodlabel.store.backups import Backup, finish_restore, make_backup, restore_backup
from prodlabel.store.database import BACKUP_FOLDER, DATABASE_NAME, refuse_foreign_database
from prodlabel.store.lock import ProjectLock

__all__ = [
    "BackupContents",
    "LastStep",
    "Restored",
    "back_up",
    "choose",
    "list_contents",
    "present_contents",
    "restore",
]


@dataclass(frozen=True, slots=True)
class Restored:
    """What a restore came to. `kept`: the backup of the state before it, or the damaged file set aside."""

    backup: Path
    kept: Path | None


def list_contents(folder: Path) -> list[BackupContents]:
    """The backups of the project in `folder`, newest first, and what each holds. The project may be open.

    Raises `ProjectDamagedError` where a link in the project leads elsewhere.
    """
    if folder.is_dir():
        refuse_links(folder)
    return read_backups(folder / BACKUP_FOLDER)


def present_contents(folder: Path) -> BackupContents:
    """What the project in `folder` holds now, read beside whoever has it open."""
    return read_present(folder / DATABASE_NAME)


def back_up(project: Project, progress: Progress, reason: str = "by-hand") -> Backup:
    """Make a backup of the open project now and thin out older ones."""
    return project.begin_backup(reason).keep(progress)


def choose(contents: list[BackupContents], name: str) -> BackupContents:
    """The backup with this file name, beginning of one, or number in the list (1: the newest)."""
    if name.isdecimal() and len(name) < 4:  # what is longer begins a date
        found = contents[int(name) - 1 : int(name)] if int(name) else []
    else:
        found = [one for one in contents if name and one.path.name.startswith(name)]
    if len(found) != 1:
        raise InputError(f"“{name}” names {len(found) or 'no'} backups. Look at the list again.")
    return found[0]


def restore(folder: Path, backup: Path, progress: Progress) -> Restored:
    """Bring a closed project back to what `backup` holds; the present state becomes a backup.

    Maps and suggestions that only the backup knows are dropped where newer ones have taken their place: they
    are made again. Raises `ProjectLockedError` while somebody has the project open, `ProjectDamagedError`
    where the backup is not whole: all is then as it was.
    """
    if backup.parent.resolve() != (folder / BACKUP_FOLDER).resolve():
        raise InputError(f"{backup.name} is no backup of this project. Choose one from the list.")
    refuse_links(folder)
    refuse_foreign_database(backup)
    database = folder / DATABASE_NAME
    with ProjectLock(folder):
        finish_restore(database)
        kept = _keep_present(database, folder / BACKUP_FOLDER, progress)
        aside = restore_backup(backup, database, progress)
        if kept is not None and aside is not None:
            # The backup holds all of it, also what was only in the log.
            for ending in ("", "-wal", "-shm"):
                aside.with_name(aside.name + ending).unlink(missing_ok=True)
    with Project.open(folder) as project:
        project.results.forget_missing()
    return Restored(backup, kept or aside)


def _keep_present(database: Path, backups: Path, progress: Progress) -> Path | None:
    """A backup of the present state; None where it is too damaged to copy."""
    if not database.is_file():
        return None
    try:
        refuse_foreign_database(database)
        return make_backup(database, backups, "before-restore", progress).path
    except ProjectDamagedError:
        return None
    except ProjectError as error:
        raise ProjectError(f"The present state could not be kept, so nothing was changed. {error}") from error
