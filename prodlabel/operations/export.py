"""Export: every product with its label, how it came by it, and what the classifier would say."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from prodlabel.core.labels import NO_CATEGORY, Status
from prodlabel.core.progress import Progress
from prodlabel.core.taxonomy import Taxonomy
from prodlabel.operations.suggest import Suggestions
from prodlabel.operations.train import FUSION
from prodlabel.project.project import Project
from prodlabel.project.results import SUGGESTIONS, ResultInfo, load_result
from prodlabel.project.snapshot import Reader, Snapshot
from prodlabel.sources.exports.protocol import ExportRow
from prodlabel.sources.exports.registry import export, export_for
from prodlabel.store.ledger import HistoryEntry
from prodlabel.store.products import ProductTexts

_CHUNK = 2000


def export_project(
    project: Project,
    path: Path,
    progress: Progress,
    *,
    kind: str | None = None,
    rows: NDArray[np.int64] | None = None,
) -> int:
    """Write products (all, or these rows) to `path`; the kind follows from its ending. Returns how many."""
    info = project.results.current(SUGGESTIONS, FUSION)
    return export_snapshot(project.snapshot(), info, path, progress, kind=kind, rows=rows)


def export_snapshot(
    snapshot: Snapshot,
    suggestions: ResultInfo | None,
    path: Path,
    progress: Progress,
    *,
    kind: str | None = None,
    rows: NDArray[np.int64] | None = None,
) -> int:
    """As `export_project`, from any thread; `suggestions` names those in use when the snapshot was taken."""
    chosen = export(kind) if kind is not None else export_for(path)
    wanted = np.arange(len(snapshot.columns)) if rows is None else rows
    kept = None if suggestions is None else Suggestions.from_arrays(load_result(snapshot.folder, suggestions))
    with progress.stage(f"Writing {path.name}", len(wanted)), snapshot.reader() as reader:
        return chosen.write(path, _export_rows(snapshot, reader, wanted, kept, progress))


def _export_rows(
    snapshot: Snapshot,
    reader: Reader,
    rows: NDArray[np.int64],
    suggestions: Suggestions | None,
    progress: Progress,
) -> Iterator[ExportRow]:
    """The rows of an export, made as they are written."""
    for start in range(0, len(rows), _CHUNK):
        chunk = rows[start : start + _CHUNK]
        edits = reader.edits(np.unique(snapshot.columns.edit[chunk]).tolist())
        for row, texts in zip(chunk.tolist(), reader.texts(chunk.tolist()), strict=True):
            yield _export_row(snapshot, row, texts, edits, suggestions)
            progress.advance()


def _export_row(
    snapshot: Snapshot,
    row: int,
    texts: ProductTexts,
    edits: dict[int, HistoryEntry],
    suggestions: Suggestions | None,
) -> ExportRow:
    columns, taxonomy = snapshot.columns, snapshot.taxonomy
    edit = edits.get(int(columns.edit[row]))
    source = snapshot.sources.get(texts.source_id)
    at = _place(suggestions, texts.product_id)
    suggested = _suggested(suggestions, at, taxonomy) if suggestions is not None and at is not None else []
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
        reasons(suggestions, at) if suggestions is not None and at is not None else (),
        source.title if source is not None else "",
        texts.picture or "",
        texts.attributes,
    )


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
