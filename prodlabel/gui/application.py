"""Sets the application up: name, high-dpi, appearance. Nothing is global: the caller holds what it gets."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QMessageLogContext, QObject, Qt, QtMsgType, qInstallMessageHandler
from PySide6.QtGui import QGuiApplication, QPixmapCache
from PySide6.QtWidgets import QApplication

from prodlabel import __version__
from prodlabel.gui.language import Language
from prodlabel.gui.settings import Settings
from prodlabel.gui.theme import Appearance

_log = logging.getLogger("prodlabel.qt")
_LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}
_TILES_KB = 65_536
"""For pictures as they are painted: a grid that fills a large screen."""
_SILENCED = ("This plugin does not support propagateSizeHints",)
"""What platforms without a display say of themselves; nobody can do anything about it."""


def take_qt_message(kind: QtMsgType, _context: QMessageLogContext, text: str) -> None:
    """Hand what Qt says on to `logging`."""
    if not text.startswith(_SILENCED):
        _log.log(_LEVELS.get(kind, logging.WARNING), text)


def make_application(argv: Sequence[str]) -> QApplication:
    """The one application object of the process."""
    existing = QApplication.instance()
    if isinstance(existing, QApplication):
        return existing
    qInstallMessageHandler(take_qt_message)
    QGuiApplication.setHighDpiScaleFactorRoundingPolicy(Qt.HighDpiScaleFactorRoundingPolicy.PassThrough)
    application = QApplication(list(argv))
    application.setApplicationName("prodlabel")
    application.setApplicationVersion(__version__)
    application.setStyle("Fusion")
    QPixmapCache.setCacheLimit(_TILES_KB)
    return application


class Look(QObject):
    """Lets appearance and language follow the settings."""

    def __init__(self, application: QApplication, settings_folder: Path) -> None:
        super().__init__(application)
        self.settings = Settings(settings_folder, self)
        self.appearance = Appearance(application)
        self.language = Language(application)
        self.language.use(self.settings["language"])
        self.settings.changed.connect(self._on_setting_changed)
        self._apply()

    def _on_setting_changed(self, name: str) -> None:
        if name in ("theme", "font_scale"):
            self._apply()
        elif name == "language":
            self.language.use(self.settings["language"])

    def _apply(self) -> None:
        self.appearance.wish(self.settings["theme"], self.settings["font_scale"])
