"""Where a project's products came from, found again when project and pictures move together."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, func, insert, select, update

from prodlabel.store.database import values_explained
from prodlabel.store.schema import source

_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:")
"""Begins what is no path: a scheme of two letters or more (one letter is a drive on Windows)."""


@dataclass(frozen=True, slots=True)
class SourceInfo:
    """A source as the project remembers it; paths are where they are now."""

    id: int
    kind: str
    title: str
    location: str
    picture_folder: Path | None
    options: Mapping[str, Any]
    imported_at_us: int


def register_source(
    connection: Connection,
    project_folder: Path,
    *,
    kind: str,
    location: str,
    title: str,
    picture_folder: Path | None,
    options: Mapping[str, Any],
    at_us: int,
) -> int:
    """Remember a source, or that it was imported again; the id stays."""
    values = {
        "kind": kind,
        "title": title,
        "location": location,
        "location_relative": _relative(location, project_folder),
        "picture_folder": None if picture_folder is None else str(picture_folder.resolve()),
        "picture_folder_relative": _relative(picture_folder, project_folder),
        "options": json.dumps(dict(options), ensure_ascii=False, sort_keys=True),
        "imported_at_us": at_us,
    }
    known = connection.execute(
        select(source.c.id).where(source.c.kind == kind, source.c.location == location)
    ).scalar()
    if known is not None:
        connection.execute(update(source).where(source.c.id == known).values(**values))
        return int(known)
    new_id = int(connection.execute(select(func.coalesce(func.max(source.c.id), 0))).scalar_one()) + 1
    connection.execute(insert(source).values(id=new_id, **values))
    return new_id


def read_sources(connection: Connection, project_folder: Path) -> dict[int, SourceInfo]:
    """All sources by id, their folders looked up beside the project first, then where they used to be."""
    found = {}
    with values_explained(connection):
        for row in connection.execute(select(source)).all():
            folder = _existing(project_folder, row.picture_folder_relative, row.picture_folder)
            options = json.loads(row.options)
            found[row.id] = SourceInfo(
                row.id, row.kind, row.title, row.location, folder, options, row.imported_at_us
            )
    return found


def _relative(path: str | Path | None, project_folder: Path) -> str | None:
    if path is None or _ADDRESS.match(str(path)):
        return None
    try:
        return Path(os.path.relpath(Path(path).resolve(), project_folder.resolve())).as_posix()
    except ValueError:  # another drive on Windows
        return None


def _existing(project_folder: Path, relative: str | None, absolute: str | None) -> Path | None:
    if relative is not None and (project_folder / relative).is_dir():
        return (project_folder / relative).resolve()
    return Path(absolute) if absolute is not None else None
