"""Work on the taxonomy: each change is shown first, and is one step that can be undone."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from prodlabel.core.edits import AddCategory
from prodlabel.core.labels import Status
from prodlabel.core.palette import DARK
from prodlabel.core.taxonomy import Taxonomy
from prodlabel.gui.catalogue.category_commands import CategoryCommands
from prodlabel.gui.main_window import MainWindow
from prodlabel.gui.messages import Message
from tests.gui.windows import category, place_of


def commands(window: MainWindow) -> CategoryCommands:
    place = place_of(window)
    return CategoryCommands(place.session, window.palette_panel, window.messages, place.propose, place)


def type_in(window: MainWindow, qtbot: QtBot, text: str) -> None:
    """Into the palette, and Enter."""
    window.palette_panel.edit.selectAll()
    qtbot.keyClicks(window.palette_panel.edit, text)
    qtbot.keyClick(window.palette_panel.edit, Qt.Key.Key_Return)


def names(taxonomy: Taxonomy) -> list[str]:
    return [taxonomy.path_text(one.id) for one in taxonomy]


def check_shown_applied_and_undone(
    window: MainWindow, qtbot: QtBot, begin: Callable[[], object], button: str
) -> tuple[Taxonomy, Taxonomy]:
    """The card shows it and nothing has changed; Enter does it, Ctrl+Z takes all of it back. Both states."""
    session, card = place_of(window).session, place_of(window).map.card
    before, labels, step = session.taxonomy, session.columns.category.copy(), session.project.last_edit
    begin()
    assert card.isVisible()
    assert card.button.text().startswith(button)
    assert session.project.last_edit == step
    qtbot.keyClick(window, Qt.Key.Key_Return)
    assert not card.isVisible()
    after = session.taxonomy
    qtbot.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert names(session.taxonomy) == names(before)
    assert np.array_equal(session.columns.category, labels)
    qtbot.keyClick(window, Qt.Key.Key_Y, Qt.KeyboardModifier.ControlModifier)
    assert names(session.taxonomy) == names(after)
    return before, after


def test_a_category_is_renamed_by_typing_its_new_name(window: MainWindow, qtbot: QtBot) -> None:
    bag = category(window, "Bag")

    def begin() -> None:
        commands(window).rename(bag)
        assert window.palette_panel.edit.text() == "Bag"
        type_in(window, qtbot, "Handbag")

    _, after = check_shown_applied_and_undone(window, qtbot, begin, "Rename")
    assert after[bag].name == "Handbag"
    assert "Handbag" in place_of(window).map.card.change.text


def test_a_category_is_described_by_typing_a_sentence(window: MainWindow, qtbot: QtBot) -> None:
    bag = category(window, "Bag")
    assert "Describe…" in [title for title, _ in commands(window).commands(bag)]

    def begin() -> None:
        commands(window).describe(bag)
        type_in(window, qtbot, "Things to carry  things in.")

    before, after = check_shown_applied_and_undone(window, qtbot, begin, "Describe")
    assert (before[bag].description, after[bag].description) == ("", "Things to carry things in.")


def test_escape_drops_a_change_before_it_is_made(window: MainWindow, qtbot: QtBot) -> None:
    session = place_of(window).session
    step = session.project.last_edit
    commands(window).move_to(category(window, "Bag"), None)
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert session.change is None
    assert not place_of(window).map.card.isVisible()
    assert session.project.last_edit == step


def test_a_new_category_stays_while_it_is_empty(window: MainWindow, qtbot: QtBot) -> None:
    shop = place_of(window).session.taxonomy.find(("Shop",))

    def begin() -> None:
        commands(window).add_below(shop)
        type_in(window, qtbot, "Hats")

    check_shown_applied_and_undone(window, qtbot, begin, "Make it")
    session = place_of(window).session
    session.select_rows(np.arange(3))
    session.propose(category(window, "Lamp"), is_forced=True)
    session.apply_plan()
    assert "Shop > Hats" in names(session.taxonomy)


def test_merging_moves_the_products_keeps_their_status_and_is_one_step(
    window: MainWindow, qtbot: QtBot
) -> None:
    session = place_of(window).session
    cup, bag = category(window, "Cup"), category(window, "Bag")
    session.apply(AddCategory("Small", cup), AddCategory("Small", bag), AddCategory("Large", cup))
    session.mark(1, Status.FLAGGED)
    check_shown_applied_and_undone(window, qtbot, lambda: commands(window).merge_into(cup, bag), "Merge")
    assert cup not in session.taxonomy
    assert np.count_nonzero(session.columns.category == bag) == 40
    assert session.columns.status[0] == Status.FLAGGED
    # What had the same name below both is one category now.
    assert [one.name for one in session.taxonomy.children(bag)] == ["Small", "Large"]


def test_a_category_is_split_by_what_is_selected(window: MainWindow, qtbot: QtBot) -> None:
    session = place_of(window).session
    cup = category(window, "Cup")
    session.mark(2, Status.FLAGGED)
    session.select_rows(np.arange(5))

    def begin() -> None:
        commands(window).split(cup)
        type_in(window, qtbot, "Mug")

    check_shown_applied_and_undone(window, qtbot, begin, "Split off 5")
    mug = session.taxonomy.find(("Shop", "Mug"))
    assert (session.columns.category[:5] == mug).all()
    assert session.columns.status[1] == Status.FLAGGED
    assert np.count_nonzero(session.columns.category == cup) == 15


def test_a_category_is_moved_by_dragging_it(window: MainWindow, qtbot: QtBot) -> None:
    side = place_of(window).side
    cup, bag = category(window, "Cup"), category(window, "Bag")

    def begin() -> None:
        carried = side.model.mimeData([side.model.index_of(cup)])
        side.model.dropMimeData(carried, side.model.supportedDropActions(), -1, -1, side.model.index_of(bag))

    _, after = check_shown_applied_and_undone(window, qtbot, begin, "Move")
    assert after[cup].parent == bag
    posted: list[Message] = []
    window.messages.posted.connect(posted.append)
    commands(window).move_to(bag, cup)
    assert "cannot lie below itself" in posted[0].text
    assert place_of(window).session.change is None


def test_a_colour_is_chosen_by_its_name_and_fits_both_themes(window: MainWindow, qtbot: QtBot) -> None:
    session = place_of(window).session
    bag = category(window, "Bag")

    def begin() -> None:
        commands(window).choose_colour(bag)
        type_in(window, qtbot, "violet")

    check_shown_applied_and_undone(window, qtbot, begin, "Change")
    assert session.styles[bag].colour == DARK.categories[5]
    window.settings.set("theme", "light")
    assert session.styles[bag].colour == session.palette.categories[5] != DARK.categories[5]


def test_a_key_is_chosen_and_taken_from_whoever_had_it(window: MainWindow, qtbot: QtBot) -> None:
    session = place_of(window).session
    bag, lamp = category(window, "Bag"), category(window, "Lamp")
    for one in (bag, lamp):
        commands(window).choose_key(one)
        type_in(window, qtbot, "9")
        qtbot.keyClick(window, Qt.Key.Key_Return)
    assert session.styles.with_digit("9") == lamp
    assert session.styles.digit(bag) not in (None, "9")
    session.select_rows(np.arange(3))
    qtbot.keyClick(window, "9")
    assert session.plan is not None
    assert session.plan.target == lamp


def test_a_category_with_products_is_not_removed_and_the_bar_says_why(
    window: MainWindow, qtbot: QtBot
) -> None:
    posted: list[Message] = []
    window.messages.posted.connect(posted.append)
    commands(window).remove(category(window, "Bag"))
    assert "Relabel them first" in posted[0].text
    assert place_of(window).session.change is None


def test_the_menu_and_the_palette_offer_the_same(window: MainWindow, qtbot: QtBot) -> None:
    bag = category(window, "Bag")
    menu = commands(window).open_menu(window, bag, QPoint(10, 10))
    titles = [action.text() for action in menu.actions()]
    assert "Split off the selected products…" not in titles
    menu.actions()[0].trigger()
    menu.close()
    assert place_of(window).session.selection.rows.count == 20
    modifiers = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    qtbot.keyClick(window, "c", modifiers)
    type_in(window, qtbot, "bag")
    assert window.palette_panel.isVisible()
    assert {*titles, "Split off the selected products…"} == set(window.palette_panel.titles())
    qtbot.keyClick(window.palette_panel.edit, Qt.Key.Key_Escape)


def test_f2_renames_in_the_tree(window: MainWindow, qtbot: QtBot) -> None:
    tree = place_of(window).side.tree
    tree.setFocus()
    tree.setCurrentIndex(tree.tree_model.index_of(category(window, "Lamp")))
    qtbot.keyClick(tree, Qt.Key.Key_F2)
    assert window.palette_panel.edit.text() == "Lamp"
