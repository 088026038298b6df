"""Panels that can be moved: their titles, whether somebody put them away, and their places as text."""

from __future__ import annotations

import base64
from collections.abc import Iterable

from PySide6.QtCore import QByteArray, QSize, Qt
from PySide6.QtWidgets import QDockWidget, QMainWindow, QStackedWidget, QWidget
from typing_extensions import override

from prodlabel.gui.theme import Theme


class NoTitle(QWidget):
    """Stands in for a panel's title bar and takes no room."""

    @override
    def sizeHint(self) -> QSize:
        return QSize(0, 0)

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(0, 0)


class PlaceStack(QStackedWidget):
    """Takes the room that the place shown needs, not the one that is largest: panels get the rest."""

    @override
    def minimumSizeHint(self) -> QSize:
        shown = self.currentWidget()
        return super().minimumSizeHint() if shown is None else shown.minimumSizeHint()


def lock_docks(docks: Iterable[QDockWidget], *, is_locked: bool) -> None:
    """Panels without title bars stay where they are; with them they can be dragged."""
    for dock in docks:
        old = dock.titleBarWidget()
        dock.setTitleBarWidget(NoTitle(dock) if is_locked else None)  # type: ignore[arg-type]
        if old is not None:
            old.deleteLater()


def grow_dock(window: QMainWindow, dock: QDockWidget, strip_px: int) -> None:
    """Give a panel most of the height, or let it be a strip of `strip_px` again."""
    dock.show()
    is_large = dock.height() > 0.45 * window.height()
    height = Theme.now().px(strip_px) if is_large else round(0.62 * window.height())
    window.resizeDocks([dock], [height], Qt.Orientation.Vertical)


def is_put_away(dock: QDockWidget) -> bool:
    """Whether somebody hid it. One that was just made is hidden too, but shall be seen."""
    return dock.isHidden() and dock.testAttribute(Qt.WidgetAttribute.WA_WState_ExplicitShowHide)


def encoded(data: QByteArray) -> str:
    """As text for the settings."""
    return base64.b64encode(bytes(data.data())).decode("ascii")


def decoded(text: str) -> QByteArray:
    """Back from the settings."""
    return QByteArray.fromBase64(text.encode("ascii"))
