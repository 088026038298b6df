"""What the networks that read tokens share: texts of like length go together, within a budget."""

from __future__ import annotations

from collections.abc import Iterator, Sequence


def packed(lengths: Sequence[int], budget: int, least: int) -> Iterator[list[int]]:
    """Rows sorted by length, at most `budget` tokens a batch, padding included; rows below `least` left out.

    A single row longer than the budget is a batch of its own.
    """
    rows: list[int] = []
    for row in sorted(range(len(lengths)), key=lengths.__getitem__):
        if lengths[row] < least:
            continue
        if rows and (len(rows) + 1) * lengths[row] > budget:
            yield rows
            rows = []
        rows.append(row)
    if rows:
        yield rows


def encodable(text: str) -> str:
    """The text without lone surrogates, which UTF-8 cannot carry to a tokenizer."""
    return text.encode("utf-8", "replace").decode("utf-8")
