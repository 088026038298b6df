"""Walks a JSON text of any size, holding one element at a time; depth and length of an element are bounded.

The text is cut into elements by its brackets and quotation marks alone; `json` then reads each element, so a
wrong element costs itself and not the file.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple, Protocol

DEPTH_LIMIT = 64
ELEMENT_LIMIT = 16 * 1024 * 1024
"""Characters of one element."""
_PIECE = 65_536
_NAME_LIMIT = 4_096

_SPACE = re.compile(r"[ \t\r\n]*")
_MARK = re.compile(r'"(?:[^"\\]++|\\.)*+"|[{}\[\]"]', re.DOTALL)
_IN_STRING = re.compile(r'[^"\\]*+(?:\\.[^"\\]*+)*+', re.DOTALL)
_SCALAR = re.compile(r"[^\s,\]}\[{\":]*")


class JsonBrokenError(Exception):
    """The text is no JSON from here on; the message completes "the file ..."."""


class Element(NamedTuple):
    """One element of an array: its 1-based number, its value, and why there is none (a problem code)."""

    number: int
    value: Any
    flaw: str | None = None


class _TextSource(Protocol):
    def read(self, size: int, /) -> str:
        """At most `size` characters; empty at the end."""


def load_value(text: str) -> tuple[Any, str | None]:
    """The value of a JSON text and no flaw, or None and what is wrong. Numbers stay as they are written."""
    try:
        return json.loads(text, parse_int=str, parse_float=str, parse_constant=str), None
    except RecursionError:
        return None, "nested_too_deeply"
    except ValueError:
        return None, "unreadable_json"


class JsonStream:
    """Reads one text once, from its beginning."""

    def __init__(self, text: _TextSource, tick: Callable[[], None] = lambda: None) -> None:
        self._text = text
        self._tick = tick
        self._held = ""
        self._at = 0

    def elements(self, *names: str) -> Iterator[tuple[str, Element]]:
        """The elements of the array at the top, or of the arrays with these names in the object at the top.

        No names: of every array there. Raises `JsonBrokenError`.
        """
        opening = self._next_mark()
        if opening == "[":
            self._at += 1
            for element in self._array():
                yield "", element
        elif opening == "{":
            self._at += 1
            yield from self._members(names)
        else:
            raise JsonBrokenError("does not begin with a list or an object")

    def _members(self, names: tuple[str, ...]) -> Iterator[tuple[str, Element]]:
        while (mark := self._next_mark()) != "}":
            if mark == ",":
                self._at += 1
                continue
            if mark != '"':
                raise JsonBrokenError("has something other than a name where a name must stand")
            text, _ = self._value(_NAME_LIMIT)
            name, _ = load_value(text or '""')
            if self._next_mark() != ":":
                raise JsonBrokenError("has a name without a value")
            self._at += 1
            if self._next_mark() == "[" and (not names or name in names):
                self._at += 1
                for element in self._array():
                    yield str(name), element
            else:
                self._value(0)

    def _array(self) -> Iterator[Element]:
        number = 0
        while (mark := self._next_mark()) != "]":
            if number:
                if mark != ",":
                    raise JsonBrokenError("has two elements without a comma between them")
                self._at += 1
                self._next_mark()
            number += 1
            text, flaw = self._value(ELEMENT_LIMIT)
            if text is None:
                yield Element(number, None, flaw)
                continue
            value, flaw = load_value(text)
            yield Element(number, value, flaw)
        self._at += 1

    def _fill(self) -> bool:
        """Read on; what was passed is forgotten. False at the end."""
        piece = self._text.read(_PIECE)
        self._tick()
        self._held = self._held[self._at :] + piece
        self._at = 0
        return bool(piece)

    def _next_mark(self) -> str:
        """The next character that is no space, which is not passed. Raises `JsonBrokenError` at the end."""
        while True:
            found = _SPACE.match(self._held, self._at)
            assert found is not None
            self._at = found.end()
            if self._at < len(self._held):
                return self._held[self._at]
            if not self._fill():
                raise JsonBrokenError("breaks off")

    def _value(self, limit: int) -> tuple[str | None, str | None]:
        """Pass one value; its text where it is no longer than `limit`, else None and the flaw."""
        collector = _Collector(limit)
        mark = self._next_mark()
        if mark in "{[":
            self._pass_nested(collector)
        elif mark == '"':
            collector.add('"')
            self._at += 1
            self._pass_string(collector)
        else:
            self._pass_scalar(collector)
        return collector.text(), collector.flaw

    def _pass_scalar(self, collector: _Collector) -> None:
        start = collector.length
        while True:
            found = _SCALAR.match(self._held, self._at)
            assert found is not None
            collector.add(found.group())
            self._at = found.end()
            if self._at < len(self._held) or not self._fill():
                break
        if collector.length == start:
            raise JsonBrokenError("has no value where one must stand")

    def _pass_string(self, collector: _Collector) -> None:
        """From behind the opening quotation mark to behind the closing one."""
        while True:
            found = _IN_STRING.match(self._held, self._at)
            assert found is not None
            collector.add(found.group())
            self._at = found.end()
            if self._at < len(self._held) and self._held[self._at] == '"':
                collector.add('"')
                self._at += 1
                return
            if not self._fill():
                raise JsonBrokenError("breaks off within a text")

    def _pass_nested(self, collector: _Collector) -> None:
        depth = 0
        while True:
            found = _MARK.search(self._held, self._at)
            if found is None:
                collector.add(self._held[self._at :])
                self._at = len(self._held)
                if not self._fill():
                    raise JsonBrokenError("breaks off")
                continue
            collector.add(self._held[self._at : found.end()])
            self._at = found.end()
            mark = found.group()
            if mark in ("{", "["):
                depth += 1
                if depth > DEPTH_LIMIT:
                    collector.refuse("nested_too_deeply")
            elif mark in ("}", "]"):
                depth -= 1
                if depth == 0:
                    return
            elif mark == '"':
                self._pass_string(collector)


class _Collector:
    """Gathers the pieces of a text as long as they are few enough."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._pieces: list[str] = []
        self.length = 0
        self.flaw: str | None = None

    def add(self, piece: str) -> None:
        self.length += len(piece)
        if self.length > self._limit:
            self.refuse("record_too_long")
        if self.flaw is None:
            self._pieces.append(piece)

    def refuse(self, flaw: str) -> None:
        self.flaw = self.flaw or flaw
        self._pieces.clear()

    def text(self) -> str | None:
        return None if self.flaw is not None else "".join(self._pieces)
