"""What is looked at in the window, kept while the panes are built anew.

Invariant: it names products by id, so that it holds whatever else changes in between.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from prodlabel.gui.filters import Filter
from prodlabel.gui.session import NOBODY

if TYPE_CHECKING:
    from prodlabel.gui.main_window import MainWindow


@dataclass(frozen=True, slots=True, eq=False)
class Kept:
    """`selected`: product ids; `search`: what stands in the search box."""

    place: str = "map"
    selected: NDArray[np.int64] | None = None
    focus: int = NOBODY
    filter: Filter = field(default_factory=Filter)
    search: str = ""
    is_table: bool = False
    side: int = 0

    @classmethod
    def of(cls, window: MainWindow) -> Kept:
        """What the window shows now."""
        if window.workplace is None:
            return cls()
        session, gallery = window.workplace.session, window.workplace.gallery
        return cls(
            window.place,
            session.columns.product_id[session.selected_rows],
            session.focus,
            session.filter,
            window.top.search.edit.text(),
            gallery.is_table,
            gallery.bar.sizer.value(),
        )

    def restore(self, window: MainWindow) -> None:
        """Show it again."""
        if window.workplace is None:
            return
        session, gallery = window.workplace.session, window.workplace.gallery
        if self.search:
            window.top.search.edit.setText(self.search)
            window.top.search.search()
        else:
            session.narrow(self.filter)
        if self.selected is not None:
            session.select_rows(session.columns.rows_here(self.selected))
        session.look_at(self.focus)
        gallery.show_table(self.is_table)
        gallery.bar.sizer.setValue(self.side)
        window.show_place(self.place)
