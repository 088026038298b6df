"""What a card proposes and why, worked out from the session; plain values and one sentence of rich text.

Invariant: in a blind queue nothing of what was decided or suggested before comes out of here.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QCoreApplication

from prodlabel.core.labels import NO_CATEGORY, Status
from prodlabel.gui.catalogue.marked_text import on_ground
from prodlabel.gui.review.choices import Choice
from prodlabel.gui.review.course import Decision
from prodlabel.gui.session import Session
from prodlabel.gui.suggestions import Reasons
from prodlabel.gui.theme import Theme

_DIGITS = 10
_WORDS = 4
_MOST_OFFERED = 12
"""Products that are offered at once after one like them was decided."""


@dataclass(frozen=True, slots=True, eq=False)
class Proposal:
    """For one card: `category` `NO_CATEGORY` where nothing is proposed; `unlike` (m,) ids of those of a batch
    for which something else is suggested. `is_offered`: proposed because one like them was just decided.
    `perhaps`: the category below, where only the one above it is sure."""

    product_ids: NDArray[np.int64]
    category: int
    confidence: float
    label: int
    is_blind: bool
    unlike: NDArray[np.int64]
    reasons: Reasons
    is_offered: bool = False
    perhaps: int = NO_CATEGORY

    @property
    def words(self) -> list[str]:
        return [] if self.is_blind else [word for word, _ in self.reasons.words[:_WORDS]]


def propose(
    session: Session, product_ids: NDArray[np.int64], *, is_blind: bool, offered: int = NO_CATEGORY
) -> Proposal:
    """The suggestion for these products that look alike: what most of them are suggested; `offered`: the
    category that one like them was just given."""
    nothing = np.empty(0, dtype=np.int64)
    rows = np.array(
        [row for one in product_ids.tolist() if (row := session.row_of(one)) is not None], dtype=int
    )
    suggestions = session.computed.suggestions
    label = NO_CATEGORY if is_blind or not len(rows) else int(session.columns.category[rows[0]])
    if offered:
        reasons = Reasons((), (), None) if suggestions is None else suggestions.reasons(int(rows[0]))
        return Proposal(product_ids, offered, 1.0, label, is_blind, nothing, reasons, is_offered=True)
    if suggestions is None or is_blind or not len(rows):
        return Proposal(product_ids, NO_CATEGORY, 0.0, label, is_blind, nothing, Reasons((), (), None))
    best = suggestions.proposed[rows]
    found, counts = np.unique(best, return_counts=True)
    category = int(found[np.argmax(counts)]) if len(rows) > 2 else int(best[0])
    chosen = rows[best == category]
    leaf, perhaps = int(suggestions.best[chosen[0]]), NO_CATEGORY
    confidence = float(suggestions.best_confidence[chosen].mean())
    if leaf != category:
        inside = np.isin(suggestions.category[chosen], session.taxonomy.descendants(category))
        confidence = float((suggestions.confidence[chosen] * inside).sum(axis=1).mean())
        perhaps = leaf if inside[0, 0] else NO_CATEGORY
    unlike = session.columns.product_id[rows[best != category]]
    reasons = suggestions.reasons(int(rows[0]))
    return Proposal(product_ids, category, confidence, label, is_blind, unlike, reasons, perhaps=perhaps)


def kin_of(session: Session, product_ids: NDArray[np.int64]) -> tuple[NDArray[np.int64], int]:
    """What is nearly the same article as the first of these, nobody decided, and stands elsewhere: ids (m,),
    and the category of the first."""
    row, columns = session.row_of(int(product_ids[0])), session.columns
    if row is None or session.computed.suggestions is None:
        return np.empty(0, dtype=np.int64), NO_CATEGORY
    kin = session.computed.suggestions.family(row)
    is_open = np.isin(columns.status[kin], [int(Status.NONE), int(Status.IMPORTED)])
    kin = kin[is_open & (columns.category[kin] != columns.category[row])][:_MOST_OFFERED]
    return columns.product_id[kin], int(columns.category[row])


def choices(session: Session, proposal: Proposal) -> list[Choice]:
    """The categories with a digit, in the order of digits, and suggested ones that have none."""
    row = session.row_of(int(proposal.product_ids[0])) if len(proposal.product_ids) else None
    suggestions = session.computed.suggestions
    ranked: dict[int, float] = {}
    if row is not None and suggestions is not None and not proposal.is_blind:
        ranked = dict(suggestions.ranked(row))
    styles = session.styles
    with_digit = [c.id for c in styles.main if styles.digit(c.id) is not None][:_DIGITS]
    with_digit.sort(key=lambda one: (styles.digit(one) == "0", styles.digit(one)))
    others = [one for one in ranked if one not in with_digit][: max(0, _DIGITS - len(with_digit))]
    return [
        Choice(
            one,
            session.category_title(one),
            styles[one],
            styles.digit(one) or "",
            ranked.get(one, 0.0) if ranked else None,
            one == proposal.category,
            one == proposal.label,
        )
        for one in [*with_digit, *others]
    ]


def sentence(session: Session, proposal: Proposal) -> str:
    """The proposal with its reasons, as rich text."""
    if proposal.is_blind:
        return tr("Which category is it? What you decided the last time is not shown.")
    if proposal.category == NO_CATEGORY:
        return tr("There is no suggestion yet. Choose a category, or train a classifier.")
    name = f"<b>{_plain(session.category_title(proposal.category))}</b>"
    if proposal.is_offered:
        return tr("{0}, too? Nearly the same article as the one before; take out what is not.").format(name)
    sure = tr("{0} % sure").format(f"{100 * proposal.confidence:.0f}")
    if proposal.label == NO_CATEGORY:
        head = tr("{0} is proposed, {1}").format(name, sure)
    elif session.styles.main_of(proposal.label) == session.styles.main_of(proposal.category):
        head = tr("{0}, as it is labelled, {1}").format(name, sure)
    else:
        old = _plain(session.category_title(proposal.label))
        head = tr("{0} rather than {1}, {2}").format(name, old, sure)
    if proposal.perhaps:
        head = tr("{0}; perhaps {1}").format(head, _plain(session.category_title(proposal.perhaps)))
    parts = _reason_parts(session, proposal)
    return f"{head}: {', '.join(parts)}." if parts else f"{head}."


def _reason_parts(session: Session, proposal: Proposal) -> list[str]:
    parts, palette, reasons = [], Theme.now().palette, proposal.reasons
    if proposal.words:
        shown = " ".join(on_ground(word, palette.highlight, palette.text) for word in proposal.words[:3])
        parts.append(tr("because of {0}").format(shown))
    rows = [row for one, _ in reasons.neighbours if (row := session.row_of(one)) is not None]
    if rows:
        main_of = session.styles.main_of
        alike = sum(main_of(int(session.columns.category[r])) == main_of(proposal.category) for r in rows)
        parts.append(tr("{0} of the {1} nearest agree").format(alike, len(rows)))
    if reasons.text_share is not None:
        share = round(100 * reasons.text_share)
        parts.append(tr("text {0} %, picture {1} %").format(share, 100 - share))
    return parts


def still_holds(session: Session, decision: Decision) -> bool:
    """Whether the products are as this decision left them."""
    rows = [row for one in decision.product_ids.tolist() if (row := session.row_of(one)) is not None]
    if len(rows) != len(decision.product_ids):
        return False
    is_same = session.columns.category[rows] == decision.category
    return bool((is_same & (session.columns.status[rows] == decision.status)).all())


def why_empty(session: Session, queue: str) -> str:
    """What to say of a queue without products."""
    if session.computed.suggestions is None:
        return tr("Most queues need suggestions. Train a classifier first (Ctrl+R).")
    if queue == "blind":
        return tr("Nothing of yours is left to be asked again.")
    return tr("No product needs this look now. Choose another queue.")


def tr(text: str) -> str:
    return QCoreApplication.translate("Review", text)


def _plain(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")
