"""Where everything on the page comes from: project, sources, versions, encoders and their licences.

Invariant: no path of the machine that made the report stands in it.
"""

from __future__ import annotations

import platform
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version

from prodlabel import __version__, paths
from prodlabel.core.errors import InputError
from prodlabel.encoders.registry import entry
from prodlabel.operations.attribution import attributions
from prodlabel.operations.encode import VECTOR_FOLDER
from prodlabel.operations.report.wording import count
from prodlabel.project.results import ResultInfo
from prodlabel.project.snapshot import Snapshot
from prodlabel.store.atomic import read_json

_LIBRARIES = ("numpy", "scipy", "scikit-learn", "openTSNE", "onnxruntime", "opencv-python-headless")


@dataclass(frozen=True, slots=True)
class EncoderUsed:
    """An encoder whose vectors the project holds."""

    title: str
    version: str
    dimensions: int
    licence: str


def encoders_used(snapshot: Snapshot) -> list[EncoderUsed]:
    """Every encoder once, in the order of its name."""
    found: dict[str, EncoderUsed] = {}
    for path in sorted((snapshot.folder / VECTOR_FOLDER).glob("*.json")):
        said = read_json(path)
        encoder_id = str(said["encoder"])
        try:
            known = entry(encoder_id)
        except InputError:  # made by a version that had another encoder
            found[encoder_id] = EncoderUsed(encoder_id, str(said["version"]), int(said["dim"]), "unknown")
            continue
        licence = "part of prodlabel (Apache-2.0)"
        if known.weights is not None:
            manifest = paths.models() / known.weights / "manifest.json"
            licence = str(read_json(manifest)["licence"]) if manifest.is_file() else "see its manifest"
        found[encoder_id] = EncoderUsed(known.title, str(said["version"]), int(said["dim"]), licence)
    return list(found.values())


def facts(
    snapshot: Snapshot, classifier: ResultInfo | None, made_at: datetime, source_names: list[str]
) -> list[tuple[str, str]]:
    """What is to be said about the project and the program, as (name, value)."""
    said = [
        ("Project", f"{snapshot.name}, {count(len(snapshot.columns))} products"),
        ("Sources", ", ".join(source_names) or "none"),
        ("State", f"after entry {count(snapshot.last_edit)} of its history"),
        ("Made", made_at.strftime("%Y-%m-%d %H:%M UTC")),
        ("prodlabel", __version__),
        ("Python and libraries", ", ".join([f"Python {platform.python_version()}", *_versions()])),
    ]
    licences = attributions(snapshot.sources.values())
    if licences:
        said.insert(2, ("Licences", " ".join(licences)))
    if classifier is not None:
        trained = datetime.fromtimestamp(classifier.made_at_us / 1e6, UTC).strftime("%Y-%m-%d %H:%M UTC")
        said.insert(len(said) - 3, ("Classifier", f"version {classifier.id}, trained {trained}"))
    return said


def _versions() -> list[str]:
    found = []
    for name in _LIBRARIES:
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:  # an installation that brings another build of it
            continue
    return found
