"""Reviewing with keys alone, on a real project with real threads."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from prodlabel.core.edits import AddCategory, Relabel
from prodlabel.core.labels import NO_CATEGORY, Status
from prodlabel.gui.desk import Desk
from prodlabel.gui.main_window import MainWindow
from prodlabel.gui.messages import Message
from prodlabel.gui.review.offers import PRECISIONS, Moment, Offers
from prodlabel.gui.review.proposal import propose, sentence
from prodlabel.gui.review.queue_list import ACCEPT_ALL
from prodlabel.operations.accept import AcceptPlan, CategoryPlan
from prodlabel.project.project import Project
from prodlabel.project.results import SUGGESTIONS
from tests.gui.projects import make_project
from tests.gui.review.conftest import review_of, wait_for_cards


def label(window: MainWindow, product_id: int) -> tuple[str, Status]:
    assert window.workplace is not None
    session = window.workplace.session
    row = session.row_of(product_id)
    assert row is not None
    return session.category_title(int(session.columns.category[row])), Status(
        int(session.columns.status[row])
    )


def test_the_wrongly_filed_are_in_the_queue_and_nothing_else(reviewing: MainWindow) -> None:
    place = review_of(reviewing)
    assert place.course is not None
    assert sorted(place.course.queue.product_id.tolist()) == [1, 21, 41]
    assert place.list.rows["probably-wrong"].isChecked()


def test_a_card_says_what_is_proposed_and_why(reviewing: MainWindow) -> None:
    card = review_of(reviewing).card
    said = card.proposal.text()
    assert "rather than" in said
    assert "95 % sure" in said
    assert "<span" in said
    assert "<span" in card.description.text()
    assert "imported" in card.before.text()
    assert [bar.choice.digit for bar in card.choices.bars if bar.choice is not None] == ["1", "2", "3"]
    assert card.shows_picture


def test_accept_writes_one_step_with_reason_and_goes_on(reviewing: MainWindow, qtbot: QtBot) -> None:
    place = review_of(reviewing)
    assert place.course is not None
    assert reviewing.workplace is not None
    project = reviewing.workplace.session.project
    product_id, edits = place.course.product_id, project.last_edit
    qtbot.keyClick(reviewing, Qt.Key.Key_A)
    # Who looks at one card and takes what it proposes has confirmed it.
    assert label(reviewing, product_id)[1] is Status.CONFIRMED
    assert project.last_edit == edits + 1
    entry = project.history(limit=1)[0]
    assert entry.reason == "queue: Probably wrong"
    assert entry.details == {"queue": "probably-wrong"}
    assert place.course.at == 1
    assert place.strip.row.isVisible()


@pytest.mark.parametrize(
    ("key", "status"),
    [(Qt.Key.Key_2, Status.CONFIRMED), (Qt.Key.Key_X, Status.REJECTED), (Qt.Key.Key_F, Status.FLAGGED)],
)
def test_each_key_decides_the_one_product(
    reviewing: MainWindow, qtbot: QtBot, key: Qt.Key, status: Status
) -> None:
    place = review_of(reviewing)
    assert place.course is not None
    product_id = place.course.product_id
    before = label(reviewing, product_id)[0]
    qtbot.keyClick(reviewing, key)
    name, found = label(reviewing, product_id)
    assert found is status
    assert (name == before) is (status is not Status.CONFIRMED) or name == "Bag"
    assert place.course.product_id != product_id


def test_the_next_card_is_there_without_any_reading_in_the_gui_thread(
    reviewing: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = review_of(reviewing)
    assert place.course is not None
    readers: list[str] = []

    def watched(name: str) -> Callable[..., object]:
        real = getattr(Desk, name)

        def read(*arguments: object) -> object:
            readers.append(threading.current_thread().name)
            return real(*arguments)

        return read

    for name in ("texts", "picture", "label_history", "thumbnails", "__init__"):
        monkeypatch.setattr(Desk, name, watched(name))
    for _ in range(2):
        coming = place.course.coming(1)[0]
        assert place.shelf.get(coming) is not None
        qtbot.keyClick(reviewing, Qt.Key.Key_A)
        # No event loop ran in between: what is shown was there before the key.
        assert place.course.product_id == coming
        assert place.card.shows_picture
        contents = place.shelf.get(coming)
        assert contents is not None
        assert place.card.title.text() == contents.texts.name
    wait_for_cards(reviewing, qtbot)
    assert threading.main_thread().name not in readers


def test_undo_takes_the_decision_back_and_leads_to_its_card(reviewing: MainWindow, qtbot: QtBot) -> None:
    place = review_of(reviewing)
    assert place.course is not None
    product_id = place.course.product_id
    before = label(reviewing, product_id)
    qtbot.keyClick(reviewing, Qt.Key.Key_A)
    qtbot.keyClick(reviewing, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert label(reviewing, product_id) == before
    assert place.course.product_id == product_id
    assert place.course.decided == 0


def test_skip_and_back_decide_nothing(reviewing: MainWindow, qtbot: QtBot) -> None:
    place = review_of(reviewing)
    assert place.course is not None
    assert reviewing.workplace is not None
    edits, first = reviewing.workplace.session.project.last_edit, place.course.product_id
    qtbot.keyClick(reviewing, Qt.Key.Key_Space)
    assert place.course.product_id != first
    qtbot.keyClick(reviewing, Qt.Key.Key_Backspace)
    assert place.course.product_id == first
    assert reviewing.workplace.session.project.last_edit == edits


def test_a_note_becomes_the_reason_of_the_next_decision(reviewing: MainWindow, qtbot: QtBot) -> None:
    place = review_of(reviewing)
    assert reviewing.workplace is not None
    qtbot.keyClick(reviewing, Qt.Key.Key_N)
    qtbot.keyClicks(reviewing.palette_panel.edit, "a bag, see picture")
    qtbot.keyClick(reviewing.palette_panel.edit, Qt.Key.Key_Return)
    assert "a bag, see picture" in place.card.note.text()
    qtbot.keyClick(reviewing, Qt.Key.Key_A)
    assert reviewing.workplace.session.project.history(limit=1)[0].reason == "a bag, see picture"
    assert not place.card.note.isVisible()


def test_the_end_of_a_queue_offers_to_train(reviewing: MainWindow, qtbot: QtBot) -> None:
    place = review_of(reviewing)
    for _ in range(3):
        qtbot.keyClick(reviewing, Qt.Key.Key_A)
    assert place.notice.isVisible()
    assert place.notice.title.text() == "This queue is done"
    with qtbot.waitSignal(place.train_wanted):
        reviewing.actions_table["train"].setEnabled(False)
        qtbot.mouseClick(place.notice.button, Qt.MouseButton.LeftButton)


def test_an_empty_queue_says_so(reviewing: MainWindow) -> None:
    place = review_of(reviewing)
    place.open_queue("flagged")
    assert place.notice.title.text() == "Nothing here"


def test_the_blind_queue_shows_nothing_of_before(reviewing: MainWindow, qtbot: QtBot) -> None:
    place = review_of(reviewing)
    assert place.board is not None
    queues = tuple(
        replace(one, product_id=np.array([5]), batch=np.array([0]), chance=np.array([0.1]), reasons=("x",))
        if one.is_blind
        else one
        for one in place.board.queues
    )
    place.take_board(replace(place.board, queues=queues))
    place.open_queue("blind")
    wait_for_cards(reviewing, qtbot)
    assert place.card.before.text() == ""
    assert "not shown" in place.card.proposal.text()
    assert all(bar.choice is None or bar.choice.confidence is None for bar in place.card.choices.bars)
    assert not place.card.accept.isVisible()
    qtbot.keyClick(reviewing, Qt.Key.Key_1)
    assert reviewing.workplace is not None
    assert reviewing.workplace.session.project.history(limit=1)[0].details["blind"] is True


def test_one_key_settles_a_batch_but_for_what_was_unticked(reviewing: MainWindow, qtbot: QtBot) -> None:
    place = review_of(reviewing)
    assert place.board is not None
    assert reviewing.workplace is not None
    ids = np.array([2, 3, 4, 1])
    queues = tuple(
        replace(one, product_id=ids, batch=np.zeros(4, np.int64), chance=np.full(4, 0.5), reasons=("x",) * 4)
        if one.name == "random"
        else one
        for one in place.board.queues
    )
    place.take_board(replace(place.board, queues=queues))
    place.open_queue("random")
    qtbot.keyClick(reviewing, Qt.Key.Key_B)
    # The product that is suggested something else starts without a tick.
    assert place.card.batch.ticked.tolist() == [2, 3, 4]
    place.card.batch.here = 1
    qtbot.keyClick(reviewing, Qt.Key.Key_T)
    assert "Accept 2" in place.card.accept.text()
    edits = reviewing.workplace.session.project.last_edit
    qtbot.keyClick(reviewing, Qt.Key.Key_A)
    assert reviewing.workplace.session.project.last_edit == edits + 1
    assert [label(reviewing, one)[1] for one in (2, 3, 4, 1)] == [
        Status.ACCEPTED, Status.IMPORTED, Status.ACCEPTED, Status.IMPORTED,
    ]  # fmt: skip
    assert place.course is not None
    assert place.course.product_id == 3


def test_keys_of_the_map_are_as_before_when_one_returns(reviewing: MainWindow, qtbot: QtBot) -> None:
    docks = reviewing.docks
    assert not docks["left"].isVisible()
    reviewing.show_place("map")
    assert docks["left"].isVisible()
    assert not docks["history"].isVisible()
    posted: list[Message] = []
    reviewing.messages.posted.connect(posted.append)
    assert not reviewing.actions_table["toggle_batch"].isEnabled()


def test_without_a_classifier_the_line_says_what_to_do(reviewing: MainWindow, qtbot: QtBot) -> None:
    place = review_of(reviewing)
    place.open_queue(ACCEPT_ALL)
    qtbot.waitUntil(lambda: not reviewing.tasks.running, timeout=20_000)
    assert "train" in place.accept_panel.notice.text.text()


def test_an_empty_project_says_what_comes_first(
    open_window: Callable[[], MainWindow], tmp_path: Path, qtbot: QtBot
) -> None:
    window = open_window()
    window.show_project(Project.create(tmp_path / "empty", person="Ada"))
    window.show_place("review")
    assert review_of(window).notice.title.text() == "No products yet"


def test_the_board_is_made_by_a_worker_when_the_place_is_entered(
    open_window: Callable[[], MainWindow], tmp_path: Path, qtbot: QtBot
) -> None:
    window = open_window()
    window.show_project(make_project(tmp_path / "small"))
    qtbot.waitUntil(lambda: not window.tasks.running)
    qtbot.keyClick(window, Qt.Key.Key_2, Qt.KeyboardModifier.AltModifier)
    place = review_of(window)
    assert place.notice.title.text() == "Ordering queues"
    qtbot.waitUntil(lambda: place.board is not None, timeout=20_000)
    wait_for_cards(window, qtbot)
    assert place.course is not None
    assert "Review" in window.top.places["review"].text()


def test_queues_can_be_ordered_after_their_ordering_was_cancelled(
    open_window: Callable[[], MainWindow], tmp_path: Path, qtbot: QtBot
) -> None:
    window = open_window()
    window.show_project(make_project(tmp_path / "small"))
    qtbot.waitUntil(lambda: not window.tasks.running)
    window.show_place("review")
    place = review_of(window)
    assert place.notice.title.text() == "Ordering queues"
    window.actions_table["cancel_work"].trigger()
    assert place.notice.title.text() == "No queues yet"
    place.make_board()
    qtbot.waitUntil(lambda: place.board is not None, timeout=20_000)


def test_nothing_is_decided_while_the_line_hides_the_card(reviewing: MainWindow, qtbot: QtBot) -> None:
    place = review_of(reviewing)
    assert reviewing.workplace is not None
    project = reviewing.workplace.session.project
    before = project.last_edit
    place.open_queue(ACCEPT_ALL)
    for name in ("accept", "reject", "flag", "category_1"):
        reviewing.actions_table[name].trigger()
    assert project.last_edit == before
    qtbot.waitUntil(lambda: not reviewing.tasks.running, timeout=20_000)
    place.open_queue(ACCEPT_ALL)
    assert [task.title for task in reviewing.tasks.running] == ["Drawing the line"]
    reviewing.actions_table["cancel_work"].trigger()
    assert place.accept_panel.notice.title.text() == "There is no line to draw yet"
    place.open_queue(ACCEPT_ALL)
    qtbot.waitUntil(lambda: not reviewing.tasks.running, timeout=20_000)
    assert "train" in place.accept_panel.notice.text.text()


def offers_for(project: Project, product_ids: np.ndarray, category: int) -> Offers:
    """Every precision covers these products, as the project is now."""
    sure = np.full(len(product_ids), 0.99, dtype=np.float32)
    one = CategoryPlan(category, "Cup", 0.9, product_ids, sure)
    plans = tuple(AcceptPlan(precision, 1, (one,), len(product_ids), 0.1) for precision in PRECISIONS)
    return Offers(plans, plans, Moment.of(project))


def test_a_line_that_was_drawn_before_the_newest_decisions_accepts_nothing(
    reviewing: MainWindow, qtbot: QtBot
) -> None:
    place = review_of(reviewing)
    assert reviewing.workplace is not None
    session = reviewing.workplace.session
    cup, bag = (session.taxonomy.find(("Shop", name)) for name in ("Cup", "Bag"))
    assert cup is not None
    assert bag is not None
    ten = np.arange(2, 12, dtype=np.int64)
    session.apply(Relabel(ten, NO_CATEGORY, Status.NONE))
    place.open_queue(ACCEPT_ALL)
    wait_for_cards(reviewing, qtbot)
    place.accept_panel.take(offers_for(session.project, ten, cup))
    assert "Accept 10" in place.accept_panel.button.text()
    qtbot.keyClick(reviewing, Qt.Key.Key_1, Qt.KeyboardModifier.AltModifier)
    session.apply(Relabel(ten, bag, Status.CONFIRMED))
    qtbot.keyClick(reviewing, Qt.Key.Key_2, Qt.KeyboardModifier.AltModifier)
    assert [task.title for task in reviewing.tasks.running] == ["Drawing the line"]
    qtbot.keyClick(reviewing, Qt.Key.Key_Return)
    place.accept_panel.apply()
    assert {label(reviewing, one) for one in ten.tolist()} == {("Bag", Status.CONFIRMED)}
    wait_for_cards(reviewing, qtbot)


def test_a_line_of_another_version_is_drawn_anew_before_it_accepts(
    reviewing: MainWindow, qtbot: QtBot
) -> None:
    place = review_of(reviewing)
    assert reviewing.workplace is not None
    session = reviewing.workplace.session
    cup = session.taxonomy.find(("Shop", "Cup"))
    assert cup is not None
    ten = np.arange(2, 12, dtype=np.int64)
    place.open_queue(ACCEPT_ALL)
    wait_for_cards(reviewing, qtbot)
    place.accept_panel.take(offers_for(session.project, ten, cup))
    edits = session.project.last_edit
    info = session.project.results.current("suggestions")
    assert info is not None
    reviewing.show_place("map")
    session.project.results.save(
        "suggestions", "fusion", session.project.results.load(info), settings={"classifier_version": 2}
    )
    reviewing.show_place("review")
    place.accept_panel.apply()
    assert session.project.last_edit == edits
    assert "Drawing the line" in [task.title for task in reviewing.tasks.running]
    wait_for_cards(reviewing, qtbot)


def test_a_category_chosen_from_the_list_is_for_the_card(reviewing: MainWindow, qtbot: QtBot) -> None:
    place = review_of(reviewing)
    assert place.course is not None
    product_id = place.course.product_id
    reviewing.workplace.session.select_rows(np.arange(30, 40))  # type: ignore[union-attr]
    qtbot.keyClick(reviewing, "l")
    qtbot.keyClicks(reviewing.palette_panel.edit, "lamp")
    qtbot.keyClick(reviewing.palette_panel.edit, Qt.Key.Key_Return)
    assert label(reviewing, product_id) == ("Lamp", Status.CONFIRMED)
    assert place.course.product_id != product_id


def test_where_only_the_category_above_is_sure_the_key_gives_that(
    open_window: Callable[[], MainWindow], tmp_path: Path, qtbot: QtBot
) -> None:
    project = make_project(tmp_path / "small")
    cups = project.taxonomy.find(("Shop", "Cup")) or 0
    mugs = project.apply(AddCategory("Mug", parent=cups)).new_categories[0]
    info = project.results.current(SUGGESTIONS)
    assert info is not None
    arrays = dict(project.results.load(info))
    arrays["category"] = arrays["category"].copy()
    is_cup = arrays["category"][:, 0] == cups
    arrays["category"][is_cup, 0] = mugs
    arrays["sure_category"] = np.where(is_cup, cups, arrays["category"][:, 0])
    project.results.save(SUGGESTIONS, "fusion", arrays, settings=dict(info.settings))
    window = open_window()
    window.show_project(project)
    assert window.workplace is not None
    session = window.workplace.session
    product_id = int(arrays["product_id"][is_cup][0])
    proposal = propose(session, np.array([product_id]), is_blind=False)
    assert (proposal.category, proposal.perhaps) == (cups, mugs)
    assert "perhaps" in sentence(session, proposal)
    assert "Mug" in sentence(session, proposal)
    assert session.accept_suggestion(product_id)
    assert label(window, product_id) == ("Cup", Status.CONFIRMED)
    window.show_place("training")
    assert window.places is not None
    box = window.places.training.level.box
    qtbot.waitUntil(lambda: box.count() > 0)
    assert box.itemText(0) == "level 2: 3 categories"
