"""A folder of pictures: folders are categories, names are names, and nothing outside is read."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from PIL import Image

from prodlabel.core.products import Problem, ProductRecord
from prodlabel.core.progress import Progress
from prodlabel.sources.registry import open_catalogue


def picture(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", (8, 8)).save(path, "PNG")


def test_folders_become_the_taxonomy(tmp_path: Path) -> None:
    shop = tmp_path / "shop"
    for name in ("loose.png", "Kitchen/blue_tea-pot.png", "Kitchen/Pans/pan.PNG", "Home_Decor/vase.jpg"):
        picture(shop / name)
    catalogue = open_catalogue(shop)
    assert (catalogue.kind, catalogue.title, catalogue.picture_folder) == ("folder", "shop", shop)
    records = list(catalogue.records(Progress()))
    assert [(r.key, r.name, r.category, r.picture) for r in records if isinstance(r, ProductRecord)] == [
        ("loose.png", "loose", (), "loose.png"),
        ("Home_Decor/vase.jpg", "vase", ("Home Decor",), "Home_Decor/vase.jpg"),
        ("Kitchen/blue_tea-pot.png", "blue tea pot", ("Kitchen",), "Kitchen/blue_tea-pot.png"),
        ("Kitchen/Pans/pan.PNG", "pan", ("Kitchen", "Pans"), "Kitchen/Pans/pan.PNG"),
    ]
    assert records == list(catalogue.records(Progress()))


def test_other_files_are_reported_and_system_files_are_not(tmp_path: Path) -> None:
    picture(tmp_path / "a.png")
    picture(tmp_path / "without_suffix")
    for name in ("readme.md", "Thumbs.db", ".DS_Store"):
        (tmp_path / name).write_text("x")
    told = list(open_catalogue(tmp_path).records(Progress()))
    assert [r.name for r in told if isinstance(r, ProductRecord)] == ["a", "without suffix"]
    assert [(p.code, p.path) for p in told if isinstance(p, Problem)] == [
        ("not_a_picture", tmp_path / "readme.md")
    ]


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights on Windows")
def test_links_are_not_followed(tmp_path: Path) -> None:
    picture(tmp_path / "outside" / "secret.png")
    shop = tmp_path / "shop"
    picture(shop / "a.png")
    (shop / "link").symlink_to(tmp_path / "outside")
    (shop / "b.png").symlink_to(tmp_path / "outside" / "secret.png")
    told = list(open_catalogue(shop).records(Progress()))
    assert [r.key for r in told if isinstance(r, ProductRecord)] == ["a.png"]
    assert [p.code for p in told if isinstance(p, Problem)] == ["link_ignored"] * 2
