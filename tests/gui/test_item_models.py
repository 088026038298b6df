"""Every Qt item model keeps the rules of Qt's own model tester."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

import prodlabel
from prodlabel.core.edits import AddCategory, ChangeCategory, Relabel
from prodlabel.core.merging import Difference
from prodlabel.core.products import Problem, ProductRecord
from prodlabel.gui.catalogue.history_panel import HistoryModel
from prodlabel.gui.catalogue.product_table import CATEGORY, NAME, ProductTableModel
from prodlabel.gui.catalogue.taxonomy_model import COUNT_ROLE, TaxonomyModel
from prodlabel.gui.catalogue.thumbnail_grid import ProductListModel
from prodlabel.gui.dialogs.differences_page import TAKE, DifferenceModel
from prodlabel.gui.dialogs.problem_list import ProblemModel
from prodlabel.gui.dialogs.record_table import KEY, RecordModel
from prodlabel.gui.librarian import Librarian
from prodlabel.gui.session import Session
from tests.gui.projects import make_project


@pytest.fixture
def session(qapp: QApplication, tmp_path: Path) -> Iterator[Session]:
    made = Session(make_project(tmp_path / "small"))
    yield made
    made.close()


def test_taxonomy_model_follows_edits(session: Session, qtmodeltester: ModelTester) -> None:
    model = TaxonomyModel(session.taxonomy, session.columns, session.styles)
    qtmodeltester.check(model)
    root = model.index(0, 0)
    assert root.data() == "Shop"
    assert root.data(COUNT_ROLE) == 60
    assert [model.index(row, 0, root).data() for row in range(3)] == ["Cup", "Bag", "Lamp"]
    session.apply(AddCategory("Hats", session.taxonomy.find(("Shop",))))
    model.show(session.taxonomy, session.columns, session.styles)
    assert model.rowCount(root) == 4
    qtmodeltester.check(model)


def test_taxonomy_model_counts_follow_labels(session: Session) -> None:
    model = TaxonomyModel(session.taxonomy, session.columns, session.styles)
    bag = session.taxonomy.find(("Shop", "Bag"))
    assert bag is not None
    session.apply(Relabel(session.columns.product_id[:5], bag))
    model.show_counts(session.columns)
    assert model.index_of(bag).data(COUNT_ROLE) == 25


def test_dropping_a_category_asks_for_a_move(session: Session) -> None:
    model = TaxonomyModel(session.taxonomy, session.columns, session.styles)
    cup, bag = (session.taxonomy.find(("Shop", name)) for name in ("Cup", "Bag"))
    assert cup is not None
    assert bag is not None
    wanted: list[tuple[int, int]] = []
    model.move_wanted.connect(lambda one, other: wanted.append((one, other)))
    carried = model.mimeData([model.index_of(cup)])
    model.dropMimeData(carried, model.supportedDropActions(), -1, -1, model.index_of(bag))
    assert wanted == [(cup, bag)]
    session.apply(ChangeCategory(cup, {"parent": bag}))
    model.show(session.taxonomy, session.columns, session.styles)
    assert model.parent(model.index_of(cup)) == model.index_of(bag)


def test_history_model_keeps_the_rules(session: Session, qtmodeltester: ModelTester) -> None:
    for _ in range(3):
        session.apply(Relabel(session.columns.product_id[:2], int(session.columns.category[40])))
        session.undo()
    model = HistoryModel(session)
    qtmodeltester.check(model)
    assert model.rowCount() == 7
    assert not model.canFetchMore(QModelIndex())


def test_history_is_fetched_page_by_page(session: Session) -> None:
    for number in range(110):
        session.apply(AddCategory(f"c{number}"))
    model = HistoryModel(session)
    assert model.rowCount() == 100
    model.fetchMore(QModelIndex())
    assert model.rowCount() == 111


def test_product_table_model_keeps_the_rules_and_sorts(
    session: Session, qtmodeltester: ModelTester, qtbot: QtBot
) -> None:
    librarian = Librarian(session.project.folder, session.project.sources)
    model = ProductTableModel(session, librarian)
    model.show(session.columns.product_id[[0, 25, 41, 3]])
    qtmodeltester.check(model)
    qtbot.waitUntil(lambda: model.index(0, NAME).data() == "bag 0")
    model.sort(CATEGORY)
    assert [model.index(row, CATEGORY).data() for row in range(4)] == ["Bag", "Cup", "Cup", "Lamp"]
    with qtbot.waitSignal(model.sorted):
        model.sort(NAME, Qt.SortOrder.DescendingOrder)
    wanted = ["lamp 1", "cup 3", "bag 5", "bag 0"]
    qtbot.waitUntil(lambda: [model.index(row, NAME).data() for row in range(4)] == wanted)
    librarian.close()


def test_product_list_model_keeps_the_rules(session: Session, qtmodeltester: ModelTester) -> None:
    model = ProductListModel()
    model.show(session.columns.product_id[:7])
    qtmodeltester.check(model)
    assert model.row_of(3) == 2
    assert model.row_of(99) is None


def test_remarks_of_an_import_keep_the_rules(qapp: QApplication, qtmodeltester: ModelTester) -> None:
    model = ProblemModel()
    qtmodeltester.check(model)
    model.show([Problem("no_name", "has no name", 3, "A1"), Problem("no_key", "has no key", 4)])
    qtmodeltester.check(model)
    assert [model.index(row, 0).data() for row in range(2)] == ["row 3 · A1", "row 4"]


def test_products_of_a_preview_keep_the_rules(qapp: QApplication, qtmodeltester: ModelTester) -> None:
    model = RecordModel()
    qtmodeltester.check(model)
    white = np.full((4, 6, 3), 255, dtype=np.uint8)
    model.show([ProductRecord("A1", "Lamp", category=("Shop",)), ProductRecord("A2", "Cup")], {"A1": white})
    qtmodeltester.check(model)
    model.show_pictures({"A2": white})
    assert model.index(1, KEY).data() == "A2"


def test_differences_of_an_import_keep_the_rules(qapp: QApplication, qtmodeltester: ModelTester) -> None:
    model = DifferenceModel()
    qtmodeltester.check(model)
    differences = [
        Difference(k, key, key, "name", "", "Lamp", "lamp", is_edited)
        for k, key, is_edited in ((1, "A1", False), (2, "A2", True))
    ]
    model.show(differences)
    qtmodeltester.check(model)
    model.narrow(lambda one: one.is_edited)
    qtmodeltester.check(model)
    assert model.rowCount() == 1
    model.toggle(0)
    assert model.index(0, TAKE).isValid()
    assert model.chosen == {"A1": {"name"}, "A2": {"name"}}


def test_every_model_is_among_them() -> None:
    files = [path.read_text(encoding="utf-8") for path in Path(__file__).parent.rglob("test_*.py")]
    tests = "".join(text for text in files if "qtmodeltester.check" in text)
    for path in (Path(prodlabel.__file__).parent / "gui").rglob("*.py"):
        code = path.read_text(encoding="utf-8")
        for name in re.findall(r"^class (\w+)\(QAbstract\w*Model\)", code, re.MULTILINE):
            assert name in tests, f"{path.name}: {name} wants a test with the model tester"
