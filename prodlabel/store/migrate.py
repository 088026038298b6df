"""Runs the migrations; the caller opened the transaction and made the backup."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection

from prodlabel.core.errors import ProjectDamagedError

MIGRATIONS = Path(__file__).parent / "migrations"


def migrate(connection: Connection, revision: str = "head") -> None:
    """Bring the database to `revision`. An up-to-date project never gets here, nor to Alembic's import."""
    from alembic import command
    from alembic.config import Config
    from alembic.util import CommandError

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, revision)
    except CommandError as error:
        raise ProjectDamagedError(
            f"The project's format is not one that prodlabel ever had ({error}). Restore a backup of it."
        ) from error
