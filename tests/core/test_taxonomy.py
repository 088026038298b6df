"""The tree of categories: what its levels say."""

from __future__ import annotations

import pytest

from prodlabel.core.taxonomy import Category, Taxonomy


def tree(*paths: str) -> Taxonomy:
    made: dict[str, Category] = {}
    for path in paths:
        above, _, name = path.rpartition("/")
        made[path] = Category(len(made) + 1, path, made[above].id if above else None, name)
    return Taxonomy(made.values())


def test_a_category_is_found_by_its_key_however_that_is_written() -> None:
    keys = Taxonomy([Category(1, "SKU-Tea", None, "Tea"), Category(2, "sku-tea", None, "Teas")])
    assert keys.find_by_text("SKU-Tea") == 1
    assert keys.find_by_text("sku-tea") == 2
    assert keys.find_by_text(" SKU-TEA ") == 1
    assert tree("Shop", "Shop/Cups").find_by_text("shop/cups") == 2


@pytest.mark.parametrize(
    ("paths", "level"),
    [
        ((), 1),
        (("shop",), 1),
        (("cups", "bags"), 1),
        (("shop", "shop/cups", "shop/bags"), 2),
        (("all", "all/shop", "all/shop/cups", "all/shop/bags"), 3),
        (("shop", "shop/cups", "shop/cups/tea"), 3),
    ],
)
def test_the_main_level_is_the_first_that_tells_anything_apart(paths: tuple[str, ...], level: int) -> None:
    assert tree(*paths).main_level == level
