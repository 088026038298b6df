"""Prints every encoder with every pipeline on real products, found without labels, beside its bar.

Run as `python -m tests.benchmarks.bench_clusters [CATALOGUE] [--quick]` (default: the real products beside
the checkout); --quick: two seeds, two draws. Makes a project in a temporary folder, labelled at the second
level; nothing is tuned here. The bars of encoders are those of two published studies of 1,050 products, of
which 703 are there; a catalogue of other products is another task.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from prodlabel.core.progress import Progress
from prodlabel.operations.findings import Findings
from prodlabel.operations.importing import ImportSettings, import_catalogue
from prodlabel.operations.materials import Materials
from prodlabel.operations.other_clusterings import METHODS
from prodlabel.operations.pictures import look_at_pictures
from prodlabel.operations.protocol import ALL, PipelineRow, compare_pipelines, missing_encoders
from prodlabel.operations.report.methods import encoder_title
from prodlabel.operations.spaces import FUSED, PICTURE, TEXT
from prodlabel.operations.steps import encode_project
from prodlabel.operations.study import open_or_create
from tests.benchmarks.figures import figure
from tests.conftest import SHARED

ENCODED = ("minilm", "use", "efficientnet-lite0", "colour")
BARS = {
    "counts": 0.39, "tfidf": 0.48, "lsa": 0.45, "lda": 0.45, "nmf": 0.45, "word2vec": 0.65,
    "word-vectors": 0.40, "bert": 0.50, "minilm": 0.66, "use": 0.70, "use4": 0.70, "sift": 0.10,
    "orb": 0.05, "vgg16": 0.50, "mobilenet-v2": 0.60, "resnet50": 0.50, "efficientnet-lite0": 0.60,
}  # fmt: skip
OWN_BARS = {TEXT: 0.77, PICTURE: 0.62, FUSED: 0.80}
SECOND_LEVEL_BAR = 0.79


def bar_of(row: PipelineRow) -> float | None:
    """The ARI that this encoder, with its best pipeline, shall reach."""
    return OWN_BARS.get(row.field) if row.encoder == ALL else BARS.get(row.encoder)


def show_head() -> None:
    print(f"{'encoder':<19}{'field':<8}{'pipeline':<33} ARI        AMI      V   silh.   ", end="")
    print("70 % draws  level 2  chance  bootstrap of the ARI", flush=True)


def show(row: PipelineRow) -> None:
    level_2 = "" if row.level_2 is None else f"{row.level_2.mean:6.3f}"
    print(
        f"{row.encoder:<19}{row.field:<8}{row.pipeline:<31}{row.ari.mean:6.3f} ±{row.ari.std:.3f} "
        f"{row.ami.mean:6.3f} {row.v_measure.mean:6.3f} {row.silhouette.mean:6.3f}  "
        f"{row.draws.mean:6.3f} ±{row.draws.std:.3f} {level_2}  {row.chance.mean:6.3f}  "
        f"{row.interval[0]:.3f} to {row.interval[1]:.3f}",
        flush=True,
    )


def best_of_each(rows: list[PipelineRow]) -> list[PipelineRow]:
    """For each encoder, and each of the program's own ways, the row with the highest ARI."""
    best: dict[tuple[str, str], PipelineRow] = {}
    for row in rows:
        if row.encoder == METHODS:
            continue
        key = (row.encoder, row.field if row.encoder == ALL else "")
        if key not in best or row.ari.mean > best[key].ari.mean:
            best[key] = row
    return list(best.values())


def show_bars(rows: list[PipelineRow]) -> None:
    print("\nARI of the best pipeline of each encoder (chosen by the labels, hence a little too high)")
    for row in best_of_each(rows):
        bar = bar_of(row)
        name = f"{row.field}, as the program does it" if row.encoder == ALL else row.encoder
        aside = f"± {row.ari.std:.3f}, 70 % draws {row.draws.mean:.3f} ± {row.draws.std:.3f}"
        if row.encoder != ALL:
            aside = f"{row.field}, {row.pipeline}, {aside}"
        print(figure(name, row.ari.mean, "ARI", bar="" if bar is None else f">= {bar}", beside=aside))
    for row in rows:
        if row.encoder == ALL and row.level_2 is not None:
            bar = f">= {SECOND_LEVEL_BAR}" if row.field == FUSED else ""
            aside = f"± {row.level_2.std:.3f} over seeds"
            print(figure(f"{row.field}, second level", row.level_2.mean, "AMI", bar=bar, beside=aside))
    show_not_measured(rows)


def show_not_measured(rows: Sequence[PipelineRow]) -> None:
    """The bars of encoders that have no row, and what they need."""
    needs = dict(missing_encoders())
    known = {row.encoder for row in rows}
    for encoder, bar in BARS.items():
        if encoder not in known:
            need = needs.get(encoder_title(encoder), "it was not encoded here")
            print(f"  {f'ARI, {encoder}':<46} not measured (bar >= {bar}): {need}")


def main(arguments: list[str] | None = None) -> int:
    given = sys.argv[1:] if arguments is None else arguments
    named = [Path(one) for one in given if not one.startswith("--")]
    catalogue = named[0] if named else SHARED / "flipkart" / "flipkart_com-ecommerce_sample.csv"
    if not catalogue.is_file():
        print("The real products are not beside this checkout: nothing is measured.")
        return 0
    times = 2 if "--quick" in given else 5
    with tempfile.TemporaryDirectory() as folder:
        project = open_or_create(Path(folder) / "clusters")
        try:
            found = import_catalogue(project, ImportSettings(catalogue, label_level=2), Progress())
            look_at_pictures(project, Progress(), rows=found.picture_rows)
            encode_project(project, ENCODED, Progress())
            show_head()
            began = time.perf_counter()
            materials, findings = Materials(project.snapshot()), Findings(project)
            rows = compare_pipelines(materials, findings, Progress(), seeds=times, draws=times)
            # The other sentence encoder in the program's own way, as after `encode --with use --use`.
            other = Materials(project.snapshot(), text_encoder="use")
            own = compare_pipelines(
                other, findings, Progress(), seeds=times, draws=times, encoders=(), views=(TEXT,)
            )
            rows += [replace(row, encoder="use") for row in own]
            for row in rows:
                show(row)
            seconds = time.perf_counter() - began
        finally:
            project.close()
    show_bars(rows)
    print(f"{len(rows)} rows in {seconds:.0f} s; mean ± standard deviation over {times} seeds and draws")
    return 0


if __name__ == "__main__":
    sys.exit(main())
