"""Words that say nothing about a product, from `resources/stop_words/`, one file per language."""

from __future__ import annotations

from functools import cache

from prodlabel import paths


@cache
def stop_words() -> frozenset[str]:
    """The stop words of all languages that ship."""
    files = sorted((paths.resources() / "stop_words").glob("*.txt"))
    return frozenset(word for file in files for word in file.read_text(encoding="utf-8").split())
