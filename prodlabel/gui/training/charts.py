"""The charts of the training place, painted by hand: frame and grid, calibration, coverage, learning curve.

Invariant: colours come from the theme when painting, so a chart follows dark and light without being told.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPainterPath, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from prodlabel.gui.theme import Theme
from prodlabel.gui.training.evidence import Evidence, wilson

if TYPE_CHECKING:
    from prodlabel.learning.learning_curve import LearningCurve

_LEFT_PX, _BOTTOM_PX, _TOP_PX, _RIGHT_PX = 44, 34, 10, 12


class Chart(QWidget):
    """A square of figures: `x_range` and `y_range` in data, ticks in percent by default. By itself it is the
    grid alone; kinds of charts draw into it."""

    def __init__(self, x_title: str, y_title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._titles = x_title, y_title
        self.x_range, self.y_range = (0.0, 1.0), (0.0, 1.0)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(Theme.now().px(190))

    def frame(self) -> QRectF:
        """Where data are drawn."""
        px = Theme.now().px
        return QRectF(self.rect()).adjusted(px(_LEFT_PX), px(_TOP_PX), -px(_RIGHT_PX), -px(_BOTTOM_PX))

    def at(self, x: float, y: float) -> QPointF:
        """The point of the widget where these data are drawn."""
        box, (x0, x1), (y0, y1) = self.frame(), self.x_range, self.y_range
        across = (x - x0) / max(x1 - x0, 1e-9)
        up = (min(max(y, y0), y1) - y0) / max(y1 - y0, 1e-9)
        return QPointF(box.left() + across * box.width(), box.bottom() - up * box.height())

    def draw(self, painter: QPainter, theme: Theme) -> None:
        """Draw the figures within the frame."""

    def x_text(self, x: float) -> str:
        return f"{100 * x:.0f}"

    def y_text(self, y: float) -> str:
        return f"{100 * y:.0f}"

    @override
    def sizeHint(self) -> QSize:
        return QSize(300, Theme.now().px(220))

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        theme, painter = Theme.now(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._draw_grid(painter, theme)
        self.draw(painter, theme)
        painter.end()

    def _draw_grid(self, painter: QPainter, theme: Theme) -> None:
        box = self.frame()
        painter.setFont(theme.font(11))
        for share in (0.0, 0.25, 0.5, 0.75, 1.0):
            y = self.y_range[0] + share * (self.y_range[1] - self.y_range[0])
            x = self.x_range[0] + share * (self.x_range[1] - self.x_range[0])
            level, across = self.at(x, y).y(), self.at(x, y).x()
            painter.setPen(QPen(QColor(theme.palette.line), 1))
            painter.drawLine(QPointF(box.left(), level), QPointF(box.right(), level))
            painter.setPen(QColor(theme.palette.dim))
            right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(QRectF(0, level - 8, box.left() - theme.px(6), 16), right, self.y_text(y))
            text = QRectF(across - 40, box.bottom() + theme.px(3), 80, theme.px(14))
            painter.drawText(text, Qt.AlignmentFlag.AlignHCenter, self.x_text(x))
        below = QRectF(box.left(), box.bottom() + theme.px(17), box.width(), theme.px(15))
        painter.drawText(below, Qt.AlignmentFlag.AlignHCenter, self._titles[0])
        painter.save()
        painter.translate(theme.px(10), box.center().y())
        painter.rotate(-90)
        painter.drawText(QRectF(-100, -8, 200, 16), Qt.AlignmentFlag.AlignCenter, self._titles[1])
        painter.restore()


class CalibrationChart(Chart):
    """How often the classifier is right against how sure it is; on the diagonal it can be believed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", "", parent)
        self._titles = self.tr("said to be sure, %"), self.tr("right, %")
        self._evidence: Evidence | None = None
        self.setAccessibleName(self.tr("Calibration"))

    def show_evidence(self, evidence: Evidence) -> None:
        self._evidence = evidence
        self.update()

    @override
    def draw(self, painter: QPainter, theme: Theme) -> None:
        painter.setPen(QPen(QColor(theme.palette.dim), 1, Qt.PenStyle.DashLine))
        painter.drawLine(self.at(0, 0), self.at(1, 1))
        if self._evidence is None or not len(self._evidence):
            return
        confidence, right, count = self._evidence.calibration()
        accent = QColor(theme.palette.accent)
        for sure, share, many in zip(confidence.tolist(), right.tolist(), count.tolist(), strict=True):
            low, high = wilson(round(share * many), many)
            painter.setPen(QPen(accent, 1.5))
            painter.drawLine(self.at(sure, low), self.at(sure, high))
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(accent)
            painter.drawEllipse(self.at(sure, share), theme.px(4), theme.px(4))
            painter.setBrush(Qt.BrushStyle.NoBrush)


class CoverageChart(Chart):
    """Precision of the surest products against how many they are; a line can be moved along.

    Signals: `moved` with the coverage of the line.
    """

    moved = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", "", parent)
        self._titles = self.tr("accepted, %"), self.tr("of these right, %")
        self.y_range = (0.8, 1.0)
        self._evidence: Evidence | None = None
        self.line = 1.0
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.SizeHorCursor)
        self.setAccessibleName(self.tr("Coverage and precision; arrows move the line"))

    def show_evidence(self, evidence: Evidence, precision: float) -> None:
        """The line starts where this precision is just kept."""
        self._evidence = evidence
        _, kept, _ = evidence.coverage_curve()
        lowest = float(kept[len(kept) // 10 :].min()) if len(kept) else 0.8
        self.y_range = (min(0.8, np.floor(10 * lowest) / 10), 1.0)
        self.move_line(evidence.coverage_at(precision) / max(len(evidence), 1))

    def move_line(self, coverage: float) -> None:
        self.line = min(max(coverage, 0.0), 1.0)
        self.moved.emit(self.line)
        self.update()

    def figures(self) -> tuple[int, float, float]:
        """At the line: how many products, their precision, and the least confidence among them."""
        if self._evidence is None or not len(self._evidence):
            return 0, float("nan"), float("nan")
        _, kept, confidence = self._evidence.coverage_curve()
        count = round(self.line * len(kept))
        place = max(count - 1, 0)
        return count, float(kept[place]) if count else 1.0, float(confidence[place])

    @override
    def draw(self, painter: QPainter, theme: Theme) -> None:
        if self._evidence is None or not len(self._evidence):
            return
        coverage, kept, _ = self._evidence.coverage_curve()
        # Under a few products the share jumps between extremes and says nothing.
        start = min(9, len(kept) - 1)
        points = [
            self.at(x, y) for x, y in zip(coverage[start:].tolist(), kept[start:].tolist(), strict=True)
        ]
        line_x = self.at(self.line, 0).x()
        painter.save()
        painter.setClipRect(QRectF(self.frame().left(), 0, line_x - self.frame().left(), self.height()))
        area = QPainterPath(QPointF(points[0].x(), self.frame().bottom()))
        for point in points:
            area.lineTo(point)
        area.lineTo(points[-1].x(), self.frame().bottom())
        ground = QColor(theme.palette.highlight)
        ground.setAlpha(140)
        painter.fillPath(area, ground)
        painter.restore()
        painter.setPen(QPen(QColor(theme.palette.accent), 2))
        painter.drawPolyline(QPolygonF(points))
        painter.setPen(QPen(QColor(theme.palette.text), 1.5))
        painter.drawLine(QPointF(line_x, self.frame().top()), QPointF(line_x, self.frame().bottom()))
        painter.setBrush(QColor(theme.palette.text))
        painter.drawEllipse(QPointF(line_x, self.at(0, self.figures()[1]).y()), theme.px(4), theme.px(4))
        painter.setBrush(Qt.BrushStyle.NoBrush)

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._follow(event)

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._follow(event)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Left: -0.01, Qt.Key.Key_Right: 0.01}.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
        else:
            self.move_line(self.line + step)

    def _follow(self, event: QMouseEvent) -> None:
        box = self.frame()
        self.move_line((event.position().x() - box.left()) / max(box.width(), 1.0))


class LearningChart(Chart):
    """Macro-F1 against the number of labels: measured, and forecast with its interval."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", "", parent)
        self._titles = self.tr("labels"), self.tr("macro-F1, %")
        self._curve: LearningCurve | None = None
        self.setAccessibleName(self.tr("Learning curve"))

    def show_curve(self, curve: LearningCurve) -> None:
        self._curve = curve
        self.x_range = 0.0, 2.0 * float(curve.there)
        lowest = float(curve.f1.mean(axis=0).min())
        self.y_range = max(0.0, np.floor(10 * lowest) / 10), 1.0
        self.update()

    @override
    def x_text(self, x: float) -> str:
        return f"{x:,.0f}"

    @override
    def draw(self, painter: QPainter, theme: Theme) -> None:
        curve = self._curve
        if curve is None:
            return
        ahead = np.linspace(float(curve.labels[0]), self.x_range[1], 60)
        found = np.array([curve.forecast(labels) for labels in ahead.tolist()])
        upper = [self.at(x, y) for x, y in zip(ahead.tolist(), found[:, 2].tolist(), strict=True)]
        lower = [self.at(x, y) for x, y in zip(ahead.tolist(), found[:, 1].tolist(), strict=True)]
        band = QPainterPath()
        band.addPolygon(QPolygonF([*upper, *reversed(lower)]))
        ground = QColor(theme.palette.highlight)
        ground.setAlpha(140)
        painter.fillPath(band, ground)
        painter.setPen(QPen(QColor(theme.palette.accent), 2))
        middle = [self.at(x, y) for x, y in zip(ahead.tolist(), found[:, 0].tolist(), strict=True)]
        painter.drawPolyline(QPolygonF(middle))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.palette.text))
        means = curve.f1.mean(axis=0).tolist()
        for labels, f1 in zip(curve.labels.tolist(), means, strict=True):
            painter.drawEllipse(self.at(labels, f1), theme.px(3), theme.px(3))
        painter.setBrush(Qt.BrushStyle.NoBrush)
