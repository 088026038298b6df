"""Opens projects in the window: small ones at once, what takes longer by a worker while the window goes on.

Invariant: of several that were wanted the last one opens. What a project needs of the program is imported
beside the window after its first picture; who wants a project before that waits, the window does not.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from prodlabel.core.errors import UserError
from prodlabel.core.progress import Progress
from prodlabel.gui.tasks import Callbacks
from prodlabel.gui.warm_up import WarmUp, warm_up

if TYPE_CHECKING:
    from prodlabel.gui.main_window import MainWindow
    from prodlabel.project.state import ReadAhead

_LARGE_BYTES = 64 * 2**20
"""A database above which reading it takes so long that a window would freeze."""
_LOOK_S = 0.1


class Opening(QObject):
    """Collaborators: the window, its tasks and `SafeKeeping`, which says what is wrong with a project."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self.wanted: Path | None = None
        self._warming: WarmUp | None = None

    def prepare(self) -> None:
        """Import beside the window what the first project needs."""
        self._warming = warm_up()

    def when_ready(self, act: Callable[[], object]) -> None:
        """Act once that is imported: now, where nobody prepares."""
        if self.is_ready:
            act()
        else:
            callbacks = Callbacks(lambda _none: act(), self._window.messages.report)
            self._window.tasks.start(self.tr("Getting ready"), self._wait, callbacks, is_of_pane=False)

    def open(self, folder: Path) -> bool:
        """Open a project instead of the one that is open; whether that went well so far: a worker may read it
        first.
        """
        self.wanted = folder
        if self.is_ready and not _is_large(folder):
            return self._open(folder)
        self._window.tasks.start(
            self.tr("Opening {0}").format(folder.stem),
            lambda progress: self._read(folder, progress),
            # What is wrong with it is said by opening it; by now another project may be wanted.
            Callbacks(
                lambda ahead: self.wanted == folder and self._open(folder, ahead),
                lambda _error: self.wanted == folder and self._open(folder),
            ),
            is_of_pane=False,
        )
        return True

    @property
    def is_ready(self) -> bool:
        """Whether nobody waits for what is imported."""
        return self._warming is None or self._warming.is_ready

    def _wait(self, progress: Progress) -> None:
        while self._warming is not None and not self._warming.wait(_LOOK_S):
            progress.check()

    def _read(self, folder: Path, progress: Progress) -> ReadAhead | None:
        self._wait(progress)
        if not _is_large(folder):
            return None
        from prodlabel.project.state import read_ahead

        return read_ahead(folder)

    def _open(self, folder: Path, ahead: ReadAhead | None = None) -> bool:
        from prodlabel.project.project import Project

        try:
            project = Project.open(folder, person=self._window.settings["person"] or None, ahead=ahead)
        except UserError as error:
            self._window.safe_keeping.report_unopened(folder, error)
            return False
        self._window.show_project(project)
        return True


def _is_large(folder: Path) -> bool:
    from prodlabel.project.state import database_bytes

    return database_bytes(folder) >= _LARGE_BYTES
