"""The gallery: what is selected, least typical first, as pictures or as a table, to be gone through by keys.

Invariant: it shows exactly the selection of the session (or what the filter keeps, while nothing is
selected), in an order that changes only when the selection does: nothing jumps while one labels.
"""

from __future__ import annotations

from functools import partial

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QStackedLayout, QVBoxLayout, QWidget

from prodlabel.core.labels import Status
from prodlabel.gui.aside import Aside
from prodlabel.gui.catalogue.gallery_bar import GalleryBar
from prodlabel.gui.catalogue.product_table import ProductTable, ProductTableModel
from prodlabel.gui.catalogue.thumbnail_grid import ID_ROLE, Mark, ProductListModel, ThumbnailView
from prodlabel.gui.labels import toned
from prodlabel.gui.librarian import Librarian
from prodlabel.gui.phrases import phrase
from prodlabel.gui.query import BY_MEANING
from prodlabel.gui.relabel_plan import Out
from prodlabel.gui.session import NOBODY, Session
from prodlabel.gui.theme import Theme
from prodlabel.gui.typicality import least_typical_first

CELL = 66
_MOST_FILTERED = 5000
_AHEAD = 4
_MANY = 20_000
"""Products whose order is worked out beside the window."""


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
        self._order = np.empty(0, dtype=np.int64)
        self._found_by: tuple[object, object, bool] = (None, None, False)
        self.bar = GalleryBar(self)
        self._ordering = Aside("order of the selection", self)
        self._ordering.failed.connect(session.failed)
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
        nearest = self._nearest_first(rows)
        computed, columns = session.computed, session.columns
        order = partial(least_typical_first, rows, columns, computed.suggestions, computed.layout)
        before, self._found_by = self._found_by, (session.filter, session.nearest_first, is_filtered)
        is_same = all(was is now for was, now in zip(before, self._found_by, strict=True))
        if is_filtered and is_same and not self._ordering.is_busy:
            self._keep_order(columns.product_id[rows])
        elif nearest is None and len(rows) > _MANY:
            self._ordering.ask(lambda: columns.product_id[order()], self._take_order)
        else:
            self._ordering.drop()
            self._take_order(columns.product_id[order() if nearest is None else nearest])
        said = self.tr("least typical first") if nearest is None else self.tr("nearest first")
        self.bar.show_title(self.tr("Found") if is_filtered else self.tr("Selection"), len(rows), said)
        if session.filter.is_empty:
            text = self.tr("Nothing is selected. Draw around some points with the lasso (Q), or search (/).")
        else:
            text = self.tr("No product fits the filter. Ctrl+Backspace shows all products again.")
            words = self._session.filter.words
            if words and not words.startswith(BY_MEANING):
                text = self.tr("No product has these words. With ~ before them what they mean is looked for.")
        self._empty.setText(text)

    def _take_order(self, product_ids: NDArray[np.int64]) -> None:
        """Show these products in this order."""
        self._order = product_ids
        self._show_products(product_ids)

    def _keep_order(self, product_ids: NDArray[np.int64]) -> None:
        """The filter is the same, only what fits it has changed: each product stays in its place, one that
        was undone comes back to it, and what fits for the first time comes last."""
        self._order = np.concatenate([self._order, product_ids[~np.isin(product_ids, self._order)]])
        self._show_products(self._order[np.isin(self._order, product_ids)])

    def _show_products(self, product_ids: NDArray[np.int64]) -> None:
        self.model.show(product_ids)
        if self.is_table:
            self._fill_table()
        self._show_page()

    def _nearest_first(self, rows: NDArray[np.int64]) -> NDArray[np.int64] | None:
        """The rows in the order in which a search has found them; None where none has."""
        session, found = self._session, self._session.nearest_first
        if found is None:
            return None
        place = np.full(len(session.columns), len(found), dtype=np.int64)
        place[found] = np.arange(len(found))
        if not (place[rows] < len(found)).any():
            return None
        return np.asarray(rows[np.argsort(place[rows], kind="stable")])

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

    def select_marked(self) -> None:
        """Select only the products that are marked here, with Shift or Ctrl."""
        ids = self._marked()
        if len(ids) > 1:
            self._session.select_rows(self._session.columns.rows_here(ids))

    def _marked(self) -> NDArray[np.int64]:
        view = self.table if self.is_table else self.view
        indices = view.selectionModel().selectedRows()
        return np.unique(np.array([int(index.data(ID_ROLE)) for index in indices], dtype=np.int64))

    def _show_marked(self) -> None:
        # Counted by ranges: a table of many lines has as many indices as cells.
        view = self.table if self.is_table else self.view
        ranges = view.selectionModel().selection()
        self.bar.show_marked(sum(ranges.at(k).height() for k in range(ranges.count())))

    def _fill_table(self) -> None:
        """The same products; a column that was chosen to sort by stays chosen."""
        self.rows.show(self.model.product_ids)
        header = self.table.horizontalHeader()
        self.rows.sort(header.sortIndicatorSection(), header.sortIndicatorOrder())
        self.table.show_focus(self._session.focus)

    def _show_page(self) -> None:
        page = self.table if self.is_table else self.view
        self._stack.setCurrentWidget(page if len(self.model.product_ids) else self._empty)

    def close(self) -> bool:
        """Wait for what is under way beside the window."""
        self._ordering.close()
        return super().close()

    def _connect(self) -> None:
        session = self._session
        self.view.looked_at.connect(session.look_at)
        self.view.ticked.connect(session.toggle_in_plan)
        self.table.looked_at.connect(session.look_at)
        for view in (self.view, self.table):
            view.selectionModel().selectionChanged.connect(lambda *_: self._show_marked())
        self.bar.marked_wanted.connect(self.select_marked)
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
