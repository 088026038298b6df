"""Backups of a project's database: made while work goes on, read back before they count, thinned with age.

Invariant: a file with the name of a backup was whole when it got that name; restoring never overwrites
anything: what was there is set aside first.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from prodlabel.core.errors import Cancelled, ProjectDamagedError, ProjectError
from prodlabel.core.progress import Progress
from prodlabel.store.atomic import os_errors_explained, replace_file, sync_folder
from prodlabel.store.backup_order import (
    SET_ASIDE,
    Written,
    last_aside,
    make_name,
    next_aside,
    next_written,
    read_name,
    select_to_keep,
)

COUNTED_TABLES = ("product", "label", "edit")
KEEP_ALWAYS = 3
"""So many of the newest stay, however large they are."""
KEEP_NEWEST_OF = ("before-format", "before-restore", "before-repair")
"""The newest of each stays for ever: by it a step is taken back that nothing else takes back."""
KEEP_BYTES = 4 * 2**30
"""All backups of a project together; the older ones go beyond that."""

_PAGES = 2000
_SIDE_FILES = ("-wal", "-shm")


@dataclass(frozen=True, slots=True)
class Backup:
    """One backup. `counts`: rows of `COUNTED_TABLES` as far as they exist; None where it cannot be read."""

    path: Path
    made: datetime
    reason: str
    size_bytes: int
    counts: Mapping[str, int] | None
    era: int = 0
    """`backup_order.Written`: what has a higher one was written later, whatever `made` says."""


class Moment:
    """A database as it was when this was made, held by a read transaction while others go on writing.

    Made in no time in one thread, it may be copied and closed in another.
    """

    def __init__(self, database: Path) -> None:
        if not database.is_file():
            raise ProjectError(
                f"There is no {database.name} to make a backup of. Check that the project was not moved."
            )
        self.database = database
        with _sqlite_errors(database, Progress()):
            self._connection = _connect(database, "mode=rw", is_shared=True)
            try:
                self._connection.execute("BEGIN")
                # The moment is that of the first read, not that of BEGIN.
                self._connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
            except BaseException:
                self._connection.close()
                raise

    def copy_to(self, target: Path, progress: Progress) -> dict[str, int]:
        """Copy page by page; returns the row counts of the moment."""
        done = [0]

        def on_pages(_: int, left: int, total: int) -> None:
            progress.advance(total - left - done[0])
            done[0] = total - left

        _remove(target)
        with _sqlite_errors(self.database, progress), closing(sqlite3.connect(target)) as copy:
            counts = _counts(self._connection)
            total = self._connection.execute("PRAGMA page_count").fetchone()[0]
            with progress.stage("Making a backup", total, "pages"):
                # The transaction holds the moment, so that a busy writer cannot make the copy start over.
                self._connection.backup(copy, pages=_PAGES, progress=on_pages, sleep=0)
            # Without a log file beside it, it can be read where nothing can be written.
            copy.execute("PRAGMA journal_mode = DELETE")
        return counts

    def close(self) -> None:
        """Let the moment go; a log that grew meanwhile can then be written back."""
        self._connection.close()


def make_backup(
    database: Path,
    folder: Path,
    reason: str,
    progress: Progress | None = None,
    *,
    now: datetime | None = None,
) -> Backup:
    """Copy `database` into `folder` as it is at this moment, read the copy back, and give it its name.

    `reason` is a few words in small letters and hyphens ("before-import"). Others may write meanwhile: a read
    transaction keeps the moment. Raises ProjectError where the folder cannot be written or the disk is full,
    ProjectDamagedError where the database (or its copy) is damaged, Cancelled; nothing is left behind then.
    """
    make_name(Written(0, datetime.now(UTC)), reason)
    with os_errors_explained("make a backup in", folder):
        folder.mkdir(parents=True, exist_ok=True)
    with closing(Moment(database)) as moment:
        return keep_moment(moment, folder, reason, progress, now=now)


def keep_moment(
    moment: Moment,
    folder: Path,
    reason: str,
    progress: Progress | None = None,
    *,
    now: datetime | None = None,
) -> Backup:
    """As `make_backup`, of a moment that was held before."""
    progress = progress or Progress()
    with os_errors_explained("make a backup in", folder):
        folder.mkdir(parents=True, exist_ok=True)
        written = next_written(folder, now or datetime.now(UTC))
        name = make_name(written, reason)
        path, partial = folder / name, folder / f"{name}.partial"
        try:
            counts = moment.copy_to(partial, progress)
            if _verified_counts(partial, progress) != counts:
                raise ProjectDamagedError(
                    "The backup does not hold what the project holds. Check the disk, then try again."
                )
            _flush(partial)
            if path.exists():
                raise ProjectError(f"There is a backup {name} already. Try again.")
            replace_file(partial, path)
            sync_folder(folder)
        finally:
            _remove(partial)
    return Backup(path, written.at, reason, path.stat().st_size, counts, written.era)


def list_backups(folder: Path) -> list[Backup]:
    """The backups in `folder`, the one written last first, and what each holds; none where it is missing."""
    if not folder.is_dir():
        return []
    with os_errors_explained("read", folder):
        found = [backup for path in folder.iterdir() if (backup := _described(path)) is not None]
    return sorted(found, key=lambda backup: (backup.era, backup.made, backup.path.name), reverse=True)


def thin_backups(folder: Path, *, most_bytes: int = KEEP_BYTES) -> list[Backup]:
    """Delete what `select_to_keep` does not keep, and the oldest beyond `most_bytes`; returns what is gone.

    Unreadable backups are left alone, and so are the newest `KEEP_ALWAYS` and `KEEP_NEWEST_OF`.
    """
    readable = [backup for backup in list_backups(folder) if backup.counts is not None]
    keep = select_to_keep([backup.made for backup in readable])
    always = set(range(KEEP_ALWAYS)) | _newest_of_each(readable)
    gone, held = [], 0
    for place, backup in enumerate(readable):  # newest first
        fits = place in keep and held + backup.size_bytes <= most_bytes
        if place in always or fits:
            held += backup.size_bytes
        else:
            gone.append(backup)
    with os_errors_explained("delete old backups in", folder):
        for backup in gone:
            backup.path.unlink(missing_ok=True)
    return gone


def _newest_of_each(backups: Sequence[Backup]) -> set[int]:
    found: dict[str, int] = {}
    for place, backup in enumerate(backups):
        for reason in KEEP_NEWEST_OF:
            if backup.reason == reason or backup.reason.startswith(f"{reason}-"):
                found.setdefault(reason, place)
    return set(found.values())


def newest_backup(folder: Path) -> tuple[datetime, Path] | None:
    """When the backup that was written last was made and where it is, by the names alone."""
    if not folder.is_dir():
        return None
    with os_errors_explained("read", folder):
        found = [(name, path) for path in folder.iterdir() if (name := read_name(path)) is not None]
    if not found:
        return None
    name, path = max(found)
    return name.written.at, path


def is_whole(backup: Path) -> bool:
    """Whether SQLite finds nothing wrong with a backup; reads all of it."""
    try:
        _verified_counts(backup, Progress())
    except ProjectError:
        return False
    return True


def restore_backup(
    backup: Path, database: Path, progress: Progress | None = None, *, now: datetime | None = None
) -> Path | None:
    """Put a copy of `backup` in the place of `database`; returns where the present one was set aside.

    The caller holds the project's lock and has closed the database. The backup is checked before anything is
    moved: ProjectDamagedError leaves all as it was. A crash between the two renames is made good by
    `finish_restore`.
    """
    progress = progress or Progress()
    ready = ready_path(database)
    with os_errors_explained("restore", database):
        _verified_counts(backup, progress)
        copied = ready.with_name(ready.name + ".partial")
        try:
            _copy_file(backup, copied, progress)
            _verified_counts(copied, progress)
            _flush(copied)
            replace_file(copied, ready)
        finally:
            _remove(copied)
        aside = _set_aside(database, now or datetime.now(UTC)) if database.exists() else None
        replace_file(ready, database)
        sync_folder(database.parent)
    return aside


def finish_restore(database: Path) -> bool:
    """Complete a restore or repair that a crash cut short; call it before opening `database`. True if so."""
    ready = ready_path(database)
    with os_errors_explained("restore", database):
        if not ready.exists():
            return False
        if database.exists():  # the crash came before anything was moved: the user can ask again
            ready.unlink()
            return False
        # SQLite would play the old database's log into the restored one.
        aside = last_aside(database)
        if aside is not None:
            _move_side_files(database, aside)
        replace_file(ready, database)
        sync_folder(database.parent)
        return True


def is_restoring(database: Path) -> bool:
    """Whether a crash interrupted a restore, so that `finish_restore` has something to do."""
    return ready_path(database).is_file()


def remove_unfinished(folder: Path) -> None:
    """Delete what a kill left of a backup or restore that was under way. Only while nobody else makes any."""
    if folder.is_dir():
        with os_errors_explained("tidy up", folder):
            for path in (*folder.glob("*.sqlite.partial*"), *folder.glob("*.sqlite.restoring.partial*")):
                path.unlink(missing_ok=True)


def ready_path(database: Path) -> Path:
    """Where a whole database waits that is about to take the place of `database`: `finish_restore`."""
    return database.with_name(database.name + ".restoring")


def _set_aside(database: Path, now: datetime) -> Path:
    """Renames the database and the log that belongs to it. Without its log it would lose the last edits."""
    aside = next_aside(database, SET_ASIDE, now)
    replace_file(database, aside)
    _move_side_files(database, aside)
    return aside


def _move_side_files(database: Path, aside: Path) -> None:
    for ending in _SIDE_FILES:
        source = database.with_name(database.name + ending)
        if source.exists():
            replace_file(source, aside.with_name(aside.name + ending))


def _verified_counts(path: Path, progress: Progress) -> dict[str, int]:
    """Row counts of a file after SQLite has checked it. ProjectDamagedError where it finds anything."""
    with _sqlite_errors(path, progress), closing(_connect(path, "mode=ro&immutable=1")) as connection:
        connection.set_progress_handler(_stopper(progress), 20_000)
        with progress.stage("Checking the backup", None, "pages"):
            found = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
            if found != "ok":
                raise _damaged(path, found)
            return _counts(connection)


def _described(path: Path) -> Backup | None:
    name = read_name(path)
    if name is None:
        return None
    counts: dict[str, int] | None
    try:
        with closing(_connect(path, "mode=ro&immutable=1")) as connection:
            counts = _counts(connection)
    except sqlite3.DatabaseError:
        counts = None
    return Backup(path, name.written.at, name.reason, path.stat().st_size, counts, name.written.era)


def _connect(path: Path, options: str, *, is_shared: bool = False) -> sqlite3.Connection:
    connection = sqlite3.connect(
        f"{path.resolve().as_uri()}?{options}",
        uri=True,
        isolation_level=None,
        check_same_thread=not is_shared,
    )
    for pragma in ("trusted_schema = OFF", "cell_size_check = ON", "mmap_size = 0"):
        connection.execute(f"PRAGMA {pragma}")
    return connection


def _counts(connection: sqlite3.Connection) -> dict[str, int]:
    present = {row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    return {
        table: connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]  # noqa: S608 - our own names
        for table in COUNTED_TABLES
        if table in present
    }


def _stopper(progress: Progress) -> Callable[[], bool]:
    """For SQLite: ends the running statement after a cancel."""
    return lambda: progress.token.is_cancelled


@contextmanager
def _sqlite_errors(path: Path, progress: Progress) -> Iterator[None]:
    try:
        yield
    except sqlite3.DatabaseError as error:
        extended = getattr(error, "sqlite_errorcode", 0)
        code = extended & 0xFF
        if code == sqlite3.SQLITE_INTERRUPT and progress.token.is_cancelled:
            raise Cancelled from error
        if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
            raise _damaged(path, str(error)) from error
        # A quota or a limit on the size of files is told as a write that failed.
        is_full = code == sqlite3.SQLITE_FULL or extended == sqlite3.SQLITE_IOERR_WRITE
        advice = "Free some disk space" if is_full else "Check the disk"
        raise ProjectError(f"{path.name} could not be copied ({error}). {advice} and try again.") from error


def _damaged(path: Path, found: str) -> ProjectDamagedError:
    return ProjectDamagedError(f"{path.name} is damaged ({found}). Restore the newest backup that is whole.")


def _copy_file(source: Path, target: Path, progress: Progress) -> None:
    with (
        progress.stage("Copying the backup", source.stat().st_size, "bytes"),
        source.open("rb") as reading,
        target.open("wb") as writing,
    ):
        while chunk := reading.read(4 * 2**20):
            writing.write(chunk)
            progress.advance(len(chunk))


def _flush(path: Path) -> None:
    with path.open("r+b") as file:
        os.fsync(file.fileno())


def _remove(path: Path) -> None:
    for ending in ("", "-journal", *_SIDE_FILES):
        path.with_name(path.name + ending).unlink(missing_ok=True)
