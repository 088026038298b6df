"""What the keys that decide are about, and what they do: the product looked at, or the whole selection.

Invariant: one product is decided at once and the next one is looked at; for many, a plan is shown first and
nothing changes before it is applied. While a plan is shown, the keys are about what it is about.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from prodlabel.core.labels import Status
from prodlabel.gui.messages import Messages
from prodlabel.gui.session import NOBODY, Session


class Deciding(QObject):
    """Collaborators: `Session`; `coming` says which products are next. Signals: `target_changed`."""

    target_changed = Signal()

    def __init__(
        self, session: Session, messages: Messages, coming: Callable[[], Sequence[int]], parent: QObject
    ) -> None:
        super().__init__(parent)
        self._session, self._messages, self._coming = session, messages, coming
        self._wants_all = True
        session.selection_changed.connect(lambda: self.aim(is_all=True))
        session.focus_changed.connect(self._on_focus_changed)
        session.plan_changed.connect(self.target_changed)

    @property
    def is_all(self) -> bool:
        """Whether the keys are about the whole selection."""
        session = self._session
        return session.plan is not None or (self._wants_all and session.selection.rows.count > 0)

    def aim(self, *, is_all: bool) -> None:
        """Let the keys be about the selection, or about the product looked at."""
        if not is_all:
            self._session.drop_plan()
        self._wants_all = is_all
        self.target_changed.emit()

    def toggle_aim(self) -> None:
        self.aim(is_all=not self.is_all)

    def give(self, category_id: int) -> None:
        """A category's key was pressed."""
        session = self._session
        if self.is_all:
            session.propose(category_id)
        elif not self._decide(lambda: session.relabel_one(session.focus, category_id)):
            self._messages.inform(self.tr("Nothing is selected. Select products first, then press the key."))

    def accept(self) -> None:
        session = self._session
        said = self.tr("There is no suggestion for this product.")
        if self.is_all:
            if session.propose_accepting() is None:
                self._messages.inform(self.tr("There are no suggestions yet. Train a classifier: Ctrl+R."))
        elif not self._decide(lambda: session.accept_suggestion(session.focus)):
            self._messages.inform(said)

    def mark(self, status: Status) -> None:
        """Reject or flag."""
        session = self._session
        if self.is_all:
            session.propose_marking(status)
        else:
            self._decide(lambda: session.mark(session.focus, status))

    def note(self, text: str) -> None:
        """A note for the history; categories and statuses stay."""
        with self._messages.guard():
            self._session.note(self.rows(), text)

    def rows(self) -> NDArray[np.int64]:
        """What the keys are about."""
        session = self._session
        if self.is_all:
            return session.selected_rows
        row = session.row_of(session.focus)
        return np.empty(0, dtype=np.int64) if row is None else np.array([row], dtype=np.int64)

    def _decide(self, decide: Callable[[], bool]) -> bool:
        """Decide about the product looked at and go on to the next."""
        is_done = True
        # Asked for before: what is decided may not fit the filter any more, and then it has no next one.
        coming = self._coming()[:1]
        with self._messages.guard():
            is_done = decide()
            if is_done:
                for product_id in coming:
                    self._session.look_at(product_id)
        return is_done

    def _on_focus_changed(self, product_id: int) -> None:
        # Whoever looks at one product means that one, until something is selected anew.
        if product_id != NOBODY and self._session.plan is None and self._wants_all:
            self._wants_all = False
            self.target_changed.emit()
