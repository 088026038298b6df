"""Prints every encoder with every pipeline on real products, found without labels, beside its bar.

Run as `python -m tests.benchmarks.bench_clusters CATALOGUE [--quick]`; --quick: two seeds, two draws. Makes a
project in a temporary folder, labelled at the second level; nothing is tuned here. The bars of encoders are
those of two published studies of 1,050 products; a catalogue of other products is another task.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

from prodlabel.core.progress import Progress
from prodlabel.operations.findings import Findings
from prodlabel.operations.importing import ImportSettings, import_catalogue
from prodlabel.operations.layout import FUSED, PICTURE, TEXT
from prodlabel.operations.materials import Materials
from prodlabel.operations.pictures import look_at_pictures
from prodlabel.operations.protocol import ALL, PipelineRow, compare_pipelines
from prodlabel.operations.steps import encode_project
from prodlabel.operations.study import open_or_create

ENCODED = ("minilm", "use", "efficientnet-lite0", "colour")
BARS = {
    "counts": 0.39, "tfidf": 0.48, "lsa": 0.45, "word2vec": 0.65, "minilm": 0.66, "use": 0.70, "sift": 0.10,
    "orb": 0.05, "efficientnet-lite0": 0.60,
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


def show_bars(rows: list[PipelineRow]) -> None:
    best: dict[tuple[str, str], PipelineRow] = {}
    for row in rows:
        key = (row.encoder, row.field if row.encoder == ALL else "")
        if key not in best or row.ari.mean > best[key].ari.mean:
            best[key] = row
    print("\nBest pipeline of each encoder (chosen by the labels, hence a little too high) beside its bar")
    for row in best.values():
        bar = bar_of(row)
        if bar is not None:
            verdict = "met" if row.ari.mean >= bar else f"missed by {bar - row.ari.mean:.3f}"
            print(f"{row.encoder:<19}{row.field:<8}{row.ari.mean:.3f}  bar {bar:.2f}  {verdict}")
        if row.encoder == ALL and row.field == FUSED and row.level_2 is not None:
            verdict = "met" if row.level_2.mean >= SECOND_LEVEL_BAR else "missed"
            print(f"second level, AMI          {row.level_2.mean:.3f}  bar {SECOND_LEVEL_BAR:.2f}  {verdict}")


def main(arguments: list[str] | None = None) -> int:
    given = sys.argv[1:] if arguments is None else arguments
    if not given:
        print(__doc__)
        return 2
    times = 2 if "--quick" in given else 5
    with tempfile.TemporaryDirectory() as folder:
        project = open_or_create(Path(folder) / "clusters")
        try:
            found = import_catalogue(project, ImportSettings(Path(given[0]), label_level=2), Progress())
            look_at_pictures(project, Progress(), rows=found.picture_rows)
            encode_project(project, ENCODED, Progress())
            show_head()
            began = time.perf_counter()
            materials, findings = Materials(project.snapshot()), Findings(project)
            rows = compare_pipelines(materials, findings, Progress(), seeds=times, draws=times)
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
