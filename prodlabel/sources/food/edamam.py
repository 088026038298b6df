"""Edamam's food database, directly or through RapidAPI.

Invariant: only the configured address is asked. The `next` link of an answer points at another host and
carries somebody's key, so its `session` is taken out of it and the rest forgotten.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import parse_qs, urlsplit

from prodlabel.core.products import Problem, ProductRecord
from prodlabel.core.progress import Progress
from prodlabel.sources.assemble import PICTURE_ADDRESS
from prodlabel.sources.food import attribution
from prodlabel.sources.food.credentials import DirectKey, EdamamKey
from prodlabel.sources.food.http import Ask, FoodClient
from prodlabel.sources.food.off_records import is_web_address
from prodlabel.sources.food.pace import Kind
from prodlabel.sources.food.pages import FoundPage
from prodlabel.sources.food.query import FoodQuery
from prodlabel.sources.food.texts import plain
from prodlabel.sources.food.troubles import EDAMAM, Provider, Trouble

KEY_PREFIX = "edamam:"
DIRECT_URL = "https://api.edamam.com"
RAPID_URL = "https://edamam-food-and-grocery-database.p.rapidapi.com"
_PATH = "/api/food-database/v2/parser"
_AS_GIVEN = " as given"
_LONGEST_SESSION = 200


class Edamam:
    """Asks Edamam page by page; `base_url` None: the one that belongs to the kind of key."""

    def __init__(self, client: FoodClient, key: EdamamKey, base_url: str | None = None) -> None:
        self._client = client
        self._key = key
        self._base_url = base_url or (DIRECT_URL if isinstance(key, DirectKey) else RAPID_URL)

    @property
    def provider(self) -> Provider:
        return EDAMAM

    def page(self, query: FoodQuery, cursor: str, progress: Progress) -> FoundPage:
        answer = self._client.get_json(self._ask(query.words.strip(), cursor), _check, progress)
        records, problems = [], []
        for hint in answer["hints"]:
            food = hint.get("food") if isinstance(hint, dict) else None
            record = to_record(food) if isinstance(food, dict) else None
            if record is None:
                problems.append(Problem("no_food", "An entry of Edamam holds no food and was left out."))
            else:
                records.append(record)
        session = next_session(answer) if answer["hints"] else None
        return FoundPage(tuple(records), session if session != cursor else None, tuple(problems))

    def _ask(self, words: str, session: str) -> Ask:
        query = {"ingr": words} | ({"session": session} if session else {})
        key = self._key
        if isinstance(key, DirectKey):
            secret = {"app_id": key.app_id, "app_key": key.app_key}
            return Ask(EDAMAM, Kind.PARSER, self._base_url, _PATH, query, secret_query=secret)
        headers = {"X-RapidAPI-Key": key.key, "X-RapidAPI-Host": urlsplit(self._base_url).netloc}
        return Ask(EDAMAM, Kind.PARSER, self._base_url, _PATH, query, secret_headers=headers)


def next_session(answer: Mapping[str, Any]) -> str | None:
    """The cursor of the next page, None on the last: `_links` may be absent, empty or without `next`."""
    link: Any = answer.get("_links")
    for step in ("next", "href"):
        link = link.get(step) if isinstance(link, dict) else None
    if not isinstance(link, str):
        return None
    try:
        said = parse_qs(urlsplit(link).query).get("session", [""])[0]
    except ValueError:
        return None
    return said if said and len(said) <= _LONGEST_SESSION and said.isprintable() else None


def to_record(food: Mapping[str, Any]) -> ProductRecord | None:
    """The record of a food; None without an id. What cleaning changed is kept beside it "as given"."""
    food_id = plain(food.get("foodId"))
    if not food_id:
        return None
    label, contents = food.get("label"), food.get("foodContentsLabel")
    image = food.get("image")
    category = plain(food.get("category"))
    found = {
        "label" + _AS_GIVEN: label if isinstance(label, str) and label != plain(label) else "",
        "contents" + _AS_GIVEN: contents if isinstance(contents, str) and contents != plain(contents) else "",
        "known as": plain(food.get("knownAs")),
        "brand": plain(food.get("brand")),
        PICTURE_ADDRESS: image.strip() if isinstance(image, str) and is_web_address(image.strip()) else "",
    }
    nutrients = food.get("nutrients")
    for name, value in nutrients.items() if isinstance(nutrients, dict) else ():
        found[f"per 100 g: {plain(name)}"] = plain(value)
    kept = {name: text for name, text in found.items() if text.strip()}
    return ProductRecord(
        KEY_PREFIX + food_id,
        plain(label),
        plain(contents),
        (category,) if category else (),
        attributes=kept | attribution.edamam(),
    )


def study_table(records: Iterable[ProductRecord]) -> bytes:
    """The records as study J wrote them: its five columns as CSV in UTF-8, lines ended by LF."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(("foodId", "label", "category", "image", "foodContentsLabel"))
    for one in records:
        said = one.attributes
        writer.writerow(
            (
                one.key.removeprefix(KEY_PREFIX),
                said.get("label" + _AS_GIVEN, one.name),
                " > ".join(one.category),
                said.get(PICTURE_ADDRESS, ""),
                said.get("contents" + _AS_GIVEN, one.description),
            )
        )
    return text.getvalue().encode()


def _check(answer: dict[str, Any]) -> Trouble | None:
    return None if isinstance(answer.get("hints"), list) else Trouble.UNEXPECTED
