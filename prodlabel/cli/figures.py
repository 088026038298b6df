"""The figures of a classifier in one sentence."""

from __future__ import annotations

from math import isnan

from prodlabel.operations.train import Figures


def figures_text(figures: Figures) -> str:
    """Accuracy with its spread between folds, calibration, and how much can be taken unseen."""
    return " ".join([_quality(figures), _coverage(figures), *_doubts(figures)])


def _quality(figures: Figures) -> str:
    return (
        f"accuracy {figures.accuracy:.1%} ± {figures.accuracy_std:.1%}, macro-F1 {figures.macro_f1:.3f}, "
        f"calibration error {figures.calibration_error:.3f} on {figures.measured:,} labels as they are"
        f"{_stood_for(figures)};"
    )


def _stood_for(figures: Figures) -> str:
    """What is said of the labels that are no truth."""
    echoes = figures.products - figures.measured
    return f", which stand for {echoes:,} accepted suggestions as well" if echoes else ""


def _coverage(figures: Figures) -> str:
    if isnan(figures.precision):
        return "no product is sure enough for the wished precision: look at the doubtful labels first."
    return f"{figures.coverage:.0%} of the products can be taken at a precision of {figures.precision:.1%}."


def _doubts(figures: Figures) -> list[str]:
    if not figures.suspected:
        return []
    error = figures.believed_calibration_error
    said = f"accuracy {figures.believed_accuracy:.1%}, calibration error {error:.3f}"
    if not isnan(figures.believed_precision):
        said += f", precision {figures.believed_precision:.1%}"
    return [
        f"{figures.suspected:,} of these labels are suspected wrong (about {figures.noise:.1%} are, by "
        "estimate); "
        f"without them: {said}."
    ]
