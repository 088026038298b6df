"""A curator's day with the learning loop: few labels, suggestions, keys, trainings, everything labelled.

A part of the real catalogue, so that it takes seconds; the whole of it is in `bench_journey`.
"""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from prodlabel.core.labels import Status
from prodlabel.core.progress import Progress
from prodlabel.gui.main_window import MainWindow
from prodlabel.gui.warm_up import warm_up
from prodlabel.operations.encode import DEFAULT_ENCODERS
from prodlabel.operations.importing import ImportSettings, import_catalogue
from prodlabel.operations.pictures import look_at_pictures
from prodlabel.operations.steps import encode_project
from prodlabel.project.project import Project
from tests.gui.stalls import StallWatch, told
from tests.gui.test_stalls import BUSY_MS
from tests.journeys.curator import PER_CATEGORY, Curator, forget_all_but, labelled_and_right

PART = 24
"""Products of each category."""
ROUNDS = (8, 10, 12)
"""Decisions before each of three trainings: as large a share of what is open as 300 are of all of it."""


def part_of_the_catalogue(source: Path, target: Path) -> Path:
    """The first products of each category with their pictures, as a catalogue of its own."""
    target.with_name("Images").mkdir()
    with source.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    kept: dict[str, list[dict[str, str]]] = {}
    for row in rows:
        group = kept.setdefault(row["product_category_tree"].partition(">>")[0], [])
        picture = source.parent / "Images" / f"{row['uniq_id']}.jpg"
        if len(group) < PART and picture.is_file():
            group.append(row)
            shutil.copy(picture, target.with_name("Images"))
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(row for group in kept.values() for row in group)
    return target


@pytest.fixture
def project(flipkart_csv: Path, tmp_path: Path) -> Project:
    made = Project.create(tmp_path / "shop", person="Ada")
    table = part_of_the_catalogue(flipkart_csv, tmp_path / flipkart_csv.name)
    import_catalogue(made, ImportSettings(table), Progress())
    look_at_pictures(made, Progress())
    encode_project(made, DEFAULT_ENCODERS, Progress())
    return made


@pytest.mark.slow
def test_few_labels_and_keys_alone_label_everything(
    open_window: Callable[[], MainWindow], project: Project, qtbot: QtBot
) -> None:
    truth = forget_all_but(project, PER_CATEGORY, seed=0)
    is_open = project.columns.status == int(Status.NONE)
    warm_up().join()
    window = open_window()
    window.show_project(project)
    curator = Curator(window, truth)
    curator.wait_for(lambda: not window.tasks.running)
    with StallWatch() as watch:
        curator.go_to_review()
        curator.train()
        for decisions in ROUNDS:
            curator.review("needs-label", decisions)
            curator.train()
        expected = curator.lower_the_line()
        curator.accept_above_the_line()
    labelled, right = labelled_and_right(project, truth)
    print(f"{right:.3f} right, {dict(curator.decisions)}, {expected:.1f} errors announced, {watch.busiest}")
    assert labelled == 1
    assert right >= 0.97
    assert curator.decisions.total() <= 300 / 654 * is_open.sum()
    assert curator.trainings == 1 + len(ROUNDS)
    assert watch.busiest.busy_ms < BUSY_MS, told(watch.longest(5))
