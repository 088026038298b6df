"""Any catalogue whose products name their pictures by address, with the pictures fetched as it is read.

Invariant: nothing is fetched before `records` is read, and what is fetched is checked like every picture from
the web (see `pictures_download`). A picture that is there already is not fetched again.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from prodlabel.core.products import Problem, ProductRecord
from prodlabel.core.progress import Progress
from prodlabel.sources.assemble import PICTURE_ADDRESS
from prodlabel.sources.food.catalogue import PictureFetcher
from prodlabel.sources.mapping import ColumnMapping
from prodlabel.sources.protocol import Catalogue

_AT_ONCE = 100
_ANSWERED = "picture_is_address"
"""The problem that fetching is the answer to."""


@dataclass(frozen=True, slots=True)
class WithPictures:
    """`inner` with its addresses fetched. Where `inner` has pictures as files too, those stay, and addresses
    are left alone: the pictures of one source lie in one folder.
    """

    inner: Catalogue
    pictures: PictureFetcher

    @property
    def kind(self) -> str:
        return self.inner.kind

    @property
    def title(self) -> str:
        return self.inner.title

    @property
    def picture_folder(self) -> Path | None:
        return self.inner.picture_folder or self.pictures.folder

    @property
    def columns(self) -> tuple[str, ...]:
        return self.inner.columns

    @property
    def mapping(self) -> ColumnMapping | None:
        return self.inner.mapping

    def records(self, progress: Progress) -> Iterator[ProductRecord | Problem]:
        if self.inner.picture_folder is not None:
            message = "This source has pictures as files, so that those named by an address are not fetched."
            yield Problem("pictures_mixed", message)
            yield from self.inner.records(progress)
            return
        waiting: list[ProductRecord] = []
        for item in self.inner.records(progress):
            if isinstance(item, Problem):
                if item.code != _ANSWERED:
                    yield item
                continue
            waiting.append(item)
            if len(waiting) >= _AT_ONCE:
                yield from self._fetched(waiting, progress)
                waiting = []
        yield from self._fetched(waiting, progress)

    def _fetched(self, records: list[ProductRecord], progress: Progress) -> Iterator[ProductRecord | Problem]:
        addresses = {one.key: one.attributes.get(PICTURE_ADDRESS, "") for one in records}
        wanted = {key: address for key, address in addresses.items() if address}
        paths, problems = self.pictures.fetch(wanted, progress) if wanted else ({}, [])
        yield from problems
        for record in records:
            yield replace(record, picture=paths.get(record.key))
