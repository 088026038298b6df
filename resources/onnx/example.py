"""Runs the classifier beside this file on the products in sample.npz; needs only numpy and onnxruntime."""

import json
import re
from pathlib import Path

import numpy as np
import onnxruntime

here = Path(__file__).parent
labels = json.loads((here / "labels.json").read_text(encoding="utf-8"))["labels"]
session = onnxruntime.InferenceSession(str(here / "classifier.onnx"))
sample = dict(np.load(here / "sample.npz"))
for name, texts in (("words", "texts"), ("name_words", "names")):  # words in small letters, filled up with ""
    rows = [re.findall(r"\b\w\w+\b", text.lower()) for text in sample[texts]]
    most = max(2, *map(len, rows))
    sample[name] = np.array([row + [""] * (most - len(row)) for row in rows], dtype=object)
(found,) = session.run(None, {one.name: sample[one.name] for one in session.get_inputs()})
print(json.dumps([{"label": labels[row.argmax()]["path"], "confidence": float(row.max())} for row in found]))
