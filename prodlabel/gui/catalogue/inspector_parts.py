"""Parts of the inspector: the line that says what a product is, its attributes, its label's history."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget
from typing_extensions import override

from prodlabel.core.labels import Status
from prodlabel.core.palette import CategoryStyle
from prodlabel.gui.catalogue.history_panel import moment
from prodlabel.gui.labels import ElidedLabel, heading, toned
from prodlabel.gui.long_texts import cut
from prodlabel.gui.painting import elided, paint_mark
from prodlabel.gui.phrases import phrase
from prodlabel.gui.session import Session
from prodlabel.gui.theme import Theme
from prodlabel.store.ledger import HistoryEntry

_LISTED_ATTRIBUTES = 14
_LISTED_DECISIONS = 6


class WhatLine(QWidget):
    """Mark, category, status and brand in one line."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._style: CategoryStyle | None = None
        self._text = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    @property
    def text(self) -> str:
        return self._text

    def show_parts(self, style: CategoryStyle, parts: Sequence[str]) -> None:
        self._style = style
        self._text = " · ".join(part for part in parts if part)
        self.setAccessibleName(self._text)
        self.update()

    @override
    def sizeHint(self) -> QSize:
        return QSize(160, Theme.now().px(22))

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        if self._style is None:
            return
        theme, painter = Theme.now(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_mark(painter, self._style, QPointF(theme.px(7), self.height() / 2), theme.px(5.5))
        painter.setPen(QColor(theme.palette.dim))
        box = QRectF(self.rect()).adjusted(theme.px(20), 0, 0, 0)
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, elided(self._text, painter, box.width()))
        painter.end()


def what_it_is(
    session: Session, product_id: int, attributes: Mapping[str, str], *, is_blind: bool = False
) -> list[str]:
    """Category, status and brand of a product, for a `WhatLine`; `is_blind`: nothing of its label."""
    row = session.row_of(product_id)
    brand = next((value for name, value in attributes.items() if name.casefold() == "brand"), "")
    if row is None or is_blind:
        return [brand]
    status = phrase(Status(int(session.columns.status[row])).word)
    return [session.category_title(int(session.columns.category[row])), status, brand]


class AttributeTable(QWidget):
    """Names and values of the attributes, one line each."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = heading(self.tr("Attributes"))
        self._grid = QGridLayout()
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(Theme.now().px(12))
        self._grid.setVerticalSpacing(Theme.now().px(4))
        self._grid.setColumnStretch(0, 2)
        self._grid.setColumnStretch(1, 3)
        # Lines are kept and filled anew: making widgets is what would take time while one steps through.
        self._lines: list[tuple[ElidedLabel, ElidedLabel]] = []
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._title)
        layout.addLayout(self._grid)

    def show_attributes(self, attributes: Mapping[str, str]) -> None:
        """Up to fourteen of them, those from the specifications first."""
        shown = sorted(
            ((name, value) for name, value in attributes.items() if value and not _is_address(value)),
            key=lambda item: not item[0].startswith("spec: "),
        )[:_LISTED_ATTRIBUTES]
        while len(self._lines) < len(shown):
            name, value = ElidedLabel(), ElidedLabel(mode=Qt.TextElideMode.ElideMiddle)
            name.setProperty("tone", "dim")
            self._grid.addWidget(name, len(self._lines), 0)
            self._grid.addWidget(value, len(self._lines), 1)
            self._lines.append((name, value))
        for place, (name, value) in enumerate(self._lines):
            is_used = place < len(shown)
            name.setVisible(is_used)
            value.setVisible(is_used)
            if is_used:
                name.setText(shown[place][0].removeprefix("spec: "))
                value.setText(shown[place][1])
        self.setVisible(bool(shown))


class LabelHistory(QWidget):
    """What was decided about one product, newest first."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._text = toned("", "dim")
        self._text.setWordWrap(True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(heading(self.tr("Label")))
        layout.addWidget(self._text)

    @property
    def label(self) -> QLabel:
        return self._text

    def show_product(self, product_id: int) -> None:
        decisions = self._session.project.label_history(product_id)
        lines = decision_lines(self._session, decisions, _LISTED_DECISIONS)
        self._text.setText("\n".join(lines))
        self.setVisible(bool(lines))


def decision_lines(
    session: Session, decisions: Sequence[tuple[HistoryEntry, int, int]], most: int
) -> list[str]:
    """The last `most` decisions about a product, newest first, a line each: what, who and when."""
    # An undo is told as what it was: its status is that of the label it brought back.
    return [
        f"{session.category_title(category)}, {phrase(Status(status).word)} · {cut(entry.person)} · "
        f"{moment(entry.at_us)}{_note(entry)}"
        for entry, category, status in reversed(decisions[-most:])
    ]


def _note(entry: HistoryEntry) -> str:
    """Why it was decided so: a note, or what a suggestion was taken for."""
    return f" · {phrase(entry.reason)}" if entry.reason else ""


def _is_address(value: str) -> bool:
    return value.startswith(("http://", "https://"))
