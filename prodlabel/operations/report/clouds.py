"""Word clouds: the words that set a category apart, the larger the more of its products hold them.

Invariant: the same words give the same cloud, no two words touch, and a word that finds no room is left out.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from markupsafe import Markup

from prodlabel.operations.report.svg import element, picture
from prodlabel.operations.report.wording import percent

WIDTH, HEIGHT = 360.0, 210.0
_SMALLEST, _LARGEST = 10.0, 32.0
_LETTER, _BOLD_LETTER = 0.60, 0.68
"""Mean width of a letter in its size, of the widest fonts that a page may be shown in; wide letters are rare
enough."""
_WIDE = "mwMW@#%&"
_STEPS = 900

Box = tuple[float, float, float, float]


def draw_cloud(words: Sequence[tuple[str, float]], name: str, number: int) -> Markup:
    """`words`: (word, share of the products that hold it), the most telling first; `number`: of the style."""
    top = max((share for _, share in words), default=1.0)
    taken: list[Box] = []
    parts = []
    for word, share in sorted(words, key=lambda one: -one[1]):
        size = _SMALLEST + (_LARGEST - _SMALLEST) * math.sqrt(share / top)
        is_bold = share >= top / 2
        box = _room(_width(word, size, is_bold=is_bold), 1.05 * size, taken)
        if box is None:
            continue
        taken.append(box)
        said = element("title", f"{word}: {percent(share)} of the products")
        weight = 650 if is_bold else 500
        middle, base = (box[0] + box[2]) / 2, box[3] - 0.26 * size
        style = f"font-size:{size:.1f}px;font-weight:{weight}"
        parts.append(element("text", word, said, x=middle, y=base, style=style, class_="word middle"))
    listed = ", ".join(word for word, _ in words)
    group = element("g", *parts, class_=f"k{number}")
    return picture((WIDTH, HEIGHT), f"Words of {name}", listed, [group], f"cloud-{number}")


def _width(word: str, size: float, *, is_bold: bool) -> float:
    letters = sum(1.5 if letter in _WIDE else 1.0 for letter in word)
    return (_BOLD_LETTER if is_bold else _LETTER) * size * letters + 4.0


def _room(width: float, height: float, taken: Sequence[Box]) -> Box | None:
    """The free box nearest to the middle, looked for along a spiral as wide as the picture."""
    for step in range(_STEPS):
        angle = 0.35 * step
        reach = HEIGHT / 2 * step / _STEPS
        x = WIDTH / 2 + reach * (WIDTH / HEIGHT) * math.cos(angle)
        y = HEIGHT / 2 + reach * math.sin(angle)
        box = (x - width / 2, y - height / 2, x + width / 2, y + height / 2)
        if box[0] < 2 or box[1] < 2 or box[2] > WIDTH - 2 or box[3] > HEIGHT - 2:
            continue
        if not any(box[0] < o[2] and o[0] < box[2] and box[1] < o[3] and o[1] < box[3] for o in taken):
            return box
    return None
