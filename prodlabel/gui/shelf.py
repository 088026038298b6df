"""What the next products need, fetched and decoded before they are asked for: review and inspector.

Invariant: files and database are read in the librarian's thread; the GUI thread only takes from the shelf.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage, QPixmap

from prodlabel.gui.desk import Desk
from prodlabel.gui.librarian import Librarian
from prodlabel.store.ledger import HistoryEntry
from prodlabel.store.products import ProductTexts

SIDE_PX = 900
AHEAD = 4
_KEPT = 16
_NAMES_KEPT = 2_000

Decided = list[tuple[HistoryEntry, int, int]]


@dataclass(frozen=True, slots=True, eq=False)
class Contents:
    """One product as its card shows it; `picture` None: there is none."""

    product_id: int
    texts: ProductTexts
    history: Decided
    picture: QPixmap | None


class Shelf(QObject):
    """Signals: `arrived` with a product id, `names_arrived`."""

    arrived = Signal(int)
    names_arrived = Signal()

    def __init__(
        self,
        librarian: Librarian,
        parent: QObject | None = None,
        *,
        lane: str = "card",
        side_px: int = SIDE_PX,
    ) -> None:
        super().__init__(parent)
        self._lane, self._side_px = lane, side_px
        self._librarian = librarian
        self._kept: OrderedDict[int, Contents] = OrderedDict()
        self._wanted: frozenset[int] = frozenset()
        self._names: OrderedDict[int, str] = OrderedDict()

    def name(self, product_id: int) -> str:
        """The product's name where it is here already, else nothing."""
        return self._names.get(product_id, "")

    def prepare_names(self, product_ids: Sequence[int]) -> None:
        """Fetch the names of products that are shown together, now or next."""
        missing = [one for one in product_ids if one not in self._names]
        if not missing:
            return

        def take(found: dict[int, str]) -> None:
            self._names.update(found)
            while len(self._names) > _NAMES_KEPT:
                self._names.popitem(last=False)
            self.names_arrived.emit()

        def read(desk: Desk) -> dict[int, str]:
            return {texts.product_id: texts.name for texts in desk.texts(missing)}

        self._librarian.ask("names", read, take)

    def get(self, product_id: int) -> Contents | None:
        """The contents where they are here already."""
        return self._kept.get(product_id)

    def prepare(self, product_id: int, coming: Sequence[int]) -> None:
        """Fetch what the present card needs first, then what the next ones will."""
        missing = [one for one in (product_id, *coming[:AHEAD]) if one and one not in self._kept]
        if missing and not self._wanted.issuperset(missing):
            self._wanted = frozenset(missing)
            self._fetch(missing)
        elif not missing:
            self._wanted = frozenset()

    def clear(self) -> None:
        """Products have changed: fetch everything anew."""
        self._kept.clear()
        self._wanted = frozenset()

    def forget(self, product_ids: Sequence[int]) -> None:
        """Something was decided about these: what is kept of their history is not true any more."""
        for product_id in product_ids:
            self._kept.pop(product_id, None)

    def _fetch(self, missing: list[int]) -> None:
        now, later = missing[0], missing[1:]
        self._librarian.ask(self._lane, _reader(now, self._side_px), lambda found: self._take(found, later))

    def _take(self, found: tuple[ProductTexts, Decided, QImage | None] | None, later: list[int]) -> None:
        if found is not None:
            texts, history, image = found
            picture = None if image is None else QPixmap.fromImage(image)
            self._kept[texts.product_id] = Contents(texts.product_id, texts, history, picture)
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        if later:
            self._fetch(later)
        else:
            self._wanted = frozenset()
        if found is not None:
            self.arrived.emit(found[0].product_id)


def _reader(
    product_id: int, side_px: int
) -> Callable[[Desk], tuple[ProductTexts, Decided, QImage | None] | None]:
    def read(desk: Desk) -> tuple[ProductTexts, Decided, QImage | None] | None:
        texts = desk.texts([product_id])
        if not texts:
            return None
        return texts[0], desk.label_history(product_id), desk.picture(product_id, side_px)

    return read
