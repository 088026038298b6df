"""JSON and JSON Lines: a list of objects, an object that holds such a list, or an object a line; streamed."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from itertools import islice
from pathlib import Path

from prodlabel.core.errors import InputError
from prodlabel.core.progress import Progress
from prodlabel.sources.assemble import Layout, RowsCatalogue, open_rows
from prodlabel.sources.cells import columns_of, record_row
from prodlabel.sources.json_stream import ELEMENT_LIMIT, Element, JsonBrokenError, JsonStream, load_value
from prodlabel.sources.own_export import layout_of_records
from prodlabel.sources.protocol import NO_OPTIONS, OpenOptions
from prodlabel.sources.rows import Row
from prodlabel.sources.sniff import MARK_BAD_BYTES, find_encoding

Reader = Callable[[Progress], Iterator[Element]]

_SAMPLE = 1_000
_HEAD = 65_536
_LINES = frozenset({".jsonl", ".ndjson", ".jsonlines"})


class JsonLinesSource:
    """One object a line."""

    kind = "jsonl"
    title = "JSON Lines"

    def recognises(self, location: Path) -> bool:
        return location.suffix.lower() in _LINES and location.is_file()

    def open(self, location: Path, options: OpenOptions = NO_OPTIONS) -> RowsCatalogue:
        return open_elements(location, options, self.kind, partial(line_elements, location))


class JsonSource:
    """A list of objects, at the top or in the first list of objects that the object at the top holds."""

    kind = "json"
    title = "JSON"

    def recognises(self, location: Path) -> bool:
        return location.suffix.lower() == ".json" and location.is_file()

    def open(self, location: Path, options: OpenOptions = NO_OPTIONS) -> RowsCatalogue:
        name = _list_of_objects(location)
        return open_elements(location, options, self.kind, partial(list_elements, location, name))


def open_elements(
    location: Path, options: OpenOptions, kind: str, read: Reader, layout: Layout | None = None
) -> RowsCatalogue:
    """A catalogue of objects; columns are the fields of the first 1,000. Raises `InputError` for none."""
    head = list(islice(read(Progress()), _SAMPLE))
    records = [element.value for element in head if isinstance(element.value, dict)]
    columns = columns_of(records, location.name)
    sample = [record_row(0, record, columns).values for record in records[:200]]

    def rows(progress: Progress) -> Iterator[Row]:
        for element in read(progress):
            if isinstance(element.value, dict):
                flaws = () if element.flaw is None else (element.flaw,)
                yield record_row(element.number, element.value, columns, flaws)
            else:
                yield Row(element.number, [], (element.flaw or "not_a_record",))

    chosen = layout or layout_of_records(columns)
    return open_rows(location, columns, sample, rows, options, kind=kind, layout=chosen)


def list_elements(location: Path, name: str, progress: Progress) -> Iterator[Element]:
    """The elements of the list at the top (`name` empty) or of the one with that name."""
    for _, element in named_elements(location, (name,) if name else (), progress):
        yield element


def named_elements(
    location: Path, names: tuple[str, ...], progress: Progress
) -> Iterator[tuple[str, Element]]:
    """The elements of several lists with the name of their list; ends with a flaw where it is broken."""
    number = 0
    with _opened(location, progress) as (text, report):
        try:
            for name, element in JsonStream(text, report).elements(*names):
                number = element.number
                yield name, element
        except JsonBrokenError:
            yield "", Element(number + 1, None, "file_cut_off")


def line_elements(location: Path, progress: Progress) -> Iterator[Element]:
    """One element a line; blank lines are passed over."""
    with _opened(location, progress) as (text, report):
        number = 0
        while line := text.readline(ELEMENT_LIMIT):
            number += 1
            is_whole = line.endswith("\n") or len(line) < ELEMENT_LIMIT
            while not is_whole and (more := text.readline(ELEMENT_LIMIT)):
                report()
                is_whole = more.endswith("\n")
                line = ""
            if not line:
                yield Element(number, None, "record_too_long")
            elif not line.isspace():
                yield Element(number, *load_value(line))
            if number % 64 == 0:
                report()


@contextmanager
def _opened(location: Path, progress: Progress) -> Iterator[tuple[io.TextIOWrapper, Callable[[], None]]]:
    """The file as text within a stage that counts kilobytes, and what reports how far it is read."""
    try:
        total = location.stat().st_size
        file = location.open("rb")
    except OSError as error:
        raise InputError(f"{location} cannot be read ({error.strerror}). Check path and rights.") from error
    with file, progress.stage(f"Read {location.name}", total // 1024, "kB"):
        encoding = find_encoding(location, file.read(_HEAD))
        file.seek(0)
        reported = 0

        def report() -> None:
            nonlocal reported
            done = file.tell() // 1024
            progress.advance(done - reported)
            reported = done

        with io.TextIOWrapper(file, encoding, MARK_BAD_BYTES, newline="\n") as text:
            yield text, report


def _list_of_objects(location: Path) -> str:
    """The name of the first list that holds an object; empty for the list at the top."""
    for name, element in islice(named_elements(location, (), Progress()), _SAMPLE):
        if isinstance(element.value, dict):
            return name
        if element.flaw == "file_cut_off":
            break
    raise InputError(f"{location.name} holds no list of objects. Choose a JSON file with a list of products.")
