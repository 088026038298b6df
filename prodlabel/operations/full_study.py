"""All measurements of a feasibility study: encoders with pipelines, classifiers compared, the second level,
the learning curve.

Invariant: stopped at any moment, also by a kill, the same study goes on where it was: each measurement is
kept with the project as it comes. What all came to is one finding, which a report reads.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from prodlabel.core.progress import Progress
from prodlabel.encoders.protocol import Kind
from prodlabel.encoders.registry import Entry, Scope, available
from prodlabel.operations.compare import FIGURES, SETTINGS, Contest, compare_classifiers
from prodlabel.operations.corpus import fit_alone, is_fitted
from prodlabel.operations.findings import Finding, Findings, Measurement, digest
from prodlabel.operations.level_2 import LevelTwo, level_2_measurement
from prodlabel.operations.materials import Materials
from prodlabel.operations.protocol import PipelineRow, compare_pipelines, missing_encoders
from prodlabel.operations.train import labels_at, make_views
from prodlabel.operations.workers import Piece, work_side_by_side
from prodlabel.project.project import Project
from prodlabel.project.results import FINDING

NAME = "full-study"
CURVE = "curve"
CURVE_SIZES, CURVE_DRAWS = 6, 6
MOST_ROWS = 3_000
_CURVE_PARTS = ("labels", "f1", "floor", "factor", "exponent")
_AVAILABLE = "available"


@dataclass(frozen=True, slots=True, eq=False)
class FullStudy:
    """`rows`: encoders with pipelines; `missing` (title, what is needed) of the encoders that could not run;
    `contests` by the name of their setting; the others are None where they could not be measured.

    `curve`: the parts of a `LearningCurve`, as lists and a number. `at_edit`: the state of the history it was
    measured at.
    """

    rows: tuple[PipelineRow, ...]
    missing: tuple[tuple[str, str], ...]
    contests: Mapping[str, Sequence[Contest]]
    level_2: LevelTwo | None
    curve: Mapping[str, Any] | None
    at_edit: int

    def learning_curve(self) -> Any:
        """The `LearningCurve`, or None."""
        from prodlabel.learning.learning_curve import TEST_SHARE, LearningCurve

        if self.curve is None:
            return None
        parts = [np.asarray(self.curve[name]) for name in _CURVE_PARTS]
        # Studies of before did not say how many labels there were: the last point held a share of them out.
        there = self.curve.get(_AVAILABLE) or round(float(parts[0][-1]) / (1.0 - TEST_SHARE))
        return LearningCurve(*parts, available=int(there))


def encoders_that_run() -> tuple[str, ...]:
    """Encoders of single items that can run on this computer: a full study compares them all."""
    return tuple(one.id for one in _compared() if one.scope is Scope.ITEM)


def _compared() -> list[Entry]:
    """What can run here, without options of encoders that are compared themselves."""
    return [one.entry for one in available() if one.missing is None and not one.entry.is_option]


def measure_in_full(
    materials: Materials, findings: Findings, progress: Progress, *, workers: int | None = None
) -> FullStudy:
    """Measure what `findings` does not know yet, and keep it; minutes for 1,000 products.

    All texts and pictures have to be encoded before.
    """
    fit_corpus_encoders(materials, progress, workers)
    contests: Mapping[str, Sequence[Contest]] = {}
    if materials.text_blocks() and materials.picture_block() is not None and _has_two(materials):
        contests = compare_classifiers(materials, SETTINGS, findings, progress, workers=workers)
    rows = compare_pipelines(materials, findings, progress, workers=workers)
    others = [one for one in (_curve(materials, progress), level_2_measurement(materials, progress)) if one]
    found = findings.measure_all("Measuring the learning curve", others, progress, workers)
    level_2 = LevelTwo.of(found["level-2"]) if "level-2" in found else None
    curve = None
    if CURVE in found:  # of many labels a draw is measured, and all of them are there
        curve = dict(found[CURVE].figures) | {_AVAILABLE: int(materials.trusted().sum())}
    study = FullStudy(
        tuple(rows), tuple(missing_encoders()), contests, level_2, curve, materials.snapshot.last_edit
    )
    keep_study(findings, study)
    return study


def keep_study(findings: Findings, study: FullStudy) -> None:
    """What all came to, for reports."""
    findings.keep(NAME, str(study.at_edit), Finding(_as_json(study)))


def fit_corpus_encoders(materials: Materials, progress: Progress, workers: int | None = None) -> None:
    """The blocks of all encoders that learn on the catalogue, side by side; each is kept, and made again only
    when the catalogue changes."""
    ready = [one for one in _compared() if one.scope is Scope.CORPUS]
    has_picture = bool(materials.snapshot.columns.has_picture.any())
    wanted = [one for one in ready if one.kind is Kind.TEXT or has_picture]
    with progress.stage("Fitting encoders to the catalogue", len(wanted), "encoders"):
        left = [one for one in wanted if not is_fitted(materials, one.id, progress)]
        progress.skip(len(wanted) - len(left))
        # Those that look at pictures take longest, and words in their order longer than words alone.
        left.sort(key=lambda one: (one.kind is Kind.TEXT, one.id != "word2vec"))
        pieces = [Piece(fit_alone, (materials.snapshot, one.id)) for one in left]
        with closing(work_side_by_side(pieces, progress, workers)) as outcomes:
            for _ in outcomes:
                progress.advance()


def full_study_of(project: Project) -> FullStudy | None:
    """What the last full study came to, or None where there was none."""
    info = project.results.current(FINDING, NAME)
    return None if info is None else _from_json(info.figures)


def _has_two(materials: Materials) -> bool:
    labels = materials.level_1()[materials.trusted()]
    counts = np.unique(labels, return_counts=True)[1]
    return int((counts > 1).sum()) >= 2


def _curve(materials: Materials, progress: Progress) -> Measurement | None:
    labels = labels_at(materials, 1)
    rows = np.flatnonzero(materials.trusted())
    if not _has_two(materials):
        return None
    if len(rows) > MOST_ROWS:
        rows = np.sort(np.random.default_rng(0).choice(rows, MOST_ROWS, replace=False))
    views = materials.once("views", lambda: make_views(materials, progress)).take(rows).alone()
    families = materials.families(progress)[rows]
    parts = [one for one in (views.text_vectors, views.picture_vectors) if one is not None]
    mark = digest(1, CURVE_SIZES, CURVE_DRAWS, list(views.texts), *parts, labels[rows], families)
    return Measurement(CURVE, mark, measure_curve, (views, labels[rows], families), 20)


def measure_curve(views: Any, labels: NDArray[np.int32], families: NDArray[np.int64]) -> Finding:
    """The learning curve of the classifier, as a finding."""
    from prodlabel.learning.learning_curve import measure_learning_curve

    curve = measure_learning_curve(views, labels, families, sizes=CURVE_SIZES, draws=CURVE_DRAWS)
    return Finding({name: getattr(curve, name).tolist() for name in _CURVE_PARTS})


def _as_json(study: FullStudy) -> dict[str, Any]:
    contests = {
        title: [
            {"name": one.name, "title": one.title}
            | {figure: getattr(one, figure).tolist() for figure in FIGURES}
            for one in some
        ]
        for title, some in study.contests.items()
    }
    return {
        "rows": [row.as_json() for row in study.rows],
        "missing": [list(one) for one in study.missing],
        "contests": contests,
        "level_2": None if study.level_2 is None else asdict(study.level_2),
        "curve": study.curve,
        "at_edit": study.at_edit,
    }


def _from_json(said: Mapping[str, Any]) -> FullStudy:
    contests = {
        title: [
            Contest(one["name"], one["title"], *(_numbers(one.get(figure, ())) for figure in FIGURES))
            for one in some
        ]
        for title, some in said["contests"].items()
    }
    two = said["level_2"]
    level_2 = None
    if two is not None:
        figures = {name: tuple(_numbers(pair).tolist()) for name, pair in two["figures"].items()}
        level_2 = LevelTwo(two["products"], two["categories"], figures)
    return FullStudy(
        tuple(PipelineRow.from_json(row) for row in said["rows"]),
        tuple((title, need) for title, need in said["missing"]),
        contests,
        level_2,
        said["curve"],
        int(said["at_edit"]),
    )


def _numbers(values: Sequence[float | None]) -> NDArray[np.float64]:
    return np.array([np.nan if value is None else value for value in values], dtype=np.float64)
