"""Food databases in the list of sources: `openfoodfacts:WORDS`, `edamam:WORDS`.

Invariant: opening a search asks nobody anything.
"""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from prodlabel import paths
from prodlabel.sources.food import credentials
from prodlabel.sources.food.catalogue import FoodCatalogue
from prodlabel.sources.food.edamam import Edamam
from prodlabel.sources.food.http import FoodClient
from prodlabel.sources.food.off_records import SITE
from prodlabel.sources.food.open_food_facts import OpenFoodFacts
from prodlabel.sources.food.pace import Pacer
from prodlabel.sources.food.pace_memory import PaceMemory
from prodlabel.sources.food.pages import Pages
from prodlabel.sources.food.pictures_download import PictureDownloads
from prodlabel.sources.food.query import EDAMAM, OPEN_FOOD_FACTS, FoodQuery
from prodlabel.sources.food.settings import FoodSettings, load_settings
from prodlabel.sources.protocol import NO_OPTIONS, OpenOptions


class FoodSource:
    """One food database. A location is its kind, a colon and the search (see `FoodQuery`)."""

    def __init__(self, kind: str, title: str) -> None:
        self._kind, self._title = kind, title

    @property
    def kind(self) -> str:
        return self._kind

    @property
    def title(self) -> str:
        return self._title

    def recognises(self, location: Path) -> bool:
        return str(location).startswith(f"{self._kind}:") and not location.exists()

    def open(self, location: Path, options: OpenOptions = NO_OPTIONS) -> FoodCatalogue:
        """Raises `InputError` for a search that cannot be asked, `KeyMissingError`."""
        text = str(location)
        query = FoodQuery.parse(text if text.startswith(f"{self._kind}:") else f"{self._kind}:{text}")
        return open_search(query, options.picture_folder, load_settings())


FOOD_SOURCES = (
    FoodSource(OPEN_FOOD_FACTS, f"a search in Open Food Facts ({OPEN_FOOD_FACTS}:WORDS)"),
    FoodSource(EDAMAM, f"a search in Edamam ({EDAMAM}:WORDS)"),
)


@cache
def shared_pacer() -> Pacer:
    """The one pacer of this process: rates count per computer, not per search."""
    return Pacer(memory=PaceMemory(paths.user_cache() / "pace.json"))


def open_search(
    query: FoodQuery,
    folder: Path | None,
    settings: FoodSettings,
    *,
    key: credentials.EdamamKey | None = None,
    base_url: str | None = None,
    pacer: Pacer | None = None,
) -> FoodCatalogue:
    """A search whose pictures and journal go to `folder`; None: no pictures, nothing to go on from after a
    kill.

    `key` None: from the keyring where one is needed. Raises `InputError`, `KeyMissingError`.
    """
    query.check()
    pacer = pacer or shared_pacer()
    base_url = base_url or settings.base_url(query.provider)
    client = FoodClient(settings.contact, pacer)
    pages: Pages
    if query.provider == EDAMAM:
        pages = Edamam(client, key or credentials.read_key(), base_url)
    else:
        pages = OpenFoodFacts(client, base_url or SITE)
    if folder is None:
        return FoodCatalogue(query, pages)
    return FoodCatalogue(query, pages, downloads(folder, settings, pacer=pacer), journal_path(query, folder))


def journal_path(query: FoodQuery, folder: Path) -> Path:
    """Where the pages of a search are remembered below a project's downloads."""
    name = hashlib.blake2b(query.location.encode(), digest_size=8).hexdigest()
    return folder / "searches" / f"{name}.jsonl"


def downloads(folder: Path, settings: FoodSettings, *, pacer: Pacer | None = None) -> PictureDownloads:
    """Fetches pictures into `folder`, for a search or for a table that names addresses.

    Raises `InputError` where no contact is known: a server is always told who asks.
    """
    return PictureDownloads(
        folder / "pictures",
        settings.contact,
        pacer or shared_pacer(),
        allowed_hosts=settings.allowed_hosts,
    )
