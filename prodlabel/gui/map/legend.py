"""What the colours of the map mean, with counts: a click hides an entry, a double click shows it alone.

Invariant: the legend knows entries, not products; what is hidden is told as a set of entry numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QAbstractButton, QVBoxLayout, QWidget
from typing_extensions import override

from prodlabel.core.palette import CategoryStyle, Palette
from prodlabel.gui.labels import plain_tip
from prodlabel.gui.map.marks import mark_pixmap
from prodlabel.gui.map.points import USUAL_SIZE

_ROW_PX, _MARK_PX, _GAP_PX = 24, 14, 8


@dataclass(frozen=True, slots=True)
class LegendEntry:
    """One kind of mark: its style, what it means, how many products have it, and its size step."""

    style: CategoryStyle
    name: str
    count: int
    size: int = USUAL_SIZE


class Legend(QWidget):
    """A column of entries; Space hides one, Return shows it alone. Signal: `hidden_changed(frozenset)`."""

    hidden_changed = Signal(object)

    def __init__(self, palette: Palette, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = palette
        self._rows: list[_LegendRow] = []
        self._before_click: frozenset[int] | None = None
        self._shown: tuple[str, tuple[LegendEntry, ...], str] = ("", (), "")
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(8, 6, 8, 6)
        self._column.setSpacing(0)
        self.setAccessibleName(self.tr("Legend"))

    @property
    def hidden(self) -> frozenset[int]:
        return frozenset(k for k, row in enumerate(self._rows) if not row.isChecked())

    def set_entries(self, entries: Sequence[LegendEntry], palette: Palette | None = None) -> None:
        """New entries, all shown."""
        self._theme = palette or self._theme
        for row in self._rows:
            self._column.removeWidget(row)
            row.hide()
            row.deleteLater()
        self._rows = [_LegendRow(entry, self._theme, self) for entry in entries]
        for number, row in enumerate(self._rows):
            self._column.addWidget(row)
            # Qt shows a new child later; whoever asks for the size now needs it.
            row.show()
            row.pressed.connect(self._on_row_pressed)
            row.clicked.connect(self._on_row_clicked)
            row.isolated.connect(lambda number=number: self.isolate(number))

    def show_entries(self, topic: str, entries: Sequence[LegendEntry], palette: Palette) -> None:
        """The entries of a topic as they are now; what was hidden of the same topic stays hidden, by name."""
        now = (topic, tuple(entries), palette.name)
        if now == self._shown:
            return
        off = {row.text() for row in self._rows if not row.isChecked()} if topic == self._shown[0] else set()
        self._shown = now
        self.set_entries(entries, palette)
        for row in self._rows:
            row.setChecked(row.text() not in off)

    def isolate(self, number: int) -> None:
        """Shows one entry alone; all again if it is alone already, or was before the double click began."""
        others = frozenset(range(len(self._rows))) - {number}
        alone = others in (self.hidden, self._before_click)
        self._before_click = None
        for k, row in enumerate(self._rows):
            row.setChecked(alone or k == number)
        self.hidden_changed.emit(self.hidden)

    def _on_row_pressed(self) -> None:
        # The first click of a double click hides or shows the entry, before anybody knows that there are two.
        self._before_click = self.hidden

    def _on_row_clicked(self) -> None:
        self.hidden_changed.emit(self.hidden)


class _LegendRow(QAbstractButton):
    """One entry as a check box that looks like its mark. Signal: `isolated()`."""

    isolated = Signal()

    def __init__(self, entry: LegendEntry, palette: Palette, parent: QWidget) -> None:
        super().__init__(parent)
        self._entry, self._theme = entry, palette
        self.setCheckable(True)
        self.setChecked(True)
        self.setText(entry.name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(f"{entry.name}, {entry.count}")
        self.setToolTip(plain_tip(entry.name))

    def _mark(self) -> QPixmap:
        entry = self._entry
        return mark_pixmap(entry.style, _MARK_PX, self.devicePixelRatioF(), entry.size)

    @override
    def sizeHint(self) -> QSize:
        metrics = QFontMetrics(self.font())
        count = metrics.horizontalAdvance(f"{self._entry.count:,}")
        return QSize(_MARK_PX + count + metrics.horizontalAdvance(self.text()) + 3 * _GAP_PX, _ROW_PX)

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(120, _ROW_PX)

    @override
    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        # The first click of the two has hidden the entry; it comes back with the others gone.
        self.isolated.emit()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.isolated.emit()
        else:
            super().keyPressEvent(event)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        theme = self._theme
        middle = (self.height() - _MARK_PX) // 2
        if self.hasFocus():
            painter.setPen(QColor(theme.accent))
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        painter.setOpacity(1.0 if self.isChecked() else 0.35)
        painter.drawPixmap(2, middle, self._mark())
        count = f"{self._entry.count:,}"
        width = self.fontMetrics().horizontalAdvance(count)
        left = 2 + _MARK_PX + _GAP_PX
        name = QRectF(left, 0, max(0, self.width() - left - width - _GAP_PX - 2), self.height())
        elided = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideMiddle, int(name.width()))
        painter.setPen(QColor(theme.text))
        painter.drawText(name, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, elided)
        painter.setPen(QColor(theme.dim))
        right = QRectF(self.width() - width - 2, 0, width, self.height())
        painter.drawText(right, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, count)
        painter.end()
