"""The gallery: what is selected, least typical first, as pictures or as a table, to be gone through by keys.

Invariant: it shows exactly the selection of the session (or what the filter keeps, while nothing is
selected), in an order that changes only when the selection does: nothing jumps while one labels.
"""

from __future__ import annotations

<<<<<<< HEAD:prodlabel/gui/catalogue/gallery.py
=======
from collections.abc import Sequence
from functools import partial

>>>>>>> main:prodlabel/gui/catalogue/film_strip.py
import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QStackedLayout, QVBoxLayout, QWidget

<<<<<<< HEAD:prodlabel/gui/catalogue/gallery.py
from prodlabel.core.labels import Status
from prodlabel.gui.catalogue.gallery_bar import GalleryBar
=======
from prodlabel.gui.aside import Aside
>>>>>>> main:prodlabel/gui/catalogue/film_strip.py
from prodlabel.gui.catalogue.product_table import ProductTable, ProductTableModel
from prodlabel.gui.catalogue.thumbnail_grid import Mark, ProductListModel, ThumbnailView
from prodlabel.gui.labels import toned
from prodlabel.gui.librarian import Librarian
from prodlabel.gui.phrases import phrase
from prodlabel.gui.relabel_plan import Out
from prodlabel.gui.session import NOBODY, Session
from prodlabel.gui.theme import Theme
from prodlabel.gui.typicality import least_typical_first

CELL = 66
_MOST_FILTERED = 5000
<<<<<<< HEAD:prodlabel/gui/catalogue/gallery.py
_AHEAD = 4
=======
_MANY = 20_000
"""Products whose order is worked out beside the window."""
>>>>>>> main:prodlabel/gui/catalogue/film_strip.py


class Gallery(QWidget):
    """Collaborators: `Session`, `Librarian`."""

    def __init__(
        self, session: Session, librarian: Librarian, *, side: int = CELL, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("gallery")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._session, self._librarian = session, librarian
        self.model = ProductListModel(self._describe)
        self.view = ThumbnailView(self.model, librarian.pixmap, session.colour_of, side, self)
        self.view.mark_of = self._mark_of
        self.view.setAccessibleName(self.tr("Selected products, least typical first"))
        self.rows = ProductTableModel(session, librarian)
        self.table = ProductTable(self.rows, self)
        self.table.setAccessibleName(self.tr("Selected products as a table"))
        self.rows.sorted.connect(self.model.show)
        self.is_table = False
<<<<<<< HEAD:prodlabel/gui/catalogue/gallery.py
        self.bar = GalleryBar(self)
=======
        self._ordering = Aside("order of the selection", self)
        self._ordering.failed.connect(session.failed)
        self._title = toned(self.tr("Selection"), "strong")
        self._order = toned("", "dim")
>>>>>>> main:prodlabel/gui/catalogue/film_strip.py
        self._empty = toned("", "dim")
        self._empty.setWordWrap(True)
        body = QWidget(self)
        self._stack = QStackedLayout(body)
        for page in (self.view, self.table, self._empty):
            self._stack.addWidget(page)
        theme, layout = Theme.now(), QVBoxLayout(self)
        layout.setContentsMargins(theme.px(14), theme.px(8), theme.px(12), 0)
        layout.setSpacing(theme.px(6))
        layout.addWidget(self.bar)
        layout.addWidget(body, 1)
        self._connect()
        self.refresh()

    def refresh(self) -> None:
        """Show what is selected now."""
        session = self._session
        rows = session.selected_rows
        is_filtered = not len(rows) and not session.filter.is_empty
        if is_filtered:
            rows = np.flatnonzero(session.visible)[:_MOST_FILTERED]
<<<<<<< HEAD:prodlabel/gui/catalogue/gallery.py
        ordered, order = self._ordered(rows)
        self.model.show(session.columns.product_id[ordered])
        if self.is_table:
            self._fill_table()
        self.bar.show_title(self.tr("Found") if is_filtered else self.tr("Selection"), len(rows), order)
        self._show_page()
=======
        computed, columns = session.computed, session.columns
        order = partial(least_typical_first, rows, columns, computed.suggestions, computed.layout)
        if len(rows) > _MANY:
            self._ordering.ask(lambda: columns.product_id[order()], self._take_order)
        else:
            self._ordering.drop()
            self._take_order(columns.product_id[order()])
        self._title.setText(self.tr("Found") if is_filtered else self.tr("Selection"))
        self._order.setText(self.tr("· {0:,} · least typical first").format(len(rows)) if len(rows) else "")
>>>>>>> main:prodlabel/gui/catalogue/film_strip.py
        if session.filter.is_empty:
            text = self.tr("Nothing is selected. Draw around some points with the lasso (Q), or search (/).")
        else:
            text = self.tr("No product fits the filter. Ctrl+Backspace shows all products again.")
        self._empty.setText(text)

<<<<<<< HEAD:prodlabel/gui/catalogue/gallery.py
    def _ordered(self, rows: NDArray[np.int64]) -> tuple[NDArray[np.int64], str]:
        """The rows in the order of the gallery, and what that order is called."""
        session, nearest = self._session, self._session.nearest_first
        if nearest is not None:
            place = np.full(len(session.columns), len(nearest), dtype=np.int64)
            place[nearest] = np.arange(len(nearest))
            if (place[rows] < len(nearest)).any():
                return rows[np.argsort(place[rows], kind="stable")], self.tr("nearest first")
        computed = session.computed
        ordered = least_typical_first(rows, session.columns, computed.suggestions, computed.layout)
        return ordered, self.tr("least typical first")
=======
    def _take_order(self, product_ids: NDArray[np.int64]) -> None:
        """Show these products in this order."""
        self.model.show(product_ids)
        if self.is_table:
            self._fill_table()
        self._show_page()
>>>>>>> main:prodlabel/gui/catalogue/film_strip.py

    def show_table(self, is_table: bool) -> None:
        """Lines that can be sorted instead of pictures, or pictures again."""
        self.is_table = is_table
        self.bar.show_table(is_table)
        if is_table:
            self._fill_table()
        self._show_page()

    def coming(self) -> list[int]:
        """The products after the one looked at, the next one first."""
        row = self.model.row_of(self._session.focus)
        after = 0 if row is None else row + 1
        return [int(one) for one in self.model.product_ids[after : after + _AHEAD]]

    def step(self, by: int) -> int:
        """Look at the next (or an earlier) product; the id of the one looked at then."""
        ids = self.model.product_ids
        if not len(ids):
            return self._session.focus
        row = self.model.row_of(self._session.focus)
        at = 0 if row is None else min(max(row + by, 0), len(ids) - 1)
        self._session.look_at(int(ids[at]))
        return int(ids[at])

    def take_out(self) -> None:
        """Take the product looked at out of the selection and look at the next one."""
        session = self._session
        row = session.row_of(session.focus)
        if row is None or not session.selection.rows.mask[row]:
            return
        coming = self.coming()
        session.select_rows(session.selected_rows[session.selected_rows != row])
        if coming:
            session.look_at(coming[0])

    def _fill_table(self) -> None:
        """The same products; a column that was chosen to sort by stays chosen."""
        self.rows.show(self.model.product_ids)
        header = self.table.horizontalHeader()
        self.rows.sort(header.sortIndicatorSection(), header.sortIndicatorOrder())
        self.table.show_focus(self._session.focus)

    def _show_page(self) -> None:
        page = self.table if self.is_table else self.view
        self._stack.setCurrentWidget(page if len(self.model.product_ids) else self._empty)

<<<<<<< HEAD:prodlabel/gui/catalogue/gallery.py
    def _connect(self) -> None:
        session = self._session
        self.view.looked_at.connect(session.look_at)
        self.view.ticked.connect(session.toggle_in_plan)
        self.table.looked_at.connect(session.look_at)
        self.bar.table_wanted.connect(self.show_table)
        self.bar.side_changed.connect(self.view.set_side)
        for signal in (session.selection_changed, session.products_changed):
            signal.connect(lambda: session.turns.ask(self, self.refresh))
        session.filter_changed.connect(self._on_filter_changed)
        for changed in (session.labels_changed, session.taxonomy_changed, session.plan_changed):
            changed.connect(self.view.viewport().update)
        session.focus_changed.connect(self.view.show_focus)
        session.focus_changed.connect(self.table.show_focus)
        for changed in (session.labels_changed, session.taxonomy_changed, session.results_changed):
            changed.connect(self.rows.touch)
        session.products_changed.connect(self.rows.forget_names)
        self._librarian.thumbnails_arrived.connect(lambda _ids: self.view.viewport().update())
=======
    def close(self) -> bool:
        """Wait for what is under way beside the window."""
        self._ordering.close()
        return super().close()

    def step(self, by: int) -> int:
        """Look at the next (or an earlier) product; the id of the one looked at then."""
        ids = self.model.product_ids
        if not len(ids):
            return self._session.focus
        row = self.model.row_of(self._session.focus)
        at = 0 if row is None else min(max(row + by, 0), len(ids) - 1)
        self._session.look_at(int(ids[at]))
        return int(ids[at])

    def hint(self, pairs: Sequence[tuple[str, str]]) -> None:
        """Show (key, what it does) pairs at the right of the title."""
        if tuple(pairs) == self._hinted:
            return
        self._hinted = tuple(pairs)
        while self._hints.count():
            widget = self._hints.takeAt(0).widget()
            widget.setParent(None)
            widget.deleteLater()
        for key, meaning in pairs:
            self._hints.addWidget(toned(key, "key"))
            self._hints.addWidget(toned(meaning, "dim"))

    def _lay_out(self) -> None:
        theme = Theme.now()
        top = QHBoxLayout()
        top.setSpacing(theme.px(4))
        top.addWidget(self._title)
        top.addWidget(self._order)
        top.addStretch(1)
        self._switch = QPushButton(self.tr("table"), self)
        self._switch.setProperty("link", "true")
        self._switch.clicked.connect(lambda *_: self.show_table(not self.is_table))
        top.addWidget(self._switch)
        top.addSpacing(theme.px(12))
        self._hints = QHBoxLayout()
        self._hints.setSpacing(theme.px(5))
        top.addLayout(self._hints)
        body = QWidget(self)
        self._stack = QStackedLayout(body)
        self._stack.addWidget(self.view)
        self._stack.addWidget(self.table)
        self._stack.addWidget(self._empty)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(theme.px(14), theme.px(8), theme.px(12), 0)
        layout.setSpacing(theme.px(6))
        layout.addLayout(top)
        layout.addWidget(body, 1)
>>>>>>> main:prodlabel/gui/catalogue/film_strip.py

    def _on_filter_changed(self) -> None:
        if not self._session.selection.rows.count:
            self._session.turns.ask(self, self.refresh)

    def _mark_of(self, product_id: int) -> Mark | None:
        """The tick of the plan that is shown, or else how the product was decided."""
        session = self._session
        row = session.row_of(product_id)
        if row is None:
            return None
        if session.plan is not None and session.plan.holds(row):
            return Mark.TICKED if session.plan.why_out(row) is Out.IN else Mark.UNTICKED
        return _STATUS_MARKS.get(Status(int(session.columns.status[row])))

    def _describe(self, product_id: int) -> str:
        session = self._session
        row = session.row_of(product_id)
        if row is None or product_id == NOBODY:
            return ""
        category = session.category_title(int(session.columns.category[row]))
        status = phrase(Status(int(session.columns.status[row])).word)
        return self.tr("product {id}, {category}, {status}").format(
            id=product_id, category=category, status=status
        )


_STATUS_MARKS = {
    Status.CONFIRMED: Mark.CONFIRMED,
    Status.ACCEPTED: Mark.CONFIRMED,
    Status.REJECTED: Mark.REJECTED,
    Status.FLAGGED: Mark.FLAGGED,
}
