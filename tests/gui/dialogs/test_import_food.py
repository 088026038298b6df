"""The import dialog with food databases: over real sockets to a server on this computer that misbehaves."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from prodlabel.gui.application import Look
from prodlabel.gui.dialogs.food_page import FoodPage
from prodlabel.gui.dialogs.import_dialog import ImportDialog
from prodlabel.gui.dialogs.key_fields import DIRECT
from prodlabel.gui.intake import Stage
from prodlabel.gui.main_window import MainWindow
from prodlabel.gui.messages import Messages
from prodlabel.gui.tasks import Tasks
from prodlabel.project.project import Project
from prodlabel.sources.food.edamam import study_table
from tests.gui.dialogs.conftest import MakeDesk, MemoryKeyring
from tests.sources.food.fake_server import FakeServer, Fault
from tests.sources.food.test_faults import EXPECTED

OpenWindow = Callable[[], MainWindow]


@pytest.fixture
def window(open_window: OpenWindow, make_desk: MakeDesk, tmp_path: Path) -> MainWindow:
    """A window with an empty project whose food databases are the fake server."""
    made = open_window()
    made.commands.make_desk = make_desk
    made.show_project(Project.create(tmp_path / "new"))
    return made


@pytest.fixture
def page(make_desk: MakeDesk, look: Look, qtbot: QtBot) -> Iterator[FoodPage]:
    """The page alone."""
    tasks, messages, desk = Tasks(), Messages(), make_desk()
    made = FoodPage(desk, look.settings, tasks, messages)
    qtbot.addWidget(made)
    made.show_provider("openfoodfacts", None)
    made.show()
    yield made
    tasks.shut_down()
    desk.close()


def search(page: FoodPage, words: str, qtbot: QtBot) -> None:
    page.form.words.setText(words)
    page.search()
    qtbot.waitUntil(lambda: not page.bar.isVisibleTo(page), timeout=60_000)


def seen(dialog: ImportDialog, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: dialog.food.has_found and not dialog.food.bar.isVisible(), timeout=60_000)


def over(dialog: ImportDialog, qtbot: QtBot, stage: Stage = Stage.DONE) -> None:
    intake = dialog.run.intake
    assert intake is not None
    qtbot.waitUntil(lambda: intake.stage is stage, timeout=60_000)


def close(dialog: ImportDialog, window: MainWindow, qtbot: QtBot) -> None:
    dialog.run.make_map.setChecked(False)
    dialog.reject()
    qtbot.waitUntil(lambda: not window.tasks.running, timeout=60_000)


def asked(server: FakeServer) -> Counter[str]:
    return Counter(one.raw for one in server.log)


def test_champagne_is_seen_with_pictures_and_comes_in_without_asking_twice(
    window: MainWindow, server: FakeServer, qtbot: QtBot
) -> None:
    assert window.workplace is not None
    session = window.workplace.session
    dialog = window.commands.import_food()
    qtbot.waitUntil(dialog.food.form.words.hasFocus)
    qtbot.keyClicks(dialog.food.form.words, "champagne")
    qtbot.keyClick(dialog.food.form.words, Qt.Key.Key_Return)
    seen(dialog, qtbot)
    records = dialog.food.records.products.records
    assert len(records) == 10
    assert all(one.name and one.category and one.description for one in records)
    assert len(dialog.food.sight.pictures) >= 9  # type: ignore[union-attr]
    assert "ODbL" in dialog.food.credit.text()
    assert "CC BY-SA" in dialog.food.credit.text()
    # Nothing was written yet.
    assert len(session.columns) == 0
    assert not (session.project.folder / "downloads").exists()
    assert dialog.next.text() == "Import 10 products"
    # Return where one has typed imports, once: the dialog stays to show it.
    qtbot.keyClick(dialog.food.form.words, Qt.Key.Key_Return)
    assert dialog.isVisible()
    over(dialog, qtbot)
    assert len(session.columns) == 10
    assert "ODbL" in dialog.run.credit.text()
    assert set(asked(server).values()) == {1}
    assert session.project.undo_text() == "Import of 10 products"
    close(dialog, window, qtbot)
    assert session.columns.has_picture.sum() >= 9


def test_other_wishes_about_the_same_answers_ask_nobody_again(
    page: FoodPage, server: FakeServer, qtbot: QtBot
) -> None:
    search(page, "champagne", qtbot)
    searches = [one for one in server.log if one.path.startswith("/cgi")]
    page.form.wanted.setValue(5)
    assert not page.has_found
    assert page.next_text == "Search"
    page.search()
    qtbot.waitUntil(lambda: page.has_found and not page.bar.isVisibleTo(page))
    assert len(page.records.products.records) == 5
    assert [one for one in server.log if one.path.startswith("/cgi")] == searches


def test_fields_to_keep_are_offered_after_a_search_and_attribution_stays(
    page: FoodPage, qtbot: QtBot
) -> None:
    search(page, "champagne", qtbot)
    actions = page.form.keep.menu().actions()
    assert not {"licence", "source"} & {one.text() for one in actions}
    for action in actions:
        if action.text() != "brand":
            action.setChecked(False)
    page.search()
    qtbot.waitUntil(lambda: page.has_found and not page.bar.isVisibleTo(page))
    kept = {name for one in page.records.products.records for name in one.attributes}
    assert {"licence", "source", "source page"} < kept
    assert "quantity" not in kept


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_every_recorded_fault_is_told_in_the_dialog(
    name: str,
    page: FoodPage,
    server: FakeServer,
    recorded_errors: Path,
    memory_keyring: MemoryKeyring,
    qtbot: QtBot,
) -> None:
    if name.startswith("edamam"):
        memory_keyring.set_password("prodlabel.edamam", "rapidapi", "FAKE_KEY")
        page.show_provider("edamam", None)
    server.break_next(*[Fault.load(recorded_errors / f"{name}.json")] * 4)
    search(page, "champagne", qtbot)
    said = page.state.text()
    assert EXPECTED[name][2] in said
    assert page.state.isVisible()
    assert "FAKE" not in said
    assert "http" not in said
    assert page.records.products.records == ()
    # What helps is offered: another search, or another key.
    assert page.next_text == "Search"
    assert page.can_go_on
    assert page.form.key.secret.isVisibleTo(page) == ("401" in name)


@pytest.fixture
def recorded_errors(shared: Path) -> Path:
    return shared / "food_api" / "errors"


@pytest.mark.parametrize("is_direct", [False, True], ids=["RapidAPI", "direct"])
def test_edamam_asks_for_a_key_once_and_gives_the_study_s_products(
    is_direct: bool,
    window: MainWindow,
    server: FakeServer,
    memory_keyring: MemoryKeyring,
    shared: Path,
    qtbot: QtBot,
) -> None:
    dialog = window.commands.import_products(None)
    qtbot.mouseClick(dialog.choose.tiles["edamam"], Qt.MouseButton.LeftButton)
    page = dialog.food
    page.form.words.setText("champagne")
    dialog.next.click()
    qtbot.waitUntil(lambda: page.form.key.secret.isVisible())
    assert "keyring" in page.state.text()
    if is_direct:
        page.form.key.kind.setCurrentIndex(page.form.key.kind.findData(DIRECT))
        qtbot.keyClicks(page.form.key.app_id, "FAKE_APP_ID")
    qtbot.keyClicks(page.form.key.secret, "FAKE_APP_KEY")
    dialog.next.click()
    seen(dialog, qtbot)
    expected = (shared / "food_api/edamam/expected_10_champagne_products.csv").read_bytes()
    table = study_table(page.records.products.records)
    # The fake server gives its own address for pictures.
    assert table.replace(server.url.encode(), b"https://www.edamam.com") == expected
    assert "FAKE_APP_KEY" in memory_keyring.kept.values()
    assert page.form.key.secret.text() == ""
    assert page.form.key.stored.isVisible()
    dialog.next.click()
    over(dialog, qtbot)
    close(dialog, window, qtbot)
    assert window.workplace is not None
    folder = window.workplace.session.project.folder
    written = b"".join(one.read_bytes() for one in folder.rglob("*") if one.is_file())
    assert b"FAKE_APP" not in written
    again = window.commands.import_products(None)
    again.show_database("edamam")
    search(again.food, "champagne", qtbot)
    assert again.food.has_found
    close(again, window, qtbot)


def test_without_a_contact_nobody_is_asked(
    open_window: OpenWindow, make_desk: MakeDesk, server: FakeServer, qtbot: QtBot
) -> None:
    window = open_window()
    window.commands.make_desk = lambda: make_desk("")
    dialog = window.commands.import_food()
    dialog.food.form.words.setText("champagne")
    dialog.next.click()
    qtbot.waitUntil(lambda: "your e-mail" in dialog.food.state.text())
    assert server.log == []
    qtbot.keyClicks(dialog.food.form.contact, "curator@example.org")
    dialog.next.click()
    seen(dialog, qtbot)
    assert server.log[0].headers["user-agent"].endswith("(curator@example.org)")
    close(dialog, window, qtbot)


def test_an_empty_search_asks_nobody(page: FoodPage, server: FakeServer) -> None:
    page.search()
    assert "The search is empty" in page.state.text()
    page.form.barcodes.setPlainText("no digits")
    page.search()
    assert "no barcode among these lines" in page.state.text()
    assert server.log == []


def test_a_search_is_stopped_at_once(page: FoodPage, server: FakeServer, qtbot: QtBot) -> None:
    server.hang_s = 30.0
    server.break_next(Fault(None, transport="hang_60s"))
    page.form.words.setText("champagne")
    page.search()
    qtbot.waitUntil(lambda: bool(server.log))
    qtbot.mouseClick(page.stop, Qt.MouseButton.LeftButton)
    assert "Stopped" in page.state.text()
    assert page.can_go_on
    server.stopping.set()


def test_a_server_that_gets_busy_leaves_what_was_found_and_the_import_goes_on(
    window: MainWindow, server: FakeServer, qtbot: QtBot
) -> None:
    codes = ("3049610004104", "20118207", "3560070715275")
    dialog = window.commands.import_food()
    form = dialog.food.form
    form.barcodes.setPlainText("\n".join(codes))
    for name, box in form.required.items():
        box.setChecked(name == "name")
    good = [server.answer(f"/api/v2/product/{code}", {}, {}) for code in codes[:2]]
    server.break_next(*good, *[Fault(503)] * 6)
    dialog.next.click()
    seen(dialog, qtbot)
    assert len(dialog.food.records.products.records) == 2
    assert "is busy" in dialog.food.state.text()
    dialog.next.click()
    over(dialog, qtbot)
    assert dialog.run.counts.text() == "2 new"
    assert "is busy" in dialog.run.state.text()
    asked_before = len(server.log)
    qtbot.mouseClick(dialog.run.go_on, Qt.MouseButton.LeftButton)
    over(dialog, qtbot)
    assert dialog.run.counts.text() == "1 new · 2 as before"
    again = [one.path for one in server.log[asked_before:] if one.path.startswith("/api/")]
    assert again == [f"/api/v2/product/{codes[2]}"]
    close(dialog, window, qtbot)


def test_pictures_that_failed_are_listed_and_fetched_again(
    window: MainWindow, server: FakeServer, qtbot: QtBot
) -> None:
    rows = [
        {
            "code": str(3_000_000_000_000 + n),
            "product_name": f"Tea {n}",
            "image_url": f"{server.url}/food-img/{n}.jpg",
        }
        for n in range(2)
    ]
    answer = {"count": 2, "page": 1, "page_size": 20, "products": rows}
    server.pages["/cgi/search.pl"] = Fault(body=json.dumps(answer).encode())
    server.pages["/food-img/1.jpg"] = Fault(503)
    dialog = window.commands.import_food()
    form = dialog.food.form
    form.words.setText("tea")
    for name, box in form.required.items():
        box.setChecked(name == "name")
    dialog.next.click()
    seen(dialog, qtbot)
    dialog.next.click()
    over(dialog, qtbot)
    assert dialog.run.retry.isVisible()
    assert any("kept without it" in one.message for one in dialog.run.problems.shown)
    assert window.workplace is not None
    session = window.workplace.session
    assert session.columns.has_picture.sum() == 1
    del server.pages["/food-img/1.jpg"]
    qtbot.mouseClick(dialog.run.retry, Qt.MouseButton.LeftButton)
    over(dialog, qtbot)
    qtbot.waitUntil(lambda: session.columns.has_picture.sum() == 2)
    assert not dialog.run.retry.isVisible()
    assert session.project.undo_text() == "Import of 3 products"
    close(dialog, window, qtbot)
