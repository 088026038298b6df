"""What an export writes: the same rows give the same bytes, and a failed export leaves no trace."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from prodlabel.core.products import NO_ATTRIBUTES

PATH_SEPARATOR = " > "
COLUMNS = (
    "key", "name", "description", "category", "status", "person", "decided_at", "reason",
    "classifier_version", "suggestion", "confidence", "alternatives", "reasons", "source", "picture",
    "attributes",
)  # fmt: skip
"""The columns that every export knows. Any other column name means the attribute of that name."""

PROVENANCE = COLUMNS[4:14]
"""Those of them that say how a product came by its label: they belong to the project that exports."""

Cell = str | float | list[str] | list[dict[str, str | float]] | dict[str, str] | None
"""A text, a number, the `reasons`, the `alternatives` (category, confidence), or the `attributes`."""


@dataclass(frozen=True, slots=True)
class ExportRow:
    """One product with its label and how it came by it.

    `category`, `suggestion` and the alternatives are paths of names from the root of the taxonomy; `status`
    is `Status.word`; `decided_at` is ISO 8601 in UTC; confidences are calibrated probabilities.
    """

    key: str
    name: str = ""
    description: str = ""
    category: tuple[str, ...] = ()
    status: str = ""
    person: str = ""
    decided_at: str = ""
    reason: str = ""
    classifier_version: str = ""
    suggestion: tuple[str, ...] = ()
    confidence: float | None = None
    alternatives: tuple[tuple[tuple[str, ...], float], ...] = ()
    reasons: tuple[str, ...] = ()
    source: str = ""
    picture: str = ""
    attributes: Mapping[str, str] = field(default_factory=lambda: NO_ATTRIBUTES)
    picture_file: Path | None = field(default=None, compare=False)
    """Where the picture is now, for exports that bring pictures along; no column."""

    def cell(self, column: str) -> Cell:
        """What stands in a column; texts are always encodable, attributes sorted by name."""
        if column == "attributes":
            return {text(name): text(value) for name, value in sorted(self.attributes.items())}
        if column == "confidence":
            return self.confidence
        if column == "alternatives":
            alternatives: list[dict[str, str | float]] = [
                {"category": joined(path), "confidence": share} for path, share in self.alternatives
            ]
            return alternatives
        if column == "reasons":
            return [text(reason) for reason in self.reasons]
        if column in ("category", "suggestion"):
            return joined(getattr(self, column))
        return text(getattr(self, column) if column in COLUMNS else self.attributes.get(column, ""))


def joined(path: Sequence[str]) -> str:
    """A category as one text: "Home > Curtains"."""
    return text(PATH_SEPARATOR.join(path))


def text(said: str) -> str:
    """Lone surrogates, which no file can hold, become U+FFFD."""
    try:
        said.encode("utf-8")
    except UnicodeEncodeError:
        return said.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return said


class Export(Protocol):
    """A format to write. A new one is one file and one line in `registry.EXPORTS`."""

    @property
    def kind(self) -> str:
        """A stable word for machines."""

    @property
    def title(self) -> str:
        """A few words for people."""

    @property
    def ending(self) -> str:
        """The usual ending of its files without the dot; empty where it writes a folder."""

    def write(self, path: Path, rows: Iterable[ExportRow], columns: Sequence[str] = COLUMNS) -> int:
        """Write all rows, streaming; returns their number. `path` is replaced only when all is written.

        Raises `InputError` where the place cannot be written to.
        """
