"""The selection that several maps, the gallery and the table share.

Invariant: the selected rows change only through this object, which says so once per change and names the
polygon that led to it, where one did.
"""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from prodlabel.core.selection import RowSet, SelectionMode
from prodlabel.gui.map.lasso import Polygon


class MapSelection(QObject):
    """Which rows are selected and which one is pointed at.

    Signals: `selection_changed(RowSet, polygon or None)`; `pointed(int)` with -1 for none.
    """

    selection_changed = Signal(object, object)
    pointed = Signal(int)

    def __init__(self, size: int = 0, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows = RowSet.empty(size)
        self._polygon: Polygon | None = None
        self._pointed = -1

    @property
    def rows(self) -> RowSet:
        return self._rows

    @property
    def polygon(self) -> Polygon | None:
        """Corners, in data coordinates, of the lasso or box that the selection came from."""
        return self._polygon

    @property
    def pointed_row(self) -> int:
        return self._pointed

    def pick(self, picked: RowSet, mode: SelectionMode, polygon: Polygon | None = None) -> None:
        """Combines what was picked with what is selected."""
        self.replace(self._rows.combined(picked, mode), polygon)

    def replace(self, rows: RowSet, polygon: Polygon | None = None) -> None:
        """Says nothing if nothing changes."""
        if rows == self._rows and polygon is self._polygon:
            return
        self._rows, self._polygon = rows, polygon
        self.selection_changed.emit(rows, polygon)

    def clear(self) -> None:
        self.replace(RowSet.empty(self._rows.size))

    def invert(self, within: RowSet | None = None) -> None:
        """Selects what is not selected, of all rows or of those in view of a filter."""
        rest = ~self._rows
        self.replace(rest if within is None else rest & within)

    def renumber(self, rows: RowSet) -> None:
        """Rows have other numbers now: `rows` are the same products, as far as they are still there. Says so
        only where some of them have gone."""
        if rows.count < self._rows.count:
            self.replace(rows)
        if rows.size != self._rows.size:
            self._pointed = -1
        self._rows = rows

    def resize(self, size: int) -> None:
        """The number of products has changed; rows keep their numbers."""
        if size != self._rows.size:
            self._pointed = -1
            self.replace(self._rows.resized(size))

    def point_at(self, row: int) -> None:
        if row != self._pointed:
            self._pointed = row
            self.pointed.emit(row)
