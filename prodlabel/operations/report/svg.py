"""The little SVG that charts are drawn from: elements, marks, axes.

Invariant: whatever comes in as text or attribute is escaped here, and what comes out
is `Markup` that needs no further escaping.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from markupsafe import Markup

from prodlabel.core.palette import Shape

Points = Sequence[tuple[float, float]]


def element(tag: str, *children: Markup | str, **attributes: object) -> Markup:
    """`element("text", "a < b", x=3, class_="dim")`; underscores in names become hyphens."""
    said = Markup("").join(
        Markup(' {}="{}"').format(name.rstrip("_").replace("_", "-"), _value(value))
        for name, value in attributes.items()
        if value is not None
    )
    inside = Markup("").join(children)
    return Markup("<{0}{1}>{2}</{0}>").format(tag, said, inside)


def _value(value: object) -> object:
    return f"{value:.5g}" if isinstance(value, float) else value


def picture(
    size: tuple[float, float], title: str, description: str, parts: Iterable[Markup], name: str
) -> Markup:
    """A whole SVG of `size` (width, height), with title and description for those who do not see it.

    `name` is unique on the page.
    """
    return element(
        "svg",
        element("title", title, id=f"{name}-t"),
        element("desc", description, id=f"{name}-d"),
        *parts,
        viewBox=f"0 0 {size[0]:g} {size[1]:g}",
        role="img",
        aria_labelledby=f"{name}-t {name}-d",
        class_="chart",
    )


_UNIT = {
    Shape.SQUARE: ((-0.8, -0.8), (0.8, -0.8), (0.8, 0.8), (-0.8, 0.8)),
    Shape.TRIANGLE: ((0, -1.05), (0.98, 0.72), (-0.98, 0.72)),
    Shape.TRIANGLE_DOWN: ((0, 1.05), (0.98, -0.72), (-0.98, -0.72)),
    Shape.DIAMOND: ((0, -1.15), (1.15, 0), (0, 1.15), (-1.15, 0)),
    Shape.CROSS: (
        (-0.36, -1), (0.36, -1), (0.36, -0.36), (1, -0.36), (1, 0.36), (0.36, 0.36),
        (0.36, 1), (-0.36, 1), (-0.36, 0.36), (-1, 0.36), (-1, -0.36), (-0.36, -0.36),
    ),
    Shape.BAR: ((-1.3, -0.52), (1.3, -0.52), (1.3, 0.52), (-1.3, 0.52)),
}  # fmt: skip


def mark(shape: Shape, x: float, y: float, radius: float) -> str:
    """Path data of one mark."""
    if shape is Shape.DISC:
        r = f"{radius:.1f}"
        return (
            f"M{x - radius:.1f} {y:.1f}a{r} {r} 0 1 0 {2 * radius:.1f} 0a{r} {r} 0 1 0 {-2 * radius:.1f} 0z"
        )
    corners = [f"{x + dx * radius:.1f} {y + dy * radius:.1f}" for dx, dy in _UNIT[shape]]
    return f"M{'L'.join(corners)}z"


def line(points: Points) -> str:
    """Path data through the points."""
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points)
