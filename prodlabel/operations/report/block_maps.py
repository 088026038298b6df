"""The small maps of a report: each encoder's vectors by themselves, by category and by cluster.

Invariant: what is drawn was kept when the table of pipelines was measured: nothing is laid out again here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from prodlabel.core.palette import LIGHT, category_styles
from prodlabel.operations.findings import Findings
from prodlabel.operations.other_clusterings import METHODS
from prodlabel.operations.protocol import ALL, PCA_TSNE_KMEANS, PipelineRow, finding_of
from prodlabel.operations.report.clusters import aligned
from prodlabel.operations.report.maps import Map
from prodlabel.operations.report.scatter import Scatter, draw_map
from prodlabel.operations.report.scheme import Scheme
from prodlabel.operations.report.wording import count, decimal

_SIZE = (340.0, 250.0)
MOST_POINTS = 400
"""So many points say where the groups are, and keep a page of two dozen maps small."""


@dataclass(frozen=True, slots=True, eq=False)
class BlockMap:
    """One encoder on one field: `xy` float32 (n, 2), NaN where it has no vector, and the `cluster` (n,) of
    each product by the pipeline of `row`, the best of this encoder."""

    row: PipelineRow
    xy: NDArray[np.float32]
    cluster: NDArray[np.int32]


def best_rows(rows: Sequence[PipelineRow]) -> list[PipelineRow]:
    """The best row of each encoder, over fields and pipelines, the best encoder first."""
    best: dict[str, PipelineRow] = {}
    for row in rows:
        if row.encoder not in (ALL, METHODS) and (
            row.encoder not in best or row.ari.mean > best[row.encoder].ari.mean
        ):
            best[row.encoder] = row
    return sorted(best.values(), key=lambda row: -row.ari.mean)


def block_maps(
    findings: Findings, rows: Sequence[PipelineRow], product_id: NDArray[np.int64]
) -> tuple[BlockMap, ...]:
    """What was kept of the best pipeline of each encoder; without those measured before maps were kept."""
    found = []
    for row in best_rows(rows):
        laid_out = findings.held(finding_of(row.encoder, row.field, PCA_TSNE_KMEANS))
        grouped = findings.held(finding_of(row.encoder, row.field, row.pipeline))
        if laid_out is None or grouped is None:
            continue
        if "xy" not in laid_out.arrays or "cluster" not in grouped.arrays:
            continue
        xy = aligned(product_id, dict(laid_out.arrays), "xy")
        cluster = aligned(product_id, dict(grouped.arrays), "cluster")
        if xy is not None and cluster is not None:
            found.append(BlockMap(row, xy, cluster))
    return tuple(found)


def draw_block_maps(
    blocks: Sequence[BlockMap], labels: NDArray[np.int32], scheme: Scheme, say: Callable[[PipelineRow], str]
) -> list[Map]:
    """Two maps an encoder: by category, and by the clusters of its best pipeline. `say` names encoder and
    field."""
    styles = scheme.numbers(labels)
    maps = []
    for number, one in enumerate(blocks):
        row, title = one.row, say(one.row)
        shown = _some(one.xy)
        said = f"{count(int(np.isfinite(shown).all(axis=1).sum()))} products by {title}."
        for legend, style, known, heading in (
            ("category", styles, scheme.styles, f"{title}: categories"),
            (
                "cluster",
                one.cluster.astype(np.int64),
                list(category_styles(int(one.cluster.max()) + 1, LIGHT)),
                f"{row.pipeline}: clusters, ARI {decimal(row.ari.mean)}",
            ),
        ):
            # Marks of clusters are not held back by the legend of categories.
            name = f"map-{'cluster' if legend == 'cluster' else 'block'}-block-{number}"
            scatter = Scatter(
                name, heading, said, shown, style, known, width=_SIZE[0], height=_SIZE[1], radius=2.6
            )
            maps.append(Map(heading, legend, False, draw_map(scatter)))
    return maps


def _some(xy: NDArray[np.float32]) -> NDArray[np.float32]:
    """With the places of an even draw of the products only."""
    rows = np.flatnonzero(np.isfinite(xy).all(axis=1))
    found = np.full_like(xy, np.nan)
    kept = rows[:: -(-len(rows) // MOST_POINTS) or 1] if len(rows) > MOST_POINTS else rows
    found[kept] = xy[kept]
    return found
