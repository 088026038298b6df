"""A simulated curator: reads what the card shows, knows what each product is, and presses keys.

Invariant: it changes nothing but by keys, which go where a person's would go, and decides about nothing whose
name and picture are not on the screen.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from prodlabel.core.edits import Because, Relabel
from prodlabel.core.labels import NO_CATEGORY, Status
from prodlabel.gui.main_window import MainWindow
from prodlabel.gui.review.place import ReviewPlace
from prodlabel.gui.review.queue_list import ACCEPT_ALL
from prodlabel.gui.session import Session
from prodlabel.project.project import Project

PER_CATEGORY = 7
"""Labels that are known to begin with."""
_LONGEST_WAIT_S = 240.0
_GLANCE_MS = 5
_PLAIN, _CTRL, _ALT = (
    Qt.KeyboardModifier.NoModifier,
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.AltModifier,
)
_TO_THE_FOCUS = {
    Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageDown,
}  # fmt: skip
Hands = Callable[[MainWindow, Qt.Key, Qt.KeyboardModifier], None]


def click(window: MainWindow, key: Qt.Key, modifier: Qt.KeyboardModifier) -> None:
    """A key as Qt's own tests press it: shortcuts belong to the window, arrows to what has the focus."""
    focus = QApplication.focusWidget()
    is_for_focus = key in _TO_THE_FOCUS and modifier == _PLAIN and focus is not None
    QTest.keyClick(focus if is_for_focus and focus is not None else window, key, modifier)


def forget_all_but(project: Project, per_category: int, seed: int) -> dict[int, int]:
    """Take the labels away but for so many of each category, drawn; the category of every product id."""
    columns = project.columns
    ids, truth = columns.product_id, project.taxonomy.at_level(1)[columns.category]
    rng = np.random.default_rng(seed)
    kept = np.concatenate(
        [rng.choice(np.flatnonzero(truth == one), per_category, replace=False) for one in np.unique(truth)]
    )
    project.apply(Relabel(ids, NO_CATEGORY, Status.NONE, Because("to begin with")))
    project.apply(Relabel(ids[kept], truth[kept].astype(np.int32), Status.CONFIRMED, Because("known")))
    return dict(zip(ids.tolist(), truth.tolist(), strict=True))


def labelled_and_right(project: Project, truth: Mapping[int, int]) -> tuple[float, float]:
    """The shares of products that have a label, and that have the right one."""
    category = project.columns.category
    true = np.array([truth[one] for one in project.columns.product_id.tolist()])
    return float((category != NO_CATEGORY).mean()), float((category == true).mean())


@dataclass
class Curator:
    """`truth`: category id of every product id. `decisions` by kind: `accepted` and `said` of one product,
    `batch`, `veto` (a product taken out of a batch or put into it), `line` (all above the line). `keys`: of
    all kinds; `answer_ms`: from each deciding key to the next card."""

    window: MainWindow
    truth: Mapping[int, int]
    hands: Hands = click
    decisions: Counter[str] = field(default_factory=Counter)
    keys: int = 0
    trainings: int = 0
    answer_ms: list[float] = field(default_factory=list)

    @property
    def place(self) -> ReviewPlace:
        assert self.window.places is not None
        return self.window.places.review

    @property
    def session(self) -> Session:
        assert self.window.workplace is not None
        return self.window.workplace.session

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier = _PLAIN) -> None:
        self.keys += 1
        self.hands(self.window, key, modifier)

    def go_to_review(self) -> None:
        """To the place where cards are, and wait for its queues."""
        self.press(Qt.Key.Key_2, _ALT)
        self.wait_for(self._is_at_rest)

    def train(self) -> None:
        """Ask for a training and wait for its suggestions and queues, over a coffee."""
        before = self.session.computed.suggestions
        self.press(Qt.Key.Key_R, _CTRL)
        self.wait_for(lambda: self.session.computed.suggestions is not before)
        self.wait_for(self._is_at_rest)
        self.trainings += 1

    def open_queue(self, name: str) -> None:
        """Step through the list of queues until this one is open."""
        for _ in range(len(self.place.list.names())):
            if self.place.list.checked() == name:
                return
            self.press(Qt.Key.Key_Up, _CTRL)
        assert self.place.list.checked() == name

    def review(self, queue: str, decisions: int) -> bool:
        """Decide cards until so many decisions are made; whether the queue still has some."""
        self.open_queue(queue)
        until = self.decisions.total() + decisions
        while self.decisions.total() < until:
            course = self.place.course
            if course is None or course.is_over:
                return False
            self.wait_for(self.can_read)
            # Nobody presses a key before the card is painted.
            QTest.qWait(_GLANCE_MS)
            self._decide()
        return True

    def lower_the_line(self) -> float:
        """Below all that is suggested; returns the errors that are announced then."""
        panel = self.place.accept_panel
        self.open_queue(ACCEPT_ALL)
        self.wait_for(lambda: panel.plan is not None and self._is_at_rest())
        self.press(Qt.Key.Key_PageDown)
        assert panel.plan is not None
        assert panel.plan.count == panel.plan.waiting
        return panel.plan.expected_errors

    def accept_above_the_line(self) -> None:
        """All at once, which is one decision."""
        self.press(Qt.Key.Key_Return)
        self.decisions["line"] += 1
        self.wait_for(self._is_at_rest)

    def can_read(self) -> bool:
        """Whether the card shows what is needed: name and picture, or the names of all of a batch."""
        card = self.place.card
        if card.batch.isVisible():
            return all(self.place.shelf.name(one) for one in card.batch.product_ids.tolist())
        return bool(card.title.text().strip()) and card.shows_picture

    def wait_for(self, condition: Callable[[], bool]) -> None:
        """Let the window work until something is so."""
        ends = time.monotonic() + _LONGEST_WAIT_S
        while not condition():
            assert time.monotonic() < ends, "waited in vain"
            QTest.qWait(2)

    def _is_at_rest(self) -> bool:
        """Nothing is computed, and the queues that are shown are of the newest suggestions."""
        return not self.window.tasks.running and not self.place.is_ordering

    def _decide(self) -> None:
        card, place = self.place.card, self.place
        assert place.course is not None
        is_batch = card.batch.isVisible()
        category = self._veto_strangers() if is_batch else self.truth[place.course.product_id]
        assert place.proposal is not None
        is_proposed = place.proposal.category == category
        digit = self.session.styles.digit(category)
        assert digit is not None
        began, decided = time.perf_counter(), place.course.key_presses
        self.press(Qt.Key.Key_A if is_proposed else Qt.Key(ord(digit)))
        self.answer_ms.append(1e3 * (time.perf_counter() - began))
        assert place.course.key_presses == decided + 1
        self.decisions["batch" if is_batch else "accepted" if is_proposed else "said"] += 1

    def _veto_strangers(self) -> int:
        """Leave in the batch what is of the category that most of it is of; each change is a decision."""
        batch = self.place.card.batch
        said = [self.truth[one] for one in batch.product_ids.tolist()]
        category = max(set(said), key=said.count)
        ticked = set(batch.ticked.tolist())
        for at, (one, its) in enumerate(zip(batch.product_ids.tolist(), said, strict=True)):
            if (its == category) != (one in ticked):
                self._go_to(at)
                self.press(Qt.Key.Key_T)
                self.decisions["veto"] += 1
        return category

    def _go_to(self, wanted: int) -> None:
        """With the arrows to this product of the batch."""
        batch = self.place.card.batch
        tops = [box.top() for box in batch.cells()]
        columns = max(1, tops.count(tops[0]))
        while batch.here != wanted:
            down, right = wanted // columns - batch.here // columns, wanted % columns - batch.here % columns
            # The last row may be short: into it from above its products only, out of it first of all.
            if down < 0 or not right:
                self.press(Qt.Key.Key_Down if down > 0 else Qt.Key.Key_Up)
            else:
                self.press(Qt.Key.Key_Right if right > 0 else Qt.Key.Key_Left)
