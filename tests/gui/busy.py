"""Everything the window does in the background, all of it at once.

Invariant: only what menus do is called; jobs are real, with their threads and processes.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np

from prodlabel.gui.main_window import MainWindow
from prodlabel.project.project import Project

Until = Callable[[Callable[[], bool]], object]
"""Lets the event loop run until this is true."""


def write_products(folder: Path, count: int, name: str, *, pictures: int = 0) -> Path:
    """A table of so many products in twelve categories; the first `pictures` have one of their own."""
    (folder / "pictures").mkdir(exist_ok=True, parents=True)
    random = np.random.default_rng(0)
    lines = ["id,name,description,category,brand,picture"]
    for number in range(count):
        picture = ""
        if number < pictures:
            picture = f"pictures/{name}-{number}.jpg"
            pixels = np.full((240, 240, 3), 255, np.uint8)
            middle, colour = tuple(random.integers(60, 180, 2).tolist()), random.integers(0, 200, 3).tolist()
            cv2.circle(pixels, middle, 20 + number % 40, colour, -1)
            cv2.imwrite(str(folder / picture), pixels)
        kind = f"kind {number % 12}"
        text = f"A {kind} of {name}, number {number}, for home and garden, with {number % 7} handles"
        lines.append(f'{name}-{number},{kind} {number},"{text}",{kind},brand {number % 30},{picture}')
    table = folder / f"{name}.csv"
    table.write_text("\n".join(lines), encoding="utf-8")
    return table


def prepare(window: MainWindow, folder: Path, until: Until, *, more: int) -> Path:
    """A project with some products, and a table of `more`, which is returned."""
    window.show_project(Project.create(folder / "busy"))
    window.commands.work.import_products(write_products(folder, 60, "first", pictures=20), lambda: None)
    until(lambda: not window.tasks.running)
    return write_products(folder, more, "second", pictures=60)


def do_everything_at_once(window: MainWindow, table: Path, until: Until) -> set[str]:
    """At once: encode, map and cluster what is there; import a table and look at its pictures; export again
    and again, beside the table. Returns which jobs were seen beside two others.
    """
    work, tasks = window.commands.work, window.tasks
    seen: set[str] = set()

    def look() -> None:
        titles = {task.title for task in tasks.running}
        if len(titles) >= 3:
            seen.update(titles)
        if "Exporting" not in titles and len(titles) >= 2:
            work.export_products(table.with_name("out.xlsx"))

    tasks.changed.connect(look)
    work.make_map(only="fused")
    work.import_products(table, lambda: None)
    until(lambda: not tasks.running)
    tasks.changed.disconnect(look)
    return seen
