"""Streams the repeated elements of an XML file; a document type declaration is refused, so nothing expands.

At most one element's text is held; depth, length and number of its parts are bounded.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import BinaryIO
from xml.parsers import expat

from prodlabel.core.errors import InputError
from prodlabel.sources.json_stream import DEPTH_LIMIT, ELEMENT_LIMIT, Element

_PIECE = 65_536
_PARTS_LIMIT = 1_000


class ForbiddenXmlError(InputError):
    """The file declares a document type or entities, which catalogues never need."""


def new_parser(name: str, encoding: str | None = None) -> expat.XMLParserType:
    """A parser that joins text and raises `ForbiddenXmlError` for declarations of types and entities.

    The only `xml` that prodlabel reads goes through here: without a document type there is no entity to
    expand (billion laughs, quadratic blow-up) and no file or address to fetch.
    """
    parser = expat.ParserCreate(encoding)
    parser.buffer_text = True

    def refuse(*_: object) -> None:
        raise ForbiddenXmlError(
            f"{name} declares a document type, which could make it expand without end. "
            "Remove the <!DOCTYPE ...> from it."
        )

    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    parser.ExternalEntityRefHandler = refuse  # type: ignore[assignment]
    return parser


def local_name(name: str) -> str:
    """The name of an element without its prefix: "g:id" -> "id"."""
    return name.rpartition(":")[2]


def xml_items(
    file: BinaryIO, name: str, items: frozenset[str], tick: Callable[[], None] = lambda: None
) -> Iterator[Element]:
    """The elements called one of `items`, as dictionaries from the names of their parts to texts.

    Parts of parts are joined to "shipping/price"; a part that is repeated becomes a list. A file that breaks
    off ends with the flaw "file_cut_off". Raises `ForbiddenXmlError`.
    """
    collector = _Items(items)
    parser = new_parser(name)
    parser.StartElementHandler = collector.start
    parser.EndElementHandler = collector.end
    parser.CharacterDataHandler = collector.text
    try:
        while piece := file.read(_PIECE):
            tick()
            parser.Parse(piece, False)
            yield from collector.take()
        parser.Parse(b"", True)
    except expat.ExpatError:
        yield from collector.take()
        yield Element(collector.number + 1, None, "file_cut_off")
        return
    yield from collector.take()


class _Items:
    """Builds one element after the other from what the parser meets."""

    def __init__(self, items: frozenset[str]) -> None:
        self._items = items
        self._done: list[Element] = []
        self._open: list[str] | None = None
        self._depth = 0
        self._texts: list[str] = []
        self._length = 0
        self._parts: dict[str, list[str]] = {}
        self._part_count = 0
        self._flaw: str | None = None
        self.number = 0

    def take(self) -> list[Element]:
        done, self._done = self._done, []
        return done

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if self._open is None:
            if local_name(name) in self._items:
                self.number += 1
                self._open, self._parts, self._part_count, self._length, self._flaw = [], {}, 0, 0, None
            return
        self._depth += 1
        if self._depth > DEPTH_LIMIT:
            self._flaw = self._flaw or "nested_too_deeply"
            return
        self._open.append(local_name(name))
        self._texts = []
        if local_name(name) == "link" and "href" in attributes:  # Atom says its links so
            self._texts.append(attributes["href"])

    def text(self, text: str) -> None:
        if self._open:
            self._length += len(text)
            if self._length > ELEMENT_LIMIT:
                self._flaw = self._flaw or "record_too_long"
            if self._flaw is None:
                self._texts.append(text)

    def end(self, _name: str) -> None:
        if self._open is None:
            return
        if self._depth == 0:
            parts = {part: said[0] if len(said) == 1 else said for part, said in self._parts.items()}
            self._done.append(Element(self.number, None if self._flaw else parts, self._flaw))
            self._open = None
            return
        self._depth -= 1
        if self._depth >= DEPTH_LIMIT:
            return
        said = "".join(self._texts).strip()
        if said:
            self._part_count += 1
            if self._part_count > _PARTS_LIMIT:
                self._flaw = self._flaw or "record_too_long"
            else:
                self._parts.setdefault("/".join(self._open), []).append(said)
        self._open.pop()
        self._texts = []
