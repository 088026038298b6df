"""The child process of `use4`: reads lines of texts, answers with shape and float32 until its input ends.

`python -m ... FOLDER [TRAINED]`: the SavedModel, and an .npz file of parts of it that were trained further.
"""

from __future__ import annotations

import json
import os
import sys

import numpy as np

from prodlabel.encoders.text.saved_model import load, put_back, trained_variables


def main() -> None:
    # Whatever TensorFlow prints must not get between the answers.
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    model = load(sys.argv[1])
    if len(sys.argv) > 2:
        with np.load(sys.argv[2], allow_pickle=False) as held:
            put_back(trained_variables(model), {name: held[name] for name in held.files})
    for line in sys.stdin.buffer:
        found = np.ascontiguousarray(np.asarray(model(json.loads(line))), "<f4")
        answers.write(json.dumps(found.shape).encode() + b"\n" + found.tobytes())
        answers.flush()


if __name__ == "__main__":
    main()
