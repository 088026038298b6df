"""Looks whether a project is whole: the database, the ledger against the labels, the vectors, the results."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from sqlalchemy import Connection, text

from prodlabel.core.errors import InputError, ProjectError
from prodlabel.core.progress import Progress
from prodlabel.operations.encode import VECTOR_FOLDER
from prodlabel.operations.pictures import THUMBNAIL_FOLDER
from prodlabel.project.graphs import GraphFolder
from prodlabel.project.results import result_file
from prodlabel.project.snapshot import Snapshot
from prodlabel.project.strays import CLASSIFIERS, inside
from prodlabel.store.atomic import load_arrays, read_json
from prodlabel.store.backups import is_whole, list_backups
from prodlabel.store.database import BACKUP_FOLDER, DATABASE_NAME, Database, raw_cursor
from prodlabel.store.ledger import replay_labels
from prodlabel.store.products import count_broken_texts, read_narrow
from prodlabel.store.replay import diverging_categories, diverging_presence, diverging_products
from prodlabel.store.thumbnails import DATABASE_NAME as THUMBNAILS_NAME
from prodlabel.store.thumbnails import ThumbnailStore
from prodlabel.store.vector_files import BlockDescription
from prodlabel.store.vectors import VectorStore


def check_project(snapshot: Snapshot, progress: Progress) -> list[str]:
    """Every finding as a sentence; an empty list says that all is well."""
    findings: list[str] = []
    database = Database(snapshot.folder / DATABASE_NAME, read_only=True)
    try:
        with database.read() as connection, progress.stage("Checking", total=5, unit="parts"):
            findings += _check_database(connection)
            progress.advance()
            findings += _check_keys(connection)
            progress.advance()
            findings += _check_ledger(connection) + _check_entities(connection)
            progress.advance()
            findings += _check_search(connection)
            progress.advance()
            findings += _check_results(connection, snapshot.folder)
            progress.advance()
    finally:
        database.close()
    findings += _check_vectors(snapshot.folder / VECTOR_FOLDER, progress)
    for name, error in GraphFolder(snapshot.folder).damage().items():
        findings.append(f"The kept neighbours of the {name} map are damaged ({error}). {_REPAIR}")
    findings += _check_thumbnails(snapshot)
    return findings + _check_backups(snapshot.folder / BACKUP_FOLDER)


def _check_database(connection: Connection) -> list[str]:
    verdicts = connection.execute(text("PRAGMA integrity_check(5)")).scalars().all()
    return [f"The database is damaged: {verdict}" for verdict in verdicts if verdict != "ok"]


def _check_keys(connection: Connection) -> list[str]:
    broken = connection.execute(text("PRAGMA foreign_key_check")).all()
    return [f"{len(broken)} rows of the database point nowhere."] if broken else []


def _check_ledger(connection: Connection) -> list[str]:
    replayed, now = replay_labels(connection), read_narrow(connection)
    rows = np.searchsorted(now["product_id"], replayed["product_id"])
    is_here = rows < len(now["product_id"])
    is_here[is_here] = now["product_id"][rows[is_here]] == replayed["product_id"][is_here]
    rows = rows[is_here]
    differs = np.zeros(len(rows), dtype=bool)
    for name in ("category", "status", "edit"):
        differs |= now[name][rows] != replayed[name][is_here]
    is_unnamed = np.ones(len(now["product_id"]), dtype=bool)
    is_unnamed[rows] = False
    differing = int(differs.sum()) + int(np.count_nonzero(now["category"][is_unnamed]))
    return [f"{differing} labels differ from what the history says."] if differing else []


def _check_entities(connection: Connection) -> list[str]:
    """Categories, texts and presence against the lines of the history about them."""
    cursor = raw_cursor(connection)
    counts = (
        (len(diverging_categories(cursor)), "categories"),
        (len(diverging_products(cursor)), "products have texts that"),
        (len(diverging_presence(cursor)), "products that are there, or gone,"),
    )
    return [
        f"{count} {what} differ from what the history says. `prodlabel check --repair` follows the history."
        for count, what in counts
        if count
    ]


def _check_search(connection: Connection) -> list[str]:
    texts = connection.execute(text("SELECT count(*) FROM product_text")).scalar_one()
    indexed = connection.execute(text("SELECT count(*) FROM product_search_docsize")).scalar_one()
    findings = [f"The search index knows {indexed} of {texts} products."] if indexed != texts else []
    broken = count_broken_texts(connection)
    return [*findings, f"{broken} products have texts that are damaged."] if broken else findings


def vector_blocks(folder: Path) -> Iterator[tuple[Path, BlockDescription | None]]:
    """Each block of vectors and what it says of itself; None where that cannot be understood."""
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        if not path.is_dir() or ".damaged" in path.name or path.is_symlink():
            continue
        if not (path / "block.json").exists() and not (path / "index.bin").exists():
            continue  # a kill came before the first vector: the next encoding goes on from there
        try:
            said = BlockDescription(**read_json(path / "block.json", max_bytes=65536))
        except (ProjectError, TypeError, ValueError):
            yield path, None
        else:
            yield path, said if said.folder_name == path.name else None


def _check_vectors(folder: Path, progress: Progress) -> list[str]:
    findings = []
    for path, said in vector_blocks(folder):
        block = path.name
        if said is None:
            findings.append(f"The vectors {block} do not say what they are. {_REPAIR}")
            continue
        try:
            with VectorStore.open(folder, said.encoder_id, said.version, said.dim, writable=False) as store:
                damaged = len(store.verify(progress)) + store.lost_rows
        except ProjectError as error:
            findings.append(f"The vectors {block} cannot be read ({error}). {_REPAIR}")
            continue
        if damaged:
            findings.append(f"{damaged} vectors of {block} are damaged. {_REPAIR}")
    for path in sorted(folder.glob("*.npz")):
        try:
            load_arrays(path)
        except ProjectError:
            findings.append(f"{path.name}, which says whose vectors are whose, is damaged. {_REPAIR}")
    return findings


def _check_thumbnails(snapshot: Snapshot) -> list[str]:
    folder = snapshot.folder / THUMBNAIL_FOLDER
    if not (folder / THUMBNAILS_NAME).is_file():
        seen = sum(fact[0] is not None for fact in snapshot.read_picture_facts().values())
        return [f"The thumbnails of {seen} pictures are gone. {_REPAIR}"] if seen else []
    try:
        with ThumbnailStore(folder, writable=False) as store:
            is_whole = store.is_whole()
    except ProjectError:
        is_whole = False
    return [] if is_whole else [f"The thumbnails are damaged. {_REPAIR}"]


def _check_backups(folder: Path) -> list[str]:
    """Each is opened, and the newest is read whole: of all of them that would take minutes."""
    findings = []
    for place, backup in enumerate(list_backups(folder)):
        if backup.counts is None or (place == 0 and not is_whole(backup.path)):
            findings.append(
                f"The backup {backup.path.name} is damaged. `prodlabel check --repair` puts it aside."
            )
    return findings


def _check_classifiers(connection: Connection, folder: Path) -> list[str]:
    """That the files of each version are there; those in use can be read and have what they look at."""
    findings = []
    rows = connection.execute(text("SELECT id, settings, is_current FROM result WHERE kind = 'classifier'"))
    for number, settings, is_current in rows.all():
        try:
            place = inside(folder, CLASSIFIERS, str(dict(json.loads(settings)).get("folder", "")))
        except (ValueError, TypeError, RecursionError) as error:
            findings.append(f"What the project says of classifier version {number} is damaged ({error}).")
            continue
        if place is None or not place.is_dir():
            findings.append(f"The files of classifier version {number} are gone. {_REPAIR}")
        elif is_current:
            findings += _check_classifier(number, place, folder / VECTOR_FOLDER)
    return findings


def _check_classifier(number: int, place: Path, vectors: Path) -> list[str]:
    from prodlabel.learning.saving import load_classifier, looks_at_vectors

    try:
        classifier = load_classifier(place)
    except InputError as error:
        return [f"Classifier version {number} is damaged ({error}) {_REPAIR}"]
    if looks_at_vectors(classifier) and next(vector_blocks(vectors), None) is None:
        return [f"The vectors that classifier version {number} looks at are gone. Run `prodlabel encode`."]
    return []


def _check_results(connection: Connection, folder: Path) -> list[str]:
    findings = _check_classifiers(connection, folder)
    for kind, file in connection.execute(text("SELECT kind, file FROM result")).all():
        path = result_file(folder, str(kind), str(file))
        if path is None:
            findings.append(f"A result names a file outside of the project ({kind}: {file}). {_REPAIR}")
        elif not path.is_file():
            findings.append(f"The file of a result is missing ({kind}: {file}). Compute it again.")
        else:
            try:
                load_arrays(path)
            except ProjectError:
                findings.append(f"The file of a result is damaged ({kind}: {file}). Compute it again.")
    return findings


_REPAIR = "`prodlabel check --repair` drops it, so that it is made again."
