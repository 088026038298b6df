"""Where somebody was in a project, for the next time: place, selection, product looked at, view of the map.

Kept beside the settings, never in the project: it is the user's own and nothing that was decided. Invariant:
looked at once a second and written by a thread where it changed, so that a kill costs a second of it.
"""

from __future__ import annotations

import base64
import hashlib
import logging
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Qt, QTimer, Signal

from prodlabel.core.errors import UserError
from prodlabel.core.selection import RowSet
from prodlabel.gui.aside import Aside
from prodlabel.gui.docks import encoded
from prodlabel.gui.place_names import MAP, PLACES
from prodlabel.store.atomic import read_json, write_json

if TYPE_CHECKING:
    from prodlabel.gui.main_window import MainWindow
    from prodlabel.gui.workplace import Workplace

FOLDER = "views"
STATE_VERSION = 2
"""Of the places of the panels: others than these are not restored."""
_MOST_PROJECTS = 50
_EVERY_MS = 1000
_log = logging.getLogger(__name__)

_Outlook = tuple[str, float, float, float]
_Now = tuple[str, _Outlook | None, int, RowSet, NDArray[np.int64]]
"""Place, outlook, product looked at, selected rows and product ids: references, made in no time."""


class Remembering(QObject):
    """Collaborator: the window, whose panels it keeps as well.

    Signals: `project_changed` with the folder of the project that is open now, "" for none.
    """

    project_changed = Signal(str)

    def __init__(self, window: MainWindow, settings_folder: Path) -> None:
        super().__init__(window)
        self._window = window
        self._folder = settings_folder / FOLDER
        self._workplace: Workplace | None = None
        self._path = self._folder
        self._outlook: _Outlook | None = None
        self._kept: _Now | None = None
        self._panels: object = None
        self._jobs: tuple[str, ...] = ()
        self.note_jobs: Callable[[tuple[str, ...]], object] = lambda _titles: None
        """Told in a thread what is under way, where that changed."""
        self._noter = Aside("jobs", self)
        self._writer = Aside("view", self)
        self._writer.failed.connect(self._on_writer_failed)
        self._timer = QTimer(self)
        self._timer.setInterval(_EVERY_MS)
        self._timer.timeout.connect(self.keep)

    def serve(self, workplace: Workplace) -> None:
        """Go where somebody was the last time in this project, and remember from now on."""
        folder = workplace.session.project.folder.resolve()
        name = hashlib.sha256(str(folder).encode("utf-8", "surrogatepass")).hexdigest()[:24]
        self._workplace, self._path = workplace, self._folder / f"{name}.json"
        self._go(_read(self._path))
        self._kept = self._now()
        self._timer.start()
        self.project_changed.emit(str(folder))

    def leave(self) -> None:
        """The project closes: write what is not written yet."""
        if self._workplace is None:
            return
        self._timer.stop()
        self._writer.settle()
        self._noter.settle()
        self._jobs = ()
        now = self._now()
        _write_quietly(self._path, now)
        self._workplace, self._outlook, self._kept = None, None, None
        self._window.settings.set("window_state", encoded(self._window.saveState(STATE_VERSION)))
        self.project_changed.emit("")

    def keep(self) -> None:
        """Write what has changed since it was written."""
        if self._workplace is None:
            return
        self._keep_panels()
        self._keep_jobs()
        now = self._now()
        if self._kept is not None and _is_same(now, self._kept):
            return
        self._kept = now
        path = self._path
        self._writer.ask(lambda: _write(path, now), lambda _none: None)

    def _keep_jobs(self) -> None:
        jobs = tuple(task.title for task in self._window.tasks.running)
        if jobs != self._jobs:
            self._jobs = jobs
            self._noter.ask(lambda: self.note_jobs(jobs), lambda _none: None)

    def _keep_panels(self) -> None:
        """Remember panels, which belong to the map, and window, once nobody drags them any more."""
        window = self._window
        state = encoded(window.saveState(STATE_VERSION)) if window.place == MAP else ""
        panels = state, encoded(window.saveGeometry())
        if panels == self._panels:
            if state:
                window.settings.set("window_state", state)
            window.settings.set("window_geometry", panels[1])
        self._panels = panels

    def _now(self) -> _Now:
        assert self._workplace is not None
        session, sheet = self._workplace.session, self._workplace.map.sheets[0]
        outlook = sheet.view.outlook if sheet.count else None
        where = self._outlook or (None if outlook is None else (sheet.shown, *outlook))
        return self._window.place, where, session.focus, session.selection.rows, session.columns.product_id

    def _go(self, said: dict[str, Any]) -> None:
        assert self._workplace is not None
        session = self._workplace.session
        rows = session.columns.rows(_present(_unpacked(said.get("selection")), session.columns.product_id))
        if len(rows):
            session.select_rows(rows)
        focus = said.get("focus")
        if isinstance(focus, int) and session.row_of(focus) is not None:
            session.look_at(focus)
        place = said.get("place")
        if place in PLACES and place != MAP:
            self._window.show_place(place)
        match said.get("outlook"):
            case [str(name), float(x), float(y), float(zoom)]:
                self._outlook = name, x, y, zoom
                view = self._workplace.map.sheets[0].view
                # The map comes when it was read; what it does then shall be through.
                view.camera_changed.connect(self._look, Qt.ConnectionType.QueuedConnection)
                self._look()

    def _look(self) -> None:
        if self._workplace is None or self._outlook is None:
            return
        sheet, (name, *outlook) = self._workplace.map.sheets[0], self._outlook
        if sheet.count and sheet.shown and self._window.isVisible():
            self._outlook = None
            if sheet.shown == name:
                sheet.view.look_from(*outlook)

    def _on_writer_failed(self, error: BaseException) -> None:
        _log.info("the view cannot be kept: %s", error)


def _is_same(one: _Now, other: _Now) -> bool:
    # Rows and ids are never changed in place: comparing a million of them each second would be dear.
    return one[:3] == other[:3] and one[3] is other[3] and one[4] is other[4]


def _present(ids: NDArray[np.int64], all_ids: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.intersect1d(ids, all_ids)


def _read(path: Path) -> dict[str, Any]:
    if not path.is_file():
        return {}
    try:
        said = read_json(path)
    except (OSError, UserError) as error:
        _log.info("the view starts afresh: %s", error)
        return {}
    return said if isinstance(said, dict) else {}


def _write(path: Path, now: _Now) -> None:
    place, outlook, focus, rows, ids = now
    said = {"place": place, "outlook": outlook, "focus": focus, "selection": _packed(ids[rows.rows])}
    write_json(path, said)
    # The oldest go: folders move and are deleted.
    views = sorted(path.parent.glob("*.json"), key=lambda one: one.stat().st_mtime, reverse=True)
    for old in views[_MOST_PROJECTS:]:
        old.unlink(missing_ok=True)


def _write_quietly(path: Path, now: _Now) -> None:
    try:
        _write(path, now)
    except (OSError, UserError) as error:
        # A read-only home is no reason not to close.
        _log.info("the view cannot be kept: %s", error)


def _packed(ids: NDArray[np.int64]) -> str:
    return base64.b64encode(zlib.compress(ids.astype("<i8").tobytes(), 1)).decode("ascii")


def _unpacked(text: object) -> NDArray[np.int64]:
    try:
        content = zlib.decompress(base64.b64decode(str(text or ""))) if text else b""
        return np.frombuffer(content, dtype="<i8").astype(np.int64)
    except (ValueError, zlib.error):
        return np.empty(0, dtype=np.int64)
