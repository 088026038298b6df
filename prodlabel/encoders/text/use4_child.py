"""The child process of `use4`: reads lines of texts, answers with shape and float32 until its input ends."""

from __future__ import annotations

import json
import os
import sys
from typing import Any

import numpy as np


def load(folder: str) -> Any:
    """The model as a function of texts; through tensorflow-hub where that is installed."""
    import tensorflow as tf

    try:
        import tensorflow_hub

        return tensorflow_hub.load(folder)
    except ModuleNotFoundError:  # it would do no more than this with a local folder
        return tf.saved_model.load(folder)


def main() -> None:
    # Whatever TensorFlow prints must not get between the answers.
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    model = load(sys.argv[1])
    for line in sys.stdin.buffer:
        found = np.ascontiguousarray(np.asarray(model(json.loads(line))), "<f4")
        answers.write(json.dumps(found.shape).encode() + b"\n" + found.tobytes())
        answers.flush()


if __name__ == "__main__":
    main()
