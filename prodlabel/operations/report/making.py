"""Make the report of a project: measure, collect, draw, write.

Invariant: the same project gives the same bytes, but for the date, which is handed in.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from prodlabel.core.progress import Progress
from prodlabel.operations.findings import Findings
from prodlabel.operations.materials import need_products
from prodlabel.operations.report.chapters import Chapters, write_chapters
from prodlabel.operations.report.claims import Claim, claims_of, keep_with
from prodlabel.operations.report.inputs import ReportInputs, take_inputs
from prodlabel.operations.report.page import render_page, write_page
from prodlabel.operations.spaces import FUSED
from prodlabel.project.project import Project
from prodlabel.store.atomic import write_bytes


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class ReportSettings:
    """`seconds_per_look`: how long a person looks at one product, for what would be saved. `paper`: a second
    file, such as a PDF beside the page."""

    seconds_per_look: float = 10.0
    paper: Path | None = None
    clock: Callable[[], datetime] = field(default=_now, compare=False)


@dataclass(frozen=True, slots=True)
class ReportSummary:
    """The main figures; None where the step was not run. Shares are 0..1, times seconds."""

    path: Path
    bytes: int
    products: int
    categories: int
    headline: str
    accuracy: float | None
    accuracy_std: float | None
    macro_f1: float | None
    calibration_error: float | None
    coverage: float | None
    precision: float | None
    wished_precision: float | None
    left_to_look_at: int | None
    saved_s: float | None
    suspicious_labels: int | None
    ari: float | None
    ami: float | None
    missing: tuple[str, ...]
    claims: tuple[Claim, ...] = ()
    remade: tuple[str, ...] = ()
    """Findings of before whose file was damaged: they were measured again."""

    def as_json(self) -> dict[str, Any]:
        """Plain values for machines; the claims' products are in the report."""
        said = {name: value for name, value in asdict(self).items() if name != "claims"}
        lists = {"missing": list(self.missing), "remade": list(self.remade)}
        return said | lists | {"path": str(self.path)}


def make_report(
    project: Project, path: Path, progress: Progress, settings: ReportSettings | None = None
) -> ReportSummary:
    """Write the report to `path`. Raises `NotReadyError` for a project without products, `ProjectError`
    where the file cannot be written. About 15 trainings and 9 layouts of work the first time; the project,
    where it is open for writing, keeps what they came to. What is claimed lies with the project, for the
    window."""
    inputs = take_inputs(project)
    summary = write_report(inputs, path, progress, settings or ReportSettings())
    Findings(project).keep_noted(inputs.notebook)
    keep_with(project.folder, summary.claims)
    return summary


def write_report(
    inputs: ReportInputs, path: Path, progress: Progress, settings: ReportSettings
) -> ReportSummary:
    """The part of `make_report` that a worker can do."""
    need_products(inputs.materials.snapshot)
    made_at = settings.clock()
    chapters = write_chapters(inputs, settings.seconds_per_look, made_at, progress)
    targets = [path] if settings.paper is None else [path, settings.paper]
    size = 0
    for target in targets:
        with progress.stage(f"Writing {target.name}", 1, "files"):
            written = _write(target, chapters)
            size = size or written
            progress.advance()
    return _summary(inputs, chapters, path, size)


def _write(path: Path, chapters: Chapters) -> int:
    """As a document where the name ends in ".pdf", else as a page; returns the bytes."""
    if path.suffix.lower() != ".pdf":
        return write_page(path, render_page(chapters.context))
    from prodlabel.operations.report.pdf import render_pdf

    content = render_pdf(chapters.context)
    write_bytes(path, content)
    return len(content)


def _summary(inputs: ReportInputs, chapters: Chapters, path: Path, size: int) -> ReportSummary:
    evidence, verdict = chapters.evidence, chapters.verdict
    fused = chapters.agreement.get(FUSED)
    figures = chapters.figures
    return ReportSummary(
        path=path,
        bytes=size,
        products=len(inputs.materials.snapshot.columns),
        categories=len(chapters.scheme.ids),
        headline="" if verdict is None else verdict.headline,
        accuracy=None if figures is None else figures.accuracy,
        accuracy_std=None if figures is None else figures.accuracy_std,
        macro_f1=None if figures is None else figures.macro_f1,
        calibration_error=None if figures is None else figures.calibration_error,
        coverage=None if evidence is None else evidence.coverage,
        precision=None if evidence is None or not evidence.accepted.any() else evidence.precision,
        wished_precision=None if evidence is None else evidence.settings.precision,
        left_to_look_at=None if verdict is None else verdict.saving.left,
        saved_s=None if verdict is None else verdict.saving.saved_s,
        suspicious_labels=None if chapters.suspects is None else chapters.suspects.total,
        ari=None if fused is None else fused.mean["ari"],
        ami=None if fused is None else fused.mean["ami"],
        missing=chapters.missing,
        claims=claims_of(chapters.lists),
        remade=inputs.lost,
    )
