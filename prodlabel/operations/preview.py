"""A look at a catalogue before anything is written: its first products with pictures, and every problem.

Invariant: nothing of a project is read or written; memory holds the first products only, whatever the length.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

from prodlabel.core.products import Problem, ProblemReport, ProductRecord
from prodlabel.core.progress import Progress
from prodlabel.operations.importing import ImportSettings
from prodlabel.sources.mapping import ColumnMapping
from prodlabel.sources.picture_child import looking
from prodlabel.sources.picture_files import resolve_inside
from prodlabel.sources.pictures import RGB
from prodlabel.sources.protocol import Catalogue
from prodlabel.sources.registry import open_catalogue

SHOWN = 60
"""Products that a preview holds."""
THUMBNAIL_PX = 96


@dataclass(frozen=True, slots=True, eq=False)
class Preview:
    """What was seen so far; `is_whole` once everything was read.

    `pictures` holds uint8 RGB arrays (height, width, 3), at most 96 pixels a side, by product key.
    `problems` holds the first 10,000; `problem_counts` counts all by code.
    """

    kind: str
    title: str
    columns: tuple[str, ...] = ()
    mapping: ColumnMapping | None = None
    picture_folder: Path | None = None
    records: tuple[ProductRecord, ...] = ()
    pictures: dict[str, RGB] = field(default_factory=dict)
    count: int = 0
    problems: tuple[Problem, ...] = ()
    problem_counts: Counter[str] = field(default_factory=Counter)
    is_whole: bool = False


def look_over(settings: ImportSettings, progress: Progress) -> Preview:
    """Read a whole catalogue; the first products are offered as a `Preview` as soon as they are there.

    Raises `InputError` where the location cannot be read.
    """
    catalogue = open_catalogue(settings.location, settings.options, settings.kind)
    seen = Preview(
        catalogue.kind, catalogue.title, catalogue.columns, catalogue.mapping, catalogue.picture_folder
    )
    records: list[ProductRecord] = []
    told = ProblemReport()
    pictures: dict[str, RGB] = {}
    count = 0

    def so_far(*, is_whole: bool = False) -> Preview:
        return replace(
            seen, records=tuple(records), pictures=pictures, count=count, problems=tuple(told.problems),
            problem_counts=Counter(told.problem_counts), is_whole=is_whole,
        )  # fmt: skip

    for item in catalogue.records(progress):
        progress.check()
        if isinstance(item, Problem):
            told.note(item)
            continue
        count += 1
        if len(records) < SHOWN:
            records.append(item)
            if len(records) == SHOWN:
                pictures = pictures_of(catalogue, records, progress, is_apart=settings.pictures_apart)
                progress.offer(so_far())
    if len(records) < SHOWN:
        pictures = pictures_of(catalogue, records, progress, is_apart=settings.pictures_apart)
    return so_far(is_whole=True)


def pictures_of(
    catalogue: Catalogue, records: Iterable[ProductRecord], progress: Progress, *, is_apart: bool = False
) -> dict[str, RGB]:
    """Small pictures of these products by key; those without a usable one are left out, and told by the
    import, which looks at every picture. `is_apart`: decoded in a process of its own, with limits."""
    folder = catalogue.picture_folder
    found: dict[str, RGB] = {}
    with looking(1, is_apart=is_apart) as look_at:
        for one in records:
            progress.check()
            path = None if folder is None or one.picture is None else resolve_inside(folder, one.picture)
            pixels = None if path is None else look_at(path, THUMBNAIL_PX)[1]
            if pixels is not None:
                found[one.key] = pixels
    return found
