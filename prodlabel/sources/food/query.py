"""What is looked for in a food database, as a value that is also a location:
`openfoodfacts:champagne?wanted=20`.

Invariant: `FoodQuery.parse(query.location) == query`, so that an import can be repeated from what the project
remembers. A location never holds a key.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from urllib.parse import parse_qsl, quote, unquote, urlencode

from prodlabel.core.errors import InputError

OPEN_FOOD_FACTS, EDAMAM = "openfoodfacts", "edamam"
PROVIDERS = (OPEN_FOOD_FACTS, EDAMAM)

REQUIRED = ("name", "category", "description", "picture")
"""Without other wishes only products that have all of these count (after study J; its id is always there)."""
MOST_WANTED = 500
"""More than this is taken from a dump: politeness to the server."""


_PAGE, _LARGE_PAGE = 20, 100


def page_size(wanted: int) -> int:
    """Products to ask for at once where so many are wanted: few pages, none much too large."""
    return _PAGE if wanted <= 2 * _PAGE else _LARGE_PAGE


@dataclass(frozen=True, slots=True)
class FoodQuery:
    """Words, filters or barcodes, and which of the products found count.

    `language` (two letters) is the language wished for names and ingredients. `required` names roles of a
    record ("name", "description", "category", "picture") or attributes ("brand"). `kept` None keeps all
    attributes.
    """

    provider: str
    words: str = ""
    barcodes: tuple[str, ...] = ()
    country: str = ""
    language: str = ""
    brand: str = ""
    category: str = ""
    wanted: int = 10
    required: tuple[str, ...] = REQUIRED
    kept: tuple[str, ...] | None = None

    def check(self) -> None:
        """Raise `InputError` for a search that cannot be asked."""
        self._check_provider()
        filters = (self.country, self.brand, self.category)
        if not (self.words.strip() or self.barcodes or any(filters)):
            raise InputError("The search is empty. Give words, barcodes, a category, a country or a brand.")
        if self.provider == EDAMAM and (self.barcodes or any(filters) or not self.words.strip()):
            raise InputError("Edamam is searched by words only. Leave filters and barcodes out.")
        if not 1 <= self.wanted <= MOST_WANTED:
            raise InputError(
                f"{self.wanted:,} products cannot be asked for one page at a time. "
                f"Ask for 1 to {MOST_WANTED}, or import the database's dump."
            )

    def check_for_dump(self) -> None:
        """Raise `InputError` for what cannot be picked out of a dump; any number may be wanted of it."""
        self._check_provider()
        if self.provider != OPEN_FOOD_FACTS:
            raise InputError(f"{self.provider} has no dumps. Use --from {OPEN_FOOD_FACTS} with --dump.")
        if self.wanted < 1:
            raise InputError(f"{self.wanted:,} products cannot be asked for. Ask for 1 or more.")

    def _check_provider(self) -> None:
        if self.provider not in PROVIDERS:
            raise InputError(
                f"No food database is called {self.provider}. Choose among {', '.join(PROVIDERS)}."
            )

    @property
    def location(self) -> str:
        """The query as one word that a project can remember."""
        said = {}
        for one in fields(self)[2:]:
            value = getattr(self, one.name)
            if value != one.default:
                said[one.name] = ",".join(value) if isinstance(value, tuple) else str(value)
        return f"{self.provider}:{quote(self.words, safe=' ')}" + (f"?{urlencode(said)}" if said else "")

    @classmethod
    def parse(cls, location: str) -> FoodQuery:
        """The query of a location. Raises `InputError` where it is none or names unknown settings."""
        provider, _, rest = location.partition(":")
        words, _, settings = rest.partition("?")
        said = dict(parse_qsl(settings, keep_blank_values=True))
        known = {one.name for one in fields(cls)[2:]}
        if unknown := sorted(set(said) - known):
            raise InputError(
                f"A search knows no {', '.join(unknown)}. Its settings are {', '.join(sorted(known))}."
            )
        lists = {
            name: tuple(filter(None, said.pop(name).split(",")))
            for name in ("barcodes", "required", "kept")
            if name in said
        }
        wanted = said.pop("wanted", "10")
        if not wanted.isdigit():
            raise InputError(f"{wanted} is no number of products. Give a whole number.")
        query = cls(provider, unquote(words), wanted=int(wanted), **lists, **said)  # type: ignore[arg-type]
        query.check()
        return query
