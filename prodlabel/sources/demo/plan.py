"""Decides what the demo shop sells: articles, looks, and what is wrong with each product.

Invariant: the counts of everything that is wrong follow from the recipe's shares and the number of products
exactly; which products they hit follows from the seed.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from prodlabel.sources.demo.dice import Dice
from prodlabel.sources.demo.pictures import Drawing
from prodlabel.sources.demo.recipe import Article, Category, Recipe

WRONG_LABEL = "wrong label"
NEAR_DUPLICATE = "near duplicate"
NO_PICTURE_CELL = "no picture named"
PICTURE_MISSING = "picture file missing"
PACKAGING = "picture shows packaging"
PICTURE_BROKEN = "picture file broken"
NO_CATEGORY = "no category"


@dataclass(frozen=True, slots=True)
class Planned:
    """One product: what it truly is, what the catalogue says, how it looks.

    `shown` is what its picture shows: the `drawing` itself or, as shops do, a box or a swatch.
    """

    key: str
    category: Category
    label: str
    drawing: Drawing
    shown: Drawing
    brand: str
    language: str
    size: str
    price: float
    text_seed: str
    faults: tuple[str, ...] = ()
    twin: str | None = None


def plan_products(recipe: Recipe, seed: int, count: int) -> list[Planned]:
    """`count` products in the catalogue's order."""
    dice = Dice(f"demo/{seed}")
    twins = round(count * recipe.share("near duplicate"))
    articles = _spread(recipe, dice.fork("articles"), count - twins)
    french = set(dice.fork("french").shuffled(range(len(articles)))[: round(count * recipe.share("french"))])
    originals = [
        _product(recipe, category, article, dice.fork(f"product {i}"), "fr" if i in french else "en")
        for i, (category, article) in enumerate(articles)
    ]
    chosen = dice.fork("twins").shuffled(range(len(originals)))[:twins]
    copies = [(_twin(recipe, originals[i], dice.fork(f"twin {i}")), i) for i in chosen]
    order = dice.fork("order").shuffled(range(count))
    keys = {place: f"D{number:04d}" for number, place in enumerate(order, 1)}
    products = [replace(product, key=keys[i]) for i, product in enumerate(originals)]
    products += [
        replace(
            copy,
            key=keys[len(originals) + n],
            twin=keys[of],
            faults=(f"{NEAR_DUPLICATE} of {keys[of]}", *copy.faults),
        )
        for n, (copy, of) in enumerate(copies)
    ]
    products.sort(key=lambda product: product.key)
    return _with_faults(recipe, products, dice.fork("faults"))


def _spread(recipe: Recipe, dice: Dice, count: int) -> list[tuple[Category, Article]]:
    """Every article about as often as the others of its category, categories about equally large."""
    decks: list[list[tuple[Category, Article]]] = []
    for category in recipe.categories:
        deck: list[tuple[Category, Article]] = []
        while len(deck) < count:
            deck += [(category, article) for article in dice.shuffled(category.articles)]
        decks.append(deck)
    return [decks[i % len(decks)][i // len(decks)] for i in range(count)]


def _product(recipe: Recipe, category: Category, article: Article, dice: Dice, language: str) -> Planned:
    low, high = article.price
    price = low + (high - low) * dice.unit() ** 2
    drawing = _drawing(recipe, article, dice.fork("drawing"))
    is_boxed = dice.fork("boxed").chance(recipe.share("packaging picture"))
    box = dice.fork("box")
    shown = _drawing(recipe, box.pick(recipe.packaging), box) if is_boxed else drawing
    return Planned(
        key="",
        category=category,
        label=category.name,
        drawing=drawing,
        shown=shown,
        brand=dice.pick(category.brands),
        language=language,
        size=dice.pick(article.sizes),
        price=round(price) - 0.05 if price > 2 else 1.95,
        text_seed=str(dice.bits()),
        faults=(PACKAGING,) if is_boxed else (),
    )


def _drawing(recipe: Recipe, article: Article, dice: Dice) -> Drawing:
    material = dice.pick(article.materials)
    main = dice.pick(recipe.main_colours(article, material)).name
    second = dice.pick([c for c in recipe.colours_of(article.second) if c.name != main]).name
    trim = dice.pick([c for c in recipe.colours_of(article.trim) if c.name not in (main, second)]).name
    size = dice.pick(((400, 400), (400, 400), (360, 440), (440, 360), (480, 480), (420, 380)))
    return Drawing(
        article=article,
        material=material,
        colours=(main, second, trim),
        pattern=dice.pick(article.patterns) if article.patterns else "plain",
        choices={name: dice.pick(list(values)) for name, values in article.choices.items()},
        background=dice.pick_weighted(dict(recipe.backgrounds[article.stance])),
        size_px=size,
        is_pack=dice.chance(article.pack),
        seed=str(dice.bits()),
    )


def _twin(recipe: Recipe, product: Planned, dice: Dice) -> Planned:
    """The same product in another colour or, one time in three, only in another size."""
    article = product.drawing.article
    others = [size for size in article.sizes if size != product.size]
    colours = recipe.main_colours(article, product.drawing.material)
    left = [colour.name for colour in colours if colour.name not in product.drawing.colours]
    if (dice.chance(0.33) and others) or not left:
        return replace(product, size=dice.pick(others) if others else product.size)
    drawing = replace(product.drawing, colours=(dice.pick(left), *product.drawing.colours[1:]))
    return replace(product, drawing=drawing, shown=product.shown if PACKAGING in product.faults else drawing)


def _with_faults(recipe: Recipe, products: list[Planned], dice: Dice) -> list[Planned]:
    """Spreads the faults so that no product has two that hide each other."""
    count = len(products)
    rows = dice.fork("labels").shuffled(range(count))
    wrong, bare = round(count * recipe.share("wrong label")), round(count * recipe.share("no category"))
    for row in rows[:wrong]:
        products[row] = _mislabelled(recipe, products[row], dice.fork(f"label {row}"))
    for row in rows[wrong : wrong + bare]:
        products[row] = _marked(products[row], NO_CATEGORY, label="")
    missing, broken = round(count * recipe.share("no picture")), round(count * recipe.share("broken picture"))
    rows = dice.fork("pictures").shuffled(range(count))
    for place, row in enumerate(rows[: missing + broken]):
        fault = PICTURE_BROKEN if place >= missing else (NO_PICTURE_CELL, PICTURE_MISSING)[place % 2]
        products[row] = _marked(products[row], fault)
    return products


def _mislabelled(recipe: Recipe, product: Planned, dice: Dice) -> Planned:
    """Filed under a category that people take it for, one time in four under just any."""
    others = [category.name for category in recipe.categories if category is not product.category]
    label = dice.pick(others if dice.chance(0.25) else product.category.near)
    return _marked(product, WRONG_LABEL, label=label)


def _marked(product: Planned, fault: str, *, label: str | None = None) -> Planned:
    return replace(
        product,
        faults=(*product.faults, fault),
        label=product.label if label is None else label,
    )


def has(product: Planned, fault: str) -> bool:
    """Whether the product has a fault of that kind."""
    return any(said.startswith(fault) for said in product.faults)
