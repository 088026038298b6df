"""Takes a taxonomy into a project as one step of the history, where what is there stays; or writes it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from prodlabel.core.edits import AddCategories, Because
from prodlabel.core.errors import InputError
from prodlabel.core.products import Problem, ProblemReport
from prodlabel.core.progress import Progress
from prodlabel.project.project import Project
from prodlabel.sources.taxonomies.protocol import TaxonomyEntry
from prodlabel.sources.taxonomies.registry import taxonomy_source
from prodlabel.sources.taxonomies.writing import write_taxonomy


@dataclass(slots=True)
class TaxonomyReport(ProblemReport):
    """How many categories the file names, how many of them are new, and what is wrong with some lines."""

    title: str
    read: int = 0
    added: int = 0


def import_taxonomy(
    project: Project, location: Path, progress: Progress, *, kind: str | None = None, language: str = "en"
) -> TaxonomyReport:
    """Add what a file names to the project's taxonomy. Raises `InputError` where it names nothing."""
    source = taxonomy_source(location, kind)
    report = TaxonomyReport(location.name)
    entries = []
    for item in source.read(location, progress, language):
        if isinstance(item, Problem):
            report.note(item)
        elif item.path:
            entries.append((item.path, item.external_id))
    if not entries:
        raise InputError(f"{location.name} names no categories. Choose another file.")
    because = Because(f"import of {location.name}", details={"kind": source.kind})
    project.prepare_bulk("before-taxonomy")
    applied = project.apply(AddCategories(tuple(entries), because), initiator="import")
    report.read, report.added = len(entries), len(applied.new_categories)
    return report


def export_taxonomy(project: Project, path: Path) -> int:
    """Write the present categories with their keys; `import_taxonomy` takes the file in again. Returns how
    many. Raises `InputError` for endings but .csv and .txt."""
    taxonomy = project.taxonomy
    return write_taxonomy(path, [TaxonomyEntry(taxonomy.path(one.id), one.key) for one in taxonomy])
