"""The report on paper: encoders, clusterings and classifiers compared, and the map of each encoder.

Invariant: nothing is measured here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from reportlab.platypus import Table

from prodlabel.core.palette import LIGHT, category_styles
from prodlabel.operations.report import pdf_parts as parts
from prodlabel.operations.report.methods import ContestLine, Methods
from prodlabel.operations.report.pdf_charts import Chart
from prodlabel.operations.report.pdf_parts import WIDTH, said, table, together

Context = Mapping[str, Any]
MOST_STYLES = 64
"""Clusters of one encoder: 30 topics at most."""


def methods_chapter(context: Context) -> list[Any]:
    """What a full study measured; nothing where there was none."""
    methods = context["methods"]
    if methods is None:
        heading = said("Methods compared", parts.HEAD)
        return [together(heading, *_networks(context))] if context["networks"] else []
    story = [said("Methods compared", parts.HEAD), *parts.listed(methods.said)]
    if methods.is_stale:
        story.append(said("Labels have changed since this was measured."))
    story += [
        together(said(one.title, parts.SUBHEAD), said(one.how, parts.DIM), _contest(one.lines))
        for one in methods.contests
    ]
    story.append(said(methods.leak, parts.DIM))
    if context["networks"]:
        story.append(together(*_networks(context)))
    if methods.level_2:
        heading = said("The second level, falling back to the first", parts.SUBHEAD)
        rows = [list(one) for one in methods.level_2]
        head = ["Where so much is wished at each level", "99 %", "95 %"]
        found = table(head, rows, [50, 20, 20], [1, 2])
        story.append(together(heading, said(methods.level_2_plain), found))
    return story + _pipelines(methods)


def _networks(context: Context) -> list[Any]:
    return [said("Networks that were trained here", parts.SUBHEAD), _contest(context["networks"])]


def _pipelines(methods: Methods) -> list[Any]:
    about = (
        f"{methods.products} products, {methods.seeds} seeds through each pipeline (encoders that learn on "
        "the catalogue were fitted once); no step sees a label. The best pipeline of each encoder is in "
        "bold: choosing it looks at labels."
    )
    rows, grouped = [], []
    for at, one in enumerate(methods.lines, 1):
        name = [said(one.encoder, parts.CELL_BOLD), said(one.field, parts.CARD_DIM)] if one.span else ""
        if one.span:
            # Over its rows, and not torn apart at the end of a page.
            grouped += [
                ("SPAN", (0, at), (0, at + one.span - 1)),
                ("NOSPLIT", (0, at), (0, at + one.span - 1)),
            ]
        ari = said(one.ari, parts.CELL_BOLD_RIGHT) if one.is_best else one.ari
        figures = [one.ami, one.v_measure, one.silhouette, one.draws, one.level_2, one.chance]
        rows.append([name, one.pipeline, ari, one.bootstrap, *figures])
    head = [
        "Encoder",
        "Pipeline",
        "ARI",
        "95 % interval",
        "AMI",
        "V",
        "Silh.",
        "70 % draws",
        "Level 2",
        "Chance",
    ]
    story = [said("Encoders and clusterings, without labels", parts.SUBHEAD), said(about)]
    story.append(table(head, rows, [25, 25, 23, 22, 10, 10, 10, 22, 12, 13], range(2, 10), grouped))
    if methods.missing:
        story.append(said("Not compared, for want of weights", parts.SUBHEAD))
        story += parts.listed([need for _, need in methods.missing], parts.DIM)
    return story


def _contest(lines: Sequence[ContestLine]) -> Any:
    head = [
        "Classifier", "Accuracy", "Macro-F1", "Calibr. error", "Taken at 99 %", "of these right",
        "Taken at 98 %", "of these right",
    ]  # fmt: skip
    rows = [
        [
            said(one.title, parts.CELL_BOLD if one.is_ours else parts.CELL),
            *(one.accuracy, one.macro_f1, one.calibration, one.coverage, one.precision),
            *(one.lower_coverage, one.lower_precision),
        ]
        for one in lines
    ]
    return table(head, rows, [36, 17, 19, 13, 17, 11, 17, 11], range(1, 8))


def block_maps(context: Context) -> list[Any]:
    """Four small maps in a row: two encoders, each by category and by cluster."""
    blocks = context["block_maps"]
    if not blocks:
        return []
    about = "t-SNE of 50 principal axes, seed 0; left by category, right by clusters of the best pipeline."
    story = [said("Each encoder by itself", parts.SUBHEAD), said(about, parts.DIM)]
    wide = WIDTH / 4
    for at in range(0, len(blocks), 4):
        row = [[said(one.title, parts.CARD_DIM), _small_chart(one, wide - 6)] for one in blocks[at : at + 4]]
        cells = [*row, *([""] * (4 - len(row)))]
        style = [("VALIGN", (0, 0), (-1, -1), "BOTTOM"), ("LEFTPADDING", (0, 0), (-1, -1), 0)]
        story.append(Table([cells], [wide] * 4, style=style))
    return story


def _small_chart(one: Any, wide: float) -> Chart:
    return Chart(one.svg, wide, category_styles(MOST_STYLES, LIGHT))
