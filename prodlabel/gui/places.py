"""The four places of the window and the panes behind three of them: Map, Review, Training, Report.

Invariant: places live as long as their project is open; docks belong to the map and are hidden elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QStackedWidget, QWidget

from prodlabel.gui.actions import Actions
from prodlabel.gui.messages import Messages
from prodlabel.gui.place_names import MAP, REPORT, REVIEW, TRAINING
from prodlabel.gui.report_place import ReportPlace
from prodlabel.gui.review.place import ReviewPlace
from prodlabel.gui.settings import Settings
from prodlabel.gui.tasks import Tasks
from prodlabel.gui.training.place import TrainingPlace
from prodlabel.gui.workplace import Workplace


class Places(QObject):
    """Collaborators: `Workplace`, whose map is the first place; `suggest_again` starts that work."""

    def __init__(
        self,
        workplace: Workplace,
        tasks: Tasks,
        messages: Messages,
        actions: Actions,
        *,
        settings: Settings,
        suggest_again: Callable[[], object],
    ) -> None:
        super().__init__(workplace)
        session = workplace.session
        self._session, self._map = session, workplace.map
        self.review = ReviewPlace(session, workplace.librarian, tasks, messages, actions)

        self.training = TrainingPlace(session, tasks, messages, settings)
        self.report = ReportPlace(session, tasks, messages)
        self._actions = actions
        self.widgets: dict[str, QWidget] = {
            MAP: workplace.map,
            REVIEW: self.review,
            TRAINING: self.training,
            REPORT: self.report,
        }
        self.training.train_wanted.connect(actions["train"].trigger)
        self.training.networks.train_wanted.connect(
            lambda kind: actions[f"train_{kind.replace('-', '_')}"].trigger()
        )
        self.training.suggest_wanted.connect(suggest_again)
        self.training.products_wanted.connect(self._show_products)
        self.report.products_wanted.connect(self._show_products)
        self.review.train_wanted.connect(actions["train"].trigger)

    def add_to(self, stack: QStackedWidget) -> None:
        for widget in self.widgets.values():
            stack.addWidget(widget)

    def take_from(self, stack: QStackedWidget) -> None:
        """Out of the window and away; the map goes with its workplace."""
        for name, widget in self.widgets.items():
            stack.removeWidget(widget)
            if name != MAP:
                widget.hide()
                widget.deleteLater()

    def keep_still(self, is_still: bool) -> None:
        """Whether things jump where they would travel."""
        self._map.keep_still(is_still)
        self.review.strip.row.moves = not is_still

    def enter(self, name: str) -> None:
        """Tell a place that it is shown."""
        if name == REVIEW:
            self.review.enter()
        elif name == TRAINING:
            self.training.enter()
        elif name == REPORT:
            self.report.enter()

    def handlers(self, name: str) -> dict[str, Callable[[], object]]:
        """What actions do in this place otherwise than on the map."""
        return self.review.handlers() if name == REVIEW else {}

    def _show_products(self, product_ids: NDArray[np.int64]) -> None:
        """Select these products and show them on the map."""
        self._session.select_rows(np.flatnonzero(np.isin(self._session.columns.product_id, product_ids)))
        if len(product_ids):
            self._session.look_at(int(product_ids[0]))
        self._actions["place_map"].trigger()
        self._actions["fit_selection"].trigger()
