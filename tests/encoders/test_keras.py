"""Networks of keras.applications give pooled vectors, tested with random weights where Keras is there."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from prodlabel import paths
from prodlabel.core.errors import InputError, WeightsMissingError
from prodlabel.encoders import registry
from prodlabel.encoders.image.keras_applications import KerasPicture, MobileNetV2, ResNet50, Vgg16
from prodlabel.encoders.registry import encoder_class
from tests.encoders.pictures import drawn_picture

KINDS = [MobileNetV2, Vgg16, ResNet50]

# Keras with random weights: saves them as its own files are saved, and what it makes of prepared pictures.
_SCRIPT = """
import sys
from pathlib import Path
import h5py, numpy as np, keras
from keras.src.legacy.saving import legacy_h5_format
name, function, weights, squares, target = sys.argv[1:]
keras.utils.set_random_seed(0)
model = getattr(keras.applications, function)(
    weights=None, include_top=False, pooling="avg", input_shape=(224, 224, 3))
rng = np.random.default_rng(0)
for layer in model.layers:  # statistics that differ from 0 and 1, as trained ones do
    if type(layer).__name__ == "BatchNormalization":
        gamma, beta, mean, variance = layer.get_weights()
        gamma, variance = (one * rng.uniform(0.8, 1.2, one.shape) for one in (gamma, variance))
        beta, mean = (one + rng.normal(0, 0.1, one.shape) for one in (beta, mean))
        layer.set_weights([gamma, beta, mean, variance])
with h5py.File(weights, "w") as file:
    legacy_h5_format.save_weights_to_hdf5_group(file, model)
modules = {"MobileNetV2": "mobilenet_v2", "VGG16": "vgg16", "ResNet50": "resnet"}
module = getattr(keras.applications, modules[function])
np.save(target, model.predict(module.preprocess_input(np.load(squares).astype("float32")), verbose=0))
"""


@pytest.fixture
def weights(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(paths, "user_weights", lambda: tmp_path / "weights")
    return tmp_path / "weights"


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.id)
def test_without_weights_it_is_said_what_is_needed_and_where(weights: Path, kind: type[KerasPicture]) -> None:
    missing = str(registry.entry(kind.id).what_is_missing())
    assert kind.weights_file in missing
    assert str(weights / kind.id) in missing
    with pytest.raises(WeightsMissingError):
        registry.item_encoder(kind.id)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("kind", "function"), [(MobileNetV2, "MobileNetV2"), (Vgg16, "VGG16"), (ResNet50, "ResNet50")]
)
def test_vectors_are_those_of_keras(weights: Path, kind: type[KerasPicture], function: str) -> None:
    pytest.importorskip("onnx", reason="the conversion needs onnx")
    if registry.find_spec("tensorflow") is None:
        pytest.skip("TensorFlow is not installed")
    folder = weights / kind.id
    folder.mkdir(parents=True)
    pictures = [drawn_picture(i, 224, 224) for i in range(3)]
    for picture in pictures:
        picture[0], picture[-1], picture[:, 0], picture[:, -1] = 0, 0, 0, 0  # no white border to trim
    np.save(folder / "squares.npy", np.stack(pictures))
    saved = folder / kind.weights_file
    arguments = [kind.id, function, str(saved), str(folder / "squares.npy"), str(folder / "keras.npy")]
    subprocess.run([sys.executable, "-c", _SCRIPT, *arguments], check=True, capture_output=True)
    encoder = registry.item_encoder(kind.id)
    vectors = encoder.encode(pictures)
    theirs = np.load(folder / "keras.npy")
    theirs /= np.linalg.norm(theirs, axis=1, keepdims=True)
    assert vectors.shape == (3, kind.dim)
    assert (vectors * theirs).sum(axis=1).min() > 0.9999
    assert kind.id in encoder.version
    assert kind.id not in {
        entry.id.removeprefix("onnx-") for entry in registry.entries()[len(registry.ENTRIES) :]
    }


def test_a_file_that_is_not_keras_is_told(weights: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = weights / "vgg16"
    folder.mkdir(parents=True)
    (folder / Vgg16.weights_file).write_bytes(b"nonsense")
    monkeypatch.setattr(sys, "executable", sys.executable)
    monkeypatch.setattr(
        subprocess, "run", lambda *_, **__: subprocess.CompletedProcess([], 1, "", "no HDF5 file")
    )
    monkeypatch.setattr("prodlabel.encoders.image.keras_applications.find_spec", lambda _: object())
    with pytest.raises(InputError, match="no HDF5 file"):
        encoder_class("vgg16")().encode([drawn_picture(0)])
