"""The chapter of a full study, its way into the project and back, and the report on paper."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from prodlabel import paths
from prodlabel.analysis.agreement import Spread
from prodlabel.core.progress import Progress
from prodlabel.learning.learning_curve import fit_learning_curve
from prodlabel.operations.compare import Contest
from prodlabel.operations.findings import Findings
from prodlabel.operations.full_study import FullStudy, full_study_of, keep_study
from prodlabel.operations.level_2 import FIGURES, LevelTwo
from prodlabel.operations.protocol import ALL, KMEANS, PCA_KMEANS, VOTE, PipelineRow
from prodlabel.operations.report import load_claims, make_report, save_claims
from prodlabel.operations.report.claims import PAGE
from prodlabel.operations.report.clouds import draw_cloud
from prodlabel.operations.report.methods import describe_methods
from prodlabel.project.project import Project
from tests.operations.report.conftest import SETTINGS, make_project

FOLDS = np.array([0.9, 0.92, 0.94])


def row(encoder: str, pipeline: str, ari: float) -> PipelineRow:
    spread, nothing = Spread(ari, 0.01), Spread(float("nan"), float("nan"))
    field = "fused" if encoder == ALL else "text"
    return PipelineRow(
        *(
            encoder,
            field,
            pipeline,
            100,
            3,
            5,
            spread,
            spread,
            spread,
            nothing,
            spread,
            None,
            Spread(0.0, 0.0),
        ),
        (ari - 0.05, ari + 0.05),
    )


def contest(name: str, shift: float) -> Contest:
    return Contest(
        name, name.title(), FOLDS + shift, FOLDS, FOLDS - 0.89, FOLDS, np.array([1.0, np.nan, 0.9]),
        FOLDS, FOLDS,
    )  # fmt: skip


@pytest.fixture
def study() -> FullStudy:
    labels = np.array([20, 40, 80, 160, 320])
    curve = fit_learning_curve(labels, 0.95 - 2.0 / labels + np.zeros((3, 1)))
    parts = ("labels", "f1", "floor", "factor", "exponent")
    names = (("text", 0.0), ("picture", -0.1), ("early-studies", -0.05), ("fusion", 0.02))
    return FullStudy(
        (row(ALL, VOTE, 0.8), row("minilm", KMEANS, 0.5), row("minilm", PCA_KMEANS, 0.6)),
        (("BERT", f"BERT needs weights. Put them into {paths.user_weights() / 'bert'}."),),
        {
            "families": [contest(name, shift) for name, shift in names],
            "apart": [contest(name, shift + 0.01) for name, shift in names],
        },
        LevelTwo(100, 9, dict.fromkeys(FIGURES, (0.5, 0.1))),
        {name: getattr(curve, name).tolist() for name in parts},
        7,
    )


def test_a_study_comes_back_from_the_project_as_it_was(study: FullStudy, tmp_path: Path) -> None:
    with make_project(tmp_path / "shop") as project:
        assert full_study_of(project) is None
        keep_study(Findings(project), study)
        found = full_study_of(project)
    assert found is not None
    assert str(found.rows) == str(study.rows)  # NaN equals nothing, but reads the same
    assert (found.missing, found.level_2, found.at_edit) == (study.missing, study.level_2, 7)
    np.testing.assert_array_equal(found.contests["apart"][3].precision, study.contests["apart"][3].precision)
    assert found.learning_curve().sentence(0.9) == study.learning_curve().sentence(0.9)


def test_forecasts_count_from_the_labels_that_there_are(study: FullStudy) -> None:
    """320 labels taught the last point; 0.95 takes 400."""
    labels = np.array([20, 40, 80, 160, 320])
    curve = fit_learning_curve(labels, 1 - 0.05 * np.sqrt(400 / labels) + np.zeros((3, 1)))
    parts = {name: getattr(curve, name).tolist() for name in ("labels", "f1", "floor", "factor", "exponent")}
    told = replace(study, curve=parts | {"available": 430})
    methods = describe_methods(told, last_edit=7)
    assert methods.forecasts[0] == "A macro-F1 of 0.95 is reached with the labels there are (430)."
    assert "430 labels are there" in str(methods.curve)
    old = replace(study, curve=parts)
    assert old.learning_curve().there == 427, "studies of before did not say; they held a quarter out"


def test_the_chapter_says_what_was_found_and_what_could_not_run(study: FullStudy) -> None:
    methods = describe_methods(study, last_edit=7)
    assert not methods.is_stale
    assert describe_methods(study, last_edit=8).is_stale
    assert methods.lines[0].is_own
    assert [line.is_best for line in methods.lines if not line.is_own] == [False, True]
    assert "94.0 %, better than text alone (92.0 %)" in methods.said[2]
    assert "one hidden layer) reaches 87.0 % here" in methods.said[2]
    assert "1.0 points" in methods.leak
    [(title, need)] = methods.missing
    assert title == "BERT"
    assert need.startswith("BERT needs weights. Put them into the weights folder")
    assert "measured were" in methods.forecast_error
    assert [line.span for line in methods.lines] == [1, 2, 0]
    assert "reached" in methods.forecasts[0]
    assert not any("reached" in one for one in methods.forecasts[1:])
    assert methods.level_2[0] == ("Taken at the second level", "50.0 % ± 10.0", "50.0 % ± 10.0")
    assert methods.contests[0].lines[3].is_best


def test_a_cloud_is_the_same_every_time_and_its_words_do_not_touch() -> None:
    words = [(f"word{number}", 1.0 / (number + 1)) for number in range(30)]
    drawn = draw_cloud(words, "Mugs <1>", 3)
    assert drawn == draw_cloud(words, "Mugs <1>", 3)
    assert "Mugs &lt;1&gt;" in drawn
    assert drawn.count("<text") > 15


def test_the_report_on_paper_is_a_document_and_the_same_every_time(studied: Project, tmp_path: Path) -> None:
    summary = make_report(studied, tmp_path / "report.pdf", Progress(), SETTINGS)
    content = (tmp_path / "report.pdf").read_bytes()
    assert content.startswith(b"%PDF-")
    assert summary.bytes == len(content)
    assert len(re.findall(rb"/Type /Page\b", content)) > 3
    make_report(studied, tmp_path / "again.pdf", Progress(), SETTINGS)
    assert (tmp_path / "again.pdf").read_bytes() == content


def test_claims_name_their_products(studied: Project, tmp_path: Path) -> None:
    page = tmp_path / "report.html"
    summary = make_report(studied, page, Progress(), SETTINGS)
    html = page.read_text(encoding="utf-8")
    assert 'id="left"' in html
    assert 'id="cluster-0"' in html
    known = set(studied.columns.product_id.tolist())
    assert summary.claims
    for claim in summary.claims:
        assert claim.product_ids
        assert set(claim.product_ids) <= known
    assert load_claims(page) == ()
    # Wherever the page lies, the window finds what it claims with the project.
    assert load_claims(studied.folder / PAGE) == summary.claims
    save_claims(page, summary.claims)
    assert load_claims(page) == summary.claims
    page.with_suffix(".json").write_text(json.dumps({"claims": "none"}), encoding="utf-8")
    assert load_claims(page) == ()
