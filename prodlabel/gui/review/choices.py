"""The categories to choose from, each with its digit, its mark and how sure the classifier is of it.

Invariant: a category keeps its place from card to card; only the bars change.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QVBoxLayout, QWidget
from typing_extensions import override

from prodlabel.core.palette import CategoryStyle
from prodlabel.gui.painting import elided, paint_key_cap, paint_mark
from prodlabel.gui.theme import Theme

_ROW_PX = 28


@dataclass(frozen=True, slots=True)
class Choice:
    """One line; `confidence` None: it shall not be shown, or there is none."""

    category_id: int
    name: str
    style: CategoryStyle
    digit: str
    confidence: float | None
    is_proposed: bool = False
    is_label: bool = False


class ChoiceBar(QAbstractButton):
    """One category."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.choice: Choice | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    def show_choice(self, choice: Choice) -> None:
        if choice == self.choice:
            return
        self.choice = choice
        self.setText(choice.name)
        sure = "" if choice.confidence is None else self.tr(", {0} %").format(round(100 * choice.confidence))
        key = self.tr(", key {0}").format(choice.digit) if choice.digit else ""
        self.setAccessibleName(f"{choice.name}{sure}{key}")
        self.update()

    @override
    def sizeHint(self) -> QSize:
        return QSize(220, Theme.now().px(_ROW_PX))

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        choice = self.choice
        if choice is None:
            return
        theme, painter = Theme.now(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box, palette = QRectF(self.rect()), theme.palette
        if choice.is_proposed or self.underMouse() or self.hasFocus():
            painter.setPen(QColor(palette.accent) if self.hasFocus() else Qt.PenStyle.NoPen)
            painter.setBrush(QColor(palette.highlight if choice.is_proposed else palette.raised))
            painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), theme.px(6), theme.px(6))
            painter.setBrush(Qt.BrushStyle.NoBrush)
        middle, left = box.center().y(), theme.px(8.0)
        cap = QRectF(left, middle - theme.px(9), theme.px(18), theme.px(18))
        if choice.digit:
            paint_key_cap(painter, choice.digit, cap, theme)
        paint_mark(painter, choice.style, QPointF(left + theme.px(32), middle), theme.px(5.5))
        left += theme.px(46)
        width = box.width() * 0.42
        painter.setFont(theme.font(weight=QFont.Weight.DemiBold if choice.is_label else QFont.Weight.Normal))
        painter.setPen(QColor(palette.text))
        name = elided(choice.name, painter, width)
        painter.drawText(QRectF(left, 0, width, box.height()), Qt.AlignmentFlag.AlignVCenter, name)
        if choice.confidence is not None:
            self._paint_bar(painter, choice, choice.confidence, QRectF(left + width + theme.px(8), 0, 0, 0))
        painter.end()

    def _paint_bar(self, painter: QPainter, choice: Choice, confidence: float, at: QRectF) -> None:
        theme, box = Theme.now(), QRectF(self.rect())
        figure = theme.px(44)
        painter.setFont(theme.font())
        painter.setPen(QColor(theme.palette.text if choice.is_proposed else theme.palette.dim))
        right = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
        painter.drawText(box.adjusted(0, 0, -theme.px(8), 0), right, f"{100 * confidence:.0f} %")
        middle = box.center().y()
        track = QRectF(at.x(), middle - 2.5, max(box.width() - at.x() - figure - theme.px(8), 1.0), 5)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.palette.panel if choice.is_proposed else theme.palette.raised))
        painter.drawRoundedRect(track, 2.5, 2.5)
        least = 3.0 if confidence > 0.004 else 0.0
        track.setWidth(max(track.width() * min(confidence, 1.0), least))
        painter.setBrush(QColor(choice.style.colour))
        painter.drawRoundedRect(track, 2.5, 2.5)


class Choices(QWidget):
    """Signals: `chosen` with a category id."""

    chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        # Lines are kept and filled anew: making widgets is what would take time from card to card.
        self.bars: list[ChoiceBar] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(2)

    def show_choices(self, choices: Sequence[Choice]) -> None:
        while len(self.bars) < len(choices):
            bar = ChoiceBar(self)
            bar.clicked.connect(lambda *_, bar=bar: self._on_bar_clicked(bar))
            self._column.addWidget(bar)
            self.bars.append(bar)
        for place, bar in enumerate(self.bars):
            bar.setVisible(place < len(choices))
            if place < len(choices):
                bar.show_choice(choices[place])

    def _on_bar_clicked(self, bar: ChoiceBar) -> None:
        if bar.choice is not None:
            self.chosen.emit(bar.choice.category_id)
