"""The import dialog with files: what is seen before, what comes in, what is said, by mouse and keyboard."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent, QGuiApplication
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from prodlabel.core.edits import Relabel
from prodlabel.gui.dialogs.import_dialog import ImportDialog
from prodlabel.gui.intake import Stage
from prodlabel.gui.main_window import MainWindow
from prodlabel.project.project import Project
from tests.gui.projects import make_catalogue

OpenWindow = Callable[[], MainWindow]


def whole(dialog: ImportDialog, qtbot: QtBot) -> None:
    """Wait until the whole file was looked at."""
    qtbot.waitUntil(
        lambda: dialog.table.preview is not None and dialog.table.preview.is_whole, timeout=60_000
    )


def finish(dialog: ImportDialog, qtbot: QtBot) -> None:
    # Where the project has products already, they are compared first.
    qtbot.waitUntil(lambda: dialog.run.intake is not None, timeout=60_000)
    intake = dialog.run.intake
    assert intake is not None
    qtbot.waitUntil(lambda: intake.is_over, timeout=60_000)


def import_in(window: MainWindow, table: Path, qtbot: QtBot) -> ImportDialog:
    dialog = window.commands.import_products(table)
    whole(dialog, qtbot)
    dialog.run.make_map.setChecked(False)
    qtbot.keyClick(dialog, Qt.Key.Key_Return)
    dialog.run.make_map.setChecked(False)
    finish(dialog, qtbot)
    return dialog


def close(dialog: ImportDialog, window: MainWindow, qtbot: QtBot) -> None:
    dialog.run.make_map.setChecked(False)
    dialog.close()
    qtbot.waitUntil(lambda: not window.tasks.running)


def write_table(path: Path, *lines: str) -> Path:
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def test_without_a_project_a_table_is_seen_first_and_comes_into_a_new_one(
    open_window: OpenWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    window = open_window()
    table = make_catalogue(tmp_path)
    dialog = window.commands.import_products(table)
    whole(dialog, qtbot)
    assert len(dialog.table.records.products.records) == 60
    assert len(dialog.table.preview.pictures) == 60  # type: ignore[union-attr]
    assert dialog.next.text() == "Import 60 products"
    assert dialog.target.text() == str(tmp_path / "shop.prodlabel")
    assert not (tmp_path / "shop.prodlabel").exists()
    qtbot.keyClick(dialog, Qt.Key.Key_Return)
    finish(dialog, qtbot)
    assert dialog.run.counts.text() == "60 new"
    assert dialog.run.make_map.isChecked()
    close(dialog, window, qtbot)
    assert window.workplace is not None
    session = window.workplace.session
    assert session.project.folder == tmp_path / "shop.prodlabel"
    assert session.project.undo_text() == "Import of 60 products"
    librarian, focus = window.workplace.librarian, int(session.columns.product_id[0])
    # The picture of a source that was not there when the project was opened.
    seen: list[object] = []
    librarian.ask("test", lambda desk: desk.picture(focus, 200), seen.append)
    qtbot.waitUntil(lambda: bool(seen))
    assert seen[0] is not None


def test_what_came_in_beside_others_is_selected(
    open_window: OpenWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    window = open_window()
    window.show_project(Project.create(tmp_path / "two"))
    first = write_table(tmp_path / "first.csv", "id,name,category", *(f"a{i},cup {i},Cups" for i in range(5)))
    close(import_in(window, first, qtbot), window, qtbot)
    second = write_table(
        tmp_path / "second.csv", "id,name,category", *(f"b{i},bag {i},Bags" for i in range(3))
    )
    close(import_in(window, second, qtbot), window, qtbot)
    assert window.workplace is not None
    session = window.workplace.session
    assert [text.key for text in session.project.texts(session.selected_rows)] == ["b0", "b1", "b2"]
    assert session.computed.facets["source"].titles[-1] == "second.csv"


def test_columns_are_guessed_changed_and_remembered_for_the_same_headers(
    open_window: OpenWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    window = open_window()
    window.show_project(Project.create(tmp_path / "new"))
    header = "id,name,shelf,category"
    table = write_table(tmp_path / "one.csv", header, "k1,Cup,Top/Left,C1", "k2,Bag,Top/Right,C2")
    dialog = window.commands.import_products(table)
    whole(dialog, qtbot)
    form = dialog.table.form
    assert form.mapping.category == "category"
    assert "Guessed" in form.note.text()
    form.boxes["category"].setCurrentText("shelf")
    whole(dialog, qtbot)
    form.separator.setCurrentText("/")
    qtbot.waitUntil(lambda: dialog.table.preview.records[0].category == ("Top", "Left"))  # type: ignore[union-attr]
    whole(dialog, qtbot)
    qtbot.keyClick(dialog, Qt.Key.Key_Return)
    finish(dialog, qtbot)
    close(dialog, window, qtbot)
    again = write_table(tmp_path / "two.csv", header, "k3,Lamp,Low/Left,C3")
    dialog = window.commands.import_products(again)
    qtbot.waitUntil(lambda: dialog.table.form.mapping.category == "shelf")
    whole(dialog, qtbot)
    assert dialog.table.form.mapping.category_separator == "/"
    assert "last time" in dialog.table.form.note.text()
    assert dialog.table.preview.records[0].category == ("Low", "Left")  # type: ignore[union-attr]
    qtbot.mouseClick(dialog.table.form.again, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: dialog.table.preview.records[0].category == ("C3",))  # type: ignore[union-attr]
    close(dialog, window, qtbot)


def test_a_column_plays_one_role_only(open_window: OpenWindow, qtbot: QtBot, tmp_path: Path) -> None:
    window = open_window()
    dialog = window.commands.import_products(write_table(tmp_path / "t.csv", "id,name,text", "k1,Cup,Nice"))
    whole(dialog, qtbot)
    form = dialog.table.form
    form.boxes["name"].setCurrentText("text")
    assert (form.mapping.name, form.mapping.description) == ("text", None)
    whole(dialog, qtbot)
    close(dialog, window, qtbot)


def test_odd_rows_are_listed_with_counts_copied_and_saved(
    open_window: OpenWindow, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = open_window()
    rows = ("k1,Cup,C", "k1,Mug,C", "k2,Bag", "k3,Lamp,C", "k3,Lamp,C")
    dialog = window.commands.import_products(write_table(tmp_path / "odd.csv", "id,name,category", *rows))
    whole(dialog, qtbot)
    problems = dialog.table.problems
    assert problems.isVisible()
    assert problems.kinds.itemText(0) == "All remarks (3)"
    assert {one.code for one in problems.shown} == {"duplicate_key", "too_few_fields", "repeated_row"}
    problems.kinds.setCurrentIndex(problems.kinds.findData("duplicate_key"))
    assert [one.row for one in problems.shown] == [3]
    qtbot.mouseClick(problems.copy, Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text().splitlines()[1].startswith("3\tk1\tduplicate_key\t")
    saved = tmp_path / "remarks.tsv"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(saved), ""))
    qtbot.mouseClick(problems.save, Qt.MouseButton.LeftButton)
    assert saved.read_text(encoding="utf-8").startswith("row\tkey\tcode\tmessage\n3\tk1")
    close(dialog, window, qtbot)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("empty.csv", b"", "is empty"),
        ("picture.csv", b"\x89PNG\r\n\x1a\n" + b"\0" * 200, "not a text table"),
        ("strange.bin", b"hello", "is of no kind that can be imported"),
        ("header.csv", b"id,name,category\n", "There are no products"),
    ],
)
def test_what_cannot_be_imported_says_why_and_offers_no_import(
    name: str, content: bytes, said: str, open_window: OpenWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    window = open_window()
    (tmp_path / name).write_bytes(content)
    dialog = window.commands.import_products(tmp_path / name)
    qtbot.waitUntil(lambda: not window.tasks.running)
    qtbot.waitUntil(lambda: said in dialog.table.state.text())
    assert not dialog.next.isEnabled()
    qtbot.mouseClick(dialog.back, Qt.MouseButton.LeftButton)
    assert dialog.page is dialog.choose
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()


def test_a_folder_dropped_on_the_window_opens_the_dialog_with_it(
    open_window: OpenWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    folder = tmp_path / "shelves"
    for name in ("Cups", "Bags"):
        (folder / name).mkdir(parents=True)
        (folder / name / "one.png").write_bytes(
            (make_catalogue(tmp_path).parent / "pictures/cup.png").read_bytes()
        )
    window = open_window()
    window.show_project(Project.create(tmp_path / "new"))
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(folder))])
    drop = QDropEvent(
        QPointF(50, 50),
        Qt.DropAction.CopyAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    window.dropEvent(drop)
    dialog = window.findChild(ImportDialog)
    assert dialog is not None
    whole(dialog, qtbot)
    assert {one.category for one in dialog.table.preview.records} == {("Cups",), ("Bags",)}  # type: ignore[union-attr]
    assert not dialog.table.form.isVisible()
    close(dialog, window, qtbot)


def test_an_import_that_is_stopped_keeps_what_came_and_goes_on(
    open_window: OpenWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    table = write_table(
        tmp_path / "long.csv", "id,name,category", *(f"k{i},cup {i},Cups" for i in range(3000))
    )
    window = open_window()
    window.show_project(Project.create(tmp_path / "new"))
    dialog = window.commands.import_products(table)
    whole(dialog, qtbot)
    qtbot.keyClick(dialog, Qt.Key.Key_Return)
    intake = dialog.run.intake
    assert intake is not None
    qtbot.waitUntil(lambda: intake.report.added > 0)
    qtbot.mouseClick(dialog.run.cancel, Qt.MouseButton.LeftButton)
    assert window.workplace is not None
    assert len(window.workplace.session.columns) == intake.report.added
    finish(dialog, qtbot)
    assert intake.stage is Stage.CANCELLED
    assert 0 < intake.report.added < 3000
    assert "stays" in dialog.run.state.text()
    qtbot.mouseClick(dialog.run.go_on, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: intake.stage is Stage.DONE, timeout=60_000)
    assert intake.report.added + intake.report.same == 3000
    assert window.workplace is not None
    assert len(window.workplace.session.columns) == 3000
    close(dialog, window, qtbot)


def test_a_dialog_that_is_closed_lets_the_import_run_on_and_the_bar_says_how_it_ended(
    open_window: OpenWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    table = write_table(
        tmp_path / "long.csv", "id,name,category", *(f"k{i},cup {i},Cups" for i in range(500))
    )
    window = open_window()
    window.show_project(Project.create(tmp_path / "new"))
    posted: list[str] = []
    window.messages.posted.connect(lambda message: posted.append(message.text))
    dialog = window.commands.import_products(table)
    whole(dialog, qtbot)
    qtbot.keyClick(dialog, Qt.Key.Key_Return)
    dialog.run.make_map.setChecked(False)
    assert dialog.next.text() == "Go on in the background"
    dialog.next.click()
    qtbot.waitUntil(lambda: bool(posted) and not window.tasks.running, timeout=60_000)
    assert posted == ["500 products are new, 0 changed."]


def test_the_study_s_products_come_in_with_their_pictures(
    open_window: OpenWindow, qtbot: QtBot, tmp_path: Path, flipkart_csv: Path
) -> None:
    window = open_window()
    window.show_project(Project.create(tmp_path / "study"))
    dialog = window.commands.import_products(flipkart_csv)
    qtbot.waitUntil(
        lambda: dialog.table.preview is not None and dialog.table.preview.is_whole, timeout=60_000
    )
    count = dialog.table.preview.count  # type: ignore[union-attr]
    assert dialog.table.level.currentData() == 1
    qtbot.keyClick(dialog, Qt.Key.Key_Return)
    finish(dialog, qtbot)
    assert window.workplace is not None
    session = window.workplace.session
    assert len(session.columns) == count == 703
    assert len(np.unique(session.columns.category)) == 7
    close(dialog, window, qtbot)


def test_imported_again_the_differences_are_ticked_and_a_decision_made_here_is_not(
    open_window: OpenWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    header = "id,name,category"
    table = write_table(tmp_path / "shop.csv", header, "k1,Cup,Cups", "k2,Bag,Bags", "k3,Lamp,Lamps")
    window = open_window()
    window.show_project(Project.create(tmp_path / "new"))
    close(import_in(window, table, qtbot), window, qtbot)
    assert window.workplace is not None
    session = window.workplace.session
    bags = session.taxonomy.find(("Bags",))
    assert bags is not None
    session.apply(Relabel(session.columns.product_id[:1], bags))
    write_table(table, header, "k1,Cup,Mugs", "k2,Tote,Bags", "k4,Jug,Cups")
    dialog = window.commands.import_products(table)
    whole(dialog, qtbot)
    dialog.next.click()
    page = dialog.differences
    qtbot.waitUntil(lambda: page.found is not None)
    assert "2 differences · 1 products are new · 1 are no longer there and stay" in page.lead
    assert page.chosen == {"k1": frozenset(), "k2": frozenset({"name"})}
    qtbot.mouseClick(dialog.back, Qt.MouseButton.LeftButton)
    assert dialog.page is dialog.table
    dialog.next.click()
    qtbot.waitUntil(lambda: page.found is not None)
    # Untick the name by the keyboard, tick the category with the mouse.
    model = page.table.differences
    rows = [model.index(row, 1).data() for row in range(model.rowCount())]
    page.table.selectRow(rows.index("Bag"))
    qtbot.keyClick(page.table, Qt.Key.Key_Space)
    place = page.table.visualRect(model.index(rows.index("Cup"), 0)).center()
    qtbot.mouseClick(page.table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert page.chosen == {"k1": frozenset({"category"}), "k2": frozenset()}
    qtbot.keyClick(dialog, Qt.Key.Key_Return)
    finish(dialog, qtbot)
    close(dialog, window, qtbot)
    names = {one.key: one.name for one in session.project.texts(np.arange(len(session.columns)))}
    assert names == {"k1": "Cup", "k2": "Bag", "k3": "Lamp", "k4": "Jug"}
    assert session.taxonomy.path_text(int(session.columns.category[0])) == "Mugs"
    session.undo()
    assert session.taxonomy.path_text(int(session.columns.category[0])) == "Bags"
    # Refused once, it is no news any more.
    session.redo()
    dialog = window.commands.import_products(table)
    whole(dialog, qtbot)
    dialog.next.click()
    finish_soon = dialog.run
    qtbot.waitUntil(lambda: finish_soon.intake is not None)
    finish(dialog, qtbot)
    assert dialog.run.counts.text() == "3 as before"
    close(dialog, window, qtbot)
