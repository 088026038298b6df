"""Turns one product of Open Food Facts, from whichever answer or dump, into a record.

Invariant: never fails, whatever fields are absent, empty, null, of another type, or new.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from prodlabel.core.products import ProductRecord
from prodlabel.sources.assemble import PICTURE_ADDRESS
from prodlabel.sources.food import attribution
from prodlabel.sources.food.barcodes import normalise
from prodlabel.sources.food.texts import allergens, ingredients, number, plain, words

KEY_PREFIX = "openfoodfacts:"
SITE = "https://world.openfoodfacts.org"

FIELDS = (
    "code", "product_name", "generic_name", "brands", "categories_tags", "labels_tags", "countries_tags",
    "ingredients_text", "quantity", "lang", "lc", "nutriscore_grade", "nutriments", "image_url",
    "image_front_url", "selected_images", "url", "last_modified_t",
)  # fmt: skip
"""What is asked for; a whole product weighs up to 140 kB."""
_LATEST = 4_102_444_800  # the year 2100: later stamps are rubbish


def fields_for(language: str) -> str:
    """The `fields` parameter, with the texts in the wished language too."""
    return ",".join((*FIELDS, *(f"{name}_{language}" for name in _TRANSLATED if language)))


_TRANSLATED = ("product_name", "generic_name", "ingredients_text")


def to_record(product: Mapping[str, Any], language: str = "") -> ProductRecord | None:
    """The record, texts in `language` where they exist, else in the product's own; None without a usable
    code.
    """
    code = normalise(product.get("code", product.get("_id")))
    if not code:
        return None
    ingredients_raw = translated(product, "ingredients_text", language)
    return ProductRecord(
        key=KEY_PREFIX + code,
        name=plain(translated(product, "product_name", language)),
        description=ingredients(ingredients_raw),
        category=category_path(product.get("categories_tags")),
        attributes=_attributes(product, code, language, ingredients_raw),
    )


def translated(product: Mapping[str, Any], name: str, language: str) -> object:
    """The text in the wished language, else the main one, else in the product's language, else in any."""
    own = product.get("lang")
    order = [f"{name}_{language}" if language else name, name]
    if isinstance(own, str) and own:
        order.append(f"{name}_{own}")
    others = sorted(key for key in product if key.startswith(f"{name}_") and len(key) == len(name) + 3)
    for key in (*order, *others):
        if plain(product.get(key)):
            return product[key]
    return ""


def category_path(tags: object) -> tuple[str, ...]:
    """The path that the tags spell, from general to particular as the server orders them, in English.

    Tags without an English name (`fr:...`) are none of the tree; the ids of all stay in the attributes.
    """
    names = [tag[3:] for tag in words(tags) if tag.startswith("en:")]
    return tuple(dict.fromkeys(_tag_name(name) for name in names if name))


def _tag_name(name: str) -> str:
    text = name.replace("-", " ").strip()
    return text[:1].upper() + text[1:]


def picture_address(product: Mapping[str, Any], language: str = "") -> str:
    """The front picture's address as the answer gives it (never built from the code), or ""."""
    chosen = product.get("selected_images")
    for step in ("front", "display", language):
        chosen = chosen.get(step) if isinstance(chosen, dict) else None
    for address in (chosen, product.get("image_front_url"), product.get("image_url")):
        if isinstance(address, str) and is_web_address(address.strip()):
            return address.strip()
    return _address_in_dump(product, language)


_IMAGES = "https://images.openfoodfacts.org/images/products"


def _address_in_dump(product: Mapping[str, Any], language: str) -> str:
    """Where the front picture of a product lies that only lists its `images`, as dumps do; or "".

    Answers name whole addresses, and those count. Dumps do not; the rule is "Computing images URL" of
    https://openfoodfacts.github.io/openfoodfacts-server/api/how-to-download-images/: 13 digits in groups of
    3, 3, 3 and the rest, then `front_LANGUAGE.REVISION.400.jpg`.
    """
    images = product.get("images")
    code = normalise(product.get("code", product.get("_id"))).zfill(13)
    if not isinstance(images, dict) or len(code) < 13:
        return ""
    selected = images.get("selected")
    front = selected.get("front") if isinstance(selected, dict) else None
    fronts = {f"front_{one}": said for one, said in front.items()} if isinstance(front, dict) else images
    order = [f"front_{language}", f"front_{product.get('lang')}", *sorted(map(str, fronts))]
    for name in order:
        said = fronts.get(name)
        revision = plain(said.get("rev")) if isinstance(said, dict) else ""
        if name.startswith("front_") and len(name) == len("front_xx") and revision.isdigit():
            return f"{_IMAGES}/{code[:3]}/{code[3:6]}/{code[6:9]}/{code[9:]}/{name}.{revision}.400.jpg"
    return ""


def is_web_address(text: str) -> bool:
    """Whether this is a whole http(s) address without a user name."""
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname) and "@" not in parts.netloc


def _attributes(product: Mapping[str, Any], code: str, language: str, raw: object) -> dict[str, str]:
    page = plain(product.get("url"))
    page = page if page.startswith(SITE + "/product/") else f"{SITE}/product/{code}"
    found = {
        "barcode": code,
        "barcode as given": plain(product.get("code")) if plain(product.get("code")) != code else "",
        "brand": ", ".join(words(product.get("brands"))),
        "quantity": plain(product.get("quantity")),
        "generic name": plain(translated(product, "generic_name", language)),
        "category tags": ", ".join(words(product.get("categories_tags"))),
        "label tags": ", ".join(words(product.get("labels_tags"))),
        "country tags": ", ".join(words(product.get("countries_tags"))),
        "allergens": ", ".join(allergens(raw)),
        "language": plain(product.get("lang") or product.get("lc")),
        "nutri-score": plain(product.get("nutriscore_grade")),
        "changed": _day(product.get("last_modified_t")),
        PICTURE_ADDRESS: picture_address(product, language),
    }
    nutriments = product.get("nutriments")
    for name, value in nutriments.items() if isinstance(nutriments, dict) else ():
        if isinstance(name, str) and name.endswith("_100g"):
            found[f"per 100 g: {name.removesuffix('_100g')}"] = plain(value)
    return {name: text for name, text in found.items() if text} | attribution.open_food_facts(page)


def _day(stamp: object) -> str:
    seconds = number(stamp)
    if seconds is None or not 0 < seconds < _LATEST:
        return ""
    return datetime.fromtimestamp(seconds, UTC).date().isoformat()
