"""Splits delimited text into records in bounded memory, whatever stands in the file.

The `csv` module does the usual work. A record that grows beyond what `csv` accepts is read by a slower parser
with the same rules that cuts over-long fields: the limit of `csv`, global to the process, stays untouched.
"""

from __future__ import annotations

import csv
import io
import re
from collections import deque
from collections.abc import Callable, Iterator
from typing import NamedTuple, Protocol

FIELD_LIMIT = 1_000_000
"""Characters of one field that are kept."""
_FIELDS_LIMIT = 10_000
_FAST_LIMIT = 131_072
_SKIP = 1_048_576
_RECOVERIES_LIMIT = 100


class TextSource(Protocol):
    """What is read from: a text file opened with `newline=""`, so that line ends come as they are."""

    def readline(self, size: int, /) -> str:
        """At most `size` characters of the line, its end included; empty at the file's end."""

    def read(self, size: int, /) -> str:
        """At most `size` characters; empty at the file's end."""


class Row(NamedTuple):
    """One record: its 1-based number in the file, its fields, and what was wrong with it (problem codes)."""

    number: int
    values: list[str]
    flaws: tuple[str, ...] = ()


class _LongRecordError(Exception):
    """The record at hand is too long for the fast parser."""


class RecordReader:
    """Iterates over the rows of delimited text; a stray or unclosed quote costs its row, not the file."""

    def __init__(self, text: TextSource, delimiter: str, tick: Callable[[], None] = lambda: None) -> None:
        self._text = text
        self._delimiter = delimiter
        self._tick = tick
        self._limit = min(_FAST_LIMIT, csv.field_size_limit())
        self._waiting: deque[str] = deque()
        self._held: list[str] = []
        self._held_chars = 0
        self._is_cut_off = False
        self._width = 0
        self._recoveries = 0

    def __iter__(self) -> Iterator[Row]:
        number = 0
        reader = self._fast_reader()
        while True:
            self._held.clear()
            self._held_chars = 0
            flaws: tuple[str, ...] = ()
            try:
                values = next(reader)
            except StopIteration:
                return
            except _LongRecordError:
                values, flaws = self._read_long()
                reader = self._fast_reader()
            else:
                if self._is_cut_off:
                    values, flaws = self._recover(values)
                    reader = self._fast_reader()
            number += 1
            self._width = self._width or len(values)
            yield Row(number, values, flaws)

    def _fast_reader(self) -> Iterator[list[str]]:
        self._is_cut_off = False
        return csv.reader(self._feed(), delimiter=self._delimiter)

    def _next_piece(self) -> str:
        return self._waiting.popleft() if self._waiting else self._text.readline(self._limit)

    def _feed(self) -> Iterator[str]:
        while line := self._next_piece():
            self._held.append(line)
            self._held_chars += len(line)
            if self._held_chars >= self._limit:
                raise _LongRecordError
            yield line
        # The file ends while a record is open: a quote was never closed.
        self._is_cut_off = bool(self._held)

    def _recover(self, values: list[str]) -> tuple[list[str], tuple[str, ...]]:
        """Take the first line of a record with an unclosed quote literally and go on with the second."""
        first, *rest = self._held
        if self._recoveries >= _RECOVERIES_LIMIT or not first.endswith(("\n", "\r")):
            return values, ("unclosed_quote",)
        self._recoveries += 1
        self._waiting.extendleft(reversed(rest))
        values = next(csv.reader([first], delimiter=self._delimiter, quoting=csv.QUOTE_NONE), [])
        return values, ("unclosed_quote",)

    def _read_long(self) -> tuple[list[str], tuple[str, ...]]:
        parser = _LongRecordParser(self._delimiter)
        pieces = list(self._held)
        for piece in pieces:
            rest = parser.feed(piece)
        while rest is None:
            self._tick()
            # Within a field that is over its limit lines mean nothing: large pieces are quicker.
            piece = self._text.read(_SKIP) if parser.is_cutting and not self._waiting else self._next_piece()
            if self._held_chars <= FIELD_LIMIT:
                self._held.append(piece)
                self._held_chars += len(piece)
                # Decided when a field passes its limit: a long text, or a quote that was never closed?
                if self._held_chars > FIELD_LIMIT and parser.is_quoted and self._looks_like_rows():
                    return self._recover(parser.finish()[0])
            if not piece:
                if parser.is_quoted and self._held_chars <= FIELD_LIMIT:
                    return self._recover(parser.finish()[0])
                break
            rest = parser.feed(piece)
        self._wait_with(rest or "", has_returned=parser.ended_with_return)
        return parser.finish()

    def _looks_like_rows(self) -> bool:
        """Whether most held lines after the first have the table's number of fields."""
        lines = [line for line in self._held[1:200] if line.endswith(("\n", "\r"))]
        alike = sum(line.count(self._delimiter) == self._width - 1 for line in lines)
        return self._width > 1 and len(lines) >= 5 and alike >= 0.8 * len(lines)

    def _wait_with(self, rest: str, *, has_returned: bool) -> None:
        """Keep what follows a long record as whole lines; a return and its line feed may be in two pieces."""
        lines = list(io.StringIO(rest, newline=""))
        if not lines and has_returned:
            lines = ["\r"]
        if lines and not lines[-1].endswith("\n"):
            more = self._next_piece()
            if not lines[-1].endswith("\r") or more == "\n":
                lines[-1] += more
            elif more:
                lines.append(more)
        if not rest and lines:
            del lines[0]
        self._waiting.extendleft(reversed(lines))


_QUOTED = re.compile(r'(?:[^"]++|"")*+')
_LINE_END = re.compile("\r\n|\r|\n")


class _LongRecordParser:
    """The rules of `csv.reader` for one record that comes in pieces, with fields cut at `FIELD_LIMIT`."""

    def __init__(self, delimiter: str) -> None:
        self._delimiter = delimiter
        self._stop = re.compile("\r\n|\r|\n|" + re.escape(delimiter))
        self._fields: list[str] = []
        self._parts: list[str] = []
        self._length = 0
        self._state = "start"
        self._flaws: set[str] = set()
        self.ended_with_return = False

    @property
    def is_quoted(self) -> bool:
        """Whether a quoted field is open."""
        return self._state == "quoted"

    @property
    def is_cutting(self) -> bool:
        """Whether a quoted field is open that is over its limit."""
        return self._state == "quoted" and self._length >= FIELD_LIMIT

    def feed(self, piece: str) -> str | None:
        """Take a piece in; returns what follows the record's end in it, or None while the record goes on."""
        at, end = 0, len(piece)
        while at < end:
            if self._state == "quoted":
                at = self._take_quoted(piece, at)
                continue
            is_over = len(self._fields) >= _FIELDS_LIMIT
            if self._state != "field" and piece[at] == '"' and not is_over:
                if self._state == "quote":
                    self._add('"')
                self._state = "quoted"
                at += 1
                continue
            self._state = "field"
            found = (_LINE_END if is_over else self._stop).search(piece, at)
            self._add(piece[at : found.start() if found else end])
            if found is None:
                return None
            self._close_field()
            at = found.end()
            if found.group() != self._delimiter:
                self.ended_with_return = found.group() == "\r"
                self._state = "end"
                return piece[at:]
        return None

    def finish(self) -> tuple[list[str], tuple[str, ...]]:
        """The fields and flaws; closes what the file's end left open."""
        if self._state != "end":
            if self._state == "quoted":
                self._flaws.add("unclosed_quote")
            self._close_field()
            self._state = "end"
        return self._fields, tuple(sorted(self._flaws))

    def _take_quoted(self, piece: str, at: int) -> int:
        found = _QUOTED.match(piece, at)
        assert found is not None
        self._add(found.group().replace('""', '"'))
        if found.end() == len(piece):
            return found.end()
        self._state = "quote"
        return found.end() + 1

    def _add(self, text: str) -> None:
        room = FIELD_LIMIT - self._length
        if len(text) > room:
            self._flaws.add("field_too_long")
            text = text[:room]
        if text:
            self._parts.append(text)
            self._length += len(text)

    def _close_field(self) -> None:
        if len(self._fields) <= _FIELDS_LIMIT:
            self._fields.append("".join(self._parts))
        self._parts = []
        self._length = 0
        self._state = "start"
