"""A classifier on disk: arrays in one .npz file, the rest in one JSON file, nothing that can run code.

Invariant: what is loaded gives bit for bit the probabilities of what was saved.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from prodlabel.core.errors import InputError, ProjectError
from prodlabel.core.reading import load_arrays, read_json
from prodlabel.learning.combination import Combination
from prodlabel.learning.features import VectorFeatures, WordFeatures
from prodlabel.learning.fusion import Expert, FusionClassifier
from prodlabel.learning.networks.classifier import Calibration, NetworkClassifier
from prodlabel.learning.networks.heads import Branch, Heads

AnyClassifier = FusionClassifier | NetworkClassifier
FORMAT = 2
ARRAYS, SETTINGS = "classifier.npz", "classifier.json"
PICTURE_NETWORK, TEXT_NETWORK = "picture.onnx", "text.npz"
_MOST_CHARACTERS = 16 * 2**20
_MOST_SETTINGS_BYTES = 2**30
"""The words of some million products are some ten million characters."""
_MOST_NETWORK_BYTES = 2 * 2**30
_FUSION, _NETWORK = "fusion", "network"
_BRANCH = ("centre", "scale", "weights", "bias", "join")
_COMBINATION = ("scale", "offset", "noise")


def save_classifier(classifier: AnyClassifier, folder: Path) -> None:
    """Write the trained `classifier` into `folder`, which is made if need be."""
    folder.mkdir(parents=True, exist_ok=True)
    if isinstance(classifier, NetworkClassifier):
        if classifier.picture_network is not None:
            (folder / PICTURE_NETWORK).write_bytes(classifier.picture_network)
        if classifier.text_network is not None:
            (folder / TEXT_NETWORK).write_bytes(classifier.text_network)
        said, arrays = _network_parts(classifier)
    else:
        said, arrays = _fusion_parts(classifier)
    np.savez_compressed(folder / ARRAYS, **arrays)
    (folder / SETTINGS).write_text(json.dumps(said, ensure_ascii=False), encoding="utf-8")


def _fusion_parts(classifier: FusionClassifier) -> tuple[dict[str, Any], dict[str, Any]]:
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
        "kind": _FUSION,
        "penalty": classifier.penalty,
        "use": list(classifier.use),
        "classes": classifier.classes_.tolist(),
        "experts": list(classifier.experts_),
        "combinations": [list(names) for names in classifier.combinations_],
        "vocabularies": vocabularies,
    }
    return said, arrays


def load_classifier(folder: Path) -> AnyClassifier:
    """The classifier saved in `folder`. Raises `InputError` where it is missing, damaged or of another
    format.
    """
    try:
        said = read_json(folder / SETTINGS, max_bytes=_MOST_SETTINGS_BYTES)
        arrays = load_arrays(folder / ARRAYS, is_packed=True)
        if said["format"] != FORMAT or said["kind"] not in (_FUSION, _NETWORK):
            raise InputError(
                f"The classifier in {folder} is of a format that this version does not know. Train it again."
            )
        return _assembled(said, arrays) if said["kind"] == _FUSION else _network(said, arrays, folder)
    except (ProjectError, OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise InputError(f"The classifier in {folder} cannot be read ({error}). Train it again.") from error


def _assembled(said: dict[str, Any], arrays: dict[str, Any]) -> FusionClassifier:
    classifier = FusionClassifier(penalty=float(said["penalty"]), use=tuple(said["use"]))
    classifier.classes_ = _classes(said)
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


def _classes(said: dict[str, Any]) -> npt.NDArray[Any]:
    """Numbers or names; a single long name among many would make each as long."""
    classes = said["classes"]
    if not isinstance(classes, list) or not all(isinstance(one, int | str) for one in classes):
        raise ValueError("the categories are none")
    if max((len(str(one)) for one in classes), default=0) * len(classes) > _MOST_CHARACTERS:
        raise ValueError("the categories have names that nobody gave them")
    return np.array(classes)


def _combination(arrays: dict[str, Any], names: list[str], kind: str = "combination") -> Combination:
    key = f"{kind}.{'+'.join(names)}"
    return Combination(arrays[f"{key}.scale"], arrays[f"{key}.offset"], float(arrays[f"{key}.noise"]))


def _network_parts(classifier: NetworkClassifier) -> tuple[dict[str, Any], dict[str, Any]]:
    heads, calibration = classifier.heads, classifier.calibration
    branches = {"picture": heads.picture, "text": heads.text}
    arrays: dict[str, Any] = {
        "prior": calibration.prior,
        "held_out": classifier.held_out_probabilities_,
        "bias": heads.bias,
    }
    for name, branch in branches.items():
        if branch is not None:
            arrays |= {f"{name}.{part}": np.asarray(getattr(branch, part)) for part in _BRANCH}
    for name, one in calibration.parts.items():
        arrays |= {f"calibration.{name}.{part}": np.asarray(getattr(one, part)) for part in _COMBINATION}
    said = {
        "format": FORMAT,
        "kind": _NETWORK,
        "network": classifier.kind,
        "classes": classifier.classes_.tolist(),
        "branches": [name for name, branch in branches.items() if branch is not None],
        "calibrations": list(calibration.parts),
        "text_encoders": list(classifier.text_encoders),
        "stamp": classifier.stamp,
        "text_stamp": classifier.text_stamp,
        "text_base": classifier.text_base,
    }
    return said, arrays


def _network(said: dict[str, Any], arrays: dict[str, Any], folder: Path) -> NetworkClassifier:
    def branch(name: str) -> Branch | None:
        if name not in said["branches"]:
            return None
        held = {part: arrays[f"{name}.{part}"] for part in _BRANCH}
        return Branch(**held | {"scale": float(held["scale"])})

    parts = {name: _combination(arrays, [name], "calibration") for name in said["calibrations"]}
    return NetworkClassifier(
        said["network"],
        _classes(said),
        Heads(arrays["bias"], branch("picture"), branch("text")),
        Calibration(arrays["prior"], parts),
        arrays["held_out"],
        text_encoders=tuple(said["text_encoders"]),
        stamp=said["stamp"],
        picture_file=_whole(folder / PICTURE_NETWORK, said["stamp"]),
        text_stamp=said["text_stamp"],
        text_base=said["text_base"],
        text_file=_whole(folder / TEXT_NETWORK, said["text_stamp"]),
    )


def _whole(file: Path, stamp: str) -> Path | None:
    """The file, if it is what the stamp names; None where there is none to be."""
    if not stamp:
        return None
    if file.stat().st_size > _MOST_NETWORK_BYTES or stamp_of(file.read_bytes()) != stamp:
        raise InputError(f"{file} is not the network that was trained: it is damaged. Train it again.")
    return file


def stamp_of(content: bytes) -> str:
    """16 hex digits that name the content of a file."""
    return hashlib.sha256(content).hexdigest()[:16]


def looks_at_vectors(classifier: AnyClassifier) -> bool:
    """Whether it needs vectors of texts or pictures, not only words."""
    if isinstance(classifier, NetworkClassifier):
        return True
    return any(isinstance(expert.features, VectorFeatures) for expert in classifier.experts_.values())
