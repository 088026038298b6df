"""Names that float over their clusters.

Invariant: no two names overlap; a name that is shown stays while there is room for it, so that nothing
flickers while one pans.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen, QPixmap

from prodlabel.core.palette import Palette
from prodlabel.gui.map.camera import Camera

_MOST_AT_FIT = 14
_GAP_PX = 6.0
_HALO_PX = 5.0
_MOST_S = 0.008


@dataclass(frozen=True, slots=True)
class MapLabel:
    """A name, the data point above which it stands, and how important it is (the heavier first)."""

    text: str
    x: float
    y: float
    weight: float


def cluster_labels(
    x: NDArray[np.floating], y: NDArray[np.floating], cluster: NDArray[np.integer], names: Sequence[str]
) -> list[MapLabel]:
    """A label over the upper end of each cluster; `cluster` (n,) indexes `names`, -1 is no cluster."""
    placed = np.flatnonzero((cluster >= 0) & np.isfinite(x) & np.isfinite(y))
    order = placed[np.argsort(cluster[placed], kind="stable")]
    ends = np.searchsorted(cluster[order], np.arange(len(names) + 1))
    labels = []
    for name, begin, end in zip(names, ends[:-1].tolist(), ends[1:].tolist(), strict=True):
        rows = order[begin:end]
        if rows.size and name:
            # The 90th percentile rather than the top: a stray point must not carry the name away.
            labels.append(
                MapLabel(name, float(np.median(x[rows])), float(np.percentile(y[rows], 90)), float(rows.size))
            )
    return labels


class LabelLayer:
    """Places and paints the names of one map; collaborator: the view that calls it for every frame."""

    def __init__(self) -> None:
        self._labels: list[MapLabel] = []
        self._order: list[int] = []
        self._sizes: list[QSizeF] = []
        self._shown: set[int] = set()
        self._pixmaps: dict[tuple[str, str, float], QPixmap] = {}
        self._font: QFont | None = None
        self.placed: list[tuple[int, QRectF]] = []

    def set_labels(self, labels: Sequence[MapLabel], font: QFont) -> None:
        self._labels = list(labels)
        self._order = sorted(range(len(labels)), key=lambda k: -self._labels[k].weight)
        self._font = QFont(font)
        self._font.setWeight(QFont.Weight.DemiBold)
        metrics = QFontMetricsF(self._font)
        self._sizes = [QSizeF(metrics.horizontalAdvance(t.text), metrics.height()) for t in self._labels]
        self._shown.clear()
        self._pixmaps.clear()
        self.placed = []

    def place(self, camera: Camera, zoom: float, obstacles: Sequence[QRectF] = ()) -> None:
        """Decides which names stand where, beside what lies over the map. `zoom` is 1 when all is in view;
        the nearer, the more names.
        """
        most = int(_MOST_AT_FIT * max(1.0, zoom))
        order = [k for k in self._order if k in self._shown] + [
            k for k in self._order if k not in self._shown
        ]
        view = QRectF(0, 0, camera.width, camera.height)
        placed: list[tuple[int, QRectF]] = []
        for index in order:
            if len(placed) >= most:
                break
            rect = self._rect(index, camera)
            room = rect.adjusted(-_GAP_PX, -_GAP_PX / 2, _GAP_PX, _GAP_PX / 2)
            taken = (*obstacles, *(other for _, other in placed))
            if view.contains(rect) and not any(room.intersects(other) for other in taken):
                placed.append((index, rect))
        self.placed = placed
        self._shown = {index for index, _ in placed}

    def follow(self, camera: Camera) -> None:
        """Moves the names that are shown along with the map, without deciding anew."""
        self.placed = [(index, self._rect(index, camera)) for index, _ in self.placed]

    def texts(self) -> list[str]:
        return [self._labels[index].text for index, _ in self.placed]

    def paint(self, painter: QPainter, palette: Palette, pixel_ratio: float) -> bool:
        """Paints the names that stand somewhere; whether that was all of them.

        A name costs some milliseconds when it is painted first; what does not fit into `_MOST_S`
        waits for the next call.
        """
        end = time.perf_counter() + _MOST_S
        for number, (index, rect) in enumerate(self.placed):
            text = self._labels[index].text
            if (
                number
                and (text, palette.name, pixel_ratio) not in self._pixmaps
                and time.perf_counter() > end
            ):
                return False
            pixmap = self._pixmap(text, self._sizes[index], palette, pixel_ratio)
            painter.drawPixmap(rect.topLeft() - QPointF(_HALO_PX, _HALO_PX), pixmap)
        return True

    def prepare(self, palette: Palette, pixel_ratio: float) -> None:
        """Draw what `paint` will need, however long it takes."""
        for index, _ in self.placed:
            self._pixmap(self._labels[index].text, self._sizes[index], palette, pixel_ratio)

    def _rect(self, index: int, camera: Camera) -> QRectF:
        label, size = self._labels[index], self._sizes[index]
        x, y = camera.to_pixel(label.x, label.y)
        # Whole pixels: text that moves by halves looks blurred.
        return QRectF(round(x - size.width() / 2), round(y - size.height() - 4), size.width(), size.height())

    def _pixmap(self, text: str, size: QSizeF, palette: Palette, pixel_ratio: float) -> QPixmap:
        key = (text, palette.name, pixel_ratio)
        if key not in self._pixmaps:
            assert self._font is not None
            width, height = size.width() + 2 * _HALO_PX, size.height() + 2 * _HALO_PX
            pixmap = QPixmap(round(width * pixel_ratio), round(height * pixel_ratio))
            pixmap.setDevicePixelRatio(pixel_ratio)
            pixmap.fill(Qt.GlobalColor.transparent)
            self._draw(pixmap, text, palette)
            self._pixmaps[key] = pixmap
        return self._pixmaps[key]

    def _draw(self, pixmap: QPixmap, text: str, palette: Palette) -> None:
        assert self._font is not None
        path = QPainterPath()
        path.addText(QPointF(_HALO_PX, _HALO_PX + QFontMetricsF(self._font).ascent()), self._font, text)
        painter = QPainter(pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for width, alpha in ((8.0, 70), (5.0, 130), (2.5, 200)):
            halo = QColor(palette.map)
            halo.setAlpha(alpha)
            join, cap = Qt.PenJoinStyle.RoundJoin, Qt.PenCapStyle.RoundCap
            painter.strokePath(path, QPen(halo, width, Qt.PenStyle.SolidLine, cap, join))
        painter.fillPath(path, QColor(palette.text))
        painter.end()
