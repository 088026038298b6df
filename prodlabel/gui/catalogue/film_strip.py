"""The film strip: what is selected, least typical first, to be gone through by keys.

Invariant: it shows exactly the selection of the session (or what the filter keeps, while nothing is
selected), in an order that changes only when the selection does: nothing jumps while one labels.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QStackedLayout, QVBoxLayout, QWidget

from prodlabel.gui.aside import Aside
from prodlabel.gui.catalogue.product_table import ProductTable, ProductTableModel
from prodlabel.gui.catalogue.thumbnail_grid import ProductListModel, ThumbnailView
from prodlabel.gui.labels import toned
from prodlabel.gui.librarian import Librarian
from prodlabel.gui.session import NOBODY, Session
from prodlabel.gui.theme import Theme
from prodlabel.gui.typicality import least_typical_first

CELL = 66
_MOST_FILTERED = 5000
_MANY = 20_000
"""Products whose order is worked out beside the window."""


class FilmStrip(QWidget):
    """Collaborators: `Session`, `Librarian`."""

    def __init__(self, session: Session, librarian: Librarian, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("strip")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._session, self._librarian = session, librarian
        self.model = ProductListModel(self._describe)
        self.view = ThumbnailView(self.model, librarian.pixmap, self._colour_of, CELL, self)
        self.view.setAccessibleName(self.tr("Selected products, least typical first"))
        self.view.looked_at.connect(session.look_at)
        self.rows = ProductTableModel(session, librarian)
        self.table = ProductTable(self.rows, self)
        self.table.setAccessibleName(self.tr("Selected products as a table"))
        self.table.looked_at.connect(session.look_at)
        self.rows.sorted.connect(self.model.show)
        self.is_table = False
        self._ordering = Aside("order of the selection", self)
        self._ordering.failed.connect(session.failed)
        self._title = toned(self.tr("Selection"), "strong")
        self._order = toned("", "dim")
        self._empty = toned("", "dim")
        self._empty.setWordWrap(True)
        self._hinted: tuple[tuple[str, str], ...] = ()
        self._lay_out()
        for signal in (session.selection_changed, session.products_changed):
            signal.connect(lambda: session.turns.ask(self, self.refresh))
        session.filter_changed.connect(self._on_filter_changed)
        session.labels_changed.connect(self.view.viewport().update)
        session.taxonomy_changed.connect(self.view.viewport().update)
        session.focus_changed.connect(self.view.show_focus)
        session.focus_changed.connect(self.table.show_focus)
        for changed in (session.labels_changed, session.taxonomy_changed, session.results_changed):
            changed.connect(self.rows.touch)
        session.products_changed.connect(self.rows.forget_names)
        librarian.thumbnails_arrived.connect(lambda _ids: self.view.viewport().update())
        self.refresh()

    def refresh(self) -> None:
        """Show what is selected now."""
        session = self._session
        rows = session.selected_rows
        is_filtered = not len(rows) and not session.filter.is_empty
        if is_filtered:
            rows = np.flatnonzero(session.visible)[:_MOST_FILTERED]
        computed, columns = session.computed, session.columns
        order = partial(least_typical_first, rows, columns, computed.suggestions, computed.layout)
        if len(rows) > _MANY:
            self._ordering.ask(lambda: columns.product_id[order()], self._take_order)
        else:
            self._ordering.drop()
            self._take_order(columns.product_id[order()])
        self._title.setText(self.tr("Found") if is_filtered else self.tr("Selection"))
        self._order.setText(self.tr("· {0:,} · least typical first").format(len(rows)) if len(rows) else "")
        if session.filter.is_empty:
            text = self.tr("Nothing is selected. Draw around some points with the lasso (Q), or search (/).")
        else:
            text = self.tr("No product fits the filter. Ctrl+Backspace shows all products again.")
        self._empty.setText(text)

    def _take_order(self, product_ids: NDArray[np.int64]) -> None:
        """Show these products in this order."""
        self.model.show(product_ids)
        if self.is_table:
            self._fill_table()
        self._show_page()

    def show_table(self, is_table: bool) -> None:
        """Lines that can be sorted instead of pictures, or pictures again."""
        self.is_table = is_table
        self._switch.setText(self.tr("pictures") if is_table else self.tr("table"))
        if is_table:
            self._fill_table()
        self._show_page()

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

    def _on_filter_changed(self) -> None:
        if not self._session.selection.rows.count:
            self._session.turns.ask(self, self.refresh)

    def _colour_of(self, product_id: int) -> str | None:
        row = self._session.row_of(product_id)
        if row is None:
            return None
        return self._session.styles[int(self._session.columns.category[row])].colour

    def _describe(self, product_id: int) -> str:
        row = self._session.row_of(product_id)
        if row is None or product_id == NOBODY:
            return ""
        category = self._session.category_title(int(self._session.columns.category[row]))
        return self.tr("product {id}, {category}").format(id=product_id, category=category)
