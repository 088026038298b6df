"""The steps of the path on an open project: each computes on a snapshot and keeps what it found."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from prodlabel.analysis.cluster_count import CountProposal
from prodlabel.core.errors import UserError
from prodlabel.core.labels import NO_CATEGORY
from prodlabel.core.progress import Progress
from prodlabel.learning.networks.plan import NetworkSettings
from prodlabel.operations import cluster as clustering
from prodlabel.operations import suggest as suggesting
from prodlabel.operations import train as training
from prodlabel.operations import versions
from prodlabel.operations.encode import EncodeReport, encode
from prodlabel.operations.findings import Findings
from prodlabel.operations.first_suggestions import FEW_PER_CATEGORY, has_few_labels, suggest_from_names
from prodlabel.operations.layout import (
    ELSEWHERE,
    TSNE,
    LayoutOutcome,
    LayoutSettings,
    lay_out,
    make_view,
)
from prodlabel.operations.materials import Materials, need_products
from prodlabel.operations.networks import train_network_apart
from prodlabel.operations.proposals import propose_once
from prodlabel.operations.untaught import suggest_all
from prodlabel.project.project import Project
from prodlabel.project.results import CLASSIFIER, CLUSTERS, LAYOUT


@dataclass(frozen=True, slots=True)
class SuggestSummary:
    """How many suggestions there are, are sure, answer a missing label, differ from the label."""

    products: int
    sure: int
    without_label: int
    differing: int
    source: str = suggesting.CLASSIFIER_SAYS

    def as_json(self) -> dict[str, Any]:
        """Plain values for machines."""
        return asdict(self)


def encode_project(
    project: Project, encoders: tuple[str, ...], progress: Progress, *, is_new: bool = False
) -> list[EncodeReport]:
    """Bring the vectors of these encoders up to date; with `is_new` those that learn on the catalogue learn
    it once more."""
    snapshot = project.snapshot()
    need_products(snapshot)
    return encode(snapshot, encoders, progress, is_new=is_new)


def layout_in_use(project: Project, name: str) -> LayoutOutcome | None:
    """The layout that the map of this name shows, or None."""
    info = project.results.current(LAYOUT, name)
    if info is None:
        return None
    arrays = project.results.load(info)
    usual = ELSEWHERE if "brought" in info.settings else TSNE
    method = str(info.settings.get("method", usual))
    return LayoutOutcome(name, arrays["product_id"], arrays["xy"], 0, method, dict(info.settings))


def map_project(
    project: Project, materials: Materials, settings: LayoutSettings, progress: Progress
) -> LayoutOutcome:
    """Lay out, and keep the layout. Products that the map has do not move, unless it is to be made anew or by
    another method than it was."""
    view = make_view(materials, settings, progress)
    outcome = lay_out(materials.snapshot, view, settings, progress, layout_in_use(project, settings.name))
    project.results.save(LAYOUT, settings.name, outcome.arrays(), settings=outcome.settings(settings))
    return outcome


def cluster_project(
    project: Project,
    materials: Materials,
    settings: LayoutSettings,
    progress: Progress,
    *,
    count: int | None = None,
    method: str | None = None,
) -> clustering.ClusterOutcome:
    """Find clusters on the layout in use (made now where there is none), and keep them."""
    layout = layout_in_use(project, settings.name)
    view = make_view(materials, settings, progress)
    if layout is None or not np.array_equal(layout.product_id, materials.snapshot.columns.product_id):
        layout = map_project(project, materials, settings, progress)
    outcome = clustering.cluster(
        materials, view, layout.xy, progress, count=count, seed=settings.seed, method=method
    )
    project.results.save(CLUSTERS, settings.name, outcome.arrays(), settings=outcome.settings())
    return outcome


def propose_clusters(
    project: Project, materials: Materials, settings: LayoutSettings, progress: Progress
) -> CountProposal:
    """How many clusters there may be on the map of this name (laid out now where it is not), and why; kept
    for the report."""
    layout = layout_in_use(project, settings.name)
    view = make_view(materials, settings, progress)
    if layout is None or not np.array_equal(layout.product_id, materials.snapshot.columns.product_id):
        layout = map_project(project, materials, settings, progress)
    return propose_once(Findings(project), settings.name, layout.xy, view.families, progress)


def train_project(
    project: Project,
    materials: Materials,
    settings: training.TrainSettings,
    progress: Progress,
    *,
    network: NetworkSettings | None = None,
    is_only_compared: bool = False,
) -> tuple[int, training.TrainOutcome]:
    """Train a version (a `network`, where its settings are given) and put it in use, unless it is worse than
    the one in use (`versions` then says why) or `is_only_compared`; returns its number and what came of
    it."""
    if network is None:
        outcome = training.train(materials, settings, progress)
    else:
        outcome = train_network_apart(materials, settings, network, progress)
    if is_only_compared:
        held_back = "It was trained to be compared; put it in use if you like it better."
    else:
        held_back = versions.reason_to_hold_back(_comparable(project), materials, outcome, progress)
    labels = training.labels_at(materials, settings.level)[outcome.rows]
    taught = materials.snapshot.columns.product_id[outcome.rows]
    mark = versions.fingerprint(taught, labels)
    data = versions.data_digests(materials, outcome.rows, progress)
    return training.keep(project, outcome, held_back=held_back, fingerprint=mark, data=data), outcome


def _comparable(project: Project) -> suggesting.ClassifierInUse | None:
    """The version in use; None where there is none, or where its files cannot be read any more: then the
    fresh one takes its place."""
    try:
        return suggesting.classifier_in_use(project)
    except UserError:
        return None


def suggest_project(
    project: Project, materials: Materials, progress: Progress, *, level: int = 1
) -> SuggestSummary:
    """Suggest for every product and keep the suggestions: with the classifier in use, or, while there are too
    few labels to train a good one, from the names of the categories at `level`."""
    version = _version_to_ask(project, materials, level)
    if version is None:
        trained = project.results.current(CLASSIFIER, training.FUSION)
        level = level if trained is None else int(trained.settings.get("level", level))
        suggestions = suggest_from_names(materials, level, progress)
    else:
        level = int(version.info.settings.get("level", 1))
        suggestions = suggest_all(materials, version, progress)
    suggesting.keep(project, suggestions, version)
    labels = training.labels_at(materials, level)
    has_label = labels != NO_CATEGORY
    return SuggestSummary(
        len(labels),
        int(suggestions.is_sure.sum()),
        int((~has_label).sum()),
        int((has_label & (labels != suggestions.category[:, 0])).sum()),
        str(suggestions.source[0]),
    )


def _version_to_ask(project: Project, materials: Materials, level: int) -> suggesting.ClassifierInUse | None:
    """The classifier in use, or None while names do better."""
    if project.results.current(CLASSIFIER, training.FUSION) is None:
        if has_few_labels(materials, level):
            return None
        return suggesting.classifier_in_use(project)  # says what to do
    version = suggesting.classifier_in_use(project)
    taught = len(version.trained_on)
    is_good = not taught or taught >= FEW_PER_CATEGORY * len(version.classifier.classes_)
    return version if is_good else None
