"""The figures of the classifier, each with its spread and with how it was measured.

Invariant: no figure without the sentence that says where it comes from.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from prodlabel.core.labels import NO_CATEGORY
from prodlabel.operations.report.behind import SURE_AND_WRONG, TAKEN
from prodlabel.operations.report.evidence import Evidence, wilson_interval
from prodlabel.operations.report.wording import count, decimal, duration, percent
from prodlabel.operations.suggest import Suggestions
from prodlabel.operations.train import summarise
from prodlabel.project.results import ResultInfo


@dataclass(frozen=True, slots=True)
class Figure:
    """A name, a value with its spread, how it was measured, and the products that it counts."""

    name: str
    value: str
    spread: str
    how: str
    anchor: str = ""


def measured_figures(evidence: Evidence, version: ResultInfo, last_edit: int) -> list[Figure]:
    """Accuracy, macro-F1, calibration, coverage and precision."""
    one, asked = summarise(evidence.evaluation, len(evidence.rows)), evidence.settings.precision
    runs = f"{evidence.fold_count} folds x {evidence.settings.repeats}"
    f1_std = float(evidence.evaluation.macro_f1.std(ddof=1)) if len(evidence.evaluation.macro_f1) > 1 else 0.0
    accepted = int(evidence.accepted.sum())
    right = int((evidence.is_right & evidence.accepted).sum())
    low, high = wilson_interval(right, accepted)
    sample = ""
    if evidence.is_sample:
        sample = f" A sample of {count(len(evidence.rows))} of {count(evidence.labelled)} products."
    changed = ""
    if version.after_edit < last_edit:
        changed = " Labels have changed since the classifier in use was trained; measured on those of now."
    return [
        Figure(
            "Accuracy", percent(one.accuracy, 1), f"± {percent(one.accuracy_std, 1)} between folds",
            f"{runs}, stratified, near-duplicate families kept on one side; everything fitted inside the "
            f"training part.{sample}{changed}",
        ),
        Figure(
            "Macro-F1", decimal(one.macro_f1), f"± {decimal(f1_std)} between folds",
            "Mean of the categories' F1, each counting the same; the same folds.",
        ),
        Figure(
            "Calibration error", decimal(one.calibration_error), "0 is perfect",
            "Expected gap between confidence and share of right suggestions, all folds pooled, 15 bins of "
            "equal mass (Guo et al. 2017).",
        ),
        Figure(
            "Coverage", percent(evidence.coverage, 1), f"{count(accepted)} of {count(len(evidence.rows))}",
            f"Products above their category's threshold for a precision of {percent(asked, 1)}; thresholds "
            "chosen inside the training part.",
            TAKEN,
        ),
        Figure(
            "Precision of what is taken", percent(right / accepted if accepted else None, 1),
            f"95 % interval {percent(low, 1)} to {percent(high, 1)}" if accepted else "nothing is taken",
            "Right suggestions among those above the threshold; Wilson interval.",
            SURE_AND_WRONG,
        ),
    ]  # fmt: skip


def waiting_products(
    suggestions: Suggestions | None, labels: NDArray[np.int32], seconds_per_look: float
) -> str:
    """A sentence about products without a category and what is suggested for them; empty where there is
    none."""
    waiting = int(np.count_nonzero(labels == NO_CATEGORY))
    if suggestions is None or not waiting or len(suggestions.product_id) != len(labels):
        return ""
    sure = int((suggestions.is_sure & (labels == NO_CATEGORY)).sum())
    return (
        f"{count(waiting)} products have no category yet: {count(sure)} of them have a suggestion above the "
        f"threshold, {count(waiting - sure)} are left to look at "
        f"({duration((waiting - sure) * seconds_per_look)} at {seconds_per_look:g} s each)."
    )
