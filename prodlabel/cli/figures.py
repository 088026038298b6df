"""The figures of a classifier in one sentence."""

from __future__ import annotations

from math import isnan

from prodlabel.operations.train import Figures


def figures_text(figures: Figures) -> str:
    """Accuracy with its spread between folds, calibration, and how much can be taken unseen."""
    said = (
        f"accuracy {figures.accuracy:.1%} ± {figures.accuracy_std:.1%}, macro-F1 {figures.macro_f1:.3f}, "
        f"calibration error {figures.calibration_error:.3f}; "
    )
    if isnan(figures.precision):
        return said + "no product is sure enough for the wished precision: look at the doubtful labels first."
    return (
        said
        + f"{figures.coverage:.0%} of the products can be taken at a precision of {figures.precision:.1%}."
    )
