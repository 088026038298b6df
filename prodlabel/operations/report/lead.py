"""The lead of a report in words: which categories can be automated, and which share what with each other.

Invariant: whatever is said can be opened: a part with an anchor leads to the products that it counts.
"""

from __future__ import annotations

from collections.abc import Sequence

from prodlabel.operations.report.mixing import MixedPair
from prodlabel.operations.report.verdict import CategoryVerdict, Grade, Part
from prodlabel.operations.report.wording import count, listing, number_in_words

MOST_NAMED, MOST_PAIRS = 6, 2


def lead_in_words(categories: Sequence[CategoryVerdict], pairs: Sequence[MixedPair]) -> list[Part]:
    """(text, anchor or "") in their order: "Watches can be automated; Baby Care and Home Furnishing share
    towels, here are twelve."."""
    by_grade = {grade: [one.name for one in categories if one.grade is grade] for grade in Grade}
    said = [_of_grade(grade, names) for grade, names in by_grade.items() if names]
    parts: list[Part] = [("; ".join(said), "")]
    for pair in pairs[:MOST_PAIRS]:
        are = "is" if pair.shown == 1 else "are"
        parts += [
            (f"; {_what_is_shared(pair)}, ", ""),
            (f"here {are} {number_in_words(pair.shown)}", pair.anchor),
        ]
    parts.append((".", ""))
    return parts


def _of_grade(grade: Grade, names: Sequence[str]) -> str:
    shown = list(names[:MOST_NAMED])
    if len(names) > MOST_NAMED:
        shown.append(f"{count(len(names) - MOST_NAMED)} more")
    who = listing(shown)
    return {
        Grade.YES: f"{who} can be automated",
        Grade.PARTLY: f"{who} can be automated in part",
        Grade.NO: f"{who} {'needs' if len(names) == 1 else 'need'} a person for now",
        Grade.UNKNOWN: f"{who} {'has' if len(names) == 1 else 'have'} too few products to say",
    }[grade]


def _what_is_shared(pair: MixedPair) -> str:
    first, second = pair.names
    if not pair.words:
        return f"{first} and {second} are taken for each other"
    return f"{first} and {second} share {listing([f'“{word}”' for word in pair.words])}"
