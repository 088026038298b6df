"""A layout by UMAP, computed in a child process: its import alone compiles for seconds and would hold up the
program.

Invariant: the same vectors and seed give the same layout; a cancel ends the child.

Source: McInnes, Healy and Melville, "UMAP: uniform manifold approximation and projection" (2018), by
umap-learn.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from prodlabel.analysis.layout import Previous, align, principal_layout
from prodlabel.core.errors import InputError, UserError
from prodlabel.core.progress import Progress

Floats = npt.NDArray[np.floating[Any]]

LEAST = 10
"""UMAP lays out fewer products as badly as chance."""
LOOK_EVERY_S = 0.1
GIVEN, MADE, SAID = "vectors.npy", "layout.npy", "said.txt"


def make_umap_layout(
    vectors: Floats,
    seed: int = 0,
    neighbours: int = 15,
    *,
    previous: Previous = None,
    progress: Progress | None = None,
) -> Floats:
    """(n, 2) float32, centred, root mean square radius 1, of `vectors` (n, d). `progress` is offered the
    principal axes at once and the layout in the end, both turned to the `previous` layout (row numbers and
    coordinates). Raises `InputError` below ten products and `UserError` when the child fails.
    """
    progress = progress or Progress()
    if len(vectors) < LEAST:
        raise InputError(
            f"UMAP cannot lay out {len(vectors)} products. Choose t-SNE, or take in at least {LEAST}."
        )
    progress.offer(_turned(principal_layout(vectors, seed), previous))
    with tempfile.TemporaryDirectory() as folder, progress.stage("Laying out with UMAP", total=None):
        np.save(Path(folder) / GIVEN, np.asarray(vectors, np.float32), allow_pickle=False)
        _run(Path(folder), seed, min(neighbours, len(vectors) - 1), progress)
        points = np.load(Path(folder) / MADE, allow_pickle=False)
    centred = points - points.mean(axis=0)
    radius = float(np.sqrt(np.square(centred).sum(axis=1).mean()))
    found = _turned(np.asarray(centred / max(radius, 1e-12), np.float32), previous)
    progress.offer(found)
    return found


def _turned(layout: Floats, previous: Previous) -> Floats:
    return layout if previous is None else align(layout, *previous)


def _run(folder: Path, seed: int, neighbours: int, progress: Progress) -> None:
    """Start the child, look after it, and end it when the work is cancelled."""
    command = [sys.executable, "-m", "prodlabel.analysis.umap_layout"]
    command += [str(folder), str(seed), str(neighbours)]
    # The child finds the package where this process did, installed or not.
    paths = os.pathsep.join([str(Path(__file__).parents[2]), *filter(None, [os.environ.get("PYTHONPATH")])])
    with (folder / SAID).open("wb") as log:
        child = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=os.environ | {"PYTHONPATH": paths}
        )
        try:
            while True:
                try:
                    code = child.wait(LOOK_EVERY_S)
                    break
                except subprocess.TimeoutExpired:
                    progress.advance(0)
        except BaseException:
            child.kill()
            child.wait()
            raise
    if code != 0 or not (folder / MADE).is_file():
        lines = (folder / SAID).read_text(errors="replace").strip().splitlines() or ["no word of why"]
        raise UserError(f"UMAP failed: {lines[-1]}. Choose t-SNE instead.")


def _in_child(folder: str, seed: str, neighbours: str) -> None:
    import warnings

    # One thread for the seed's sake, as wished; umap-learn says so in a warning.
    warnings.filterwarnings("ignore", message="n_jobs value")
    from umap import UMAP

    vectors = np.load(Path(folder) / GIVEN, allow_pickle=False)
    model = UMAP(n_neighbors=int(neighbours), random_state=int(seed), n_jobs=1)
    np.save(Path(folder) / MADE, np.asarray(model.fit_transform(vectors), np.float32), allow_pickle=False)


if __name__ == "__main__":
    _in_child(*sys.argv[1:])
