"""Vectors and maps that were computed elsewhere come in as blocks and layouts like any other."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from pyarrow import parquet

import prodlabel as library
from prodlabel.core.progress import Progress
from prodlabel.operations.encode import load_block
from prodlabel.operations.materials import Materials
from prodlabel.operations.spaces import FUSED
from prodlabel.operations.steps import layout_in_use
from prodlabel.operations.suggest import nearest_labelled
from prodlabel.project.project import Project
from tests.cli.conftest import Prodlabel

KEYS = ["a1", "a2", "b1", "b2", "c1"]
VECTORS = np.random.default_rng(0).normal(size=(5, 7)).astype(np.float32)


def block(shop: Path, field: str = "text", name: str = "vectors") -> np.ndarray:
    with Project.open(shop, read_only=True) as project:
        found = load_block(project.snapshot(), f"brought-{name}", field)
    assert found is not None
    return np.where(found.is_present[:, None], found.vectors, 0)


def unit(vectors: np.ndarray) -> np.ndarray:
    return vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)


def test_vectors_in_the_order_of_the_products_come_in_and_again_change_nothing(
    prodlabel: Prodlabel, shop: Path, tmp_path: Path
) -> None:
    path = tmp_path / "v.npy"
    np.save(path, VECTORS)
    for _ in range(2):
        said = prodlabel("import", shop, "--vectors", path, "--json")
        assert json.loads(said.out)["arrays"] == [
            {"name": "brought-vectors", "rows": 5, "products": 5, "unknown": 0}
        ]
        assert np.allclose(block(shop), unit(VECTORS), atol=1e-6)
    sizes = [file.stat().st_size for file in (shop / "vectors").rglob("*") if "vectors" in file.name]
    prodlabel("import", shop, "--vectors", path)
    assert sizes == [file.stat().st_size for file in (shop / "vectors").rglob("*") if "vectors" in file.name]


@pytest.mark.parametrize("ids", ["txt", "npy"])
def test_keys_say_whose_a_row_is_and_a_row_of_zeros_is_none(
    ids: str, prodlabel: Prodlabel, shop: Path, tmp_path: Path
) -> None:
    path, names = tmp_path / "v.npy", tmp_path / f"ids.{ids}"
    keys = [*reversed(KEYS), "gone"]
    given = np.vstack([VECTORS[::-1], VECTORS[:1]]).astype(np.float64)
    given[1] = 0
    np.save(path, given)
    if ids == "txt":
        names.write_text("\n".join(keys) + "\n", encoding="utf-8")
    else:
        np.save(names, np.array(keys))
    said = prodlabel("import", shop, "--vectors", path, "--ids", names, "--vectors-of", "picture", "--json")
    (told,) = json.loads(said.out)["arrays"]
    assert (told["products"], told["unknown"]) == (4, 1)
    wanted = unit(VECTORS)
    wanted[3] = 0
    assert np.allclose(block(shop, "picture"), wanted, atol=1e-6)


@pytest.mark.parametrize("kind", [pa.list_(pa.float64()), pa.list_(pa.float32(), 7)], ids=str)
def test_a_column_of_a_parquet_file_is_taken(
    kind: pa.DataType, prodlabel: Prodlabel, shop: Path, tmp_path: Path
) -> None:
    path = tmp_path / "v.parquet"
    held = pa.array(VECTORS.tolist(), kind)
    parquet.write_table(pa.table({"key": KEYS, "embedding": held, "name": KEYS}), path)
    assert prodlabel("import", shop, "--vectors", path, "--vectors-name", "clip").exit_code == 0
    assert np.allclose(block(shop, name="clip"), unit(VECTORS), atol=1e-6)


def test_a_map_is_taken_beside_its_table(prodlabel: Prodlabel, tmp_path: Path) -> None:
    table, xy = tmp_path / "t.csv", tmp_path / "xy.csv"
    table.write_text("key,name\n" + "".join(f"k{n},Cup {n}\n" for n in range(4)), encoding="utf-8")
    xy.write_text("key,x,y\nk3,3,-3\nk1,1,-1\nnone,9,9\n", encoding="utf-8")
    folder = tmp_path / "m.prodlabel"
    prodlabel("new", folder)
    said = json.loads(prodlabel("import", folder, table, "--xy", xy, "--json").out)
    assert said["added"] == 4
    assert said["arrays"] == [{"name": "fused", "rows": 3, "products": 2, "unknown": 1}]
    with Project.open(folder, read_only=True) as project:
        layout = layout_in_use(project, FUSED)
        assert layout is not None
        assert layout.xy.tolist() == [[1, -1], [3, -3]]
        assert layout.product_id.tolist() == project.columns.product_id[[1, 3]].tolist()


def test_train_map_and_neighbours_work_on_them(tmp_path: Path) -> None:
    dice = np.random.default_rng(1)
    kind = dice.integers(0, 2, 60)
    table = tmp_path / "t.csv"
    rows = [f"k{n},Thing {n},{['Left', 'Right'][k]}" for n, k in enumerate(kind)]
    table.write_text("\n".join(["key,name,category", *rows]) + "\n", encoding="utf-8")
    vectors = dice.normal(size=(60, 4)) + np.array([[-4], [4]])[kind]
    np.save(tmp_path / "v.npy", vectors)
    np.save(tmp_path / "xy.npy", vectors[:, :2])
    with library.create(tmp_path / "shop") as shop:
        shop.take_in(table)
        assert shop.take_vectors_in(tmp_path / "v.npy") == 60
        assert shop.take_map_in(tmp_path / "xy.npy") == 60
        materials = Materials(shop.project.snapshot())
        assert [one.encoder for one in materials.text_blocks()] == ["brought-vectors"]
        near, _ = nearest_labelled(materials, Progress())
        label = dict(zip(shop.columns()["product_id"].tolist(), kind.tolist(), strict=True))
        assert [label[one] for one in near[:, 0].tolist()] == kind.tolist()
        shop.train()
        suggested = shop.suggest()
        assert (suggested.category[:, 0] == shop.columns()["category"]).all()


@pytest.mark.parametrize(
    ("content", "options"),
    [
        (np.zeros((3, 2)), []),
        (np.zeros(5), []),
        (np.full((5, 2), np.nan), []),
        (np.array([["a"] * 2] * 5), []),
        (np.ones((5, 2)), ["--vectors-name", "../x"]),
        (np.ones((5, 2)), ["--ids", "none.txt"]),
        (None, []),
    ],
)
def test_what_does_not_fit_is_refused_in_one_line(
    content: np.ndarray | None, options: list[str], prodlabel: Prodlabel, shop: Path, tmp_path: Path
) -> None:
    path = tmp_path / "v.npy"
    if content is None:
        path.write_bytes(b"\x93NUMPY\x01\x00 not at all")
    else:
        np.save(path, content)
    said = prodlabel("import", shop, "--vectors", path, *options)
    assert (said.exit_code, said.out) == (2, "")
    assert said.err.count("prodlabel: ") == 1
    assert ". " in said.err


def test_an_array_of_objects_is_never_unpickled(prodlabel: Prodlabel, shop: Path, tmp_path: Path) -> None:
    path = tmp_path / "v.npy"
    np.save(path, np.array([{"a": 1}] * 5, dtype=object), allow_pickle=True)
    assert prodlabel("import", shop, "--vectors", path).exit_code == 2


def test_keys_without_vectors_are_a_mistake(prodlabel: Prodlabel, shop: Path, tmp_path: Path) -> None:
    assert prodlabel("import", shop, "--ids", tmp_path / "ids.txt").exit_code == 2


def test_search_by_meaning_says_why_it_cannot(tmp_path: Path) -> None:
    from prodlabel.core.errors import NotReadyError
    from prodlabel.operations.materials import encoder_for

    with pytest.raises(NotReadyError, match="brought along"):
        encoder_for(tmp_path, "brought-vectors")
