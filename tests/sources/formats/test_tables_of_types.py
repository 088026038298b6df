"""XLSX, Parquet and SQLite: nasty texts go in unchanged, hostile files are refused or cost their rows."""

from __future__ import annotations

import io
import re
import sqlite3
import zipfile
from contextlib import closing
from datetime import date
from pathlib import Path

import openpyxl
import pyarrow as pa
import pytest
from pyarrow import parquet

from prodlabel.core.errors import InputError
from prodlabel.core.progress import Cancelled, CancelToken, Progress
from prodlabel.sources.protocol import OpenOptions
from prodlabel.sources.registry import open_catalogue
from prodlabel.sources.safe_zip import BombError
from prodlabel.sources.sqlite_table import table_names
from tests.sources.formats.nasty import PRODUCTS, RECORDS, codes, read

COLUMNS = list(PRODUCTS[0])


def flat(product: dict[str, object]) -> list[str]:
    return [" > ".join(value) if isinstance(value, tuple) else str(value) for value in product.values()]


# Parquet


def test_nasty_parquet_goes_in_unchanged(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    table = {column: [p[column] for p in PRODUCTS] for column in COLUMNS}
    table |= {"category": [list(p["category"]) for p in PRODUCTS]}  # type: ignore[call-overload]
    parquet.write_table(pa.table(table), path, row_group_size=3)
    records, problems = read(path)
    assert problems == []
    assert records == RECORDS


def test_bytes_and_vectors_in_parquet_are_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    picture = pa.struct([("bytes", pa.binary()), ("path", pa.string())])
    columns = {
        "id": pa.array([4006381333931]), "name": pa.array(["Pen"]), "vector": pa.array([[0.5, 1.0]]),
        "picture": pa.array([{"bytes": b"x", "path": "a"}], picture), "day": pa.array([date(2024, 2, 3)]),
        "shop": pa.array(["Acme"]).dictionary_encode(), "tags": pa.array([["a", "b"]]),
        "facts": pa.array([[("size", "5")]], pa.map_(pa.string(), pa.string())),
    }  # fmt: skip
    parquet.write_table(pa.table(columns), path)
    (record,), _ = read(path)
    assert record.key == "4006381333931"
    assert record.attributes == {
        "day": "2024-02-03", "shop": "Acme", "tags": '["a", "b"]', "facts": '{"size": "5"}',
    }  # fmt: skip


def test_damaged_parquet_is_refused_or_ends_with_a_problem(tmp_path: Path) -> None:
    whole = tmp_path / "a.parquet"
    texts = [f"text {n} {hash(str(n))}" for n in range(20_000)]
    parquet.write_table(
        pa.table({"id": list(map(str, range(20_000))), "name": texts}), whole,
        write_page_checksum=True, compression="none", use_dictionary=False,
    )  # fmt: skip
    content = bytearray(whole.read_bytes())
    cut = tmp_path / "cut.parquet"
    cut.write_bytes(content[: len(content) // 2])
    with pytest.raises(InputError, match="cannot be read as Parquet"):
        open_catalogue(cut)
    content[len(content) // 2] ^= 0xFF
    whole.write_bytes(content)
    records, problems = read(whole)
    assert [code for code, _ in codes(problems)] == ["file_cut_off"]
    assert len(records) < 20_000


# SQLite


def make_database(path: Path, *statements: str) -> Path:
    with closing(sqlite3.connect(path)) as connection, connection:
        for statement in statements:
            connection.execute(statement)
    return path


def test_nasty_sqlite_goes_in_unchanged(tmp_path: Path) -> None:
    path = make_database(
        tmp_path / "a.db", 'CREATE TABLE "odd "" name" (key, name, description, category, colour)'
    )
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.executemany('INSERT INTO "odd "" name" VALUES (?,?,?,?,?)', map(flat, PRODUCTS))
    before = path.read_bytes()
    records, problems = read(path)
    assert problems == []
    assert records == RECORDS
    assert path.read_bytes() == before
    assert [p.name for p in tmp_path.iterdir()] == ["a.db"]


def test_the_table_of_products_is_found_or_asked_for(tmp_path: Path) -> None:
    path = make_database(
        tmp_path / "a.db", "CREATE TABLE t (sku, y)", "CREATE TABLE shop (id, title, category)",
        "INSERT INTO shop VALUES (1, 'Cup', 'Kitchen')", "INSERT INTO t VALUES (7, 8)",
    )  # fmt: skip
    assert table_names(path) == ("shop", "t")
    assert [r.name for r in read(path)[0]] == ["Cup"]
    assert [r.key for r in read(path, OpenOptions(table="t"))[0]] == ["7"]
    with pytest.raises(InputError, match="It has: shop, t"):
        open_catalogue(path, OpenOptions(table="none"))
    make_database(path, "CREATE TABLE other (id, title, category)")
    with pytest.raises(InputError, match="Name one of: other, shop"):
        open_catalogue(path)


def test_bytes_numbers_and_bad_text_in_sqlite_are_survived(tmp_path: Path) -> None:
    path = make_database(
        tmp_path / "a.db", "CREATE TABLE shop (id INTEGER, name TEXT, price REAL, photo BLOB)",
        "INSERT INTO shop VALUES (1, 'Cup', 1.5, x'ffd8')",
        "INSERT INTO shop VALUES (2, CAST(x'54c3ff' AS TEXT), 3.0, NULL)",
    )  # fmt: skip
    records, problems = read(path)
    assert codes(problems) == [("not_text", 1), ("undecodable_bytes", 2)]
    assert [(r.key, r.name, r.attributes.get("price")) for r in records] == [
        ("1", "Cup", "1.5"), ("2", "T\ufffd\ufffd", "3"),
    ]  # fmt: skip


def test_views_virtual_tables_and_generated_columns_are_not_run(tmp_path: Path) -> None:
    path = make_database(
        tmp_path / "a.db",
        "CREATE TABLE shop (id, name, category, bomb AS (hex(zeroblob(40000000))))",
        "INSERT INTO shop VALUES (1, 'Cup', 'Kitchen')",
        "CREATE VIEW products AS SELECT id, name, category, randomblob(1000000000) AS description FROM shop",
        "CREATE VIRTUAL TABLE words USING fts5(name, category)",
    )
    assert "products" not in table_names(path)
    assert "words" not in table_names(path)
    (record,), problems = read(path, OpenOptions(table="shop"))
    assert problems == []
    assert record.attributes == {}


def test_a_database_that_is_damaged_is_refused_or_ends_with_a_problem(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    path.write_bytes(b"SQLite format 3\0" + b"\xff" * 5000)
    with pytest.raises(InputError, match="cannot be read as an SQLite database"):
        open_catalogue(path)
    whole = make_database(tmp_path / "b.db", "CREATE TABLE shop (id, name, category)")
    with closing(sqlite3.connect(whole)) as connection, connection:
        rows = [(n, f"Cup {n} " + "x" * 300, "Kitchen") for n in range(5000)]
        connection.executemany("INSERT INTO shop VALUES (?,?,?)", rows)
    content = bytearray(whole.read_bytes())
    content[len(content) // 2 : len(content) // 2 + 8192] = b"\xff" * 8192
    whole.write_bytes(content)
    records, problems = read(whole)
    assert [code for code, _ in codes(problems)] == ["file_cut_off"]
    assert 0 < len(records) < 5000


def test_a_cancel_is_noticed_while_reading_a_database(tmp_path: Path) -> None:
    path = make_database(tmp_path / "b.db", "CREATE TABLE shop (id, name, category)")
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.executemany("INSERT INTO shop VALUES (?,?,'K')", [(n, f"Cup {n}") for n in range(5000)])
    token = CancelToken()
    records = open_catalogue(path).records(Progress(token=token))
    next(records)
    token.cancel()
    with pytest.raises(Cancelled):
        list(records)


# XLSX


def test_nasty_xlsx_goes_in_unchanged(tmp_path: Path) -> None:
    """Written by another program; line ends become line feeds and cells end at 32,767 characters there."""
    path = tmp_path / "a.xlsx"
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(COLUMNS)
    wanted = [r for r in RECORDS if not re.search("\\r|_x0", r.description) and len(r.description) < 32_000]
    for record in wanted:
        sheet.append([record.key, record.name, None, " > ".join(record.category), None])
        for column, said in ((3, record.description), (5, record.attributes["colour"])):
            sheet.cell(sheet.max_row, column).value = said
            sheet.cell(sheet.max_row, column).data_type = "s"
    book.save(path)
    records, problems = read(path)
    assert problems == []
    assert records == wanted


def test_numbers_dates_formulas_and_errors_are_what_the_sheet_shows(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    book = openpyxl.Workbook()
    book.active.append(["id", "name", "price", "day", "sum"])
    book.active.append([4006381333931, "Pen", 1.5, date(2024, 2, 3), "=1+1"])
    book.active.append([5.0, "Cup", True, None, "#REF!"])
    book.save(path)
    records, problems = read(path)
    assert [r.key for r in records] == ["4006381333931", "5"]
    assert records[0].attributes == {"price": "1.5", "day": "2024-02-03T00:00:00"}
    assert records[1].attributes == {"price": "true"}
    assert codes(problems) == [("error_value", 3)]


def test_the_sheet_can_be_chosen_and_empty_ones_are_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    book = openpyxl.Workbook()
    for name, product in (("shop", "Cup"), ("more", "Pot")):
        sheet = book.create_sheet(name)
        sheet.append(["id", "name"])
        sheet.append(["1", product])
    book.save(path)
    assert [r.name for r in read(path)[0]] == ["Cup"]
    assert [r.name for r in read(path, OpenOptions(table="more"))[0]] == ["Pot"]
    with pytest.raises(InputError, match="It has: Sheet, shop, more"):
        open_catalogue(path, OpenOptions(table="none"))


def changed_book(path: Path, part: str, content: bytes) -> Path:
    """A good workbook in which one part is another."""
    book = openpyxl.Workbook()
    book.active.append(["id", "name"])
    book.active.append(["1", "Cup"])
    good = io.BytesIO()
    book.save(good)
    with zipfile.ZipFile(good) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for member in old.infolist():
            new.writestr(member.filename, content if member.filename == part else old.read(member))
        if part not in old.namelist():
            new.writestr(part, content)
    return path


SHEET = "xl/worksheets/sheet1.xml"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
BEGIN = f'<worksheet xmlns="{MAIN}"><dimension ref="A1:B2"/><sheetData>'
LAUGHS = b"""<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]><worksheet><sheetData>&c;</sheetData></worksheet>"""


@pytest.mark.parametrize("part", [SHEET, "xl/workbook.xml", "xl/sharedStrings.xml", "[Content_Types].xml"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_document_type_anywhere_in_a_workbook_is_refused(tmp_path: Path, part: str, encoding: str) -> None:
    path = changed_book(tmp_path / "a.xlsx", part, LAUGHS.decode().encode(encoding))
    with pytest.raises(InputError, match="document type"):
        open_catalogue(path)


def test_a_workbook_that_is_a_bomb_is_refused(tmp_path: Path) -> None:
    path = changed_book(tmp_path / "a.xlsx", "xl/media/zeros.bin", bytes(50_000_000))
    with pytest.raises(BombError, match="would unpack to"):
        open_catalogue(path)


def test_a_sheet_that_lies_about_its_size_costs_nothing(tmp_path: Path) -> None:
    sheet = (
        f'<worksheet xmlns="{MAIN}"><dimension ref="A1:XFD1048576"/><sheetData>'
        '<row r="1"><c r="A1" t="str"><v>id</v></c><c r="B1" t="str"><v>name</v></c></row>'
        '<row r="2"><c r="A2"><v>1</v></c><c r="XFD2"><v>5</v></c></row>'
        '<row r="30000"><c r="A30000"><v>2</v></c></row><row r="99999999999"><c r="A1"><v>3</v></c></row>'
        "</sheetData></worksheet>"
    )
    records, problems = read(changed_book(tmp_path / "a.xlsx", SHEET, sheet.encode()))
    assert [r.key for r in records] == ["1", "2"]
    assert {code for code, _ in codes(problems)} == {"name_missing"}


@pytest.mark.parametrize(
    "sheet",
    [
        f'{BEGIN}<row r="1"><c r="A1" t="str"><v>id</v></c></row><row r="2">',
        f'{BEGIN}<row r="1"><c r="A1" t="str"><v>id</v></c></row>'
        '<row r="2"><c r="A2" t="s"><v>999999</v></c></row></sheetData></worksheet>',
        f'{BEGIN}<row r="1"><c r="A1" t="str"><v>id</v></c></row>'
        '<row r="x"><c r="?"><v>y</v></c></row></sheetData></worksheet>',
    ],
    ids=["cut off", "unknown text", "no numbers"],
)
def test_a_damaged_sheet_ends_with_a_problem(tmp_path: Path, sheet: str) -> None:
    _, problems = read(changed_book(tmp_path / "a.xlsx", SHEET, sheet.encode()))
    assert [code for code, _ in codes(problems)] == ["file_cut_off"]


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04rubbish", b"<html/>"])
def test_what_is_no_workbook_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(content)
    with pytest.raises(InputError):
        open_catalogue(path)


def test_a_workbook_with_macros_is_read_as_values_only(tmp_path: Path) -> None:
    path = changed_book(tmp_path / "a.xlsm", "xl/vbaProject.bin", b"Sub AutoOpen()" * 10)
    records, problems = read(path)
    assert [r.name for r in records] == ["Cup"]
    assert problems == []
