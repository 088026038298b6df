"""Small things that several delegates paint: marks of categories, key caps, pictures with round corners."""

from __future__ import annotations

import math
from functools import lru_cache

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QIcon,
    QPainter,
    QPainterPath,
    QPen,
    QPixmap,
    QPixmapCache,
    QPolygonF,
)

from prodlabel.core.palette import CategoryStyle, Shape
from prodlabel.gui.long_texts import cut
from prodlabel.gui.theme import Theme

_TURNS = {
    Shape.SQUARE: (4, 45.0, 1.15),
    Shape.TRIANGLE: (3, -90.0, 1.15),
    Shape.DIAMOND: (4, 0.0, 1.15),
    Shape.TRIANGLE_DOWN: (3, 90.0, 1.15),
}


def mark_path(shape: Shape, middle: QPointF, radius: float) -> QPainterPath:
    """The outline of a category's mark around `middle`."""
    return _mark_around(shape, middle.x(), middle.y(), radius)


@lru_cache(maxsize=512)
def _mark_around(shape: Shape, x: float, y: float, radius: float) -> QPainterPath:
    middle, path = QPointF(x, y), QPainterPath()
    if shape is Shape.DISC:
        path.addEllipse(middle, radius, radius)
    elif shape is Shape.BAR:
        path.addRect(QRectF(middle.x() - 1.2 * radius, middle.y() - 0.5 * radius, 2.4 * radius, radius))
    elif shape is Shape.CROSS:
        arm = radius * 0.38
        path.addRect(QRectF(middle.x() - radius, middle.y() - arm, 2 * radius, 2 * arm))
        upright = QPainterPath()
        upright.addRect(QRectF(middle.x() - arm, middle.y() - radius, 2 * arm, 2 * radius))
        path = path.united(upright)
    else:
        corners, start, stretch = _TURNS[shape]
        angles = [math.radians(start + 360 * k / corners) for k in range(corners)]
        # A triangle's middle lies lower than the middle of the square around it.
        shift = {Shape.TRIANGLE: 0.2, Shape.TRIANGLE_DOWN: -0.2}.get(shape, 0.0) * radius
        path.addPolygon(
            QPolygonF(
                [
                    QPointF(
                        middle.x() + math.cos(a) * radius * stretch,
                        middle.y() + shift + math.sin(a) * radius * stretch,
                    )
                    for a in angles
                ]
            )
        )
        path.closeSubpath()
    return path


def paint_mark(painter: QPainter, style: CategoryStyle, middle: QPointF, radius: float) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(style.colour))
    painter.drawPath(mark_path(style.shape, middle, radius))
    painter.setBrush(Qt.BrushStyle.NoBrush)


def mark_pixmap(style: CategoryStyle, side_px: int, ratio: float = 1.0) -> QPixmap:
    """A category's mark for a label or an icon."""
    pixmap = QPixmap(round(side_px * ratio), round(side_px * ratio))
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    paint_mark(painter, style, QPointF(side_px / 2, side_px / 2), side_px * 0.38)
    painter.end()
    return pixmap


def mark_icon(style: CategoryStyle) -> QIcon:
    return QIcon(mark_pixmap(style, 16, 2.0))


def paint_key_cap(painter: QPainter, text: str, rect: QRectF, theme: Theme) -> None:
    """A key as it looks on a keyboard, quietly."""
    painter.setPen(QPen(QColor(theme.palette.line), 1))
    painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), theme.px(4), theme.px(4))
    painter.setFont(theme.font(10))
    painter.setPen(QColor(theme.palette.dim))
    painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, text)


def fitted(pixmap: QPixmap, box: QRectF) -> QRectF:
    """Where a picture lies so that all of it is in the box, in its own proportions."""
    width, height = max(1, pixmap.width()), max(1, pixmap.height())
    scale = min(box.width() / width, box.height() / height)
    w, h = width * scale, height * scale
    return QRectF(box.x() + (box.width() - w) / 2, box.y() + (box.height() - h) / 2, w, h)


def paint_picture(
    painter: QPainter, pixmap: QPixmap | None, box: QRectF, theme: Theme, *, bar: str | None = None
) -> None:
    """A picture on white with round corners and a line of its category's colour; a blank without one."""
    ratio = painter.device().devicePixelRatioF()
    width, height = math.ceil(box.width() * ratio), math.ceil(box.height() * ratio)
    palette, of = theme.palette, 0 if pixmap is None else pixmap.cacheKey()
    key = f"{of} {width} {height} {ratio} {theme.scale} {palette.line} {palette.raised} {bar}"
    # Strips and grids are painted again with every decision: scaling and clipping happen once.
    tile = QPixmap()
    if not QPixmapCache.find(key, tile):
        tile = QPixmap(max(width, 1), max(height, 1))
        tile.setDevicePixelRatio(ratio)
        tile.fill(Qt.GlobalColor.transparent)
        within = QPainter(tile)
        _draw_picture(within, pixmap, QRectF(0, 0, box.width(), box.height()), theme, bar)
        within.end()
        QPixmapCache.insert(key, tile)
    painter.drawPixmap(box.topLeft(), tile)


def _draw_picture(
    painter: QPainter, pixmap: QPixmap | None, box: QRectF, theme: Theme, bar: str | None
) -> None:
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    path = QPainterPath()
    path.addRoundedRect(box, theme.px(6), theme.px(6))
    painter.setClipPath(path)
    if pixmap is None:
        painter.fillRect(box, QColor(theme.palette.raised))
    else:
        painter.fillRect(box, QColor("#ffffff"))
        painter.drawPixmap(fitted(pixmap, box), pixmap, QRectF(pixmap.rect()))
    if bar is not None:
        height = theme.px(3)
        painter.fillRect(QRectF(box.x(), box.bottom() - height, box.width(), height + 1), QColor(bar))
    painter.setClipping(False)
    painter.setPen(QPen(QColor(theme.palette.line), 1))
    painter.drawPath(path)


def elided(text: str, painter: QPainter, width: float) -> str:
    return QFontMetricsF(painter.font()).elidedText(cut(text), Qt.TextElideMode.ElideRight, width)


def paint_sign(painter: QPainter, sign: str, box: QRectF, theme: Theme, *, is_strong: bool = False) -> None:
    """A sign on a ground of its own, so that it can be read on any picture; strong: in the accent."""
    palette = theme.palette
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(palette.accent if is_strong else palette.dim), 1))
    painter.setBrush(QColor(palette.accent if is_strong else palette.panel))
    painter.drawRoundedRect(box, theme.px(4), theme.px(4))
    painter.setPen(QColor(palette.on_accent if is_strong else palette.text))
    painter.setFont(theme.font(11, QFont.Weight.Bold))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, sign)
    painter.restore()
