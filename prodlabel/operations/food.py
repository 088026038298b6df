"""Import from a food database: what was found goes into the project, and only then is the search
forgotten.
"""

from __future__ import annotations

from pathlib import Path

from prodlabel.core.progress import Progress
from prodlabel.operations.importing import ImportReport, ImportRun, ImportSettings, read_parts
from prodlabel.project.project import Project
from prodlabel.sources.food.catalogue import FoodCatalogue

DOWNLOADS = "downloads"
"""The folder inside a project for pictures and for searches under way."""


def import_search(
    project: Project, catalogue: FoodCatalogue, progress: Progress, *, label_level: int | None = 0
) -> ImportReport:
    """Take a search into the project as one step of its history.

    Killed, cancelled or stopped by a fault, the same search goes on with at most one page asked for again.
    `catalogue.stopped_by` tells afterwards whether a fault ended it early. Raises `FoodError` where nothing
    was found because of one.
    """
    settings = ImportSettings(Path(catalogue.query.location), catalogue.kind, label_level=label_level)
    run = ImportRun(project, settings, catalogue)
    with progress.stage(f"Importing {catalogue.title}", catalogue.query.wanted, "products"):
        for records, problems in read_parts(catalogue, progress):
            run.take(records, problems)
            progress.advance(len(records))
    catalogue.finish()
    return run.report
