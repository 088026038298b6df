"""Maps drawn as SVG: one mark per product by category or cluster, names and pictures where there is room.

Invariant: colour never stands alone: each style has a shape of its own, and clusters their names.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
from markupsafe import Markup
from numpy.typing import NDArray

from prodlabel.core.palette import CategoryStyle, Shape
from prodlabel.operations.report.scheme import NO_STYLE
from prodlabel.operations.report.svg import element, mark, picture

MOST_POINTS = 6_000
"""More points than this are sampled: they would only cover each other, and the page would grow."""
MOST_TITLES = 1_500
Place = Callable[[float, float], tuple[float, float]]
_MARGIN = 26.0
_THUMBNAIL = 46.0
_PICTURES_EACH = 4


@dataclass(frozen=True, slots=True, eq=False)
class Scatter:
    """What a map shows. `xy` float (n, 2), NaN where a product is not on it; `style` (n,) numbers of
    `styles`. `captions`: (x, y, text) of groups, and for each of them in `candidates` the rows whose
    picture (`picture_of`) may be shown, the most important first."""

    name: str
    title: str
    description: str
    xy: NDArray[np.float32]
    style: NDArray[np.int64]
    styles: Sequence[CategoryStyle]
    names: Sequence[str] | None = None
    captions: Sequence[tuple[float, float, str]] = ()
    candidates: Sequence[Sequence[int]] = ()
    picture_of: Callable[[int], str | None] | None = None
    width: float = 1120.0
    height: float = 720.0
    radius: float = 4.0


@dataclass(slots=True)
class _Room:
    """Places that are taken, as boxes (left, top, right, bottom)."""

    boxes: list[tuple[float, float, float, float]] = field(default_factory=list)

    def is_free(self, x: float, y: float, width: float, height: float) -> bool:
        """Whether nothing is in the box centred there."""
        left, top, right, bottom = _box(x, y, width, height)
        return not any(left < o[2] and o[0] < right and top < o[3] and o[1] < bottom for o in self.boxes)

    def take(self, x: float, y: float, width: float, height: float) -> None:
        """Nothing else is to be put there."""
        self.boxes.append(_box(x, y, width, height))


def _box(x: float, y: float, width: float, height: float) -> tuple[float, float, float, float]:
    return x - width / 2, y - height / 2, x + width / 2, y + height / 2


def draw_map(scatter: Scatter) -> Markup:
    """The map as SVG; at most 6,000 points, evenly sampled."""
    rows = np.flatnonzero(np.isfinite(scatter.xy).all(axis=1))
    if not len(rows):
        return Markup("")
    low, scale, shift = _frame(scatter, rows)
    drawn = rows if len(rows) <= MOST_POINTS else rows[:: -(-len(rows) // MOST_POINTS)]

    def place(x: float, y: float) -> tuple[float, float]:
        # The map's y grows upwards, a picture's downwards.
        return (x - low[0]) * scale + shift[0], scatter.height - ((y - low[1]) * scale + shift[1])

    parts = [element("rect", width=scatter.width, height=scatter.height, rx=10, class_="ground")]
    parts += _marks(scatter, drawn, place)
    room = _Room()
    captions = _captions(scatter, place, room)
    parts += _pictures(scatter, place, room)
    parts += captions
    return picture((scatter.width, scatter.height), scatter.title, scatter.description, parts, scatter.name)


def _frame(
    scatter: Scatter, rows: NDArray[np.int64]
) -> tuple[NDArray[np.float32], float, tuple[float, float]]:
    """Lowest corner, scale and shift that fit the points into the picture, the same both ways."""
    low, high = scatter.xy[rows].min(axis=0), scatter.xy[rows].max(axis=0)
    extent = np.maximum(high - low, 1e-6)
    scale = float(min((scatter.width - 2 * _MARGIN) / extent[0], (scatter.height - 2 * _MARGIN) / extent[1]))
    shift = (
        (scatter.width - scale * float(extent[0])) / 2,
        (scatter.height - scale * float(extent[1])) / 2,
    )
    return low, scale, shift


def _marks(scatter: Scatter, rows: NDArray[np.int64], place: Place) -> list[Markup]:
    groups = []
    for number in [NO_STYLE, *range(len(scatter.styles))]:
        members = rows[scatter.style[rows] == number]
        if not len(members):
            continue
        style = None if number == NO_STYLE else scatter.styles[number]
        groups.append(_group(scatter, members, number, style, place))
    return groups


def _group(
    scatter: Scatter, rows: NDArray[np.int64], number: int, style: CategoryStyle | None, place: Place
) -> Markup:
    """All marks of one style: one path, or one for each where a name is to be shown under the pointer."""
    shape, klass = (Shape.DISC, "none") if style is None else (style.shape, f"k{number}")
    radius = scatter.radius if style is not None else 0.6 * scatter.radius
    paths = []
    for row in rows.tolist():
        x, y = place(float(scatter.xy[row, 0]), float(scatter.xy[row, 1]))
        paths.append(mark(shape, x, y, radius))
    if scatter.names is None or len(scatter.xy) > MOST_TITLES:
        return element("g", element("path", d="".join(paths)), class_=f"marks {klass}")
    named = [
        element("path", element("title", scatter.names[row]), d=path)
        for row, path in zip(rows.tolist(), paths, strict=True)
    ]
    return element("g", *named, class_=f"marks {klass}")


def _captions(scatter: Scatter, place: Place, room: _Room) -> list[Markup]:
    """Names where they fit: at their place, or a little above or below it."""
    found = []
    for x, y, text in scatter.captions:
        at_x, at_y = place(x, y)
        width = 7.4 * len(text) + 8
        at_x = min(max(at_x, width / 2 + 4), scatter.width - width / 2 - 4)
        for offset in (0, -24, 24, -48, 48, -72, 72):
            top = min(max(at_y + offset, 14.0), scatter.height - 14.0)
            if room.is_free(at_x, top, width, 22):
                room.take(at_x, top, width, 22)
                found.append(element("text", text, x=at_x, y=top + 5, class_="caption"))
                break
    return found


def _pictures(scatter: Scatter, place: Place, room: _Room) -> list[Markup]:
    """Products at their places in a frame of their category's colour, group after group, where nothing else
    is; each group may have `_PICTURES_EACH`.
    """
    if scatter.picture_of is None:
        return []
    found = []
    side = _THUMBNAIL
    for group in scatter.candidates:
        shown = 0
        for row in group:
            if shown == _PICTURES_EACH:
                break
            if not np.isfinite(scatter.xy[row]).all():
                continue
            x, y = place(float(scatter.xy[row, 0]), float(scatter.xy[row, 1]))
            x = min(max(x, side / 2 + 3), scatter.width - side / 2 - 3)
            y = min(max(y, side / 2 + 3), scatter.height - side / 2 - 3)
            if not room.is_free(x, y, side + 8, side + 8):
                continue
            uri = scatter.picture_of(row)
            if uri is not None:
                room.take(x, y, side + 8, side + 8)
                found.append(_framed(scatter, row, uri, (x, y)))
                shown += 1
    return found


def _framed(scatter: Scatter, row: int, uri: str, at: tuple[float, float]) -> Markup:
    number = int(scatter.style[row])
    klass = f"k{number}" if number != NO_STYLE else "none"
    side = _THUMBNAIL
    box = {"x": at[0] - side / 2, "y": at[1] - side / 2, "width": side, "height": side}
    title = [element("title", scatter.names[row])] if scatter.names is not None else []
    return element(
        "g",
        *title,
        element("rect", rx=6, class_="paper", **box),
        element("image", href=uri, preserveAspectRatio="xMidYMid meet", **_inset(box, 3.0)),
        element("rect", rx=6, class_=f"frame {klass}", **box),
    )


def _inset(box: dict[str, float], by: float) -> dict[str, float]:
    return {
        "x": box["x"] + by,
        "y": box["y"] + by,
        "width": box["width"] - 2 * by,
        "height": box["height"] - 2 * by,
    }
