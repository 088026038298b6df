"""Where a map is looked at from: data coordinates to pixels and back, and the views one can go back to.

Invariant: a `Camera` never changes after it was made. Data y points up, pixel y points down, and the scale is
the same in both directions, since distances on a map mean something.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

Bounds = tuple[float, float, float, float]
"""Left, bottom, right, top in data coordinates."""

MOST_ZOOM = 4000.0
LEAST_ZOOM = 0.2


@dataclass(frozen=True, slots=True)
class Camera:
    """A view onto the map: the data point in the middle and how many pixels one data unit takes."""

    x: float = 0.0
    y: float = 0.0
    scale: float = 1.0
    width: int = 1
    height: int = 1

    @classmethod
    def fitting(cls, bounds: Bounds, width: int, height: int, margin_px: float = 48.0) -> Camera:
        """Shows all of `bounds`; a single point is shown at scale 1 rather than infinitely near.

        A map that is squeezed to nothing for a moment has room for one pixel: a scale of 0 has no way back.
        """
        left, bottom, right, top = bounds
        room = [max(side - 2 * margin_px, side * 0.5, 1.0) for side in (width, height)]
        spans = right - left, top - bottom
        scales = [space / span for space, span in zip(room, spans, strict=True) if span > 0]
        return cls((left + right) / 2, (bottom + top) / 2, min(scales, default=1.0), width, height)

    def to_pixel(self, x: float, y: float) -> tuple[float, float]:
        return (x - self.x) * self.scale + self.width / 2, (self.y - y) * self.scale + self.height / 2

    def to_data(self, px: float, py: float) -> tuple[float, float]:
        return self.x + (px - self.width / 2) / self.scale, self.y - (py - self.height / 2) / self.scale

    @property
    def bounds(self) -> Bounds:
        """What is in view, in data coordinates."""
        left, top = self.to_data(0, 0)
        right, bottom = self.to_data(self.width, self.height)
        return left, bottom, right, top

    def panned(self, dx_px: float, dy_px: float) -> Camera:
        """The view after its content was pulled by so many pixels."""
        return replace(self, x=self.x - dx_px / self.scale, y=self.y + dy_px / self.scale)

    def zoomed(self, factor: float, px: float, py: float) -> Camera:
        """The view after zooming so that what lies under the pixel stays there."""
        x, y = self.to_data(px, py)
        scale = self.scale * factor
        return replace(
            self,
            x=x - (px - self.width / 2) / scale,
            y=y + (py - self.height / 2) / scale,
            scale=scale,
        )

    def resized(self, width: int, height: int) -> Camera:
        """The same middle and scale in a view of another size."""
        return replace(self, width=max(1, width), height=max(1, height))

    def between(self, other: Camera, share: float) -> Camera:
        """A view on the way to the other; the scale moves geometrically, so that the zoom feels even."""
        if share >= 1.0:
            return other
        scale = self.scale * (other.scale / self.scale) ** share
        # What moves evenly is the position relative to the scale; else a zoom swings sideways.
        even = share
        if abs(math.log(other.scale / self.scale)) > 1e-6:
            even = (1 / scale - 1 / self.scale) / (1 / other.scale - 1 / self.scale)
        return replace(
            other,
            x=self.x + (other.x - self.x) * even,
            y=self.y + (other.y - self.y) * even,
            scale=scale,
        )


class CameraHistory:
    """The views one came through, like pages. Invariant: `back` then `forward` changes nothing."""

    def __init__(self, most: int = 100) -> None:
        self._past: list[Camera] = []
        self._future: list[Camera] = []
        self._most = most

    @property
    def can_go_back(self) -> bool:
        return bool(self._past)

    @property
    def can_go_forward(self) -> bool:
        return bool(self._future)

    def leave(self, camera: Camera) -> None:
        """Remembers the view that one is about to leave; forgets what lay ahead."""
        if not self._past or self._past[-1] != camera:
            self._past.append(camera)
            del self._past[: -self._most]
        self._future.clear()

    def back(self, current: Camera) -> Camera:
        if not self._past:
            return current
        self._future.append(current)
        return self._past.pop()

    def forward(self, current: Camera) -> Camera:
        if not self._future:
            return current
        self._past.append(current)
        return self._future.pop()
