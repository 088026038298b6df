"""Products with everything in their texts that breaks formats, and how to read a catalogue back."""

from __future__ import annotations

from pathlib import Path

from prodlabel.core.products import Problem, ProductRecord
from prodlabel.core.progress import Progress
from prodlabel.sources.protocol import NO_OPTIONS, OpenOptions
from prodlabel.sources.registry import open_catalogue

WORDS = [
    'a "quoted" word, and \'another\'',
    "first line\nsecond line\r\nthird\rfourth",
    "🫖 emoji 👩‍👩‍👧 and e\u0301",
    "שלום \u202eעולם\u202c مرحبا",
    "=1+1", "+x", "-x", "@SUM(A1)", "'=x", "''",
    "<b>&amp;</b> ]]> <!-- -->", "tab\there", "a;b,c|d", "back\\slash \\n \\u0041",
    "_x000D_ and _x0041_", "1e5", "007", "[1, 2]", '{"a": 1}', "null", "NaN", "true",
    "long " * 20_000 + "end", "zero\u200bwidth", "\U0001f600" * 5,
]  # fmt: skip
PRODUCTS = [
    {
        "key": f"k{n}",
        "name": f"name {n}",
        "description": words,
        "category": ("Home", "Cups & “Mugs”"),
        "colour": f"x{words[:50]}x",
    }
    for n, words in enumerate(WORDS)
]
RECORDS = [
    ProductRecord(
        str(p["key"]),
        str(p["name"]),
        str(p["description"]).strip(),
        ("Home", "Cups & “Mugs”"),
        None,
        {"colour": str(p["colour"])},
    )
    for p in PRODUCTS
]


def read(
    path: Path, options: OpenOptions = NO_OPTIONS, kind: str | None = None
) -> tuple[list[ProductRecord], list[Problem]]:
    """Everything that a file gives."""
    told = list(open_catalogue(path, options, kind).records(Progress()))
    return [x for x in told if isinstance(x, ProductRecord)], [x for x in told if isinstance(x, Problem)]


def codes(problems: list[Problem]) -> list[tuple[str, int | None]]:
    """What is wrong, and in which row."""
    return [(problem.code, problem.row) for problem in problems]
