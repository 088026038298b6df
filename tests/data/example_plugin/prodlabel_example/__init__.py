"""An example of a package that adds a source, an export and an encoder to prodlabel by entry points.

Its metadata (here written by hand; in a project of its own, `[project.entry-points]`) names these classes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from prodlabel.core.products import Problem, ProductRecord
from prodlabel.core.progress import Progress
from prodlabel.encoders.protocol import Kind


class LinesSource:
    """A text with one product a line: `key: name`."""

    kind = "example-lines"
    title = "lines of products (example)"

    def recognises(self, location: Path) -> bool:
        return location.suffix == ".lines"

    def open(self, location: Path, options: Any = None) -> LinesCatalogue:
        return LinesCatalogue(location)


@dataclass(frozen=True)
class LinesCatalogue:
    location: Path
    kind: str = LinesSource.kind
    picture_folder: Path | None = None
    columns: tuple[str, ...] = ()
    mapping: Any = None

    @property
    def title(self) -> str:
        return self.location.name

    def records(self, progress: Progress) -> Iterator[ProductRecord | Problem]:
        for number, line in enumerate(self.location.read_text(encoding="utf-8").splitlines(), 1):
            progress.check()
            key, _, name = line.partition(": ")
            if not name:
                yield Problem("no_name", "The line is not KEY: NAME.", number)
                continue
            yield ProductRecord(key, name, row=number)


class NamesExport:
    """Only the names, one a line."""

    kind = "example-names"
    title = "names (example)"
    ending = "names"

    def write(self, path: Path, rows: Iterable[Any], columns: Sequence[str] = ()) -> int:
        names = [row.name for row in rows]
        path.write_text("\n".join(names), encoding="utf-8")
        return len(names)


class LengthEncoder:
    """A vector of two numbers: long or short."""

    id = "example-length"
    title = "Length (example)"
    kind = Kind.TEXT
    dim = 2
    wanted_side_px = 0
    batch_budget = 1000
    version = "1"

    def cost(self, item: str) -> int:
        return 1

    def encode(self, batch: Sequence[str]) -> Any:
        angle = np.array([min(len(text), 100) / 100 for text in batch])
        return np.stack([np.cos(angle), np.sin(angle)], axis=1).astype(np.float32)


class BrokenSource:
    """Fails wherever it can."""

    kind = "example-broken"
    title = "broken (example)"

    def recognises(self, location: Path) -> bool:
        raise RuntimeError("recognising failed")

    def open(self, location: Path, options: Any = None) -> Any:
        raise RuntimeError("opening failed")


class BrokenExport:
    """Fails in the middle."""

    kind = "example-broken"
    title = "broken (example)"

    def write(self, path: Path, rows: Iterable[Any], columns: Sequence[str] = ()) -> int:
        return 1 // 0


class HalfSource:
    """Lacks what a source needs."""

    kind = "example-half"


class TakenSource(LinesSource):
    """Wants to be called as a source of prodlabel is."""

    kind = "table"


class UnmakeableSource:
    def __init__(self) -> None:
        raise OSError("no licence")
