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
from prodlabel.learning.networks.plan import HEAD, TUNING, NetworkSettings

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
    learned from `rows` of the lessons alone. `reader`: the encoder of texts that learns along with the last
    blocks (`TrainedTexts`), or None."""

    def __init__(
        self,
        lessons: Lessons,
        rows: Ints,
        settings: NetworkSettings,
        tensors: keras_lite0.Tensors,
        seed: int,
        *,
        reader: Any = None,
    ) -> None:
        import keras

        keras.backend.clear_session()
        keras.utils.set_random_seed(seed)
        self._settings, self._reader = settings, reader
        if reader is not None:
            reader.put(reader.start)
        seen = rows[lessons.has_picture[rows]]
        plain = lessons.features(seen, np.zeros(len(seen), np.int64))
        self._scales = {"picture": scale_of(plain, np.ones(len(plain), bool))}
        if lessons.text is not None:
            self._scales["text"] = scale_of(lessons.text[rows], lessons.has_text[rows])
        self._head = self._make_head(lessons)
        if TUNING not in settings.stages():
            return
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
        self._is_reading = self._reader is not None and stage != HEAD
        optimizer = keras.optimizers.AdamW(settings.rate(stage), weight_decay=1e-3)
        self._loss = keras.losses.CategoricalCrossentropy(
            from_logits=True, label_smoothing=settings.label_smoothing
        )
        self.model.compile(optimizer=optimizer, loss=self._loss, metrics=["accuracy"], jit_compile=False)
        self.model.optimizer.build([*self.model.trainable_variables, *self._readers()])

    def learn(self, inputs: Arrays, truth: Any, weight: Any, rate: float) -> tuple[float, float]:
        """One step; its loss and accuracy."""
        self.model.optimizer.learning_rate = rate
        if self._is_reading:
            return self._learn_reading(inputs, truth, weight)
        self.model.reset_metrics()  # whether it does so by itself depends on the version of Keras
        said = self.model.train_on_batch(inputs, truth, sample_weight=weight, return_dict=True)
        return float(said["loss"]), float(said["accuracy"])

    def _learn_reading(self, inputs: Arrays, truth: Any, weight: Any) -> tuple[float, float]:
        """One step of the network and of the encoder of texts, whose variables are no layer of Keras."""
        import tensorflow as tf

        maps, has_picture, has_text = (tf.constant(inputs[at], tf.float32) for at in (0, 1, 3))
        optimizer, ours = self.model.optimizer, self.model.trainable_variables
        with tf.GradientTape() as tape:
            scores = self.model([maps, has_picture, self._read(inputs[2]), has_text], training=True)
            loss = self._loss(truth, scores, sample_weight=weight)
            scaled = optimizer.scale_loss(loss)
        gradients = tape.gradient(scaled, [*(one.value for one in ours), *self._readers()])
        optimizer.apply(gradients, [*ours, *self._readers()])
        right = np.argmax(np.asarray(scores), axis=1) == np.argmax(truth, axis=1)
        return float(loss), float(right.mean())

    def _readers(self) -> list[Any]:
        return self._reader.variables if self._is_reading else []

    def _read(self, phrases: npt.NDArray[Any]) -> Any:
        """A tensor (n, fields x dim) of texts (n, fields)."""
        import tensorflow as tf

        return tf.reshape(self._reader(phrases.ravel().tolist()), (len(phrases), -1))

    def read(self, phrases: npt.NDArray[Any]) -> npt.NDArray[np.float32]:
        """(n, fields x dim) texts (n, fields) as their encoder reads them now."""
        return np.asarray(self._read(phrases), np.float32)

    def ask(self, inputs: Arrays) -> npt.NDArray[np.float32]:
        """(n, classes) scores, without dropout."""
        if self._is_reading:
            inputs = [*inputs[:2], self.read(inputs[2]), inputs[3]]
        return np.asarray(self.model.predict_on_batch(inputs), np.float32)

    def see(self, maps: npt.NDArray[np.float16]) -> npt.NDArray[np.float32]:
        """(n, 1280) unit vectors of the picture branch as it is now."""
        return np.asarray(self._tail.predict_on_batch(maps), np.float32)

    def state(self) -> Arrays:
        """All that the model holds, the state of its random numbers included."""
        return [np.array(variable) for variable in [*self.model.variables, *self._readers()]]

    def optimizer_state(self) -> Arrays:
        return [np.array(variable) for variable in self.model.optimizer.variables]

    def restore(self, state: Arrays, optimizer: Arrays | None = None) -> None:
        """Put back what `state` and `optimizer_state` gave."""
        pairs = list(zip([*self.model.variables, *self._readers()], state, strict=True))
        if optimizer is not None:
            pairs += list(zip(self.model.optimizer.variables, optimizer, strict=True))
        for variable, value in pairs:
            variable.assign(value)

    def tensors(self) -> dict[str, npt.NDArray[np.float32]]:
        """Kernels and biases of the trained blocks."""
        return keras_lite0.tensors_of(self._tail, self._settings.first_block)

    def text_tensors(self) -> dict[str, npt.NDArray[np.float32]]:
        """The trained parts of the encoder of texts; none where it does not learn."""
        return {} if self._reader is None else dict(self._reader.values())

    def heads(self) -> Heads:
        """The end of the network as it is now, for NumPy."""
        branches = {}
        for name, (centre, scale) in self._scales.items():
            weights, bias = self._head.get_layer(f"{name}_units").get_weights()
            join = self._head.get_layer(f"{name}_join").get_weights()
            branches[name] = Branch(centre, float(scale), weights, bias, join[0])
        bias = self._head.get_layer("picture_join").get_weights()[1]
        return Heads(bias, branches["picture"], branches.get("text"))
