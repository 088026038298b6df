"""The formats that prodlabel writes. A new one is a file with an `Export` and a line in `EXPORTS`."""

from __future__ import annotations

from pathlib import Path

from prodlabel.core.errors import InputError
from prodlabel.sources.exports.category_folders import CategoryFoldersExport
from prodlabel.sources.exports.coco import CocoExport
from prodlabel.sources.exports.csv import CsvExport
from prodlabel.sources.exports.huggingface import HuggingFaceExport
from prodlabel.sources.exports.jsonl import JsonlExport
from prodlabel.sources.exports.label_studio import LabelStudioExport
from prodlabel.sources.exports.parquet import ParquetExport
from prodlabel.sources.exports.protocol import Export
from prodlabel.sources.exports.shops import MerchantExport, ShopifyExport
from prodlabel.sources.exports.xlsx import XlsxExport
from prodlabel.sources.plugins import plugin_exports

EXPORTS: tuple[Export, ...] = (
    CsvExport(),
    JsonlExport(),
    ParquetExport(),
    XlsxExport(),
    LabelStudioExport(),
    CocoExport(),
    HuggingFaceExport(),
    CategoryFoldersExport(),
    CategoryFoldersExport(is_linked=True),
    ShopifyExport(),
    MerchantExport(),
)


def all_exports() -> tuple[Export, ...]:
    """prodlabel's own formats and those that other packages add."""
    return (*EXPORTS, *plugin_exports(frozenset(one.kind for one in EXPORTS)))


def export(kind: str) -> Export:
    """The format of that kind. Raises `InputError` for an unknown one."""
    for candidate in all_exports():
        if candidate.kind == kind:
            return candidate
    raise InputError(f"No export is called {kind}. Choose among {', '.join(e.kind for e in all_exports())}.")


def export_for(path: Path) -> Export:
    """The format that a file name's ending asks for: the plain one where several end so."""
    ending = path.suffix.lower().lstrip(".")
    fitting = [one for one in all_exports() if ending and one.ending == ending]
    plain = [one for one in fitting if one.kind == ending]
    if plain or len(fitting) == 1:
        return (plain or fitting)[0]
    kinds = ", ".join(one.kind for one in fitting or all_exports())
    raise InputError(f"The ending of {path.name} does not say which format is meant. Choose among {kinds}.")
