"""A classifier on disk: arrays in one .npz file, the rest in one JSON file, nothing that can run code.

Invariant: what is loaded gives bit for bit the probabilities of what was saved.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np

from prodlabel.core.errors import InputError
from prodlabel.learning.combination import Combination
from prodlabel.learning.features import VectorFeatures, WordFeatures
from prodlabel.learning.fusion import Expert, FusionClassifier

FORMAT = 2
ARRAYS, SETTINGS = "classifier.npz", "classifier.json"


def save_classifier(classifier: FusionClassifier, folder: Path) -> None:
    """Write the trained `classifier` into `folder`, which is made if need be."""
    folder.mkdir(parents=True, exist_ok=True)
    arrays: dict[str, Any] = {"prior": classifier.prior_, "held_out": classifier.held_out_probabilities_}
    vocabularies: list[list[str]] = []
    for name, expert in classifier.experts_.items():
        arrays |= {
            f"{name}.weights": expert.weights,
            f"{name}.bias": expert.bias,
            f"{name}.seen": expert.seen,
        }
        if isinstance(expert.features, WordFeatures):
            vocabularies = expert.features.vocabularies
            arrays |= {f"{name}.idf.{i}": idf for i, idf in enumerate(expert.features.idfs)}
        else:
            arrays |= {f"{name}.centre": expert.features.centre, f"{name}.scale": expert.features.scale}
    for names, combination in classifier.combinations_.items():
        key = "+".join(names)
        arrays |= {
            f"combination.{key}.scale": combination.scale,
            f"combination.{key}.offset": combination.offset,
            f"combination.{key}.noise": np.array(combination.noise),
        }
    said = {
        "format": FORMAT,
        "kind": "fusion",
        "penalty": classifier.penalty,
        "use": list(classifier.use),
        "classes": classifier.classes_.tolist(),
        "experts": list(classifier.experts_),
        "combinations": [list(names) for names in classifier.combinations_],
        "vocabularies": vocabularies,
    }
    np.savez_compressed(folder / ARRAYS, **arrays)
    (folder / SETTINGS).write_text(json.dumps(said, ensure_ascii=False), encoding="utf-8")


def load_classifier(folder: Path) -> FusionClassifier:
    """The classifier saved in `folder`. Raises `InputError` where it is missing, damaged or of another
    format.
    """
    try:
        said = json.loads((folder / SETTINGS).read_text(encoding="utf-8"))
        # The file is opened here because np.load leaves it open when it is no archive.
        with (folder / ARRAYS).open("rb") as file, np.load(file, allow_pickle=False) as held:
            arrays = {name: held[name] for name in held.files}
        if said["format"] != FORMAT or said["kind"] != "fusion":
            raise InputError(
                f"The classifier in {folder} is of a format that this version does not know. Train it again."
            )
        return _assembled(said, arrays)
    except (OSError, ValueError, KeyError, EOFError, TypeError, BadZipFile) as error:
        raise InputError(f"The classifier in {folder} cannot be read ({error}). Train it again.") from error


def _assembled(said: dict[str, Any], arrays: dict[str, Any]) -> FusionClassifier:
    classifier = FusionClassifier(penalty=float(said["penalty"]), use=tuple(said["use"]))
    classifier.classes_ = np.array(said["classes"])
    classifier.prior_ = arrays["prior"]
    classifier.held_out_probabilities_ = arrays["held_out"]
    classifier.experts_ = {}
    for name in said["experts"]:
        features: WordFeatures | VectorFeatures
        if f"{name}.centre" in arrays:
            features = VectorFeatures(arrays[f"{name}.centre"], float(arrays[f"{name}.scale"]))
        else:
            idfs = [arrays[f"{name}.idf.{i}"] for i in range(len(said["vocabularies"]))]
            features = WordFeatures(said["vocabularies"], idfs)
        classifier.experts_[name] = Expert(
            features, arrays[f"{name}.weights"], arrays[f"{name}.bias"], arrays[f"{name}.seen"]
        )
    classifier.combinations_ = {tuple(names): _combination(arrays, names) for names in said["combinations"]}
    return classifier


def _combination(arrays: dict[str, Any], names: list[str]) -> Combination:
    key = f"combination.{'+'.join(names)}"
    return Combination(arrays[f"{key}.scale"], arrays[f"{key}.offset"], float(arrays[f"{key}.noise"]))
