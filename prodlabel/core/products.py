"""What a product is on its way into a project: plain, frozen records that a source yields."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

NO_ATTRIBUTES: Mapping[str, str] = MappingProxyType({})


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
        attributes = sorted(self.attributes.items())
        said = [self.name, self.description, list(self.category), self.picture, attributes]
        text = json.dumps(said, ensure_ascii=False, separators=(",", ":"))
        return content_hash(text.encode("utf-8", "surrogatepass"))


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
