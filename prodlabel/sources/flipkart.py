"""The layout of Flipkart's product tables: category trees, specifications, pictures beside the table."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from prodlabel.sources.assemble import Draft, RowsCatalogue
from prodlabel.sources.mapping import ROLES, ColumnMapping
from prodlabel.sources.protocol import NO_OPTIONS, OpenOptions
from prodlabel.sources.ruby import RubyValue, parse_ruby
from prodlabel.sources.tables import first_columns, looks_like_text_table, open_delimited

SPECIFICATION = "spec: "
"""What the names of attributes that come from the specifications begin with."""
_NEEDED = {"uniq_id", "product_name", "product_category_tree"}
_MAPPING = ColumnMapping(
    key="uniq_id",
    name="product_name",
    description="description",
    category="product_category_tree",
    picture="image",
    brand="brand",
    category_separator=">>",
    attributes=(
        "pid", "product_url", "retail_price", "discounted_price", "product_rating", "overall_rating",
        "is_FK_Advantage_product", "crawl_timestamp",
    ),
)  # fmt: skip
_NOTHING_SAID = {"", "No rating available"}


class FlipkartSource:
    """Recognises the table by its column names."""

    kind = "flipkart"
    title = "Flipkart product table"

    def recognises(self, location: Path) -> bool:
        return looks_like_text_table(location) and set(first_columns(location)) >= _NEEDED

    def open(self, location: Path, options: OpenOptions = NO_OPTIONS) -> RowsCatalogue:
        return open_delimited(location, options, self.kind, FlipkartLayout())


class FlipkartLayout:
    """Reads one row of the table."""

    def mapping(
        self,
        columns: tuple[str, ...],
        sample: Sequence[Sequence[str]],  # noqa: ARG002 - the names alone decide
    ) -> ColumnMapping:
        """The fixed mapping, less what a cut-down table lacks."""
        missing = {role: None for role in ROLES if _MAPPING.column(role) not in columns}
        kept = tuple(column for column in _MAPPING.attributes or () if column in columns)
        return ColumnMapping.from_json({**_MAPPING.to_json(), **missing, "attributes": kept})

    def refine(self, draft: Draft, cells: Mapping[str, str]) -> None:
        """Replace the category by the parsed tree and add the specifications."""
        tree = cells.get("product_category_tree", "")
        try:
            draft.category = category_path(tree, draft.name)
        except ValueError:
            draft.category = ()
            draft.flaws.append(
                ("category_unreadable", "The category tree cannot be read; the product goes in without.")
            )
        for name in [n for n, value in draft.attributes.items() if value in _NOTHING_SAID]:
            del draft.attributes[name]
        text = cells.get("product_specifications", "")
        try:
            draft.attributes.update(specifications(text))
        except ValueError as error:
            message = f"The specifications cannot be read ({error}); the product goes in without them."
            draft.flaws.append(("specifications_unreadable", message))


def category_path(tree: str, name: str) -> tuple[str, ...]:
    """The levels of `["A >> B >> C"]` without a last level that is the product's own (often cut short) name.

    Raises `ValueError` where the text is neither such a list nor a plain path.
    """
    text = tree.strip()
    if text.startswith("["):
        parsed = json.loads(text)
        text = parsed[0] if parsed else ""
        if not isinstance(text, str):
            raise ValueError("no text in the list")
    levels = [level.strip() for level in text.split(">>")]
    levels = [level for level in levels if level]
    if len(levels) > 1 and _is_the_product(levels[-1], name):
        levels.pop()
    return tuple(levels)


def _is_the_product(level: str, name: str) -> bool:
    if level.endswith(("...", "…")):
        return True
    level, name = " ".join(level.casefold().split()), " ".join(name.casefold().split())
    return bool(name) and (level == name or level.startswith((name + " ", name + "(")))


def specifications(text: str) -> dict[str, str]:
    """The specifications as attributes "spec: KEY"; several values of one key are joined by "; ".

    Raises `ValueError` where the text is no such literal.
    """
    if not text.strip():
        return {}
    collected: dict[str, list[str]] = {}
    for key, value in _pairs(text):
        if value:
            values = collected.setdefault(key or "Other", [])
            if value not in values:
                values.append(value)
    return {SPECIFICATION + key: "; ".join(values) for key, values in collected.items()}


_PAIR = r'\{(?:"key"=>"([^"\\]*+)", )?"value"=>"([^"\\]*+)"\}'
_ONE_PAIR = re.compile(_PAIR)
_USUAL = re.compile(r'\{"product_specification"=>\[(?:PAIR, )*+PAIR\]\}'.replace("PAIR", _PAIR))


def _pairs(text: str) -> list[tuple[str, str]]:
    """The keys and values. Nearly all literals have one shape without escapes: no need to parse those."""
    if _USUAL.fullmatch(text):
        return [(key.strip(), value.strip()) for key, value in _ONE_PAIR.findall(text)]
    parsed = parse_ruby(text)
    listed = parsed.get("product_specification") if isinstance(parsed, dict) else parsed
    entries = listed if isinstance(listed, list) else [listed]
    return [(_text(one.get("key")), _text(one.get("value"))) for one in entries if isinstance(one, dict)]


def _text(value: RubyValue) -> str:
    if isinstance(value, list):
        return ", ".join(filter(None, map(_text, value)))
    return value.strip() if isinstance(value, str) else ""
