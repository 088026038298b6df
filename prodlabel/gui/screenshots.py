"""Pictures of the window in its main states, both themes, made without a display.

Invariant: it looks at a project and changes nothing in it; settings of the user are neither read nor written.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from PySide6.QtWidgets import QApplication, QDialog, QWidget

from prodlabel.core.labels import NO_CATEGORY
from prodlabel.gui.application import Look
from prodlabel.gui.filters import WORTH
from prodlabel.gui.main_window import MainWindow
from prodlabel.gui.place_names import MAP, REPORT, REVIEW, TRAINING
from prodlabel.gui.session import Session
from prodlabel.gui.workplace import Workplace

WIDTH, HEIGHT = 1640, 1000
_PATIENCE_S = 40.0
_QUIET_S = 0.4
State = Callable[[MainWindow, Path | None], QWidget | None]
"""Brings the window into a state; what it returns is a window of its own that is pictured instead."""


def write_window_pictures(application: QApplication, project_folder: Path, out: Path) -> list[Path]:
    """`window-dark.png`, `window-light.png`, `start-dark.png`, `commands-dark.png` in `out`; their paths."""
    states = {"dark": ("start", "window", "commands"), "light": ("window",)}
    return _write(application, project_folder, out, states, None)


def write_state_pictures(
    application: QApplication, project_folder: Path, out: Path, catalogue: Path | None = None
) -> list[Path]:
    """A picture of every main state in both themes, `STATE-THEME.png` in `out`; their paths. `catalogue`: a
    table to show in the import dialog, which is left out without one."""
    names = tuple(name for name in STATES if catalogue is not None or name != "import")
    return _write(application, project_folder, out, {"dark": names, "light": names}, catalogue)


def _write(
    application: QApplication,
    project_folder: Path,
    out: Path,
    states: Mapping[str, Sequence[str]],
    catalogue: Path | None,
) -> list[Path]:
    out.mkdir(parents=True, exist_ok=True)
    written: list[Path] = []
    with TemporaryDirectory() as settings:
        look = Look(application, Path(settings))
        look.settings.set("tour_seen", True)
        look.settings.set("retrain_after", 0)
        look.settings.set("retrain_minutes", 0)
        window = MainWindow(look.settings, look.appearance)
        try:
            window.resize(WIDTH, HEIGHT)
            for theme, names in states.items():
                look.settings.set("theme", theme)
                window.show()
                for name in names:
                    if name != "start" and window.workplace is None:
                        window.open_project(project_folder)
                        _wait(application, window)
                    if name != "start" and window.workplace is None:
                        return written
                    window.hide_floating()
                    shown = STATES[name](window, catalogue)
                    _wait(application, window)
                    written.append(_grab(window, out / f"{name}-{theme}.png", shown))
                    if shown is not None:
                        shown.close()
                window.close_project()
                window.show_start()
        finally:
            window.close()
            window.deleteLater()
            look.deleteLater()
    return written


def _show_window(window: MainWindow, _catalogue: Path | None) -> None:
    assert window.workplace is not None
    _show_a_proposal(window.workplace)


def _show_gallery(window: MainWindow, _catalogue: Path | None) -> None:
    assert window.workplace is not None
    window.workplace.session.drop_plan()
    window.workplace.gallery.bar.sizer.setValue(112)
    if window.docks["gallery"].height() < window.height() / 3:
        window.grow_gallery()


def _place(name: str) -> State:
    def show(window: MainWindow, _catalogue: Path | None) -> None:
        window.show_place(name)

    return show


def _show_import(window: MainWindow, catalogue: Path | None) -> QWidget:
    window.show_place(MAP)
    window.commands.import_products(catalogue)
    return window.findChildren(QDialog)[-1]


def _show_settings(window: MainWindow, _catalogue: Path | None) -> None:
    window.show_place(MAP)
    window.settings_sheet.open()


def _show_commands(window: MainWindow, _catalogue: Path | None) -> None:
    window.show_place(MAP)
    window.actions_table["palette"].trigger()


def _show_nothing(_window: MainWindow, _catalogue: Path | None) -> None:
    """The window as it is."""


STATES: dict[str, State] = {
    "start": _show_nothing,
    "window": _show_window,
    "commands": _show_commands,
    "settings": _show_settings,
    "gallery": _show_gallery,
    "review": _place(REVIEW),
    "training": _place(TRAINING),
    "report": _place(REPORT),
    "import": _show_import,
}
"""What is pictured, in this order: each state is reached from the one before."""


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
    count = len(clusters.names)
    counts = np.bincount(clusters.cluster[suspect], minlength=count)
    # One that is mostly of one category: what is left out then says something.
    table = np.zeros((count, int(session.columns.category.max()) + 1), dtype=np.int64)
    placed = clusters.cluster >= 0
    np.add.at(table, (clusters.cluster[placed], session.columns.category[placed]), 1)
    is_clear = 2 * table[:, 1:].max(axis=1, initial=0) > table.sum(axis=1)
    return np.flatnonzero(clusters.cluster == int(np.argmax(np.where(is_clear, counts, -1))))


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


def _grab(window: MainWindow, path: Path, shown: QWidget | None = None) -> Path:
    """The window, or what is `shown` in a window of its own, as a file."""
    if window.workplace is not None:
        window.workplace.map.view.settle()
    (shown or window).grab().save(str(path))
    return path
