"""A simulated curator: reads what the card shows, knows what each product is, and presses keys.

Invariant: it changes nothing but by keys sent to the window, and knows a product only by the name that it
can read.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from prodlabel.core.labels import NO_CATEGORY
from prodlabel.gui.main_window import MainWindow
from prodlabel.gui.review.place import ReviewPlace

_ARROWS = {"left": Qt.Key.Key_Left, "right": Qt.Key.Key_Right, "up": Qt.Key.Key_Up, "down": Qt.Key.Key_Down}
_LONGEST_WAIT_S = 240.0


@dataclass
class Curator:
    """`truth`: category id of every name. `decisions`: keys that decided something, vetoes of a batch
    included; `keys`: all keys; `answer_ms`: from each deciding key to the next card."""

    window: MainWindow
    truth: Mapping[str, int]
    decisions: int = 0
    keys: int = 0
    batches: int = 0
    trainings: int = 0
    answer_ms: list[float] = field(default_factory=list)

    @property
    def place(self) -> ReviewPlace:
        assert self.window.places is not None
        return self.window.places.review

    def press(
        self, key: Qt.Key | str, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
    ) -> None:
        self.keys += 1
        QTest.keyClick(self.window.focusWidget() or self.window, key, modifier)

    def train(self) -> None:
        """Ask for a training and wait for its suggestions and queues, over a coffee."""
        assert self.window.workplace is not None
        session = self.window.workplace.session
        before = session.computed.suggestions
        self.press(Qt.Key.Key_R, Qt.KeyboardModifier.ControlModifier)
        self.wait_for(lambda: session.computed.suggestions is not before)
        self.wait_for(lambda: not self.window.tasks.running and not self.place.is_ordering)
        self.trainings += 1

    def review(self, decisions: int) -> bool:
        """Decide cards until so many decisions are made; whether the queue still has some."""
        until = self.decisions + decisions
        while self.decisions < until:
            course = self.place.course
            if course is None or course.is_over:
                return False
            self.wait_for(self.can_read)
            self._decide()
        return True

    def can_read(self) -> bool:
        """Whether the card shows what is needed: the name, or the names of all of a batch."""
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

    def _decide(self) -> None:
        card, place = self.place.card, self.place
        if card.batch.isVisible():
            category = self._veto_strangers()
            self.batches += 1
        else:
            category = self.truth[card.title.text()]
        assert place.proposal is not None
        assert self.window.workplace is not None
        is_proposed = place.proposal.category == category != NO_CATEGORY
        digit = self.window.workplace.session.styles.digit(category)
        began = time.perf_counter()
        self.press(Qt.Key.Key_A if is_proposed else str(digit))
        self.answer_ms.append(1e3 * (time.perf_counter() - began))
        self.decisions += 1

    def _veto_strangers(self) -> int:
        """Take out of the batch what is not of the category that most of it is of; each is a decision."""
        batch, name_of = self.place.card.batch, self.place.shelf.name
        said = [self.truth[name_of(one)] for one in batch.product_ids.tolist()]
        category = max(set(said), key=said.count)
        ticked = set(batch.ticked.tolist())
        for at, (one, its) in enumerate(zip(batch.product_ids.tolist(), said, strict=True)):
            if (its == category) != (one in ticked):
                self._go_to(at)
                self.press(Qt.Key.Key_T)
                self.decisions += 1
        return category

    def _go_to(self, wanted: int) -> None:
        batch = self.place.card.batch
        tops = [box.top() for box in batch.cells()]
        columns = max(1, tops.count(tops[0]))
        while batch.here != wanted:
            down, right = wanted // columns - batch.here // columns, wanted % columns - batch.here % columns
            # The last row may be short: into it from above its products only, out of it first of all.
            if down < 0 or not right:
                self.press(_ARROWS["down" if down > 0 else "up"])
            else:
                self.press(_ARROWS["right" if right > 0 else "left"])
