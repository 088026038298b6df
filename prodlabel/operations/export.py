"""Export: every product with its label, how it came by it, and what the classifier would say."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path, PurePath

import numpy as np
from numpy.typing import NDArray

from prodlabel.core.errors import ProjectError
from prodlabel.core.labels import NO_CATEGORY, Status
from prodlabel.core.progress import Progress
from prodlabel.core.taxonomy import Taxonomy
from prodlabel.operations.attribution import attributions
from prodlabel.operations.suggest import Suggestions
from prodlabel.operations.train import FUSION
from prodlabel.project.project import Project
from prodlabel.project.results import SUGGESTIONS, ResultInfo, load_result
from prodlabel.project.snapshot import Reader, Snapshot
from prodlabel.sources.exports.protocol import COLUMNS, ExportRow
from prodlabel.sources.exports.registry import export, export_for
from prodlabel.sources.food.attribution import NEVER_DROPPED
from prodlabel.sources.picture_files import PICTURE_SUFFIXES, PictureFolders
from prodlabel.store.atomic import read_json, write_json
from prodlabel.store.changes import products_changed_since
from prodlabel.store.database import DATABASE_NAME, Database
from prodlabel.store.ledger import HistoryEntry
from prodlabel.store.products import ProductTexts
from prodlabel.store.sources import SourceInfo

_CHUNK = 2000
_EXPORTS = "exports.json"
"""In the project's folder: what each kind of export has seen."""


def export_project(
    project: Project,
    path: Path,
    progress: Progress,
    *,
    kind: str | None = None,
    rows: NDArray[np.int64] | None = None,
    columns: Sequence[str] = COLUMNS,
    only_changed: bool = False,
) -> int:
    """Write products (all, or these rows) to `path`; the kind follows from its ending. Returns how many.

    `only_changed`: of these only what changed since the last export of this kind (all, before the first).
    """
    chosen = export(kind) if kind is not None else export_for(path)
    wanted = np.arange(len(project.columns)) if rows is None else np.asarray(rows, dtype=np.int64)
    if only_changed:
        wanted = np.intersect1d(wanted, rows_changed_since(project, last_export(project, chosen.kind)))
    snapshot = project.snapshot()
    columns = with_attribution(columns, snapshot)
    count = export_snapshot(
        snapshot,
        project.results.current(SUGGESTIONS, FUSION),
        path,
        progress,
        kind=chosen.kind,
        rows=wanted,
        columns=columns,
    )
    if rows is None:
        _remember(project, chosen.kind, snapshot.last_edit, is_needed=only_changed)
    return count


def with_attribution(columns: Sequence[str], snapshot: Snapshot) -> tuple[str, ...]:
    """The columns, and those that say where products come from, where a licence wants that said and the
    chosen ones hold what it covers."""
    chosen = tuple(columns)
    covered = {"name", "description", "picture"} & set(chosen)
    if "attributes" in chosen or not covered or not attributions(snapshot.sources.values()):
        return chosen
    return (*chosen, *(one for one in NEVER_DROPPED if one not in chosen))


def last_export(project: Project, kind: str) -> int:
    """The newest edit that the last whole export of this kind had seen; 0 before the first, and where the
    project went back to a backup since: another edit has that number then."""
    path = project.folder / _EXPORTS
    said = read_json(path) if path.is_file() else {}
    seen = said.get(kind) if isinstance(said, dict) else None
    edit = seen.get("edit") if isinstance(seen, dict) else None
    return edit if isinstance(edit, int) and seen == _seen(project, edit) else 0


def _seen(project: Project, edit_id: int) -> dict[str, int] | None:
    """What is noted of an edit, by which it is known again."""
    edit = project.edits([edit_id]).get(edit_id)
    return None if edit is None else {"edit": edit_id, "at_us": edit.at_us}


def rows_changed_since(project: Project, edit_id: int) -> NDArray[np.int64]:
    """The rows whose label, texts or category's name changed after this edit, ascending."""
    columns, taxonomy = project.columns, project.taxonomy
    if edit_id <= 0:
        return np.arange(len(columns))
    database = Database(project.folder / DATABASE_NAME, read_only=True)
    try:
        with database.read() as connection:
            ids, categories = products_changed_since(connection, edit_id)
    finally:
        database.close()
    touched = {below for one in categories if one in taxonomy.by_id for below in taxonomy.descendants(one)}
    is_changed = np.isin(columns.product_id, ids) | np.isin(columns.category, sorted(touched))
    return np.flatnonzero(is_changed)


def _remember(project: Project, kind: str, edit_id: int, *, is_needed: bool) -> None:
    path = project.folder / _EXPORTS
    said = read_json(path) if path.is_file() else {}
    try:
        write_json(path, {**(said if isinstance(said, dict) else {}), kind: _seen(project, edit_id)})
    except ProjectError:
        # A project on a disk that cannot be written exports as well; only "changed since" needs the note.
        if is_needed:
            raise


def export_snapshot(
    snapshot: Snapshot,
    suggestions: ResultInfo | None,
    path: Path,
    progress: Progress,
    *,
    kind: str | None = None,
    rows: NDArray[np.int64] | None = None,
    columns: Sequence[str] = COLUMNS,
) -> int:
    """As `export_project`, from any thread; `suggestions` names those in use when the snapshot was taken."""
    chosen = export(kind) if kind is not None else export_for(path)
    wanted = np.arange(len(snapshot.columns)) if rows is None else rows
    kept = None if suggestions is None else Suggestions.from_kept(load_result(snapshot.folder, suggestions))
    with progress.stage(f"Writing {path.name}", len(wanted)), snapshot.reader() as reader:
        return chosen.write(path, _RowMaker(snapshot, kept).rows(reader, wanted, progress), columns)


class _RowMaker:
    """Makes the rows of an export as they are written."""

    def __init__(self, snapshot: Snapshot, suggestions: Suggestions | None) -> None:
        self._snapshot = snapshot
        self._suggestions = suggestions
        self._folders = PictureFolders()

    def rows(self, reader: Reader, rows: NDArray[np.int64], progress: Progress) -> Iterator[ExportRow]:
        """The products in these rows, in their order."""
        for start in range(0, len(rows), _CHUNK):
            chunk = rows[start : start + _CHUNK]
            edits = reader.edits(np.unique(self._snapshot.columns.edit[chunk]).tolist())
            for row, texts in zip(chunk.tolist(), reader.texts(chunk.tolist()), strict=True):
                yield self._row(row, texts, edits)
                progress.advance()

    def _row(self, row: int, texts: ProductTexts, edits: dict[int, HistoryEntry]) -> ExportRow:
        columns, taxonomy = self._snapshot.columns, self._snapshot.taxonomy
        suggestions = self._suggestions
        edit = edits.get(int(columns.edit[row]))
        source = self._snapshot.sources.get(texts.source_id)
        at = _place(suggestions, texts.product_id)
        suggested = (
            _suggested(suggestions, at, taxonomy) if suggestions is not None and at is not None else []
        )
        return ExportRow(
            texts.key,
            texts.name,
            texts.description,
            taxonomy.path(int(columns.category[row])),
            Status(int(columns.status[row])).word,
            edit.person if edit is not None else "",
            datetime.fromtimestamp(edit.at_us / 1e6, UTC).isoformat(timespec="seconds")
            if edit is not None
            else "",
            edit.reason if edit is not None else "",
            str(edit.classifier_version) if edit is not None and edit.classifier_version else "",
            suggested[0][0] if suggested else (),
            suggested[0][1] if suggested else None,
            tuple(suggested[1:]),
            (*_sure_above(suggestions, at, taxonomy), *reasons(suggestions, at))
            if suggestions is not None and at is not None
            else (),
            source.title if source is not None else "",
            texts.picture or "",
            texts.attributes,
            self._picture_file(source, texts.picture),
        )

    def _picture_file(self, source: SourceInfo | None, picture: str | None) -> Path | None:
        """Where the picture is: a file within its folder that is called a picture.

        Whoever sends a project says where its pictures lie, and an export is passed on.
        """
        folder = source.picture_folder if source is not None else None
        if folder is None or picture is None or PurePath(picture).suffix.lower() not in PICTURE_SUFFIXES:
            return None
        return self._folders.find(folder, picture)


def _place(suggestions: Suggestions | None, product_id: int) -> int | None:
    if suggestions is None:
        return None
    at = int(np.searchsorted(suggestions.product_id, product_id))
    return at if at < len(suggestions.product_id) and suggestions.product_id[at] == product_id else None


def _suggested(suggestions: Suggestions, at: int, taxonomy: Taxonomy) -> list[tuple[tuple[str, ...], float]]:
    found = []
    for category, confidence in zip(suggestions.category[at], suggestions.confidence[at], strict=True):
        if int(category) != NO_CATEGORY and int(category) in taxonomy.by_id:
            found.append((taxonomy.path(int(category)), round(float(confidence), 4)))
    return found


def _sure_above(suggestions: Suggestions, at: int, taxonomy: Taxonomy) -> tuple[str, ...]:
    """Which category above the best one is sure, where the best one is not."""
    sure = int(suggestions.sure_category[at])
    if sure in (NO_CATEGORY, int(suggestions.category[at, 0])) or sure not in taxonomy.by_id:
        return ()
    return (f"sure of {' > '.join(taxonomy.path(sure))} only",)


def reasons(suggestions: Suggestions, at: int) -> tuple[str, ...]:
    """Why the best category is suggested, in words."""
    said = []
    words = [str(word) for word in suggestions.words[at] if word]
    if words:
        said.append("words: " + ", ".join(words))
    nearest = int((suggestions.neighbour[at] > 0).sum())
    if nearest:
        best = float(suggestions.similarity[at].max())
        said.append(f"{nearest} nearest labelled products, the nearest {best:.0%} alike")
    share = float(suggestions.text_share[at])
    if share > 0:
        said.append(f"text {share:.0%}, picture {1 - share:.0%}")
    return tuple(said)
