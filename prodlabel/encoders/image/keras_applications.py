"""MobileNetV2, VGG16 and ResNet50 of keras.applications (ImageNet), pooled over places: unit vectors.

The weights are Keras's own files, put into the weights folder or fetched. They are turned into ONNX once, in
a child process (`keras_to_onnx`); after that neither TensorFlow nor Keras is needed.
"""

from __future__ import annotations

import os
import subprocess
import sys
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import ClassVar

from prodlabel import paths
from prodlabel.core.errors import InputError, WeightsMissingError
from prodlabel.encoders.image.onnx_picture import OnnxPicture
from prodlabel.encoders.user_onnx import MANIFEST, OnnxFolder, read_folder

_MODEL = "model.onnx"
_PACKAGES = ("tensorflow", "onnx")
_TIMEOUT_S = 600


class KerasPicture(OnnxPicture):
    """What the three share. `folder` holds Keras's file of weights (default: `id` in the weights folder)."""

    dim: ClassVar[int]
    wanted_side_px = 224
    weights_file: ClassVar[str]

    def __init__(self, folder: Path | None = None, threads: int | None = None) -> None:
        super().__init__(folder or paths.user_weights() / self.id, threads)

    @classmethod
    def what_is_missing(cls, folder: Path | None = None) -> str | None:
        """One line about what is needed and where to put it, or None when it can run."""
        folder = folder or paths.user_weights() / cls.id
        if (folder / _MODEL).is_file() and (folder / MANIFEST).is_file():
            return None
        if not (folder / cls.weights_file).is_file():
            return (
                f"{cls.title} needs its weights. Run `prodlabel fetch {cls.id}`, or put {cls.weights_file} "
                f"(keras.applications) into {folder}."
            )
        absent = [name for name in _PACKAGES if find_spec(name) is None]
        if absent:
            return (
                f"The weights of {cls.title} must be converted once, and {' and '.join(absent)} are not "
                f"installed. Run: pip install {' '.join(absent)}"
            )
        return None

    @cached_property
    def _weights(self) -> OnnxFolder:
        if missing := self.what_is_missing(self.folder):
            raise WeightsMissingError(missing)
        if not ((self.folder / _MODEL).is_file() and (self.folder / MANIFEST).is_file()):
            self._convert()
        return read_folder(self.folder)

    def _convert(self) -> None:
        weights = self.folder / self.weights_file
        command = [sys.executable, "-m", "prodlabel.encoders.image.keras_to_onnx"]
        # The child finds the same prodlabel, wherever this one was started from.
        package = str(Path(__file__).resolve().parents[3])
        others = [part for part in [os.environ.get("PYTHONPATH")] if part]
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join([package, *others])}
        try:
            done = subprocess.run(
                [*command, self.id, str(weights), str(self.folder)],
                capture_output=True, text=True, errors="replace", timeout=_TIMEOUT_S, env=environment,
                check=False,
            )  # fmt: skip
        except subprocess.TimeoutExpired as error:
            raise InputError(
                f"Converting {weights} took too long. Close other programs and try again."
            ) from error
        if done.returncode:
            said = done.stderr.strip().splitlines()[-1:] or ["no reason given"]
            raise InputError(
                f"{weights} could not be converted ({said[0][:200]}). "
                "Put the file there again as Keras publishes it."
            )


class MobileNetV2(KerasPicture):
    """Sandler et al. 2018: 1280 pooled features."""

    id = "mobilenet-v2"
    title = "MobileNetV2 (Keras)"
    dim = 1280
    weights_file = "mobilenet_v2_weights_tf_dim_ordering_tf_kernels_1.0_224_no_top.h5"


class Vgg16(KerasPicture):
    """Simonyan and Zisserman 2015: 512 pooled features."""

    id = "vgg16"
    title = "VGG16 (Keras)"
    dim = 512
    weights_file = "vgg16_weights_tf_dim_ordering_tf_kernels_notop.h5"


class ResNet50(KerasPicture):
    """He et al. 2016: 2048 pooled features."""

    id = "resnet50"
    title = "ResNet50 (Keras)"
    dim = 2048
    weights_file = "resnet50_weights_tf_dim_ordering_tf_kernels_notop.h5"
