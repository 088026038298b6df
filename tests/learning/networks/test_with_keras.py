"""The network in Keras: the shipped weights give the shipped features, a kill costs one epoch, NumPy agrees.

TensorFlow runs in processes of its own; without it these tests skip, saying so.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from prodlabel.core.errors import InputError
from prodlabel.encoders.image.crops import letterboxed
from prodlabel.encoders.image.efficientnet_lite0 import EfficientNetLite0
from prodlabel.encoders.image.lite0_layers import TunedLite0
from prodlabel.encoders.text.use4 import TunedUse4, UniversalSentenceEncoder4
from prodlabel.learning.networks.plan import what_is_missing
from prodlabel.sources.pictures import decode

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(what_is_missing() is not None, reason=str(what_is_missing())),
]


def child(*arguments: object) -> int:
    command = [sys.executable, "-m", "tests.learning.networks.keras_child", *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode in (0, 9), done.stderr[-3000:]
    return done.returncode


def test_the_network_in_keras_sees_real_pictures_as_the_shipped_one_does(
    shared: Path, tmp_path: Path
) -> None:
    files = sorted((shared / "flipkart" / "Images").glob("*.jpg"))[:12]
    pictures = [decode(file, short_side_px=256) for file in files]
    np.save(tmp_path / "squares.npy", np.stack([letterboxed(picture, 256) for picture in pictures]))
    child("features", tmp_path)
    with np.load(tmp_path / "features.npz") as found:
        np.testing.assert_allclose(found["keras"], found["onnx"], atol=1e-3)
        # The maps are kept in half precision.
        np.testing.assert_allclose(found["tail"], found["onnx"], atol=2e-2)
        unit = found["keras"] / np.linalg.norm(found["keras"], axis=1, keepdims=True)
    np.testing.assert_allclose(unit, EfficientNetLite0().encode(pictures), atol=1e-3)
    # And back: other weights, written as ONNX, are seen with by the encoder of the network.
    changed = np.load(tmp_path / "changed.npy")
    changed /= np.linalg.norm(changed, axis=1, keepdims=True)
    seen = TunedLite0(tmp_path / "changed.onnx", "abc").encode(pictures)
    np.testing.assert_allclose(seen, changed, atol=2e-3)


@pytest.mark.parametrize("epochs", [2, 4], ids=["in the head", "in the blocks"])
def test_a_killed_training_goes_on_to_the_same_numbers(tmp_path: Path, epochs: int) -> None:
    whole, halves = tmp_path / "whole", tmp_path / "halves"
    whole.mkdir()
    halves.mkdir()
    assert child("train", whole) == 0
    assert child("train", halves, epochs) == 9
    assert not (halves / "trained.npz").exists()
    assert child("train", halves) == 0
    with np.load(whole / "trained.npz") as one, np.load(halves / "trained.npz") as other:
        assert len(one["losses"]) == 5
        for name in one.files:
            np.testing.assert_allclose(other[name], one[name], rtol=1e-4, atol=1e-5, err_msg=name)
        assert one["learned"][-1] < one["learned"][0]


def test_numpy_says_what_keras_says_and_half_precision_trains(tmp_path: Path) -> None:
    assert child("heads", tmp_path) == 0
    with np.load(tmp_path / "heads.npz") as found:
        assert np.ptp(found["keras"]) > 0.1
        np.testing.assert_allclose(found["numpy"], found["keras"], atol=1e-4)


def test_an_encoder_of_texts_learns_along_and_reads_the_same_elsewhere(tmp_path: Path) -> None:
    whole, halves = tmp_path / "whole", tmp_path / "halves"
    model = whole / "model"
    subprocess.run([sys.executable, "-m", "tests.learning.networks.saved_texts", str(model)], check=True)
    shutil.copytree(model, halves / "model")
    assert child("read", whole) == 0
    assert child("read", halves, 3) == 9
    assert child("read", halves) == 0
    with np.load(whole / "trained.npz") as one, np.load(halves / "trained.npz") as other:
        for name in one.files:
            np.testing.assert_allclose(other[name], one[name], rtol=1e-4, atol=1e-5, err_msg=name)
        before, after = one["before"], one["after"]
    assert np.abs(after - before).max() > 1e-3, "it learned"
    fields = np.array(json.loads((whole / "phrases.json").read_text()))
    encoder = TunedUse4(whole / "text.npz", "abc", UniversalSentenceEncoder4(model).version, model)
    for at in (0, 1):
        found = encoder.encode(fields[:, at].tolist())
        np.testing.assert_allclose(found, after[:, 512 * at : 512 * (at + 1)], atol=1e-5)
    content = (whole / "text.npz").read_bytes()
    with pytest.raises(InputError, match="not the model that the network was trained with"):
        TunedUse4(content, "abc", "another", model).encode(["a towel"])
