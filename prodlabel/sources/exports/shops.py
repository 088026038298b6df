"""What a shop needs to take the categories over: the product's own key and its category, nothing else.

Other columns would overwrite what the shop says. Formulas are defused as in any CSV.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from pathlib import Path

from prodlabel.sources.exports.atomic import replacing
from prodlabel.sources.exports.csv import defuse
from prodlabel.sources.exports.protocol import COLUMNS, ExportRow


class ShopifyExport:
    """A CSV that Shopify imports over products that are there; products without a category are left out."""

    kind = "shopify"
    title = "Shopify category column (CSV)"
    ending = "csv"

    def write(
        self,
        path: Path,
        rows: Iterable[ExportRow],
        columns: Sequence[str] = COLUMNS,  # noqa: ARG002 - the shop decides
    ) -> int:
        return _write(path, ("Handle", "Product Category"), rows, csv.excel)


class MerchantExport:
    """A supplemental feed for Google Merchant Center (TSV); products without a category are left out."""

    kind = "merchant"
    title = "Google Merchant category column (TSV)"
    ending = "tsv"

    def write(
        self,
        path: Path,
        rows: Iterable[ExportRow],
        columns: Sequence[str] = COLUMNS,  # noqa: ARG002 - the feed decides
    ) -> int:
        return _write(path, ("id", "product_type"), rows, csv.excel_tab)


def _write(path: Path, header: tuple[str, str], rows: Iterable[ExportRow], dialect: type[csv.Dialect]) -> int:
    count = 0
    with replacing(path) as file:
        out = io.TextIOWrapper(file, encoding="utf-8", newline="")
        try:
            writer = csv.writer(out, dialect, lineterminator="\r\n")
            writer.writerow(header)
            for row in rows:
                if row.category:
                    writer.writerow([defuse(str(row.cell("key"))), defuse(str(row.cell("category")))])
                    count += 1
        finally:
            out.detach()
    return count
