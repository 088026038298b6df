"""What a source of products must offer. Sources stream: memory does not grow with the texts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from prodlabel.core.products import Problem, ProductRecord
from prodlabel.core.progress import Progress
from prodlabel.sources.mapping import ColumnMapping


@dataclass(frozen=True, slots=True)
class OpenOptions:
    """What the user decided instead of leaving it to be found; None means: find it."""

    mapping: ColumnMapping | None = None
    picture_folder: Path | None = None
    encoding: str | None = None
    delimiter: str | None = None
    has_header: bool | None = None
    table: str | None = None


NO_OPTIONS = OpenOptions()


class Catalogue(Protocol):
    """An opened location: what it looks like, and its products."""

    @property
    def kind(self) -> str:
        """The `kind` of the source that opened it."""

    @property
    def title(self) -> str:
        """What to call it on screen and in provenance."""

    @property
    def picture_folder(self) -> Path | None:
        """The folder that the records' pictures are relative to; None where there are none."""

    @property
    def columns(self) -> tuple[str, ...]:
        """The table's columns; empty where the source is no table."""

    @property
    def mapping(self) -> ColumnMapping | None:
        """The mapping in use; None where the source is no table."""

    def records(self, progress: Progress) -> Iterator[ProductRecord | Problem]:
        """Products and problems in the order of the file; may be called again, with the same outcome."""


class Source(Protocol):
    """A kind of place that products come from. A new one is one file and one line in `registry.SOURCES`."""

    @property
    def kind(self) -> str:
        """A stable word for machines."""

    @property
    def title(self) -> str:
        """A few words for people."""

    def recognises(self, location: Path) -> bool:
        """Whether this source is the one to open `location`; reads no more than a beginning."""

    def open(self, location: Path, options: OpenOptions = NO_OPTIONS) -> Catalogue:
        """Raises `InputError` where the location cannot be read as this kind."""
