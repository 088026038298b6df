"""What a report stands on: the project at one moment and the results in use, taken on the project's thread.

Invariant: after `take_inputs` nothing here touches the project any more; a worker may go on with it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from prodlabel.operations.cluster import ClusterOutcome
from prodlabel.operations.findings import Findings, Notebook
from prodlabel.operations.full_study import FullStudy, full_study_of
from prodlabel.operations.materials import Materials
from prodlabel.operations.proposals import finding_name
from prodlabel.operations.report.block_maps import BlockMap, block_maps
from prodlabel.operations.report.clusters import AGREEMENT, aligned
from prodlabel.operations.spaces import FUSED, MAPS
from prodlabel.operations.suggest import ClassifierInUse, Suggestions, classifier_in_use, suggestions_in_use
from prodlabel.operations.train import FUSION
from prodlabel.project.project import Project
from prodlabel.project.results import CLASSIFIER, CLUSTERS, LAYOUT

EVIDENCE = "evidence"
"""What the finding is called."""


@dataclass(frozen=True, slots=True, eq=False)
class NetworkVersion:
    """A trained network; `figures` as its training measured them."""

    kind: str
    number: int
    figures: Mapping[str, Any]


@dataclass(frozen=True, slots=True, eq=False)
class ReportInputs:
    """`layouts` float32 (n, 2) by the name of the map, NaN for products that came since, and what each was
    made with; the rest is None where the step was not run. `blocks`: the maps of single encoders that a full
    study kept. `lost`: findings whose file could not be read."""

    materials: Materials
    layouts: dict[str, NDArray[np.float32]]
    layout_settings: dict[str, Mapping[str, Any]]
    clusters: ClusterOutcome | None
    version: ClassifierInUse | None
    suggestions: Suggestions | None
    full: FullStudy | None
    networks: tuple[NetworkVersion, ...]
    clusters_of: dict[str, ClusterOutcome]
    notebook: Notebook
    lost: tuple[str, ...] = ()
    blocks: tuple[BlockMap, ...] = ()


def take_inputs(project: Project) -> ReportInputs:
    """Everything the report needs of the project."""
    materials = Materials(project.snapshot())
    layouts, layout_settings = {}, {}
    for name in MAPS:
        info = project.results.current(LAYOUT, name)
        if info is None:
            continue
        xy = aligned(materials.snapshot.columns.product_id, project.results.load(info), "xy")
        if xy is not None:
            layouts[name], layout_settings[name] = xy, info.settings
    version = None
    if project.results.current(CLASSIFIER, FUSION) is not None:
        version = classifier_in_use(project)
    kept = suggestions_in_use(project)
    found = {name: _clusters(project, materials, name) for name in MAPS}
    clusters_of = {name: one for name, one in found.items() if one is not None}
    suggestions = None if kept is None else kept[0]
    findings = Findings(project)
    notebook = findings.notebook((EVIDENCE, finding_name(FUSED), *(f"{AGREEMENT}/{name}" for name in MAPS)))
    full, networks = full_study_of(project), _networks(project)
    blocks: tuple[BlockMap, ...] = ()
    if full is not None:
        blocks = block_maps(findings, full.rows, materials.snapshot.columns.product_id)
    return ReportInputs(
        materials,
        layouts,
        layout_settings,
        clusters_of.get(FUSED),
        version,
        suggestions,
        full,
        networks,
        clusters_of,
        notebook,
        tuple(findings.lost),
        blocks,
    )


def _networks(project: Project) -> tuple[NetworkVersion, ...]:
    """The newest version of each kind of network that was trained and measured."""
    newest: dict[str, NetworkVersion] = {}
    for info in project.results.list(CLASSIFIER):
        kind = str(info.settings.get("kind", FUSION))
        if kind != FUSION and info.figures and kind not in newest:
            newest[kind] = NetworkVersion(kind, info.id, info.figures)
    return tuple(newest.values())


def _clusters(project: Project, materials: Materials, name: str) -> ClusterOutcome | None:
    """The clusters of the map of this name, for the rows of now."""
    info = project.results.current(CLUSTERS, name)
    if info is None:
        return None
    product_id = materials.snapshot.columns.product_id
    cluster = aligned(product_id, project.results.load(info), "cluster")
    if cluster is None:
        return None
    row_of = {one: row for row, one in enumerate(product_id.tolist())}
    said = info.settings
    medoids = [[row_of[one] for one in ids if one in row_of] for ids in said["medoids"]]
    return ClusterOutcome(
        name, product_id, cluster, list(said["names"]), list(said["words"]), medoids,
        method=str(said.get("method", "")), number_from=str(said.get("number_from", "")),
    )  # fmt: skip
