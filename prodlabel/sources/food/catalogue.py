"""A search in a food database as a catalogue: pages are asked for as they are needed, pictures fetched with
them.

Invariant: what `records` gives is a function of the server's pages only; stopped by a fault, a cancel or a
kill, the same search goes on with the page after the last one that was answered.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Protocol

from prodlabel.core.products import Problem, ProductRecord
from prodlabel.core.progress import Progress
from prodlabel.sources.assemble import PICTURE_ADDRESS
from prodlabel.sources.food import attribution
from prodlabel.sources.food.choosing import Chooser
from prodlabel.sources.food.journal import Journal
from prodlabel.sources.food.pages import FoundPage, Pages
from prodlabel.sources.food.pictures_download import Failure
from prodlabel.sources.food.query import FoodQuery, page_size
from prodlabel.sources.food.troubles import FoodError
from prodlabel.sources.mapping import ColumnMapping

_IDLE_PAGES = 2
"""Pages in a row with nothing but known products, after which a walk is given up as going in circles."""
_MOST_PAGES = 400


class PictureFetcher(Protocol):
    """Brings pictures into a folder."""

    @property
    def folder(self) -> Path:
        """Where they are kept."""

    failures: list[Failure]
    """What could not be fetched so far."""

    def fetch(self, addresses: dict[str, str], progress: Progress) -> tuple[dict[str, str], list[Problem]]:
        """Addresses by product key to paths (relative to `folder`) by key, and what could not be fetched."""

    def retry(self, progress: Progress) -> dict[str, str]:
        """Fetch again what failed and may be mended; paths by product key."""


@dataclass(slots=True)
class FoodCatalogue:
    """One search. `pictures` None: no picture is fetched, addresses stay in the attributes.

    After `records` ended, `stopped_by` says what ended the walk too early, if anything; what was given until
    then is good. `finish` is called once its records are safe in the project.
    """

    query: FoodQuery
    pages: Pages
    pictures: PictureFetcher | None = None
    journal_path: Path | None = None
    kind: str = ""
    columns: tuple[str, ...] = ()
    mapping: ColumnMapping | None = None
    stopped_by: FoodError | None = field(default=None, init=False)
    _journal: Journal = field(init=False)
    _credits: dict[str, None] = field(default_factory=dict, init=False)
    _without_picture: dict[str, ProductRecord] = field(default_factory=dict, init=False)

    def __post_init__(self) -> None:
        self.query.check()
        self.kind = self.kind or self.query.provider
        self._journal = Journal(self.query.location, self.journal_path)

    @property
    def title(self) -> str:
        what = self.query.words or self.query.category or self.query.brand or self.query.country or "barcodes"
        return f"{self.pages.provider.name}: {what}"

    @property
    def picture_folder(self) -> Path | None:
        return None if self.pictures is None else self.pictures.folder

    @property
    def failures(self) -> tuple[Failure, ...]:
        """The pictures that could not be fetched."""
        return () if self.pictures is None else tuple(self.pictures.failures)

    @property
    def credits(self) -> tuple[str, ...]:
        """What the licences of the products found so far want said on screen: a sentence a source."""
        return tuple(self._credits)

    def keep_in(self, pictures: PictureFetcher, journal_path: Path) -> None:
        """From now on, fetch pictures and remember pages: after a preview that had no project yet."""
        self.pictures = pictures
        self._journal.path = journal_path

    def retry_pictures(self, progress: Progress) -> list[ProductRecord]:
        """Fetch again what failed and may be mended; returns the products whose pictures have come."""
        if self.pictures is None:
            return []
        paths = self.pictures.retry(progress)
        return [replace(self._without_picture.pop(key), picture=path) for key, path in paths.items()]

    def use_pages_of(self, other: FoodCatalogue) -> None:
        """Ask nothing again that `other` was answered, where both ask the same and only choose otherwise."""
        if not self._journal.pages and _asked(self.query) == _asked(other.query):
            for page in other._journal.pages:
                self._journal.add(page)

    def preview(self, progress: Progress, count: int | None = None) -> list[ProductRecord]:
        """The first `count` products that would be imported; nothing is written, no picture is fetched.

        What was asked for serves a following import as well. Raises `FoodError` where nothing was found
        because of it.
        """
        return self.look(progress, count)[0]

    def look(self, progress: Progress, count: int | None = None) -> tuple[list[ProductRecord], list[Problem]]:
        """Like `preview`, and what is to be told of what was left out."""
        found: list[ProductRecord] = []
        told: list[Problem] = []
        for records, problems in self._walk(progress, is_kept=False):
            found += records
            told += problems
            if count is not None and len(found) >= count:
                break
        if not found and self.stopped_by is not None:
            raise self.stopped_by
        return found[:count], told

    def records(self, progress: Progress) -> Iterator[ProductRecord | Problem]:
        """Products and problems. Raises `FoodError` only where not one product was found before it."""
        given = 0
        for records, problems in self._walk(progress, is_kept=True):
            yield from problems
            with_pictures, missing = self._with_pictures(records, progress)
            yield from missing
            yield from with_pictures
            given += len(records)
        if self.stopped_by is not None:
            if not given:
                raise self.stopped_by
            message = f"{self.stopped_by} What was found is kept; the same import again goes on from there."
            yield Problem("stopped", message)

    def finish(self) -> None:
        """Say that all records are safe: the next time, the search starts anew. A stopped one is
        remembered.
        """
        if self.stopped_by is None:
            self._journal.forget()

    def _walk(
        self, progress: Progress, *, is_kept: bool
    ) -> Iterator[tuple[list[ProductRecord], list[Problem]]]:
        """Pages from the journal, then from the server, as what of them counts."""
        self.stopped_by = None
        chooser = Chooser(self.query)
        with progress.stage(f"Searching {self.pages.provider.name}", self.query.wanted, "products"):
            idle = at = 0
            while not chooser.is_satisfied and idle < _IDLE_PAGES and at < _MOST_PAGES:
                page = self._page(at, progress)
                if page is None:
                    break
                if is_kept:
                    self._journal.keep()
                idle = idle + 1 if page.records and chooser.knows_all(page.records) else 0
                chosen = list(chooser.choose(page.records))
                self._credits |= dict.fromkeys(attribution.sentences(one.attributes for one in chosen))
                progress.advance(len(chosen))
                yield chosen, list(page.problems)
                at += 1
            if at == 1 and not self._journal.pages[0].records and not self.query.barcodes:
                name = self.pages.provider.name
                message = f"{name} knows nothing like that. Try other words or fewer filters."
                yield [], [Problem("nothing_found", message)]
            yield [], list(chooser.problems())

    def _page(self, at: int, progress: Progress) -> FoundPage | None:
        """The page at that place of the walk; None after the last, or where a fault stops the walk."""
        journal = self._journal
        if at < len(journal.pages):
            return journal.pages[at]
        cursor = journal.next_cursor
        if cursor is None:
            return None
        try:
            journal.add(self.pages.page(self.query, cursor, progress))
        except FoodError as error:
            self.stopped_by = error
            return None
        return journal.pages[at]

    def _with_pictures(
        self, records: list[ProductRecord], progress: Progress
    ) -> tuple[list[ProductRecord], list[Problem]]:
        if self.pictures is None:
            return records, []
        addresses = {r.key: r.attributes[PICTURE_ADDRESS] for r in records if PICTURE_ADDRESS in r.attributes}
        paths, problems = self.pictures.fetch(addresses, progress) if addresses else ({}, [])
        self._without_picture |= {r.key: r for r in records if r.key in addresses and r.key not in paths}
        return [replace(r, picture=paths.get(r.key)) for r in records], problems


def _asked(query: FoodQuery) -> FoodQuery:
    """What of a query reaches the server."""
    return replace(query, required=(), kept=None, wanted=page_size(query.wanted))
