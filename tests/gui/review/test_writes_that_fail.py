"""A disk that is full while somebody decides: what is on the screen stays as it was, to be tried again."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from prodlabel.core.errors import ProjectError
from prodlabel.gui.main_window import MainWindow
from prodlabel.gui.messages import Level, Message
from tests.gui.review.conftest import review_of

pytestmark = pytest.mark.skipif(
    sys.platform == "win32",
    reason="Windows has no limit on the size of files, which is how a disk fills here",
)


@contextmanager
def full_disk() -> Iterator[None]:
    import resource

    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_the_card_and_its_note_stay_where_a_decision_is_not_written(
    reviewing: MainWindow, qtbot: QtBot
) -> None:
    place = review_of(reviewing)
    assert place.course is not None
    assert reviewing.workplace is not None
    project = reviewing.workplace.session.project
    product_id, edits, title = place.course.product_id, project.last_edit, place.card.title.text()
    place.take_note("see picture")
    posted: list[Message] = []
    reviewing.messages.posted.connect(posted.append)
    with full_disk():
        for key in (Qt.Key.Key_A, Qt.Key.Key_2, Qt.Key.Key_F):
            qtbot.keyClick(reviewing, key)
    assert [one.level for one in posted] == [Level.ERROR] * 3
    assert project.last_edit == edits
    assert (place.course.product_id, place.course.decided) == (product_id, 0)
    assert place.card.title.text() == title.strip()
    assert place.card.shows_picture
    assert "see picture" in place.card.note.text()
    qtbot.keyClick(reviewing, Qt.Key.Key_A)
    assert project.history(limit=1)[0].reason == "see picture"
    assert place.course.is_decided(product_id)
    assert not place.card.note.isVisible()


def test_a_plan_stays_where_it_is_not_written(reviewing: MainWindow) -> None:
    assert reviewing.workplace is not None
    reviewing.show_place("map")
    workplace, session = reviewing.workplace, reviewing.workplace.session
    session.select_rows(np.arange(1, 6))
    plan = session.propose(int(session.columns.category[25]))
    before = session.columns
    assert plan is not None
    with full_disk():
        workplace.apply_plan()
        with pytest.raises(ProjectError, match="Free some space"):
            session.apply_plan()
    assert session.plan is plan
    assert workplace.map.card.isVisible()
    assert session.columns is before
    assert session.apply_plan() == 5
    assert session.plan is None
    assert not workplace.map.card.isVisible()
