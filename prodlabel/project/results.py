"""What was computed about the catalogue: arrays on disk, one line each in the database.

A result is never changed; a newer one of the same kind and name takes its place and the older one stays
until it is thinned out. The file is whole before the database names it.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

from numpy.typing import NDArray
from sqlalchemy import func, insert, select, update

from prodlabel.core.errors import ProjectDamagedError
from prodlabel.store.atomic import load_arrays, read_json, save_arrays
from prodlabel.store.database import Database
from prodlabel.store.schema import edit, result

LAYOUT, CLUSTERS, CLASSIFIER, SUGGESTIONS = "layout", "clusters", "classifier", "suggestions"
FINDING = "finding"
_FOLDERS = {CLASSIFIER: "classifiers"}
_VECTORS, _NETWORK_BLOCK = "vectors", re.compile(r"network-([0-9a-f]{16})[.-]")
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
        with self._database.write() as connection:
            newest = connection.execute(select(func.coalesce(func.max(result.c.id), 0))).scalar_one()
            result_id = int(newest) + 1
            last_edit = after_edit
            if last_edit is None:
                last_edit = connection.execute(select(func.coalesce(func.max(edit.c.id), 0))).scalar_one()
            if is_current:
                same = (result.c.kind == kind) & (result.c.name == name)
                connection.execute(update(result).where(same).values(is_current=False))
            connection.execute(
                insert(result).values(
                    id=result_id,
                    kind=kind,
                    name=name,
                    made_at_us=self._clock(),
                    after_edit=int(last_edit),
                    settings=json.dumps(dict(settings or {}), ensure_ascii=False),
                    figures=json.dumps(dict(figures or {}), ensure_ascii=False),
                    file=file,
                    is_current=is_current,
                )
            )
        self._thin_out(kind, name)
        self._notify()
        return result_id

    def list(self, kind: str | None = None) -> list[ResultInfo]:
        """All results (of one kind), newest first."""
        statement = select(result).order_by(result.c.id.desc())
        if kind is not None:
            statement = statement.where(result.c.kind == kind)
        with self._database.read() as connection:
            return [_info(row) for row in connection.execute(statement)]

    def current(self, kind: str, name: str | None = None) -> ResultInfo | None:
        """The result in use (the newest in use where no name is given), or None."""
        found = [one for one in self.list(kind) if one.is_current and name in (None, one.name)]
        return found[0] if found else None

    def make_current(self, result_id: int) -> None:
        """Put an older result back in use."""
        wanted = next(one for one in self.list() if one.id == result_id)
        same = (result.c.kind == wanted.kind) & (result.c.name == wanted.name)
        with self._database.write() as connection:
            connection.execute(update(result).where(same).values(is_current=result.c.id == result_id))
        self._notify()

    def forget(self, result_id: int) -> None:
        """Drop a result whose file is lost; the newest that is left of its kind and name is then in use."""
        gone = next(one for one in self.list() if one.id == result_id)
        left = [one for one in self.list(gone.kind) if one.name == gone.name and one.id != result_id]
        with self._database.write() as connection:
            connection.execute(result.delete().where(result.c.id == result_id))
        if gone.is_current and left:
            self.make_current(left[0].id)

    def load(self, info: ResultInfo) -> dict[str, NDArray[Any]]:
        """The arrays of a result. Raises `ProjectDamagedError` where the file is not whole or not inside."""
        return load_result(self._folder, info)

    def remove_strays(self) -> None:
        """Delete files that were written and never registered. Only while nobody else writes any."""
        known = {one.file for one in self.list()}
        for kind in _KEPT:
            folder = _FOLDERS.get(kind, "results")
            for path in (self._folder / folder).glob(f"{kind}-*.npz"):
                if f"{folder}/{path.name}" not in known:
                    path.unlink(missing_ok=True)
        named = {str(one.settings.get("folder", "")) for one in self.list(CLASSIFIER)}
        for path in (self._folder / _FOLDERS[CLASSIFIER]).glob("fusion-*/"):
            if f"{_FOLDERS[CLASSIFIER]}/{path.name}" not in named:
                shutil.rmtree(path, ignore_errors=True)
        self._remove_stray_blocks(named)

    def _remove_stray_blocks(self, named: set[str]) -> None:
        """Delete what networks that were thinned out saw of the pictures: nobody can ask for it any more."""
        seen = {path: found[1] for path in (self._folder / _VECTORS).glob("*")
                if (found := _NETWORK_BLOCK.match(path.name))}  # fmt: skip
        if not seen:
            return
        try:
            stamps = {self._stamp(name) for name in named}
        except ProjectDamagedError:  # whose vectors these are cannot be told: they stay
            return
        for path, stamp in seen.items():
            if stamp in stamps:
                continue
            if path.is_dir():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink(missing_ok=True)

    def _stamp(self, name: str) -> str:
        """What names the picture network of the classifier in this folder; empty where it has none."""
        path = self._folder / name / "classifier.json"
        if not self._is_own(name) or not path.is_file():
            return ""
        said = read_json(path)
        return str(said.get("stamp", "")) if isinstance(said, dict) else ""

    def _thin_out(self, kind: str, name: str) -> None:
        same = [one for one in self.list(kind) if one.name == name]
        surplus = [one for one in same[_KEPT[kind] :] if not one.is_current]
        if not surplus:
            return
        with self._database.write() as connection:
            connection.execute(result.delete().where(result.c.id.in_([one.id for one in surplus])))
        for one in surplus:
            (self._folder / one.file).unlink(missing_ok=True)
            self._remove_folder(str(one.settings.get("folder", "")))

    def _remove_folder(self, name: str) -> None:
        """Delete the folder that a result names beside its arrays; only ever one of this project's own."""
        if self._is_own(name):
            shutil.rmtree(self._folder / name, ignore_errors=True)

    def _is_own(self, name: str) -> bool:
        """Whether this names a folder of a classifier within this project."""
        home = (self._folder / _FOLDERS[CLASSIFIER]).resolve()
        return bool(name) and (self._folder / name).resolve().parent == home


def write_result(folder: Path, kind: str, arrays: Mapping[str, NDArray[Any]]) -> str:
    """Write arrays into the project in `folder` under a name of their own, which is returned.

    Safe from any thread or process. Nothing refers to the file before `Results.register` does; until then a
    kill leaves it behind for `Results.remove_strays`.
    """
    file = f"{_FOLDERS.get(kind, 'results')}/{kind}-{uuid4().hex}.npz"
    save_arrays(folder / file, arrays)
    return file


def load_result(folder: Path, info: ResultInfo) -> dict[str, NDArray[Any]]:
    """The arrays of a result of the project in `folder`; safe from any thread. Raises as `Results.load`."""
    path = (folder / info.file).resolve()
    if not path.is_relative_to(folder.resolve()):
        raise ProjectDamagedError(f"The project names a file outside of itself ({info.file}). Do not use it.")
    return load_arrays(path)


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
