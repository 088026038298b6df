"""A SavedModel with the signature of the Universal Sentence Encoder 4: texts in, 512 numbers each, trainable.

`python -m tests.learning.networks.saved_texts FOLDER` writes it.
"""

from __future__ import annotations

import os
import sys

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"


def write(folder: str) -> None:
    import numpy as np
    import tensorflow as tf

    class Tiny(tf.Module):
        """The mean of the words' vectors, through one layer."""

        def __init__(self) -> None:
            super().__init__()
            rng = np.random.default_rng(0)
            self.table = tf.Variable(rng.normal(0, 1, (97, 24)).astype(np.float32), name="table")
            self.layer = tf.Variable(rng.normal(0, 0.2, (24, 512)).astype(np.float32), name="layer")

        @tf.function(input_signature=[tf.TensorSpec([None], tf.string)])
        def __call__(self, texts: tf.Tensor) -> tf.Tensor:
            words = tf.strings.split(tf.strings.lower(texts)).to_tensor("")
            known = tf.cast(words != "", tf.float32)[..., None]
            vectors = tf.gather(self.table, tf.strings.to_hash_bucket_fast(words, 97)) * known
            return tf.tanh(tf.reduce_sum(vectors, 1) / (1 + tf.reduce_sum(known, 1)) @ self.layer)

    tf.saved_model.save(Tiny(), folder)


if __name__ == "__main__":
    write(sys.argv[1])
