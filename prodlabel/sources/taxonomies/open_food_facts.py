"""Open Food Facts' taxonomy text: blocks of names by language, each after the lines that name its parents.

It is a graph; prodlabel's taxonomy is a tree, so that the first parent counts and further ones are reported.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from prodlabel.core.products import Problem
from prodlabel.core.progress import Progress
from prodlabel.sources.taxonomies.protocol import LEVELS_LIMIT, TaxonomyEntry, clean_path, first_lines, lines

_NAMES = re.compile(r"(?P<language>[a-z]{2,3}(?:-[a-z]{2})?|xx)\s*:\s*(?P<names>.+)", re.IGNORECASE)
_PARENT = re.compile(r"<\s*(?P<language>[a-z]{2,3}(?:-[a-z]{2})?|xx)\s*:\s*(?P<name>.+)", re.IGNORECASE)
_ASIDE = ("#", "stopwords:", "synonyms:", "expected_")


@dataclass(slots=True)
class _Block:
    """One category as it is read."""

    row: int
    parents: list[str] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)
    tags: list[str] = field(default_factory=list)


class OpenFoodFactsTaxonomy:
    """Keys are the tags of Open Food Facts: `en:plant-based-beverages`."""

    kind = "openfoodfacts"
    title = "Open Food Facts taxonomy (text)"

    def recognises(self, location: Path) -> bool:
        if location.suffix.lower() != ".txt":
            return False
        told = [line for line in first_lines(location) if line.strip()]
        known = sum(bool(_NAMES.match(x) or _PARENT.match(x) or x.startswith(_ASIDE)) for x in told)
        return any(_NAMES.match(line) for line in told) and known >= 0.7 * len(told)

    def read(
        self, location: Path, progress: Progress, language: str = "en"
    ) -> Iterator[TaxonomyEntry | Problem]:
        blocks: dict[str, _Block] = {}
        by_tag: dict[str, str] = {}
        for block in _blocks(location, progress):
            if not block.tags:
                message = "The block has parents but no name; it was left out."
                yield Problem("line_unreadable", message, block.row)
                continue
            blocks.setdefault(block.tags[0], block)
            for tag in block.tags:
                by_tag.setdefault(tag, block.tags[0])
        for tag, block in blocks.items():
            progress.check()
            yield from _entry(tag, block, blocks, by_tag, language)


def _entry(
    tag: str, block: _Block, blocks: dict[str, _Block], by_tag: dict[str, str], language: str
) -> Iterator[TaxonomyEntry | Problem]:
    line, seen = [block], {tag}
    while line[-1].parents:
        parent = by_tag.get(line[-1].parents[0])
        if parent is None:
            message = f"The parent {line[-1].parents[0]} is not in the file; it was passed over."
            yield Problem("parent_missing", message, line[-1].row, tag)
            break
        if parent in seen or len(line) >= LEVELS_LIMIT:
            message = f"The category lies below itself, or too deep, at {parent}; it was cut there."
            yield Problem("parent_cycle", message, block.row, tag)
            break
        seen.add(parent)
        line.append(blocks[parent])
    if len(block.parents) > 1:
        message = f"The category has {len(block.parents)} parents; {block.parents[0]} was taken."
        yield Problem("several_parents", message, block.row, tag)
    names = [_name(one, language) for one in reversed(line)]
    yield TaxonomyEntry(clean_path(names), tag, block.row)


def _blocks(location: Path, progress: Progress) -> Iterator[_Block]:
    block: _Block | None = None
    for number, line in lines(location, progress):
        said = line.strip()
        if not said:
            if block is not None:
                yield block
            block = None
            continue
        if said.startswith(_ASIDE):
            continue
        parent, names = _PARENT.match(said), _NAMES.match(said)
        if parent is None and names is None:
            continue  # a property such as `wikidata:en:Q1`
        block = block or _Block(number)
        if parent is not None:
            block.parents.append(tag_of(parent["language"], parent["name"]))
        elif names is not None:
            listed = [name for name in _split(names["names"]) if name]
            code = names["language"].lower()
            if listed:
                block.names.setdefault(code, listed[0])
                block.tags += [tag_of(code, name) for name in listed]
    if block is not None:
        yield block


def _split(names: str) -> list[str]:
    """Synonyms are separated by commas; a comma between digits or behind a backslash is part of a name."""
    return [part.replace("\\,", ",").strip() for part in re.split(r"(?<!\\),(?!\d)", names)]


def _name(block: _Block, language: str) -> str:
    """The name in that language, else in English, else in any."""
    for code in (language, "xx", "en"):
        if code in block.names:
            return block.names[code]
    return next(iter(block.names.values()))


def tag_of(language: str, name: str) -> str:
    """The tag that Open Food Facts makes of a name: "Crème brûlée" in French -> "fr:creme-brulee"."""
    letters = unicodedata.normalize("NFKD", name.strip().lower())
    plain = "".join(char for char in letters if not unicodedata.combining(char))
    words = re.sub(r"[\W_]+", "-", plain).strip("-")
    return f"{language.lower()}:{words}"
