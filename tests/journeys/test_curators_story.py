"""A curator's day from import to export: products come in, are grouped, relabelled, reviewed and written out.

Real products where they lie beside the checkout; everything else is real too: threads, processes, files.
"""

from __future__ import annotations

import csv
import os
import shutil
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

if sys.platform.startswith("linux") and not os.environ.get("DISPLAY"):
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot

from prodlabel.core.labels import Status
from prodlabel.gui.application import Look
from prodlabel.gui.main_window import MainWindow
from tests.conftest import SHARED
from tests.gui.projects import make_catalogue
from tests.gui.review.conftest import wait_for_cards
from tests.gui.windows import draw_lasso, place_of

CONTROL = Qt.KeyboardModifier.ControlModifier
OpenWindow = Callable[[], MainWindow]


def real_products(folder: Path, categories: int = 3, each: int = 16) -> Path | None:
    """Some of the real products as a table of their own with their pictures; None where there are none."""
    table = SHARED / "flipkart" / "flipkart_com-ecommerce_sample.csv"
    if not table.is_file():
        return None
    with table.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    top = [row["product_category_tree"].split(">>")[0] for row in rows]
    wanted = [name for name, _ in Counter(top).most_common(categories)]
    chosen = [
        row for name in wanted for row in [r for r, t in zip(rows, top, strict=True) if t == name][:each]
    ]
    (folder / "Images").mkdir()
    for row in chosen:
        picture = table.parent / "Images" / row["image"]
        if picture.is_file():
            shutil.copy(picture, folder / "Images")
    with (folder / "shop.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(chosen)
    return folder / "shop.csv"


@pytest.fixture
def open_window(qapp: QApplication, tmp_path: Path) -> Iterator[OpenWindow]:
    """Starts the program anew each time: the same settings, another window."""
    look, windows = Look(qapp, tmp_path / "settings"), list[MainWindow]()
    for name, value in {"tour_seen": True, "motion": "off", "language": "en", "retrain_after": 0}.items():
        look.settings.set(name, value)

    def make() -> MainWindow:
        window = MainWindow(look.settings, look.appearance)
        window.resize(1400, 900)
        window.show()
        windows.append(window)
        return window

    yield make
    for window in windows:
        window.close()
        window.deleteLater()
    look.appearance.deleteLater()
    look.deleteLater()


def labels_by_key(window: MainWindow) -> dict[str, tuple[str, Status]]:
    session = place_of(window).session
    keys = [text.key for text in session.project.texts(list(range(len(session.columns))))]
    columns = session.columns
    names = [session.category_title(one) for one in columns.category.tolist()]
    return dict(zip(keys, zip(names, map(Status, columns.status.tolist()), strict=True), strict=True))


@pytest.mark.slow
def test_from_a_table_to_an_export_with_a_restart_between(
    open_window: OpenWindow, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = real_products(tmp_path) or make_catalogue(tmp_path)
    window = open_window()
    said: list[str] = []
    window.messages.posted.connect(lambda message: said.append(message.text))
    window.messages.crashed.connect(said.append)

    # The table is looked at, imported into a new project beside it, and mapped.
    dialog = window.commands.import_products(table)
    qtbot.waitUntil(lambda: bool(dialog.table.preview and dialog.table.preview.is_whole), timeout=60_000)
    qtbot.keyClick(dialog, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: dialog.run.intake is not None and dialog.run.intake.is_over, timeout=60_000)
    assert dialog.run.make_map.isChecked()
    dialog.close()
    qtbot.waitUntil(
        lambda: place_of(window).session.computed.suggestions is not None and not window.tasks.running,
        timeout=500_000,
    )
    session, view = place_of(window).session, place_of(window).map.view
    view.settle()
    assert len(session.columns) in (48, 60)
    folder = session.project.folder

    # A lasso around one category's corner of the map; a digit shows first what would change.
    usual = session.columns.category.copy()
    kinds, counts = np.unique(usual, return_counts=True)
    of_one = np.flatnonzero(usual == kinds[counts.argmax()])
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    draw_lasso(window, qtbot, of_one)
    rows = session.selected_rows.copy()
    assert set(of_one.tolist()) <= set(rows.tolist())
    target = int(next(kind for kind in kinds.tolist() if kind != usual[rows[0]]))
    qtbot.keyClick(window, session.styles.digit(session.styles.main_of(target)) or "")
    assert place_of(window).map.card.isVisible()
    assert np.array_equal(session.columns.category, usual)
    session.take_all_in()
    assert session.plan is not None
    count = len(session.plan.applied)
    qtbot.keyClick(window, Qt.Key.Key_Return)
    changed = session.columns.category.copy()
    assert len(set(changed[rows].tolist())) == 1
    qtbot.keyClick(window, Qt.Key.Key_Z, CONTROL)
    assert np.array_equal(session.columns.category, usual)
    qtbot.keyClick(window, Qt.Key.Key_Y, CONTROL)
    assert np.array_equal(session.columns.category, changed)

    # The program is closed and started again: all is as it was, and can still be taken back.
    before = labels_by_key(window)
    window.close()
    window = open_window()
    assert window.open_project(folder)
    assert labels_by_key(window) == before
    session, search = place_of(window).session, window.top.search
    assert f"Relabel {count} products" in window.status.undo.text()
    assert session.computed.layout is not None

    # A search lights up what holds the words.
    word = session.project.texts([int(rows[0])])[0].name.split()[0]
    qtbot.keyClick(window, Qt.Key.Key_F, CONTROL)
    with qtbot.waitSignal(search.answered):
        qtbot.keyClicks(search.edit, word)
    assert session.visible[rows[0]]
    assert 0 < session.visible.sum() < len(session.columns)
    qtbot.keyClick(search.edit, Qt.Key.Key_Escape)
    search.clear()

    # Some products are decided one by one.
    window.actions_table["place_review"].trigger()
    assert window.places is not None
    review = window.places.review
    qtbot.waitUntil(lambda: review.course is not None, timeout=60_000)
    review.open_queue("random")
    wait_for_cards(window, qtbot)
    decided = []
    for key in (Qt.Key.Key_A, Qt.Key.Key_X, Qt.Key.Key_F):
        assert review.course is not None
        decided.append(review.course.product_id)
        qtbot.keyClick(window, key)
        wait_for_cards(window, qtbot)
    wanted = (Status.CONFIRMED, Status.REJECTED, Status.FLAGGED)
    for product_id, status in zip(decided, wanted, strict=True):
        row = session.row_of(product_id)
        assert row is not None
        assert Status(int(session.columns.status[row])) is status

    # What is written out holds every decision.
    target_file = tmp_path / "out.csv"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(target_file), "Table (*.csv)"))
    window.actions_table["export_products"].trigger()
    qtbot.waitUntil(lambda: target_file.is_file() and not window.tasks.running, timeout=60_000)
    with target_file.open(encoding="utf-8-sig", newline="") as file:
        written = list(csv.DictReader(file))
    now = labels_by_key(window)
    assert {row["key"] for row in written} == set(now)
    for row in written:
        name, status = now[row["key"]]
        assert row["category"].split(" > ")[-1] == name
        assert row["status"] == status.word
    assert not [text for text in said if "went wrong" in text]
