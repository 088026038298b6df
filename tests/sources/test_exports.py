"""Exports: what is written is read back equal, twice the same, and whole or not at all."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from prodlabel.core.errors import InputError
from prodlabel.core.products import ProductRecord
from prodlabel.core.progress import Progress
from prodlabel.sources.exports.csv import defuse, restore
from prodlabel.sources.exports.protocol import COLUMNS, ExportRow
from prodlabel.sources.exports.registry import EXPORTS, export, export_for
from prodlabel.sources.registry import open_catalogue

NASTY = [
    "=1+1",
    "+x",
    "-x",
    "@SUM(A1)",
    "\tx",
    "\rx",
    "'",
    "''=1",
    'a "b"\r\nc',
    "😀 שלום",
    "\u202eab",
    "a;b,c|d",
    "-5.2",
    "\0",
]
texts = st.one_of(st.sampled_from(NASTY), st.text(st.characters(exclude_categories=("Cs",)), max_size=30))
paths = st.lists(st.text("abc >é", min_size=1, max_size=5), max_size=3).map(tuple)
shares = st.floats(0, 1)
rows_of_any_kind = st.lists(
    st.builds(
        ExportRow, key=texts, name=texts, description=texts, category=paths, status=texts,
        person=texts, decided_at=texts, reason=texts, classifier_version=texts, suggestion=paths,
        confidence=st.none() | shares,
        alternatives=st.lists(st.tuples(paths, shares), max_size=3).map(tuple),
        reasons=st.lists(texts, max_size=3).map(tuple), source=texts, picture=texts,
        attributes=st.dictionaries(texts, texts, max_size=3),
    ),
    max_size=5,
)  # fmt: skip


def expected(row: ExportRow) -> dict[str, Any]:
    return {column: row.cell(column) for column in COLUMNS}


def read_csv(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        for cells in csv.DictReader(file):
            row: dict[str, Any] = {column: restore(cell) for column, cell in cells.items()}
            row["confidence"] = float(row["confidence"]) if row["confidence"] else None
            for column, empty in (("alternatives", []), ("reasons", []), ("attributes", {})):
                row[column] = json.loads(row[column]) if row[column] else empty
            yield row


def read_jsonl(path: Path) -> Iterator[dict[str, Any]]:
    yield from (json.loads(line) for line in path.read_bytes().decode().split("\n") if line)


def read_parquet(path: Path) -> Iterator[dict[str, Any]]:
    from pyarrow import parquet

    for row in parquet.read_table(path).to_pylist():
        yield {**row, "attributes": dict(row["attributes"])}


READERS = {"csv": read_csv, "jsonl": read_jsonl, "parquet": read_parquet}


@pytest.mark.parametrize("kind", READERS)
@given(rows=rows_of_any_kind)
@settings(max_examples=60, deadline=None)
def test_what_is_written_is_read_back_equal(kind: str, rows: list[ExportRow]) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"out.{kind}"
        assert export(kind).write(path, iter(rows)) == len(rows)
        assert list(READERS[kind](path)) == [expected(row) for row in rows]
        first = path.read_bytes()
        export(kind).write(path, iter(rows))
        assert path.read_bytes() == first


@given(texts)
def test_defusing_is_undone_exactly_and_leaves_no_formula(cell: str) -> None:
    defused = defuse(cell)
    assert restore(defused) == cell
    assert not defused.startswith(("=", "@", "\t", "\r"))
    assert not defused.startswith(("+", "-")) or float(defused) == float(cell)


@pytest.mark.parametrize("said", NASTY)
def test_no_cell_of_a_csv_is_a_formula(tmp_path: Path, said: str) -> None:
    path = tmp_path / "a.csv"
    export("csv").write(path, [ExportRow(key=said, attributes={"=evil()": said})], ["key", "=evil()"])
    with path.open(encoding="utf-8-sig", newline="") as file:
        cells = [cell for row in csv.reader(file) for cell in row]
    assert len(cells) == 4
    for cell in cells:
        assert not cell.startswith(("=", "@", "\t", "\r"))
        assert not cell.startswith(("+", "-")) or float(cell)


def test_an_exported_csv_goes_in_again_without_loss(tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    rows = [
        ExportRow(
            f"k{n}", said + "x", f"about {said}.", ("Home", "Cups"), "confirmed",
            suggestion=("Home",), confidence=0.5,
            attributes={"brand": "=Acme", "spec: Size": "5\"\n'"},
        )
        for n, said in enumerate(NASTY) if "\0" not in said
    ]  # fmt: skip
    export("csv").write(path, rows)
    catalogue = open_catalogue(path)
    assert catalogue.kind == "prodlabel"
    records = list(catalogue.records(Progress()))
    assert records == [
        ProductRecord(row.key, row.name.strip(), row.description, row.category, None, row.attributes)
        for row in rows
    ]


def test_a_hundred_kilobytes_in_a_field_go_out_and_in(tmp_path: Path) -> None:
    path, words = tmp_path / "out.csv", 'long "text", ' * 8_000 + "."
    export("csv").write(path, [ExportRow("k", "n", words)])
    (record,) = open_catalogue(path).records(Progress())
    assert isinstance(record, ProductRecord)
    assert record.description == words


@pytest.mark.parametrize("kind", [e.kind for e in EXPORTS if e.ending])
def test_a_failed_export_leaves_the_old_file_and_no_trace(tmp_path: Path, kind: str) -> None:
    path = tmp_path / f"out.{kind}"
    path.write_text("old")

    def breaking() -> Iterator[ExportRow]:
        yield ExportRow("a")
        raise KeyError("stop")

    with pytest.raises(KeyError):
        export(kind).write(path, breaking())
    assert path.read_text() == "old"
    assert [p.name for p in tmp_path.iterdir()] == [path.name]


@pytest.mark.parametrize("kind", [e.kind for e in EXPORTS if e.kind == e.ending])
def test_chosen_columns_and_attributes_are_written(tmp_path: Path, kind: str) -> None:
    path = tmp_path / f"out.{kind}"
    rows = [ExportRow("a", attributes={"brand": "Acme"}), ExportRow("b\ud800", confidence=0.25)]
    assert export_for(path).write(path, rows, ["key", "brand", "confidence"]) == 2
    if kind == "jsonl":
        assert list(read_jsonl(path)) == [
            {"key": "a", "brand": "Acme", "confidence": None},
            {"key": "b\ufffd", "brand": "", "confidence": 0.25},
        ]


def test_unknown_formats_and_places_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="Choose among"):
        export_for(tmp_path / "a.docx")
    with pytest.raises(InputError, match="cannot be written"):
        export("csv").write(tmp_path / "none" / "a.csv", [])
