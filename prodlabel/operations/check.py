"""Looks whether a project is whole: the database, the ledger against the labels, the vectors, the results."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from sqlalchemy import Connection, text

from prodlabel.core.errors import ProjectError
from prodlabel.core.progress import Progress
from prodlabel.operations.encode import VECTOR_FOLDER
from prodlabel.project.snapshot import Snapshot
from prodlabel.store.atomic import read_json
from prodlabel.store.database import DATABASE_NAME, Database
from prodlabel.store.ledger import replay_labels
from prodlabel.store.products import read_narrow
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
            findings += _check_ledger(connection)
            progress.advance()
            findings += _check_search(connection)
            progress.advance()
            findings += _check_results(connection, snapshot.folder)
            progress.advance()
    finally:
        database.close()
    return findings + _check_vectors(snapshot.folder / VECTOR_FOLDER, progress)


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


def _check_search(connection: Connection) -> list[str]:
    texts = connection.execute(text("SELECT count(*) FROM product_text")).scalar_one()
    indexed = connection.execute(text("SELECT count(*) FROM product_search_docsize")).scalar_one()
    return [f"The search index knows {indexed} of {texts} products."] if indexed != texts else []


def _check_vectors(folder: Path, progress: Progress) -> list[str]:
    findings = []
    for described in sorted(folder.glob("*/block.json")):
        block = described.parent.name
        try:
            said = read_json(described)
            with VectorStore.open(
                folder, said["encoder_id"], said["version"], said["dim"], writable=False
            ) as store:
                damaged = len(store.verify(progress)) + store.lost_rows
        except (ProjectError, KeyError, TypeError, ValueError) as error:
            findings.append(
                f"The vectors {block} cannot be read ({error}). Remove that folder and encode again."
            )
            continue
        if damaged:
            findings.append(f"{damaged} vectors of {block} are damaged. Remove that folder and encode again.")
    return findings


def _check_results(connection: Connection, folder: Path) -> list[str]:
    files = connection.execute(text("SELECT kind, file FROM result")).all()
    return [
        f"The file of a result is missing ({kind}: {file}). Compute it again."
        for kind, file in files
        if not (folder / file).is_file()
    ]
