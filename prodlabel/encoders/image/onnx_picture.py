"""Any network that sees pictures, from an ONNX file and a manifest: one unit vector per picture."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from prodlabel.core.errors import InputError
from prodlabel.encoders.image.crops import Picture, letterboxed, middle, stretched
from prodlabel.encoders.protocol import Kind
from prodlabel.encoders.user_networks import open_network, run_network, unit_rows
from prodlabel.encoders.user_onnx import OnnxFolder, PicturePart, read_folder

_FITS = {"stretch": stretched, "letterbox": letterboxed, "crop": middle}
_PICTURES_A_RUN = 4


class OnnxPicture:
    """An `ItemEncoder` of pictures. `folder` holds a manifest with a part "picture" (`user_onnx`)."""

    id = "onnx-picture"
    title = "Picture encoder of your own (ONNX)"
    kind = Kind.PICTURE
    batch_budget = 8

    def __init__(self, folder: Path, threads: int | None = None) -> None:
        self.folder = folder
        self.threads = threads

    @property
    def dim(self) -> int:
        return self._part.dim

    @property
    def wanted_side_px(self) -> int:
        return self._part.side_px

    @property
    def version(self) -> str:
        return f"{self._weights.stamp(self._part.model)}-picture"

    def cost(self, item: Picture) -> int:  # noqa: ARG002 - the protocol's signature
        return 1

    def encode(self, batch: Sequence[Picture]) -> NDArray[np.float32]:
        vectors = np.zeros((len(batch), self.dim), np.float32)
        size = self._batch or _PICTURES_A_RUN
        for start in range(0, len(batch), size):
            part = batch[start : start + size]
            seen = self._seen(part)
            if self._batch and len(part) < size:  # the network insists on full batches
                seen = np.concatenate([seen, np.zeros((size - len(part), *seen.shape[1:]), np.float32)])
            wanted = [self._part.output] if self._part.output else None
            found = run_network(self._session, wanted, {self._input.name: seen}, self._weights.name)
            vectors[start : start + len(part)] = unit_rows(self._pooled(found)[: len(part)])
        return vectors

    def _seen(self, pictures: Sequence[Picture]) -> NDArray[np.float32]:
        """The pictures as the network wants them."""
        part = self._part
        squares = np.stack([_FITS[part.fit](picture, part.side_px) for picture in pictures])
        if part.order == "bgr":
            squares = squares[..., ::-1]
        mean, std = np.array(part.mean, np.float32), np.array(part.std, np.float32)
        seen = squares * (1 / (255 * std)) - mean / std
        if part.layout == "nchw":
            seen = seen.transpose(0, 3, 1, 2)
        return np.ascontiguousarray(seen, np.float32)

    def _pooled(self, found: NDArray[Any]) -> NDArray[Any]:
        if self._part.pooling == "mean" and found.ndim == 4:
            found = found.mean(axis=(2, 3) if self._part.layout == "nchw" else (1, 2))
        elif self._part.pooling == "mean" and found.ndim == 3:
            found = found.mean(axis=1)
        if found.ndim != 2 or found.shape[1] != self.dim:
            raise InputError(
                f"The picture network {self._weights.name} gives numbers of shape {found.shape}, which do "
                f"not fit dim {self.dim}. Correct its manifest."
            )
        return found

    @cached_property
    def _weights(self) -> OnnxFolder:
        return read_folder(self.folder)

    @cached_property
    def _part(self) -> PicturePart:
        if self._weights.picture is None:
            raise InputError(f"The weights {self._weights.name} encode no pictures. Choose others.")
        return self._weights.picture

    @cached_property
    def _session(self) -> Any:
        return open_network(self._weights.file(self._part.model), self.threads)

    @cached_property
    def _input(self) -> Any:
        found = self._session.get_inputs()
        if len(found) != 1 or found[0].type != "tensor(float)":
            raise InputError(
                f"The picture network {self._weights.name} does not ask for one batch of float32 pictures. "
                "Export it so."
            )
        return found[0]

    @cached_property
    def _batch(self) -> int | None:
        """Pictures at a time that the network insists on, or None."""
        wish = self._input.shape[0]
        return wish if isinstance(wish, int) else None
