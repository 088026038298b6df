"""Writes the demo products' names, descriptions and specifications, in English and French.

Invariant: a text depends on the planned product and the recipe alone, and says what its picture shows; a near
duplicate gets its original's sentences with its own colour and size.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from prodlabel.sources.demo.dice import Dice
from prodlabel.sources.demo.plan import Planned
from prodlabel.sources.demo.recipe import Recipe

_IN_THE_BOX = {"en": ("1 piece", "2 pieces"), "fr": ("1 pièce", "2 pièces")}
_PACK = {"en": "pack of 2", "fr": "lot de 2"}


@dataclass(frozen=True, slots=True)
class Written:
    """A product's texts. `material` and `colour` are specifications; empty where the shop says nothing."""

    name: str
    description: str
    material: str
    colour: str
    pattern: str


def write(product: Planned, recipe: Recipe) -> Written:
    """Name, description and specifications of a product, in its language."""
    dice = Dice(product.text_seed)
    language, shop = product.language, recipe.shop
    is_vague = dice.chance(recipe.share("vague name"))
    words = _words(product, recipe, dice.fork("words"))
    name_dice = dice.fork("name")
    name = _filled(name_dice.pick(shop["vague names" if is_vague else "names"][language]), words)
    words["name"] = name
    is_silent = is_vague and dice.chance(0.5)
    description = _description(product, recipe, words, dice.fork("description"), is_silent=is_silent)
    said = dice.chance(recipe.share("specifications"))
    return Written(
        name=name[:1].upper() + name[1:],
        description=description,
        material=words["material"] if said else "",
        colour=words["colour"] if said or dice.chance(0.5) else "",
        pattern=words["pattern"] if said else "",
    )


def _words(product: Planned, recipe: Recipe, dice: Dice) -> dict[str, str]:
    language, drawing = product.language, product.drawing
    details = [drawing.article.choices[name][value][language] for name, value in drawing.choices.items()]
    if drawing.is_pack:
        details.append(_PACK[language])
    return {
        "brand": product.brand,
        "family": dice.pick(recipe.shop["families"]),
        "adjective": dice.pick(recipe.shop["adjectives"][language]),
        "article": dice.pick(drawing.article.names[language]),
        "variant": " ".join(detail for detail in details if detail),
        "colour": recipe.colours[drawing.colours[0]].words[language],
        "material": recipe.material_words[drawing.material][language],
        "pattern": recipe.patterns[drawing.pattern][language] if drawing.pattern != "plain" else "",
        "size": product.size,
        "number": str(100 + dice.below(900)),
        "count": _IN_THE_BOX[language][drawing.is_pack],
        "filler": dice.pick(recipe.shop["filler"][language]),
    }


def _description(
    product: Planned, recipe: Recipe, words: Mapping[str, str], dice: Dice, *, is_silent: bool
) -> str:
    language, shop = product.language, recipe.shop
    kind = dice.unit()
    if kind < recipe.share("empty description"):
        return ""
    if is_silent or kind < recipe.share("empty description") + recipe.share("short description"):
        return _filled(dice.pick(shop["short"][language]), words)
    sentences = [dice.pick(shop["openings"][language])] if dice.chance(0.7) else []
    body = dice.shuffled(product.drawing.article.features[language])[: 1 + dice.below(2)]
    body += dice.shuffled(product.category.features[language])[: dice.below(3)]
    if dice.chance(recipe.share("borrowed feature")):
        body.append(dice.pick(dice.pick(recipe.categories).features[language]))
    body += dice.shuffled(shop["filler"][language])[: dice.below(3)]
    sentences += dice.shuffled(body)
    if dice.chance(recipe.share("specifications")):
        sentences.append(dice.pick(shop["specifications"][language]))
    if dice.chance(recipe.share("boilerplate")):
        sentences.append(dice.pick(shop["boilerplate"][language]))
    return " ".join(_filled(sentence, words) for sentence in sentences)


def _filled(template: str, words: Mapping[str, Any]) -> str:
    """The template with its words, without the traces of empty ones."""
    text = template.format(**words)
    text = re.sub(r"\s+", " ", text)
    text = re.sub(r"\s+,", ",", text)
    return re.sub(r",(?:\s*,)+", ",", text).strip(" ,-")
