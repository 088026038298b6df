"""The legend hides and isolates; marks look like points; the map can be taken away as a picture."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from prodlabel.core.errors import InputError
from prodlabel.core.palette import DARK, category_styles
from prodlabel.gui.map.labels import MapLabel
from prodlabel.gui.map.legend import Legend, LegendEntry
from prodlabel.gui.map.marks import mark_pixmap
from prodlabel.gui.map.picture import write_png, write_svg
from prodlabel.gui.map.view import MapView


@pytest.fixture
def legend(qtbot: QtBot) -> Legend:
    widget = Legend(DARK)
    qtbot.addWidget(widget)
    widget.set_entries(
        [LegendEntry(s, f"category {k}", 100 * k) for k, s in enumerate(category_styles(4, DARK))]
    )
    widget.show()
    return widget


def test_click_hides_and_shows_again(legend: Legend, qtbot: QtBot) -> None:
    with qtbot.waitSignal(legend.hidden_changed, check_params_cb=lambda hidden: hidden == {1}):
        QTest.mouseClick(legend._rows[1], Qt.MouseButton.LeftButton)
    QTest.mouseClick(legend._rows[1], Qt.MouseButton.LeftButton)
    assert legend.hidden == frozenset()


def test_double_click_isolates_and_brings_all_back(legend: Legend) -> None:
    def double_click() -> None:
        # As a mouse sends it: the first click is one, the second is the double click.
        QTest.mouseClick(legend._rows[2], Qt.MouseButton.LeftButton)
        QTest.mouseDClick(legend._rows[2], Qt.MouseButton.LeftButton)

    double_click()
    assert legend.hidden == {0, 1, 3}
    double_click()
    assert legend.hidden == frozenset()


def test_keys_hide_and_isolate(legend: Legend) -> None:
    QTest.keyClick(legend._rows[0], Qt.Key.Key_Space)
    assert legend.hidden == {0}
    QTest.keyClick(legend._rows[0], Qt.Key.Key_Return)
    assert legend.hidden == {1, 2, 3}


def test_rows_tell_a_screen_reader_name_and_count(legend: Legend) -> None:
    assert legend._rows[3].accessibleName() == "category 3, 300"
    assert not legend.grab().isNull()


def test_new_entries_replace_the_old_ones(legend: Legend) -> None:
    legend.isolate(0)
    legend.set_entries([LegendEntry(category_styles(1, DARK)[0], "only", 1)])
    assert legend.hidden == frozenset()
    assert len(legend._rows) == 1


def test_a_mark_has_its_colour_in_the_middle(qtbot: QtBot) -> None:
    for style in category_styles(7, DARK):
        image = mark_pixmap(style, 14).toImage()
        assert image.pixelColor(7, 7) == QColor(style.colour)
        assert image.pixelColor(0, 0).alpha() == 0


def test_map_is_written_as_png_and_svg(qtbot: QtBot, tmp_path: Path) -> None:
    view = MapView(DARK)
    qtbot.addWidget(view)
    view.resize(300, 200)
    view.set_points(np.array([0.0, 1.0]), np.array([0.0, 1.0]))
    view.set_labels([MapLabel("shelf", 0.5, 0.2, 1.0)])
    write_png(view, tmp_path / "map.png", scale=2.0)
    image = QImage(str(tmp_path / "map.png"))
    assert (image.width(), image.height()) == (600, 400)
    assert image.pixelColor(2, 2) == QColor(DARK.map)
    write_svg(view, tmp_path / "map.svg")
    assert "<svg" in (tmp_path / "map.svg").read_text(encoding="utf-8")
    with pytest.raises(InputError, match="Choose a folder"):
        write_svg(view, tmp_path / "nowhere" / "map.svg")
