"""One line that says of what and to what: marks, names and counts; names are cut where room is scarce."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from prodlabel.core.palette import CategoryStyle
from prodlabel.gui.painting import paint_mark
from prodlabel.gui.theme import Theme


@dataclass(frozen=True, slots=True)
class Part:
    """A category with a count, or plain words where there is no style."""

    name: str
    count: str = ""
    style: CategoryStyle | None = None
    is_target: bool = False


class ChangeLine(QWidget):
    """Shows parts in one line; names share what room there is, counts are never cut."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._parts: list[Part] = []
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    @property
    def text(self) -> str:
        return " ".join(f"{part.name} {part.count}".strip() for part in self._parts)

    def show_parts(self, parts: list[Part]) -> None:
        self._parts = parts
        self.setAccessibleName(self.text)
        self.update()

    def _fonts(self) -> tuple[QFont, QFont]:
        theme = Theme.now()
        return theme.font(), theme.font(weight=QFont.Weight.DemiBold)

    def _longest_name(self, gap: float) -> float:
        """The width (px) above which names are cut so that all parts fit."""
        plain, strong = self._fonts()
        wishes, fixed = [], 0.0
        for part in self._parts:
            metrics = QFontMetricsF(strong if part.is_target else plain)
            count = metrics.horizontalAdvance(part.count) + gap / 2 if part.count else 0.0
            fixed += gap + count + (Theme.now().px(18) if part.style is not None else 0)
            wishes.append(metrics.horizontalAdvance(part.name) + 1)
        room = self.width() - fixed
        limit = max(wishes, default=0.0)
        while sum(min(wish, limit) for wish in wishes) > room and limit > 20:
            limit -= 4
        return limit

    @override
    def sizeHint(self) -> QSize:
        return QSize(200, Theme.now().px(24))

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        theme, painter = Theme.now(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        plain, strong = self._fonts()
        gap = float(theme.px(12))
        limit, x, middle = self._longest_name(gap), 0.0, self.height() / 2
        for part in self._parts:
            font = strong if part.is_target else plain
            metrics = QFontMetricsF(font)
            painter.setFont(font)
            if part.style is not None:
                paint_mark(painter, part.style, QPointF(x + theme.px(6), middle), theme.px(5.5))
                x += theme.px(18)
            name = metrics.elidedText(part.name, Qt.TextElideMode.ElideRight, limit)
            painter.setPen(QColor(theme.palette.text if part.is_target else theme.palette.dim))
            for text in (name, part.count):
                width = metrics.horizontalAdvance(text)
                painter.drawText(QRectF(x, 0, width + 2, self.height()), Qt.AlignmentFlag.AlignVCenter, text)
                x += width + (gap / 2 if text and part.count else 0)
            x += gap / 2 if part.count else gap
        painter.end()
