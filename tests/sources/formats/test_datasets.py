"""Datasets and shops as others write them: image folders, Label Studio, COCO, Merchant, Shopify, ZIP."""

from __future__ import annotations

import csv
import json
import stat
import struct
import zipfile
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import pytest
from PIL import Image

from prodlabel.core.errors import Cancelled, InputError
from prodlabel.core.products import ProductRecord
from prodlabel.core.progress import Progress
from prodlabel.sources.exports import atomic
from prodlabel.sources.protocol import OpenOptions
from prodlabel.sources.registry import detect, open_catalogue
from prodlabel.sources.safe_zip import BombError
from tests.sources.formats.nasty import PRODUCTS, RECORDS, codes, read


def picture(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", (4, 4)).save(path)
    return path


def write(path: Path, said: Any) -> Path:
    path.write_text(json.dumps(said, ensure_ascii=False), encoding="utf-8")
    return path


# Hugging Face


def test_an_image_folder_with_splits_is_one_catalogue(tmp_path: Path) -> None:
    for split, name in (("train", "a.png"), ("test", "sub/b.png")):
        picture(tmp_path / split / name)
        (tmp_path / split / "metadata.csv").write_text(f"file_name,text,label\n{name},A cup,Cups\n")
    assert detect(tmp_path).kind == "huggingface"
    records, problems = read(tmp_path)
    assert [(r.picture, r.category, r.description, r.attributes["split"]) for r in records] == [
        ("test/sub/b.png", ("Cups",), "A cup", "test"), ("train/a.png", ("Cups",), "A cup", "train"),
    ]  # fmt: skip
    assert [r.key for r in records] == ["test/sub/b.png", "train/a.png"]
    assert {code for code, _ in codes(problems)} == {"name_missing"}


def test_without_a_label_the_folder_of_a_picture_is_its_category(tmp_path: Path) -> None:
    picture(tmp_path / "cups" / "a.png")
    (tmp_path / "metadata.jsonl").write_text('{"file_name": "cups/a.png", "title": "Cup"}\n')
    records, _ = read(tmp_path)
    assert [(r.picture, r.category, r.name) for r in records] == [("cups/a.png", ("cups",), "Cup")]


def test_metadata_without_file_names_is_refused_and_pictures_outside_are_reported(tmp_path: Path) -> None:
    (tmp_path / "metadata.csv").write_text("id,name\n1,Cup\n")
    with pytest.raises(InputError, match="file_name"):
        open_catalogue(tmp_path)
    (tmp_path / "metadata.csv").write_text("file_name,id,name\n../x.png,1,Cup\n")
    assert codes(read(tmp_path)[1]) == [("picture_outside", 2)]


# Label Studio


def test_tasks_of_label_studio_give_products_with_their_category(tmp_path: Path) -> None:
    def task(**more: Any) -> dict[str, Any]:
        return {"id": 1, "data": {"text": "A cup"}, **more}

    def choice(value: Any) -> dict[str, Any]:
        return {"result": [{"type": "choices", "value": value}]}

    cancelled = {**choice({"choices": ["Bad"]}), "was_cancelled": True}
    tasks = [
        task(id=1, annotations=[choice({"taxonomy": [["Home", "Cups"], ["Other"]]})]),
        task(
            id=2,
            annotations=[
                cancelled,
                choice({"choices": ["Pots"]}),
            ],
        ),
        task(id=3, predictions=[choice({"choices": ["Guess > Deep"]})]),
        task(id=4, annotations="x", predictions=[7, {"result": {}}]),
        {"id": 5, "data": 7},
        [1],
    ]
    path = write(tmp_path / "tasks.json", tasks)
    assert detect(path).kind == "label-studio"
    records, problems = read(path)
    assert [(r.key, r.category, r.description) for r in records] == [
        ("1", ("Home", "Cups"), "A cup"), ("2", ("Pots",), "A cup"), ("3", ("Guess", "Deep"), "A cup"),
        ("4", (), "A cup"),
    ]  # fmt: skip
    assert [c for c in codes(problems) if c[0] != "name_missing"] == [
        ("not_a_record", 5),
        ("not_a_record", 6),
    ]


# COCO


def test_coco_gives_pictures_with_the_category_of_their_annotations(tmp_path: Path) -> None:
    for name in ("a.jpg", "b.jpg", "c.jpg", "d.jpg"):
        picture(tmp_path / "images" / name)
    path = write(
        tmp_path / "instances.json",
        {
            "info": {"year": 2024},
            "images": [{"id": n, "file_name": f"{c}.jpg", "width": 4} for n, c in enumerate("abcd")] + [3],
            "annotations": [
                {"id": 1, "image_id": 0, "category_id": 5, "segmentation": [[1, 2]]},
                {"id": 2, "image_id": 1, "category_id": 5}, {"id": 3, "image_id": 1, "category_id": 6},
                {"id": 4, "image_id": 3, "category_id": 99},
            ],
            "categories": [
                {"id": 5, "name": "cup", "supercategory": "kitchen"},
                {"id": 6, "name": "pot", "supercategory": "pot"},
            ],
        },
    )  # fmt: skip
    assert detect(path).kind == "coco"
    records, problems = read(path)
    assert [(r.key, r.category, r.picture) for r in records] == [
        ("a.jpg", ("kitchen", "cup"), "a.jpg"), ("b.jpg", ("kitchen", "cup"), "b.jpg"),
        ("c.jpg", (), "c.jpg"), ("d.jpg", (), "d.jpg"),
    ]  # fmt: skip
    assert [c for c in codes(problems) if c[0] != "name_missing"] == [
        ("several_categories", 2), ("unknown_category", 4), ("not_a_record", 5),
    ]  # fmt: skip


# Merchant

MERCHANT = [r for r in RECORDS if "\r" not in r.description]


def merchant_xml(tmp_path: Path, body: str, encoding: str = "utf-8") -> Path:
    path = tmp_path / "feed.xml"
    head = (
        f'<?xml version="1.0" encoding="{encoding}"?><rss xmlns:g="http://base.google.com/ns/1.0"><channel>'
    )
    path.write_text(head + body + "</channel></rss>", encoding=encoding)
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_merchant_feed_in_xml_goes_in_unchanged(tmp_path: Path, encoding: str) -> None:
    body = "".join(
        f"<item><g:id>{r.key}</g:id><title>{r.name}</title><description>{escape(r.description)}</description>"
        f"<g:product_type>{escape(' > '.join(r.category))}</g:product_type><g:google_product_category>5"
        f"</g:google_product_category><g:colour>{escape(r.attributes['colour'])}</g:colour></item>"
        for r in MERCHANT
    )
    path = merchant_xml(tmp_path, body, encoding)
    assert detect(path).kind == "merchant-xml"
    records, problems = read(path)
    assert problems == []
    extra = {"google_product_category": "5"}
    assert [(r.key, r.description, r.category) for r in records] == [
        (r.key, r.description, r.category) for r in MERCHANT
    ]
    for record, wanted in zip(records, MERCHANT, strict=True):
        assert record.attributes == extra | {"colour": wanted.attributes["colour"].replace("\r\n", "\n")}


def test_a_merchant_feed_in_tsv_goes_in(tmp_path: Path) -> None:
    path = tmp_path / "feed.txt"
    path.write_text(
        "id\ttitle\tdescription\timage link\tproduct type\tgoogle product category\tbrand\n"
        "1\tCup\tBlue\thttps://x.test/a.jpg\t\tHome & Garden > Kitchen\tAcme\n"
        "2\tPot\t\t\tKitchen > Pots\t\tAcme\n"
    )
    assert detect(path).kind == "merchant"
    records, problems = read(path)
    assert codes(problems) == [("picture_is_address", 2)]
    assert [r.category for r in records] == [("Home & Garden", "Kitchen"), ("Kitchen", "Pots")]


@pytest.mark.parametrize(
    "declaration",
    [
        '<!DOCTYPE a [<!ENTITY x "ha">]>',
        '<!DOCTYPE a SYSTEM "file:///etc/passwd">',
        '<!DOCTYPE a [<!ENTITY a "' + "x" * 1000 + '"><!ENTITY b "' + "&a;" * 1000 + '">]>',
    ],
)
def test_xml_that_declares_a_document_type_is_refused(tmp_path: Path, declaration: str) -> None:
    path = tmp_path / "feed.xml"
    path.write_text(
        f'{declaration}<rss xmlns:g="http://base.google.com/ns/1.0"><item><g:id>1</g:id></item></rss>'
    )
    with pytest.raises(InputError, match="document type"):
        open_catalogue(path)


def test_deep_large_and_broken_xml_costs_its_own_item(tmp_path: Path) -> None:
    body = (
        "<item><g:id>1</g:id><title>Cup</title></item>"
        f"<item><g:id>2</g:id>{'<a>' * 5000}{'</a>' * 5000}</item>"
        f"<item><g:id>3</g:id>{'<a>x</a>' * 2000}</item>"
        "<item><g:id>4</g:id><title>Pot</title><g:product_type>A</g:product_type><g:product_type>B</g:product_type>"
        "</item><item><g:id>5</g:id><title>Pa"
    )
    records, problems = read(merchant_xml(tmp_path, body))
    assert [(r.key, r.category) for r in records] == [("1", ()), ("4", ("A",))]
    assert codes(problems) == [
        ("nested_too_deeply", 2), ("record_too_long", 3), ("several_categories", 4), ("file_cut_off", 6),
    ]  # fmt: skip


# Shopify


def test_variants_and_further_pictures_of_shopify_are_no_products(tmp_path: Path) -> None:
    path = tmp_path / "products_export.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(
            [
                "Handle",
                "Title",
                "Body (HTML)",
                "Vendor",
                "Product Category",
                "Type",
                "Variant SKU",
                "Image Src",
            ]
        )
        writer.writerow(
            [
                "cup",
                "Cup",
                "<p>A <b>blue</b>&nbsp;cup</p><script>x()</script><p>5 < 6</p>",
                "Acme",
                "Home > Cups",
                "Cup",
                "c-1",
                "",
            ]
        )
        writer.writerow(["cup", "", "", "", "", "", "c-2", "https://x.test/2.jpg"])
        writer.writerow(["pot", "Pot", 'no "tags" & 5 < 6', "Acme", "", "Pots", "p-1", ""])
        writer.writerow(["cup", "Again", "", "", "", "", "", ""])  # fmt: skip
    assert detect(path).kind == "shopify"
    records, problems = read(path)
    assert [(r.key, r.name, r.description, r.category) for r in records] == [
        ("cup", "Cup", "A blue cup\n5 < 6", ("Home", "Cups")),
        ("pot", "Pot", 'no "tags" & 5 < 6', ("Pots",)),
    ]
    assert codes(problems) == [("duplicate_key", 5)]


def test_nasty_texts_of_shopify_go_in(tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["Handle", "Title", "Body (HTML)", "Vendor", "Product Category"])
        for product in PRODUCTS:
            writer.writerow([product["key"], product["description"], "", "Acme", "Home > Cups"])
    records, problems = read(path)
    assert problems == []
    assert [r.name for r in records] == [r.description for r in RECORDS]


# ZIP


def make_zip(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


TABLE = b"id,name,category,image\n1,Cup,Kitchen,a.png\n2,Pot,Kitchen,sub/b.png\n3,Pan,Kitchen,none.png\n"


def test_a_table_and_its_pictures_come_out_of_a_zip(tmp_path: Path) -> None:
    content = picture(tmp_path / "p.png").read_bytes()
    path = make_zip(
        tmp_path / "shop.zip",
        {"shop/table.csv": TABLE, "shop/images/a.png": content, "shop/images/sub/b.png": content,
         "__MACOSX/._x": b"x"},
    )  # fmt: skip
    for _ in range(2):
        catalogue = open_catalogue(path)
        records, problems = read(path)
        assert [(r.key, r.picture) for r in records] == [("1", "a.png"), ("2", "sub/b.png"), ("3", None)]
        assert codes(problems) == [("picture_missing", 4)]
        assert catalogue.picture_folder == tmp_path / "shop (unpacked)" / "shop" / "images"
    assert not (tmp_path / "shop (unpacked)" / "__MACOSX").exists()


def test_an_archive_of_thousands_of_files_is_opened_soon_and_unpacking_can_be_cancelled(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    flushed: list[int] = []
    monkeypatch.setattr(atomic.os, "fsync", flushed.append)
    others = {f"deep/{number}.txt": b"x" for number in range(1_500)}
    path = make_zip(tmp_path / "many.zip", others | {"table.csv": TABLE})
    catalogue = open_catalogue(path)
    unpacked = tmp_path / "many (unpacked)"
    assert len([one for one in unpacked.rglob("*") if one.is_file()]) == 1_000
    assert "name" in catalogue.columns
    progress = Progress()
    records = catalogue.records(progress)
    progress.token.cancel()
    with pytest.raises(Cancelled):
        list(records)
    assert sum(isinstance(one, ProductRecord) for one in catalogue.records(Progress())) == 3
    assert len([one for one in unpacked.rglob("*") if one.is_file()]) == 1_501
    assert not flushed


def test_a_zip_of_pictures_is_a_folder_of_pictures(tmp_path: Path) -> None:
    content = picture(tmp_path / "p.png").read_bytes()
    path = make_zip(tmp_path / "shop.zip", {"Cups/a.png": content, "Pots/b.png": content})
    assert {r.key: r.category for r in read(path)[0]} == {"Cups/a.png": ("Cups",), "Pots/b.png": ("Pots",)}


def test_members_that_lead_outside_are_refused_and_reported(tmp_path: Path) -> None:
    inside = tmp_path / "in"
    inside.mkdir()
    path = make_zip(
        inside / "shop.zip",
        {"table.csv": TABLE, "../evil.csv": b"x", "/abs.csv": b"x", "a/../../evil2.png": b"x",
         "C:\\evil.png": b"x", "..\\evil3.png": b"x", "ok.png:stream": b"x"},
    )  # fmt: skip
    with zipfile.ZipFile(path, "a") as archive:
        link = zipfile.ZipInfo("link.png")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
    records, problems = read(path)
    assert len(records) == 3
    assert [code for code, _ in codes(problems)].count("archive_member_refused") == 7
    assert sorted(p.name for p in tmp_path.iterdir()) == ["in"]
    assert sorted(p.name for p in inside.rglob("*")) == ["shop (unpacked)", "shop.zip", "table.csv"]


def test_a_link_in_the_unpacked_folder_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "shop (unpacked)").mkdir()
    (tmp_path / "shop (unpacked)" / "images").symlink_to(tmp_path / "elsewhere")
    path = make_zip(tmp_path / "shop.zip", {"table.csv": TABLE, "images/a.png": b"x"})
    with pytest.raises(InputError, match="leads elsewhere"):
        open_catalogue(path)
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_bombs_are_refused_before_anything_is_written(tmp_path: Path) -> None:
    path = make_zip(tmp_path / "bomb.zip", {"table.csv": TABLE, "big.csv": bytes(300_000_000)})
    with pytest.raises(BombError, match="100 times"):
        open_catalogue(path)
    assert [p.name for p in tmp_path.iterdir()] == ["bomb.zip"]


def test_a_member_that_holds_more_than_it_claims_is_refused(tmp_path: Path) -> None:
    path = make_zip(tmp_path / "liar.zip", {"table.csv": TABLE, "a.png": bytes(5_000_000)})
    content = bytearray(path.read_bytes())
    for signature, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        at = content.rindex(signature)
        content[at + offset : at + offset + 4] = struct.pack("<I", 100)
    path.write_bytes(content)
    _, problems = read(path, OpenOptions(picture_folder=tmp_path))
    assert "archive_member_refused" in [code for code, _ in codes(problems)]
    assert list(tmp_path.rglob("*.png")) == []


def test_overlapping_members_are_refused(tmp_path: Path) -> None:
    path = make_zip(tmp_path / "overlap.zip", {"table.csv": TABLE})
    content = path.read_bytes()
    start = content.index(b"PK\x01\x02")
    end = content.index(b"PK\x05\x06")
    entry, tail = content[start:end], bytearray(content[end:])
    count = 50
    tail[8:12] = struct.pack("<HH", count, count)
    tail[12:16] = struct.pack("<I", len(entry) * count)
    path.write_bytes(content[:start] + entry * count + bytes(tail))
    with pytest.raises(BombError, match="overlap"):
        open_catalogue(path)


@pytest.mark.parametrize("content", [b"", b"PK\x05\x06", b"rubbish" * 100])
def test_what_is_no_archive_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(content)
    with pytest.raises(InputError):
        open_catalogue(path)
