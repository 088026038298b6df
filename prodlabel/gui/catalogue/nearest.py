"""The products nearest to the one looked at: by text, by picture, or by both.

Invariant: the answer for a product that is no longer looked at is never shown; where nothing was encoded yet,
the products that the suggestion leans on stand in.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from prodlabel.gui.catalogue.thumbnail_grid import ProductListModel, ThumbnailView
from prodlabel.gui.labels import heading
from prodlabel.gui.librarian import Librarian
from prodlabel.gui.session import NOBODY, Session
from prodlabel.gui.theme import Theme
from prodlabel.operations.search import Likeness

_SIDE = 60
_COUNT = 10
_REST_MS = 150
"""Who steps quickly through products does not wait for the neighbours of each."""


class Nearest(QWidget):
    """Collaborators: `Session`, `Librarian`."""

    def __init__(self, session: Session, librarian: Librarian, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._librarian = session, librarian
        self.by = Likeness.BOTH
        self.model = ProductListModel()
        self.view = ThumbnailView(self.model, librarian.pixmap, session.colour_of, _SIDE, self)
        self.view.setAccessibleName(self.tr("Nearest products"))
        self.view.setFixedHeight(2 * self.view.cell_size.height())
        self.buttons: dict[Likeness, QPushButton] = {}
        self._rest = QTimer(self, singleShot=True, interval=_REST_MS)
        self._rest.timeout.connect(self._ask)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(Theme.now().px(6))
        layout.addLayout(self._top())
        layout.addWidget(self.view)
        self.view.looked_at.connect(session.look_at)
        librarian.thumbnails_arrived.connect(lambda _ids: self.view.viewport().update())
        session.focus_changed.connect(lambda _id: self._rest.start())
        session.results_changed.connect(self._rest.start)
        for signal in (session.labels_changed, session.taxonomy_changed):
            signal.connect(self.view.viewport().update)

    def choose(self, by: Likeness) -> None:
        """Compare by something else."""
        self.by = by
        self.buttons[by].setChecked(True)
        self._ask()

    def _top(self) -> QHBoxLayout:
        row, group = QHBoxLayout(), QButtonGroup(self)
        row.addWidget(heading(self.tr("Nearest"), self), 1)
        titles = {
            Likeness.BOTH: self.tr("both"),
            Likeness.TEXT: self.tr("text"),
            Likeness.PICTURE: self.tr("picture"),
        }
        for by, title in titles.items():
            button = QPushButton(title, self)
            button.setProperty("aim", "true")
            button.setCheckable(True)
            button.setChecked(by is self.by)
            button.setAccessibleName(self.tr("Nearest by {0}").format(title))
            button.clicked.connect(lambda *_, by=by: self.choose(by))
            group.addButton(button)
            row.addWidget(button)
            self.buttons[by] = button
        return row

    def _ask(self) -> None:
        session, product_id, by = self._session, self._session.focus, self.by
        if product_id == NOBODY or session.row_of(product_id) is None:
            self._show([])
            return
        if not session.computed.layouts:
            # Nothing was encoded yet, so there is nothing to compare.
            self._show(self._leant_on(product_id))
            return
        seeker = session.seeker
        self._librarian.ask(
            "nearest",
            lambda _desk: seeker.like(product_id, by, _COUNT),
            lambda ids: self._take(product_id, ids),
        )

    def _take(self, product_id: int, ids: NDArray[np.int64]) -> None:
        if product_id == self._session.focus:
            self._show(ids.tolist() or self._leant_on(product_id))

    def _leant_on(self, product_id: int) -> Sequence[int]:
        """The neighbours that were kept with the suggestion."""
        row, suggestions = self._session.row_of(product_id), self._session.computed.suggestions
        return (
            [] if row is None or suggestions is None else [n for n, _ in suggestions.reasons(row).neighbours]
        )

    def _show(self, ids: Sequence[int]) -> None:
        known = [one for one in ids if self._session.row_of(one) is not None]
        self.setVisible(bool(known))
        self.model.show(known)
