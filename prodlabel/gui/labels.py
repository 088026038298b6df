"""Labels that keep to the style: headings, dim text, key caps, and one that is cut short, not wrapped."""

from __future__ import annotations

import html

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QLabel, QSizePolicy, QWidget
from typing_extensions import override

from prodlabel.gui.long_texts import cut
from prodlabel.gui.theme import Theme


def toned(text: str, tone: str, parent: QWidget | None = None) -> QLabel:
    """A label in one of the style sheet's tones: dim, warn, good, title, huge, brand, strong, key."""
    label = QLabel(cut(text), parent)
    # What a product, a category or a file is called may look like HTML and must not be read as such.
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setProperty("tone", tone)
    return label


def plain_tip(text: str) -> str:
    """A tool tip that shows the text as it is: Qt reads what looks like HTML as HTML."""
    text = cut(text)
    return f"<qt>{html.escape(text).replace(chr(10), '<br>')}</qt>" if "<" in text else text


def heading(text: str, parent: QWidget | None = None) -> QLabel:
    """The small capitals above a group."""
    label = toned(text, "heading", parent)
    label.setFont(Theme.now().heading_font())
    return label


def set_tone(widget: QWidget, tone: str) -> None:
    """Another tone for a label that is shown already."""
    if widget.property("tone") != tone:
        widget.setProperty("tone", tone)
        widget.style().unpolish(widget)
        widget.style().polish(widget)


def line(parent: QWidget | None = None) -> QFrame:
    """A thin line between two groups."""
    frame = QFrame(parent)
    frame.setFixedHeight(1)
    frame.setObjectName("rule")
    return frame


class ElidedLabel(QLabel):
    """One line that ends in an ellipsis where there is no room; the tool tip has the whole text."""

    def __init__(
        self,
        text: str = "",
        parent: QWidget | None = None,
        mode: Qt.TextElideMode = Qt.TextElideMode.ElideRight,
    ) -> None:
        super().__init__(parent)
        self._mode = mode
        self.setText(text)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    @override
    def setText(self, text: str) -> None:
        super().setText(cut(text))

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(0, super().minimumSizeHint().height())

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        shown = self.fontMetrics().elidedText(self.text(), self._mode, self.contentsRect().width())
        self.setToolTip(plain_tip(self.text()) if shown != self.text() else "")
        painter.drawText(self.contentsRect(), self.alignment() | Qt.AlignmentFlag.AlignVCenter, shown)
        painter.end()
