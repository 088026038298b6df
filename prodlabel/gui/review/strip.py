"""The queue as a strip: the product looked at stays in its place, decisions slide the strip below it.

Invariant: only the strip moves; what is decided carries the colour of its category and a tick.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEasingCurve, QPointF, QRectF, QSize, Qt, QVariantAnimation, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget
from typing_extensions import override

from prodlabel.gui.labels import ElidedLabel, toned
from prodlabel.gui.librarian import Librarian
from prodlabel.gui.painting import paint_picture
from prodlabel.gui.phrases import phrase
from prodlabel.gui.review.course import Course
from prodlabel.gui.theme import PANEL_MOTION_MS, Theme

_CELL_PX, _GAP_PX = 72, 8
_SHOWN_BEFORE = 3
"""How many products before the present one stay in view."""


class SlidingRow(QWidget):
    """The pictures. Signals: `pressed` with a product id."""

    pressed = Signal(int)

    def __init__(
        self, librarian: Librarian, colour_of: Callable[[int], str | None], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._librarian, self._colour_of = librarian, colour_of
        self._course: Course | None = None
        self._offset = 0.0
        self.moves = True
        self._motion = QVariantAnimation(self)
        self._motion.setDuration(PANEL_MOTION_MS)
        self._motion.setEasingCurve(QEasingCurve.Type.OutCubic)
        self._motion.valueChanged.connect(self._on_motion_value_changed)
        librarian.thumbnails_arrived.connect(lambda _ids: self.update())
        self.setAccessibleName(self.tr("Queue"))

    def show_course(self, course: Course | None) -> None:
        """Slide to where the course is."""
        is_same = course is self._course
        self._course = course
        wanted = 0.0 if course is None else float(course.at)
        self._motion.stop()
        if is_same and self.moves and abs(wanted - self._offset) <= 12:
            self._motion.setStartValue(self._offset)
            self._motion.setEndValue(wanted)
            self._motion.start()
        else:
            self._offset = wanted
        self.update()

    def cell(self, at: int) -> QRectF:
        """Where the product at this place of the queue is drawn."""
        theme = Theme.now()
        side, gap = theme.px(_CELL_PX), theme.px(_GAP_PX)
        before = min(_SHOWN_BEFORE, self._offset)
        return QRectF((at - self._offset + before) * (side + gap), 1, side, side)

    @override
    def sizeHint(self) -> QSize:
        return QSize(400, Theme.now().px(_CELL_PX) + 4)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        course = self._course
        if course is None:
            return
        theme, painter = Theme.now(), QPainter(self)
        first = max(0, int(self._offset) - _SHOWN_BEFORE - 1)
        for at in range(first, len(course.queue)):
            box = self.cell(at)
            if box.left() > self.width():
                break
            product_id = int(course.queue.product_id[at])
            is_decided = course.is_decided(product_id)
            painter.setOpacity(0.35 if is_decided and at != course.at else 1.0)
            bar = None if course.queue.is_blind and not is_decided else self._colour_of(product_id)
            paint_picture(painter, self._librarian.pixmap(product_id), box, theme, bar=bar)
            painter.setOpacity(1.0)
            if is_decided:
                _paint_tick(painter, box, theme)
            if at == course.at:
                painter.setRenderHint(QPainter.RenderHint.Antialiasing)
                painter.setPen(QPen(QColor(theme.palette.accent), 2))
                painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), theme.px(6), theme.px(6))
        painter.end()

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        course = self._course
        if course is None:
            return
        for at in range(max(0, course.at - _SHOWN_BEFORE - 1), len(course.queue)):
            box = self.cell(at)
            if box.left() > self.width():
                return
            if box.contains(event.position()):
                self.pressed.emit(int(course.queue.product_id[at]))
                return

    def _on_motion_value_changed(self, value: float) -> None:
        self._offset = value
        self.update()


class QueueStrip(QWidget):
    """The row with a line above it: where one is, how long it takes, which keys decide."""

    def __init__(
        self, librarian: Librarian, colour_of: Callable[[int], str | None], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("strip")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        theme = Theme.now()
        self.title = toned("", "strong")
        self.state = ElidedLabel()
        self.state.setProperty("tone", "dim")
        self.row = SlidingRow(librarian, colour_of, self)
        self._hints = QHBoxLayout()
        self._hints.setSpacing(theme.px(5))
        top = QHBoxLayout()
        top.setSpacing(theme.px(8))
        top.addWidget(self.title)
        top.addWidget(self.state, 1)
        top.addLayout(self._hints)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(theme.px(20), theme.px(10), theme.px(16), theme.px(10))
        layout.setSpacing(theme.px(8))
        layout.addLayout(top)
        layout.addWidget(self.row)

    def show_course(self, course: Course) -> None:
        """Where the course is and how long it still takes."""
        queue = course.queue
        self.title.setText(phrase(queue.title))
        at = min(course.at + 1, len(queue))
        parts = [self.tr("{0:,} of {1:,}").format(at, len(queue)), self._left(course.left_s())]
        if course.at >= queue.stop_at:
            parts.append(self.tr("you may stop here"))
        self.state.setText("·  " + "  ·  ".join(parts))
        self.row.show_course(course)

    def show_hints(self, pairs: list[tuple[str, str]]) -> None:
        """(key, what it does) pairs at the right."""
        while self._hints.count():
            widget = self._hints.takeAt(0).widget()
            if widget is not None:
                widget.setParent(None)
                widget.deleteLater()
        for key, meaning in pairs:
            self._hints.addWidget(toned(key, "key"))
            self._hints.addWidget(toned(meaning, "dim"))
            self._hints.addSpacing(Theme.now().px(4))

    def _left(self, seconds: float) -> str:
        if seconds < 60:
            return self.tr("less than a minute left")
        if seconds < 5400:
            return self.tr("about {0:.0f} min left").format(seconds / 60)
        return self.tr("about {0:.1f} h left").format(seconds / 3600)


def _paint_tick(painter: QPainter, box: QRectF, theme: Theme) -> None:
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    middle, radius = box.center(), theme.px(9.0)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(theme.palette.good))
    painter.drawEllipse(middle, radius, radius)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(QColor(theme.palette.panel), 2))
    a, b = middle + QPointF(-0.42, 0.02) * radius, middle + QPointF(-0.1, 0.36) * radius
    painter.drawPolyline([a, b, middle + QPointF(0.46, -0.34) * radius])
