"""Writes the classifier as an ONNX network with its labels and an example that runs it without prodlabel.

Invariant: the folder is whole or not there, and the same project gives the same bytes.
"""

from __future__ import annotations

import io
import json
import shutil
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from prodlabel import paths
from prodlabel.core.errors import InputError
from prodlabel.core.progress import Progress
from prodlabel.learning.features import Views
from prodlabel.operations.materials import Materials
from prodlabel.operations.suggest import ClassifierInUse, classifier_in_use, load_version
from prodlabel.operations.train import make_views
from prodlabel.operations.versions import find_version
from prodlabel.project.project import Project
from prodlabel.sources.exports.new_folder import new_folder

KIND = "onnx"
NETWORK, LABELS, SAMPLE = "classifier.onnx", "labels.json", "sample.npz"
SAMPLE_ROWS = 20
_BESIDE = ("example.py", "README.md")
_MOMENT = (1980, 1, 1, 0, 0, 0)


def export_classifier(
    project: Project, folder: Path, progress: Progress, *, number: int | None = None
) -> ClassifierInUse:
    """Make `folder` with the network of a version (None: the one in use), its labels, up to 20 products to
    try it on with what prodlabel says of them, and an example; returns the version.

    Raises `NotReadyError` before the first training, `InputError` where `folder` is not empty.
    """
    from prodlabel.learning.fusion import FusionClassifier
    from prodlabel.learning.to_onnx import to_onnx

    if number is None:
        version = classifier_in_use(project)
    else:
        version = load_version(project.folder, find_version(project, number))
    classifier = version.classifier
    if not isinstance(classifier, FusionClassifier):
        raise InputError(f"Version {version.number} is a network; only a fusion can be exported. Name one.")
    materials = Materials(project.snapshot())
    views = materials.once("views", lambda: make_views(materials, progress)).take(
        np.arange(min(SAMPLE_ROWS, len(project.columns)))
    )
    labels = _labels(project, version, materials)
    facts = {"labels": json.dumps([one["path"] for one in labels["labels"]], ensure_ascii=False)}
    network = to_onnx(classifier, facts)
    with new_folder(folder) as made, progress.stage(f"Writing {folder.name}", 1, "classifiers"):
        (made / NETWORK).write_bytes(network)
        said = json.dumps(labels, ensure_ascii=False, indent=1)
        (made / LABELS).write_text(said + "\n", encoding="utf-8", newline="\n")
        _write_sample(made / SAMPLE, _sample(version, views))
        for name in _BESIDE:
            shutil.copyfile(paths.resources() / "onnx" / name, made / name)
        progress.advance()
    return version


def _labels(project: Project, version: ClassifierInUse, materials: Materials) -> dict[str, Any]:
    """What each column of the network's answer is, and what its inputs are made of."""
    from prodlabel.learning.fusion import FusionClassifier
    from prodlabel.learning.to_onnx import input_names

    taxonomy = project.taxonomy
    listed = [
        {
            "key": taxonomy.by_id[category].key,
            "path": taxonomy.path_text(category),
            # Above 1 no confidence is enough for this category.
            "threshold": round(float(limit), 6),
        }
        for category, limit in zip(version.classifier.classes_.tolist(), version.thresholds, strict=True)
    ]
    text, picture = materials.text_blocks(), materials.picture_block()
    inputs: dict[str, Any] = {"words": {"of": "text"}, "name_words": {"of": "name"}}
    if text:
        inputs["text_vectors"] = {
            "encoder": materials.text_encoder,
            "blocks": [{"field": one.field, "dim": one.vectors.shape[1]} for one in text],
        }
    if picture is not None:
        inputs["picture_vectors"] = {
            "encoder": materials.picture_encoder,
            "blocks": [{"field": picture.field, "dim": picture.vectors.shape[1]}],
        }
    assert isinstance(version.classifier, FusionClassifier)
    taken = {name: inputs[name] for name in input_names(version.classifier) if name in inputs}
    return {"version": version.number, "labels": listed, "inputs": taken}


def _sample(version: ClassifierInUse, views: Views) -> dict[str, NDArray[Any]]:
    """Some products as the classifier sees them, and what it says of them."""
    names = views.names if views.names is not None else [""] * len(views)
    sample: dict[str, NDArray[Any]] = {
        "texts": np.array([_storable(one) for one in views.texts], dtype=np.str_),
        "names": np.array([_storable(one) for one in names], dtype=np.str_),
        "probabilities": np.asarray(version.classifier.predict_proba(views), dtype=np.float64),
    }
    for name, expert in (("text_vectors", "text"), ("picture_vectors", "picture")):
        held = views.vectors(expert)
        if held is not None:
            sample[name] = np.where(held[1][:, None], np.asarray(held[0]), 0).astype(np.float32)
    return sample


def _storable(text: str) -> str:
    """An array of texts drops NUL at its ends and holds no lone surrogates; neither is part of a word."""
    return text.replace("\0", " ").encode("utf-8", "replace").decode("utf-8")


def _write_sample(path: Path, arrays: dict[str, NDArray[Any]]) -> None:
    """As `np.savez_compressed`, but with the same bytes on every day."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, array in sorted(arrays.items()):
            member = zipfile.ZipInfo(f"{name}.npy", _MOMENT)
            member.compress_type = zipfile.ZIP_DEFLATED
            member.create_system = 0
            held = io.BytesIO()
            np.lib.format.write_array(held, array, allow_pickle=False)
            archive.writestr(member, held.getvalue())
