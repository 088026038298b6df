"""The widget that shows a map: points, pictures, names. What a person does with it is `view.MapView`'s
business.

A plain QWidget with its own transform, not an item in a pyqtgraph view: the scene above it would cost 5 to 7
ms a frame and 1.6 s of import, and every one of its services (axes, mouse handling, items) would have to be
switched off.

Invariant: the window's thread never draws points while the map is on the screen; it shows the last frame,
moved and scaled to where the camera is now, and asks the worker for a fresh one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import cast

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEasingCurve, QEvent, QRectF, QSize, Qt, QTimer, QVariantAnimation, Signal
from PySide6.QtGui import QColor, QHideEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QStyle, QWidget
from typing_extensions import override

from prodlabel.core.palette import Palette
from prodlabel.core.selection import Mask
from prodlabel.gui.aside import Aside
from prodlabel.gui.map.camera import LEAST_ZOOM, MOST_ZOOM, Bounds, Camera
from prodlabel.gui.map.frames import Frame, FrameWorker, framed
from prodlabel.gui.map.inks import Inks
from prodlabel.gui.map.labels import LabelLayer, MapLabel
from prodlabel.gui.map.points import MapPoints, Placing
from prodlabel.gui.map.raster import Canvas, Raster, Scene
from prodlabel.gui.map.thumbnails import PictureCards, Provider, Thumbnail, ThumbnailPlacer

TRAVEL_MS = 400
_GLIDE_MS = 180
_SETTLE_MS = 90
_FEW = 20_000
"""Points among which the pictures to show are found in a moment."""
_LEAST_CLEAR = 0.55
"""Share of the width that must be free for the map to keep clear of what floats over it."""


class MapCanvas(QWidget):
    """Shows points from plain arrays; collaborators: `FrameWorker`, `LabelLayer`, `ThumbnailPlacer`.

    Signals: `camera_changed()`; `frame_shown()` whenever a fresh frame has reached the screen.
    """

    camera_changed = Signal()
    frame_shown = Signal()

    def __init__(self, palette: Palette, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.reduced_motion = False
        self.theme = palette
        self.points = MapPoints(np.empty(0), np.empty(0))
        self.labels = LabelLayer()
        self.thumbnails = ThumbnailPlacer()
        self.cards = PictureCards()
        self._colours: list[str] = [palette.dim]
        self._inks = Inks.of(palette, self._colours)
        self._label_list: list[MapLabel] = []
        self._camera = Camera()
        self._fit_scale = 1.0
        self._is_fitted = True
        self._insets = 0, 0
        self._floats: list[QRectF] = []
        self._travelled = 1.0
        self._frame: Frame | None = None
        self._is_stale = True
        self._raster = Raster()
        self._worker = FrameWorker(self)
        self._worker.frame_drawn.connect(self._on_worker_frame_drawn)
        self._worker.frame_failed.connect(self._on_worker_frame_failed)
        self._placing = Aside("map pictures", self)
        self._placing.failed.connect(self._on_worker_frame_failed)
        self._settle = QTimer(self, singleShot=True, interval=_SETTLE_MS)
        self._settle.timeout.connect(self._on_settle_timeout)
        self._glide = QVariantAnimation(self)
        self._glide.valueChanged.connect(self._on_glide_value_changed)
        self._glide_from = self._glide_to = self._camera
        self._travel = QVariantAnimation(self)
        self._travel.valueChanged.connect(self._on_travel_value_changed)
        self._travel.finished.connect(self._on_travel_finished)

    # What is shown

    def set_points(self, x: NDArray[np.floating], y: NDArray[np.floating]) -> None:
        """(n,) coordinates of new rows; colours, filter and selection start afresh, and all is brought in
        view.
        """
        self.show_placing(Placing.of(x, y))

    def show_placing(self, placing: Placing) -> None:
        """As `set_points`, sorted already: many points are sorted by a worker."""
        self._travel.stop()
        self.points = MapPoints.over(placing)
        self.thumbnails.placed = []
        self._travelled = 1.0
        self._fit_now()
        self._invalidate()

    def set_layout(self, x: NDArray[np.floating], y: NDArray[np.floating]) -> None:
        """(n,) new coordinates of the same rows: the points travel there, so that the eye can follow."""
        self.travel_to(Placing.of(x, y))

    def travel_to(self, placing: Placing) -> None:
        """As `set_layout`, sorted already."""
        self._travel.stop()
        travels = self._moves_softly()
        self.points.move_to(placing, travel=travels)
        self.thumbnails.placed = []
        self._travelled = 0.0 if travels else 1.0
        fitted = self._fitting(self.points.bounds)
        self._fit_scale = fitted.scale
        if travels:
            _start(self._travel, TRAVEL_MS)
            self._glide_to_camera(fitted, TRAVEL_MS)
        else:
            self._set_camera(fitted)
        self._invalidate()

    def set_colours(
        self,
        colour: NDArray[np.integer],
        colours: Sequence[str],
        shape: NDArray[np.integer] | None = None,
        size: NDArray[np.integer] | None = None,
    ) -> None:
        """(n,) index of each row into `colours`, and shape index and size step (0..3) where they say
        something.
        """
        self._colours = list(colours) or [self.theme.dim]
        self._inks = Inks.of(self.theme, self._colours)
        self.points.set_look(colour, shape, size)
        self._invalidate()

    def set_hidden(self, hidden: Mask) -> None:
        """(n,) True for what a filter leaves out: it stays as faint dots and cannot be picked. Pictures are
        those of what is left."""
        self.points.set_hidden(hidden)
        self.thumbnails.placed = [one for one in self.thumbnails.placed if not hidden[one.row]]
        self._arrange()
        self._invalidate()

    def set_labels(self, labels: Sequence[MapLabel]) -> None:
        self._label_list = list(labels)
        self.labels.set_labels(self._label_list, self.font())
        self._arrange()
        self.update()

    def set_pictures(self, provider: Provider | None, priority: NDArray[np.floating] | None = None) -> None:
        """The provider must answer at once; `priority` (n,) says which products are the most central."""
        self.cards.set_provider(provider)
        self.thumbnails.set_priority(priority)
        self.thumbnails.placed = []
        self._arrange()
        self.update()

    def refresh_pictures(self) -> None:
        """Pictures that the provider did not have have arrived."""
        self.update()

    def set_theme(self, palette: Palette, colours: Sequence[str]) -> None:
        """Another theme, and what the colour indices mean in it."""
        self.theme = palette
        self._colours = list(colours) or [palette.dim]
        self._inks = Inks.of(palette, self._colours)
        self._invalidate()

    # Where it is looked at from

    @property
    def camera(self) -> Camera:
        return self._camera

    @property
    def zoom(self) -> float:
        """1 when all is just in view."""
        return self._camera.scale / self._fit_scale

    @property
    def mark_radius_px(self) -> float:
        """Depends on how many points there are and how near one is, not on what is in view: marks never
        pulse.
        """
        at_fit = min(max(5.0 * (1500 / max(self.points.size, 1)) ** 0.25, 1.0), 4.5)
        return float(min(max(at_fit * max(self.zoom, 0.5) ** 0.4, 1.0), 5.5))

    def colour_of(self, row: int) -> str:
        return self._colours[self.points.colour_of(row) % len(self._colours)]

    def pixel_of(self, row: int) -> tuple[float, float] | None:
        """Where the row is on the screen; None for one without a place."""
        x, y = float(self.points.x[row]), float(self.points.y[row])
        return self._camera.to_pixel(x, y) if np.isfinite(x) and np.isfinite(y) else None

    def _set_camera(self, camera: Camera) -> None:
        lowest, highest = self._fit_scale * LEAST_ZOOM, self._fit_scale * MOST_ZOOM
        camera = replace(camera, scale=min(max(camera.scale, lowest), highest))
        if camera == self._camera:
            return
        self._camera = camera
        self._is_fitted = camera == self._fitting(self.points.bounds)
        self.labels.follow(camera)
        self.thumbnails.follow(camera)
        if not self._settle.isActive():
            self._settle.start()
        self._invalidate()
        self.camera_changed.emit()

    def _glide_to_camera(self, camera: Camera, duration_ms: int = _GLIDE_MS) -> None:
        if not self._moves_softly():
            self._set_camera(camera)
            return
        self._glide_from, self._glide_to = self._camera, camera
        _start(self._glide, duration_ms)

    def _fit_now(self) -> None:
        camera = self._fitting(self.points.bounds)
        self._fit_scale = camera.scale
        self._set_camera(camera)
        self._is_fitted = True
        self._arrange()

    def set_insets(self, left: int, right: int) -> None:
        """How many pixels at the sides something floats over: what is brought in view keeps clear of them."""
        if (left, right) != self._insets:
            is_on_the_way = self._glide_to == self._fitting(self.points.bounds)
            self._insets = left, right
            fitted = self._fitting(self.points.bounds)
            self._fit_scale = fitted.scale
            if self._glide.state() is QVariantAnimation.State.Running:
                self._glide_to = fitted if is_on_the_way else self._glide_to
            elif self._is_fitted:
                self._fit_now()

    def keep_clear(self, floats: Sequence[QRectF]) -> None:
        """What floats over the map: no name or picture is placed below it."""
        if list(floats) != self._floats:
            self._floats = list(floats)
            self._arrange()
            self.update()

    def _fitting(self, bounds: Bounds, margin_px: float = 48.0) -> Camera:
        """Shows all of `bounds`, beside what floats where there is room enough."""
        left, right = self._insets
        if self.width() - left - right < _LEAST_CLEAR * self.width():
            left = right = 0
        camera = Camera.fitting(bounds, max(self.width() - left - right, 1), self.height(), margin_px)
        x = camera.x + (right - left) / 2 / camera.scale
        return replace(camera, x=x, width=self.width())

    def _moves_softly(self) -> bool:
        """Whether things may travel: on the screen, wanted by the user, and by the system's style."""
        allowed = self.style().styleHint(QStyle.StyleHint.SH_Widget_Animation_Duration, None, self) > 0
        return self.isVisible() and allowed and not self.reduced_motion

    # Frames

    def settle(self) -> None:
        """Draws everything as it is now, at once, in this thread: for exports and tests."""
        for animation in (self._glide, self._travel):
            if animation.state() is QVariantAnimation.State.Running:
                animation.setCurrentTime(animation.duration())
        self._arrange(at_once=True)
        self.labels.prepare(self.theme, self.devicePixelRatioF())
        self._draw_now()
        self.update()

    def _scene(self) -> Callable[[], Scene]:
        """What is to be drawn now; its layers are worked out by the thread that calls it."""
        ratio = self.devicePixelRatioF()
        camera = self._camera
        width, height = max(1, round(camera.width * ratio)), max(1, round(camera.height * ratio))
        shown, context, selected = (self.points.layer(name) for name in ("shown", "context", "selected"))
        inks, radius, travelled = self._inks, self.mark_radius_px * ratio, self._travelled
        enlarged = replace(camera, scale=camera.scale * ratio, width=width, height=height)
        return lambda: Scene(
            enlarged, shown.now(), context.now(), selected.now(), inks, radius, travelled, ratio
        )

    def _invalidate(self) -> None:
        """Something changed that a frame shows."""
        self._is_stale = True
        if self.isVisible():
            self._worker.request(self._scene())
        self.update()

    def _draw_now(self) -> None:
        scene = self._scene()()
        size = scene.camera.width, scene.camera.height
        # The canvas on the screen is the window's own; the worker has another.
        canvas = self._frame.canvas if self._frame is not None else None
        if canvas is None or (canvas.width, canvas.height) != size:
            canvas = Canvas(*size)
        self._raster.draw(scene, canvas)
        self._frame = framed(scene, canvas)
        self._is_stale = False

    def _arrange(self, *, at_once: bool = False) -> None:
        """Decides which names and pictures are shown where; of many points a thread chooses the pictures."""
        self.labels.place(self._camera, self.zoom, self._floats)
        if self.cards.has_provider and self._travelled >= 1.0:
            obstacles = [*self._floats, *(rect for _, rect in self.labels.placed)]
            layer, camera, zoom = self.points.layer("shown"), self._camera, self.zoom
            before = list(self.thumbnails.placed)

            def place() -> list[Thumbnail]:
                return self.thumbnails.chosen(camera, layer.now(), zoom, obstacles, before)

            if at_once or self.points.size <= _FEW:
                self._placing.drop()
                self.thumbnails.placed = place()
            else:
                self._placing.ask(place, self._take_placed)
        else:
            self._placing.drop()
            self.thumbnails.placed = []

    def _take_placed(self, placed: list[Thumbnail]) -> None:
        """Pictures found their places beside the window; the map may have moved on meanwhile."""
        self.thumbnails.placed = placed
        self.thumbnails.follow(self._camera)
        self.update()

    def _paint_map(self, painter: QPainter) -> None:
        """Points, pictures and names, below what a tool draws."""
        if self._is_stale and not self.isVisible():
            self._draw_now()
        self._paint_frame(painter)
        self._paint_region(painter)
        ratio = self.devicePixelRatioF()
        for thumbnail in self.thumbnails.placed:
            row, side = thumbnail.row, int(thumbnail.rect.width())
            is_selected = self.points.is_selected(row)
            colour = self.colour_of(row)
            card = self.cards.card(row, side, colour, self.theme, is_selected=is_selected, pixel_ratio=ratio)
            if card is not None:
                painter.drawPixmap(thumbnail.rect.topLeft(), card)
        if self._travelled >= 1.0 and not self.labels.paint(painter, self.theme, ratio):
            self.update()

    def _paint_region(self, painter: QPainter) -> None:
        """What lies over the points and under the pictures: a region that was drawn, in `MapView`."""

    def _paint_frame(self, painter: QPainter) -> None:
        frame = self._frame
        if frame is None:
            painter.fillRect(self.rect(), QColor(self.theme.map))
            return
        ratio = frame.image.devicePixelRatio()
        drawn = frame.camera
        scale = self._camera.scale / (drawn.scale / ratio)
        middle_x, middle_y = self._camera.to_pixel(drawn.x, drawn.y)
        width, height = drawn.width / ratio * scale, drawn.height / ratio * scale
        target = QRectF(middle_x - width / 2, middle_y - height / 2, width, height)
        if not target.adjusted(-0.5, -0.5, 0.5, 0.5).contains(QRectF(self.rect())):
            painter.fillRect(self.rect(), QColor(self.theme.map))
        if abs(scale - 1.0) < 1e-6:
            painter.drawImage(target.topLeft().toPoint(), frame.image)
        else:
            painter.drawImage(target, frame.image)

    def _on_worker_frame_drawn(self, frame: object) -> None:
        fresh = cast("Frame", frame)
        old, self._frame = self._frame, fresh
        if old is not None:
            self._worker.give_back(old)
        self._is_stale = False
        self.update()
        self.frame_shown.emit()

    def _on_worker_frame_failed(self, error: object) -> None:
        raise cast("Exception", error)

    def _on_settle_timeout(self) -> None:
        self._arrange()
        self.update()

    def _on_glide_value_changed(self, share: object) -> None:
        self._set_camera(self._glide_from.between(self._glide_to, cast("float", share)))

    def _on_travel_value_changed(self, share: object) -> None:
        self._travelled = cast("float", share)
        self._invalidate()

    def _on_travel_finished(self) -> None:
        self._travelled = 1.0
        self.points.arrive()
        self._arrange()
        self._invalidate()

    @override
    def sizeHint(self) -> QSize:
        return QSize(900, 640)

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(240, 180)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        self._paint_map(painter)
        painter.end()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        was_fitted = self._is_fitted
        self._camera = self._camera.resized(self.width(), self.height())
        self._fit_scale = self._fitting(self.points.bounds).scale
        if was_fitted:
            self._fit_now()
        self._arrange()
        self._invalidate()

    @override
    def hideEvent(self, event: QHideEvent) -> None:
        # A map that nobody sees needs no thread; the next request starts one again.
        self._worker.stop()
        self._placing.close()
        super().hideEvent(event)

    @override
    def changeEvent(self, event: QEvent) -> None:
        if event.type() is QEvent.Type.FontChange:
            self.labels.set_labels(self._label_list, self.font())
            self._arrange()
        super().changeEvent(event)


def _start(animation: QVariantAnimation, duration_ms: int) -> None:
    animation.stop()
    animation.setDuration(duration_ms)
    animation.setEasingCurve(QEasingCurve.Type.InOutCubic)
    animation.setStartValue(0.0)
    animation.setEndValue(1.0)
    animation.start()
