"""Panels that can be moved: their titles, whether somebody put them away, and their places as text."""

from __future__ import annotations

import base64

from PySide6.QtCore import QByteArray, QSize, Qt
from PySide6.QtWidgets import QDockWidget, QMainWindow, QStackedWidget, QWidget
from typing_extensions import override

from prodlabel.gui.theme import LEFT_PX, RIGHT_PX, STRIP_PX, Theme


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


class Docks:
    """The panels around the map: put away in the other places, taken out when the project closes."""

    def __init__(self, window: QMainWindow) -> None:
        self._window = window
        self.panels: dict[str, QDockWidget] = {}
        self._put_away: list[QDockWidget] = []
        area = Qt.DockWidgetArea
        window.setCorner(Qt.Corner.BottomLeftCorner, area.LeftDockWidgetArea)
        window.setCorner(Qt.Corner.BottomRightCorner, area.RightDockWidgetArea)

    def add(self, name: str, title: str, pane: QWidget, area: Qt.DockWidgetArea) -> None:
        """One more panel, at that side of the map."""
        dock = QDockWidget(title, self._window)
        dock.setObjectName(f"dock_{name}")
        dock.setWidget(pane)
        self._window.addDockWidget(area, dock)
        self.panels[name] = dock

    def arrange(self) -> None:
        """Give the panels the measures of the drawings."""
        theme, panels, horizontal = Theme.now(), self.panels, Qt.Orientation.Horizontal
        sizes = [theme.px(LEFT_PX), theme.px(RIGHT_PX)]
        self._window.resizeDocks([panels["left"], panels["right"]], sizes, horizontal)
        self._window.resizeDocks([panels["gallery"]], [theme.px(STRIP_PX)], Qt.Orientation.Vertical)

    def put_away(self) -> None:
        """Hide those that are seen until `bring_back`."""
        self._put_away = [dock for dock in self.panels.values() if not _is_hidden_by_somebody(dock)]
        for dock in self._put_away:
            dock.hide()

    def bring_back(self) -> None:
        for dock in self._put_away:
            dock.show()
        self._put_away = []

    def toggle(self, name: str) -> None:
        dock = self.panels.get(name)
        if dock is not None:
            dock.setVisible(not dock.isVisible())

    def grow(self, name: str) -> None:
        """Give a panel most of the height, or let it be a strip again."""
        dock, window = self.panels.get(name), self._window
        if dock is not None:
            dock.show()
            is_large = dock.height() > 0.45 * window.height()
            height = Theme.now().px(STRIP_PX) if is_large else round(0.62 * window.height())
            window.resizeDocks([dock], [height], Qt.Orientation.Vertical)

    def lock(self, *, is_locked: bool) -> None:
        """Panels without title bars stay where they are; with them they can be dragged."""
        for dock in self.panels.values():
            old = dock.titleBarWidget()
            dock.setTitleBarWidget(NoTitle(dock) if is_locked else None)  # type: ignore[arg-type]
            if old is not None:
                old.deleteLater()

    def remove_all(self) -> None:
        """The project closes."""
        for dock in self.panels.values():
            self._window.removeDockWidget(dock)
            # Not found by its name any more: the next project's panels have the same ones.
            dock.setObjectName("")
            dock.deleteLater()
        self.panels.clear()


def _is_hidden_by_somebody(dock: QDockWidget) -> bool:
    """Whether somebody hid it. One that was just made is hidden too, but shall be seen."""
    return dock.isHidden() and dock.testAttribute(Qt.WidgetAttribute.WA_WState_ExplicitShowHide)


def encoded(data: QByteArray) -> str:
    """As text for the settings."""
    return base64.b64encode(bytes(data.data())).decode("ascii")


def decoded(text: str) -> QByteArray:
    """Back from the settings."""
    return QByteArray.fromBase64(text.encode("ascii"))
