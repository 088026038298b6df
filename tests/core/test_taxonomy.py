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
