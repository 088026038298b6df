"""Projects and weights that an attacker made: paths out of the folder, lies in the database, code in arrays."""

# ruff: noqa: E501 - what is hostile is often long
from __future__ import annotations

import io
import json
import os
import pickle
import shutil
import sqlite3
import sys
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import numpy as np

from prodlabel.learning import onnx_format
from prodlabel.store.database import DATABASE_NAME
from prodlabel.store.thumbnails import ThumbnailStore
from tests.hostile.catalogues import OWNED

CLASSIFIER_FOLDER = "classifiers/fusion-00001-5"
"""Where the battery's template has its classifier, which a line of the database names."""


class _Touch:
    """Makes a file when it is unpickled."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __reduce__(self) -> tuple[object, tuple[object, ...]]:
        return Path.touch, (self._path,)


def _sql(*statements: str) -> Callable[[Path], None]:
    def harm(folder: Path) -> None:
        with closing(sqlite3.connect(folder / DATABASE_NAME)) as connection:
            for statement in statements:
                connection.execute(statement)
            connection.commit()

    return harm


def _result(file: str) -> Callable[[Path], None]:
    return _sql(f"UPDATE result SET file = '{file}'")


def _arrays(content: Callable[[Path], bytes]) -> Callable[[Path], None]:
    def harm(folder: Path) -> None:
        for path in (folder / "results").glob("*.npz"):
            path.write_bytes(content(folder))

    return harm


def _npz(array: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as file:
        file.writestr("product_id.npy", array)
        file.writestr("xy.npy", array)
    return buffer.getvalue()


def _pickled(folder: Path) -> bytes:
    buffer = io.BytesIO()
    np.save(buffer, np.array([_Touch(folder.parent / OWNED)], dtype=object), allow_pickle=True)
    return _npz(buffer.getvalue())


def _claims(_: Path) -> bytes:
    header = "{'descr': '<f8', 'fortran_order': False, 'shape': (999999999999,)}".ljust(117) + "\n"
    return _npz(b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header.encode())


def _zeros(size: int) -> bytes:
    """A whole array of zeros, which packs to a thousandth."""
    header = f"{{'descr': '|u1', 'fortran_order': False, 'shape': ({size},)}}".ljust(117) + "\n"
    return b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header.encode() + bytes(size)


def _classifier_says(changed: dict[str, object]) -> Callable[[Path], None]:
    def harm(folder: Path) -> None:
        path = folder / CLASSIFIER_FOLDER / "classifier.json"
        path.write_text(json.dumps(json.loads(path.read_text(encoding="utf-8")) | changed), encoding="utf-8")

    return harm


def _grow(where: str) -> Callable[[Path], None]:
    """Four gigabytes of nothing, which take no place on most disks."""

    def harm(folder: Path) -> None:
        with (folder / where).open("r+b") as file:
            file.truncate(4 * 2**30)

    return harm


def _pipe(where: str) -> Callable[[Path], None]:
    """What blocks whoever opens it."""

    def harm(folder: Path) -> None:
        path = folder / where
        path.parent.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        if sys.platform != "win32":
            os.mkfifo(path)

    return harm


def _bomb(_: Path) -> bytes:
    return _npz(bytes(64 * 2**20))


def _link(where: str, target: str) -> Callable[[Path], None]:
    def harm(folder: Path) -> None:
        path = folder / where
        if path.is_dir():
            shutil.rmtree(path)
        path.unlink(missing_ok=True)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.symlink_to(folder.parent / target)

    return harm


def _write(where: str, content: bytes | Callable[[Path], bytes]) -> Callable[[Path], None]:
    def harm(folder: Path) -> None:
        path = folder / where
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content(folder))

    return harm


def _thumbnails(*statements: str) -> Callable[[Path], None]:
    """Statements in the cache of thumbnails as the program makes it."""

    def harm(folder: Path) -> None:
        ThumbnailStore(folder / "thumbnails").close()
        with closing(sqlite3.connect(folder / "thumbnails" / "thumbnails.sqlite")) as connection:
            for statement in statements:
                connection.execute(statement)
            connection.commit()

    return harm


_ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i"

_BLOCK = {"encoder_id": "minilm", "version": "1", "dim": 384, "dtype": "float32", "format": 1}

HARMS: dict[str, Callable[[Path], None]] = {
    "trigger": _sql("CREATE TRIGGER t AFTER INSERT ON label BEGIN DELETE FROM label; END"),
    "view": _sql("ALTER TABLE label RENAME TO hidden", "CREATE VIEW label AS SELECT * FROM hidden"),
    "virtual": _sql("DROP TABLE picture_fact", "CREATE VIRTUAL TABLE picture_fact USING fts5(product_id)"),
    "index": _sql("CREATE INDEX ix_x ON product (abs(id))"),
    "counts": _sql("UPDATE edit SET product_count = 9223372036854775807"),
    "ids": _sql("UPDATE label SET product_id = 9223372036854775807 WHERE product_id = 3"),
    "negative": _sql("UPDATE label SET category_id = -9223372036854775808"),
    "statuses": _sql("UPDATE label SET status = 250"),
    "loop": _sql("UPDATE category SET parent = id"),
    "blob-name": _sql("UPDATE product_text SET name = zeroblob(200000000) WHERE product_id = 1"),
    "deep-attributes": _sql(f"UPDATE product_text SET attributes = '{'[' * 100_000}'"),
    "picture-outside": _sql("UPDATE product_text SET picture = '../../../../../../etc/passwd'"),
    "picture-absolute": _sql("UPDATE product_text SET picture = '/etc/passwd'"),
    "folder-outside": _sql("UPDATE source SET picture_folder = '/etc', picture_folder_relative = '../../../../../etc'"),
    "rich-text": _sql("UPDATE product_text SET name = '<img src=\"file:///etc/passwd\"><h1>x'"),
    "terminal": _sql("UPDATE product_text SET name = char(27) || ']0;owned' || char(7)", "UPDATE edit SET summary = char(27) || '[2J'"),
    "result-outside": _result("../outside/secret.npz"),
    "result-absolute": _result("/etc/passwd"),
    "result-dots": _result("results/../../outside/secret.npz"),
    "result-json": _sql("UPDATE result SET settings = '[1'"),
    "pickle": _arrays(_pickled),
    "raw-pickle": _arrays(lambda folder: pickle.dumps(_Touch(folder.parent / OWNED))),
    "claims": _arrays(_claims),
    "bomb": _arrays(_bomb),
    "empty-arrays": _arrays(lambda _: b""),
    "results-link": _link("results", "outside"),
    "vectors-link": _link("vectors", "outside"),
    "thumbnails-link": _link("thumbnails", "outside"),
    "backups-link": _link("backups", "outside"),
    "vector-file-link": _link("vectors/minilm-1/vectors.bin", "outside/secret.txt"),
    "classifier-link": _link(f"{CLASSIFIER_FOLDER}/classifier.json", "outside/secret.txt"),
    "owner-link": _link("project.owner.json", "outside/secret.txt"),
    "block-name": _write("vectors/x/block.json", json.dumps(_BLOCK | {"encoder_id": "../../x"}).encode()),
    "block-dim": _write("vectors/minilm-1/block.json", json.dumps(_BLOCK | {"dim": 2**62}).encode()),
    "block-type": _write("vectors/minilm-1/block.json", json.dumps(_BLOCK | {"dtype": "O"}).encode()),
    "block-deep": _write("vectors/minilm-1/block.json", b"[" * 100_000),
    "field-outside": _write(
        "vectors/minilm.text.json", b'{"encoder": "../../outside", "version": "1", "dim": 8}'
    ),
    "field-list": _write("vectors/minilm.text.json", b"[]"),
    "field-pickle": _write("vectors/minilm.text.npz", _pickled),
    "field-missing": _write("vectors/minilm.text.npz", lambda _: _npz(b"\x93NUMPY\x01\x00")),
    "thumbnails": _write("thumbnails/thumbnails.sqlite", b"rubbish" * 1000),
    "thumbnails-view": _thumbnails("DROP TABLE thumbnail", f"CREATE VIEW thumbnail AS {_ENDLESS} AS key, i AS width, i AS height, i AS jpeg FROM n WHERE i < 0"),
    "thumbnails-file-view": _thumbnails("DROP TABLE picture_file", f"CREATE VIEW picture_file AS {_ENDLESS} AS path, i AS size, i AS mtime_ns, i AS key FROM n WHERE i < 0"),
    "thumbnails-trigger": _thumbnails(f"CREATE TRIGGER t AFTER INSERT ON thumbnail BEGIN INSERT INTO picture_file (path, size, mtime_ns, key) {_ENDLESS}, 1, 1, 1 FROM n; END"),
    "thumbnails-index": _thumbnails("CREATE INDEX x ON thumbnail (zeroblob(width * 100000000))"),
    "thumbnails-generated": _thumbnails("ALTER TABLE thumbnail ADD COLUMN x AS (zeroblob(width * 100000000))"),
    "thumbnails-huge": _thumbnails("INSERT INTO thumbnail SELECT randomblob(32), 1, 1, zeroblob(200000000)"),
    "backup-rubbish": _write("backups/20260101-000000-000-x.sqlite", b"rubbish" * 1000),
    "backup-name": _write("backups/99999999-999999-999-x.sqlite", b"SQLite format 3\0" + bytes(200)),
    "restoring": _write("project.sqlite.restoring", b"rubbish"),
    "log": _write("project.sqlite-wal", b"\x37\x7f\x06\x82" + b"\xff" * 5000),
    "journal": _write("project.sqlite-journal", b"\xd9\xd5\x05\xf9\x20\xa1\x63\xd7" + b"\xff" * 5000),
    "owner": _write("project.owner.json", b"[" * 50_000),
    "boilerplate": _write("boilerplate.json", b"[" * 100_000),
    "classifier": _write(f"{CLASSIFIER_FOLDER}/classifier.json", b"{}"),
    "classifier-deep": _write(f"{CLASSIFIER_FOLDER}/classifier.json", b"[" * 200_000),
    "classifier-large": _grow(f"{CLASSIFIER_FOLDER}/classifier.json"),
    "classifier-names": _classifier_says({"classes": ["x" * 5_000_000] + ["y"] * 2000}),
    "classifier-nested": _classifier_says({"classes": [[1], [2, [3]]]}),
    "classifier-words": _classifier_says({"vocabularies": 7, "experts": {"a": 1}}),
    "classifier-pickle": _write(f"{CLASSIFIER_FOLDER}/classifier.npz", _pickled),
    "classifier-claims": _write(f"{CLASSIFIER_FOLDER}/classifier.npz", _claims),
    "classifier-bomb": _write(f"{CLASSIFIER_FOLDER}/classifier.npz", lambda _: _npz(_zeros(300 * 2**20))),
    "classifier-gone": lambda folder: shutil.rmtree(folder / CLASSIFIER_FOLDER),
    "pipe-block": _pipe("vectors/x/block.json"),
    "pipe-classifier": _pipe(f"{CLASSIFIER_FOLDER}/classifier.json"),
    "pipe-backup": _pipe("backups/20260101-000000-000-x.sqlite"),
}  # fmt: skip
"""Name -> what is done to a copy of a whole project."""


def hostile_projects(template: Path, folder: Path) -> Iterator[Path]:
    """Copies of a project, each with one harm done to it."""
    for name, harm in HARMS.items():
        path = folder / f"{name}.prodlabel"
        shutil.copytree(template, path)
        harm(path)
        yield path


def network_with(tensor: bytes, *, sizes: tuple[int, ...] = (4,)) -> bytes:
    """A whole network that adds a constant to its input; `tensor`: the rest of what describes the constant."""
    graph = onnx_format.Network("x")
    given = graph.input("x", onnx_format.FLOAT, [4])
    graph.output(graph.add("Add", given, "w", output="y"), onnx_format.FLOAT, [4])
    dims = b"".join(b"\x08" + onnx_format._varint(size) for size in sizes)
    graph._constants.append(dims + b"\x10\x01" + b"\x42\x01w" + tensor)
    return graph.as_bytes({})


def external(path: str, *, value_first: bool = False) -> bytes:
    """What leads a tensor to another file."""
    key, value = onnx_format._text(1, "location"), onnx_format._text(2, path)
    entry = value + key if value_first else key + value
    return onnx_format._bytes(13, entry) + b"\x70\x01"


_NETWORKS: dict[str, Callable[[], bytes]] = {
    "external-outside": lambda: network_with(external("../../outside/secret.txt")),
    "external-absolute": lambda: network_with(external("/etc/passwd")),
    "external-reversed": lambda: network_with(external("../outside/secret.txt", value_first=True)),
    "external-inside": lambda: network_with(external("t.json")),
    "giant": lambda: network_with(b"", sizes=(2**31, 2**31)),
    "giant-raw": lambda: network_with(onnx_format._bytes(9, b"x"), sizes=(2**40,)),
}


def hostile_weights(folder: Path) -> Iterator[Path]:
    """Folders of weights that somebody passes on."""
    part = {"model": "m.onnx", "tokenizer": "t.json", "dim": 8}
    manifests: dict[str, object] = {
        "dots": {"version": "1", "title": "x", "text": part | {"model": "../outside/secret.txt"}},
        "absolute": {"version": "1", "title": "x", "text": part | {"model": "/etc/passwd"}},
        "version": {"version": "../../x", "title": "x", "text": part},
        "dim": {"version": "1", "title": "x", "text": part | {"dim": 2**62}},
        "side": {"version": "1", "title": "x", "picture": {"model": "m.onnx", "dim": 8, "side_px": 10**9}},
        "code": {"version": "1", "title": "__import__('os').system('x')", "text": part},
        "list": [],
        "network": {"version": "1", "title": "x", "text": part},
        **{name: {"version": "1", "title": "x", "text": part} for name in _NETWORKS},
    }
    for name, said in manifests.items():
        path = folder / name
        path.mkdir(parents=True)
        (path / "manifest.json").write_text(json.dumps(said), encoding="utf-8")
        network = _NETWORKS.get(name)
        (path / "m.onnx").write_bytes(
            pickle.dumps(_Touch(folder.parent / OWNED)) if network is None else network()
        )
        (path / "t.json").write_text(
            '{"model": {"type": "BPE", "vocab": {}, "merges": ["' + "x" * 10_000 + '"]}}'
        )
        yield path
