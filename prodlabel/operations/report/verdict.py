"""The verdict in words: what can be automated, category by category, and what it would save.

Invariant: every number in a sentence was counted on products that the classifier had not seen; a category
with few products is called uncertain, not good or bad.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from prodlabel.operations.report.behind import above_anchor, recognised_anchor
from prodlabel.operations.report.evidence import Evidence, wilson_interval
from prodlabel.operations.report.scheme import Scheme
from prodlabel.operations.report.wording import count, counted, duration, percent

FEW = 20
"""Below so many products a category's shares say little."""
MOSTLY, PARTLY = 0.75, 0.4
"""From these shares of products above the threshold on, a category is automated, or automated in part."""
RECOGNISED = 0.9


Part = tuple[str, str]
"""A piece of a sentence, and the anchor of the products that it counts, or ""."""


class Grade(StrEnum):
    """How far a category can be left to the classifier."""

    YES = "can be automated"
    PARTLY = "can be automated in part"
    NO = "needs a person for now"
    UNKNOWN = "too few products to say"


@dataclass(frozen=True, slots=True)
class CategoryVerdict:
    """One category. `recognised` of `products` get their label as suggestion; `accepted` of them are above
    the threshold (whatever is suggested), `wrong` of those wrongly."""

    name: str
    style: int
    grade: Grade
    products: int
    recognised: int
    accepted: int
    wrong: int
    most_confused_with: str

    @property
    def parts(self) -> list[Part]:
        """In words, without the name; each number with the anchor of the products that it counts."""
        said: list[Part] = [
            _number(self.recognised, recognised_anchor(self.style)),
            (f" of {count(self.products)} recognised", ""),
        ]
        if self.most_confused_with:
            others = "the others " * bool(self.recognised)
            said.append((f", {others}mostly taken for {self.most_confused_with}", ""))
        said += [("; ", ""), _number(self.accepted, above_anchor(self.style)), (" above the threshold", "")]
        if self.accepted:
            wrong = _number(self.wrong, above_anchor(self.style, is_wrong=True))
            said += [(", ", ""), wrong, (" of them wrongly", "")]
        return [*said, (".", "")]

    @property
    def sentence(self) -> str:
        """The same as text."""
        return "".join(text for text, _ in self.parts)


def _number(number: int, anchor: str) -> Part:
    return (count(number), anchor) if number else ("none", "")


@dataclass(frozen=True, slots=True)
class Saving:
    """What automation would save on the measured products, at `seconds_per_look` a product."""

    products: int
    accepted: int
    left: int
    wrong: int
    seconds_per_look: float

    @property
    def saved_s(self) -> float:
        return self.accepted * self.seconds_per_look

    @property
    def left_s(self) -> float:
        return self.left * self.seconds_per_look

    @property
    def sentence(self) -> str:
        return (
            f"{count(self.accepted)} of {count(self.products)} products would be filed without a look, about "
            f"{count(self.wrong)} of them wrongly; {count(self.left)} are left to look at. At "
            f"{self.seconds_per_look:g} s a product that is {duration(self.left_s)} of work instead of "
            f"{duration(self.saved_s + self.left_s)}."
        )

    @property
    def per_thousand(self) -> str:
        """The same for products to come."""
        fewer = 1000 * self.accepted / max(1, self.products)
        return (
            f"Of 1,000 new products like these, {count(fewer)} decisions and "
            f"{duration(fewer * self.seconds_per_look)} of work would fall away."
        )


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer to "can it be automated?"."""

    headline: str
    explanation: str
    categories: tuple[CategoryVerdict, ...]
    saving: Saving
    is_good: bool


def reach_verdict(evidence: Evidence, scheme: Scheme, seconds_per_look: float) -> Verdict:
    """Judge the evidence. `seconds_per_look`: how long a person looks at one product (an assumption)."""
    categories = tuple(_judge(evidence, scheme, column) for column in range(len(evidence.classes)))
    ranks = list(Grade)
    ordered = tuple(sorted(categories, key=lambda one: (ranks.index(one.grade), -_rate(one), one.style)))
    accepted = int(evidence.accepted.sum())
    wrong = int((~evidence.is_right & evidence.accepted).sum())
    saving = Saving(len(evidence.rows), accepted, len(evidence.rows) - accepted, wrong, seconds_per_look)
    headline, is_good = _headline(evidence)
    return Verdict(headline, _explanation(evidence, ordered), ordered, saving, is_good)


def _rate(one: CategoryVerdict) -> float:
    return one.accepted / max(1, one.products)


def _judge(evidence: Evidence, scheme: Scheme, column: int) -> CategoryVerdict:
    is_own = evidence.target == column
    products, recognised = int(is_own.sum()), int((is_own & evidence.is_right).sum())
    accepted = int((is_own & evidence.accepted).sum())
    wrong = int((is_own & evidence.accepted & ~evidence.is_right).sum())
    others = evidence.found[is_own & ~evidence.is_right]
    confused = ""
    if len(others) >= 3:
        counts = np.bincount(others, minlength=len(evidence.classes))
        if counts.max() >= 0.4 * len(others):
            confused = scheme.name(int(evidence.classes[counts.argmax()]))
    category_id = int(evidence.classes[column])
    return CategoryVerdict(
        scheme.name(category_id),
        scheme.position[category_id],
        _grade(products, recognised, accepted, wrong, evidence.settings.precision),
        products, recognised, accepted, wrong, confused,
    )  # fmt: skip


def _grade(products: int, recognised: int, accepted: int, wrong: int, wished: float) -> Grade:
    """What is promised must lie within what was observed: the upper end of the precision's interval."""
    if products < FEW:
        return Grade.UNKNOWN
    keeps_promise = wilson_interval(accepted - wrong, accepted)[1] >= wished
    if keeps_promise and accepted >= MOSTLY * products and recognised >= RECOGNISED * products:
        return Grade.YES
    return Grade.PARTLY if accepted >= PARTLY * products else Grade.NO


def _headline(evidence: Evidence) -> tuple[str, bool]:
    coverage, accepted = evidence.coverage, int(evidence.accepted.sum())
    right = int((evidence.is_right & evidence.accepted).sum())
    keeps_promise = wilson_interval(right, accepted)[1] >= evidence.settings.precision
    share = percent(coverage)
    if coverage >= MOSTLY and keeps_promise:
        return f"Yes: {share} of the products can be filed without a look.", True
    if coverage >= PARTLY:
        return f"In part: {share} of the products can be filed without a look.", True
    return f"Not yet: only {share} of the products can be filed without a look.", False


def _explanation(evidence: Evidence, categories: tuple[CategoryVerdict, ...]) -> str:
    accepted = int(evidence.accepted.sum())
    right = int((evidence.is_right & evidence.accepted).sum())
    low, high = wilson_interval(right, accepted)
    said = ""
    if accepted:
        said = (
            f"Of those suggestions {percent(right / accepted, 1)} are right (95 % interval "
            f"{percent(low, 1)} to {percent(high, 1)}; {percent(evidence.settings.precision, 1)} were asked "
            f"for{_kept_promise(right, accepted, evidence.settings.precision)}). "
        )
    good = sum(one.grade is Grade.YES for one in categories)
    said += (
        f"{good} of {counted(len(categories), 'category', 'categories')} can be automated. Taken without a "
        f"threshold, {percent(float(evidence.is_right.mean()), 1)} of all suggestions agree with the labels."
    )
    return said


def _kept_promise(right: int, accepted: int, wished: float) -> str:
    """What is to be said where less was reached than was asked for; empty otherwise."""
    if right >= wished * accepted:
        return ""
    is_possible = wilson_interval(right, accepted)[1] >= wished
    return ", which lies within the interval" if is_possible else ", which is not kept"
