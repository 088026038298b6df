"""The language of the window: the program's own texts, and those of Qt's dialogs.

Invariant: at most one translation is installed; English is the language of the texts in the code. What was
built before a change keeps its language until it is built again: the window does that by itself.
"""

from __future__ import annotations

from PySide6.QtCore import QLibraryInfo, QLocale, QObject, QTranslator
from PySide6.QtWidgets import QApplication

from prodlabel import paths

ENGLISH, FOLLOW_SYSTEM = "en", "system"


class Language(QObject):
    """Collaborators: the application, whose translators it installs and removes."""

    def __init__(self, application: QApplication) -> None:
        super().__init__(application)
        self._application = application
        self._installed: list[QTranslator] = []

    def use(self, wish: str) -> str:
        """Use `system` or a code such as `fr`; returns the code that is in use then."""
        for translator in self._installed:
            self._application.removeTranslator(translator)
            translator.deleteLater()
        self._installed.clear()
        code = QLocale.system().name().partition("_")[0] if wish == FOLLOW_SYSTEM else wish
        own = QTranslator(self)
        if code == ENGLISH or not own.load(str(paths.resources() / "translations" / f"{code}.qm")):
            return ENGLISH
        # Qt's own first: of two translators the one that was installed last is asked first.
        theirs = QTranslator(self)
        if theirs.load(f"qtbase_{code}", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)):
            self._install(theirs)
        self._install(own)
        return code

    def _install(self, translator: QTranslator) -> None:
        self._application.installTranslator(translator)
        self._installed.append(translator)
