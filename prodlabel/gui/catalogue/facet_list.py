"""Facets in one line each: what narrows the products and how many there are; a panel opens to choose values.

Invariant: the lines show the session's facets and filter as they are; only the session changes them.
"""

from __future__ import annotations

from itertools import islice

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QFrame,
    QListWidget,
    QListWidgetItem,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from prodlabel.gui.filters import Facet
from prodlabel.gui.painting import elided
from prodlabel.gui.phrases import shown_title
from prodlabel.gui.theme import Theme
from prodlabel.gui.typing_edit import TypingEdit

_MANY = 12
"""More values than this need a search field."""
_LISTED = 500


class LineButton(QAbstractButton):
    """A line with a title at the left and a figure at the right, that can be pressed."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setText(title)
        self._summary = ""
        self._tone = "dim"
        self.setCheckable(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    def show_summary(self, summary: str, tone: str = "dim") -> None:
        """The figure at the right, in one of the tones dim, warn, accent."""
        self._summary, self._tone = summary, tone
        self.setAccessibleName(f"{self.text()}: {summary}")
        self.update()

    @property
    def summary(self) -> str:
        return self._summary

    @override
    def sizeHint(self) -> QSize:
        return QSize(160, Theme.now().px(28))

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        theme, painter = Theme.now(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect())
        palette = theme.palette
        if self.isChecked() or self.underMouse():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(palette.highlight if self.isChecked() else palette.raised))
            painter.drawRoundedRect(box, theme.px(6), theme.px(6))
        if self.hasFocus():
            painter.setPen(QColor(palette.accent))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), theme.px(6), theme.px(6))
        inner = box.adjusted(theme.px(8), 0, -theme.px(8), 0)
        painter.setFont(theme.font())
        painter.setPen(QColor(palette.text))
        painter.drawText(inner, Qt.AlignmentFlag.AlignVCenter, self.text())
        taken = painter.fontMetrics().horizontalAdvance(self.text()) + theme.px(12)
        rest = inner.adjusted(taken, 0, 0, 0)
        # Where the title alone fills the line, the text beside it says so and is cut short.
        painter.setFont(theme.font(12))
        # On these grounds the tones are too faint to be read (WCAG 2.2, 1.4.3).
        tone = "text" if self.isChecked() or self.underMouse() else self._tone
        painter.setPen(QColor(getattr(palette, tone)))
        painter.drawText(
            rest,
            Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight,
            elided(self._summary, painter, rest.width()),
        )
        painter.end()


class FacetPanel(QFrame):
    """Opens below a line: the values of a facet with their counts, to be ticked.

    Signals: `codes_chosen` with the frozenset of ticked codes, after each tick.
    """

    codes_chosen = Signal(object)

    def __init__(self, facet: Facet, chosen: frozenset[int], parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setObjectName("floating")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._search = TypingEdit(self)
        self._search.setPlaceholderText(self.tr("Find a value"))
        self._list = QListWidget(self)
        self._list.setAccessibleName(self.tr("Values"))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 8, 8, 8)
        layout.addWidget(self._search)
        layout.addWidget(self._list)
        self._chosen = set(chosen)
        self._values = [
            (code, shown_title(facet.name, title) or self.tr("unnamed"), count)
            for code, title, count in facet.values()
        ]
        self._fill("")
        self._search.setVisible(len(self._values) > _MANY)
        self._search.textChanged.connect(self._fill)
        self._search.left.connect(self.close)
        self._list.itemChanged.connect(self._on_item_changed)
        self._list.itemActivated.connect(self._toggle)
        self._list.itemClicked.connect(self._on_item_clicked)
        theme = Theme.now()
        self.resize(theme.px(260), theme.px(min(60 + 26 * max(2, len(self._values)), 380)))

    def open_at(self, position: QPoint) -> None:
        self.move(position)
        self.show()
        (self._search if self._search.isVisible() else self._list).setFocus()

    def _fill(self, words: str) -> None:
        """List the most frequent of all values that hold these words."""
        wanted = words.casefold()
        fitting = (value for value in self._values if wanted in value[1].casefold())
        self._list.blockSignals(True)
        self._list.clear()
        for code, title, count in islice(fitting, _LISTED):
            item = QListWidgetItem(f"{title}   {count:,}", self._list)
            item.setData(Qt.ItemDataRole.UserRole, code)
            item.setCheckState(Qt.CheckState.Checked if code in self._chosen else Qt.CheckState.Unchecked)
        self._list.blockSignals(False)

    def _toggle(self, item: QListWidgetItem) -> None:
        is_on = item.checkState() == Qt.CheckState.Checked
        item.setCheckState(Qt.CheckState.Unchecked if is_on else Qt.CheckState.Checked)

    def _on_item_clicked(self, item: QListWidgetItem) -> None:
        self._list.setCurrentItem(item)

    def _on_item_changed(self, item: QListWidgetItem) -> None:
        code = int(item.data(Qt.ItemDataRole.UserRole))
        if item.checkState() == Qt.CheckState.Checked:
            self._chosen.add(code)
        else:
            self._chosen.discard(code)
        self.codes_chosen.emit(frozenset(self._chosen))

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close()
        else:
            super().keyPressEvent(event)
