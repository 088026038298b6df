"""Universal Sentence Encoder 4 runs in a child process, or says what it needs."""

from __future__ import annotations

import gc
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from prodlabel import paths
from prodlabel.core.errors import InputError, WeightsMissingError
from prodlabel.encoders import registry
from prodlabel.encoders.text.use4 import UniversalSentenceEncoder4, what_is_missing

# A SavedModel of the same signature: texts in, 512 numbers each, from their hashes.
_SCRIPT = """
import sys
import tensorflow as tf

class Tiny(tf.Module):
    @tf.function(input_signature=[tf.TensorSpec([None], tf.string)])
    def __call__(self, texts):
        return tf.one_hot(tf.strings.to_hash_bucket_fast(texts, 512), 512) + 0.01

tf.saved_model.save(Tiny(), sys.argv[1])
"""


def test_without_weights_it_is_said_what_is_needed_and_where(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paths, "user_weights", lambda: tmp_path)
    assert str(tmp_path) in str(what_is_missing())
    with pytest.raises(WeightsMissingError, match="saved_model"):
        registry.item_encoder("use4")


@pytest.mark.slow
def test_texts_go_through_a_saved_model_in_a_child_process(tmp_path: Path) -> None:
    if find_spec("tensorflow") is None:
        pytest.skip("TensorFlow is not installed")
    folder = tmp_path / "tiny"
    subprocess.run([sys.executable, "-c", _SCRIPT, str(folder)], check=True, capture_output=True)
    encoder = UniversalSentenceEncoder4(folder)
    vectors = encoder.encode(["red towel", "", "blue\nwatch é", "red towel"])
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), [1, 0, 1, 1], atol=1e-5)
    assert np.array_equal(vectors[0], vectors[3])
    assert vectors[0] @ vectors[2] < 0.9
    process = encoder._child._process
    assert "tensorflow" not in sys.modules
    del encoder
    gc.collect()
    assert process.poll() is not None, "the child ends with its encoder"


@pytest.mark.slow
def test_a_folder_that_is_no_model_is_told(tmp_path: Path) -> None:
    if find_spec("tensorflow") is None:
        pytest.skip("TensorFlow is not installed")
    (tmp_path / "saved_model.pb").write_bytes(b"nonsense")
    encoder = UniversalSentenceEncoder4(tmp_path)
    with pytest.raises(InputError, match="TensorFlow"):
        encoder.encode(["towel"])
    del encoder
    gc.collect()
