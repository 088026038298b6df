"""What a window does with the mouse at another scale of the screen; run as a program by `test_high_dpi`.

Prints as JSON: the scale, the size of a picture of the map and of the map, which rows a lasso was drawn
around and which it took, and which products were clicked at and which are looked at then.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from prodlabel.gui.application import Look, make_application
from prodlabel.gui.main_window import MainWindow
from prodlabel.gui.map.tools import Tool
from tests.gui.projects import make_project


def main(folder: Path) -> None:
    application = make_application(["prodlabel"])
    look = Look(application, folder / "settings")
    look.settings.set("tour_seen", True)
    look.settings.set("motion", "off")
    window = MainWindow(look.settings, look.appearance)
    window.resize(1200, 800)
    window.show()
    window.show_project(make_project(folder / "small"))
    end = time.monotonic() + 60
    while window.tasks.running and time.monotonic() < end:
        application.processEvents()
    assert window.workplace is not None
    session, view = window.workplace.session, window.workplace.map.view
    view.settle()
    clusters = session.computed.clusters
    assert clusters is not None
    wanted = np.flatnonzero(clusters.cluster == 1)
    at = np.array([view.pixel_of(int(row)) for row in wanted])
    (left, top), (right, bottom) = at.min(axis=0) - 12, at.max(axis=0) + 12
    view.set_tool(Tool.LASSO)
    corners = [
        QPoint(round(x), round(y)) for x, y in ((left, top), (right, top), (right, bottom), (left, bottom))
    ]
    QTest.mousePress(view, Qt.MouseButton.LeftButton, pos=corners[0])
    for corner in (*corners[1:], corners[0]):
        QTest.mouseMove(view, corner)
    QTest.mouseRelease(view, Qt.MouseButton.LeftButton, pos=corners[0])
    lassoed = session.selected_rows.tolist()
    view.set_tool(Tool.PAN)
    ids, picked = session.columns.product_id, []
    for shown in view.thumbnails.placed[:3]:
        QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=shown.rect.center().toPoint())
        picked.append([int(ids[shown.row]), session.focus])
    if len(sys.argv) > 1:
        window.grab().save(sys.argv[1])
    view.set_pictures(None)  # they lie above the points
    for row in (int(wanted[3]), 2, 45):
        place = view.pixel_of(row)
        assert place is not None
        QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=QPoint(round(place[0]), round(place[1])))
        picked.append([int(ids[row]), session.focus])
    picture = view.grab().toImage()
    said = {
        "scale": view.devicePixelRatioF(),
        "grab": [picture.width(), picture.height(), view.width(), view.height()],
        "wanted": wanted.tolist(),
        "lassoed": lassoed,
        "picked": picked,
    }
    print(json.dumps(said))
    window.close()


if __name__ == "__main__":
    with TemporaryDirectory(ignore_cleanup_errors=True) as place_for_files:
        main(Path(place_for_files))
