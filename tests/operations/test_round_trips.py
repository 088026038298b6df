"""A whole project goes out in each format and into an empty one: texts, categories, attributes, pictures."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from PIL import Image

from prodlabel.core.edits import Because, ImportBatch, Relabel
from prodlabel.core.labels import Status
from prodlabel.core.products import ProductRecord
from prodlabel.core.progress import Progress
from prodlabel.operations.export import export_project
from prodlabel.operations.importing import ImportSettings, import_catalogue
from prodlabel.operations.pictures import look_at_pictures
from prodlabel.project.project import Project
from prodlabel.sources.exports.registry import EXPORTS, export
from prodlabel.sources.protocol import OpenOptions
from tests.sources.formats.nasty import WORDS

WHOLE = ["csv", "jsonl", "parquet", "xlsx", "label-studio", "coco", "huggingface"]
PATHS = [
    ("Home", "Cups & “Mugs”"), ("=Home",), ("a, b; c|d", 'say "x"', "🫖"), ("בית",), (), ("Size > 5", "more"),
    ("one/two", "back\\slash"),
]  # fmt: skip
TEXTS = [*WORDS, "nul \0 inside", "x" * 100_000]


def fill(folder: Path) -> Project:
    """A project of nasty products, a third with a picture, a few decided by a person."""
    pictures = folder / "pictures"
    pictures.mkdir()
    records = []
    for n, words in enumerate(TEXTS):
        picture = None
        if n % 3 == 0:
            picture = f"p {n} é.png"
            Image.new("RGB", (8, 8), (n, 2 * n, 0)).save(pictures / picture)
        attributes = {"brand": words[:60].strip() or "b", f"odd name {n} “x”": "=1"}
        records.append(
            ProductRecord(f"k{n}", f"n {words[:40]} n", words, PATHS[n % len(PATHS)], picture, attributes)
        )
    project = Project.create(folder / "from", person="Ada")
    source = project.register_source(kind="table", location="t.csv", title="=t.csv", picture_folder=pictures)
    project.apply(ImportBatch(source, tuple(records)))
    look_at_pictures(project, Progress())
    ids = project.columns.product_id[:2]
    project.apply(Relabel(ids, int(project.columns.category[2]), Status.CONFIRMED, Because('=why\n"so"')))
    return project


def told(project: Project) -> list[tuple[object, ...]]:
    """What must survive, by key; NUL, which imports leave out and say so, left out."""
    rows = range(len(project.columns))
    found = []
    for row, texts in zip(rows, project.texts(list(rows)), strict=True):
        path = project.taxonomy.path(int(project.columns.category[row]))
        attributes = {name: _holdable(text) for name, text in texts.attributes.items() if name != "task id"}
        found.append(
            (texts.key, _holdable(texts.name), _holdable(texts.description), path, attributes,
             texts.picture is not None)
        )  # fmt: skip
    return sorted(found, key=lambda one: str(one[0]))


def _holdable(text: str) -> str:
    return text.replace("\0", "").strip()


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    return fill(tmp_path_factory.mktemp("nasty"))


@pytest.mark.parametrize("kind", WHOLE)
def test_a_nasty_project_survives_each_format(kind: str, project: Project, tmp_path: Path) -> None:
    ending = export(kind).ending
    path = tmp_path / (f"out.{ending}" if ending else "out")
    assert export_project(project, path, Progress(), kind=kind) == len(TEXTS)
    folder = path if not ending else next(iter(project.sources.values())).picture_folder
    options = OpenOptions(picture_folder=folder)
    with Project.create(tmp_path / "into") as into:
        import_catalogue(into, ImportSettings(path, options=options), Progress())
        assert told(into) == told(project)
        facts, before = (one.snapshot().read_picture_facts() for one in (into, project))
        look_at_pictures(into, Progress())
        facts = into.snapshot().read_picture_facts()
        assert sorted(one[0] for one in facts.values()) == sorted(one[0] for one in before.values())


def _digest(path: Path) -> dict[str, str]:
    files = [path] if path.is_file() else sorted(one for one in path.rglob("*") if one.is_file())
    return {one.relative_to(path).as_posix(): hashlib.sha256(one.read_bytes()).hexdigest() for one in files}


@pytest.mark.parametrize("kind", [one.kind for one in EXPORTS])
def test_the_same_project_exports_the_same_bytes(kind: str, project: Project, tmp_path: Path) -> None:
    ending = export(kind).ending
    paths = [tmp_path / (f"out{n}.{ending}" if ending else f"out{n}") for n in range(2)]
    for path in paths:
        export_project(project, path, Progress(), kind=kind)
    assert _digest(paths[0]) == _digest(paths[1])
