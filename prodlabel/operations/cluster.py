"""Cluster: groups found without labels, named by their words, and how well they agree with the labels."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from prodlabel.analysis.agreement import (
    bootstrap_interval,
    measure,
    over_seeds,
    permutation_baseline,
)
from prodlabel.analysis.clusters import Clusters, central_members
from prodlabel.analysis.layout import make_layout
from prodlabel.analysis.naming import cluster_name, distinctive_words
from prodlabel.core.labels import NO_CATEGORY
from prodlabel.core.progress import Progress
from prodlabel.operations.clusterers import AXES, OWN_NUMBER, VOTE, find_with
from prodlabel.operations.layout import View
from prodlabel.operations.materials import Materials
from prodlabel.operations.spaces import PICTURE
from prodlabel.operations.words import stop_words

DEFAULT_COUNT = 12
BY_REQUEST, BY_CATEGORIES, BY_METHOD = "request", "categories", "method"
"""Where the number of clusters came from."""
_SHOWN_MEMBERS = 12

OTHER_PERPLEXITIES = (20.0, 50.0, 80.0)
"""Layouts of these perplexities vote beside the map's own; k-means on one layout alone follows its whims:
over seeds and 70 % draws its agreement with the categories varies by .05, that of the vote by .02."""
OTHER_LAYOUTS_TO = 3_000
"""Above so many families they would take minutes; then the map and the principal axes vote alone."""


@dataclass(frozen=True, slots=True, eq=False)
class ClusterOutcome:
    """`cluster` int32 (n,) per row; names, words and the rows of the most central products per cluster."""

    name: str
    product_id: NDArray[np.int64]
    cluster: NDArray[np.int32]
    names: list[str]
    words: list[list[str]]
    medoids: list[list[int]]
    agreement: dict[str, Any] = field(default_factory=dict)
    method: str = ""
    number_from: str = ""
    """`BY_REQUEST`, `BY_CATEGORIES` or `BY_METHOD`; empty, like `method`, where it was not kept yet."""

    def arrays(self) -> dict[str, NDArray[Any]]:
        """What is kept of it, beside `settings`."""
        return {"product_id": self.product_id, "cluster": self.cluster}

    def settings(self) -> dict[str, Any]:
        """Names and central products (ids), and how they were found, as kept with the result."""
        ids = [[int(self.product_id[row]) for row in rows] for rows in self.medoids]
        how = {"method": self.method, "number_from": self.number_from}
        return {"names": self.names, "words": self.words, "medoids": ids, "count": len(self.names)} | how


def cluster(
    materials: Materials,
    view: View,
    xy: NDArray[np.float32],
    progress: Progress,
    *,
    count: int | None = None,
    seed: int = 0,
    method: str | None = None,
) -> ClusterOutcome:
    """Clusters of the map with the layout `xy` (n, 2), by one of the `CLUSTERERS` (None: `usual_method`).

    `count` None: as many as there are categories, at least 12, or what the method finds by itself.
    """
    snapshot, level_1 = materials.snapshot, materials.level_1()
    present = np.unique(level_1[level_1 != NO_CATEGORY])
    first_of_family = np.unique(view.families, return_index=True)[1]
    layout = xy[first_of_family]
    method = method or usual_method(view.name)
    found = find_with(
        method,
        view.points,
        layout,
        lambda: voting_spaces(view, layout, seed, progress),
        count=count or max(DEFAULT_COUNT, len(present)),
        is_count_given=count is not None,
        seed=seed,
        progress=progress,
        nearest=view.nearest,
    )
    labels = found.labels[view.families].astype(np.int32)
    texts = materials.texts(progress).name
    words = distinctive_words(texts, labels, 4, stop_words(), progress)
    names = [cluster_name(some[:3]) or f"cluster {number + 1}" for number, some in enumerate(words)]
    medoids = [rows.tolist() for rows in central_members(xy, labels, _SHOWN_MEMBERS)]
    number_from = BY_REQUEST if count else BY_METHOD if method in OWN_NUMBER else BY_CATEGORIES
    return ClusterOutcome(
        view.name, snapshot.columns.product_id, labels, names, words, medoids,
        method=method, number_from=number_from,
    )  # fmt: skip


def usual_method(name: str) -> str:
    """How the program finds clusters by itself on the map of this name.

    Pictures shade into each other: a layout tears them apart at other places than between kinds. On 703 real
    products k-means by cosine on the axes agrees better with the categories than the vote of layouts (ARI .60
    against .46 over 5 seeds), and so it was in a trial on 1,050; with texts the vote is better.
    """
    return AXES if name == PICTURE else VOTE


def usual_clusters(
    view: View, layout: NDArray[np.float32], count: int, seed: int, progress: Progress
) -> Clusters:
    """`count` clusters of the families of a view, as the program finds them by itself; `layout` (families,
    2)."""
    return find_with(
        usual_method(view.name),
        view.points,
        layout,
        lambda: voting_spaces(view, layout, seed, progress),
        count=count,
        is_count_given=True,
        seed=seed,
        progress=progress,
        nearest=view.nearest,
    )


def voting_spaces(
    view: View, layout: NDArray[np.float32], seed: int, progress: Progress
) -> list[NDArray[np.float32]]:
    """What is clustered: the `layout` (families, 2), layouts of other perplexities, the principal axes."""
    spaces = [layout, view.points]
    if len(view.points) > OTHER_LAYOUTS_TO:
        return spaces
    # Not offered to whoever watches: these are no maps to look at.
    quiet = Progress(progress.listener, token=progress.token, clock=progress.clock)
    return spaces + [
        make_layout(view.points, seed, perplexity=perplexity, progress=quiet)
        for perplexity in OTHER_PERPLEXITIES
    ]


@dataclass(frozen=True, slots=True)
class AgreementReport:
    """How far clusters found without labels agree with the categories, over seeds, beside chance."""

    name: str
    clusters: int
    products: int
    mean: dict[str, float]
    std: dict[str, float]
    interval: tuple[float, float]
    chance: float

    def as_json(self) -> dict[str, Any]:
        """Plain values for reports and for machines."""
        return asdict(self)

    @classmethod
    def from_json(cls, said: Mapping[str, Any]) -> AgreementReport:
        """What `as_json` gave; None stands for what could not be measured."""
        means, stds = (
            {name: float("nan") if value is None else value for name, value in said[part].items()}
            for part in ("mean", "std")
        )
        low, high = said["interval"]
        return cls(said["name"], said["clusters"], said["products"], means, stds, (low, high), said["chance"])


def agreement(
    view: View, truth: NDArray[np.int32], progress: Progress, *, seeds: int = 3
) -> AgreementReport | None:
    """Layouts and their vote on as many clusters as categories, over seeds through every random step.

    None where fewer than two categories have products. No step sees a label; the labels are only compared.
    """
    labelled = np.flatnonzero((truth != NO_CATEGORY) & view.is_present)
    categories = np.unique(truth[labelled])
    if len(categories) < 2:
        return None
    runs = []
    found: NDArray[np.int64] = np.empty(0, dtype=np.int64)
    with progress.stage(f"Measuring clusters ({view.name})", seeds, "runs"):
        for seed in range(seeds):
            quiet = Progress(token=progress.token)
            xy = make_layout(view.points, seed, progress=quiet)
            clusters = usual_clusters(view, xy, len(categories), seed, quiet)
            found = np.asarray(clusters.labels[view.families], dtype=np.int64)
            runs.append(measure(truth[labelled], found[labelled], view.of_rows()[labelled]))
            progress.advance()
    spreads = over_seeds(runs)
    interval = bootstrap_interval(truth[labelled], found[labelled])
    chance = permutation_baseline(truth[labelled], found[labelled])
    return AgreementReport(
        view.name,
        len(categories),
        len(labelled),
        {name: float(one.mean) for name, one in spreads.items()},
        {name: float(one.std) for name, one in spreads.items()},
        (float(interval[0]), float(interval[1])),
        float(chance.mean),
    )
