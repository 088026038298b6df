"""Products as a report shows them: key, name, category and a small picture inside the page.

Invariant: pictures stay below a budget of bytes, so that the page can be mailed; whatever is left out is
counted.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from prodlabel.operations.pictures import THUMBNAIL_FOLDER
from prodlabel.operations.report.scheme import Scheme
from prodlabel.operations.report.wording import shortened
from prodlabel.project.snapshot import Reader, Snapshot
from prodlabel.store.thumbnails import ThumbnailStore

PICTURE_BUDGET = 4_500_000
"""Bytes of all pictures of a page together, as they stand in it (base64)."""
KEY_BUDGET = 700_000
"""Characters of all keys of a page together, beside those of cards."""
_NAME_LENGTH = 90


@dataclass(frozen=True, slots=True)
class Card:
    """One product. `style` is a number of the scheme, `picture` a data URI or None, `note` a line below."""

    key: str
    name: str
    category: str
    style: int
    picture: str | None
    note: str = ""
    why_no_picture: str = ""


class Gallery:
    """Makes cards of rows. Belongs to one thread; use it through `open_gallery`."""

    def __init__(
        self,
        snapshot: Snapshot,
        reader: Reader,
        thumbnails: ThumbnailStore,
        scheme: Scheme,
        labels: NDArray[np.int32],
    ) -> None:
        self.facts = snapshot.read_picture_facts()
        self.left_out = 0
        self._snapshot = snapshot
        self._reader = reader
        self._thumbnails = thumbnails
        self._scheme = scheme
        self._style = scheme.numbers(labels)
        self._labels = labels
        self._spent = self._spent_on_keys = 0
        self._keys: dict[int, str] = {}

    def has_picture(self, rows: NDArray[np.int64]) -> NDArray[np.bool_]:
        """(n,) whether there is a usable picture of each row."""
        return np.array([self._picture_key(row) is not None for row in rows.tolist()], dtype=bool)

    def cards(self, rows: Iterable[int], notes: Iterable[str] | None = None) -> list[Card]:
        """The cards of these rows, in their order, each with its note."""
        wanted = [int(row) for row in rows]
        said = list(notes) if notes is not None else [""] * len(wanted)
        if not wanted:
            return []
        pictures = self.pictures(wanted)
        texts = self._reader.texts(wanted)
        return [
            Card(
                one.key,
                shortened(one.name, _NAME_LENGTH) or "(no name)",
                self._scheme.name(int(self._labels[row])),
                int(self._style[row]),
                picture,
                note,
                "" if picture is not None else self._why_no_picture(row),
            )
            for row, one, picture, note in zip(wanted, texts, pictures, said, strict=True)
        ]

    def ids(self, rows: list[int]) -> list[int]:
        """The identities of these rows."""
        found: list[int] = self._snapshot.columns.product_id[rows].tolist()
        return found

    def keys(self, rows: list[int]) -> list[str]:
        """The keys of these rows, the first of them only where there is no room for more."""
        room = max(0, KEY_BUDGET - self._spent_on_keys)
        wanted = rows[:room]
        missing = [row for row in dict.fromkeys(wanted) if row not in self._keys]
        if missing:
            for row, one in zip(missing, self._reader.texts(missing), strict=True):
                self._keys[row] = one.key
        found = []
        for row in wanted:
            room -= len(self._keys[row]) + 1
            if room < 0:
                break
            found.append(self._keys[row])
            self._spent_on_keys += len(self._keys[row]) + 1
        return found

    def pictures(self, rows: list[int]) -> list[str | None]:
        """A data URI for each row, None where there is no picture or no room for it."""
        found = self._thumbnails.get_many([self._picture_key(row) for row in rows])
        return [None if jpeg is None else self._inlined(jpeg) for jpeg in found]

    def _inlined(self, jpeg: bytes) -> str | None:
        uri = f"data:image/jpeg;base64,{base64.b64encode(jpeg).decode()}"
        if self._spent + len(uri) > PICTURE_BUDGET:
            self.left_out += 1
            return None
        self._spent += len(uri)
        return uri

    def _picture_key(self, row: int) -> bytes | None:
        fact = self.facts.get(int(self._snapshot.columns.product_id[row]))
        return None if fact is None else fact[0]

    def _why_no_picture(self, row: int) -> str:
        fact = self.facts.get(int(self._snapshot.columns.product_id[row]))
        if fact is None:
            return "not looked at" if self._snapshot.columns.has_picture[row] else "no picture"
        return "left out" if fact[0] is not None else "unusable picture"


@contextmanager
def open_gallery(snapshot: Snapshot, scheme: Scheme, labels: NDArray[np.int32]) -> Iterator[Gallery]:
    """A gallery over a snapshot, for the duration of the block. `labels` (n,) are of the scheme's level."""
    folder = snapshot.folder / THUMBNAIL_FOLDER
    with snapshot.reader() as reader, ThumbnailStore(folder, writable=False) as thumbnails:
        yield Gallery(snapshot, reader, thumbnails, scheme, labels)
