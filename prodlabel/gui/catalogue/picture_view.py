"""The product's picture, large: fitted at first, zoomed by wheel at the cursor, moved by drag."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QImage,
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

_MOST_ZOOM = 12.0


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
        painter.setPen(QPen(QColor(theme.palette.line), 1))
        painter.drawPath(path)
        painter.end()

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
