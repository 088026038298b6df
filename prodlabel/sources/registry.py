"""The sources that prodlabel knows. A new one is a file with a `Source` and a line in `SOURCES`."""

from __future__ import annotations

from pathlib import Path

from prodlabel.core.errors import InputError
from prodlabel.sources.coco import CocoSource
from prodlabel.sources.flipkart import FlipkartSource
from prodlabel.sources.folders import FolderSource
from prodlabel.sources.food.dumps import DumpSource
from prodlabel.sources.food.source import FOOD_SOURCES
from prodlabel.sources.huggingface import HuggingFaceSource
from prodlabel.sources.json_files import JsonLinesSource, JsonSource
from prodlabel.sources.label_studio import LabelStudioSource
from prodlabel.sources.merchant import MerchantTableSource, MerchantXmlSource
from prodlabel.sources.own_export import OwnExportSource
from prodlabel.sources.parquet_table import ParquetSource
from prodlabel.sources.plugins import plugin_sources
from prodlabel.sources.protocol import NO_OPTIONS, Catalogue, OpenOptions, Source
from prodlabel.sources.shopify import ShopifySource
from prodlabel.sources.sqlite_table import SqliteSource
from prodlabel.sources.tables import TableSource
from prodlabel.sources.xlsx import XlsxSource
from prodlabel.sources.zipped import ZipSource

_FILES: tuple[Source, ...] = (
    # Asked in this order: a particular layout before the general one.
    DumpSource(),
    FlipkartSource(),
    OwnExportSource(),
    ShopifySource(),
    MerchantTableSource(),
    TableSource(),
    LabelStudioSource(),
    CocoSource(),
    JsonSource(),
    JsonLinesSource(),
    XlsxSource(),
    ParquetSource(),
    SqliteSource(),
    MerchantXmlSource(),
)
SOURCES: tuple[Source, ...] = (
    *FOOD_SOURCES,
    *_FILES,
    HuggingFaceSource(),
    FolderSource(),
    ZipSource(_FILES, FolderSource()),
)


def all_sources() -> tuple[Source, ...]:
    """prodlabel's own sources and those that other packages add, which are asked first."""
    return (*plugin_sources(frozenset(one.kind for one in SOURCES)), *SOURCES)


def source(kind: str) -> Source:
    """The source of that kind. Raises `InputError` for an unknown one."""
    for candidate in all_sources():
        if candidate.kind == kind:
            return candidate
    raise InputError(f"No source is called {kind}. Choose among {', '.join(s.kind for s in all_sources())}.")


def detect(location: Path) -> Source:
    """The first source that recognises `location`. Raises `InputError` where it is absent or unknown."""
    for candidate in all_sources():
        if candidate.recognises(location):
            return candidate
    if not location.exists():
        raise InputError(f"{location} does not exist. Check the path.")
    raise InputError(
        f"{location.name} is of no kind that can be imported. "
        f"Choose one of these: {'; '.join(s.title for s in all_sources())}."
    )


def open_catalogue(location: Path, options: OpenOptions = NO_OPTIONS, kind: str | None = None) -> Catalogue:
    """Open `location` with the source of that kind, or with the one that recognises it."""
    chosen = detect(location) if kind is None else source(kind)
    return chosen.open(location, options)
