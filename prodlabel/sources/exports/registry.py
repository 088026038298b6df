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


def export(kind: str) -> Export:
    """The format of that kind. Raises `InputError` for an unknown one."""
    for candidate in EXPORTS:
        if candidate.kind == kind:
            return candidate
    raise InputError(f"No export is called {kind}. Choose among {', '.join(e.kind for e in EXPORTS)}.")


def export_for(path: Path) -> Export:
    """The format that a file name's ending asks for."""
    return export(path.suffix.lower().lstrip("."))
