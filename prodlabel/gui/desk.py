"""What the librarian's thread reads with: its own connections to texts, pictures and the search index.

Invariant: made, used and closed in one thread; nothing here writes.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage
from sqlalchemy import select

from prodlabel.gui.long_texts import cut_entry, cut_texts
from prodlabel.operations.people import NOTHING_YET, PeopleReport, compare_people
from prodlabel.sources.picture_files import resolve_inside
from prodlabel.sources.pictures import PictureError, decode
from prodlabel.store.database import DATABASE_NAME, Database
from prodlabel.store.ledger import HistoryEntry, read_label_history
from prodlabel.store.opinions import read_opinions, read_people
from prodlabel.store.products import ProductTexts, read_texts, search_products
from prodlabel.store.schema import picture_fact
from prodlabel.store.sources import SourceInfo
from prodlabel.store.thumbnails import SIDE_PX, ThumbnailStore

THUMBNAIL_FOLDER = "thumbnails"


class Desk:
    """Readers of one project folder. `shows_unseen`: decodes pictures at which no import has looked yet."""

    def __init__(self, folder: Path, sources: dict[int, SourceInfo]) -> None:
        self.shows_unseen = True
        self._sources = sources
        self._database = Database(folder / DATABASE_NAME, read_only=True)
        self._thumbnails = ThumbnailStore(folder / THUMBNAIL_FOLDER, writable=False)

    def close(self) -> None:
        self._thumbnails.close()
        self._database.close()

    def texts(self, product_ids: Sequence[int]) -> list[ProductTexts]:
        """Names, descriptions and attributes of these products, cut to what is shown; unknown ones are left
        out."""
        with self._database.read() as connection:
            found = read_texts(connection, list(product_ids))
        return [cut_texts(one) for one in found]

    def label_history(self, product_id: int) -> list[tuple[HistoryEntry, int, int]]:
        """What was decided about one product, oldest first: (edit, category id, status)."""
        with self._database.read() as connection:
            found = read_label_history(connection, product_id)
        return [(cut_entry(entry), category, status) for entry, category, status in found]

    def search(self, words: str) -> NDArray[np.int64]:
        """Ids of the products that hold all these words."""
        with self._database.read() as connection:
            return search_products(connection, words)

    def thumbnails(self, product_ids: Sequence[int]) -> dict[int, QImage | None]:
        """A decoded thumbnail for each product that has a usable picture, None for the others."""
        keys = self._contents(product_ids)
        stored = self._thumbnails.get_many([keys.get(product_id) for product_id in product_ids])
        images: dict[int, QImage | None] = {}
        unmade: list[int] = []
        for product_id, jpeg in zip(product_ids, stored, strict=True):
            image = QImage.fromData(jpeg) if jpeg is not None else QImage()
            images[product_id] = None if image.isNull() else image
            if image.isNull() and self._may_decode(product_id, keys):
                unmade.append(product_id)
        # No thumbnail was made yet: the picture itself, in small.
        for texts in self.texts(unmade) if unmade else []:
            images[texts.product_id] = self._decoded(texts, SIDE_PX)
        return images

    def picture(self, product_id: int, side_px: int) -> QImage | None:
        """The product's picture, its longer side at most `side_px`; None where none can be shown."""
        if not self._may_decode(product_id, self._contents([product_id])):
            return None
        found = self.texts([product_id])
        return self._decoded(found[0], side_px) if found else None

    def _contents(self, product_ids: Sequence[int]) -> dict[int, bytes | None]:
        """What names the picture of each product that an import has looked at; None for unusable ones."""
        with self._database.read() as connection:
            rows = connection.execute(
                select(picture_fact.c.product_id, picture_fact.c.content_hash).where(
                    picture_fact.c.product_id.in_(list(product_ids))
                )
            ).all()
        return {row.product_id: row.content_hash for row in rows}

    def _may_decode(self, product_id: int, contents: dict[int, bytes | None]) -> bool:
        """Whether a picture is known to be harmless, or nobody asked for care."""
        if product_id in contents:
            return contents[product_id] is not None
        return self.shows_unseen

    def _decoded(self, texts: ProductTexts, side_px: int) -> QImage | None:
        source = self._sources.get(texts.source_id)
        if texts.picture is None or source is None or source.picture_folder is None:
            return None
        path = resolve_inside(source.picture_folder, texts.picture)
        if path is None:
            return None
        try:
            rgb = decode(path, max_side_px=side_px)
        except PictureError:
            # Known to the import's report; here the pane shows that there is no picture.
            return None
        height, width = rgb.shape[:2]
        pixels = np.ascontiguousarray(rgb)
        return QImage(pixels.data, width, height, 3 * width, QImage.Format.Format_RGB888).copy()


def read_agreement(folder: Path) -> PeopleReport:
    """How far the curators of a project agree; looks at every decision, so it may take a while."""
    database = Database(folder / DATABASE_NAME, read_only=True)
    try:
        with database.read() as connection:
            if len(read_people(connection)) < 2:
                return NOTHING_YET
            return compare_people(read_opinions(connection))
    finally:
        database.close()
