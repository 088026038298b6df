"""What goes out comes in again without loss, twice the same bytes, and folders are whole or not there."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from PIL import Image

from prodlabel.core.errors import InputError
from prodlabel.core.products import ProductRecord
from prodlabel.sources.exports.new_folder import NameBook, safe_name
from prodlabel.sources.exports.protocol import ExportRow
from prodlabel.sources.exports.registry import EXPORTS, export
from prodlabel.sources.registry import detect
from tests.sources.formats.nasty import RECORDS, codes, read

WHOLE = ["csv", "jsonl", "parquet", "xlsx", "label-studio", "coco", "huggingface"]
HOSTILE_NAMES = [
    "../../etc/passwd", "/etc/passwd", "..", ".", "", "con", "NUL.txt", "a/b", "a\\b", "C:x", "x" * 500,
    "é" * 200, "ends. ", ".hidden", "\u202egpj.exe", "nul\0", "Ünï", "ünï", "CON-1", "😀" * 90,
]  # fmt: skip


def exported(record: ProductRecord) -> ExportRow:
    return ExportRow(
        record.key,
        record.name,
        record.description,
        record.category,
        "confirmed",
        person="=Ada",
        decided_at="2024-02-03T04:05:06+00:00",
        reason='because\n"so"',
        suggestion=("Home",),
        confidence=0.75,
        alternatives=((("Garden",), 0.25),),
        reasons=("words: a",),
        source="shop",
        attributes=record.attributes,
    )


def digest(path: Path) -> dict[str, str]:
    files = [path] if path.is_file() else sorted(p for p in path.rglob("*") if p.is_file())
    return {p.relative_to(path).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest() for p in files}


@pytest.fixture
def pictures(tmp_path: Path) -> list[Path]:
    paths = [tmp_path / f"original {n}.PNG" for n in range(3)]
    for n, path in enumerate(paths):
        Image.new("RGB", (4, 4), (n, 0, 0)).save(path)
    return paths


def target(tmp_path: Path, kind: str, name: str = "out") -> Path:
    ending = export(kind).ending
    return tmp_path / (f"{name}.{ending}" if ending else name)


@pytest.mark.parametrize("kind", WHOLE)
def test_what_goes_out_comes_in_again_without_loss(tmp_path: Path, kind: str) -> None:
    path = target(tmp_path, kind)
    assert export(kind).write(path, map(exported, RECORDS)) == len(RECORDS)
    records, problems = read(path)
    assert problems == []
    assert [replace(r, attributes=dict(r.attributes)) for r in records] == [
        replace(r, attributes=dict(r.attributes) | ({"task id": str(n)} if kind == "label-studio" else {}))
        for n, r in enumerate(RECORDS, 1)
    ]


@pytest.mark.parametrize("kind", [e.kind for e in EXPORTS])
def test_the_same_rows_give_the_same_bytes(tmp_path: Path, kind: str, pictures: list[Path]) -> None:
    rows = [replace(exported(r), picture_file=pictures[n % 3]) for n, r in enumerate(RECORDS)]
    paths = [target(tmp_path, kind, name) for name in ("a", "b")]
    for path in paths:
        export(kind).write(path, rows)
    assert digest(paths[0]) == digest(paths[1])


@pytest.mark.parametrize("kind", ["shopify", "merchant"])
def test_a_shop_gets_keys_and_categories(tmp_path: Path, kind: str) -> None:
    path = target(tmp_path, kind)
    rows = [exported(r) for r in RECORDS]
    assert export(kind).write(path, [*rows, ExportRow("none")]) == len(RECORDS)
    records, problems = read(path)
    assert {code for code, _ in codes(problems)} == {"name_missing"}
    assert [(r.key, r.category) for r in records] == [(r.key, r.category) for r in RECORDS]


def test_a_shop_column_is_defused(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    export("shopify").write(path, [ExportRow("=cmd()", category=("@evil",))])
    assert path.read_text().splitlines()[1] == "'=cmd(),'@evil"


def test_no_cell_of_a_spreadsheet_is_a_formula_and_all_fit_its_limits(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    export("xlsx").write(path, map(exported, RECORDS))
    book = openpyxl.load_workbook(path)
    cells = [cell for sheet in book for row in sheet for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} == {"s"}
    assert max(len(cell.value) for cell in cells) < 32_767
    assert not any(cell.value.startswith(("=", "+", "@", "\t")) for cell in cells)
    book.close()


@pytest.mark.parametrize("kind", ["folders", "folders-linked"])
def test_folders_of_categories_come_in_again_as_categories(
    tmp_path: Path, kind: str, pictures: list[Path]
) -> None:
    rows = [
        ExportRow("k1", category=("Home", "Cups"), picture_file=pictures[0]),
        ExportRow("k2", category=("Home",), picture_file=pictures[1]),
        ExportRow("k3", picture_file=pictures[2]),
        ExportRow("k4", category=("Home",)),
        ExportRow("k5", category=("Home",), picture_file=tmp_path / "gone.png"),
    ]
    out = tmp_path / "out"
    assert export(kind).write(out, rows) == 3
    assert detect(out).kind == "folder"
    records, problems = read(out)
    assert problems == []
    assert {r.name: r.category for r in records} == {"k1": ("Home", "Cups"), "k2": ("Home",), "k3": ()}
    is_same = (out / "Home" / "k2.png").samefile(pictures[1])
    assert is_same is (kind == "folders-linked")


@pytest.mark.parametrize("kind", ["folders", "huggingface"])
def test_hostile_names_stay_inside_the_folder_and_stay_apart(
    tmp_path: Path, kind: str, pictures: list[Path]
) -> None:
    out = tmp_path / "in" / "out"
    out.parent.mkdir()
    rows = [ExportRow(name, category=(name, name), picture_file=pictures[0]) for name in HOSTILE_NAMES]
    assert export(kind).write(out, rows) == len(rows)
    assert [p.name for p in out.parent.iterdir()] == ["out"]
    files = [p.relative_to(out).as_posix() for p in out.rglob("*.png")]
    assert len({file.casefold() for file in files}) == len(HOSTILE_NAMES)


@pytest.mark.parametrize("name", HOSTILE_NAMES)
def test_a_safe_name_is_one_part_that_every_system_accepts(name: str) -> None:
    safe = safe_name(name)
    assert safe
    assert safe not in (".", "..")
    assert not set(safe) & set('<>:"/\\|?*\0')
    assert not safe.endswith((".", " "))
    assert len(safe.encode()) <= 100
    assert safe.split(".")[0].lower() not in {"con", "nul"}


def test_two_owners_of_one_name_are_told_apart() -> None:
    names = NameBook()
    assert [names.name_for("", owner, ".png") for owner in ("Cup", "cup", "Cup")] == [
        "Cup.png", "cup (2).png", "Cup.png",
    ]  # fmt: skip


@pytest.mark.parametrize("kind", ["folders", "huggingface"])
def test_a_folder_that_is_there_is_left_alone(tmp_path: Path, kind: str) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "mine.txt").write_text("mine")
    with pytest.raises(InputError, match="not empty"):
        export(kind).write(out, [ExportRow("a")])
    assert [p.name for p in out.iterdir()] == ["mine.txt"]


@pytest.mark.parametrize("kind", ["folders", "huggingface"])
def test_a_folder_that_fails_leaves_no_trace(tmp_path: Path, kind: str, pictures: list[Path]) -> None:
    def breaking() -> Iterator[ExportRow]:
        yield ExportRow("a", picture_file=pictures[0])
        raise KeyError("stop")

    with pytest.raises(KeyError):
        export(kind).write(tmp_path / "out", breaking())
    assert sorted(tmp_path.iterdir()) == sorted(pictures)


def test_an_image_folder_is_what_others_expect_and_brings_its_pictures(
    tmp_path: Path, pictures: list[Path]
) -> None:
    out = tmp_path / "out"
    rows = [ExportRow("k1", "Cup", category=("Home",), picture_file=pictures[0]), ExportRow("k2", "Pot")]
    export("huggingface").write(out, rows)
    lines = [json.loads(line) for line in (out / "metadata.jsonl").read_text().splitlines()]
    assert [line["file_name"] for line in lines] == ["images/k1.png", None]
    records, problems = read(out)
    assert problems == []
    assert [(r.key, r.picture) for r in records] == [("k1", "images/k1.png"), ("k2", None)]
