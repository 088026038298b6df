"""The maps of a report: by category with names and pictures, by cluster, and each block for itself.

Invariant: the large map carries the names of products; the small ones only marks.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from markupsafe import Markup
from numpy.typing import NDArray

from prodlabel.core.palette import LIGHT, CategoryStyle, category_styles
from prodlabel.operations.cluster import ClusterOutcome
from prodlabel.operations.layout import AXES, TSNE, UMAP
from prodlabel.operations.report.clusters import VIEW_TITLES
from prodlabel.operations.report.gallery import Gallery
from prodlabel.operations.report.scatter import Scatter, draw_map
from prodlabel.operations.report.scheme import Scheme
from prodlabel.operations.report.wording import count, shortened
from prodlabel.operations.spaces import FUSED, MAPS

_SMALL = (545.0, 400.0)
_CANDIDATES = 40


@dataclass(frozen=True, slots=True)
class Map:
    """A map with what stands above it; `legend` is "category" or "cluster"; `how`: what laid it out."""

    title: str
    legend: str
    is_large: bool
    svg: Markup
    how: str = ""


def cluster_styles(clusters: ClusterOutcome) -> list[CategoryStyle]:
    """The colours and marks of clusters."""
    return list(category_styles(len(clusters.names), LIGHT))


def said_of_layout(settings: Mapping[str, Any]) -> str:
    """What laid a map out, in words."""
    if "brought" in settings:
        return f"Brought along ({settings['brought']})"
    seed = settings.get("seed", 0)
    method = settings.get("method", TSNE)
    if method == AXES:
        return "The first two principal axes"
    if method == UMAP:
        return f"UMAP, seed {seed}"
    return f"t-SNE, perplexity {settings.get('perplexity', 30.0):g}, seed {seed}"


def draw_maps(
    layouts: dict[str, NDArray[np.float32]],
    clusters: ClusterOutcome | None,
    labels: NDArray[np.int32],
    *,
    scheme: Scheme,
    gallery: Gallery,
    names: list[str],
    of_maps: Mapping[str, ClusterOutcome] | None = None,
    settings: Mapping[str, Mapping[str, Any]] | None = None,
) -> list[Map]:
    """All maps that were laid out, the one of everything first; `of_maps`: the clusters of each of them,
    `settings`: what it was laid out with."""
    how = {name: said_of_layout(one) for name, one in (settings or {}).items()}
    maps: list[Map] = []
    styles = scheme.numbers(labels)
    if FUSED in layouts:
        large = [_large(layouts[FUSED], clusters, styles, scheme=scheme, gallery=gallery, names=names)]
        if clusters is not None:
            large.append(_by_cluster(layouts[FUSED], clusters))
        maps += [replace(one, how=how.get(FUSED, "")) for one in large]
    for name in MAPS:
        if name == FUSED or name not in layouts:
            continue
        title = f"By {VIEW_TITLES[name]} alone, coloured by category"
        scatter = Scatter(
            f"map-{name}", title, _said(layouts[name]), layouts[name], styles, scheme.styles,
            width=_SMALL[0], height=_SMALL[1], radius=2.6,
        )  # fmt: skip
        maps.append(Map(title, "category", False, draw_map(scatter), how.get(name, "")))
        own = (of_maps or {}).get(name)
        if own is not None:
            maps.append(replace(_small_by_cluster(name, layouts[name], own), how=how.get(name, "")))
    return maps


def _large(
    xy: NDArray[np.float32],
    clusters: ClusterOutcome | None,
    styles: NDArray[np.int64],
    *,
    scheme: Scheme,
    gallery: Gallery,
    names: list[str],
) -> Map:
    captions = [] if clusters is None else _captions(xy, clusters)
    candidates = [] if clusters is None else _candidates(xy, clusters, gallery)
    title = "All products by text and picture, coloured by category"
    scatter = Scatter(
        "map-category", title, _said(xy), xy, styles, scheme.styles,
        [shortened(name, 80) for name in names], captions, candidates,
        lambda row: gallery.pictures([row])[0],
    )  # fmt: skip
    return Map(title, "category", True, draw_map(scatter))


def _by_cluster(xy: NDArray[np.float32], clusters: ClusterOutcome) -> Map:
    title = "The same map, coloured by cluster"
    styles = cluster_styles(clusters)
    said = f"{_said(xy)} {len(clusters.names)} clusters: {'; '.join(clusters.names)}."
    scatter = Scatter(
        "map-cluster", title, said, xy, clusters.cluster.astype(np.int64), styles,
        captions=_captions(xy, clusters), height=520.0, radius=3.4,
    )  # fmt: skip
    return Map(title, "cluster", True, draw_map(scatter))


def _small_by_cluster(name: str, xy: NDArray[np.float32], clusters: ClusterOutcome) -> Map:
    title = f"By {VIEW_TITLES[name]} alone, coloured by its own clusters"
    said = f"{_said(xy)} {len(clusters.names)} clusters: {'; '.join(clusters.names)}."
    scatter = Scatter(
        f"map-cluster-{name}", title, said, xy, clusters.cluster.astype(np.int64), cluster_styles(clusters),
        width=_SMALL[0], height=_SMALL[1], radius=2.6,
    )  # fmt: skip
    return Map(title, "cluster", False, draw_map(scatter))


def _said(xy: NDArray[np.float32]) -> str:
    shown = int(np.isfinite(xy).all(axis=1).sum())
    return f"{count(shown)} products in two dimensions; products that are alike lie near each other."


def _captions(xy: NDArray[np.float32], clusters: ClusterOutcome) -> list[tuple[float, float, str]]:
    """The largest clusters first; each name stands at the median of its products."""
    is_shown = np.isfinite(xy).all(axis=1)
    sizes = np.bincount(clusters.cluster[clusters.cluster >= 0], minlength=len(clusters.names))
    found = []
    for number in np.argsort(-sizes, kind="stable").tolist():
        members = xy[(clusters.cluster == number) & is_shown]
        if len(members):
            x, y = np.median(members, axis=0).tolist()
            found.append((x, y, shortened(clusters.names[number].replace(", ", " · "), 36)))
    return found


def _candidates(xy: NDArray[np.float32], clusters: ClusterOutcome, gallery: Gallery) -> list[list[int]]:
    """Per cluster the most central products, then products from its middle to its rim; with a picture."""
    found = []
    for number, medoids in enumerate(clusters.medoids):
        members = np.flatnonzero((clusters.cluster == number) & np.isfinite(xy).all(axis=1))
        if not len(members):
            continue
        distance = np.square(xy[members] - np.median(xy[members], axis=0)).sum(axis=1)
        ordered = members[np.argsort(distance, kind="stable")]
        spread = ordered[:: max(1, len(ordered) // _CANDIDATES)]
        rows = np.array([*medoids, *spread.tolist()], dtype=np.int64)
        found.append(list(dict.fromkeys(rows[gallery.has_picture(rows)].tolist())))
    return found
