"""The product's picture, large: fitted at first, zoomed by wheel at the cursor, moved by drag."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QPixmap,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from prodlabel.gui.painting import fitted
from prodlabel.gui.theme import Theme
from prodlabel.gui.typing_edit import COMMANDS

_MOST_ZOOM = 12.0
_KEY_ZOOM, _KEY_STEP_PX = 1.3, 40
_ARROWS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}
_KEYS = frozenset({*_ARROWS, Qt.Key.Key_Plus, Qt.Key.Key_Equal, Qt.Key.Key_Minus, Qt.Key.Key_0})


class PictureView(QWidget):
    """Shows one picture or says that there is none."""

    def __init__(self, height: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pixmap: QPixmap | None = None
        self._text = ""
        self._zoom = 1.0
        self._shift = QPointF()
        self._grabbed: QPointF | None = None
        self._height = height
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("Picture"))
        self.setAccessibleDescription(self.tr("Plus and minus zoom, arrows move, 0 shows all"))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def show_picture(self, picture: QImage | QPixmap | None, *, keep_zoom: bool = False) -> None:
        """Another picture; None says that the product has none."""
        self._pixmap = QPixmap.fromImage(picture) if isinstance(picture, QImage) else picture
        self._text = "" if self._pixmap is not None else self.tr("No picture")
        if not keep_zoom:
            self._zoom, self._shift = 1.0, QPointF()
        self.update()

    def wait(self) -> None:
        """A picture is on its way: show the ground without words."""
        self._pixmap, self._text = None, ""
        self.update()

    @property
    def is_waiting(self) -> bool:
        """Whether neither a picture nor the word that there is none is shown."""
        return self._pixmap is None and not self._text

    @property
    def zoom(self) -> float:
        return self._zoom

    def zoom_at(self, position: QPointF, factor: float) -> None:
        zoom = min(max(self._zoom * factor, 1.0), _MOST_ZOOM)
        middle = QRectF(self.rect()).center()
        # What lies under the cursor stays there.
        offset, ratio = position - middle - self._shift, zoom / self._zoom
        self._zoom = zoom
        moved = position - middle - QPointF(offset.x() * ratio, offset.y() * ratio)
        self._shift = moved if zoom > 1.0 else QPointF()
        self.update()

    @override
    def sizeHint(self) -> QSize:
        return QSize(320, Theme.now().px(self._height))

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        theme, painter = Theme.now(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        box, path = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), QPainterPath()
        path.addRoundedRect(box, theme.px(10), theme.px(10))
        painter.setClipPath(path)
        # Catalogue pictures are cut out on white; a grey ground would frame them.
        painter.fillRect(box, QColor("#ffffff" if self._pixmap else theme.palette.raised))
        if self._pixmap is not None:
            target = fitted(self._pixmap, box)
            middle = target.center() + self._shift
            width, height = target.width() * self._zoom, target.height() * self._zoom
            shown = QRectF(middle.x() - width / 2, middle.y() - height / 2, width, height)
            painter.drawPixmap(shown, self._pixmap, QRectF(self._pixmap.rect()))
        elif self._text:
            painter.setPen(QColor(theme.palette.dim))
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, self._text)
        painter.setClipping(False)
        is_strong = self.hasFocus()
        painter.setPen(QPen(QColor(theme.palette.accent if is_strong else theme.palette.line), 1 + is_strong))
        painter.drawPath(path)
        painter.end()

    def _act(self, key: int) -> bool:
        """What a key does here; whether it does anything."""
        middle, step = QRectF(self.rect()).center(), Theme.now().px(_KEY_STEP_PX)
        if key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self.zoom_at(middle, _KEY_ZOOM)
        elif key == Qt.Key.Key_Minus:
            self.zoom_at(middle, 1 / _KEY_ZOOM)
        elif key == Qt.Key.Key_0:
            self._zoom, self._shift = 1.0, QPointF()
        elif key in _ARROWS and self._zoom > 1.0:
            dx, dy = _ARROWS[Qt.Key(key)]
            self._shift -= QPointF(dx * step, dy * step)
        else:
            return False
        self.update()
        return True

    @override
    def event(self, event: QEvent) -> bool:
        # Zooming the map and naming a category have these keys everywhere else.
        is_asking = event.type() == QEvent.Type.ShortcutOverride
        is_ours = isinstance(event, QKeyEvent) and event.key() in _KEYS and not event.modifiers() & COMMANDS
        if is_asking and is_ours:
            event.accept()
            return True
        return super().event(event)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.modifiers() & COMMANDS or not self._act(event.key()):
            super().keyPressEvent(event)

    @override
    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    @override
    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    @override
    def wheelEvent(self, event: QWheelEvent) -> None:
        if self._pixmap is not None:
            self.zoom_at(event.position(), 1.0016 ** event.angleDelta().y())
            event.accept()

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._grabbed = event.position() if self._zoom > 1.0 else None

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._grabbed is not None:
            self._shift += event.position() - self._grabbed
            self._grabbed = event.position()
            self.update()

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._grabbed = None

    @override
    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self._zoom, self._shift = (1.0, QPointF()) if self._zoom > 1.0 else (self._zoom, self._shift)
        if self._zoom == 1.0 and self._grabbed is None:
            self.zoom_at(event.position(), 2.5)
        self.update()
