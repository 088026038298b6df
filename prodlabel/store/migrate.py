"""Runs the migrations; the caller opened the transaction and made the backup."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection


def migrate(connection: Connection, revision: str = "head") -> None:
    """Bring the database to `revision`. An up-to-date project never gets here, nor to Alembic's import."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    command.upgrade(config, revision)
