"""What colour, shape and size stand for: all that is known, numbers and days in steps, and what hides."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from prodlabel.core.edits import Because, ImportBatch
from prodlabel.core.labels import Status
from prodlabel.core.palette import DARK, Shape
from prodlabel.core.products import ProductRecord
from prodlabel.core.progress import Progress
from prodlabel.gui.colouring import shaping, sizing
from prodlabel.gui.filters import ATTRIBUTE, DATE
from prodlabel.gui.main_window import MainWindow
from prodlabel.gui.scan import scan_texts
from prodlabel.gui.values import read_values
from prodlabel.project.project import Project


@pytest.fixture
def shop(tmp_path: Path) -> Project:
    """A hundred products with a price, a day, a colour, and an address of their own."""
    project = Project.create(tmp_path / "shop", person="Ada")
    source = project.register_source(kind="table", location="shop.csv", title="shop.csv")
    made = []
    for number in range(100):
        attributes = {
            "price": f"€ {number + 1:,}.50",
            "added": f"2024-{number % 12 + 1:02d}-01",
            "colour": ("red", "Green", "blue")[number % 3],
            "url": f"https://shop/{number}-{number}-{number}-x",
        }
        if number == 7:
            del attributes["price"]
        made.append(ProductRecord(f"p-{number}", f"cup {number}", "", ("Cups",), attributes=attributes))
    project.apply(ImportBatch(source, tuple(made), because=Because("import")))
    return project


def test_the_scan_names_attributes_that_part_the_products(shop: Project) -> None:
    assert set(scan_texts(shop.snapshot(), Progress()).attributes) == {"price", "added", "colour"}


def test_numbers_become_steps_with_about_as_many_products_each(shop: Project) -> None:
    facet = read_values(shop.snapshot(), ATTRIBUTE + "price", Progress())
    assert facet.is_ordered
    assert len(facet.titles) == 5
    assert facet.codes[7] == -1
    counts = facet.counts()
    assert counts.sum() == 99
    assert counts.min() >= 18
    told = facet.codes[facet.codes >= 0]
    assert np.array_equal(told, np.sort(told))


def test_days_are_ordered_and_words_are_told_apart_without_case(shop: Project) -> None:
    days = read_values(shop.snapshot(), ATTRIBUTE + "added", Progress())
    assert days.is_ordered
    assert days.titles[0].startswith("2024-01-01")
    words = read_values(shop.snapshot(), ATTRIBUTE + "colour", Progress())
    assert not words.is_ordered
    assert words.titles == ("red", "Green", "blue")
    assert words.counts().tolist() == [34, 33, 33]


def test_dates_of_labels_are_read_from_the_history(shop: Project) -> None:
    facet = read_values(shop.snapshot(), DATE, Progress())
    assert facet.counts().sum() == 100
    assert len(facet.titles) == 1


def test_shapes_and_sizes_say_something_of_their_own_and_their_legends_hide(
    window: MainWindow, qtbot: QtBot
) -> None:
    assert window.workplace is not None
    pane, session = window.workplace.map, window.workplace.session
    session.mark(1, Status.FLAGGED)
    look, points = pane.look, pane.view.points
    look.shape_by.setCurrentIndex(look.shape_by.findData("status"))
    look.size_by.setCurrentIndex(look.size_by.findData("confidence"))
    assert points._mark[0] & 15 != points._mark[1] & 15
    assert points._mark[0] >> 4 == 3
    assert not look.legends[1].isHidden()
    assert not look.legends[2].isHidden()
    flagged = next(k for k, row in enumerate(look.legends[1]._rows) if row.text() == "flagged")
    look.legends[1].isolate(flagged)
    assert np.flatnonzero(~points.hidden).tolist() == [0]
    look.shape_by.setCurrentIndex(look.shape_by.findData(""))
    assert set((points._mark & 15).tolist()) == {int(Shape.DISC)}
    assert not points.hidden.any()


def test_choosing_an_attribute_reads_it_and_colours_the_map(window: MainWindow, qtbot: QtBot) -> None:
    assert window.workplace is not None
    pane, session = window.workplace.map, window.workplace.session
    look = pane.look
    at = look.colour_by.findData(ATTRIBUTE + "brand")
    assert at > 0
    look.colour_by.setCurrentIndex(at)
    qtbot.waitUntil(lambda: ATTRIBUTE + "brand" in session.computed.facets)
    assert {row.text() for row in look.legend._rows} == {"Acme", "Bolt"}
    assert pane.view.colour_of(0) != pane.view.colour_of(1)
    assert shaping(session, ATTRIBUTE + "brand", DARK) is not None
    made = sizing(session, ATTRIBUTE + "brand", DARK)
    assert made is not None
    assert len(set(made.sizes.tolist())) == 2
