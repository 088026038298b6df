"""The map as a picture for reports: PNG as it is on the screen, SVG with names and lines that stay sharp.

Invariant: exporting changes nothing on the screen.
"""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QBuffer, QIODevice, QPoint, QRect
from PySide6.QtGui import QImage, QPainter, QRegion
from PySide6.QtSvg import QSvgGenerator
from PySide6.QtWidgets import QWidget

from prodlabel.core.errors import InputError
from prodlabel.gui.map.canvas import MapCanvas


def write_png(view: MapCanvas, path: Path, scale: float = 2.0) -> None:
    """The view at `scale` times its size on the screen. Raises `InputError` if the file cannot be written."""
    view.settle()
    image = QImage(view.size() * scale, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(scale)
    painter = QPainter(image)
    view.render(painter, QPoint(), QRegion(), QWidget.RenderFlag.DrawChildren)
    painter.end()
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]
    _write(path, bytes(buffer.data().data()))


def write_svg(view: MapCanvas, path: Path) -> None:
    """Points and pictures as images, lines as lines. Raises `InputError` if the file cannot be written."""
    view.settle()
    buffer = QBuffer()
    generator = QSvgGenerator()
    generator.setOutputDevice(buffer)
    generator.setSize(view.size())
    generator.setViewBox(QRect(QPoint(), view.size()))
    generator.setTitle(view.accessibleName())
    painter = QPainter(generator)
    view.render(painter, QPoint(), QRegion(), QWidget.RenderFlag.DrawChildren)
    painter.end()
    _write(path, bytes(buffer.data().data()))


def _write(path: Path, content: bytes) -> None:
    try:
        path.write_bytes(content)
    except OSError as error:
        raise InputError(
            f"The picture cannot be written to {path} ({error.strerror}). Choose a folder you may write to."
        ) from error
