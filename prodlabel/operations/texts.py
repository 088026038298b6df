"""The texts that encoders and classifiers see: boilerplate taken out, specifications as a text of their own.

What counts as boilerplate is learnt once and kept with the project, so that adding a product does not change
the texts (and with them the vectors) of all others; it is learnt anew when the catalogue has doubled.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from dataclasses import dataclass
from itertools import tee
from pathlib import Path

from prodlabel.core.products import content_hash
from prodlabel.core.progress import Progress
from prodlabel.encoders.text.prepare import Boilerplate, spec_text
from prodlabel.project.snapshot import Snapshot
from prodlabel.store.atomic import read_json, write_json
from prodlabel.store.products import ProductTexts

_CHUNK = 2_000
STATE_FILE = "boilerplate.json"

FIELDS = ("text", "name", "spec")
"""What a text encoder is given of a product: cleaned name and description, name, specifications."""


@dataclass(frozen=True, slots=True)
class PreparedTexts:
    """One entry per row of the snapshot in each list."""

    text: list[str]
    name: list[str]
    spec: list[str]

    def field(self, name: str) -> list[str]:
        """The texts of one of `FIELDS`."""
        found: list[str] = getattr(self, name)
        return found

    def joined(self) -> list[str]:
        """All that is known of each product in words, for word counts."""
        return [
            f"{text} {spec}".strip() or name
            for text, spec, name in zip(self.text, self.spec, self.name, strict=True)
        ]


def text_key(text: str) -> bytes | None:
    """What names a text's vector; None for an empty text."""
    return content_hash(text.encode("utf-8", "surrogatepass")) if text else None


def prepare_texts(snapshot: Snapshot, progress: Progress) -> PreparedTexts:
    """The prepared texts of all products, in the order of the rows."""
    boilerplate = load_boilerplate(snapshot, progress)
    prepared = PreparedTexts([], [], [])
    with progress.stage("Preparing texts", len(snapshot.columns)):
        for text, name, spec in iterate_prepared(snapshot, boilerplate):
            prepared.text.append(text)
            prepared.name.append(name)
            prepared.spec.append(spec)
            progress.advance()
    return prepared


def iterate_prepared(
    snapshot: Snapshot, boilerplate: Boilerplate
) -> Generator[tuple[str, str, str], None, None]:
    """The texts of each row, in the order of `FIELDS`, one product in memory at a time."""
    with snapshot.reader() as reader:
        for texts in reader.all_texts():
            yield _prepared(boilerplate, texts)


def prepared_of(
    snapshot: Snapshot, boilerplate: Boilerplate, rows: list[int]
) -> Generator[tuple[str, str, str], None, None]:
    """The same of these rows alone, in their order."""
    with snapshot.reader() as reader:
        for start in range(0, len(rows), _CHUNK):
            for texts in reader.texts(rows[start : start + _CHUNK]):
                yield _prepared(boilerplate, texts)


def _prepared(boilerplate: Boilerplate, texts: ProductTexts) -> tuple[str, str, str]:
    cleaned = boilerplate.clean(texts.name, texts.description)
    return cleaned, texts.name, spec_text(texts.attributes)


def load_boilerplate(snapshot: Snapshot, progress: Progress) -> Boilerplate:
    """What was learnt of this project's boilerplate, learnt now where it was not or the catalogue doubled."""
    path = snapshot.folder / STATE_FILE
    if path.is_file():
        known = read_json(path)
        if len(snapshot.columns) < 2 * max(1, known["product_count"]):
            return Boilerplate.from_state(known["state"])
    return _learn(snapshot, path, progress)


def _learn(snapshot: Snapshot, path: Path, progress: Progress) -> Boilerplate:
    with progress.stage("Finding boilerplate", len(snapshot.columns)):
        # Read side by side, so that no more than one product is held between the two.
        for_names, for_descriptions = tee(_all_texts(snapshot, progress))
        boilerplate = Boilerplate().fit(
            (texts.name for texts in for_names), (texts.description for texts in for_descriptions)
        )
    write_json(path, {"product_count": len(snapshot.columns), "state": boilerplate.state()})
    return boilerplate


def _all_texts(snapshot: Snapshot, progress: Progress) -> Iterator[ProductTexts]:
    with snapshot.reader() as reader:
        for texts in reader.all_texts():
            progress.advance()
            yield texts
