"""Two curators in one window: who decides, how far they agree, and settling what they see differently."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import Qt
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from prodlabel.core.labels import Status
from prodlabel.gui.catalogue.agreement_panel import DisagreementModel
from prodlabel.gui.filters import CURATORS
from prodlabel.gui.main_window import MainWindow
from tests.gui.windows import category, place_of


def judge(window: MainWindow, qtbot: QtBot, person: str, rows: list[int], name: str) -> None:
    """This person gives these rows a category by keys."""
    window.settings.set("person", person)
    session = place_of(window).session
    session.select_rows(np.array(rows))
    qtbot.keyClick(window, session.styles.digit(category(window, name)) or "")
    session.take_all_in()
    qtbot.keyClick(window, Qt.Key.Key_Return)


def test_who_decides_is_named_in_the_status_bar_and_in_the_history(window: MainWindow, qtbot: QtBot) -> None:
    qtbot.mouseClick(window.status.person, Qt.MouseButton.LeftButton)
    assert window.palette_panel.isVisible()
    window.palette_panel.edit.setText("Ben")
    qtbot.keyClick(window.palette_panel.edit, Qt.Key.Key_Return)
    assert window.status.person.text() == "Ben"
    session = place_of(window).session
    session.mark(1, Status.FLAGGED)
    assert session.project.history(limit=1)[0].person == "Ben"


def test_disagreements_are_counted_filtered_and_settled(
    window: MainWindow, qtbot: QtBot, qtmodeltester: ModelTester
) -> None:
    place = place_of(window)
    session, panel = place.session, place.agreement
    qtbot.keyClick(window, "h", Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    assert panel.isVisible()
    assert "only one person" in panel.figures.text()
    judge(window, qtbot, "Ada", [1, 2, 3, 4], "Cup")
    judge(window, qtbot, "Ada", [21, 22], "Bag")
    # The same again by a colleague is an opinion of its own.
    judge(window, qtbot, "Ben", [1, 2, 3], "Cup")
    judge(window, qtbot, "Ben", [21], "Bag")
    judge(window, qtbot, "Ben", [4], "Lamp")
    with qtbot.waitSignal(session.people_changed):
        panel.read()
    assert "Ada – Ben" in panel.figures.text()
    assert "4 of 5 products judged alike" in panel.figures.text()
    assert isinstance(panel.model, DisagreementModel)
    qtmodeltester.check(panel.model)
    assert panel.model.index(0).data() == "Ada: Cup · Ben: Lamp"
    assert "disagree 1" in place.side.lines[CURATORS].summary
    window.top.search.edit.setText("curators:disagree")
    window.top.search.search()
    assert np.flatnonzero(session.visible).tolist() == [4]
    panel.view.setCurrentIndex(panel.model.index(0))
    assert session.focus == 5
    assert [button.text() for button in panel.buttons] == ["It is Cup", "It is Lamp"]
    with qtbot.waitSignal(session.people_changed):
        qtbot.mouseClick(panel.buttons[0], Qt.MouseButton.LeftButton)
    assert session.columns.category[4] == category(window, "Cup")
    assert session.computed.people.open == ()
    assert session.computed.people.settled.tolist() == [5]
    assert session.project.history(limit=1)[0].reason == "adjudication"
    with qtbot.waitSignal(session.people_changed, timeout=10_000):
        place.undo()
    assert len(session.computed.people.open) == 1


def test_opinions_are_read_again_only_for_somebody_who_sees_them(window: MainWindow, qtbot: QtBot) -> None:
    place = place_of(window)
    session, panel = place.session, place.agreement
    qtbot.waitUntil(lambda: not panel.is_reading)
    judge(window, qtbot, "Ada", [1, 2, 3], "Cup")
    judge(window, qtbot, "Ben", [1, 2], "Cup")
    assert not panel.isVisible()
    with qtbot.assertNotEmitted(session.people_changed, wait=900):
        session.mark(4, Status.FLAGGED)
    with qtbot.waitSignal(session.people_changed):
        window.actions_table["show_agreement"].trigger()
    assert "2 of 2 products judged alike" in panel.figures.text()
    window.actions_table["show_agreement"].trigger()
    # A filter that speaks of curators is seen, too.
    session.narrow(session.filter.with_codes(CURATORS, {0}))
    judge(window, qtbot, "Ben", [3], "Cup")
    qtbot.waitUntil(lambda: session.visible.sum() == 3)
