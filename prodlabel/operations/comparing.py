"""What an import again would change, before it does: the differences between a source and the project.

Invariant: nothing is written. The same records, imported with the same settings, do what was said here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from prodlabel.core.edits import ImportBatch
from prodlabel.core.merging import Difference
from prodlabel.core.products import ProductRecord
from prodlabel.core.progress import Progress
from prodlabel.operations.importing import ImportSettings, label_level, read_parts
from prodlabel.project.snapshot import Snapshot
from prodlabel.sources.protocol import Catalogue
from prodlabel.sources.registry import open_catalogue

KEPT = 20_000
"""Differences that are held; the rest is counted."""


@dataclass(slots=True)
class Comparison:
    """Counts of products, and the first 20,000 of `count` differences.

    `gone`: products that came from this very source and are not in it any more; they stay in the project.
    """

    differences: tuple[Difference, ...] = ()
    count: int = 0
    new: int = 0
    changed: int = 0
    same: int = 0
    gone: int = 0


def compare_catalogue(snapshot: Snapshot, settings: ImportSettings, progress: Progress) -> Comparison:
    """Compare a whole file or folder. Raises `InputError` where it cannot be read."""
    catalogue = open_catalogue(settings.location, settings.options, settings.kind)
    return compare_opened(snapshot, settings, catalogue, progress)


def compare_opened(
    snapshot: Snapshot, settings: ImportSettings, catalogue: Catalogue, progress: Progress
) -> Comparison:
    """The same for a catalogue that the caller opened."""
    level = label_level(settings, catalogue.kind)
    with progress.stage(f"Comparing {catalogue.title}", unit="products"):
        parts = (records for records, _ in read_parts(catalogue, progress))
        found, known = _compare(snapshot, parts, settings, level, progress)
    source = _source_of(snapshot, settings.location, catalogue.kind)
    if source is not None:
        columns = snapshot.columns
        of_source = columns.product_id[columns.source_id == source]
        found.gone = int((~np.isin(of_source, np.array(known, dtype=np.int64))).sum())
    return found


def compare_records(
    snapshot: Snapshot, records: Iterable[ProductRecord], settings: ImportSettings, progress: Progress
) -> Comparison:
    """Compare products that were found already; what else their source has is not known."""
    level = label_level(settings, settings.kind or "")
    return _compare(snapshot, [tuple(records)], settings, level, progress)[0]


def _compare(
    snapshot: Snapshot,
    parts: Iterable[tuple[ProductRecord, ...]],
    settings: ImportSettings,
    level: int | None,
    progress: Progress,
) -> tuple[Comparison, list[int]]:
    found, known = Comparison(), list[int]()
    differences: list[Difference] = []
    with snapshot.reader() as reader:
        for records in parts:
            progress.check()
            plan = reader.plan(ImportBatch(0, records, level, take=settings.take, chosen=settings.chosen))
            found.new += len(plan.new) + len(plan.returned)
            found.changed += len(plan.merged)
            found.same += plan.same
            known += plan.known_ids
            for one in plan.merged:
                found.count += len(one.differences)
                differences += one.differences[: KEPT - len(differences)]
    found.differences = tuple(differences)
    return found, known


def _source_of(snapshot: Snapshot, location: Path, kind: str) -> int | None:
    """The id under which the project knows this place."""
    wanted = str(location.resolve())
    for one in snapshot.sources.values():
        if one.kind == kind and one.location == wanted:
            return one.id
    return None
