"""Open Food Facts over its interfaces: words, filters, or one product by its code.

Words go to the full-text search, filters alone to the v2 search (which knows no words), barcodes one by one
to v2 products. Invariant: walking ends on an empty or short page; no counter of the server is trusted for it.
"""

from __future__ import annotations

from typing import Any

from prodlabel.core.products import Problem
from prodlabel.core.progress import Progress
from prodlabel.sources.food.http import Ask, FoodClient
from prodlabel.sources.food.off_records import SITE, fields_for, to_record
from prodlabel.sources.food.pace import Kind
from prodlabel.sources.food.pages import FoundPage
from prodlabel.sources.food.query import FoodQuery, page_size
from prodlabel.sources.food.texts import number
from prodlabel.sources.food.troubles import OPEN_FOOD_FACTS, FoodError, Provider, Trouble

SEARCH_SERVICE = "https://search.openfoodfacts.org"
_DEEPEST = 10_000
"""The search service refuses page x page size beyond this."""


class OpenFoodFacts:
    """Asks Open Food Facts page by page. `service_url` set: words go to its newer search service instead."""

    def __init__(self, client: FoodClient, base_url: str = SITE, *, service_url: str | None = None) -> None:
        self._client = client
        self._base_url = base_url
        self._service_url = service_url

    @property
    def provider(self) -> Provider:
        return OPEN_FOOD_FACTS

    def page(self, query: FoodQuery, cursor: str, progress: Progress) -> FoundPage:
        at = int(cursor) if cursor else 1
        if query.barcodes:
            return self._product(query, at - 1, progress)
        size = page_size(query.wanted)
        answer = self._client.get_json(self._ask(query, at, size), _check_page, progress)
        rows = answer["hits"] if "hits" in answer else answer["products"]
        records, problems = [], []
        for row in rows:
            record = to_record(row, query.language) if isinstance(row, dict) else None
            if record is None:
                problems.append(Problem("no_code", "A product has no usable barcode and was left out."))
            else:
                records.append(record)
        # A server that caps the size of its pages says so; less than that is the last page.
        full = min(size, max(1, number(answer.get("page_size")) or size))
        is_last = len(rows) < full or (self._service_url is not None and (at + 1) * size > _DEEPEST)
        return FoundPage(tuple(records), None if is_last else str(at + 1), tuple(problems))

    def _ask(self, query: FoodQuery, at: int, size: int) -> Ask:
        paging = {"page": str(at), "page_size": str(size)}
        wished = {"fields": fields_for(query.language)}
        if query.language:
            wished["lc"] = query.language
        if not query.words.strip():
            filters = {f"{name}_tags_en": value for name, value in _filters(query)}
            return self._search("/api/v2/search", {**filters, **paging, **wished})
        if self._service_url is not None:
            said = {"q": _lucene(query), **paging, "fields": wished["fields"]}
            if query.language:
                said["langs"] = query.language
            return Ask(OPEN_FOOD_FACTS, Kind.SEARCH, self._service_url, "/search", said)
        tags: dict[str, str] = {}
        for place, (name, value) in enumerate(_filters(query)):
            tags |= {f"tagtype_{place}": name, f"tag_contains_{place}": "contains", f"tag_{place}": value}
        fixed = {"search_simple": "1", "action": "process", "json": "1"}
        return self._search(
            "/cgi/search.pl", {"search_terms": query.words.strip(), **fixed, **paging, **tags, **wished}
        )

    def _search(self, path: str, query: dict[str, str]) -> Ask:
        return Ask(OPEN_FOOD_FACTS, Kind.SEARCH, self._base_url, path, query)

    def _product(self, query: FoodQuery, at: int, progress: Progress) -> FoundPage:
        """One product; what is not there is a problem of its code, and the walk goes on."""
        code = query.barcodes[at]
        path = f"/api/v2/product/{code}"
        asked = {"fields": fields_for(query.language)}
        ask = Ask(OPEN_FOOD_FACTS, Kind.PRODUCT, self._base_url, path, asked)
        following = str(at + 2) if at + 1 < len(query.barcodes) else None
        try:
            answer = self._client.get_json(ask, _check_product, progress)
        except FoodError as error:
            if error.trouble is not Trouble.NOT_FOUND:
                raise
            message = f"Open Food Facts does not know the barcode {code}."
            return FoundPage((), following, (Problem("barcode_unknown", message, key=code),))
        product = answer.get("product")
        if isinstance(product, dict):
            record = to_record({"code": answer.get("code", code), **product}, query.language)
            if record is not None and number(answer.get("status")) != 0:
                return FoundPage((record,), following)
        message = f"{code} is no barcode that Open Food Facts can use. Check its digits."
        return FoundPage((), following, (Problem("barcode_unusable", message, key=code),))


def _filters(query: FoodQuery) -> list[tuple[str, str]]:
    named = (("categories", query.category), ("countries", query.country), ("brands", query.brand))
    return [(name, value) for name, value in named if value]


def _lucene(query: FoodQuery) -> str:
    """Words and filters for the search service; its operators are taken out of the words."""
    words = " ".join("".join(char if char.isalnum() else " " for char in query.words).split())
    tags = [f'{name}_tags:"en:{value.casefold().replace(" ", "-")}"' for name, value in _filters(query)]
    return " ".join([words, *(tag.replace("\\", "") for tag in tags)])


def _check_page(answer: dict[str, Any]) -> Trouble | None:
    rows = answer.get("hits") if "hits" in answer else answer.get("products")
    if not isinstance(rows, list):
        return Trouble.UNEXPECTED
    # The server hides trouble with its database behind an empty page without a count.
    return None if number(answer.get("count")) is not None else Trouble.NO_COUNT


def _check_product(answer: dict[str, Any]) -> Trouble | None:
    return None if "product" in answer or "status" in answer else Trouble.UNEXPECTED
