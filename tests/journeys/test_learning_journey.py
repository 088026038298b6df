"""A curator's day with the learning loop: few labels, suggestions, keys, trainings, everything labelled."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from prodlabel.core.edits import Because, Relabel
from prodlabel.core.labels import Status
from prodlabel.core.progress import Progress
from prodlabel.gui.main_window import MainWindow
from prodlabel.operations.encode import DEFAULT_ENCODERS
from prodlabel.operations.importing import ImportSettings, import_catalogue
from prodlabel.operations.steps import encode_project
from prodlabel.project.project import Project
from tests.gui.conftest import open_window  # noqa: F401 - a fixture
from tests.journeys.curator import Curator

PER_CATEGORY, TO_BEGIN_WITH = 24, 7


def part_of_the_catalogue(source: Path, target: Path) -> Path:
    """The first products of each category with their pictures, as a catalogue of its own."""
    import csv
    import shutil

    target.with_name("Images").mkdir()

    with source.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    kept: dict[str, list[dict[str, str]]] = {}
    for row in rows:
        first = row["product_category_tree"].partition(">>")[0]
        kept.setdefault(first, [])
        picture = source.parent / "Images" / f"{row['uniq_id']}.jpg"
        if len(kept[first]) < PER_CATEGORY and picture.is_file():
            kept[first].append(row)
            shutil.copy(picture, target.with_name("Images"))
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(row for group in kept.values() for row in group)
    return target


def forget_all_but(project: Project, per_category: int, seed: int) -> dict[str, int]:
    """Take the labels away but for so many of each category; returns the category of every name."""
    columns = project.columns
    ids, truth = columns.product_id, project.taxonomy.at_level(1)[columns.category]
    rng = np.random.default_rng(seed)
    kept = np.concatenate(
        [rng.choice(np.flatnonzero(truth == one), per_category, replace=False) for one in np.unique(truth)]
    )
    project.apply(Relabel(ids, 0, Status.NONE, Because("to begin with")))
    project.apply(Relabel(ids[kept], truth[kept].astype(np.int32), Status.CONFIRMED, Because("known")))
    names = project.texts(np.arange(len(ids)).tolist())
    return {text.name: int(category) for text, category in zip(names, truth.tolist(), strict=True)}


@pytest.fixture
def project(flipkart_csv: Path, tmp_path: Path) -> Project:
    made = Project.create(tmp_path / "shop", person="Ada")
    table = part_of_the_catalogue(flipkart_csv, tmp_path / flipkart_csv.name)
    import_catalogue(made, ImportSettings(table), Progress())
    encode_project(made, DEFAULT_ENCODERS[:1], Progress())
    return made


def test_few_labels_and_keys_alone_label_everything(
    open_window: Callable[[], MainWindow],  # noqa: F811
    project: Project,
    qapp: QApplication,
    qtbot: QtBot,
) -> None:
    truth = forget_all_but(project, TO_BEGIN_WITH, seed=0)
    window = open_window()
    window.show_project(project)
    curator = Curator(window, truth)
    curator.press(Qt.Key.Key_2, Qt.KeyboardModifier.AltModifier)
    curator.train()
    curator.review(15)
    curator.train()
    while curator.review(100):
        pass
    columns = project.columns
    names = project.texts(np.arange(len(columns)).tolist())
    right = [truth[text.name] == int(c) for text, c in zip(names, columns.category.tolist(), strict=True)]
    assert (columns.category != 0).all()
    assert np.mean(right) >= 0.97
    assert curator.decisions < 0.6 * (len(columns) - TO_BEGIN_WITH * 7)
    assert curator.trainings == 2
