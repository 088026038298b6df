"""What a taxonomy's source yields: each category with its path and its key there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from prodlabel.core.errors import InputError
from prodlabel.core.products import Problem
from prodlabel.core.progress import Progress
from prodlabel.sources.sniff import MARK_BAD_BYTES

LEVELS_LIMIT = 32
LINES_LIMIT = 1_000_000
_LINE_LIMIT = 65_536
_NAME_LIMIT = 500


@dataclass(frozen=True, slots=True)
class TaxonomyEntry:
    """One category: names from level 1 down, the key that it has where it comes from, and a sentence about it
    ("" for none)."""

    path: tuple[str, ...]
    external_id: str = ""
    row: int | None = None
    description: str = ""


class TaxonomySource(Protocol):
    """A format of taxonomies. A new one is one file and one line in `registry.TAXONOMIES`."""

    @property
    def kind(self) -> str:
        """A stable word for machines."""

    @property
    def title(self) -> str:
        """A few words for people."""

    def recognises(self, location: Path) -> bool:
        """Whether the file is of this kind; reads no more than a beginning."""

    def read(
        self, location: Path, progress: Progress, language: str = "en"
    ) -> Iterator[TaxonomyEntry | Problem]:
        """The categories, and what is wrong with some lines. `language` counts where there are several."""


def lines(location: Path, progress: Progress) -> Iterator[tuple[int, str]]:
    """The numbered lines of a text in UTF-8 without their ends; over-long ones are cut.

    Raises `InputError` where it cannot be read or has more lines than a taxonomy can have.
    """
    try:
        file = location.open(encoding="utf-8-sig", errors=MARK_BAD_BYTES)
    except OSError as error:
        raise InputError(f"{location} cannot be read ({error.strerror}). Check path and rights.") from error
    with file, progress.stage(f"Read {location.name}", unit="lines"):
        number = 0
        is_inside = False
        while line := file.readline(_LINE_LIMIT):
            if not is_inside:
                number += 1
                if number > LINES_LIMIT:
                    raise InputError(f"{location.name} is too long for a taxonomy. Choose another file.")
                progress.advance()
                yield number, line.rstrip("\n").replace("\0", "").replace("\udcff", "\ufffd")
            is_inside = not line.endswith("\n")


def first_lines(location: Path, count: int = 200) -> list[str]:
    """Some lines of a file, or none where it cannot be read as text."""
    found = []
    for _, line in lines(location, Progress()):
        found.append(line)
        if len(found) >= count:
            break
    return found


def clean_path(names: list[str]) -> tuple[str, ...]:
    """The names without superfluous space and without the sign that separates levels.

    Empty where one of them is too long to be a name.
    """
    path = tuple(clean for name in names if (clean := " ".join(name.replace(">", "›").split())))
    return path if all(len(name) <= _NAME_LIMIT for name in path) else ()
