"""Draws frames in one worker thread while the window shows the last one.

Invariant: a canvas belongs to the worker or to the window, never to both; of scenes that arrive while one is
being drawn only the newest is kept. Errors of the drawing come back through `frame_failed`.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from prodlabel.gui.map.camera import Camera
from prodlabel.gui.map.raster import MARGIN, Canvas, Raster, Scene


@dataclass(frozen=True, slots=True)
class Frame:
    """A drawn scene; the image shares the canvas's memory."""

    camera: Camera
    image: QImage
    canvas: Canvas


def framed(scene: Scene, canvas: Canvas) -> Frame:
    """Wraps a drawn canvas as an image without copying it."""
    flat = canvas.words.reshape(-1)[MARGIN * canvas.stride + MARGIN :]
    image = QImage(
        flat.data,
        canvas.width,
        canvas.height,
        canvas.stride * 4,
        QImage.Format.Format_RGB32,
    )
    image.setDevicePixelRatio(scene.pixel_ratio)
    return Frame(scene.camera, image, canvas)


class FrameWorker(QObject):
    """One thread that draws what `request` asks for; collaborators: `Raster`, and the view that shows the
    frames.
    """

    frame_drawn = Signal(object)
    frame_failed = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._wake = threading.Condition()
        self._pending: Callable[[], Scene] | None = None
        self._free: list[Canvas] = []
        self._lent = 0
        self._is_stopping = False
        self._thread: threading.Thread | None = None

    @property
    def is_running(self) -> bool:
        return self._thread is not None

    def request(self, scene: Callable[[], Scene]) -> None:
        """Asks for a frame of what `scene` returns in the worker; one that was asked for earlier and is not
        begun yet is dropped. Starts the thread when needed.
        """
        with self._wake:
            self._pending = scene
            if self._thread is None:
                self._is_stopping = False
                self._thread = threading.Thread(target=self._run, name="map frames", daemon=True)
                self._thread.start()
            self._wake.notify()

    def give_back(self, frame: Frame) -> None:
        """Hands a canvas back that is no longer shown."""
        with self._wake:
            self._lent -= 1
            self._free = [frame.canvas]
            self._wake.notify()

    def stop(self) -> None:
        """Ends the thread; returns when it has ended. What was asked for and not drawn is forgotten."""
        thread = self._thread
        if thread is None:
            return
        with self._wake:
            self._is_stopping = True
            self._pending = None
            self._wake.notify()
        thread.join()
        self._thread = None

    def _run(self) -> None:
        raster = Raster()
        while True:
            with self._wake:
                # Two canvases: one on the screen and one that waits to be shown are enough.
                while not self._is_stopping and (self._pending is None or self._lent >= 2):
                    self._wake.wait()
                if self._is_stopping:
                    return
                make, self._pending = self._pending, None
                assert make is not None
                free, self._free = self._free, []
                self._lent += 1
            try:
                scene = make()
                canvas = _canvas_for(scene, free)
                raster.draw(scene, canvas)
            except Exception as error:  # noqa: BLE001 - shown by the window's thread, which raises it again
                with self._wake:
                    self._lent -= 1
                self.frame_failed.emit(error)
            else:
                self.frame_drawn.emit(framed(scene, canvas))


def _canvas_for(scene: Scene, free: list[Canvas]) -> Canvas:
    """A free canvas of the right size, or a new one."""
    size = scene.camera.width, scene.camera.height
    return next((canvas for canvas in free if (canvas.width, canvas.height) == size), None) or Canvas(*size)
