"""What a product is on its way into a project: plain, frozen records that a source yields."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

KEPT_PROBLEMS = 10_000
"""A catalogue of a million products may have something wrong with each."""

NO_ATTRIBUTES: Mapping[str, str] = MappingProxyType({})


PictureFact = tuple[int, bytes | None, int, int, str | None]
"""Of a picture: product id, content hash (None: unusable), width, height, why it is unusable (None: it is
usable)."""


@dataclass(frozen=True, slots=True)
class ProductRecord:
    """One catalogue entry as its source gives it.

    `key` is unique within the catalogue and stable between imports. `category` is the path of names from the
    root of the taxonomy, empty where the source gives none. `picture` is relative to the source's picture
    folder (posix separators), or None. `attributes` holds everything else worth keeping as plain texts
    ("brand", "price", the parsed specifications as "spec: Material" ...). `row` is where it stands in its
    source, for messages only.
    """

    key: str
    name: str
    description: str = ""
    category: tuple[str, ...] = ()
    picture: str | None = None
    attributes: Mapping[str, str] = field(default_factory=lambda: NO_ATTRIBUTES)
    row: int | None = field(default=None, compare=False)

    def fingerprint(self) -> bytes:
        """16 bytes that differ when anything the source said differs."""
        picture = "-" if self.picture is None else f"+{self.picture}"
        said = [self.name, self.description, picture, str(len(self.category)), *self.category]
        for name in sorted(self.attributes):
            said += (name, self.attributes[name])
        # Each length before its text: no two different records can come to the same bytes.
        lengths = ",".join([str(len(text)) for text in said])
        return content_hash("\0".join([lengths, *said]).encode("utf-8", "surrogatepass"))


def content_hash(content: bytes) -> bytes:
    """16 bytes that name a content; what vectors and thumbnails are keyed by."""
    return hashlib.blake2b(content, digest_size=16).digest()


@dataclass(frozen=True, slots=True)
class Problem:
    """Something about one row or file that the user should know; the rest of the import goes on.

    `row` is the 1-based line or record number in its file (None for a folder), `code` a stable word for
    machines ("picture_missing"), `message` a sentence for people.
    """

    code: str
    message: str
    row: int | None = None
    key: str | None = None
    path: Path | None = None


@dataclass(slots=True, kw_only=True)
class ProblemReport:
    """What is wrong with a catalogue: `problems`, the first 10,000, and `problem_counts`, all by code."""

    problems: list[Problem] = field(default_factory=list)
    problem_counts: Counter[str] = field(default_factory=Counter)

    @property
    def problem_count(self) -> int:
        """How many there are, kept or not."""
        return self.problem_counts.total()

    def note(self, problem: Problem) -> None:
        """Count a problem, and keep it while there is room."""
        self.problem_counts[problem.code] += 1
        if len(self.problems) < KEPT_PROBLEMS:
            self.problems.append(problem)

    def note_all(self, others: ProblemReport) -> None:
        """The same for all that another report knows of."""
        self.problem_counts += others.problem_counts
        self.problems += others.problems[: KEPT_PROBLEMS - len(self.problems)]
