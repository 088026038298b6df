"""EfficientNet-Lite0 (Tan and Le 2019, trained on ImageNet): 1280 pooled features as a unit vector."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from prodlabel.encoders.image.crops import Picture, cut, letterboxed, mirrored, stretched
from prodlabel.encoders.protocol import Kind
from prodlabel.encoders.sessions import open_session
from prodlabel.encoders.weights import find_weights

View = Callable[[Picture], Picture]

_CORNERS = ((0.5, 0.5), (0.0, 0.0), (0.0, 1.0), (1.0, 0.0), (1.0, 1.0))


def _corner(down: float, across: float) -> View:
    return lambda picture: cut(picture, 224, 256, down, across)


_VIEWS: dict[str, tuple[View, ...]] = {
    "one": (lambda p: letterboxed(p, 256),),
    "flips": (lambda p: letterboxed(p, 256), lambda p: mirrored(letterboxed(p, 256))),
    "letterbox": (lambda p: letterboxed(p, 256), lambda p: stretched(p, 224)),
    "crops": tuple(_corner(*place) for place in _CORNERS),
    "all": (
        lambda p: stretched(p, 224),
        lambda p: mirrored(stretched(p, 224)),
        lambda p: letterboxed(p, 224),
        lambda p: mirrored(letterboxed(p, 224)),
        lambda p: letterboxed(p, 320),
    ),
}
_COSTS = {"one": 3, "flips": 6, "letterbox": 5, "crops": 10, "all": 12}
_PICTURES_A_RUN = 4
"""More at a time is slower: the maps between the layers no longer fit into the processor's cache."""


class EfficientNetLite0:
    """An `ItemEncoder` of pictures: the mean of the unit vectors of one or several views.

    `views`: "one" (without its white border, letterboxed to 256 px), "flips" (and mirrored), "letterbox" (and
    stretched to 224 px), "crops" (squares of 224 px from the middle and the corners, the shorter side brought
    to 256 px: Krizhevsky et al. 2012, section 4.1) or "all" (stretched and letterboxed to 224 px, both
    mirrored too, and letterboxed to 320 px; 4 times the work). On real products one, "letterbox" and "all"
    differ by less than the noise of a fold; hence one by default. The network uses `threads` cores (default:
    all).
    """

    id = "efficientnet-lite0"
    title = "EfficientNet-Lite0"
    kind = Kind.PICTURE
    dim = 1280
    batch_budget = 24

    def __init__(self, views: str = "one", threads: int | None = None) -> None:
        if views not in _VIEWS:
            raise ValueError(f"views is one of {', '.join(_VIEWS)}")
        self.views = views
        self.threads = threads
        self.wanted_side_px = 320 if views == "all" else 256

    @property
    def version(self) -> str:
        return f"{self._weights.stamp}-{self.views}"

    def cost(self, item: Picture) -> int:  # noqa: ARG002 - the protocol's signature
        """In halves of one 224 px view; the same for every picture."""
        return _COSTS[self.views]

    def encode(self, batch: Sequence[Picture]) -> NDArray[np.float32]:
        total = np.zeros((len(batch), self.dim), np.float32)
        for view in _VIEWS[self.views]:
            for start in range(0, len(batch), _PICTURES_A_RUN):
                part = slice(start, start + _PICTURES_A_RUN)
                squares = np.stack([view(picture) for picture in batch[part]])
                total[part] += _unit(self._session.run(None, {"pictures": squares})[0])
        return _unit(total)

    @cached_property
    def _weights(self) -> Any:
        return find_weights("efficientnet-lite0")

    @cached_property
    def _session(self) -> Any:
        return open_session(self._weights.file("model.onnx"), self.threads)


def _unit(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    norms = np.linalg.norm(vectors, axis=1, keepdims=True)
    unit: NDArray[np.float32] = vectors / np.maximum(norms, np.float32(1e-12))
    return unit
