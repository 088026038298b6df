"""The main job: a catalogue goes in; a map, clusters, a classifier, suggestions and a report come out.

Stopped at any moment, the same study goes on where it was: what is imported, encoded or computed is kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from prodlabel.core.progress import Progress
from prodlabel.operations.encode import DEFAULT_ENCODERS
from prodlabel.operations.importing import ImportReport, ImportSettings, import_catalogue
from prodlabel.operations.layout import FUSED, PICTURE, TEXT, LayoutSettings
from prodlabel.operations.materials import Materials
from prodlabel.operations.pictures import PictureReport, look_at_pictures
from prodlabel.operations.report import ReportSummary, make_report
from prodlabel.operations.steps import (
    SuggestSummary,
    cluster_project,
    encode_project,
    map_project,
    suggest_project,
    train_project,
)
from prodlabel.operations.train import Figures, TrainSettings, labels_at
from prodlabel.project.project import Project, with_suffix


@dataclass(slots=True)
class StudyReport:
    """What a study came to, step by step."""

    project: Path
    imported: ImportReport
    pictures: PictureReport
    version: int | None = None
    figures: Figures | None = None
    suggestions: SuggestSummary | None = None
    report: ReportSummary | None = None

    def as_json(self) -> dict[str, Any]:
        """Plain values for machines."""
        return {
            "project": str(self.project),
            "added": self.imported.added,
            "problems": sum(self.imported.problem_counts.values()) + len(self.pictures.problems),
            "classifier_version": self.version,
            "figures": self.figures.as_json() if self.figures is not None else None,
            "suggestions": self.suggestions.as_json() if self.suggestions is not None else None,
            "report": self.report.as_json() if self.report is not None else None,
        }


def open_or_create(folder: Path, *, name: str | None = None, person: str | None = None) -> Project:
    """The project at `folder`, made where there is none."""
    folder = with_suffix(folder)
    if folder.is_dir():
        return Project.open(folder, person=person)
    return Project.create(folder, name=name, person=person)


def study(project: Project, catalogue: ImportSettings, page: Path, progress: Progress) -> StudyReport:
    """Everything, from the catalogue to suggestions, into the project, and the report to `page`."""
    imported = import_catalogue(project, catalogue, progress)
    pictures = look_at_pictures(project, progress, rows=imported.picture_rows)
    report = StudyReport(project.folder, imported, pictures)
    encode_project(project, DEFAULT_ENCODERS, progress)
    materials = Materials(project.snapshot())
    for name in _maps(materials):
        layout = LayoutSettings(name)
        map_project(project, materials, layout, progress)
        cluster_project(project, materials, layout, progress)
    if has_two_categories(materials):
        report.version, trained = train_project(
            project, materials, TrainSettings(level=project.taxonomy.main_level), progress
        )
        report.figures = trained.figures
        report.suggestions = suggest_project(project, materials, progress)
    report.report = make_report(project, page, progress)
    return report


def _maps(materials: Materials) -> list[str]:
    """The maps that the blocks allow, the one on top last so that it is the newest."""
    has_text, has_picture = bool(materials.text_blocks()), materials.picture_block() is not None
    if has_text and has_picture:
        return [TEXT, PICTURE, FUSED]
    return [FUSED] if has_text or has_picture else []


def has_two_categories(materials: Materials) -> bool:
    """Whether there is anything to tell apart."""
    labels = labels_at(materials, materials.snapshot.taxonomy.main_level)
    return len(set(labels[materials.trusted()].tolist())) >= 2
