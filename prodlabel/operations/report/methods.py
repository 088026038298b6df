"""What a full study measured, as tables and sentences: encoders with pipelines, classifiers, labels needed.

Invariant: nothing is measured here; where labels have changed since, the chapter says so.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from markupsafe import Markup
from numpy.typing import NDArray

from prodlabel import paths
from prodlabel.core.errors import InputError
from prodlabel.encoders.registry import entry
from prodlabel.learning.contestants import STUDIES
from prodlabel.operations.compare import Contest
from prodlabel.operations.full_study import FullStudy
from prodlabel.operations.level_2 import LevelTwo
from prodlabel.operations.other_clusterings import METHODS
from prodlabel.operations.protocol import ALL, PIPELINES, PipelineRow
from prodlabel.operations.report.curves import draw_learning_curve
from prodlabel.operations.report.inputs import NetworkVersion
from prodlabel.operations.report.wording import count, decimal, percent

if TYPE_CHECKING:  # scikit-learn stands behind it
    from prodlabel.learning.learning_curve import LearningCurve

WISHES = (0.90, 0.93, 0.95, 0.96, 0.97, 0.98)
"""Macro-F1 that people ask for."""
NOTHING = 0.001
"""Accuracies nearer to each other are called the same."""
FIELD_TITLES = {
    "text": "name and description", "name": "name", "spec": "specifications",
    "joined": "description and specifications", "picture": "picture", "fused": "text and picture",
}  # fmt: skip
SETTING_TITLES = {
    "families": (
        "New kinds of products",
        "5 folds × 3, stratified; near-duplicate families are kept on one side, as they are when something "
        "comes that the shop did not have before.",
    ),
    "families-splits": (
        "New kinds of products, in the sizes of the published studies",
        "5 random draws of 64.7 % to learn from and 19.3 % to test on (679 and 203 of 1,050); near-duplicate "
        "families are kept on one side.",
    ),
    "apart": (
        "Near duplicates on both sides",
        "5 folds × 3, stratified, families torn apart: what is gained over the first table is learnt by "
        "heart.",
    ),
    "splits": (
        "As the published studies split",
        "5 random draws of 64.7 % to learn from and 19.3 % to test on (679 and 203 of 1,050); families torn "
        "apart, as there.",
    ),
}


@dataclass(frozen=True, slots=True)
class PipelineLine:
    """One row of the large table, figures as text; `score` and `interval` are the ARI for a bar, 0..1.
    `span`: how many rows the encoder and its field stand for, on the first of them; 0 on the others."""

    encoder: str
    field: str
    pipeline: str
    span: int
    is_own: bool
    is_best: bool
    score: float
    interval: tuple[float, float]
    ari: str
    ami: str
    v_measure: str
    silhouette: str
    draws: str
    level_2: str
    chance: str
    bootstrap: str


@dataclass(frozen=True, slots=True)
class ContestLine:
    """One classifier under one setting, figures as text."""

    title: str
    is_ours: bool
    is_best: bool
    accuracy: str
    macro_f1: str
    calibration: str
    coverage: str
    precision: str
    lower_coverage: str
    lower_precision: str


@dataclass(frozen=True, slots=True)
class ContestTable:
    """All classifiers under one setting."""

    title: str
    how: str
    lines: list[ContestLine]


@dataclass(frozen=True, slots=True)
class Methods:
    """The chapter. `said` are sentences, most important first."""

    said: list[str]
    lines: list[PipelineLine]
    seeds: int
    products: str
    missing: list[tuple[str, str]]
    contests: list[ContestTable]
    leak: str
    level_2: list[tuple[str, str, str]]
    level_2_plain: str
    curve: Markup | None
    forecasts: list[str]
    forecast_error: str
    is_stale: bool


def describe_methods(study: FullStudy, last_edit: int) -> Methods:
    """The chapter of a full study; `last_edit`: the newest entry of the history now."""
    lines = pipeline_lines(study.rows)
    curve = study.learning_curve()
    return Methods(
        _sentences(study),
        lines,
        max((row.seeds for row in study.rows), default=0),
        count(max((row.products for row in study.rows), default=0)),
        [(title, _anywhere(need)) for title, need in study.missing],
        [_table(name, some) for name, some in study.contests.items()],
        _leak(study),
        [] if study.level_2 is None else _level_2(study.level_2),
        "" if study.level_2 is None else _level_2_plain(study.level_2),
        None if curve is None else draw_learning_curve(curve),
        [] if curve is None else _forecasts(curve),
        "" if curve is None else _forecast_error(curve.labels, curve.f1),
        study.at_edit < last_edit,
    )


def encoder_title(encoder_id: str) -> str:
    """How an encoder is called; the id where it is no longer known."""
    if encoder_id == ALL:
        return "prodlabel's own"
    if encoder_id == METHODS:
        return "prodlabel's vectors, clustered otherwise"
    try:
        return entry(encoder_id).title
    except InputError:
        return encoder_id


def row_title(row: PipelineRow) -> str:
    """Encoder and field of a row."""
    return f"{encoder_title(row.encoder)}, {FIELD_TITLES.get(row.field, row.field)}"


def pipeline_lines(rows: Sequence[PipelineRow]) -> list[PipelineLine]:
    """The program's own first, then each encoder and field in the order of its best pipeline."""
    best: dict[tuple[str, str], PipelineRow] = {}
    for row in rows:
        key = (row.encoder, row.field)
        if key not in best or row.ari.mean > best[key].ari.mean:
            best[key] = row
    order = {
        key: at for at, key in enumerate(sorted(best, key=lambda one: (_rank(one[0]), -best[one].ari.mean)))
    }
    ranked = sorted(rows, key=lambda row: (order[row.encoder, row.field], _place(row.pipeline)))
    asked = Counter(row.clusters for row in rows).most_common(1)[0][0] if rows else 0
    counts = Counter((row.encoder, row.field) for row in ranked)
    keys = [None, *((row.encoder, row.field) for row in ranked)]
    return [
        _line(
            row,
            asked,
            is_best=best[row.encoder, row.field] is row,
            span=counts[row.encoder, row.field] if keys[at] != (row.encoder, row.field) else 0,
        )
        for at, row in enumerate(ranked)
    ]


def _rank(encoder: str) -> int:
    return (ALL, METHODS).index(encoder) if encoder in (ALL, METHODS) else 2


def _place(pipeline: str) -> int:
    return PIPELINES.index(pipeline) if pipeline in PIPELINES else len(PIPELINES)


def _pipeline(row: PipelineRow, asked: int) -> str:
    """With the number of clusters, where it is not that of the categories."""
    return row.pipeline if row.clusters == asked else f"{row.pipeline}: {row.clusters} clusters"


def _line(row: PipelineRow, asked: int, *, is_best: bool, span: int) -> PipelineLine:
    return PipelineLine(
        encoder_title(row.encoder), FIELD_TITLES.get(row.field, row.field), _pipeline(row, asked), span,
        row.encoder == ALL, is_best, max(0.0, row.ari.mean),
        (max(0.0, row.interval[0]), max(0.0, row.interval[1])),
        _spread(row.ari.mean, row.ari.std), decimal(row.ami.mean), decimal(row.v_measure.mean),
        decimal(row.silhouette.mean), _spread(row.draws.mean, row.draws.std),
        decimal(None if row.level_2 is None else row.level_2.mean), decimal(row.chance.mean),
        f"{decimal(row.interval[0])} to {decimal(row.interval[1])}",
    )  # fmt: skip


def _spread(mean: float, std: float) -> str:
    return decimal(mean) if np.isnan(mean) else f"{decimal(mean)} ± {decimal(std)}"


def _table(name: str, contests: Sequence[Contest]) -> ContestTable:
    title, how = SETTING_TITLES.get(name, (name, ""))
    most = max((float(one.accuracy.mean()) for one in contests), default=0.0)
    lines = [
        ContestLine(
            one.title,
            one.name == "fusion",
            bool(one.accuracy.mean() >= most),
            _shares(one.accuracy),
            _spread(float(one.macro_f1.mean()), _std(one.macro_f1)),
            decimal(float(one.calibration.mean())),
            _shares(one.coverage),
            percent(_mean(one.precision), 1),
            _shares(one.lower_coverage),
            percent(_mean(one.lower_precision), 1),
        )
        for one in contests
    ]
    return ContestTable(title, how, lines)


NETWORK_TITLES = {
    "joint": "Joint fusion, text and picture trained together",
    "joint-use": "Joint fusion, USE trained with the pictures",
    "picture-network": "Picture network, its last blocks trained",
}


def network_line(one: NetworkVersion) -> ContestLine:
    """A trained network as a row of its own: measured by its training, not on the folds of the others."""
    said = one.figures

    def share(name: str) -> str:
        return percent(said.get(name), 1)

    return ContestLine(
        f"{NETWORK_TITLES.get(one.kind, one.kind)} (version {one.number})", False, False,
        f"{share('accuracy')} ± {100 * (said.get('accuracy_std') or 0.0):.1f}",
        decimal(said.get("macro_f1")), decimal(said.get("calibration_error")), share("coverage"),
        share("precision"), "", "",
    )  # fmt: skip


def _shares(values: NDArray[np.float64]) -> str:
    if np.isnan(values).all():
        return percent(None)
    return f"{percent(_mean(values), 1)} ± {100 * _std(values):.1f}"


def _mean(values: NDArray[np.float64]) -> float:
    known = values[~np.isnan(values)]
    return float(known.mean()) if len(known) else float("nan")


def _std(values: NDArray[np.float64]) -> float:
    known = values[~np.isnan(values)]
    return float(known.std(ddof=1)) if len(known) > 1 else 0.0


def _accuracy(study: FullStudy, setting: str, name: str) -> float | None:
    found = [one for one in study.contests.get(setting, ()) if one.name == name]
    return _mean(found[0].accuracy) if found else None


def _sentences(study: FullStudy) -> list[str]:
    said = []
    own = [row for row in study.rows if row.encoder == ALL]
    others = [row for row in study.rows if row.encoder not in (ALL, METHODS)]
    if own:
        top = max(own, key=lambda row: row.ari.mean)
        said.append(
            f"Without a single label, prodlabel's own clusters of {FIELD_TITLES.get(top.field, top.field)} "
            f"agree with the categories at an ARI of {_spread(top.ari.mean, top.ari.std)} (1 is perfect, "
            f"{decimal(top.chance.mean)} is chance)."
        )
    if others:
        top = max(others, key=lambda row: row.ari.mean)
        said.append(
            f"The best single encoder is {encoder_title(top.encoder)} on the {FIELD_TITLES.get(top.field)} "
            f"with {top.pipeline}: {_spread(top.ari.mean, top.ari.std)}."
        )
    fused, text = (_accuracy(study, "families", name) for name in ("fusion", "text"))
    if fused is not None and text is not None:
        said.append(
            f"With labels, text and picture together reach {percent(fused, 1)}, {_against(fused, text)} text "
            f"alone ({percent(text, 1)}){_of_the_studies(study)}."
        )
    return said


def _of_the_studies(study: FullStudy) -> str:
    """What the early fusion of the published studies reaches, as the end of a sentence."""
    early = _accuracy(study, "families", STUDIES)
    if early is None:
        return ""
    return (
        "; the early fusion of the published studies (sentence vectors beside pictures in their raw size, "
        f"one hidden layer) reaches {percent(early, 1)} here"
    )


def _against(one: float, other: float) -> str:
    """How two accuracies compare at the digits that are shown."""
    if abs(one - other) < NOTHING:
        return "as much as"
    return "better than" if one > other else "no better than"


def _forecasts(curve: LearningCurve) -> list[str]:
    """What is reached already in one sentence, then what each further wish takes."""
    said, reached = [], None
    for wish in WISHES:
        if curve.is_reached(wish):
            reached = wish
        else:
            said.append(curve.sentence(wish))
    return said if reached is None else [curve.sentence(reached), *said]


def _leak(study: FullStudy) -> str:
    together, apart = (_accuracy(study, setting, "fusion") for setting in ("families", "apart"))
    if together is None or apart is None:
        return ""
    return (
        f"Tearing families apart would show {percent(apart, 1)} instead of {percent(together, 1)}: "
        f"{100 * (apart - together):.1f} points that are learnt by heart, and lost on products that are new."
    )


def _anywhere(need: str) -> str:
    """Without the folder of this machine: a report is handed on."""
    return need.replace(str(paths.user_weights()), "the weights folder")


def _level_2(found: LevelTwo) -> list[tuple[str, str, str]]:
    """(what, value where 99 % are wished, value where 95 % are)"""

    def said(name: str) -> str:
        mean, std = found.figures.get(name, (float("nan"), 0.0))
        return percent(None) if np.isnan(mean) else f"{percent(mean, 1)} ± {100 * std:.1f}"

    rows = (
        ("Taken at the second level", "leaf_share"),
        ("of these right", "leaf_precision"),
        ("Taken at the first level instead", "parent_share"),
        ("of these right", "parent_precision"),
        ("Left to a person", "review_share"),
        ("Right among all that is taken", "precision"),
    )
    return [(what, said(name), said(f"lower_{name}")) for what, name in rows]


def _level_2_plain(found: LevelTwo) -> str:
    """What is reached without thresholds."""
    (accuracy, std), (f1, _) = found.figures["accuracy"], found.figures["macro_f1"]
    parent = found.figures["parent_accuracy"][0]
    return (
        f"Without a threshold {percent(accuracy, 1)} ± {100 * std:.1f} of {count(found.products)} products "
        f"get the right one of {found.categories} categories of the second level (macro-F1 {decimal(f1)}), "
        f"and {percent(parent, 1)} the right one of the first."
    )


def forecast_trial(labels: NDArray[np.int64], f1: NDArray[np.float64]) -> tuple[float, float] | None:
    """(foretold, measured) macro-F1 of the largest size, foretold by the curve of the smaller ones; None
    where there are too few."""
    from prodlabel.learning.learning_curve import fit_learning_curve

    if len(labels) < 4:
        return None
    foretold = fit_learning_curve(labels[:-1], f1[:, :-1]).forecast(float(labels[-1]))[0]
    return foretold, float(f1[:, -1].mean())


def _forecast_error(labels: NDArray[np.int64], f1: NDArray[np.float64]) -> str:
    """How far the curve of the smaller sizes would have missed the largest."""
    trial = forecast_trial(labels, f1)
    if trial is None:
        return ""
    foretold, real = trial
    return (
        f"Tried on itself: from {count(labels[-2])} labels the curve foretells {decimal(foretold)} for "
        f"{count(labels[-1])}; measured were {decimal(real)}, {decimal(abs(foretold - real))} away."
    )
