"""Mends a damaged project: what is whole is rescued, what can be made again is dropped, the rest is named.

Invariant: the damaged database is never changed; it stays in the folder under another name.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from prodlabel.core.errors import ProjectDamagedError, ProjectError, UserError
from prodlabel.core.progress import Progress
from prodlabel.operations.check import vector_blocks
from prodlabel.operations.encode import VECTOR_FOLDER
from prodlabel.operations.pictures import THUMBNAIL_FOLDER
from prodlabel.operations.suggest import load_version
from prodlabel.project.graphs import GraphFolder
from prodlabel.project.project import Project
from prodlabel.project.results import CLASSIFIER
from prodlabel.project.safety import refuse_links
from prodlabel.project.state import read_state
from prodlabel.store.atomic import load_arrays, os_errors_explained, replace_file, sync_folder
from prodlabel.store.backup_order import DAMAGED, next_aside
from prodlabel.store.backups import (
    finish_restore,
    is_whole,
    list_backups,
    make_backup,
    ready_path,
    restore_backup,
)
from prodlabel.store.database import (
    BACKUP_FOLDER,
    DATABASE_NAME,
    create_database,
    open_database,
    sqlite_errors_explained,
)
from prodlabel.store.lock import ProjectLock
from prodlabel.store.mending import Mended, mend
from prodlabel.store.products import count_broken_texts
from prodlabel.store.salvage import (
    RESCUED,
    Salvaged,
    add_from_backup,
    connect_suspiciously,
    readable_copy,
    salvage,
)
from prodlabel.store.schema import SCHEMA_VERSION
from prodlabel.store.sources import read_sources
from prodlabel.store.thumbnails import DATABASE_NAME as THUMBNAILS_NAME
from prodlabel.store.thumbnails import ThumbnailStore
from prodlabel.store.vectors import VectorStore

_SIDE_FILES = ("", "-wal", "-shm")


def repair(folder: Path, progress: Progress) -> list[str]:
    """Mend what is damaged; returns what was done, one sentence each, nothing where all was well.

    Raises `ProjectLockedError` while somebody has the project open, `ProjectDamagedError` where nothing of
    the database can be rescued and there is no backup.
    """
    database, backups = folder / DATABASE_NAME, folder / BACKUP_FOLDER
    with os_errors_explained("repair", folder):
        refuse_links(folder)
    with ProjectLock(folder):
        finish_restore(database)
        if _is_readable(database) and _makes_sense(database):
            done = _mend_in_place(database, backups, progress)
        else:
            done = _rescue(database, backups, progress)
            if not _makes_sense(database):
                done = _restore_newest(database, backups, progress)
        done += _forget_pictures_without_thumbnails(database)
    done += _put_damaged_backups_aside(backups)
    with Project.open(folder) as project:
        done += _drop_lost_results(project)
    done += _drop_damaged_vectors(folder / VECTOR_FOLDER, progress)
    done += _drop_damaged_neighbours(GraphFolder(folder))
    return done + _drop_damaged_thumbnails(folder / THUMBNAIL_FOLDER)


def _restore_newest(database: Path, backups: Path, progress: Progress) -> list[str]:
    whole = [one for one in list_backups(backups) if one.counts is not None]
    if not whole:
        raise ProjectDamagedError(
            f"{database.name} is too damaged to be rescued and there is no whole backup in {backups}. "
            "Ask for a copy from wherever your disk is backed up."
        )
    aside = restore_backup(whole[0].path, database, progress)
    kept = f" The damaged file is kept as {aside.name}." if aside is not None else ""
    return [f"The project was brought back to the backup {whole[0].path.name}.{kept}"]


def _makes_sense(database: Path) -> bool:
    """Whether it opens as a project and all texts in it are text."""
    try:
        opened = open_database(database, read_only=True)
    except ProjectDamagedError:
        return False
    except ProjectError:  # an older format, which opening brings up to date
        return True
    try:
        with opened.read() as connection:
            read_state(connection)
            read_sources(connection, database.parent)
            return not count_broken_texts(connection)
    except ProjectDamagedError:
        return False
    finally:
        opened.close()


def _is_readable(database: Path) -> bool:
    """Whether SQLite finds nothing wrong with the file itself and it is a project of ours."""
    try:
        with closing(connect_suspiciously(database)) as connection:
            version = connection.execute("SELECT version_num FROM alembic_version").fetchone()
            verdict = connection.execute("PRAGMA integrity_check(1)").fetchone()[0]
            # What is wrong with the index alone is mended by making it again.
            return version is not None and (verdict == "ok" or "fts5" in verdict.lower())
    except (sqlite3.DatabaseError, UnicodeDecodeError):
        return False


def _mend_in_place(database: Path, backups: Path, progress: Progress) -> list[str]:
    """Mend rows that do not fit together, after a backup."""
    with closing(connect_suspiciously(database)) as connection:
        (version,) = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    if version != SCHEMA_VERSION:
        return []  # opening brings it up to date first; whatever is wrong then is found by the next check
    with (
        sqlite_errors_explained(database),
        closing(sqlite3.connect(database, isolation_level=None)) as connection,
    ):
        connection.execute("PRAGMA trusted_schema = OFF")
        connection.execute("BEGIN IMMEDIATE")
        done = mend(connection, trusts_labels=False)
        said = _said_of_mending(done)
        connection.execute("ROLLBACK")
        if said:
            kept = make_backup(database, backups, "before-repair", progress)
            connection.execute("BEGIN IMMEDIATE")
            mend(connection, trusts_labels=False)
            connection.execute("COMMIT")
            said.append(f"The state before is the backup {kept.path.name}.")
        else:
            # The search index is made again in any case: nothing in it can be lost.
            connection.execute("INSERT INTO product_search (product_search) VALUES ('rebuild')")
    return said


def _rescue(database: Path, backups: Path, progress: Progress) -> list[str]:
    """A new database of what is whole, filled up from the newest backups of the same history."""
    new = database.with_name(RESCUED)
    for ending in _SIDE_FILES:
        new.with_name(new.name + ending).unlink(missing_ok=True)
    create_database(new).close()
    whole = [one.path for one in list_backups(backups) if one.counts is not None]
    try:
        with closing(sqlite3.connect(f"{new.resolve().as_uri()}", uri=True, isolation_level=None)) as target:
            found, mended = _fill(database, target, whole, progress)
            products = int(target.execute("SELECT count(*) FROM product").fetchone()[0])
            target.execute("PRAGMA journal_mode = DELETE")
        if not products:
            raise ProjectDamagedError(
                f"Nothing of {database.name} can be read and there is no whole backup in {backups}. "
                "Ask for a copy from wherever your disk is backed up."
            )
        aside = _swap(database, new)
    finally:
        for ending in _SIDE_FILES:
            new.with_name(new.name + ending).unlink(missing_ok=True)
    return [
        *_said_of_rescue(found, products),
        *_said_of_mending(mended),
        f"The damaged file is kept as {aside}.",
    ]


def _fill(
    database: Path, target: sqlite3.Connection, backups: list[Path], progress: Progress
) -> tuple[Salvaged, Mended]:
    target.execute("PRAGMA foreign_keys = OFF")
    target.execute("PRAGMA synchronous = FULL")
    target.execute("DELETE FROM info")
    found = Salvaged()
    if database.is_file() and _has_format(database, SCHEMA_VERSION):
        with readable_copy(database, target) as readable:
            target.execute("BEGIN")
            found = salvage(readable, target, progress)
            target.execute("COMMIT")
    for backup in backups:
        # A database cannot be attached within a transaction.
        if add_from_backup(target, backup, found):
            break
    target.execute("BEGIN")
    mended = mend(target, trusts_labels=True)
    target.execute("COMMIT")
    return found, mended


def _has_format(database: Path, version: str) -> bool:
    """Whether the damaged file says, as far as it can, that it has this format."""
    try:
        with closing(connect_suspiciously(database)) as connection:
            row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
            return row is not None and row[0] == version
    except sqlite3.DatabaseError as error:
        # The one page of the version may be the damaged one; a header that is none ends it.
        return getattr(error, "sqlite_errorcode", 0) & 0xFF != sqlite3.SQLITE_NOTADB


def _swap(database: Path, new: Path) -> str:
    """Put the rescued database in place; the name under which the damaged one stays."""
    with os_errors_explained("repair", database):
        aside = next_aside(database, DAMAGED, datetime.now(UTC))
        # A kill between the renames is made good by `finish_restore`.
        replace_file(new, ready_path(database))
        for ending in _SIDE_FILES:
            source = database.with_name(database.name + ending)
            if source.exists():
                replace_file(source, aside.with_name(aside.name + ending))
        replace_file(ready_path(database), database)
        sync_folder(database.parent)
    return aside.name


def _said_of_rescue(found: Salvaged, products: int) -> list[str]:
    said = [f"{products:,} products were rescued into a new database."]
    if any(found.gaps.values()):
        said.append(f"Some rows could not be read in: {', '.join(sorted(found.gaps))}.")
    filled = sum(found.from_backup.values())
    if filled:
        said.append(f"{filled:,} rows came from a backup.")
    return said


def _said_of_mending(done: Mended) -> list[str]:
    sentences = (
        (done.lost_lines, "{0:,} lines of the history are lost; what they decided is kept."),
        (done.dropped.get("product_text", 0), "{0:,} products are lost; their texts were left over."),
        (done.dropped.get("decision", 0), "{0:,} decisions about lost products were taken out."),
        (done.without_text, "{0:,} products have lost their texts; import them again."),
        (done.without_label, "{0:,} products had lost their label; it follows from the history."),
        (done.labels, "{0:,} labels and the history say the same again."),
        (done.entities, "{0:,} categories and products are again what the history says."),
    )
    said = [sentence.format(count) for count, sentence in sentences if count]
    if not said and done.rows:
        said.append(f"{done.rows:,} rows that pointed nowhere or made no sense were put right.")
    return said


def _drop_lost_results(project: Project) -> list[str]:
    lost = []
    for one in project.results.list():
        try:
            project.results.load(one)
            if one.kind == CLASSIFIER:
                load_version(project.folder, one)
        except UserError:
            project.results.forget(one.id)
            lost.append(f"{one.kind} “{one.name}”")
    return [f"Lost and to be computed again: {', '.join(lost)}."] if lost else []


def _put_damaged_backups_aside(backups: Path) -> list[str]:
    """Out of the list, since nobody can go back to them; somebody may still get something out of them."""
    done = []
    for place, one in enumerate(list_backups(backups)):
        if one.counts is None or (place == 0 and not is_whole(one.path)):
            with os_errors_explained("put aside", one.path):
                replace_file(one.path, one.path.with_name(f"{one.path.name}.{DAMAGED}"))
            done.append(f"The backup {one.path.name} is damaged; it is put aside.")
    return done


def _forget_pictures_without_thumbnails(database: Path) -> list[str]:
    """Pictures of which only the facts are left are looked at again."""
    if (database.parent / THUMBNAIL_FOLDER / THUMBNAILS_NAME).is_file():
        return []
    with sqlite_errors_explained(database), closing(sqlite3.connect(database)) as connection, connection:
        connection.execute("PRAGMA trusted_schema = OFF")
        count = connection.execute("DELETE FROM picture_fact WHERE content_hash IS NOT NULL").rowcount
    return [f"{count:,} pictures are looked at again at the next import."] if count else []


def _drop_damaged_vectors(folder: Path, progress: Progress) -> list[str]:
    """Damaged vectors are forgotten and encoded again next time; blocks that are none are moved away."""
    done = []
    for block, said in vector_blocks(folder):
        try:
            if said is None:
                raise ProjectDamagedError("no description")
            with VectorStore.open(folder, said.encoder_id, said.version, said.dim, writable=True) as store:
                damaged = store.verify(progress)
                store.discard(damaged)
                if len(damaged):
                    done.append(f"{len(damaged):,} vectors of {block.name} are encoded again next time.")
        except ProjectError:
            _move_away(block)
            done.append(f"The vectors {block.name} could not be read; they are encoded again next time.")
    for path in _unreadable_arrays(folder):
        path.unlink(missing_ok=True)
        done.append(f"{path.name} could not be read; it is made again when you encode next time.")
    return done


def _unreadable_arrays(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.glob("*.npz")):
        try:
            load_arrays(path)
        except ProjectError:
            yield path


def _move_away(block: Path) -> None:
    """Out of the way, since it may be somebody's only copy of something."""
    with os_errors_explained("move", block):
        target = block.with_name(f"{block.name}.damaged")
        number = 1
        while target.exists():
            number += 1
            target = block.with_name(f"{block.name}.damaged-{number}")
        replace_file(block, target)


def _drop_damaged_neighbours(kept: GraphFolder) -> list[str]:
    damaged = list(kept.damage())
    for name in damaged:
        kept.drop(name)
    return [f"The neighbours of the {name} map are found anew next time." for name in damaged]


def _drop_damaged_thumbnails(folder: Path) -> list[str]:
    if not folder.is_dir():
        return []
    try:
        with ThumbnailStore(folder, writable=False) as store:
            is_whole = store.is_whole()
    except ProjectError:
        is_whole = False
    if is_whole:
        return []
    for path in folder.glob("thumbnails.sqlite*"):
        path.unlink(missing_ok=True)
    return ["The thumbnails were damaged; they are made again when the pictures are looked at."]
