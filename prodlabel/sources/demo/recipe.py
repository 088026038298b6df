"""Reads the demo catalogue's recipe (JSON in `resources/demo/`) and refuses one that cannot be cooked.

Invariant: a `Recipe` that `read_recipe` returns names only materials, colours, patterns and backgrounds that
exist, so that drawing and writing need no checks of their own.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from prodlabel.core.errors import InputError
from prodlabel.sources.demo.backgrounds import STYLES
from prodlabel.sources.demo.light import Material
from prodlabel.sources.demo.textures import PATTERNS, TEXTURES

LANGUAGES = ("en", "fr")
STANCES = ("standing", "lying", "hanging")
SHAPES = {
    "lathe": ("profile",),
    "wrap": ("on", "v", "t"),
    "blob": ("points",),
    "polygon": ("points",),
    "ellipse": ("centre", "radii"),
    "box": ("box",),
    "line": ("points", "width"),
    "ring": ("centre", "radii", "width"),
}
_SLOTS = ("main", "second", "trim")
Words = Mapping[str, Any]
"""Something said in each language."""


@dataclass(frozen=True, slots=True)
class Colour:
    name: str
    rgb: tuple[int, int, int]
    words: Words
    group: str


@dataclass(frozen=True, slots=True)
class Article:
    """A kind of product: what it is called, what it is made of, and the parts it is drawn from."""

    name: str
    category: str
    names: Words
    features: Words
    stance: str
    colours: tuple[str, ...]
    second: tuple[str, ...]
    trim: tuple[str, ...]
    materials: tuple[str, ...]
    patterns: tuple[str, ...]
    choices: Mapping[str, Mapping[str, Words]]
    stretch: tuple[tuple[float, float], tuple[float, float]]
    turn: float
    scale: float
    pack: float
    sizes: tuple[str, ...]
    price: tuple[float, float]
    parts: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Category:
    """One of the shop's categories; `near` names those whose products are taken for its own."""

    name: str
    near: tuple[str, ...]
    brands: tuple[str, ...]
    features: Words
    articles: tuple[Article, ...]


@dataclass(frozen=True, slots=True)
class Recipe:
    categories: tuple[Category, ...]
    packaging: tuple[Article, ...]
    materials: Mapping[str, Material]
    material_words: Mapping[str, Words]
    tones: Mapping[str, tuple[str, ...]]
    colours: Mapping[str, Colour]
    patterns: Mapping[str, Words]
    backgrounds: Mapping[str, Mapping[str, float]]
    shop: Mapping[str, Any]

    def share(self, name: str) -> float:
        """One of the shop's chances, 0 to 1."""
        return float(self.shop["shares"][name])

    def colours_of(self, groups: tuple[str, ...]) -> list[Colour]:
        return [colour for colour in self.colours.values() if colour.group in groups]

    def main_colours(self, article: Article, material: str) -> list[Colour]:
        """The colours an article comes in: the material's own (steel is never plum), else the article's."""
        return self.colours_of(self.tones[material] or article.colours)


def read_recipe(folder: Path) -> Recipe:
    """The recipe in a folder. Raises `InputError` that names the file, the article and the matter."""
    looks, shop = _read(folder / "looks.json"), _read(folder / "shop.json")
    with _Speaker(folder / "looks.json"):
        colours = {name: _colour(name, entry) for name, entry in looks["colours"].items()}
        words = {name: entry.pop("words") for name, entry in looks["materials"].items()}
        tones = {name: tuple(entry.pop("tones", ())) for name, entry in looks["materials"].items()}
        materials = {name: Material(name, **entry) for name, entry in looks["materials"].items()}
    entry = _read(folder / "packaging.json")
    with _Speaker(folder / "packaging.json"):
        packaging = tuple(_article("", article) for article in entry["articles"])
    categories = []
    for path in sorted((folder / "articles").glob("*.json")):
        entry = _read(path)
        with _Speaker(path):
            categories.append(_category(entry))
    with _Speaker(folder / "looks.json"):
        recipe = Recipe(
            tuple(categories),
            packaging,
            materials,
            words,
            tones,
            colours,
            looks["patterns"],
            looks["backgrounds"],
            shop,
        )
        problem = next(_problems(recipe), None)
    if problem:
        raise InputError(
            f"The demo recipe in {folder} is wrong: {problem}. Correct it or install prodlabel anew."
        )
    return recipe


class _Speaker:
    """Turns a missing or ill-typed entry into a sentence that names the file."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        if isinstance(error, KeyError | TypeError | ValueError | AttributeError):
            what = f"{error} is missing" if isinstance(error, KeyError) else str(error)
            raise InputError(
                f"The demo recipe {self._path.name} is wrong: {what}. Correct it or install prodlabel anew."
            ) from error


def _read(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(
            f"The demo recipe {path} cannot be read ({error}). Install prodlabel anew."
        ) from error
    except ValueError as error:
        raise InputError(f"The demo recipe {path} is not JSON ({error}). Correct it.") from error


def _colour(name: str, entry: Mapping[str, Any]) -> Colour:
    return Colour(name, rgb(entry["rgb"]), {lang: entry[lang] for lang in LANGUAGES}, entry["group"])


def rgb(text: str) -> tuple[int, int, int]:
    """'#rrggbb' as three numbers; `ValueError` for anything else."""
    if len(text) != 7 or text[0] != "#":
        raise ValueError(f"{text!r} is no colour (write it as #rrggbb)")
    return int(text[1:3], 16), int(text[3:5], 16), int(text[5:7], 16)


def _category(entry: Mapping[str, Any]) -> Category:
    articles = tuple(_article(entry["category"], article) for article in entry["articles"])
    return Category(
        entry["category"], tuple(entry["near"]), tuple(entry["brands"]), entry["features"], articles
    )


def _article(category: str, entry: Mapping[str, Any]) -> Article:
    (x0, x1), (y0, y1) = entry.get("stretch", [[0.92, 1.08], [0.92, 1.08]])
    low, high = entry["price"]
    return Article(
        name=entry["name"],
        category=category,
        names=entry["names"],
        features=entry["features"],
        stance=entry["stance"],
        colours=tuple(entry["colours"]),
        second=tuple(entry.get("second", ["light", "natural"])),
        trim=tuple(entry.get("trim", ["metal"])),
        materials=tuple(entry["materials"]),
        patterns=tuple(entry.get("patterns", [])),
        choices=entry.get("choices", {}),
        stretch=((float(x0), float(x1)), (float(y0), float(y1))),
        turn=float(entry.get("turn", 3)),
        scale=float(entry.get("scale", 1.0)),
        pack=float(entry.get("pack", 0.0)),
        sizes=tuple(entry["sizes"]),
        price=(float(low), float(high)),
        parts=tuple(entry["parts"]),
    )


def _problems(recipe: Recipe) -> Iterator[str]:
    """What is wrong, as phrases."""
    groups = {colour.group for colour in recipe.colours.values()}
    names = {category.name for category in recipe.categories}
    if len(names) < 2:
        yield "there are fewer than two categories in articles/"
    yield from _material_problems(recipe, groups)
    for stance in STANCES:
        unknown = set(recipe.backgrounds.get(stance, {"": 1.0})) - set(STYLES)
        if unknown:
            yield f"the backgrounds for {stance!r} name {sorted(unknown)}, which do not exist"
    for article in recipe.packaging:
        for phrase in _article_problems(recipe, article, groups):
            yield f"packaging {article.name!r}: {phrase}"
    for category in recipe.categories:
        for near in set(category.near) - names:
            yield f"category {category.name!r} is near {near!r}, which does not exist"
        for article in category.articles:
            for phrase in _article_problems(recipe, article, groups):
                yield f"article {article.name!r}: {phrase}"


def _material_problems(recipe: Recipe, groups: set[str]) -> Iterator[str]:
    for name, tones in recipe.tones.items():
        if set(tones) - groups:
            yield f"material {name!r} has tones of unknown colour groups {sorted(set(tones) - groups)}"
    for name, material in recipe.materials.items():
        if material.texture not in TEXTURES:
            yield f"material {name!r} has the unknown texture {material.texture!r}"


def _article_problems(recipe: Recipe, article: Article, groups: set[str]) -> Iterator[str]:
    if article.stance not in STANCES:
        yield f"unknown stance {article.stance!r}"
    for group in {*article.colours, *article.second, *article.trim} - groups:
        yield f"unknown colour group {group!r}"
    for material in set(article.materials) - set(recipe.materials):
        yield f"unknown material {material!r}"
    for pattern in set(article.patterns) - {*PATTERNS, "plain"}:
        yield f"unknown pattern {pattern!r}"
    for words in (article.names, article.features):
        for language in LANGUAGES:
            if not words.get(language):
                yield f"nothing is said in {language!r}"
    seen: set[str] = set()
    for number, part in enumerate(article.parts, 1):
        for phrase in _part_problems(recipe, article, part, seen):
            yield f"part {number}: {phrase}"
        seen.add(str(part.get("name")))


def _part_problems(
    recipe: Recipe, article: Article, part: Mapping[str, Any], seen: set[str]
) -> Iterator[str]:
    shape = part.get("shape")
    if shape not in SHAPES:
        yield f"unknown shape {shape!r}"
        return
    for needed in SHAPES[shape]:
        if needed not in part:
            yield f"the {shape} has no {needed!r}"
    if part.get("material", "main") not in {*recipe.materials, "main"}:
        yield f"unknown material {part['material']!r}"
    colour = part.get("colour", "main")
    if colour not in _SLOTS and not (len(colour) == 7 and colour.startswith("#")):
        yield f"unknown colour {colour!r}"
    if shape == "wrap" and part.get("on") not in seen:
        yield f"it wraps {part.get('on')!r}, which no earlier part is named"
    for condition in part.get("if", {}).items():
        if condition[0] not in article.choices:
            yield f"it depends on the unknown choice {condition[0]!r}"
