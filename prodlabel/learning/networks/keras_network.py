"""The network that is trained, in Keras: EfficientNet-Lite0's last blocks, a branch for texts, a joint end.

Needs TensorFlow; imported only in processes that train. The end of the network is read out as `Heads`, which
NumPy computes alone.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from prodlabel.learning.networks import keras_lite0
from prodlabel.learning.networks.heads import Branch, Heads, scale_of
from prodlabel.learning.networks.lessons import Lessons
from prodlabel.learning.networks.plan import HEAD, NetworkSettings

Ints = npt.NDArray[np.integer[Any]]
Arrays = list[npt.NDArray[Any]]


def has_gpu() -> bool:
    """Whether TensorFlow sees an accelerator."""
    import tensorflow

    return bool(tensorflow.config.list_physical_devices("GPU"))


def prepare(*, mixed: bool | None = None) -> None:
    """Choose number types for this process: halves with a loss scale on a GPU (Micikevicius et al., "Mixed
    precision training", ICLR 2018), float32 elsewhere. `mixed` overrides."""
    import keras

    keras.config.set_dtype_policy("mixed_float16" if (has_gpu() if mixed is None else mixed) else "float32")


class KerasNetwork:
    """One network under training. `tensors`: the weights of the picture network as it came; scales are
    learned from `rows` of the lessons alone."""

    def __init__(
        self, lessons: Lessons, rows: Ints, settings: NetworkSettings, tensors: keras_lite0.Tensors, seed: int
    ) -> None:
        import keras

        keras.backend.clear_session()
        keras.utils.set_random_seed(seed)
        self._settings = settings
        seen = rows[lessons.has_picture[rows]]
        plain = lessons.features(seen, np.zeros(len(seen), np.int64))
        self._scales = {"picture": scale_of(plain, np.ones(len(plain), bool))}
        if lessons.text is not None:
            self._scales["text"] = scale_of(lessons.text[rows], lessons.has_text[rows])
        self._head = self._make_head(lessons)
        maps = keras.Input(lessons.maps.shape[2:], name="maps")
        features = keras_lite0.tail(maps, tensors, settings.first_block)
        unit = keras.layers.UnitNormalization(dtype="float32")(features)
        others = self._head.inputs[1:]
        self._tail = keras.Model(maps, unit)
        self._full = keras.Model([maps, *others], self._head([unit, *others]))

    def _make_head(self, lessons: Lessons) -> Any:
        import keras

        def branch(name: str, dim: int, *, use_bias: bool) -> tuple[Any, Any, Any]:
            vectors, present = keras.Input((dim,), name=name), keras.Input((1,), name=f"has_{name}")
            centre, scale = self._scales[name]
            variance = np.full(dim, 1 / scale**2, np.float32)
            x = keras.layers.Normalization(mean=centre, variance=variance, dtype="float32")(vectors)
            x = keras.layers.Dropout(self._settings.dropout / 2)(x)
            x = keras.layers.Dense(self._settings.hidden, activation="relu", name=f"{name}_units")(x)
            x = keras.layers.Dropout(self._settings.dropout)(keras.layers.Multiply()([x, present]))
            join = keras.layers.Dense(
                lessons.classes, use_bias=use_bias, name=f"{name}_join", dtype="float32"
            )
            return vectors, present, join(x)

        pictures = branch("picture", keras_lite0.FEATURES, use_bias=True)
        if lessons.text is None:
            return keras.Model([*pictures[:2]], pictures[2])
        texts = branch("text", lessons.text.shape[1], use_bias=False)
        joined = keras.layers.Add(dtype="float32")([pictures[2], texts[2]])
        return keras.Model([*pictures[:2], *texts[:2]], joined)

    def begin(self, stage: str) -> None:
        """Make ready to train the head, or all of it."""
        import keras

        settings = self._settings
        self.model = self._head if stage == HEAD else self._full
        optimizer = keras.optimizers.AdamW(settings.rate(stage), weight_decay=1e-3)
        loss = keras.losses.CategoricalCrossentropy(
            from_logits=True, label_smoothing=settings.label_smoothing
        )
        self.model.compile(optimizer=optimizer, loss=loss, metrics=["accuracy"], jit_compile=False)
        self.model.optimizer.build(self.model.trainable_variables)

    def learn(self, inputs: Arrays, truth: Any, weight: Any, rate: float) -> tuple[float, float]:
        """One step; loss and accuracy since `forget_figures`."""
        self.model.optimizer.learning_rate = rate
        said = self.model.train_on_batch(inputs, truth, sample_weight=weight, return_dict=True)
        return float(said["loss"]), float(said["accuracy"])

    def forget_figures(self) -> None:
        self.model.reset_metrics()

    def ask(self, inputs: Arrays) -> npt.NDArray[np.float32]:
        """(n, classes) scores, without dropout."""
        return np.asarray(self.model.predict_on_batch(inputs), np.float32)

    def see(self, maps: npt.NDArray[np.float16]) -> npt.NDArray[np.float32]:
        """(n, 1280) unit vectors of the picture branch as it is now."""
        return np.asarray(self._tail.predict_on_batch(maps), np.float32)

    def state(self) -> Arrays:
        """All that the model holds, the state of its random numbers included."""
        return [np.array(variable) for variable in self.model.variables]

    def optimizer_state(self) -> Arrays:
        return [np.array(variable) for variable in self.model.optimizer.variables]

    def restore(self, state: Arrays, optimizer: Arrays | None = None) -> None:
        """Put back what `state` and `optimizer_state` gave."""
        pairs = list(zip(self.model.variables, state, strict=True))
        if optimizer is not None:
            pairs += list(zip(self.model.optimizer.variables, optimizer, strict=True))
        for variable, value in pairs:
            variable.assign(value)

    def tensors(self) -> dict[str, npt.NDArray[np.float32]]:
        """Kernels and biases of the trained blocks."""
        return keras_lite0.tensors_of(self._tail, self._settings.first_block)

    def heads(self) -> Heads:
        """The end of the network as it is now, for NumPy."""
        branches = {}
        for name, (centre, scale) in self._scales.items():
            weights, bias = self._head.get_layer(f"{name}_units").get_weights()
            join = self._head.get_layer(f"{name}_join").get_weights()
            branches[name] = Branch(centre, float(scale), weights, bias, join[0])
        bias = self._head.get_layer("picture_join").get_weights()[1]
        return Heads(bias, branches["picture"], branches.get("text"))
