"""A window in a process of its own, for a test that kills it: `work` or `look`, SETTINGS, PROJECT."""

from __future__ import annotations

import json
import logging
import sys
from pathlib import Path

import numpy as np
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from prodlabel import paths
from prodlabel.gui.app_main import run_window
from prodlabel.gui.application import make_application
from prodlabel.gui.ended_dialog import EndedDialog
from prodlabel.gui.main_window import MainWindow
from prodlabel.gui.settings import Settings

READY = "ready"
REST_MS = 1500
LOOKS = 60
"""How often is looked for what a window says that comes back."""


def main(what: str, settings: Path, project: Path | None) -> int:
    """Run the window as a user does, and work in it or look at it."""
    kept = Settings(settings)
    kept.set("tour_seen", True)
    kept.set("motion", "off")
    kept.set("language", "en")
    paths.user_settings = lambda: settings
    make_application(["prodlabel"])
    QTimer.singleShot(600, work if what == "work" else look)
    return run_window(["prodlabel"], project)


def window() -> MainWindow:
    """The one window of this process."""
    return next(one for one in QApplication.topLevelWidgets() if isinstance(one, MainWindow))


def work() -> None:
    """Once the window has come to rest: until then the map is fitted again whenever something takes room."""
    made = window()
    if made.workplace is None or not made.workplace.map.sheets[0].count or made.tasks.running:
        QTimer.singleShot(100, work)
    else:
        QTimer.singleShot(REST_MS, decide)


def decide() -> None:
    """Decide, select, zoom, show a panel; say so when it was remembered."""
    made = window()
    assert made.workplace is not None
    session = made.workplace.session
    session.select_rows(np.array([0, 3, 5]))
    assert session.propose(int(session.columns.category[-1])) is not None
    session.apply_plan()
    session.select_rows(np.array([1, 4, 7]))
    session.look_at(int(session.columns.product_id[4]))
    made.workplace.map.view.zoom_by(3.0)
    made.docks["history"].show()
    logging.getLogger("prodlabel.test").warning("at %s/shop with app_key=abcdef123", Path.home())
    QTimer.singleShot(2600, lambda: print(READY, flush=True))


def look(left: int = LOOKS) -> None:
    """Say what there is, open the project where that is offered, and close."""
    made = window()
    if made.opening._warming is None or not made.opening.is_ready:
        QTimer.singleShot(50, look)
        return
    dialog = next((one for one in made.findChildren(EndedDialog) if one.isVisible()), None)
    if dialog is None and left:
        QTimer.singleShot(50, lambda: look(left - 1))
        return
    if dialog is not None:
        if made.tasks.running:
            QTimer.singleShot(50, look)
            return
        tell(said=dialog.said.text(), report=dialog.report.toPlainText())
        dialog.open_again.click()
    else:
        tell(said="", report="")
    QTimer.singleShot(600, say_state)


def say_state() -> None:
    """Where the window is, then close it."""
    made = window()
    if made.workplace is not None:
        session, view = made.workplace.session, made.workplace.map.view
        tell(
            selection=session.columns.product_id[session.selected_rows].tolist(),
            focus=session.focus,
            outlook=view.outlook,
            history=made.docks["history"].isVisible(),
            step=session.project.history(limit=1)[0].summary,
        )
    made.close()
    QApplication.quit()


def tell(**values: object) -> None:
    print(json.dumps(values), flush=True)


if __name__ == "__main__":
    arguments = [Path(one) for one in sys.argv[2:]]
    sys.exit(main(sys.argv[1], arguments[0], arguments[1] if len(arguments) > 1 else None))
