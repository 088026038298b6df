"""Every parser of what strangers write, as a function of bytes that may raise nothing but a `UserError`.

Bytes are made from whole files of that kind: cut, joined, with bytes and numbers replaced, and from nothing.
"""

from __future__ import annotations

import contextlib
import gzip
import io
import json
import tempfile
import zipfile
from collections.abc import Callable
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
from hypothesis import strategies as st
from numpy.typing import NDArray

from prodlabel.core.errors import ProjectError, UserError
from prodlabel.core.progress import Progress
from prodlabel.encoders.text.vector_file import read_word_vectors
from prodlabel.encoders.user_onnx import read_folder
from prodlabel.gui.query import last_part, read_query
from prodlabel.learning.fusion import FusionClassifier
from prodlabel.learning.saving import ARRAYS, SETTINGS, load_classifier, save_classifier
from prodlabel.sources.arrays import open_numbers, read_ids, read_xy
from prodlabel.sources.food import edamam, off_records
from prodlabel.sources.food.dumps import DumpCatalogue
from prodlabel.sources.food.query import FoodQuery
from prodlabel.sources.food.settings import load_settings
from prodlabel.sources.mapping import ColumnMapping
from prodlabel.sources.pictures import PictureError, decode, inspect
from prodlabel.sources.registry import open_catalogue
from prodlabel.sources.taxonomies.registry import taxonomy_source
from prodlabel.store.atomic import load_arrays, read_json
from prodlabel.store.vectors import VectorStore
from tests.hostile import catalogues as hostile
from tests.hostile.catalogues import TEXTS, archive
from tests.hostile.pictures import whole
from tests.learning.conftest import make_products

Parser = Callable[[bytes], object]
_SMALL = 20_000


def _of_file(name: str, read: Callable[[Path], object]) -> Parser:
    def parse(content: bytes) -> object:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / name
            path.write_bytes(content)
            return read(path)

    return parse


def _catalogue(path: Path) -> int:
    return sum(1 for _ in open_catalogue(path).records(Progress()))


def _taxonomy(path: Path) -> int:
    return sum(1 for _ in taxonomy_source(path).read(path, Progress(), "en"))


def _picture(path: Path) -> None:
    inspect(path)
    with contextlib.suppress(PictureError):
        decode(path, max_side_px=64)


def _json_value(content: bytes) -> object:
    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        return None


def _food_answer(content: bytes) -> None:
    said = _json_value(content)
    if isinstance(said, dict):
        off_records.to_record(said)
        edamam.to_record(said)
        edamam.next_session(said)


def _food_query(content: bytes) -> None:
    FoodQuery.parse(content.decode("utf-8", "replace"))


def _vectors(content: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        half = len(content) // 2
        block = Path(folder) / "tiny-1"
        block.mkdir()
        (block / "block.json").write_bytes(content[:half])
        (block / "index.bin").write_bytes(content[half:])
        (block / "vectors.bin").write_bytes(content)
        with VectorStore.open(Path(folder), "tiny", "1", 8, writable=False) as store:
            store.verify()


def _manifest(content: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "weights"
        place.mkdir()
        (place / "manifest.json").write_bytes(content)
        read_folder(place)


def _numbers(path: Path) -> None:
    """A file of vectors or of places, and the keys beside it."""
    for read in (lambda: list(open_numbers(path).parts()), lambda: read_xy(path), lambda: read_ids(path)):
        with contextlib.suppress(UserError):
            read()


def _classifier(content: bytes) -> None:
    """The file of settings changed, then that of arrays."""
    for name in (SETTINGS, ARRAYS):
        with tempfile.TemporaryDirectory() as folder:
            for other, whole_content in _whole_classifier().items():
                (Path(folder) / other).write_bytes(content if other == name else whole_content)
            with contextlib.suppress(UserError):
                load_classifier(Path(folder))


@cache
def _whole_classifier() -> dict[str, bytes]:
    with tempfile.TemporaryDirectory() as folder:
        save_classifier(FusionClassifier().fit(*make_products(30)), Path(folder))
        return {path.name: path.read_bytes() for path in Path(folder).iterdir()}


def _repacked(name: str) -> Parser:
    """A member of a whole archive replaced: within, so that its checksum is right and something reads it."""

    def parse(content: bytes) -> object:
        suffix, _, member = name.partition(":")
        members = _members(suffix)
        return _of_file(f"x.{suffix}", _catalogue)(archive(members | {member: content}))

    return parse


@cache
def _members(suffix: str) -> dict[str, bytes]:
    packed = dict(_known())["formula.xlsx" if suffix == "xlsx" else "x.zip"]
    with zipfile.ZipFile(io.BytesIO(packed)) as file:
        return {one.filename: file.read(one) for one in file.infolist()}


def _dump(suffix: str) -> Parser:
    def read(path: Path) -> int:
        return sum(1 for _ in DumpCatalogue(path).records(Progress()))

    is_packed = suffix.endswith(".gz")
    parse = _of_file(f"openfoodfacts-products.{suffix}", read)
    return lambda content: parse(gzip.compress(content, 1) if is_packed else content)


def _mapping(content: bytes) -> None:
    said = _json_value(content)
    if isinstance(said, dict):
        ColumnMapping.from_json(said)


def _search(content: bytes) -> None:
    text = content.decode("utf-8", "replace")
    read_query(text)
    last_part(text[:2000])


_INNER = ("xlsx:xl/worksheets/sheet1.xml", "xlsx:xl/workbook.xml", "xlsx:xl/sharedStrings.xml", "zip:a.csv")

PARSERS: dict[str, Parser] = {
    **{
        f"catalogue.{suffix}": _of_file(f"x.{suffix}", _catalogue)
        for suffix in ("csv", "tsv", "json", "jsonl", "xml", "zip", "xlsx", "parquet", "sqlite")
    },
    "taxonomy.txt": _of_file("x.txt", _taxonomy),
    "taxonomy.json": _of_file("x.json", _taxonomy),
    **{f"picture.{s}": _of_file(f"x.{s}", _picture) for s in ("jpg", "png", "webp", "gif", "bmp", "tif")},
    "word vectors": _of_file("x.vec", lambda path: read_word_vectors(path, {"a", "word"})),
    "vectors": _vectors,
    "arrays": _of_file("x.npz", load_arrays),
    "json": _of_file("x.json", read_json),
    "manifest": _manifest,
    "food answer": _food_answer,
    "food query": _food_query,
    "numbers.npy": _of_file("x.npy", _numbers),
    "places.csv": _of_file("x.csv", _numbers),
    "classifier": _classifier,
    "dump.jsonl": _dump("jsonl"),
    "dump.jsonl.gz": _dump("jsonl.gz"),
    "dump.csv": _dump("csv"),
    "taxonomy.csv": _of_file("x.csv", _taxonomy),
    "search": _search,
    "mapping": _mapping,
    "food settings": _of_file("food.json", load_settings),
    **{f"inside {name}": _repacked(name) for name in _INNER},
}
"""Name -> what takes the bytes in."""


def _npy(array: NDArray[Any]) -> bytes:
    buffer = io.BytesIO()
    np.save(buffer, array)
    return buffer.getvalue()


@cache
def _known() -> tuple[tuple[str, bytes], ...]:
    """Small files of every kind, (name, content); without the bombs, which take long to make."""
    made = [*hostile._tables(), *hostile._json(), *hostile._xml()]
    made += [*islice(hostile._workbooks(), 1), *islice(hostile._others(), 4)]
    table = ["CREATE TABLE product (key, name)", "INSERT INTO product VALUES (1, 'x')"]
    made += [("x.sqlite", hostile._database(table)), ("x.zip", archive({"a.csv": b"key,name\n1,x\n"}))]
    return tuple((name, content) for name, content in made if len(content) <= _SMALL)


def seeds(name: str) -> list[bytes]:
    """Whole and broken files of the kind that a parser reads."""
    suffix = name.rpartition(".")[2]
    if name.startswith("picture"):
        return [whole(suffix, 12)]
    if name.startswith("inside"):
        kind, _, member = name.removeprefix("inside ").partition(":")
        return [_members(kind).get(member, b"<sst/>")]
    if name == "classifier":
        return list(_whole_classifier().values())
    found = [c for n, c in _known() if n.endswith(f".{suffix}")]
    found += [
        b'{"version": "1", "title": "x", "text": {"model": "m.onnx", "dim": 8}}',
        b"2 3\na 1 2 3\nb 1 2 3\n",
    ]
    found += [
        b'{"code": "1", "product_name": "x", "categories_tags": ["en:a"], "nutriments": {"fat_100g": 1}}'
    ]
    found += [
        b"[" * 20_000,
        b"code\tproduct_name\n1\tx\n",
        b"key,x,y\na,1,2\nb,3,4\n",
        b"key,parent,name\na,,A\nb,a,B\n",
        b'lamp brand:"Acme Home" category:"a > b" ~warm',
        b'{"contact": "x", "allowed_hosts": ["a"], "base_urls": {"off": "http://x"}}',
        b'{"key": ["id"], "name": ["name"], "category": ["category"], "picture": ["image"]}',
        _npy(np.zeros((3, 2), np.float32)),
        _npy(np.array(["a", "b"])),
    ]
    found += [
        b"\x93NUMPY\x01\x00\x76\x00{'descr': '<f4', 'fortran_order': False, 'shape': (2,)}",
        archive({"a.npy": b"x"}),
    ]
    return [*found, *(text[:200].encode("utf-8", "replace") for text in TEXTS)]


@st.composite
def changed(draw: st.DrawFn, known: list[bytes]) -> bytes:
    """A known file with a few things wrong, or bytes from nowhere."""
    content = bytearray(draw(st.sampled_from(known) | st.binary(max_size=400)))
    for _ in range(draw(st.integers(0, 6))):
        at = draw(st.integers(0, max(0, len(content) - 1)))
        match draw(st.integers(0, 4)):
            case 0:
                content[at : at + 1] = draw(st.binary(max_size=4))
            case 1:
                del content[at : at + draw(st.integers(1, 64))]
            case 2:
                content[at:at] = content[at : at + draw(st.integers(1, 64))] * draw(st.integers(1, 20))
            case 3:
                content[at : at + 4] = draw(st.sampled_from([b"\xff" * 4, bytes(4), b"\x7f\xff\xff\xff"]))
            case _:
                content[at:at] = draw(st.text(max_size=8)).encode("utf-8", "surrogatepass")
    return bytes(content)


def take(name: str, content: bytes) -> None:
    """Give bytes to a parser; anything but an answer or a `UserError` comes through."""
    with contextlib.suppress(UserError, ProjectError):
        PARSERS[name](content)
