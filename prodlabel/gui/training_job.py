"""The worker that trains a version, judges it against the one in use, and suggests for every product.

Invariant: a version that is worse on the checked labels is kept but not put in use; suggestions then come
from the version that stays. Nothing here touches the project.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np

from prodlabel.core.errors import UserError
from prodlabel.core.labels import NO_CATEGORY
from prodlabel.core.progress import Progress
from prodlabel.gui.jobs import Found
from prodlabel.learning.networks.plan import NetworkSettings
from prodlabel.operations.first_suggestions import has_few_labels, suggest_from_names
from prodlabel.operations.materials import Materials
from prodlabel.operations.networks import train_network
from prodlabel.operations.suggest import ClassifierInUse, Suggestions, load_version
from prodlabel.operations.train import (
    FUSION,
    TrainOutcome,
    TrainSettings,
    kept_arrays,
    labels_at,
    train,
    version_settings,
    write_version,
)
from prodlabel.operations.untaught import suggest_all
from prodlabel.operations.versions import data_digests, fingerprint, reason_to_hold_back
from prodlabel.project.results import CLASSIFIER, SUGGESTIONS, ResultInfo, write_result
from prodlabel.project.snapshot import Snapshot

NOBODY = 0
"""The version that suggestions from names are by."""


@dataclass(frozen=True, slots=True)
class Trained:
    """What came of it: `version` that now suggests (0: the names do), `held_back`: why a fresh one is not in
    use, `accuracy` of the fresh one (None: not measured)."""

    version: int
    held_back: str = ""
    accuracy: float | None = None


def train_and_suggest(
    snapshot: Snapshot,
    in_use: ResultInfo | None,
    number: int,
    progress: Progress,
    *,
    network: NetworkSettings | None = None,
    level: int = 0,
) -> Trained:
    """Train on the labels as they are, keep the classifier's files, then suggest for every product. With
    `network` it is a network that is trained; its epochs are offered.

    `in_use`: the version so far; `number` is the new one's; its files are whole before anything refers to
    them. `level` of the taxonomy: 0 for that of the version so far. With too few labels to train on the names
    of the categories suggest.
    """
    materials = Materials(snapshot)
    current = _loaded(snapshot, in_use)
    level = level or (usual_level(materials) if in_use is None else int(in_use.settings.get("level", 1)))
    if network is None and current is None and has_few_labels(materials, level):
        _offer_suggestions(snapshot, suggest_from_names(materials, level, progress), NOBODY, progress)
        return Trained(NOBODY)
    if network is None:
        outcome = train(materials, TrainSettings(level=level), progress)
    else:
        outcome = train_network(materials, TrainSettings(level=level), network, progress)
    held_back = reason_to_hold_back(current, materials, outcome, progress)
    fresh, found = _keep(materials, outcome, number, held_back, progress)
    asked = current if held_back and current is not None else fresh
    suggestions = suggest_all(materials, asked, progress)
    # Together, so that nobody sees a version beside the suggestions of the one before.
    progress.offer(found)
    _offer_suggestions(snapshot, suggestions, None, progress)
    accuracy = None if outcome.figures is None else outcome.figures.accuracy
    return Trained(asked.number, held_back, accuracy)


def train_network_and_suggest(
    snapshot: Snapshot,
    in_use: ResultInfo | None,
    number: int,
    kind: str,
    progress: Progress,
    *,
    level: int = 0,
) -> Trained:
    """The same with a network of this kind."""
    return train_and_suggest(snapshot, in_use, number, progress, network=NetworkSettings(kind), level=level)


def suggest_again(snapshot: Snapshot, in_use: ResultInfo, progress: Progress) -> Trained:
    """Suggestions for every product by a version that is there; it was put in use again. Raises `InputError`
    where its files are damaged."""
    version = load_version(snapshot.folder, in_use)
    suggestions = suggest_all(Materials(snapshot), version, progress)
    _offer_suggestions(snapshot, suggestions, version.number, progress)
    return Trained(version.number)


def usual_level(materials: Materials) -> int:
    """The first level of the taxonomy at which the labels are of two categories or more; where none is, the
    first that has two categories."""
    taxonomy = materials.snapshot.taxonomy
    levels = [taxonomy.level(one.id) for one in taxonomy]
    trusted = materials.trusted()
    for level in sorted(set(levels)):
        label = labels_at(materials, level)[trusted]
        if len(np.unique(label[label != NO_CATEGORY])) > 1:
            return level
    return next((level for level in sorted(set(levels)) if levels.count(level) > 1), 1)


def _loaded(snapshot: Snapshot, in_use: ResultInfo | None) -> ClassifierInUse | None:
    """The version so far; None where its files cannot be read any more: the fresh one takes its place."""
    if in_use is None:
        return None
    try:
        return load_version(snapshot.folder, in_use)
    except UserError:
        return None


def _keep(
    materials: Materials, outcome: TrainOutcome, number: int, held_back: str, progress: Progress
) -> tuple[ClassifierInUse, Found]:
    """Write the version's files; what shall be registered of it."""
    snapshot = materials.snapshot
    folder = write_version(snapshot.folder, outcome.classifier)
    taught = snapshot.columns.product_id[outcome.rows]
    labels = labels_at(materials, outcome.settings.level)[outcome.rows]
    mark = fingerprint(taught, labels)
    data = data_digests(materials, outcome.rows, progress)
    settings = version_settings(outcome, folder, held_back=held_back, fingerprint=mark, data=data)
    figures = {} if outcome.figures is None else outcome.figures.as_json()
    arrays = kept_arrays(outcome, snapshot.columns.product_id)
    file = write_result(snapshot.folder, CLASSIFIER, arrays)
    found = Found(
        CLASSIFIER, FUSION, file, settings, figures, is_current=not held_back, after_edit=snapshot.last_edit
    )
    info = ResultInfo(number, CLASSIFIER, FUSION, 0, snapshot.last_edit, settings, figures, file, True)
    return ClassifierInUse(number, outcome.classifier, outcome.thresholds, taught, info), found


def _offer_suggestions(
    snapshot: Snapshot, suggestions: Suggestions, version: int | None, progress: Progress
) -> None:
    """`version` None: that of the classifier in use when they are registered."""
    write = partial(write_result, snapshot.folder)
    said: dict[str, object] = {"source": str(suggestions.source[0])}
    if version is not None:
        said["classifier_version"] = version
    file = write(SUGGESTIONS, suggestions.arrays())
    progress.offer(Found(SUGGESTIONS, FUSION, file, said, after_edit=snapshot.last_edit))
