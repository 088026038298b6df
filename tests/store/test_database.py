"""Opening a project: what prodlabel did not write is refused in words, old formats are migrated."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text

from prodlabel.core.edits import ImportBatch
from prodlabel.core.errors import ProjectDamagedError, ProjectError
from prodlabel.core.labels import Status
from prodlabel.core.progress import Progress
from prodlabel.operations.backups import restore
from prodlabel.operations.check import check_project
from prodlabel.project.project import Project
from prodlabel.store import database as store
from prodlabel.store import migrate
from prodlabel.store.backups import list_backups
from prodlabel.store.database import DATABASE_NAME, create_database, open_database
from prodlabel.store.schema import SEARCH_TABLE, metadata
from tests.project.conftest import records
from tests.torture.next_format import NEXT, next_format, write_next_format
from tests.torture.worker import digest

FROZEN = Path(__file__).resolve().parents[1] / "data"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A closed project of six products."""
    with Project.create(tmp_path / "small", person="Ada") as project:
        source_id = project.register_source(kind="table", location="shop.csv", title="shop.csv")
        project.apply(ImportBatch(source_id, records()))
        return project.folder


def change(folder: Path, *statements: str) -> None:
    with closing(sqlite3.connect(folder / DATABASE_NAME)) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()


def test_a_newer_format_is_refused_and_says_to_update(folder: Path) -> None:
    change(folder, "UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(ProjectError, match=r"newer prodlabel .* Update prodlabel"):
        Project.open(folder)


def test_a_format_that_never_was_is_refused(folder: Path) -> None:
    change(folder, "UPDATE alembic_version SET version_num = '0000'")
    with pytest.raises(ProjectDamagedError, match="Restore a backup"):
        Project.open(folder)


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TRIGGER t AFTER INSERT ON label BEGIN DELETE FROM label; END",
        "CREATE VIEW v AS SELECT * FROM label",
        "CREATE TABLE more (id)",
        "CREATE TABLE ix_hidden (id)",
        "CREATE VIRTUAL TABLE product_search_x USING fts5(a)",
        "CREATE INDEX strange ON label (status)",
    ],
)
def test_what_prodlabel_did_not_write_is_refused(folder: Path, statement: str) -> None:
    change(folder, statement)
    for read_only in (False, True):
        with pytest.raises(ProjectDamagedError, match="that prodlabel did not write"):
            Project.open(folder, read_only=read_only)


def _cut(content: bytes) -> bytes:
    return content[: len(content) // 2]


def _flip(content: bytes) -> bytes:
    changed = bytearray(content)
    for at in range(5000, len(content), 997):
        changed[at] ^= 0xFF
    return bytes(changed)


@pytest.mark.parametrize(
    "damage",
    [
        _cut,
        _flip,
        lambda content: b"",
        lambda content: content[:50],
        lambda content: content[:100],
        lambda content: b"\0" * len(content),
        lambda content: b"PK\x03\x04" + content[4:],
    ],
    ids=["cut", "flipped", "empty", "50 bytes", "header only", "zeros", "a zip"],
)
@pytest.mark.parametrize("read_only", [False, True], ids=["writing", "reading"])
def test_a_damaged_file_is_refused_with_advice(
    folder: Path, damage: Callable[[bytes], bytes], read_only: bool
) -> None:
    path = folder / DATABASE_NAME
    path.write_bytes(damage(path.read_bytes()))
    before = path.read_bytes()
    with pytest.raises(ProjectDamagedError, match=r"Restore one of the backups in .*backups"):
        Project.open(folder, read_only=read_only)
    assert path.read_bytes()[:100] == before[:100]


def test_a_foreign_database_is_refused_and_left_as_it_was(tmp_path: Path) -> None:
    folder = tmp_path / "foreign.prodlabel"
    folder.mkdir()
    with closing(sqlite3.connect(folder / DATABASE_NAME)) as connection:
        connection.execute("CREATE TABLE bookmarks (url)")
        connection.commit()
    before = (folder / DATABASE_NAME).read_bytes()
    with pytest.raises(ProjectDamagedError, match="not made by prodlabel"):
        Project.open(folder)
    assert (folder / DATABASE_NAME).read_bytes() == before


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE label SET category_id = 77 WHERE product_id = 1",
        "UPDATE label SET category_id = -3 WHERE product_id = 1",
        "UPDATE product SET source_category = 99999999 WHERE id = 2",
        "UPDATE category SET parent = 4 WHERE id = 1",
        "UPDATE category SET parent = 40 WHERE id = 2",
        "UPDATE source SET options = '{'",
        "DROP TABLE picture_fact",
        "DROP TABLE label",
        "UPDATE product_text SET name = CAST(x'ff80' AS TEXT)",
        "UPDATE product_text SET attributes = '['",
        "UPDATE edit SET kind = 'magic'",
        "UPDATE edit SET details = 'no'",
    ],
)
def test_values_that_make_no_sense_are_said_to_be_damage(folder: Path, statement: str) -> None:
    change(folder, statement)
    with pytest.raises(ProjectDamagedError, match="Restore"):
        read_everything(folder)


def read_everything(folder: Path) -> None:
    with Project.open(folder, read_only=True) as project:
        project.texts(np.arange(6))
        project.history()
        project.snapshot().read_picture_facts()


def test_a_project_in_a_folder_that_cannot_be_written_can_be_read(
    folder: Path, readonly_folder: Path
) -> None:
    is_root = os.geteuid() != os.getuid()
    if is_root:
        os.seteuid(0)
    there = readonly_folder / "r.prodlabel"
    readonly_folder.chmod(0o755)
    shutil.copytree(folder, there)
    for path in (*there.rglob("*"), there, readonly_folder):
        path.chmod(0o555 if path.is_dir() else 0o444)
    try:
        if is_root:
            os.seteuid(65534)
        with Project.open(there, read_only=True) as project:
            assert len(project.columns) == 6
            assert project.search("cup").tolist() == [0, 3]
            assert check_project(project.snapshot(), Progress()) == []
        with pytest.raises(ProjectError, match="permission"):
            Project.open(there)
    finally:
        if is_root:
            os.seteuid(0)
        for path in (readonly_folder, there, *there.rglob("*")):
            path.chmod(0o755)
        shutil.rmtree(there)
        if is_root:
            os.seteuid(65534)


def _differing_default(*given: Any) -> bool | None:
    """SQLite shows an empty text as ('') and the schema as nothing. All else is left to Alembic."""
    return False if given[3] == "('')" and given[5] == "" else None


def test_the_migrations_make_what_the_schema_says(tmp_path: Path) -> None:
    database = create_database(tmp_path / DATABASE_NAME)
    try:
        with database.read() as connection:
            context = MigrationContext.configure(
                connection,
                opts={
                    "compare_type": True,
                    "compare_server_default": _differing_default,
                    "include_name": lambda name, *_: not str(name).startswith(SEARCH_TABLE),
                },
            )
            assert compare_metadata(context, metadata) == []
    finally:
        database.close()


def test_an_older_format_is_migrated_after_a_backup(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    versions = folder.parent / "migrations"
    shutil.copytree(migrate.MIGRATIONS, versions)
    (versions / "versions" / "0002_next.py").write_text(
        "import sqlalchemy as sa\nfrom alembic import op\n"
        "revision, down_revision, branch_labels, depends_on = '0002', '0001', None, None\n"
        "def upgrade():\n    op.add_column('category', sa.Column('icon', sa.String()))\n",
        encoding="utf-8",
    )
    monkeypatch.setattr(migrate, "MIGRATIONS", versions)
    monkeypatch.setattr(store, "SCHEMA_VERSION", "0002")
    with pytest.raises(ProjectError, match=r"older format\. Open it once"):
        open_database(folder / DATABASE_NAME, read_only=True)
    database = open_database(folder / DATABASE_NAME)
    try:
        with database.read() as connection:
            assert connection.execute(text("SELECT version_num FROM alembic_version")).scalar() == "0002"
            assert connection.execute(text("SELECT icon FROM category")).all() == [(None,)] * 4
    finally:
        database.close()
    (backup,) = list_backups(folder / "backups")
    assert backup.reason == "before-format-0002-from-0001"
    assert backup.counts == {"product": 6, "label": 6, "edit": 1}


def test_a_migration_that_fails_leaves_the_old_project(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    versions = folder.parent / "migrations"
    shutil.copytree(migrate.MIGRATIONS, versions)
    (versions / "versions" / "0002_next.py").write_text(
        "import sqlalchemy as sa\nfrom alembic import op\n"
        "revision, down_revision, branch_labels, depends_on = '0002', '0001', None, None\n"
        "def upgrade():\n    op.add_column('category', sa.Column('icon', sa.String()))\n"
        "    raise ZeroDivisionError\n",
        encoding="utf-8",
    )
    with monkeypatch.context() as patch:
        patch.setattr(migrate, "MIGRATIONS", versions)
        patch.setattr(store, "SCHEMA_VERSION", "0002")
        with pytest.raises(ZeroDivisionError):
            open_database(folder / DATABASE_NAME)
    with Project.open(folder) as project:
        assert len(project.columns) == 6
        assert check_project(project.snapshot(), Progress()) == []


def test_a_project_of_every_format_is_frozen() -> None:
    formats = {path.name.partition("_")[0] for path in (migrate.MIGRATIONS / "versions").glob("[0-9]*_*.py")}
    assert store.SCHEMA_VERSION in formats
    assert {path.stem.removeprefix("format-") for path in FROZEN.glob("format-*.prodlabel")} == formats


@pytest.mark.parametrize("frozen", sorted(FROZEN.glob("format-*.prodlabel")), ids=lambda path: path.name)
def test_frozen_projects_of_every_format_open_and_go_on(frozen: Path, tmp_path: Path) -> None:
    folder = tmp_path / frozen.name
    shutil.copytree(frozen, folder)
    with Project.open(folder) as project:
        assert project.name == "Frozen"
        vases = project.taxonomy.find(["Vases"])
        assert project.columns.category[:2].tolist() == [vases, vases]
        assert project.columns.status.tolist() == [Status.CONFIRMED] * 2 + [Status.IMPORTED] * 3 + [
            Status.NONE
        ]
        assert [entry.reason for entry in project.history()][-3:] == ["looked", "a new shelf", ""]
        assert project.search("lamp").tolist() == [2, 5]
        project.redo()
        assert project.columns.status[4:].tolist() == [Status.FLAGGED] * 2
        assert check_project(project.snapshot(), Progress()) == []


@pytest.mark.parametrize("frozen", sorted(FROZEN.glob("format-*.prodlabel")), ids=lambda path: path.name)
def test_frozen_projects_come_to_a_later_format_and_back_by_the_backup_made_before(
    frozen: Path, tmp_path: Path
) -> None:
    folder = tmp_path / frozen.name
    shutil.copytree(frozen, folder)
    with Project.open(folder) as project:
        before = digest(project)
    with next_format(write_next_format(tmp_path / "migrations")):
        with Project.open(folder) as project:
            assert digest(project) == before
            assert project.undo() is not None
        (backup,) = list_backups(folder / "backups")
        assert backup.reason.startswith(f"before-format-{NEXT}-from-")
    with pytest.raises(ProjectError, match="newer prodlabel"):
        Project.open(folder)
    restore(folder, backup.path, Progress())
    with Project.open(folder) as project:
        assert digest(project) == before
        assert check_project(project.snapshot(), Progress()) == []


def test_a_kill_while_a_project_is_made_leaves_nothing_in_the_way(tmp_path: Path) -> None:
    folder = tmp_path / "half.prodlabel"
    folder.mkdir()
    for name in ("project.lock", "project.owner.json", "project.sqlite.new", "project.sqlite.new-wal"):
        (folder / name).write_bytes(b"half of it")
    with pytest.raises(ProjectError, match="Make one with"):
        Project.open(folder)
    with Project.create(folder) as project:
        assert check_project(project.snapshot(), Progress()) == []
    with pytest.raises(ProjectError, match="exists already"):
        Project.create(folder)
