"""Takes a taxonomy into a project as one step of the history, where what is there stays; or writes it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from prodlabel.core.edits import AddCategories, Because, ChangeCategory
from prodlabel.core.errors import InputError
from prodlabel.core.products import Problem, ProblemReport
from prodlabel.core.progress import Progress
from prodlabel.core.taxonomy import Taxonomy
from prodlabel.project.project import Project
from prodlabel.sources.taxonomies.protocol import TaxonomyEntry
from prodlabel.sources.taxonomies.registry import taxonomy_source
from prodlabel.sources.taxonomies.writing import write_taxonomy


@dataclass(slots=True)
class TaxonomyReport(ProblemReport):
    """How many categories the file names, how many of them are new, of how many others it brought a new
    description, and what is wrong with some lines."""

    title: str
    read: int = 0
    added: int = 0
    described: int = 0


def import_taxonomy(
    project: Project, location: Path, progress: Progress, *, kind: str | None = None, language: str = "en"
) -> TaxonomyReport:
    """Add what a file names to the project's taxonomy. Raises `InputError` where it names nothing."""
    source = taxonomy_source(location, kind)
    report = TaxonomyReport(location.name)
    entries: list[TaxonomyEntry] = []
    for item in source.read(location, progress, language):
        if isinstance(item, Problem):
            report.note(item)
        elif item.path:
            entries.append(item)
    if not entries:
        raise InputError(f"{location.name} names no categories. Choose another file.")
    because = Because(f"import of {location.name}", details={"kind": source.kind})
    project.prepare_bulk("before-taxonomy")
    add = AddCategories(
        tuple((one.path, one.external_id) for one in entries),
        tuple(one.description for one in entries),
        because,
    )
    described = _new_descriptions(project.taxonomy, entries, because)
    applied = project.apply(add, *described, initiator="import")
    report.read, report.added, report.described = len(entries), len(applied.new_categories), len(described)
    return report


def _new_descriptions(
    taxonomy: Taxonomy, entries: list[TaxonomyEntry], because: Because
) -> list[ChangeCategory]:
    """What the file says anew of categories that are there."""
    by_key = {one.key: one for one in taxonomy}
    found: dict[int, ChangeCategory] = {}
    for entry in entries:
        at = taxonomy.find(entry.path)
        here = by_key.get(entry.external_id) or (None if at is None else taxonomy[at])
        if here is not None and entry.description and entry.description != here.description:
            found[here.id] = ChangeCategory(here.id, {"description": entry.description}, because)
    return list(found.values())


def describe_category(project: Project, key: str, sentence: str) -> str:
    """Give the category with this key a description; returns its path in words. Raises `InputError`."""
    taxonomy = project.taxonomy
    category = next((one for one in taxonomy if one.key == key), None)
    if category is None:
        raise InputError(f"There is no category with the key “{key}”. `prodlabel taxonomy` lists them.")
    project.apply(ChangeCategory(category.id, {"description": " ".join(sentence.split())}))
    return taxonomy.path_text(category.id)


def export_taxonomy(project: Project, path: Path) -> int:
    """Write the present categories with their keys; `import_taxonomy` takes the file in again. Returns how
    many. Raises `InputError` for endings but .csv and .txt."""
    taxonomy = project.taxonomy
    return write_taxonomy(
        path, [TaxonomyEntry(taxonomy.path(one.id), one.key, description=one.description) for one in taxonomy]
    )
