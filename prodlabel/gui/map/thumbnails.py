"""Which products show their picture on the map, and how.

Invariant: no two pictures overlap, nor does one cover a cluster's name. A picture that is shown stays while
it has room: panning moves pictures, it does not change them.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPen, QPixmap

from prodlabel.core.palette import Palette
from prodlabel.gui.map.camera import Camera
from prodlabel.gui.map.points import GRID, Floats, Layer, Places

Provider = Callable[[int, int], QImage | QPixmap | None]
"""Row and wanted side in device pixels to a picture, at once; None while there is none (yet)."""

SMALLEST_PX, LARGEST_PX, _STEP_PX = 40, 132, 4
_MOST_CANDIDATES = 600
_FEW = 300
"""With no more points in view than this every one that fits shows its picture."""


@dataclass(frozen=True, slots=True)
class Thumbnail:
    """A picture of a product on the map; `rect` in pixels of the view."""

    row: int
    x: float
    y: float
    rect: QRectF


def side_px(zoom: float) -> int:
    """Pictures grow as one comes nearer, slower than the map does, so that more and more of them fit."""
    side = 46.0 * max(zoom, 1.0) ** 0.35
    return int(min(max(side, SMALLEST_PX), LARGEST_PX)) // _STEP_PX * _STEP_PX


def crowding(layer: Layer) -> Floats:
    """(n,) how crowded each point's cell is: a stand-in for `most central` where nothing better is known."""
    import cv2

    counts = np.diff(layer.starts).reshape(GRID, GRID).astype(np.float32)
    smooth = cv2.GaussianBlur(counts, (0, 0), 2.0).reshape(-1)
    return np.repeat(smooth, np.diff(layer.starts)).astype(np.float32)


class ThumbnailPlacer:
    """Decides which rows show a picture; collaborators: the view's camera and the layer of shown points."""

    def __init__(self) -> None:
        self._priority: NDArray[np.float32] | None = None
        self._best: tuple[Places, NDArray[np.int64], Floats] | None = None
        self.placed: list[Thumbnail] = []
        self._lock = threading.Lock()

    def set_priority(self, priority: NDArray[np.floating] | None) -> None:
        """(n,) by row: the most central products have the highest; None falls back to the crowded ones."""
        self._priority = None if priority is None else np.asarray(priority, dtype=np.float32)
        with self._lock:
            self._best = None

    def chosen(
        self,
        camera: Camera,
        layer: Layer,
        zoom: float,
        obstacles: Sequence[QRectF] = (),
        placed: Sequence[Thumbnail] = (),
    ) -> list[Thumbnail]:
        """What to show, most central first, after what is `placed` already. Safe in any thread."""
        side = side_px(zoom)
        with self._lock:
            places, visible = self._candidates(camera, layer)
        # The more there is to see, the wider apart, or the pictures would hide the map.
        spread = float(np.clip(1.08 + np.log10(max(visible, 1) / _FEW) * 1.1, 1.08, 2.8))
        places = _apart(layer, places, side * spread / camera.scale)
        before = {thumbnail.row for thumbnail in placed}
        rows = layer.rows[places].tolist()
        order = sorted(range(len(rows)), key=lambda k: rows[k] not in before)
        chosen: list[Thumbnail] = []
        middles = np.empty((len(rows), 2))
        for k in order:
            x, y = float(layer.x[places[k]]), float(layer.y[places[k]])
            px, py = camera.to_pixel(x, y)
            near = np.abs(middles[: len(chosen)] - (px, py)).max(axis=1, initial=0.0) if chosen else None
            if near is not None and near.min() < (side + 4 if rows[k] in before else side * spread):
                continue
            rect = QRectF(round(px - side / 2), round(py - side / 2), side, side)
            if any(rect.intersects(other) for other in obstacles):
                continue
            middles[len(chosen)] = px, py
            chosen.append(Thumbnail(rows[k], x, y, rect))
        return chosen

    def follow(self, camera: Camera) -> None:
        """Moves what is placed along with the map."""
        moved = []
        for thumbnail in self.placed:
            px, py = camera.to_pixel(thumbnail.x, thumbnail.y)
            side = thumbnail.rect.width()
            rect = QRectF(round(px - side / 2), round(py - side / 2), side, side)
            moved.append(Thumbnail(thumbnail.row, thumbnail.x, thumbnail.y, rect))
        self.placed = moved

    def at(self, px: float, py: float) -> int | None:
        """Row of the picture at a pixel."""
        return next((t.row for t in self.placed if t.rect.contains(QPointF(px, py))), None)

    def _candidates(self, camera: Camera, layer: Layer) -> tuple[NDArray[np.int64], int]:
        """Places in view worth a picture, most central first, and how many points are in view."""
        left, bottom, right, top = camera.bounds
        slices = layer.slices(camera.bounds)
        priority = self._priorities(layer)
        if sum(end - begin for begin, end in slices) > 20 * _MOST_CANDIDATES:
            places = self._best_of_cells(layer, priority)
        else:
            places = np.concatenate([np.arange(b, e) for b, e in slices] or [np.empty(0, np.int64)])
        x, y = layer.x[places], layer.y[places]
        places = places[(x >= left) & (x <= right) & (y >= bottom) & (y <= top)]
        order = np.lexsort((layer.rows[places], -priority[places]))
        return places[order], int(places.size)

    def _priorities(self, layer: Layer) -> Floats:
        if self._best is None or self._best[0] is not layer.rows:
            by_place = crowding(layer) if self._priority is None else self._priority[layer.rows]
            # New colours make a new layer of the same places: nothing to work out again.
            self._best = (layer.rows, np.empty(0, np.int64), by_place)
        return self._best[2]

    def _best_of_cells(self, layer: Layer, priority: Floats) -> NDArray[np.int64]:
        """The place of highest priority in every cell that holds any."""
        assert self._best is not None
        if not self._best[1].size:
            counts = np.diff(layer.starts)
            filled = np.flatnonzero(counts)
            highest = np.maximum.reduceat(priority, layer.starts[filled])
            is_best = priority == np.repeat(highest, counts[filled])
            places = np.flatnonzero(is_best)
            cells = np.repeat(filled, counts[filled])[places]
            self._best = (layer.rows, places[np.unique(cells, return_index=True)[1]], priority)
        return self._best[1]


def _apart(layer: Layer, places: NDArray[np.int64], distance: float) -> NDArray[np.int64]:
    """The first place in each square of about that side: without it all candidates would be of the same
    crowd.

    The squares lie still in data coordinates and halve in steps, so that panning does not change who is
    first.
    """
    side = 2.0 ** np.floor(np.log2(distance)) / 2
    column = np.floor((layer.x[places] - layer.grid.left) / side).astype(np.int64)
    line = np.floor((layer.y[places] - layer.grid.bottom) / side).astype(np.int64)
    first = np.unique(line * (1 << 31) + column, return_index=True)[1]
    return places[np.sort(first)[:_MOST_CANDIDATES]]


class PictureCards:
    """Framed pictures as pixmaps, the most recently shown kept. Collaborator: the provider of pictures."""

    def __init__(self, most: int = 600) -> None:
        self._provider: Provider | None = None
        self._cards: OrderedDict[tuple[int, int, str, str, bool, float], QPixmap] = OrderedDict()
        self._most = most

    @property
    def has_provider(self) -> bool:
        return self._provider is not None

    def set_provider(self, provider: Provider | None) -> None:
        self._provider = provider
        self._cards.clear()

    def card(
        self, row: int, side: int, colour: str, palette: Palette, *, is_selected: bool, pixel_ratio: float
    ) -> QPixmap | None:
        """The framed picture, or None while the provider has none."""
        key = (row, side, colour, palette.name, is_selected, pixel_ratio)
        if key in self._cards:
            self._cards.move_to_end(key)
            return self._cards[key]
        picture = self._provider(row, round(side * pixel_ratio)) if self._provider else None
        if picture is None or picture.isNull():
            return None
        card = framed_card(picture, side, colour, palette, is_selected=is_selected, pixel_ratio=pixel_ratio)
        self._cards[key] = card
        if len(self._cards) > self._most:
            self._cards.popitem(last=False)
        return card


def framed_card(
    picture: QImage | QPixmap,
    side: int,
    colour: str,
    palette: Palette,
    *,
    is_selected: bool = False,
    pixel_ratio: float = 1.0,
) -> QPixmap:
    """The whole picture on white with rounded corners, framed in its category's colour.

    The frame of a selected one is doubled by the outline that selected points have.
    """
    card = QPixmap(round(side * pixel_ratio), round(side * pixel_ratio))
    card.setDevicePixelRatio(pixel_ratio)
    card.fill(Qt.GlobalColor.transparent)
    painter = QPainter(card)
    painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
    radius = min(9.0, 4.0 + side / 24)
    edge = QRectF(2.5, 2.5, side - 5, side - 5)
    shape = QPainterPath()
    shape.addRoundedRect(edge, radius, radius)
    # A hairline of the map's colour keeps the frame apart from points of the same category around it.
    painter.setPen(QPen(QColor(palette.outline if is_selected else palette.map), 5.0))
    painter.drawPath(shape)
    painter.fillPath(shape, QColor("#ffffff"))
    painter.setClipPath(shape)
    image = picture.toImage() if isinstance(picture, QPixmap) else picture
    room = edge.width() - 4
    # Scaled by area averages first: a painter's transform alone samples, and small pictures would sparkle.
    pixels = max(1, round(room * pixel_ratio))
    keep, smooth = Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
    image = image.scaled(pixels, pixels, keep, smooth)
    width, height = image.width() / pixel_ratio, image.height() / pixel_ratio
    painter.drawImage(
        QRectF(edge.center().x() - width / 2, edge.center().y() - height / 2, width, height), image
    )
    painter.setClipping(False)
    painter.setPen(QPen(QColor(colour), 2.0))
    painter.drawPath(shape)
    painter.end()
    return card
