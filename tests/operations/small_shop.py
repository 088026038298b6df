"""A catalogue of towels and watches, small enough to be encoded in a test."""

from __future__ import annotations

from pathlib import Path

from prodlabel.core.progress import Progress
from prodlabel.operations.importing import ImportSettings, import_catalogue
from prodlabel.operations.pictures import look_at_pictures
from prodlabel.project.project import Project
from prodlabel.sources.protocol import OpenOptions
from tests.encoders.pictures import drawn_picture

SAID = (
    ("watch", "A steel watch with a leather strap and a quartz movement"),
    ("towel", "A soft cotton towel for bath and beach, washable"),
)


def write_shop(folder: Path, count: int = 24) -> Path:
    """`count` products in turn of two kinds, of which number 3 has no picture."""
    import cv2

    (folder / "images").mkdir(parents=True, exist_ok=True)
    lines = ["key,name,description,category,picture"]
    for number in range(count):
        if number != 3:
            cv2.imwrite(str(folder / "images" / f"{number}.jpg"), drawn_picture(number % 4))
        kind, said = SAID[number % 2]
        colour = ("red", "blue", "green", "black", "white")[number % 5]
        lines.append(f'k{number},{colour} {kind} {number},"{said}, {colour}",{kind},{number}.jpg')
    path = folder / "catalogue.csv"
    path.write_text("\n".join(lines) + "\n")
    return path


def take_in(project: Project, folder: Path, count: int = 24) -> None:
    """Import them, and look at their pictures."""
    options = OpenOptions(picture_folder=folder / "images")
    import_catalogue(project, ImportSettings(write_shop(folder, count), options=options), Progress())
    look_at_pictures(project, Progress())
