"""Texts of a million characters, and all that is hostile, never hold the window up."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from prodlabel.core.edits import ChangeCategory, ImportBatch
from prodlabel.core.products import ProductRecord
from prodlabel.gui.catalogue.marked_text import marked, shortened
from prodlabel.gui.long_texts import LONGEST, cut
from prodlabel.gui.main_window import MainWindow
from prodlabel.gui.places import REVIEW
from prodlabel.project.project import Project
from tests.gui.projects import WORDS, add_results, make_pictures
from tests.gui.stalls import StallWatch, told
from tests.hostile.catalogues import TEXTS

HANG_MS = 1500.0
"""Of the GUI thread's own processor time in one turn; a text that is not cut takes several seconds."""
LONG = [("word " * 180_000), "x" * 900_000, "\n" * 20_000, "﷽" * 20_000, "<b>" * 300_000]


def storable(text: str) -> str:
    return text.encode("utf-8", "replace").decode().replace("\0", "")[:1_000_000]


def hostile_project(folder: Path) -> Project:
    """Sixty products whose every text is one of the long or hostile ones."""
    pictures = make_pictures(folder.parent)
    project = Project.create(folder, person="P" * 3000)
    source = project.register_source(kind="table", location="x.csv", title="x.csv", picture_folder=pictures)
    texts = [storable(text) for text in (*LONG, *TEXTS)]
    made = tuple(
        ProductRecord(
            f"k{number}",
            f"{WORDS[number % 3]} {texts[number % len(texts)]}",
            texts[number % len(texts)],
            ("Shop", WORDS[number % 3].title()),
            picture="cup.png",
            attributes={"brand": texts[number % len(texts)], texts[number % len(texts)] or "x": "y"},
        )
        for number in range(60)
    )
    project.apply(ImportBatch(source, made))
    add_results(project)
    for word, text in zip(WORDS, (LONG[0], LONG[1], LONG[3]), strict=True):
        found = project.taxonomy.find(("Shop", word.title()))
        assert found is not None
        project.apply(ChangeCategory(found, {"name": f"{word} {text}"}))
    return project


@pytest.mark.slow
def test_no_text_holds_the_window_up(
    open_window: Callable[[], MainWindow], tmp_path: Path, qtbot: QtBot
) -> None:
    window = open_window()
    project = hostile_project(tmp_path / "hostile")
    with StallWatch() as watch:
        window.show_project(project)
        qtbot.waitUntil(lambda: not window.tasks.running, timeout=60_000)
        assert window.workplace is not None
        session = window.workplace.session
        session.select_rows(np.arange(60))
        for product_id in session.columns.product_id[: len(LONG) + len(TEXTS)].tolist():
            session.look_at(int(product_id))
            qtbot.wait(30)
        session.propose(int(session.columns.category[-1]))
        session.apply_plan()
        window.toggle_panel("history")
        qtbot.wait(100)
        window.show_place(REVIEW)
        qtbot.waitUntil(lambda: not window.tasks.running, timeout=60_000)
        qtbot.wait(100)
    print(f"busiest turn {watch.busiest.busy_ms:.0f} ms")
    assert watch.busiest.busy_ms < HANG_MS, told(watch.longest(5))


def test_what_is_long_is_cut_and_what_is_short_is_not_touched() -> None:
    assert cut("short") == "short"
    assert cut("x" * 5000) == "x" * (LONGEST - 1) + "…"
    assert len(shortened("word " * 100_000, ["word"])) < 1000
    assert len(marked("<" * 900_000, ["<"], "#000", "#fff")) < 200 * LONGEST
