"""Evidence as a finding: out-of-fold probabilities and figures that were measured once for these labels.

Invariant: what is read back equals what was measured.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import numpy as np
from numpy.typing import NDArray

from prodlabel.core.progress import Progress
from prodlabel.operations.findings import Finding, Notebook, digest
from prodlabel.operations.materials import Materials
from prodlabel.operations.report.evidence import Evidence, gather_evidence
from prodlabel.operations.report.inputs import EVIDENCE
from prodlabel.operations.train import TrainSettings, labels_at

VERSION = 1
_SCORES = ("accuracy", "macro_f1", "coverage", "precision", "calibration")
_ARRAYS = ("rows", "classes", "target", "probabilities", "accepted")
_OF_EVALUATION = ("is_suspected", "confusion")


def evidence_once(
    materials: Materials, settings: TrainSettings, notebook: Notebook, progress: Progress
) -> Evidence | None:
    """As `gather_evidence`, but what is in the notebook for the same products, labels and vectors is not
    measured again."""

    def measured() -> Finding:
        found = gather_evidence(materials, settings, progress)
        return Finding({"is_possible": False}) if found is None else _finding(found)

    finding = notebook.once(EVIDENCE, _mark(materials, settings), measured)
    return _evidence(finding, settings) if finding.figures["is_possible"] else None


def _mark(materials: Materials, settings: TrainSettings) -> str:
    blocks = [*materials.text_blocks(), materials.picture_block()]
    vectors = [one.vectors for one in blocks if one is not None]
    columns = materials.snapshot.columns
    labels = labels_at(materials, settings.level)
    return digest(VERSION, asdict(settings), columns.product_id, labels, materials.trusted(), *vectors)


def _finding(evidence: Evidence) -> Finding:
    evaluation = evidence.evaluation
    arrays: dict[str, NDArray[Any]] = {name: np.asarray(getattr(evidence, name)) for name in _ARRAYS}
    arrays |= {name: np.asarray(getattr(evaluation, name)) for name in _OF_EVALUATION}
    for name in _SCORES:
        arrays[name] = np.asarray(getattr(evaluation, name))
        arrays[f"believed.{name}"] = np.asarray(getattr(evaluation.believed, name))
    figures = {
        "is_possible": True,
        "fold_count": evidence.fold_count,
        "too_small": list(evidence.too_small),
        "labelled": evidence.labelled,
        "noise": evaluation.noise,
    }
    return Finding(figures, arrays)


def _evidence(finding: Finding, settings: TrainSettings) -> Evidence:
    from prodlabel.learning.evaluation import Evaluation, Score

    held, said = finding.arrays, finding.figures
    evaluation = Evaluation(
        **{name: held[name] for name in _SCORES},
        classes=np.arange(len(held["classes"])),
        believed=Score(**{name: held[f"believed.{name}"] for name in _SCORES}),
        is_suspected=held["is_suspected"],
        noise=float(said["noise"]),
        confusion=held["confusion"],
        probabilities=held["probabilities"],
        accepted=held["accepted"],
    )
    return Evidence(
        settings, int(said["fold_count"]), held["rows"], held["classes"], held["target"],
        held["probabilities"], held["accepted"], evaluation, tuple(said["too_small"]), int(said["labelled"]),
    )  # fmt: skip
