"""Pictures of the window in its main states, both themes, made without a display.

Invariant: it looks at a project and changes nothing in it; settings of the user are neither read nor written.
"""

from __future__ import annotations

import time
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from PySide6.QtWidgets import QApplication

from prodlabel.core.labels import NO_CATEGORY
from prodlabel.gui.application import Look
from prodlabel.gui.filters import WORTH
from prodlabel.gui.main_window import MainWindow
from prodlabel.gui.session import Session
from prodlabel.gui.workplace import Workplace

WIDTH, HEIGHT = 1640, 1000
_PATIENCE_S = 15.0
_QUIET_S = 0.4


def write_window_pictures(application: QApplication, project_folder: Path, out: Path) -> list[Path]:
    """`window-dark.png`, `window-light.png`, `start-dark.png`, `commands-dark.png` in `out`; their paths."""
    out.mkdir(parents=True, exist_ok=True)
    written: list[Path] = []
    with TemporaryDirectory() as settings:
        look = Look(application, Path(settings))
        look.settings.set("tour_seen", True)
        window = MainWindow(look.settings, look.appearance)
        try:
            window.resize(WIDTH, HEIGHT)
            for theme in ("dark", "light"):
                look.settings.set("theme", theme)
                window.show()
                _wait(application, window)
                if theme == "dark":
                    written.append(_grab(window, out / "start-dark.png"))
                window.open_project(project_folder)
                if window.workplace is None:
                    break
                _wait(application, window)
                _show_a_proposal(window.workplace)
                _wait(application, window)
                written.append(_grab(window, out / f"window-{theme}.png"))
                if theme == "dark":
                    window.actions_table["palette"].trigger()
                    _wait(application, window)
                    written.append(_grab(window, out / "commands-dark.png"))
                    window.palette_panel.close_palette()
                window.close_project()
                window.show_start()
        finally:
            window.close()
            window.deleteLater()
            look.deleteLater()
    return written


def _show_a_proposal(workplace: Workplace) -> None:
    """Select the cluster that is least of one mind, and propose its most suggested category."""
    session = workplace.session
    rows = _worth_showing(session)
    if not len(rows):
        return
    session.select_rows(rows)
    suggestions = session.computed.suggestions
    labels = session.columns.category[rows] if suggestions is None else suggestions.best[rows]
    ids, counts = np.unique(labels[labels != NO_CATEGORY], return_counts=True)
    session.look_at(int(workplace.gallery.model.product_ids[0]))
    if len(ids):
        session.propose(int(ids[np.argmax(counts)]))


def _worth_showing(session: Session) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """The rows of the cluster with the most products that are worth a look."""
    clusters, worth = session.computed.clusters, session.computed.facets.get(WORTH)
    if clusters is None or worth is None:
        return np.flatnonzero(session.visible)[:40]
    suspect = (worth.codes == 0) & (clusters.cluster >= 0)
    counts = np.bincount(clusters.cluster[suspect], minlength=len(clusters.names))
    return np.flatnonzero(clusters.cluster == int(np.argmax(counts)))


def _wait(application: QApplication, window: MainWindow) -> None:
    """Until nothing is under way and nothing has come for a moment."""
    end, quiet_since = time.monotonic() + _PATIENCE_S, time.monotonic()
    while time.monotonic() < end and time.monotonic() - quiet_since < _QUIET_S:
        application.processEvents()
        is_busy = window.tasks.running or (
            window.workplace is not None and window.workplace.librarian.is_busy
        )
        if is_busy:
            quiet_since = time.monotonic()
        time.sleep(0.005)


def _grab(window: MainWindow, path: Path) -> Path:
    if window.workplace is not None:
        window.workplace.map.view.settle()
    window.grab().save(str(path))
    return path
