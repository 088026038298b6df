"""Panels that can be moved: their titles, whether somebody put them away, and their places as text."""

from __future__ import annotations

import base64

from PySide6.QtCore import QByteArray, QSize, Qt
from PySide6.QtWidgets import QDockWidget, QWidget
from typing_extensions import override


class NoTitle(QWidget):
    """Stands in for a panel's title bar and takes no room."""

    @override
    def sizeHint(self) -> QSize:
        return QSize(0, 0)

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(0, 0)


def is_put_away(dock: QDockWidget) -> bool:
    """Whether somebody hid it. One that was just made is hidden too, but shall be seen."""
    return dock.isHidden() and dock.testAttribute(Qt.WidgetAttribute.WA_WState_ExplicitShowHide)


def encoded(data: QByteArray) -> str:
    """As text for the settings."""
    return base64.b64encode(bytes(data.data())).decode("ascii")


def decoded(text: str) -> QByteArray:
    """Back from the settings."""
    return QByteArray.fromBase64(text.encode("ascii"))
