"""Small real projects with a map, clusters and suggestions, made in a moment."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np

from prodlabel.core.edits import Because, ImportBatch
from prodlabel.core.products import ProductRecord
from prodlabel.project.project import Project

WORDS = ("cup", "bag", "lamp")
PER_CATEGORY = 20


def records() -> tuple[ProductRecord, ...]:
    """Sixty products in three categories; the first of each is named after the next one: filed wrongly."""
    made = []
    for place, word in enumerate(WORDS):
        for number in range(PER_CATEGORY):
            said = WORDS[(place + 1) % 3] if number == 0 else word
            made.append(
                ProductRecord(
                    f"{word}-{number}",
                    f"{said} {number}",
                    f"A fine {said}, number {number}, for every day",
                    ("Shop", word.title()),
                    picture=f"{word}.png",
                    attributes={"brand": "Acme" if number % 2 else "Bolt", "spec: Material": "clay"},
                )
            )
    return tuple(made)


def more_records(word: str, count: int, *, begin: int = 100) -> tuple[ProductRecord, ...]:
    """Further products of one of the words, as a second import brings them."""
    return tuple(
        ProductRecord(f"{word}-{number}", f"{word} {number}", f"One more {word}", ("Shop", word.title()))
        for number in range(begin, begin + count)
    )


def import_more(project: Project, word: str, count: int = 3, *, begin: int = 100) -> None:
    """One batch of an import that goes on beside the window."""
    source = next(iter(project.sources))
    project.apply(
        ImportBatch(source, more_records(word, count, begin=begin), because=Because("import")),
        initiator="import",
    )


def make_catalogue(folder: Path) -> Path:
    """The records as a table with a folder of pictures beside it; returns the table."""
    make_pictures(folder)
    lines = ["id,name,description,category,brand,picture"]
    for one in records():
        # One level: the classifier tells the first one apart.
        path, brand = one.category[-1], one.attributes["brand"]
        lines.append(f'{one.key},{one.name},"{one.description}",{path},{brand},pictures/{one.picture}')
    table = folder / "shop.csv"
    table.write_text("\n".join(lines), encoding="utf-8")
    return table


def make_pictures(folder: Path) -> Path:
    """A picture for each word, in `pictures` below the folder."""
    pictures = folder / "pictures"
    pictures.mkdir(exist_ok=True)
    for place, word in enumerate(WORDS):
        pixels = np.full((40, 60, 3), 255, dtype=np.uint8)
        pixels[10:30, 15:45, place] = 40
        cv2.imwrite(str(pictures / f"{word}.png"), pixels)
    return pictures


def make_project(folder: Path, *, with_map: bool = True) -> Project:
    """A project of the records, each category at a place of its own on the map."""
    pictures = make_pictures(folder.parent)
    project = Project.create(folder, person="Ada")
    source = project.register_source(
        kind="table", location="shop.csv", title="shop.csv", picture_folder=pictures
    )
    project.apply(ImportBatch(source, records(), because=Because("import")))
    if with_map:
        add_results(project)
    return project


def add_results(project: Project) -> None:
    """A layout, clusters and suggestions under the names that the operations use."""
    ids, category = project.columns.product_id, project.columns.category
    names = [text.name.split()[0] for text in project.texts(list(range(len(ids))))]
    place = np.array([WORDS.index(name) for name in names])
    angle = np.linspace(0, 6, len(ids))
    centres = np.array([(0.0, 0.0), (12.0, 0.0), (6.0, 10.0)])
    xy = centres[place] + np.column_stack([np.cos(angle), np.sin(angle)])
    project.results.save("layout", "fused", {"product_id": ids, "xy": xy.astype(np.float32)})
    project.results.save(
        "clusters",
        "fused",
        {"product_id": ids, "cluster": place.astype(np.int32)},
        settings={"names": ["cup · tea", "bag · leather", "lamp · light"], "medoids": []},
    )
    of_word = [project.taxonomy.find(("Shop", word.title())) for word in WORDS]
    best = np.array(of_word, dtype=np.int32)[place]
    other = np.array(of_word, dtype=np.int32)[(place + 1) % 3]
    count = len(ids)
    project.results.save(
        "suggestions",
        "fusion",
        {
            "product_id": ids,
            "category": np.column_stack([best, other]).astype(np.int32),
            "confidence": np.tile(np.array([[0.95, 0.0499]], dtype=np.float32), (count, 1)),
            "words": np.array([[WORDS[p], "fine", "", "", ""] for p in place], dtype="U32"),
            "weight": np.tile(np.array([[2.0, 1.0, 0, 0, 0]], dtype=np.float32), (count, 1)),
            "neighbour": np.roll(ids, 1)[:, None].repeat(3, axis=1),
            "similarity": np.full((count, 3), 0.8, dtype=np.float32),
            "text_share": np.full(count, 0.75, dtype=np.float32),
            "is_sure": np.ones(count, dtype=bool),
            "text_category": best,
            "text_confidence": np.full(count, 0.9, dtype=np.float32),
            "picture_category": best,
            "picture_confidence": np.full(count, 0.6, dtype=np.float32),
            "sure_category": best,
            "source": np.array(["classifier"]),
        },
        settings={"classifier_version": 1},
        figures={"accuracy": 0.95},
    )
    assert len(category) == count
