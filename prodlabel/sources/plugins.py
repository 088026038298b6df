"""Sources and exports of other packages, wrapped so that what they raise names them and harms no more."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from prodlabel.core.plugins import EXPORTS, SOURCES, Plugin, PluginError, blamed, usable
from prodlabel.core.products import Problem, ProductRecord
from prodlabel.core.progress import Progress
from prodlabel.sources.exports.protocol import COLUMNS, Export, ExportRow
from prodlabel.sources.mapping import ColumnMapping
from prodlabel.sources.protocol import NO_OPTIONS, Catalogue, OpenOptions, Source

_log = logging.getLogger(__name__)


@cache
def plugin_sources(taken: frozenset[str]) -> tuple[Source, ...]:
    """The sources that packages add, without those whose kind is taken."""
    parts = ("kind", "title", "recognises", "open")
    return tuple(_PluginSource(plugin) for plugin in usable(SOURCES, parts, taken))


@cache
def plugin_exports(taken: frozenset[str]) -> tuple[Export, ...]:
    """The exports that packages add, without those whose kind is taken."""
    return tuple(_PluginExport(plugin) for plugin in usable(EXPORTS, ("kind", "title", "write"), taken))


class _PluginSource:
    """A source of another package. One that fails to say whether it recognises a place does not."""

    def __init__(self, plugin: Plugin) -> None:
        self._plugin = plugin
        self.kind: str = plugin.made.kind
        self.title = str(plugin.made.title)

    def recognises(self, location: Path) -> bool:
        try:
            with blamed(self._plugin.name, self._plugin.package):
                return bool(self._plugin.made.recognises(location))
        except PluginError as error:
            _log.warning("%s", error)
            return False

    def open(self, location: Path, options: OpenOptions = NO_OPTIONS) -> Catalogue:
        with blamed(self._plugin.name, self._plugin.package):
            opened = self._plugin.made.open(location, options)
            return _PluginCatalogue(
                self._plugin,
                opened,
                self.kind,
                str(opened.title),
                opened.picture_folder,
                tuple(opened.columns),
                opened.mapping,
            )


@dataclass(frozen=True)
class _PluginCatalogue:
    """What a plugin opened; anything it yields that is neither a product nor a problem is its failure."""

    plugin: Plugin
    opened: Any
    kind: str
    title: str
    picture_folder: Path | None
    columns: tuple[str, ...]
    mapping: ColumnMapping | None

    def records(self, progress: Progress) -> Iterator[ProductRecord | Problem]:
        with blamed(self.plugin.name, self.plugin.package):
            for item in self.opened.records(progress):
                if not isinstance(item, ProductRecord | Problem):
                    raise TypeError(f"it yielded a {type(item).__name__}")
                yield item


class _PluginExport:
    """An export of another package; writing whole or not at all is up to it."""

    def __init__(self, plugin: Plugin) -> None:
        self._plugin = plugin
        self.kind: str = plugin.made.kind
        self.title = str(plugin.made.title)
        self.ending = str(getattr(plugin.made, "ending", self.kind))

    def write(self, path: Path, rows: Iterable[ExportRow], columns: Sequence[str] = COLUMNS) -> int:
        with blamed(self._plugin.name, self._plugin.package):
            return int(self._plugin.made.write(path, rows, columns))
