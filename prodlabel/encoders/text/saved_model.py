"""A SavedModel of texts in TensorFlow: loaded, and which of its numbers are trained further.

Needs TensorFlow; used only in processes that hold it. Invariant: the same folder gives the same variables
under the same names, so that what was trained in one process is put back in another.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from prodlabel.core.errors import InputError
from prodlabel.encoders.text.use4 import as_asked

MOST_NUMBERS = 8_000_000
"""A table of word vectors is larger and stays as it came: a few hundred texts touch few of its rows."""


def load(folder: str) -> Any:
    """The model as a function of texts; through tensorflow-hub where that is installed."""
    import tensorflow as tf

    try:
        import tensorflow_hub

        return tensorflow_hub.load(folder)
    except ModuleNotFoundError:  # it would do no more than this with a local folder
        return tf.saved_model.load(folder)


def trained_variables(model: Any) -> dict[str, Any]:
    """What is trained of it: all that an answer depends on but tables of words, by number."""
    import tensorflow as tf

    with tf.GradientTape() as tape:
        model(["a word"])
    used = sorted(tape.watched_variables(), key=lambda one: str(one.name))
    small = [one for one in used if one.shape.num_elements() <= MOST_NUMBERS]
    return {f"{number:03d}": variable for number, variable in enumerate(small)}


def put_back(variables: Mapping[str, Any], values: Mapping[str, NDArray[Any]]) -> None:
    """Give variables their trained values. Raises `ValueError` for those of another model."""
    if set(variables) != set(values):
        raise ValueError(f"the model has {len(variables)} parts to train, not {len(values)}")
    for name, variable in variables.items():
        variable.assign(np.asarray(values[name], np.float32))


class TrainedTexts:
    """The SavedModel in `folder` while a network trains it along. `start`: its trained parts as they came."""

    def __init__(self, folder: Path) -> None:
        """Raises `InputError` where nothing of the model can be trained."""
        self._model = load(str(folder))
        self._parts = trained_variables(self._model)
        if not self._parts:
            raise InputError(f"Nothing of the model in {folder} can be trained. Train without it.")
        self.start = self.values()

    @property
    def variables(self) -> list[Any]:
        """What is trained, in a fixed order."""
        return list(self._parts.values())

    def values(self) -> dict[str, NDArray[np.float32]]:
        """The trained parts as they are now."""
        return {name: np.array(variable.numpy(), np.float32) for name, variable in self._parts.items()}

    def put(self, values: Mapping[str, NDArray[Any]]) -> None:
        """Put back what `values` gave."""
        put_back(self._parts, values)

    def __call__(self, texts: Sequence[str]) -> Any:
        """A tensor (texts, dim) of unit vectors, zeros for an empty text, as the encoder gives them."""
        import tensorflow as tf

        found = tf.math.l2_normalize(self._model([as_asked(text) for text in texts]), axis=1)
        return found * np.array([[bool(text.strip())] for text in texts], np.float32)
