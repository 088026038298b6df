"""COCO annotations as a catalogue: a picture is a product, the category of its annotations its category.

Boxes and masks are passed over. Held in memory: one number for each annotated picture, and the categories.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

from prodlabel.core.progress import Progress
from prodlabel.sources.assemble import RowsCatalogue
from prodlabel.sources.json_files import named_elements, open_elements
from prodlabel.sources.json_stream import Element
from prodlabel.sources.mapping import ColumnMapping
from prodlabel.sources.own_export import RecordsLayout
from prodlabel.sources.protocol import NO_OPTIONS, OpenOptions

CATEGORY = "category"
_PASSED_OVER = ("license", "flickr_url", "coco_url", "date_captured", "width", "height", "attributes")
_HEAD = 1024 * 1024
_LISTS = ("images", "annotations", "categories")


class CocoSource:
    """Recognises the file by the names of its lists."""

    kind = "coco"
    title = "COCO annotations (JSON)"

    def recognises(self, location: Path) -> bool:
        if location.suffix.lower() != ".json" or not location.is_file():
            return False
        with location.open("rb") as file:
            head = file.read(_HEAD)
        if not head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{") or b'"images"' not in head:
            return False
        first = islice(named_elements(location, ("images",), Progress()), 1)
        return any(isinstance(e.value, dict) and "file_name" in e.value for _, e in first)

    def open(self, location: Path, options: OpenOptions = NO_OPTIONS) -> RowsCatalogue:
        def read(progress: Progress) -> Iterator[Element]:
            yield from _images(location, progress)

        return open_elements(location, options, self.kind, read, _Layout())


class _Layout(RecordsLayout):
    """The file's name is the picture; it is also the key where there is no better one."""

    def mapping(self, columns: tuple[str, ...], sample: Sequence[Sequence[str]]) -> ColumnMapping:
        key = next((name for name in ("key", "file_name", "id") if name in columns), None)
        guessed = super().mapping(columns, sample)
        return ColumnMapping(
            key=key,
            name=guessed.name if guessed.name != "file_name" else None,
            description=guessed.description,
            category=CATEGORY if CATEGORY in columns else None,
            picture="file_name" if "file_name" in columns and key != "file_name" else key,
            brand=guessed.brand,
            attributes=tuple(c for c in columns if c not in {*_PASSED_OVER, "id"} - {key}),
        )


@dataclass(slots=True)
class _Index:
    """The categories' paths by id, and the category of each annotated picture."""

    paths: dict[str, tuple[str, ...]] = field(default_factory=dict)
    of_image: dict[str, str] = field(default_factory=dict)
    several: set[str] = field(default_factory=set)

    def take(self, name: str, value: dict[str, Any]) -> None:
        if name == "categories":
            self.paths[str(value.get("id"))] = category_path(value)
            return
        image, category = str(value.get("image_id")), str(value.get("category_id"))
        if self.of_image.setdefault(image, category) != category:
            self.several.add(image)


def category_path(value: dict[str, Any]) -> tuple[str, ...]:
    """The supercategory and the name; a supercategory that repeats the name, or is "none", is no level."""
    name, above = str(value.get("name") or ""), str(value.get("supercategory") or "")
    levels = above.split(">") if above.casefold() not in ("none", name.casefold()) else []
    return tuple(level for part in (*levels, name) if (level := part.strip()))


def _images(location: Path, progress: Progress) -> Iterator[Element]:
    index = _Index()
    for name, element in named_elements(location, ("categories", "annotations"), progress):
        if isinstance(element.value, dict):
            index.take(name, element.value)
    for _, element in named_elements(location, ("images",), progress):
        image = element.value
        if not isinstance(image, dict):
            yield element
            continue
        said = image.pop("attributes", None)
        if isinstance(said, dict):
            image = {**said, **image}
        image_id = str(image.get("id"))
        category = index.of_image.get(image_id)
        path = index.paths.get(category, ()) if category is not None else ()
        yield Element(element.number, {**image, CATEGORY: list(path)}, _flaw(index, image_id, category))


def _flaw(index: _Index, image_id: str, category: str | None) -> str | None:
    if category is not None and category not in index.paths:
        return "unknown_category"
    return "several_categories" if image_id in index.several else None
