"""The main job: a catalogue goes in; a map, clusters, a classifier, suggestions and a report come out.

Stopped at any moment, the same study goes on where it was: what is imported, encoded or computed is kept.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from prodlabel.core.errors import ProjectError, WeightsMissingError
from prodlabel.core.progress import Progress
from prodlabel.learning.networks.plan import NETWORKS, NetworkSettings, what_is_missing
from prodlabel.operations.findings import Findings
from prodlabel.operations.full_study import encoders_that_run, measure_in_full
from prodlabel.operations.importing import ImportReport, ImportSettings, import_catalogue
from prodlabel.operations.layout import LayoutSettings
from prodlabel.operations.materials import Materials, encoders_in_use
from prodlabel.operations.networks import missing_for
from prodlabel.operations.pictures import PictureReport, look_at_pictures
from prodlabel.operations.report import ReportSettings, ReportSummary, make_report
from prodlabel.operations.spaces import FUSED, PICTURE, TEXT
from prodlabel.operations.steps import (
    SuggestSummary,
    cluster_project,
    encode_project,
    map_project,
    propose_clusters,
    suggest_project,
    train_project,
)
from prodlabel.operations.train import FUSION, Figures, TrainSettings, labels_at
from prodlabel.project.places import with_suffix
from prodlabel.project.project import Project
from prodlabel.project.results import CLASSIFIER, CLUSTERS, LAYOUT


@dataclass(slots=True)
class StudyReport:
    """What a study came to, step by step."""

    project: Path
    imported: ImportReport | None
    pictures: PictureReport
    version: int | None = None
    figures: Figures | None = None
    suggestions: SuggestSummary | None = None
    report: ReportSummary | None = None
    remade: list[str] = field(default_factory=list)
    """What was known before, could not be read any more, and was measured again."""

    def as_json(self) -> dict[str, Any]:
        """Plain values for machines."""
        return {
            "project": str(self.project),
            "added": 0 if self.imported is None else self.imported.added,
            "problems": self.pictures.problem_count
            + (0 if self.imported is None else self.imported.problem_count),
            "classifier_version": self.version,
            "figures": self.figures.as_json() if self.figures is not None else None,
            "suggestions": self.suggestions.as_json() if self.suggestions is not None else None,
            "report": self.report.as_json() if self.report is not None else None,
            "remade": self.remade,
        }


def open_or_create(folder: Path, *, name: str | None = None, person: str | None = None) -> Project:
    """The project at `folder`, made where there is none."""
    folder = with_suffix(folder)
    if folder.is_dir():
        return Project.open(folder, person=person)
    return Project.create(folder, name=name, person=person)


def study(
    project: Project,
    catalogue: ImportSettings | None,
    page: Path,
    progress: Progress,
    *,
    is_full: bool = False,
    with_networks: bool = False,
) -> StudyReport:
    """Everything, from the catalogue to suggestions, into the project, and the report to `page`; `catalogue`
    None: the project has its products.

    `is_full`: with every encoder that can run here, and all measurements of `measure_in_full`.
    `with_networks`: with a training of each kind of network that can run here, which is compared and not put
    in use; raises `WeightsMissingError` without TensorFlow. What was done in this state of the labels before
    is not done again.
    """
    if with_networks and (missing := what_is_missing()):
        raise WeightsMissingError(missing)
    imported = None
    if catalogue is not None:
        level = _least_level(project, is_full=is_full)
        imported = import_catalogue(project, replace(catalogue, least_level=level), progress)
    rows = None if imported is None else imported.picture_rows
    is_apart = catalogue is not None and catalogue.pictures_apart
    pictures = look_at_pictures(project, progress, rows=rows, is_apart=is_apart)
    report = StudyReport(project.folder, imported, pictures)
    encoders = dict.fromkeys((*encoders_in_use(project.folder), *(encoders_that_run() if is_full else ())))
    encode_project(project, tuple(encoders), progress)
    materials = Materials(project.snapshot())
    report.remade += forget_damaged(project)
    for name in _maps(materials):
        layout = LayoutSettings(name)
        if not _is_done(project, LAYOUT, name):
            map_project(project, materials, layout, progress)
        if not _is_done(project, CLUSTERS, name):
            cluster_project(project, materials, layout, progress)
    if is_full and FUSED in _maps(materials):
        propose_clusters(project, materials, LayoutSettings(FUSED), progress)
    if has_two_categories(materials):
        _teach(project, materials, report, progress)
    if is_full:
        findings = Findings(project)
        measure_in_full(materials, findings, progress)
        report.remade += findings.lost
    if with_networks and report.version is not None:
        _train_networks(project, materials, progress)
    settings = ReportSettings(paper=page.with_suffix(".pdf")) if is_full else ReportSettings()
    report.report = make_report(project, page, progress, settings)
    report.remade += report.report.remade
    return report


def _least_level(project: Project, *, is_full: bool) -> int:
    """2 where the second level is to be measured, or labels go as deep already: importing the same catalogue
    again must not make them coarser."""
    columns, taxonomy = project.columns, project.taxonomy
    if not len(columns):
        return 2 if is_full else 0
    first, second = (taxonomy.at_level(level)[columns.category] for level in (1, 2))
    return 2 if (first != second).any() else 0


def _teach(project: Project, materials: Materials, report: StudyReport, progress: Progress) -> None:
    """A version of the classifier and its suggestions, unless they are there."""
    if _is_done(project, CLASSIFIER, FUSION):
        version = project.results.current(CLASSIFIER, FUSION)
        assert version is not None
        report.version, report.figures = version.id, Figures.from_json(version.figures)
    else:
        settings = TrainSettings(level=project.taxonomy.main_level)
        report.version, trained = train_project(project, materials, settings, progress)
        report.figures = trained.figures
    report.suggestions = suggest_project(project, materials, progress)


def _train_networks(project: Project, materials: Materials, progress: Progress) -> None:
    """A version of each kind of network that can run here, measured, unless it is there; none without texts
    and pictures."""
    if materials.picture_block() is None or not materials.text_blocks():
        return
    settings = TrainSettings(level=project.taxonomy.main_level)
    known = {
        str(one.settings.get("kind"))
        for one in project.results.list(CLASSIFIER)
        if one.after_edit == project.last_edit and one.settings.get("level") == settings.level
    }
    for kind in NETWORKS:
        network = NetworkSettings(kind)
        if kind not in known and missing_for(network) is None:
            train_project(project, materials, settings, progress, network=network, is_only_compared=True)


def forget_damaged(project: Project) -> list[str]:
    """Forget maps and clusters whose file cannot be read, so that they are made again; says which."""
    lost = []
    for one in [*project.results.list(LAYOUT), *project.results.list(CLUSTERS)]:
        try:
            project.results.load(one)
        except ProjectError:
            project.results.forget(one.id)
            lost.append(f"{one.kind} {one.name}")
    return lost


def _is_done(project: Project, kind: str, name: str) -> bool:
    """Whether the result in use has seen the newest edit."""
    found = project.results.current(kind, name)
    return found is not None and found.after_edit == project.last_edit


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
