"""The table of encoders and pipelines: complete, repeatable, and blind to labels."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from prodlabel.core.edits import ImportBatch
from prodlabel.core.errors import Cancelled
from prodlabel.core.products import ProductRecord
from prodlabel.core.progress import Progress, ProgressState
from prodlabel.operations.encode import VECTOR_FOLDER
from prodlabel.operations.findings import Findings
from prodlabel.operations.materials import Materials
from prodlabel.operations.other_clusterings import METHODS, TITLES
from prodlabel.operations.protocol import ALL, PIPELINES, VOTE, PipelineRow, compare_pipelines
from prodlabel.operations.spaces import TEXT
from prodlabel.operations.texts import prepare_texts, text_key
from prodlabel.project.project import Project
from prodlabel.project.results import FINDING
from prodlabel.store.atomic import save_arrays, write_json
from prodlabel.store.vectors import VectorStore, key_array

KINDS = (("home", "towel"), ("home", "mug"), ("watch", "wrist watch"), ("watch", "wall clock"))
COUNT, WIDTH = 60, 8


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    """60 products of four kinds in two categories; the vector of each is its kind's axis and some noise."""
    records = []
    for number in range(COUNT):
        above, kind = KINDS[number % 4]
        name = f"{kind} {'abcdefgh'[number % 8] * 5} {number * 7919}"
        records.append(ProductRecord(f"key-{number}", name, f"A {kind}, number {number}", (above, kind)))
    with Project.create(tmp_path_factory.mktemp("protocol") / "shop", name="Shop", person="Ada") as made:
        source = made.register_source(kind="table", location="shop.csv", title="shop.csv")
        made.apply(ImportBatch(source, tuple(records)))
        _write_vectors(made)
        yield made


def _write_vectors(project: Project) -> None:
    snapshot = project.snapshot()
    texts = prepare_texts(snapshot, Progress()).text
    vectors = np.random.default_rng(3).normal(0, 0.1, (COUNT, WIDTH)).astype(np.float32)
    kind = np.arange(COUNT) % 4
    vectors[np.arange(COUNT), kind] += 1.0
    # The two kinds of a category lie nearer to each other than to the others.
    vectors[np.arange(COUNT), 4 + kind // 2] += 2.0
    folder = project.folder / VECTOR_FOLDER
    keys = key_array([text_key(text) for text in texts])
    with VectorStore.open(folder, "minilm", "by-hand", WIDTH, writable=True) as store:
        store.append(keys, vectors)
    path: Path = folder / "minilm.text.npz"
    save_arrays(path, {"product_id": snapshot.columns.product_id, "key": keys})
    write_json(path.with_suffix(".json"), {"encoder": "minilm", "version": "by-hand", "dim": WIDTH})


def _compared(project: Project) -> list[PipelineRow]:
    return compare_pipelines(
        Materials(project.snapshot()), Findings(project), Progress(), seeds=2, draws=2,
        encoders=("minilm", "tfidf"), workers=1,
    )  # fmt: skip


@pytest.fixture(scope="module")
def rows(project: Project) -> list[PipelineRow]:
    return _compared(project)


def test_every_encoder_meets_every_pipeline_and_the_program_its_own(rows: list[PipelineRow]) -> None:
    assert {(row.encoder, row.pipeline) for row in rows} == {
        *(("minilm", pipeline) for pipeline in PIPELINES),
        *(("tfidf", pipeline) for pipeline in PIPELINES),
        (ALL, VOTE),
        *((METHODS, title) for title in TITLES.values()),
    }
    assert next(row for row in rows if row.encoder == ALL).field == TEXT


def test_plain_categories_are_found_at_both_levels_far_above_chance(rows: list[PipelineRow]) -> None:
    for row in rows:
        if row.encoder == "minilm":
            assert row.clusters == 2
            assert row.ari.mean > 0.9
            assert row.draws.mean > 0.9
            assert row.level_2 is not None
            assert row.level_2.mean > 0.8
            assert abs(row.chance.mean) < 0.1
            assert row.interval[0] <= row.ari.mean + 1e-9


def test_the_table_is_plain_json(rows: list[PipelineRow]) -> None:
    held = json.loads(json.dumps([row.as_json() for row in rows]))
    assert set(held[0]["ari"]) == {"mean", "std"}


def test_the_second_level_is_left_out_when_not_asked_for(project: Project) -> None:
    found = compare_pipelines(
        Materials(project.snapshot()), Findings(project), Progress(), seeds=1, draws=0, encoders=(),
        level_2=False, workers=1,
    )  # fmt: skip
    assert [row.level_2 for row in found] == [None] * (1 + len(TITLES))


def test_products_without_two_categories_give_no_table(tmp_path: Path) -> None:
    with Project.create(tmp_path / "bare", name="Bare", person="Ada") as bare:
        assert compare_pipelines(Materials(bare.snapshot()), Findings(bare), Progress()) == []


def test_a_comparison_stops_at_a_cancel(project: Project) -> None:
    progress = Progress(interval_s=0.0)

    def stop(state: ProgressState) -> None:
        if state.stage.startswith("Comparing") and state.done:
            progress.token.cancel()

    progress.listener = stop
    with pytest.raises(Cancelled):
        compare_pipelines(
            Materials(project.snapshot()), Findings(project), progress, seeds=1, draws=0,
            encoders=("minilm",), workers=1,
        )  # fmt: skip
    kept = [info.name for info in project.results.list(FINDING) if info.name.endswith("/KMeans")]
    assert "pipelines/minilm/text/KMeans" in kept
