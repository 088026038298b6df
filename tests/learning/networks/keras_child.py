"""What the tests do with TensorFlow, in a process of its own: `python -m ... COMMAND FOLDER`."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import replace
from pathlib import Path

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import numpy as np

from prodlabel.core.progress import Progress
from prodlabel.encoders.image.lite0_layers import Lite0Layers
from prodlabel.encoders.text.saved_model import TrainedTexts
from prodlabel.learning.networks import keras_lite0
from prodlabel.learning.networks.keras_network import KerasNetwork, prepare
from prodlabel.learning.networks.plan import HEAD, JOINT_USE, TUNING
from prodlabel.learning.networks.training import Training
from tests.learning.networks.lessons import QUICK, make_lessons

ROWS = np.arange(32)


def features(folder: Path) -> None:
    """The squares in the folder through the whole network in Keras, and through its tail alone."""
    import keras

    squares, layers = np.load(folder / "squares.npy"), Lite0Layers(13)
    tensors = layers.tensors()
    pictures = keras.Input(squares.shape[1:])
    whole = keras.Model(pictures, keras_lite0.features(pictures, tensors))
    maps, pooled = layers.halfway(squares)
    entry = keras.Input(maps.shape[1:])
    tail = keras.Model(entry, keras_lite0.tail(entry, tensors, 13))
    np.savez(
        folder / "features.npz",
        onnx=pooled,
        keras=whole.predict_on_batch(squares.astype(np.float32)),
        tail=tail.predict_on_batch(maps),
    )
    changed = {name: values * 1.01 for name, values in keras_lite0.tensors_of(tail, 13).items()}
    (folder / "changed.onnx").write_bytes(layers.with_tensors(changed))
    keras.backend.clear_session()
    entry = keras.Input(maps.shape[1:])
    np.save(
        folder / "changed.npy",
        keras.Model(entry, keras_lite0.tail(entry, tensors | changed, 13)).predict_on_batch(maps),
    )


def train(folder: Path, stop_after: int = 0) -> None:
    """Train on the small lessons; with `stop_after` end as a kill would after so many epochs."""
    prepare()
    epochs = []

    def count(figures: object) -> None:
        epochs.append(figures)
        if stop_after and len(epochs) == stop_after:
            os._exit(9)

    training = Training(
        make_lessons(),
        ROWS,
        QUICK,
        Lite0Layers(15).tensors(),
        number=0,
        trainings=1,
        file=folder / "kept.npz",
    )
    trained = training.run(Progress(partial_listener=count))
    heads = trained.heads
    assert heads.text is not None
    assert heads.picture is not None
    np.savez(
        folder / "trained.npz",
        bias=heads.bias,
        text=heads.text.weights,
        picture=heads.picture.join,
        tuned=len(trained.tensors),
        losses=[one.checked_loss for one in trained.course],
        learned=[one.loss for one in trained.course],
        seen=training.see(ROWS),
    )


def heads(folder: Path) -> None:
    """What Keras and NumPy say of the same products; and that half precision trains."""
    lessons = make_lessons()
    network = KerasNetwork(lessons, ROWS, QUICK, Lite0Layers(15).tensors(), 0)
    network.begin(TUNING)
    flags = [one[:, None].astype(np.float32) for one in (lessons.has_picture, lessons.has_text)]
    plain = np.zeros(len(ROWS), np.int64)
    assert lessons.text is not None
    inputs = [lessons.maps_of(ROWS, plain), flags[0], lessons.text, flags[1]]
    truth = np.eye(2, dtype=np.float32)[lessons.target]
    network.learn(inputs, truth, np.ones(len(ROWS), np.float32), 1e-3)
    rates = {layer.rate for layer in network.model.get_layer(index=-1).layers if hasattr(layer, "rate")}
    assert rates == {QUICK.dropout / 2, QUICK.dropout}
    said, found = network.ask(inputs), network.heads()
    assert np.array_equal(said, network.ask(inputs)), "nothing is dropped when it is asked"
    seen = network.see(lessons.maps_of(ROWS, plain))
    assert found.text is not None
    assert found.picture is not None
    added = [found.picture(seen, lessons.has_picture), found.text(lessons.text, lessons.has_text)]
    np.savez(folder / "heads.npz", keras=said, numpy=found.scores(added, len(ROWS)))
    prepare(mixed=True)
    half = KerasNetwork(lessons, ROWS, QUICK, Lite0Layers(15).tensors(), 0)
    for stage, pictures in ((HEAD, lessons.features(ROWS, plain)), (TUNING, inputs[0])):
        half.begin(stage)
        loss, _ = half.learn([pictures, *inputs[1:]], truth, np.ones(len(ROWS), np.float32), 1e-3)
        assert np.isfinite(loss)
    assert half.ask(inputs).dtype == np.float32


def read(folder: Path, stop_after: int = 0) -> None:
    """As `train`, with the SavedModel in the folder learning to read the products' texts."""
    import keras

    prepare()
    reader, tensors = TrainedTexts(folder / "model"), Lite0Layers(15).tensors()
    lessons = make_lessons()
    entry = keras.Input(lessons.maps.shape[2:])
    tail = keras.Model(entry, keras_lite0.tail(entry, tensors, 15))
    pooled = np.stack([tail.predict_on_batch(maps) for maps in lessons.maps])
    things = np.array(["a towel", "the lamp"], dtype=object)[lessons.target]
    phrases = np.stack([things, np.array([f"number {at}" for at in range(len(things))], object)], axis=1)
    phrases[~lessons.has_text] = ""
    before = np.asarray(reader(phrases.ravel().tolist())).reshape(len(things), -1)
    epochs = []

    def count(figures: object) -> None:
        epochs.append(figures)
        if stop_after and len(epochs) == stop_after:
            os._exit(9)

    training = Training(
        replace(lessons, text=before, phrases=phrases, pooled=pooled),
        ROWS,
        replace(QUICK, kind=JOINT_USE, head_epochs=1, head_rate=1e-6, tuning_epochs=3, tuning_rate=3e-4),
        tensors,
        number=0,
        trainings=1,
        file=folder / "kept.npz",
        reader=reader,
    )
    trained = training.run(Progress(partial_listener=count))
    assert trained.heads.text is not None
    after = training.read(ROWS)
    assert after is not None
    assert sorted({name.split(".")[1] for name in trained.tensors if "blocks" in name}) == ["15"]
    changed = {name: np.abs(values - tensors[name]).max() for name, values in trained.tensors.items()}
    assert min(changed.values()) > 0, "all of the last blocks learned"
    np.savez(folder / "text.npz", **trained.text_tensors)  # type: ignore[arg-type]
    (folder / "phrases.json").write_text(json.dumps(phrases[ROWS].tolist()))
    np.savez(
        folder / "trained.npz",
        losses=[one.checked_loss for one in trained.course],
        learned=[one.loss for one in trained.course],
        text=trained.heads.text.weights,
        before=before[ROWS],
        after=after,
    )


if __name__ == "__main__":
    {"features": features, "train": train, "heads": heads, "read": read}[sys.argv[1]](
        Path(sys.argv[2]), *(int(one) for one in sys.argv[3:])
    )
