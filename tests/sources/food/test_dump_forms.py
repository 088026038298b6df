"""The recorded answers as small dumps of each form: what a query picks out is the same for all."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from pyarrow import parquet

from prodlabel.core.errors import InputError
from prodlabel.core.products import Problem, ProductRecord
from prodlabel.core.progress import Progress
from prodlabel.sources.assemble import PICTURE_ADDRESS
from prodlabel.sources.food import attribution
from prodlabel.sources.food.dumps import open_dump
from prodlabel.sources.food.query import FoodQuery
from prodlabel.sources.registry import open_catalogue

FORMS = ["jsonl", "jsonl.gz", "csv", "csv.gz", "parquet"]
_COLUMNS = (
    "code", "product_name", "generic_name", "brands", "categories_tags", "labels_tags", "countries_tags",
    "ingredients_text", "quantity", "lang", "image_url",
)  # fmt: skip
_TEXTS = ("product_name", "generic_name", "ingredients_text")


@pytest.fixture(scope="session")
def answers(recorded: Path) -> list[dict[str, Any]]:
    pages = [
        json.loads((recorded / "off" / f"search_champagne_page{n}.json").read_text("utf-8"))
        for n in (1, 2, 3)
    ]
    return [product for page in pages for product in page["products"]]


def write_dump(folder: Path, form: str, products: list[dict[str, Any]]) -> Path:
    """A dump as the database would write it of these products."""
    path = folder / f"openfoodfacts-products.{form}"
    if form == "parquet":
        parquet.write_table(pa.Table.from_pylist([_as_parquet(one) for one in products], _SCHEMA), path)
        return path
    if form.startswith("jsonl"):
        text = "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in products)
    else:
        lines = ["\t".join(_COLUMNS)]
        lines += ["\t".join(_cell(one.get(column)) for column in _COLUMNS) for one in products]
        text = "\n".join(lines) + "\n"
    path.write_bytes(gzip.compress(text.encode()) if form.endswith(".gz") else text.encode())
    return path


def _cell(value: object) -> str:
    text = ",".join(map(str, value)) if isinstance(value, list) else str(value or "")
    return " ".join(text.split())


_BY_LANGUAGE = pa.list_(pa.struct([("lang", pa.string()), ("text", pa.string())]))
_SCHEMA = pa.schema(
    [
        *((name, _BY_LANGUAGE) for name in _TEXTS),
        *((name, pa.string()) for name in ("code", "brands", "quantity", "lang")),
        *((name, pa.list_(pa.string())) for name in ("categories_tags", "labels_tags", "countries_tags")),
        ("images", pa.list_(pa.struct([("key", pa.string()), ("rev", pa.int32())]))),
        ("nutriments", pa.list_(pa.struct([("name", pa.string()), ("100g", pa.float32())]))),
    ]
)


def _as_parquet(product: dict[str, Any]) -> dict[str, Any]:
    row: dict[str, Any] = {
        name: product.get(name) for name in _SCHEMA.names if name not in (*_TEXTS, "images", "nutriments")
    }
    for name in _TEXTS:
        said = {"main": product.get(name)} | {
            key[-2:]: value for key, value in product.items() if key.startswith(name + "_") and key[-3] == "_"
        }
        row[name] = [{"lang": language, "text": text} for language, text in said.items() if text]
    address = str(product.get("image_url") or "")
    if address:
        language, revision = address.rsplit("/", 1)[1].split(".")[:2]
        row["images"] = [{"key": "1", "rev": None}, {"key": language, "rev": int(revision)}]
    row["nutriments"] = [
        {"name": name.removesuffix("_100g"), "100g": float(value)}
        for name, value in product.get("nutriments", {}).items()
        if name.endswith("_100g")
    ]
    return row


def picked(path: Path, query: FoodQuery, limit: int | None = None) -> list[ProductRecord]:
    told = open_dump(path, query, limit).records(Progress())
    return [one for one in told if isinstance(one, ProductRecord)]


QUERIES = {
    "words": FoodQuery("openfoodfacts", "CHAMPAGNE brut", required=("name",)),
    "category": FoodQuery("openfoodfacts", category="Champagnes", required=("name",)),
    "country": FoodQuery("openfoodfacts", country="France", required=("name",)),
    "brand": FoodQuery("openfoodfacts", brand="moet chandon", required=("name",)),
    "barcodes": FoodQuery("openfoodfacts", barcodes=("03049610004104", "3275550005394"), required=("name",)),
    "with a picture": FoodQuery("openfoodfacts", "champagne", required=("name", "picture")),
}


@pytest.mark.parametrize("what", QUERIES)
def test_every_form_of_a_dump_gives_the_same_products(
    what: str, answers: list[dict[str, Any]], tmp_path: Path
) -> None:
    named = [one for one in answers if one.get("product_name")]  # the CSV has no other language's name
    keys = {
        form: [one.key for one in picked(write_dump(tmp_path, form, named), QUERIES[what])] for form in FORMS
    }
    first = keys["jsonl"]
    assert first
    assert len(set(first)) == len(first)
    assert keys == dict.fromkeys(FORMS, first)


@pytest.mark.parametrize("form", FORMS)
def test_a_picked_product_carries_texts_picture_and_attribution(
    form: str, answers: list[dict[str, Any]], tmp_path: Path
) -> None:
    path = write_dump(tmp_path, form, answers)
    (record,) = picked(path, FoodQuery("openfoodfacts", barcodes=("3049610004104",), required=("name",)))
    (answer,) = [one for one in answers if one["code"] == "3049610004104"][:1]
    assert record.name == answer["product_name"].strip()
    assert record.attributes[PICTURE_ADDRESS] == answer["image_url"]
    assert record.attributes[attribution.LICENCE].startswith("Open Database License")
    assert record.attributes[attribution.SOURCE] == "Open Food Facts"


def test_language_kept_fields_and_number_are_as_asked(answers: list[dict[str, Any]], tmp_path: Path) -> None:
    path = write_dump(tmp_path, "parquet", answers)
    english = FoodQuery(
        "openfoodfacts", barcodes=("3760194209227",), language="en", required=("name",), kept=("brand",)
    )
    (record,) = picked(path, english)
    (answer,) = [one for one in answers if one["code"] == "3760194209227"]
    assert record.name == answer["product_name_en"]
    kept = {*attribution.NEVER_DROPPED, PICTURE_ADDRESS, "brand"}
    assert set(record.attributes) <= kept
    assert len(picked(path, FoodQuery("openfoodfacts", required=("name",)), limit=3)) == 3


def test_a_parquet_dump_is_recognised_by_its_name(answers: list[dict[str, Any]], tmp_path: Path) -> None:
    path = write_dump(tmp_path, "parquet", answers)
    catalogue = open_catalogue(path)
    assert catalogue.kind == "openfoodfacts-dump"
    assert any(isinstance(one, ProductRecord) for one in catalogue.records(Progress()))


@pytest.mark.parametrize("product_images", [
    {"front_fr": {"rev": "7"}, "1": {}}, {"selected": {"front": {"fr": {"rev": 7}}}},
])  # fmt: skip
def test_an_address_is_worked_out_only_where_the_dump_names_none(
    product_images: dict[str, Any], tmp_path: Path
) -> None:
    products = [
        {"code": "20118207", "product_name": "Tea", "lang": "fr", "images": product_images},
        {"code": "20118208", "product_name": "Jam", "image_url": "https://images.openfoodfacts.org/x.jpg",
         "images": product_images},
        {"code": "20118209", "product_name": "Salt", "images": {"front_fr": {"rev": "../7"}}},
    ]  # fmt: skip
    found = picked(write_dump(tmp_path, "jsonl", products), FoodQuery("openfoodfacts", required=("name",)))
    assert [one.attributes.get(PICTURE_ADDRESS) for one in found] == [
        "https://images.openfoodfacts.org/images/products/000/002/011/8207/front_fr.7.400.jpg",
        "https://images.openfoodfacts.org/x.jpg",
        None,
    ]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.parquet", b"PAR1 nothing"),
        ("a.csv", b"name\tprice\nx\t1\n"),
        ("a.xml", b"<x/>"),
        ("a.jsonl.gz", b"no"),
    ],
)
def test_what_is_no_dump_is_refused_with_advice(name: str, content: bytes, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(InputError, match=r"\. "):
        picked(path, FoodQuery("openfoodfacts"))


def test_only_one_database_has_dumps(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no dumps"):
        open_dump(tmp_path / "a.jsonl", FoodQuery("edamam", "tea"), None)


def test_products_that_lack_something_are_counted(answers: list[dict[str, Any]], tmp_path: Path) -> None:
    path = write_dump(tmp_path, "csv", answers)
    told = list(open_dump(path, FoodQuery("openfoodfacts", "champagne"), None).records(Progress()))
    assert [one.code for one in told if isinstance(one, Problem)][-1] == "incomplete"
