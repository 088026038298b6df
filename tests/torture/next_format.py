"""A format that comes after the newest one, so that migrating can be tried whatever formats there were."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from prodlabel.store import database, migrate
from prodlabel.store.schema import SCHEMA_VERSION

NEXT = "9000"
_REAL = migrate.MIGRATIONS
_SCRIPT = f"""
import sqlalchemy as sa
from alembic import op

revision, down_revision, branch_labels, depends_on = "{NEXT}", "{SCHEMA_VERSION}", None, None


def upgrade():
    op.add_column("category", sa.Column("icon", sa.String()))
    with op.batch_alter_table("label") as label:
        label.add_column(sa.Column("weight", sa.Float(), server_default="1"))
    op.execute("UPDATE product_text SET description = description || '.'")
"""


def write_next_format(folder: Path) -> Path:
    """The real migrations and one more, in `folder`."""
    if not folder.is_dir():
        shutil.copytree(_REAL, folder, ignore=shutil.ignore_patterns("__pycache__"))
        (folder / "versions" / f"{NEXT}_next.py").write_text(_SCRIPT, encoding="utf-8")
    return folder


def use_next_format(folder: Path) -> None:
    """Take the migrations in `folder` for the real ones, in this process, for good."""
    migrate.MIGRATIONS = folder
    database.SCHEMA_VERSION = NEXT


@contextmanager
def next_format(folder: Path) -> Iterator[None]:
    """As `use_next_format`, for the duration of the block."""
    use_next_format(folder)
    try:
        yield
    finally:
        migrate.MIGRATIONS = _REAL
        database.SCHEMA_VERSION = SCHEMA_VERSION
