"""The part of `prodlabel import` that imports again: whose values win, and what would change or did."""

from __future__ import annotations

import argparse
from typing import Any

from prodlabel.core.merging import Difference, TakeFrom
from prodlabel.operations.comparing import Comparison

_SHOWN, _LONGEST = 20, 60


def merge_arguments(parser: argparse.ArgumentParser) -> None:
    """What only an import of known products understands."""
    parser.add_argument(
        "--take", choices=[TakeFrom.SOURCE.value, TakeFrom.MINE.value], metavar="source|mine",
        help="whose value wins where the source changed (default: the source's, but for what people decided)",
    )  # fmt: skip


def take_of(arguments: argparse.Namespace) -> TakeFrom:
    """What the command says."""
    return TakeFrom.EDITS_FIRST if arguments.take is None else TakeFrom(arguments.take)


def difference_lines(differences: list[Difference], count: int) -> list[str]:
    """One line a difference: what the source said and says, and whose value stands now."""
    lines = []
    for one in differences[:_SHOWN]:
        stands = "the source's" if one.is_taken else f"yours: {_short(one.mine)}"
        lines.append(f"  {one.key}, {one.field}: {_short(one.then)} -> {_short(one.now)} ({stands})")
    if count > _SHOWN:
        lines.append(f"  ... and {count - _SHOWN:,} more differences; --json names them all.")
    return lines


def difference_data(differences: list[Difference]) -> list[dict[str, Any]]:
    """The same for machines."""
    return [
        {
            "key": one.key,
            "field": one.field,
            "then": one.then,
            "now": one.now,
            "mine": one.mine,
            "edited": one.is_edited,
            "taken": one.is_taken,
        }
        for one in differences
    ]


def comparison_text(found: Comparison) -> str:
    """What an import would do."""
    lines = [f"{found.new:,} products would be new, {found.changed:,} changed, {found.same:,} are as before."]
    if found.gone:
        lines.append(f"{found.gone:,} products are no longer in the source; they would stay.")
    return "\n".join([*lines, *difference_lines(list(found.differences), found.count)])


def comparison_data(found: Comparison) -> dict[str, Any]:
    """The same for machines."""
    return {
        "new": found.new,
        "changed": found.changed,
        "same": found.same,
        "gone": found.gone,
        "differences": difference_data(list(found.differences)),
    }


def _short(text: str) -> str:
    plain = " ".join(text.split())
    return f"“{plain if len(plain) <= _LONGEST else plain[: _LONGEST - 1] + '…'}”"
