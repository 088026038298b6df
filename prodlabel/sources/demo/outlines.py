"""The outlines of a drawing's parts, as points in the drawing's own box (x right, y down, about -1 to 1).

Invariant: every function returns a closed outline of at least three points, shape (n, 2), float64.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float64]
Numbers = Sequence[float]

_STEPS = 10


def smooth(points: Any, *, closed: bool) -> Points:
    """A Catmull-Rom curve through the points; a point given twice makes a corner."""
    p = np.asarray(points, dtype=np.float64)
    before, after = (p[-1:], p[:2]) if closed else (p[:1], np.repeat(p[-1:], 2, axis=0))
    padded = np.concatenate([before, p, after])
    t = np.linspace(0.0, 1.0, _STEPS, endpoint=False)[:, None]
    pieces = []
    for i in range(len(p) if closed else len(p) - 1):
        a, b, c, d = padded[i : i + 4]
        if np.array_equal(b, c):
            continue
        # At a corner the curve leaves straight towards its next point: no loop, no overshoot.
        a, d = (2 * b - c if np.array_equal(a, b) else a), (2 * c - b if np.array_equal(c, d) else d)
        pieces.append(
            0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3)
        )
    if not closed:
        pieces.append(p[-1:])
    return np.concatenate(pieces)


def ellipse(centre: Numbers, radii: Numbers, start: float = 0.0, stop: float = 360.0) -> Points:
    """An ellipse, or the arc of it between two angles (degrees, clockwise from the right)."""
    angle = np.radians(np.linspace(start, stop, 72))
    return np.stack([centre[0] + radii[0] * np.cos(angle), centre[1] + radii[1] * np.sin(angle)], axis=1)


def box(corners: Numbers, radius: float) -> Points:
    """A rectangle (left, top, right, bottom) with rounded corners."""
    left, top, right, bottom = corners
    r = min(radius, (right - left) / 2, (bottom - top) / 2)
    if r <= 0:
        return np.array([[left, top], [right, top], [right, bottom], [left, bottom]])
    arcs = [
        ellipse((right - r, bottom - r), (r, r), 0, 90),
        ellipse((left + r, bottom - r), (r, r), 90, 180),
        ellipse((left + r, top + r), (r, r), 180, 270),
        ellipse((right - r, top + r), (r, r), 270, 360),
    ]
    return np.concatenate(arcs)


def stroke(points: Points, width: float, *, closed: bool = False) -> Points:
    """A line of some width along the points, with round ends (or a ring, as one outline with a seam)."""
    p = np.concatenate([points, points[:1]]) if closed else points
    way = np.gradient(p, axis=0)
    way /= np.maximum(np.hypot(way[:, :1], way[:, 1:]), 1e-9)
    aside = np.stack([-way[:, 1], way[:, 0]], axis=1) * (width / 2)
    if closed:
        return np.concatenate([p + aside, (p - aside)[::-1]])
    return np.concatenate(
        [p + aside, _cap(p[-1], aside[-1], way[-1]), (p - aside)[::-1], _cap(p[0], -aside[0], -way[0])]
    )


def _cap(end: Points, aside: Points, way: Points) -> Points:
    angle = np.linspace(0, np.pi, 9)[1:-1, None]
    reach = float(np.hypot(*aside))
    return end + aside * np.cos(angle) + way * reach * np.sin(angle)


def lathe_profile(profile: Any) -> Points:
    """A turned body's (height, half width) pairs, smoothed, with heights that only grow."""
    curve = smooth(profile, closed=False)
    heights = np.maximum.accumulate(curve[:, 0])
    return np.stack([heights, np.maximum(curve[:, 1], 0.0)], axis=1)


def lathe(profile: Points, tilt: float) -> Points:
    """A turned body seen from slightly above: `tilt` is the height of its ellipses over their width."""
    angle = np.linspace(0, np.pi, 40)
    y, h = profile[:, 0], profile[:, 1]
    bottom = np.stack([h[-1] * np.cos(angle), y[-1] + tilt * h[-1] * np.sin(angle)], axis=1)
    top = np.stack([-h[0] * np.cos(angle), y[0] - tilt * h[0] * np.sin(angle)], axis=1)
    right, left = np.stack([h, y], axis=1), np.stack([-h, y], axis=1)[::-1]
    return np.concatenate([top, right, bottom, left])


def wrapped(profile: Points, tilt: float, heights: Numbers, across: Numbers) -> Points:
    """A patch on a turned body (a label): between two heights, across -1 (left edge) to 1 (right edge)."""
    t = np.linspace(across[0], across[1], 30)
    bend = tilt * np.sqrt(np.maximum(0.0, 1 - t**2))

    def along(y: float) -> Points:
        h = float(np.interp(y, profile[:, 0], profile[:, 1]))
        return np.stack([t * h, y + bend * h], axis=1)

    y = np.linspace(heights[0], heights[1], 12)
    half = np.interp(y, profile[:, 0], profile[:, 1])

    def edge(t_edge: float) -> Points:
        lift = tilt * np.sqrt(max(0.0, 1 - t_edge**2))
        return np.stack([t_edge * half, y + lift * half], axis=1)

    return np.concatenate(
        [along(heights[0]), edge(across[1]), along(heights[1])[::-1], edge(across[0])[::-1]]
    )


def turned(points: Points, degrees: float, about: Numbers = (0.0, 0.0)) -> Points:
    """The outline turned clockwise about a point."""
    a = np.radians(degrees)
    x, y = points[:, 0] - about[0], points[:, 1] - about[1]
    return np.stack(
        [about[0] + x * np.cos(a) - y * np.sin(a), about[1] + x * np.sin(a) + y * np.cos(a)], axis=1
    )
