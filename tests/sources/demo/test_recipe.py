"""The demo recipe: what ships can be cooked, and what cannot be is refused with a sentence."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from prodlabel import paths
from prodlabel.core.errors import InputError
from prodlabel.sources.demo.dice import Dice
from prodlabel.sources.demo.pictures import Drawing, draw
from prodlabel.sources.demo.recipe import Recipe, read_recipe


@pytest.fixture(scope="module")
def recipe() -> Recipe:
    return read_recipe(paths.resources() / "demo")


def test_recipe_that_ships_is_varied(recipe: Recipe) -> None:
    assert len(recipe.categories) == 7
    assert all(len(category.articles) >= 5 for category in recipe.categories)


def test_every_article_fills_a_fair_part_of_its_picture(recipe: Recipe) -> None:
    for category in recipe.categories:
        for article in category.articles:
            drawing = Drawing(
                article,
                article.materials[0],
                ("petrol", "ivory", "gold"),
                "plain",
                {name: next(iter(values)) for name, values in article.choices.items()},
                "studio",
                (200, 200),
                is_pack=False,
                seed="one",
            )
            inked = (np.asarray(draw(drawing, recipe)).min(axis=2) < 225).mean()
            assert 0.06 < inked < 0.9, article.name


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda a: a["articles"][0]["parts"][0].update(shape="spiral"), "unknown shape 'spiral'"),
        (lambda a: a["articles"][0]["parts"][0].update(material="cheese"), "unknown material 'cheese'"),
        (lambda a: a["articles"][0]["parts"][0].update({"if": {"moon": "full"}}), "unknown choice 'moon'"),
        (lambda a: a["articles"][0].update(colours=["loud"]), "unknown colour group 'loud'"),
        (lambda a: a["articles"][0].update(names={"en": ["Watch"]}), "nothing is said in 'fr'"),
        (lambda a: a["articles"][0].pop("price"), "'price' is missing"),
        (lambda a: a.update(near=["Cars"]), "near 'Cars', which does not exist"),
    ],
)
def test_bad_article_is_refused_with_the_reason(
    tmp_path: Path, change: Callable[[Any], object], said: str
) -> None:
    folder = shutil.copytree(paths.resources() / "demo", tmp_path / "demo")
    path = folder / "articles" / "watches.json"
    entry = json.loads(path.read_text(encoding="utf-8"))
    change(entry)
    path.write_text(json.dumps(entry), encoding="utf-8")
    with pytest.raises(InputError, match=said):
        read_recipe(folder)


def test_recipe_that_is_not_json_is_refused(tmp_path: Path) -> None:
    folder = shutil.copytree(paths.resources() / "demo", tmp_path / "demo")
    (folder / "shop.json").write_text("{", encoding="utf-8")
    with pytest.raises(InputError, match="not JSON"):
        read_recipe(folder)


def test_missing_recipe_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        read_recipe(tmp_path)


def test_dice_are_the_same_everywhere() -> None:
    dice = Dice(7)
    assert [dice.below(1000) for _ in range(4)] == [152, 590, 545, 865]
    assert Dice(7).fork("a").bits() != Dice(7).fork("b").bits()
