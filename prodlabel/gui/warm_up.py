"""Imports in a thread of its own what the window would otherwise import at the first click that needs it.

Invariant: nothing is run but imports; whoever needs a module before its turn imports it as ever.
"""

from __future__ import annotations

import gc
import importlib
import threading
from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QWidget
from typing_extensions import override

PROJECT = (
    "prodlabel.project.project",
    "prodlabel.gui.workplace",
    "prodlabel.gui.places",
    "prodlabel.gui.work",
    "prodlabel.gui.catalogue.category_commands",
    "alembic.runtime.migration",
    "numpy.ma",
    "cv2",
)
"""What the first project needs, whatever is wanted first."""
LATER = (
    "prodlabel.gui.dialogs.import_dialog",
    "prodlabel.operations.export",
    "prodlabel.operations.report",
    "prodlabel.gui.backups_dialog",
    "scipy.spatial",
)
"""What only a click needs."""


class WarmUp:
    """The thread; it ends by itself."""

    def __init__(self) -> None:
        self._can_open = threading.Event()
        self._thread = threading.Thread(target=self._import_all, name="warm-up", daemon=True)
        self._thread.start()

    @property
    def is_ready(self) -> bool:
        """Whether a project can be opened without waiting for imports."""
        return self._can_open.is_set()

    def wait(self, timeout_s: float) -> bool:
        """Wait until `is_ready`, so long at most; whether it is."""
        return self._can_open.wait(timeout_s)

    def join(self) -> None:
        """Wait for everything."""
        self._thread.join()

    def _import_all(self) -> None:
        try:
            _import(PROJECT)
        finally:
            self._can_open.set()  # what cannot be imported is said by whoever needs it
        _import(LATER)
        spare_collector()


def _import(names: tuple[str, ...]) -> None:
    for name in names:
        importlib.import_module(name)


def warm_up() -> WarmUp:
    """Begin."""
    return WarmUp()


class _FirstPicture(QObject):
    """Waits for a widget to be painted."""

    def __init__(self, widget: QWidget, act: Callable[[], object]) -> None:
        super().__init__(widget)
        self._act = act
        widget.installEventFilter(self)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Paint:
            watched.removeEventFilter(self)
            # Not before what is painted now has been shown.
            QTimer.singleShot(0, self, self._act)
        return False


def after_first_picture(widget: QWidget, act: Callable[[], object]) -> None:
    """Call `act` once the widget has been painted for the first time."""
    _FirstPicture(widget, act)


def spare_collector() -> None:
    """Let the garbage collector pass over all that is there now, in no time: modules and widgets stay, and
    looking through them again and again would stop the window for a tenth of a second each time.
    """
    gc.freeze()


def use_collector() -> None:
    """Let it look through everything again: a project was closed, and what belonged to it may go."""
    gc.unfreeze()
