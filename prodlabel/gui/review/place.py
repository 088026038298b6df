"""The review place: a queue, its card, and the keys that decide.

Invariant: every decision is one `Relabel` through the project, and the next card is shown from what was
fetched before; an undone decision leads back to its card.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from prodlabel.core.labels import NO_CATEGORY, Status
from prodlabel.gui.actions import Actions, key_text
from prodlabel.gui.labels import line
from prodlabel.gui.librarian import Librarian
from prodlabel.gui.messages import Messages
from prodlabel.gui.notice import Notice
from prodlabel.gui.phrases import phrase
from prodlabel.gui.review.accept_panel import AcceptPanel
from prodlabel.gui.review.board import Board, ReviewQueue
from prodlabel.gui.review.card import Card
from prodlabel.gui.review.course import Course
from prodlabel.gui.review.decisions import status_of_accepting, write_decision
from prodlabel.gui.review.instead import say_instead
from prodlabel.gui.review.ordering import Ordering
from prodlabel.gui.review.proposal import Proposal, propose, still_holds
from prodlabel.gui.review.queue_list import ACCEPT_ALL, QueueList
from prodlabel.gui.review.strip import QueueStrip
from prodlabel.gui.session import Session
from prodlabel.gui.shelf import AHEAD, Shelf
from prodlabel.gui.tasks import Tasks

_LOOK_MS = 300


class ReviewPlace(QWidget):
    """Collaborators: `Session`, `Librarian`, `Tasks`. Signals: `length_changed` with how many products the
    queue gone through still has, `train_wanted`, `note_wanted` with who takes the text."""

    length_changed = Signal(int)
    train_wanted = Signal()
    note_wanted = Signal(object)

    def __init__(
        self, session: Session, librarian: Librarian, tasks: Tasks, messages: Messages, actions: Actions
    ) -> None:
        super().__init__()
        self.setObjectName("place")
        self._session, self._messages, self._actions = session, messages, actions
        self.clock: Callable[[], float] = time.monotonic
        self.board: Board | None = None
        self.course: Course | None = None
        self.proposal: Proposal | None = None
        self._courses: dict[str, Course] = {}
        self._note = ""
        self._about: tuple[str | int, ...] = ()
        self.shelf = Shelf(librarian, self)
        self.list = QueueList(self)
        self.card = Card(session, librarian, self)
        self.strip = QueueStrip(librarian, self._colour_of, self)
        self.notice = Notice(self)
        self.accept_panel = AcceptPanel(session, librarian, tasks, messages, self)
        self.ordering = Ordering(session, tasks, messages, self)
        self._look = QTimer(self)
        self._look.setSingleShot(True)
        self._look.setInterval(_LOOK_MS)
        self._lay_out()
        self._connect()
        actions.keys_changed.connect(self._show_hints)

    # Coming and going

    @property
    def is_ordering(self) -> bool:
        """Whether other queues are about to come."""
        return self.ordering.is_coming

    def enter(self) -> None:
        """The place is shown: make the queues where there are none yet, or where they are out of date."""
        if self.board is None or self.ordering.is_stale:
            self.make_board()
        self._show_hints()
        self._show()

    def make_board(self) -> None:
        """Order the queues anew in the background."""
        self.ordering.begin()

    def take_board(self, board: Board) -> None:
        """Show these queues; what is looked at and what was just decided stays where it is."""
        self.board = board
        self._courses = {queue.name: self._course_through(queue) for queue in board.queues}
        known = self.course.queue.name if self.course is not None else ""
        if known not in self._courses or not len(self._courses[known].queue):
            known = next((queue.name for queue in board.queues if len(queue)), board.queues[0].name)
        self._show_lengths()
        if self._body.currentWidget() is not self.accept_panel:
            self.open_queue(known)
        else:
            self.course = self._courses[known]

    def _course_through(self, queue: ReviewQueue) -> Course:
        before = self._courses.get(queue.name)
        if before is None:
            return Course(queue, self.clock)
        is_open = before is self.course and self._body.currentWidget() is self._work
        return before.renewed(queue, keeps_present=is_open)

    def open_queue(self, name: str) -> None:
        """Go through this queue, where one left off; or the panel that accepts all above the line."""
        self.list.check(name)
        if name == ACCEPT_ALL:
            self._body.setCurrentWidget(self.accept_panel)
            self.accept_panel.refresh()
            self.accept_panel.take_keys()
            return
        course = self._courses.get(name)
        if course is None:
            return
        self.course = course
        course.in_batches = course.in_batches or (name == "needs-label" and course.decided == 0)
        self._note = ""
        self._show()

    def handlers(self) -> dict[str, Callable[[], object]]:
        """What the actions do while this place is shown."""
        return {
            "accept": self.accept,
            "reject": lambda: self._decide(None, Status.REJECTED),
            "flag": lambda: self._decide(None, Status.FLAGGED),
            "next_product": lambda: self._step(1),
            "previous_product": lambda: self._step(-1),
            "note": self._ask_note,
            "toggle_batch": self.toggle_batch,
            "toggle_tick": self.card.batch.toggle,
            "next_queue": lambda: self._step_queue(1),
            "previous_queue": lambda: self._step_queue(-1),
            "apply_plan": self._press_enter,
            **{f"category_{digit}": self._digit_handler(digit) for digit in "1234567890"},
        }

    # Deciding

    def accept(self) -> None:
        """Give the products what is proposed for them."""
        if self._body.currentWidget() is not self._work:
            return
        if self.proposal is None or self.proposal.category == NO_CATEGORY:
            self._messages.inform(self.tr("There is no suggestion for this product."))
            return
        status = status_of_accepting(self.proposal, len(self._meant()))
        self._decide(self.proposal.category, status, is_of_suggestion=not self.proposal.is_offered)

    def choose(self, category_id: int) -> None:
        """A person says which category it is."""
        self._decide(category_id, Status.CONFIRMED)

    def take_note(self, text: str) -> None:
        """The reason that the next decision will carry."""
        self._note = text
        self.card.show_note(text)

    def toggle_batch(self) -> None:
        """One by one, or all that look alike at once."""
        if self.course is not None:
            self.course.in_batches = not self.course.in_batches
            self._show()

    def _decide(self, category: int | None, status: Status, *, is_of_suggestion: bool = False) -> None:
        course = self.course
        if self._body.currentWidget() is not self._work:
            return  # nobody decides what is not to be seen
        if course is None or course.is_over or (self.card.batch.isVisible() and not len(self._meant())):
            return
        ids, is_written = self._meant(), False
        with self._messages.guard():
            write_decision(
                self._session,
                course,
                ids,
                category,
                status,
                note=self._note,
                is_of_suggestion=is_of_suggestion or status is Status.REJECTED,
            )
            is_written = True
        if not is_written:
            return  # the card, its note and its ticks stay, to be tried again
        self.shelf.forget(ids.tolist())
        self._note = ""
        self._show()

    def _meant(self) -> NDArray[np.int64]:
        """What the next key is about."""
        if self.course is None:
            return np.empty(0, dtype=np.int64)
        return self.card.batch.ticked if self._is_batch() else self.course.batch()[:1]

    def _is_batch(self) -> bool:
        course = self.course
        return course is not None and (course.in_batches or bool(course.offered)) and len(course.batch()) > 1

    def _step(self, by: int) -> None:
        if self.course is None:
            return
        if by > 0 and self._is_batch():
            # Skipping a batch skips all of it.
            batch = int(self.course.queue.batch[self.course.at])
            while not self.course.is_over and int(self.course.queue.batch[self.course.at]) == batch:
                self.course.step(1)
        else:
            self.course.step(by)
        self._note = ""
        self._show()

    def _step_queue(self, by: int) -> None:
        names, here = self.list.names(), self.list.checked()
        at = names.index(here) if here in names else -1
        self.open_queue(names[(at + by) % len(names)])

    def _press_enter(self) -> None:
        if self._body.currentWidget() is self.accept_panel:
            self.accept_panel.apply()

    def _ask_note(self) -> None:
        self.note_wanted.emit(self.take_note)

    def _digit_handler(self, digit: str) -> Callable[[], None]:
        def press() -> None:
            category = self._session.styles.with_digit(digit)
            if category is not None:
                self.choose(category)

        return press

    # Showing

    def _show(self) -> None:
        """The card of where one is, or what there is instead."""
        course = self.course
        if self._body.currentWidget() is self.accept_panel and self.list.rows[ACCEPT_ALL].isChecked():
            return
        if course is None or course.is_over:
            self._show_notice(course)
            return
        self.list.check(course.queue.name)
        self._body.setCurrentWidget(self._work)
        ids = course.batch()
        self._propose(course, ids)
        self.card.show_batch(self._is_batch())
        if self._is_batch() and self.proposal is not None:
            self.card.batch.show_products(ids, self.proposal.unlike)
        self._show_contents()
        self.card.show_note(self._note)
        self._show_state(course)
        coming = course.coming(AHEAD)
        self.shelf.prepare(course.product_id, coming)
        if self._is_batch():
            self.shelf.prepare_names([*ids.tolist(), *course.batch_of(coming)])
            self.card.batch.setFocus()
        elif self.card.batch.hasFocus():
            self.setFocus()
        self._look.start()

    def _propose(self, course: Course, ids: NDArray[np.int64]) -> None:
        """Work out what the card proposes, unless it is there: new suggestions never change the card that
        somebody is about to decide."""
        about = course.queue.name, *ids.tolist()
        if self.proposal is not None and self.proposal.category != NO_CATEGORY and about == self._about:
            return
        self._about = about
        offered = course.offered
        self.proposal = propose(self._session, ids, is_blind=course.queue.is_blind, offered=offered)
        why = "" if course.queue.is_blind else phrase(course.queue.reason(course.at))
        self.card.show_proposal(self.proposal, why)

    def _show_anew(self) -> None:
        """Show the card again, whatever was proposed: names, colours or labels are others."""
        self._about = ()
        self._show()

    def _show_contents(self) -> None:
        if self.course is not None and self.proposal is not None:
            self.card.show_contents(self.shelf.get(self.course.product_id), self.proposal)

    def _show_state(self, course: Course) -> None:
        self.strip.show_course(course)
        pace = self.tr("{0:,} left, {1:.0f} s each at your pace.")
        if course.pace_s() < 1:
            pace = self.tr("{0:,} left, less than a second each at your pace.")
        self.list.pace.setText(pace.format(course.left(), course.pace_s()))
        finds = self.tr("About {0:.0f} of them need a change.").format(course.errors_left())
        self.list.stop.setText(f"{finds} {phrase(course.queue.stop)}".strip())
        self._show_lengths()
        self._show_accept_text()

    def _show_accept_text(self) -> None:
        count = len(self._meant())
        key = key_text(self._actions["accept"])
        text = self.tr("Accept {0}").format(count) if self._is_batch() else self.tr("Accept")
        self.card.accept.setText(f"{text}  {key}")
        self.card.accept.setEnabled(count > 0)

    def _show_lengths(self) -> None:
        if self.board is not None:
            lengths = [self._courses[queue.name].left() for queue in self.board.queues]
            self.list.show_board(self.board, lengths)
            self.length_changed.emit(self.course.left() if self.course is not None else 0)

    def _show_notice(self, course: Course | None) -> None:
        say_instead(
            self.notice,
            self._session,
            course,
            is_making=self.ordering.is_making,
            make_board=self.make_board,
            train=self.train_wanted.emit,
        )
        if course is not None and not self.ordering.is_making:
            self.list.check(course.queue.name)
            self.list.pace.setText("")
            self.list.stop.setText("")
            self._show_lengths()
        self._body.setCurrentWidget(self.notice)

    def _show_hints(self) -> None:
        names = (
            ("accept", self.tr("accept")),
            ("reject", self.tr("reject")),
            ("next_product", self.tr("skip")),
            ("flag", self.tr("flag")),
            ("note", self.tr("note")),
            ("previous_product", self.tr("back")),
            ("toggle_batch", self.tr("alike")),
        )
        self.strip.show_hints([(key_text(self._actions[name]), meaning) for name, meaning in names])

    def _colour_of(self, product_id: int) -> str | None:
        row = self._session.row_of(product_id)
        return None if row is None else self._session.styles[int(self._session.columns.category[row])].colour

    # What is heard

    def _on_labels_changed(self) -> None:
        """Somebody undid or did something: what does not hold any more is to be decided again."""
        course, session = self.course, self._session
        if course is None:
            return

        if course.forget_undone(lambda decision: still_holds(session, decision)):
            self.shelf.forget(course.batch().tolist())
            self._show_anew()

    def _on_arrived(self, product_id: int) -> None:
        if self.course is not None and product_id == self.course.product_id:
            self._show_contents()

    def _on_look_timeout(self) -> None:
        if self.course is not None and not self.course.is_over:
            self._session.look_at(self.course.product_id)

    def _connect(self) -> None:
        session = self._session
        self.ordering.ordered.connect(self.take_board)
        self.ordering.changed.connect(self._show)
        self.list.wanted.connect(self.open_queue)
        self.card.accept_wanted.connect(self.accept)
        self.card.chosen.connect(self.choose)
        self.card.opened.connect(session.look_at)
        self.card.batch.ticks_changed.connect(self._show_accept_text)
        self.strip.row.pressed.connect(self._on_strip_pressed)
        self.shelf.arrived.connect(self._on_arrived)
        self.shelf.names_arrived.connect(self.card.batch.update)
        self.card.batch.name_of = self.shelf.name
        self._look.timeout.connect(self._on_look_timeout)
        session.labels_changed.connect(lambda: session.turns.ask(self, self._on_labels_changed))
        session.taxonomy_changed.connect(lambda: session.turns.ask(self, self._show_anew))

    def _on_strip_pressed(self, product_id: int) -> None:
        if self.course is not None:
            self.course.go_to(product_id)
            self._show()

    def _lay_out(self) -> None:
        self._work = QWidget(self)
        work = QVBoxLayout(self._work)
        work.setContentsMargins(0, 0, 0, 0)
        work.setSpacing(0)
        work.addWidget(self.card, 1)
        work.addWidget(line(self))
        work.addWidget(self.strip)
        self._body = QStackedWidget(self)
        for page in (self.notice, self._work, self.accept_panel):
            self._body.addWidget(page)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.list)
        layout.addWidget(self._body, 1)
