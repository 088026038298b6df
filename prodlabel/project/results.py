"""What was computed about the catalogue: arrays on disk, one line each in the database.

A result is never changed; a newer one of the same kind and name takes its place and the older one stays
until it is thinned out. The file is whole before the database names it.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from uuid import uuid4

from numpy.typing import NDArray
from sqlalchemy import Connection, insert, select, update

from prodlabel.core.errors import ProjectDamagedError
from prodlabel.project.strays import CLASSIFIERS, RESULTS, inside, remove_strays
from prodlabel.store.atomic import load_arrays, save_arrays
from prodlabel.store.database import Database
from prodlabel.store.ledger import newest_edit
from prodlabel.store.schema import result

LAYOUT, CLUSTERS, CLASSIFIER, SUGGESTIONS = "layout", "clusters", "classifier", "suggestions"
FINDING = "finding"
_FOLDERS = {CLASSIFIER: CLASSIFIERS}
_KEPT = {LAYOUT: 3, CLUSTERS: 3, CLASSIFIER: 50, SUGGESTIONS: 2, FINDING: 1}


@dataclass(frozen=True, slots=True)
class ResultInfo:
    """One result as the database names it; `after_edit` is the last edit that it has seen."""

    id: int
    kind: str
    name: str
    made_at_us: int
    after_edit: int
    settings: Mapping[str, Any]
    figures: Mapping[str, Any]
    file: str
    is_current: bool


class Results:
    """The results of one project. Reading is safe from the project's thread only."""

    def __init__(
        self, folder: Path, database: Database, clock: Callable[[], int], notify: Callable[[], None]
    ) -> None:
        self._folder = folder
        self._database = database
        self._clock = clock
        self._notify = notify
        self._known: dict[int, ResultInfo] = {}
        self._listed: tuple[ResultInfo, ...] | None = None

    def save(
        self,
        kind: str,
        name: str,
        arrays: Mapping[str, NDArray[Any]],
        *,
        settings: Mapping[str, Any] | None = None,
        figures: Mapping[str, Any] | None = None,
        is_current: bool = True,
    ) -> int:
        """Keep arrays under a kind and a name and return the result's id; by default it is then current."""
        file = write_result(self._folder, kind, arrays)
        return self.register(kind, name, file, settings=settings, figures=figures, is_current=is_current)

    def register(
        self,
        kind: str,
        name: str,
        file: str,
        *,
        settings: Mapping[str, Any] | None = None,
        figures: Mapping[str, Any] | None = None,
        is_current: bool = True,
        after_edit: int | None = None,
    ) -> int:
        """As `save`, for arrays that `write_result` has written already; `after_edit`: the last edit that
        was seen, where more came while it was computed."""
        with self._changing() as connection:
            newest = connection.execute(select(result.c.id).order_by(result.c.id.desc()).limit(1)).scalar()
            result_id = int(newest or 0) + 1
            last_edit = newest_edit(connection) if after_edit is None else after_edit
            if is_current:
                same = (result.c.kind == kind) & (result.c.name == name)
                connection.execute(update(result).where(same).values(is_current=False))
            connection.execute(
                insert(result).values(
                    id=result_id,
                    kind=kind,
                    name=name,
                    made_at_us=self._clock(),
                    after_edit=last_edit,
                    settings=json.dumps(dict(settings or {}), ensure_ascii=False),
                    figures=json.dumps(dict(figures or {}), ensure_ascii=False),
                    file=file,
                    is_current=is_current,
                )
            )
        self._known.pop(result_id, None)  # the number of one that was dropped is given again
        self._thin_out(kind, name)
        self._notify()
        return result_id

    def list(self, kind: str | None = None) -> list[ResultInfo]:
        """All results (of one kind), newest first."""
        if self._listed is None or self._database.is_read_only:
            self._listed = self._read()
        return [one for one in self._listed if kind in (None, one.kind)]

    def _read(self) -> tuple[ResultInfo, ...]:
        """All results as they are now. Whoever writes has the project alone and need not ask again until it
        changes them; every decision names the version in use."""
        statement = select(result.c.id, result.c.is_current).order_by(result.c.id.desc())
        with self._database.read() as connection:
            found = {number: bool(is_current) for number, is_current in connection.execute(statement)}
            # Figures fill pages of JSON, and nothing of a result changes but whether it is in use.
            unknown = [number for number in found if number not in self._known]
            if unknown:
                rows = connection.execute(select(result).where(result.c.id.in_(unknown)))
                self._known |= {row.id: _info(row) for row in rows}
        for number, is_current in found.items():
            if self._known[number].is_current != is_current:
                self._known[number] = replace(self._known[number], is_current=is_current)
        return tuple(self._known[number] for number in found)

    def current(self, kind: str, name: str | None = None) -> ResultInfo | None:
        """The result in use (the newest in use where no name is given), or None."""
        found = [one for one in self.list(kind) if one.is_current and name in (None, one.name)]
        return found[0] if found else None

    def make_current(self, result_id: int) -> None:
        """Put an older result back in use."""
        wanted = next(one for one in self.list() if one.id == result_id)
        same = (result.c.kind == wanted.kind) & (result.c.name == wanted.name)
        with self._changing() as connection:
            connection.execute(update(result).where(same).values(is_current=result.c.id == result_id))
        self._notify()

    def forget(self, result_id: int) -> None:
        """Drop a result whose file is lost; the newest that is left of its kind and name is then in use."""
        gone = next(one for one in self.list() if one.id == result_id)
        left = [one for one in self.list(gone.kind) if one.name == gone.name and one.id != result_id]
        with self._changing() as connection:
            connection.execute(result.delete().where(result.c.id == result_id))
        if gone.is_current and left:
            self.make_current(left[0].id)

    def forget_missing(self) -> None:
        """Drop the results whose files were thinned out after the backup that the project went back to."""
        for one in self.list():
            path = result_file(self._folder, one.kind, one.file)
            if path is not None and not path.is_file():
                self.forget(one.id)

    def load(self, info: ResultInfo) -> dict[str, NDArray[Any]]:
        """The arrays of a result. Raises `ProjectDamagedError` where the file is not whole or not inside."""
        return load_result(self._folder, info)

    def remove_strays(self) -> None:
        """Delete files that were written and never registered. Only while nobody else writes any."""
        with self._database.read() as connection:
            remove_strays(self._folder, connection)

    @contextmanager
    def _changing(self) -> Iterator[Connection]:
        try:
            with self._database.write() as connection:
                yield connection
        finally:
            self._listed = None

    def _thin_out(self, kind: str, name: str) -> None:
        same = [one for one in self.list(kind) if one.name == name]
        surplus = [one for one in same[_KEPT[kind] :] if not one.is_current]
        if not surplus:
            return
        with self._changing() as connection:
            connection.execute(result.delete().where(result.c.id.in_([one.id for one in surplus])))
        for one in surplus:
            file, version = result_file(self._folder, kind, one.file), version_folder(self._folder, one)
            if file is not None:
                file.unlink(missing_ok=True)
            if version is not None:
                shutil.rmtree(version, ignore_errors=True)


def write_result(folder: Path, kind: str, arrays: Mapping[str, NDArray[Any]]) -> str:
    """Write arrays into the project in `folder` under a name of their own, which is returned.

    Safe from any thread or process. Nothing refers to the file before `Results.register` does; until then a
    kill leaves it behind for `Results.remove_strays`.
    """
    file = f"{_FOLDERS.get(kind, RESULTS)}/{kind}-{uuid4().hex}.npz"
    save_arrays(folder / file, arrays)
    return file


def load_result(folder: Path, info: ResultInfo) -> dict[str, NDArray[Any]]:
    """The arrays of a result of the project in `folder`; safe from any thread. Raises as `Results.load`."""
    path = result_file(folder, info.kind, info.file)
    if path is None:
        raise outside(info.file)
    return load_arrays(path)


def result_file(folder: Path, kind: str, file: str) -> Path | None:
    """Where the arrays of a result of this kind lie; None where `file` is no place for them."""
    return inside(folder, _FOLDERS.get(kind, RESULTS), file)


def version_folder(folder: Path, info: ResultInfo) -> Path | None:
    """Where the files lie that a classifier has beside its arrays; None where it names none of its own."""
    return inside(folder, CLASSIFIERS, str(info.settings.get("folder", "")))


def outside(named: str) -> ProjectDamagedError:
    """The error for a path in the database that leads to where no result lies."""
    return ProjectDamagedError(f"The project names a file outside of itself ({named}). Do not use it.")


def _info(row: Any) -> ResultInfo:
    values = dict(row._mapping)
    try:
        values["settings"] = dict(json.loads(values["settings"]))
        values["figures"] = dict(json.loads(values["figures"]))
    except (ValueError, TypeError, RecursionError) as error:
        raise ProjectDamagedError(
            f"What the project says of a result is damaged ({error}). Run `prodlabel check --repair`."
        ) from error
    values["is_current"] = bool(values["is_current"])
    return ResultInfo(**values)
