"""Other ways to cluster, top topics, and the proposed number of clusters that is kept."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from prodlabel.core.progress import Progress
from prodlabel.operations.findings import Findings
from prodlabel.operations.materials import Materials
from prodlabel.operations.other_clusterings import METHODS, TITLES, MethodsTrial, measure_methods
from prodlabel.operations.proposals import proposal_known, propose_once
from prodlabel.operations.protocol import PCA_KMEANS, TOP_TOPIC, PipelineRow, Trial, measure_trial
from prodlabel.operations.report.block_maps import BlockMap, block_maps, draw_block_maps
from prodlabel.operations.report.scheme import make_scheme
from prodlabel.operations.spaces import FUSED
from tests.operations.report.conftest import make_project

HEAPS, EACH = 3, 20


def heaps() -> tuple[np.ndarray, np.ndarray]:
    truth = np.repeat(np.arange(HEAPS, dtype=np.int32), EACH)
    points = np.random.default_rng(0).normal(0, 0.2, (len(truth), 6)).astype(np.float32)
    points[np.arange(len(truth)), truth] += 4.0
    return points, truth


def test_all_ways_to_cluster_are_measured_on_the_same_seeds() -> None:
    points, truth = heaps()
    trial = MethodsTrial(
        FUSED, points, np.arange(len(truth)), truth, truth, tuple(TITLES), HEAPS, 2, 1, 0.7
    )  # fmt: skip
    rows = [PipelineRow.from_json(row) for row in measure_methods(trial).figures["rows"]]
    assert [row.pipeline for row in rows] == list(TITLES.values())
    assert {row.encoder for row in rows} == {METHODS}
    assert {row.seeds for row in rows} == {2}
    for row in rows:
        assert row.ari.mean > 0.5, row.pipeline
        assert abs(row.chance.mean) < 0.1
        assert row.level_2 is not None
    assert next(row for row in rows if row.pipeline == TITLES["merging"]).ari.mean == pytest.approx(1.0)


def test_top_topic_puts_each_product_with_its_largest_topic() -> None:
    _, truth = heaps()
    shares = np.full((len(truth), 5), 0.1, np.float32)
    shares[np.arange(len(truth)), truth] = 0.6
    trial = Trial("lda", "joined", TOP_TOPIC, shares, truth, None, None, np.arange(len(truth)), 2, 1)
    found = measure_trial(trial)
    row = PipelineRow.from_json(found.figures)
    assert (row.ari.mean, row.ari.std) == (1.0, 0.0)
    assert row.clusters == 5
    np.testing.assert_array_equal(found.arrays["cluster"], truth)


def test_a_proposal_is_kept_for_its_layout_alone(tmp_path: Path) -> None:
    points, _ = heaps()
    families = np.arange(len(points))
    with make_project(tmp_path / "shop") as project:
        made = propose_once(Findings(project), FUSED, points[:, :2], families, Progress())
        again = Findings(project)
        assert proposal_known(again, FUSED, points[:, :2], families) == made
        assert proposal_known(again, FUSED, points[:, 1:3], families) is None
    assert made.candidates[0].reason


def test_small_maps_show_what_the_measurement_kept(tmp_path: Path) -> None:
    points, truth = heaps()
    with make_project(tmp_path / "shop") as project:
        ids = project.columns.product_id[: len(truth)]
        trials = [
            Trial("minilm", "text", pipeline, points, truth, None, None, ids, 1, 0)
            for pipeline in (PCA_KMEANS, "PCA + t-SNE + KMeans")
        ]
        findings = Findings(project)
        rows = []
        for trial in trials:
            found = measure_trial(trial)
            findings.keep(trial.name, trial.mark, found)
            rows.append(PipelineRow.from_json(found.figures))
        [one] = block_maps(Findings(project), rows, project.columns.product_id)
        assert isinstance(one, BlockMap)
        assert np.isfinite(one.xy[: len(truth)]).all()
        assert np.isnan(one.xy[len(truth) :]).all()
        labels = Materials(project.snapshot()).level_1()
        scheme = make_scheme(project.taxonomy, labels, 1)
        maps = draw_block_maps([one], labels, scheme, lambda row: row.encoder)
    assert [made.legend for made in maps] == ["category", "cluster"]
    assert all("<svg" in made.svg for made in maps)
