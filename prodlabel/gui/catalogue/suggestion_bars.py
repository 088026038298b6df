"""Suggested categories with their confidence as bars; one line each, to be pressed."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget
from typing_extensions import override

from prodlabel.core.palette import CategoryStyle
from prodlabel.gui.labels import plain_tip
from prodlabel.gui.painting import elided, paint_mark
from prodlabel.gui.theme import Theme


class SuggestionBar(QAbstractButton):
    """One suggested category. Its `category_id` says which."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.category_id = 0
        self._style: CategoryStyle | None = None
        self._confidence = 0.0
        self._is_label = False
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    def show_suggestion(
        self, category_id: int, name: str, style: CategoryStyle, confidence: float, *, is_label: bool
    ) -> None:
        """`is_label`: the product has this category already."""
        self.category_id = category_id
        self._style, self._confidence, self._is_label = style, confidence, is_label
        self.setText(name)
        self.setAccessibleName(self.tr("{0}, {1} percent").format(name, round(100 * confidence)))
        self.setToolTip(plain_tip(self.tr("Relabel to {0}").format(name)))
        self.update()

    @override
    def sizeHint(self) -> QSize:
        return QSize(200, Theme.now().px(26))

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        if self._style is None:
            return
        theme, painter = Theme.now(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box, palette = QRectF(self.rect()), theme.palette
        if self.underMouse() or self.hasFocus():
            painter.setPen(QColor(palette.accent) if self.hasFocus() else Qt.PenStyle.NoPen)
            painter.setBrush(QColor(palette.raised))
            painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), theme.px(5), theme.px(5))
        middle = box.center().y()
        paint_mark(painter, self._style, QPointF(theme.px(8), middle), theme.px(5.5))
        painter.setFont(theme.font(weight=QFont.Weight.Medium if self._is_label else QFont.Weight.Normal))
        painter.setPen(QColor(palette.text))
        name_width = box.width() * 0.46
        name = elided(self.text(), painter, name_width)
        painter.drawText(
            QRectF(theme.px(22), 0, name_width, box.height()), Qt.AlignmentFlag.AlignVCenter, name
        )
        figure = f"{100 * self._confidence:.0f} %"
        figure_width = painter.fontMetrics().horizontalAdvance("100 %") + theme.px(12)
        painter.setFont(theme.font())
        painter.setPen(QColor(palette.dim))
        right = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
        painter.drawText(box.adjusted(0, 0, -theme.px(2), 0), right, figure)
        left = theme.px(22) + name_width + theme.px(8)
        track = QRectF(left, middle - 2.5, box.width() - left - figure_width, 5)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(palette.raised))
        painter.drawRoundedRect(track, 2.5, 2.5)
        track.setWidth(
            max(track.width() * min(self._confidence, 1.0), 3.0 if self._confidence > 0.004 else 0.0)
        )
        painter.setBrush(QColor(self._style.colour))
        painter.drawRoundedRect(track, 2.5, 2.5)
        painter.end()
