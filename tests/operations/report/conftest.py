"""A small shop whose vectors are written by hand, so that no weights are needed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from prodlabel.core.edits import ImportBatch
from prodlabel.core.products import ProductRecord, content_hash
from prodlabel.core.progress import Progress
from prodlabel.operations.encode import VECTOR_FOLDER
from prodlabel.operations.layout import LayoutSettings
from prodlabel.operations.materials import Materials
from prodlabel.operations.pictures import THUMBNAIL_FOLDER
from prodlabel.operations.report import ReportSettings
from prodlabel.operations.steps import cluster_project, map_project, suggest_project, train_project
from prodlabel.operations.texts import prepare_texts, text_key
from prodlabel.operations.train import TrainSettings
from prodlabel.project.project import Project
from prodlabel.store.atomic import save_arrays, write_json
from prodlabel.store.thumbnails import Thumbnail, ThumbnailStore, make_thumbnail
from prodlabel.store.vectors import VectorStore, key_array

HOSTILE = '<script>alert("x")</script>'
KINDS = ("watch", "towel", f"mug {HOSTILE}")
EACH = 24
DIMENSIONS = 8
CLOCK = datetime(2026, 1, 2, 3, 4, tzinfo=UTC)
SETTINGS = ReportSettings(seconds_per_look=12.0, clock=lambda: CLOCK)


def records() -> tuple[ProductRecord, ...]:
    """72 products of three kinds; one towel is filed as a watch, one product has no category."""
    made = []
    for number in range(EACH * len(KINDS)):
        kind = KINDS[number % len(KINDS)]
        word = kind.split()[0]
        category = "watch" if number == 1 else kind
        made.append(
            ProductRecord(
                f"key-{number}{'<i>' if number == 5 else ''}",
                f"{word} {HOSTILE if number == 5 else 'model'} {number} {'abcdefgh'[number % 8] * 5}",
                f"A {word} of the {word} series with {word} details number {number * 7919}",
                () if number == 2 else (category,),
            )
        )
    return tuple(made)


def write_vectors(project: Project) -> None:
    """One vector for each text: its kind's axis, a little noise."""
    snapshot = project.snapshot()
    texts = prepare_texts(snapshot, Progress()).text
    rng = np.random.default_rng(3)
    vectors = rng.normal(0, 0.15, (len(texts), DIMENSIONS)).astype(np.float32)
    vectors[np.arange(len(texts)), np.arange(len(texts)) % len(KINDS)] += 1.0
    keys = key_array([text_key(text) for text in texts])
    folder = project.folder / VECTOR_FOLDER
    with VectorStore.open(folder, "minilm", "by-hand", DIMENSIONS, writable=True) as store:
        store.append(keys, vectors)
    path = folder / "minilm.text.npz"
    save_arrays(path, {"product_id": snapshot.columns.product_id, "key": keys})
    write_json(path.with_suffix(".json"), {"encoder": "minilm", "version": "by-hand", "dim": DIMENSIONS})


def write_pictures(project: Project, count: int = 20) -> None:
    """Thumbnails of the first products; the one after them has a picture that cannot be used."""
    ids = project.columns.product_id.tolist()
    facts, thumbnails = [], []
    for number, product_id in enumerate(ids[:count]):
        pixels = np.full((16, 16, 3), 10 * number, dtype=np.uint8)
        key = content_hash(pixels.tobytes())
        thumbnails.append(Thumbnail(key, 16, 16, make_thumbnail(pixels)))
        facts.append((product_id, key, 16, 16, None))
    facts.append((ids[count], None, 0, 0, "broken.jpg does not exist."))
    with ThumbnailStore(project.folder / THUMBNAIL_FOLDER) as store:
        store.put_many(thumbnails)
    project.write_picture_facts(facts)


def make_project(folder: Path) -> Project:
    """The shop with products alone."""
    project = Project.create(folder, name=f"Shop {HOSTILE}", person="Ada")
    source = project.register_source(kind="table", location="shop.csv", title=f"shop{HOSTILE}.csv")
    project.apply(ImportBatch(source, records()))
    return project


@pytest.fixture
def bare(tmp_path: Path) -> Iterator[Project]:
    """Products, and no step after the import."""
    with make_project(tmp_path / "bare") as project:
        yield project


@pytest.fixture(scope="session")
def studied(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    """Every step was run. Tests only read it."""
    with make_project(tmp_path_factory.mktemp("report") / "shop") as project:
        write_vectors(project)
        write_pictures(project)
        materials, settings = Materials(project.snapshot()), LayoutSettings(perplexity=8.0)
        map_project(project, materials, settings, Progress())
        cluster_project(project, materials, settings, Progress(), count=3)
        train_project(project, materials, TrainSettings(precision=0.9), Progress())
        suggest_project(project, materials, Progress())
        yield project
