"""Charts about confidence and labels: whether it can be believed, how much can be taken at which precision,
and what more labels would bring.

Invariant: all are drawn from probabilities of products that the classifier had not seen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from markupsafe import Markup
from numpy.typing import NDArray

from prodlabel.learning.calibration import reliability_curve
from prodlabel.operations.report.evidence import Evidence
from prodlabel.operations.report.svg import Points, element, line, picture
from prodlabel.operations.report.wording import count, percent

if TYPE_CHECKING:  # scikit-learn stands behind it
    from prodlabel.learning.learning_curve import LearningCurve

FORECAST_TO = 4
"""So many times the labels that there are."""
_WIDTH, _HEIGHT = 520.0, 380.0
_LEFT, _RIGHT, _TOP, _BOTTOM = 58.0, 26.0, 18.0, 48.0
_STEPS = (0.005, 0.01, 0.02, 0.05, 0.1, 0.2)


@dataclass(frozen=True, slots=True)
class _Axes:
    """Ranges of both axes, in shares, and what stands beside them."""

    x: tuple[float, float]
    y: tuple[float, float]
    x_title: str
    y_title: str

    def at(self, x: float, y: float) -> tuple[float, float]:
        """Where a value lies in the picture."""
        wide, high = _WIDTH - _LEFT - _RIGHT, _HEIGHT - _TOP - _BOTTOM
        across = (x - self.x[0]) / (self.x[1] - self.x[0])
        up = (y - self.y[0]) / (self.y[1] - self.y[0])
        return _LEFT + across * wide, _TOP + (1 - up) * high

    def grid(self) -> list[Markup]:
        """Lines, numbers and titles."""
        across = [(value, _tick(value, self.x)) for value in _ticks(*self.x)]
        return self.columns(across) + self.rows() + self.titles()

    def columns(self, values: Sequence[tuple[float, str]]) -> list[Markup]:
        """Upright lines at these values, each with its text."""
        parts = []
        for value, text in values:
            x, bottom = self.at(value, self.y[0])
            parts.append(element("path", d=line([(x, _TOP), (x, bottom)]), class_="grid"))
            parts.append(element("text", text, x=x, y=bottom + 18, class_="tick middle"))
        return parts

    def rows(self) -> list[Markup]:
        """Level lines with their shares."""
        parts = []
        for value in _ticks(*self.y):
            left, y = self.at(self.x[0], value)
            parts.append(element("path", d=line([(left, y), (_WIDTH - _RIGHT, y)]), class_="grid"))
            parts.append(element("text", _tick(value, self.y), x=left - 8, y=y + 4, class_="tick end"))
        return parts

    def titles(self) -> list[Markup]:
        """What both axes are."""
        middle = _LEFT + (_WIDTH - _LEFT - _RIGHT) / 2
        turned = f"translate(14 {_TOP + (_HEIGHT - _TOP - _BOTTOM) / 2:g}) rotate(-90)"
        return [
            element("text", self.x_title, x=middle, y=_HEIGHT - 8, class_="axis middle"),
            element("text", self.y_title, transform=turned, class_="axis middle"),
        ]


def _ticks(low: float, high: float) -> list[float]:
    """Round shares between both ends, at most six, the upper end among them."""
    step = next((one for one in _STEPS if (high - low) / one <= 5.001), _STEPS[-1])
    return [high - step * at for at in range(int((high - low) / step + 1e-6), -1, -1)]


def _tick(value: float, ends: tuple[float, float]) -> str:
    return f"{100 * value:.{0 if ends[1] - ends[0] >= 0.05 else 1}f} %"


def draw_reliability(evidence: Evidence) -> Markup:
    """Confidence against the share of right suggestions, in bins of equally many products."""
    bins = int(np.clip(len(evidence.rows) // 40, 3, 15))
    curve = reliability_curve(evidence.confidence, evidence.is_right, bins)
    start = min(0.9, np.floor(10 * min(curve.confidence.min(), curve.accuracy.min())) / 10)
    axes = _Axes((start, 1.0), (start, 1.0), "confidence of the suggestion", "share that is right")
    values = sorted(
        zip(curve.confidence.tolist(), curve.accuracy.tolist(), curve.count.tolist(), strict=True)
    )
    points: Points = [axes.at(x, y) for x, y, _ in values]
    parts = axes.grid()
    parts.append(element("path", d=line([axes.at(start, start), axes.at(1, 1)]), class_="ideal"))
    parts.append(element("path", d=line(points), class_="curve"))
    for (x, y), (confidence, accuracy, number) in zip(points, values, strict=True):
        said = f"{count(number)} products: {percent(confidence, 1)} sure, {percent(accuracy, 1)} right"
        parts.append(element("circle", element("title", said), cx=x, cy=y, r=4.5, class_="dot"))
    text = "; ".join(f"{percent(x, 1)} sure: {percent(y, 1)} right" for x, y, _ in values)
    return picture((_WIDTH, _HEIGHT), "Reliability diagram", text, parts, "reliability")


def draw_coverage(evidence: Evidence) -> Markup:
    """What share of products can be taken without a look, against the precision of what is taken."""
    coverage, precision = coverage_curve(evidence)
    lowest = float(min(precision.min(), evidence.settings.precision))
    start = max(0.0, float(np.floor(20 * (lowest - 1e-9)) / 20))
    axes = _Axes(
        (0.0, 1.0), (start, 1.0), "share of products taken without a look", "precision of what is taken"
    )
    step = max(1, len(coverage) // 400)
    points = [axes.at(float(x), float(y)) for x, y in zip(coverage[::step], precision[::step], strict=True)]
    wished = evidence.settings.precision
    parts = axes.grid()
    parts.append(element("path", d=line([axes.at(0, wished), axes.at(1, wished)]), class_="ideal"))
    # On the right, where more is taken, the curve lies below what is asked for.
    x, y = axes.at(1.0, wished)
    parts.append(element("text", f"asked for: {percent(wished, 1)}", x=x, y=y - 6, class_="tick end"))
    parts.append(element("path", d=line(points), class_="curve"))
    said = f"{percent(evidence.coverage)} of the products at {percent(evidence.precision, 1)}"
    if evidence.accepted.any():
        x, y = axes.at(evidence.coverage, evidence.precision)
        parts.append(element("circle", element("title", said), cx=x, cy=y, r=6.0, class_="here"))
        side = "end" if evidence.coverage > 0.5 else "start"
        parts.append(element("text", said, x=x - 4, y=y + 28, class_=f"note {side}"))
    description = f"With the thresholds in use: {said}. All products: {percent(float(precision[-1]), 1)}."
    return picture((_WIDTH, _HEIGHT), "Coverage against precision", description, parts, "coverage")


def coverage_curve(evidence: Evidence) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """(m,) share taken and precision of it, as the confidence that is asked for falls."""
    order = np.argsort(-evidence.confidence, kind="stable")
    taken = np.arange(1, len(order) + 1)
    return np.asarray(taken / len(order)), np.asarray(np.cumsum(evidence.is_right[order]) / taken)


def draw_learning_curve(curve: LearningCurve) -> Markup:
    """Macro-F1 against the number of labels, each line twice as many: measured, and forecast for up to four
    times as many as there are, which a line marks."""
    labels, means = curve.labels.astype(float), curve.f1.mean(axis=0)
    wide = np.geomspace(labels[0], FORECAST_TO * curve.there, 60)
    forecast = np.array([curve.forecast(float(one)) for one in wide])
    low = max(0.0, float(np.floor(20 * min(curve.f1.min(), forecast[:, 1].min())) / 20))
    axes = _Axes((0.0, float(np.log2(wide[-1] / wide[0]))), (low, 1.0), "labels", "macro-F1")

    def at(number: float, value: float) -> tuple[float, float]:
        return axes.at(float(np.log2(number / wide[0])), float(value))

    doublings = [(float(one), count(wide[0] * 2.0**one)) for one in range(int(axes.x[1]) + 1)]
    parts = axes.columns(doublings) + axes.rows() + axes.titles()
    band = [at(x, y) for x, y in zip(wide, forecast[:, 1], strict=True)]
    band += [at(x, y) for x, y in zip(wide[::-1], forecast[::-1, 2], strict=True)]
    parts.append(element("path", d=f"{line(band)}z", class_="band"))
    middle = [at(x, y) for x, y in zip(wide, forecast[:, 0], strict=True)]
    parts.append(element("path", d=line(middle), class_="curve"))
    here = f"{count(curve.there)} labels are there: {curve.now:.3f} to be expected"
    upright = line([at(curve.there, low), at(curve.there, 1.0)])
    parts.append(element("path", d=upright, class_="ideal"))
    x, y = at(curve.there, low)
    said = f"{count(curve.there)} labels are there"
    parts.append(element("text", said, x=x - 6, y=y - 8, class_="tick end"))
    for number, mean, draws in zip(labels, means, curve.f1.T, strict=True):
        x, y = at(number, mean)
        ends = [(x, at(number, draws.min())[1]), (x, at(number, draws.max())[1])]
        said = f"{count(number)} labels: {mean:.3f}, draws from {draws.min():.3f} to {draws.max():.3f}"
        parts.append(element("path", d=line(ends), class_="whisker"))
        parts.append(element("circle", element("title", said), cx=x, cy=y, r=4.5, class_="dot"))
    text = "; ".join(f"{count(n)} labels: {m:.3f}" for n, m in zip(labels, means, strict=True))
    text = f"{text}; {here}"
    return picture((_WIDTH, _HEIGHT), "Learning curve", text, parts, "learning-curve")
