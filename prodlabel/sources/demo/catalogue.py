"""Makes the built-in demo catalogue: a CSV, its drawn pictures, and what is truly the case.

Invariant: seed, count and recipe decide every byte of the CSV files and every pixel that is drawn.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from pathlib import Path

from prodlabel import paths
from prodlabel.core.errors import InputError
from prodlabel.core.progress import Progress
from prodlabel.sources.demo.pictures import draw
from prodlabel.sources.demo.plan import (
    NO_PICTURE_CELL,
    PICTURE_BROKEN,
    PICTURE_MISSING,
    Planned,
    has,
    plan_products,
)
from prodlabel.sources.demo.recipe import Recipe, read_recipe
from prodlabel.sources.demo.texts import Written, write

CATALOGUE = "catalogue.csv"
TRUTH = "truth.csv"
PICTURES = "pictures"
COLUMNS = (
    "key", "name", "description", "category", "subcategory", "brand", "price", "picture",
    "material", "colour", "size", "pattern", "language",
)  # fmt: skip
_QUALITY = 85

_README = """The prodlabel demo catalogue
============================

Nothing here was photographed and nothing is for sale: prodlabel drew every picture and wrote every text
itself, from a recipe and a seed (this one: {seed}). Shops, brands, products and prices are made up.
Use it to try the program; do not judge a method by the figures it reaches here alone.

catalogue.csv   {count} products: name, description, category, brand, price, picture, specifications.
                As in a real shop some things are wrong: labels, missing pictures, near duplicates ...
pictures/       the drawings (JPEG).
truth.csv       what is truly the case: each product's true category and what was done to it. The program
                never reads it; compare with it after you have worked.
"""


def write_demo_catalogue(folder: Path, *, seed: int = 7, count: int = 420, progress: Progress) -> Path:
    """Draws and writes the demo catalogue into `folder` and returns the path of its `catalogue.csv`.

    Writes `catalogue.csv`, `pictures/*.jpg`, `truth.csv` and `README.txt`; files of those names are replaced.
    Raises `InputError` where `count` is below 20, the folder cannot be written or the recipe is damaged;
    `Cancelled` after a cancel (the CSV files are written last, so that a cancelled catalogue has none).
    """
    if count < 20:
        raise InputError(f"A demo catalogue of {count} products is too small. Ask for 20 or more.")
    recipe = read_recipe(paths.resources() / "demo")
    products = plan_products(recipe, seed, count)
    written = [write(product, recipe) for product in products]
    try:
        (folder / PICTURES).mkdir(parents=True, exist_ok=True)
        with progress.stage("Drawing the demo catalogue", total=count, unit="products"):
            for product in products:
                _write_picture(folder / PICTURES, product, recipe)
                progress.advance()
        _write_csv(folder / TRUTH, ("key", "true category", "label", "what was done"), map(_truth, products))
        rows = (_row(product, text) for product, text in zip(products, written, strict=True))
        (folder / "README.txt").write_text(_README.format(seed=seed, count=count), encoding="utf-8")
        _write_csv(folder / CATALOGUE, COLUMNS, rows)
    except OSError as error:
        raise InputError(
            f"The demo catalogue cannot be written to {folder} ({error}). Choose another folder."
        ) from error
    return folder / CATALOGUE


def _write_picture(folder: Path, product: Planned, recipe: Recipe) -> None:
    if has(product, NO_PICTURE_CELL) or has(product, PICTURE_MISSING):
        return
    content = io.BytesIO()
    draw(product.shown, recipe).save(content, "JPEG", quality=_QUALITY)
    encoded = content.getvalue()
    if has(product, PICTURE_BROKEN):
        encoded = encoded[: len(encoded) // 3]
    (folder / _picture_name(product)).write_bytes(encoded)


def _picture_name(product: Planned) -> str:
    return f"{product.key}.jpg"


def _row(product: Planned, text: Written) -> Sequence[str]:
    has_label = bool(product.label)
    is_own = product.label == product.category.name
    return (
        product.key,
        text.name,
        text.description,
        product.label,
        product.drawing.article.name if has_label and is_own else "",
        product.brand,
        f"{product.price:.2f}",
        "" if has(product, NO_PICTURE_CELL) else f"{PICTURES}/{_picture_name(product)}",
        text.material,
        text.colour,
        product.size,
        text.pattern,
        product.language,
    )


def _truth(product: Planned) -> Sequence[str]:
    return product.key, product.category.name, product.label, "; ".join(product.faults)


def _write_csv(path: Path, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    # Line ends are written as they are, so that the bytes are the same on every platform.
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(rows)
