"""Import: products from a source into the project, batch by batch, each committed before the next is read.

A worker reads (`read_parts`), whoever owns the project applies (`ImportRun`); `import_catalogue` does both.
Stopped in the middle, what was applied stays, and the same import again goes on: rows that are there already
change nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from prodlabel.core.edits import NOTHING_CHOSEN, Because, ImportBatch
from prodlabel.core.errors import InputError
from prodlabel.core.merging import Difference, TakeFrom
from prodlabel.core.products import Problem, ProblemReport, ProductRecord
from prodlabel.core.progress import Progress
from prodlabel.operations.attribution import ATTRIBUTION
from prodlabel.project.project import Project
from prodlabel.sources.exports.csv import defuse
from prodlabel.sources.food.attribution import of_kind, sentences
from prodlabel.sources.protocol import NO_OPTIONS, Catalogue, OpenOptions

_FIRST_BATCH, _LARGEST_BATCH = 1000, 20_000
_KEPT_DIFFERENCES = 10_000
IMPORTER = "import"
"""What an import names itself to the project; its many changes are shown now and then."""

_LABEL_LEVELS = {"flipkart": 1}
"""The level of the taxonomy that is the label, for kinds whose deeper levels are too many to label by."""


@dataclass(frozen=True, slots=True)
class ImportSettings:
    """What to import. `kind` None: found from the location. `label_level` 0: the usual one for the kind, but
    no less deep than `least_level`.

    `take` and `chosen` say whose values win where the source changed what it said (see `ImportBatch`).
    `pictures_apart`: pictures are decoded in processes of their own, with limits.
    """

    location: Path
    kind: str | None = None
    options: OpenOptions = NO_OPTIONS
    label_level: int | None = 0
    take: TakeFrom = TakeFrom.EDITS_FIRST
    chosen: Mapping[str, frozenset[str]] = field(default_factory=lambda: NOTHING_CHOSEN)
    least_level: int = 0
    pictures_apart: bool = False


@dataclass(slots=True)
class ImportReport(ProblemReport):
    """What an import came to.

    `product_ids` are those that were added or changed. `differences` holds the first 10,000 of
    `difference_count`.
    """

    source_id: int
    title: str
    added: int = 0
    changed: int = 0
    same: int = 0
    product_ids: list[int] = field(default_factory=list)
    picture_rows: dict[str, int] = field(default_factory=dict)
    differences: list[Difference] = field(default_factory=list)
    difference_count: int = 0

    @property
    def products(self) -> int:
        """How many products the source gave, new or known."""
        return self.added + self.changed + self.same


def usual_label_level(kind: str) -> int | None:
    """The level of the taxonomy that labels come from for a kind of catalogue; None: the whole path."""
    return _LABEL_LEVELS.get(kind)


def label_level(settings: ImportSettings, kind: str) -> int | None:
    """How many levels of the path are the label; None: all."""
    if settings.label_level != 0:
        return settings.label_level
    usual = usual_label_level(kind)
    return None if usual is None else max(usual, settings.least_level)


class ImportRun:
    """One import under way: belongs to whoever owns the project, is fed by whoever reads."""

    def __init__(self, project: Project, settings: ImportSettings, catalogue: Catalogue) -> None:
        project.prepare_bulk("before-import")
        self._credits = dict.fromkeys(filter(None, [of_kind(catalogue.kind)]))
        source_id = register(project, settings.location, catalogue, tuple(self._credits))
        self.report = ImportReport(source_id, catalogue.title)
        self._project, self._settings, self._catalogue = project, settings, catalogue
        self._level = label_level(settings, catalogue.kind)
        self._because = Because(f"import of {catalogue.title}")
        self._step: int | None = None

    def go_on_in(self, project: Project) -> None:
        """Write through this one from now on: another thread goes on with the import."""
        self._project = project

    def take(self, records: tuple[ProductRecord, ...], problems: list[Problem]) -> None:
        """Commit one batch. All batches of a run are one step of the history, unless somebody edits or undoes
        meanwhile: what comes after that is a step of its own, which can be taken back alone."""
        report = self.report
        for problem in problems:
            report.note(problem)
        self._note_credits(records)
        settings = self._settings
        batch = ImportBatch(
            report.source_id, records, self._level, self._step, self._because, settings.take, settings.chosen
        )
        applied = self._project.apply(batch, initiator=IMPORTER)
        assert applied.imported is not None
        report.added += applied.imported.added
        report.changed += applied.imported.changed
        report.same += applied.imported.same
        report.product_ids += applied.imported.product_ids
        report.difference_count += len(applied.imported.differences)
        report.differences += applied.imported.differences[: _KEPT_DIFFERENCES - len(report.differences)]
        for record in records:
            if record.picture is not None and record.row is not None:
                report.picture_rows[record.key] = record.row
        self._step = applied.step or self._step

    def _note_credits(self, records: tuple[ProductRecord, ...]) -> None:
        """Keep with the source what the products' licences want said, whichever file they came in."""
        found = dict.fromkeys(sentences(record.attributes for record in records))
        if found.keys() <= self._credits.keys():
            return
        self._credits |= found
        register(self._project, self._settings.location, self._catalogue, tuple(self._credits))


def import_catalogue(project: Project, settings: ImportSettings, progress: Progress) -> ImportReport:
    """Read a catalogue and take it into the project as one step of the history."""
    from prodlabel.sources.registry import open_catalogue  # all kinds of sources, and what they need

    catalogue = open_catalogue(settings.location, settings.options, settings.kind)
    return import_opened(project, settings, catalogue, progress)


def import_opened(
    project: Project, settings: ImportSettings, catalogue: Catalogue, progress: Progress
) -> ImportReport:
    """The same for a catalogue that the caller opened; `settings.location` is what the project remembers."""
    run = ImportRun(project, settings, catalogue)
    with progress.stage(f"Reading {catalogue.title}", unit="products"):
        for records, problems in read_parts(catalogue, progress):
            run.take(records, problems)
            # The catalogue counts in a stage of its own, which is the one that is open here.
            progress.check()
    return run.report


def register(project: Project, location: Path, catalogue: Catalogue, credits: tuple[str, ...] = ()) -> int:
    """Make the source known to the project; `credits`: sentences that its licence wants said."""
    mapping = catalogue.mapping
    options: dict[str, Any] = {"mapping": mapping.to_json()} if mapping is not None else {}
    return project.register_source(
        kind=catalogue.kind,
        # A search in a database is no path, and must not become one.
        location=str(location.resolve() if location.exists() else location),
        title=catalogue.title,
        picture_folder=catalogue.picture_folder,
        options=options | ({ATTRIBUTION: list(credits)} if credits else {}),
    )


def problems_text(problems: Iterable[Problem]) -> str:
    """A table for people and spreadsheets: row, key, code, message, separated by tabs, one line a problem."""
    lines = ["row\tkey\tcode\tmessage"]
    for one in problems:
        cells = ("" if one.row is None else str(one.row), one.key or "", one.code, one.message)
        lines.append("\t".join(defuse(" ".join(cell.split())) for cell in cells))
    return "\n".join(lines) + "\n"


def write_problems(path: Path, problems: Iterable[Problem]) -> None:
    """Write `problems_text` to a file. Raises `InputError` where that is not possible."""
    try:
        path.write_text(problems_text(problems), encoding="utf-8")
    except OSError as error:
        raise InputError(f"{path} cannot be written ({error.strerror}). Choose another file.") from error


def read_parts(
    catalogue: Catalogue, progress: Progress
) -> Iterator[tuple[tuple[ProductRecord, ...], list[Problem]]]:
    """Products and problems in batches: small at first, so that something is seen at once."""
    records: list[ProductRecord] = []
    problems: list[Problem] = []
    size = _FIRST_BATCH
    for item in catalogue.records(progress):
        if isinstance(item, Problem):
            problems.append(item)
            continue
        records.append(item)
        if len(records) >= size:
            progress.check()
            yield tuple(records), problems
            records, problems = [], []
            size = min(size * 2, _LARGEST_BATCH)
    if records or problems:
        yield tuple(records), problems
