"""How far work is, in words: what is done, how many, how long still."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication


def left_text(stage: str, left_s: float | None, done: int = 0, total: int | None = None) -> str:
    """`Reading shop.csv · 300 of 1,050 · 4 s left`."""
    parts = [stage]
    if total:
        parts.append(_tr("{0:,} of {1:,}").format(min(done, total), total))
    if left_s is not None and left_s >= 1:
        is_short = left_s < 90
        parts.append(
            (_tr("{0:.0f} s left") if is_short else _tr("{0:.0f} min left")).format(
                left_s if is_short else left_s / 60
            )
        )
    return " · ".join(parts)


def _tr(text: str) -> str:
    # The status bar says the same, in the same words.
    return QCoreApplication.translate("StatusBar", text)
