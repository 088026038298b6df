"""Prints how fast labels teach when the queue chooses them: area under macro-F1 against decisions, from one
label per category to 200 decisions, beside random choice and plain uncertainty (smallest margin).

Run as `python -m tests.benchmarks.bench_queues [PROJECT] [--seeds 5]`, with PROJECT an encoded project whose
labels at level 1 are taken for the truth; without one the real and the drawn products. A decision is one key:
it settles the products of a batch that have the category of its first product; each product that has not
costs a decision of its own. All ways are trained again by the window's rule. Nothing is tuned here, and none
of the seeds was looked at while designing.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from prodlabel.analysis.neighbours import NeighbourIndex
from prodlabel.core.progress import Progress
from prodlabel.learning.features import Views
from prodlabel.learning.fusion import FusionClassifier
from prodlabel.learning.learning_curve import corrections_due
from prodlabel.learning.queues.needs_label import BATCHES, choose_batches, grow_batches
from prodlabel.learning.queues.scene import NONE, Scene
from prodlabel.learning.zero_shot import spread
from prodlabel.operations.first_suggestions import FEW_PER_CATEGORY, GRAPH_NEIGHBOURS, names_say
from prodlabel.operations.materials import Materials
from prodlabel.operations.suggest import joined_vectors
from prodlabel.operations.train import labels_at, make_views
from prodlabel.project.project import Project
from tests.benchmarks.catalogues import drawn_products, real_products
from tests.benchmarks.figures import figure

DECISIONS = 200
MOST_DRAWN = 3
"""Seeds at most for the drawn products, which have no bar: their trainings take longer."""
AT_A_TIME = 50
"""Decisions at most between two trainings."""
USUAL_MOST = 50
"""Corrections after which the window trains again at the latest, as it is set at first."""


@dataclass
class Catalogue:
    """Encoded products and their true categories 1..; `start` (n, categories): what their names say."""

    views: Views
    vectors: np.ndarray
    truth: np.ndarray
    start: np.ndarray

    def take(self, rows: np.ndarray) -> Catalogue:
        return Catalogue(self.views.take(rows), self.vectors[rows], self.truth[rows], self.start[rows])


def known_categories(label: np.ndarray) -> np.ndarray:
    """The ids of the categories that have products."""
    return np.unique(label[label != NONE])


def read_catalogue(materials: Materials) -> Catalogue:
    """What the operations see of the labelled products."""
    views = make_views(materials, Progress())
    vectors = joined_vectors(materials, Progress())
    label = labels_at(materials, 1)
    assert vectors is not None
    start = names_say(materials, [materials.snapshot.taxonomy[int(one)] for one in known_categories(label)])
    rows = np.flatnonzero(label > 0)
    truth = np.unique(label[rows], return_inverse=True)[1] + 1
    return Catalogue(views.take(rows), vectors[rows], truth, start[rows])


def scene_of(part: Catalogue, label: np.ndarray, probabilities: np.ndarray, seed: int) -> Scene:
    """What the queues see when only `label` (n,) is known and `probabilities` (n, classes) are suggested."""
    n = len(label)
    order = np.argsort(-probabilities, axis=1, kind="stable")[:, :5]
    confidence = np.take_along_axis(probabilities, order, axis=1)
    no, nothing, zero = np.zeros(n, bool), np.zeros(n, int), np.zeros(n)
    return Scene(
        np.arange(1, n + 1), order + 1, confidence, probabilities.shape[1], label, no, no, no, no,
        nothing, zero, nothing, zero, zero, nothing, np.full(n, "", object), 0.0, {}, part.vectors, seed,
    )  # fmt: skip


def chosen_by_queue(scene: Scene, rng: np.random.Generator) -> list[np.ndarray]:
    rows = np.flatnonzero(scene.label == NONE)
    order, batch = grow_batches(scene, rows, choose_batches(scene, rows, BATCHES))
    return [order[batch == number] for number in range(min(AT_A_TIME, int(batch.max()) + 1))]


def chosen_singly(scene: Scene, rng: np.random.Generator) -> list[np.ndarray]:
    rows = choose_batches(scene, np.flatnonzero(scene.label == NONE), BATCHES)
    return [rows[i : i + 1] for i in range(len(rows))]


def chosen_by_margin(scene: Scene, rng: np.random.Generator) -> list[np.ndarray]:
    rows = np.flatnonzero(scene.label == NONE)
    rows = rows[np.argsort(scene.margin()[rows], kind="stable")][:AT_A_TIME]
    return [rows[i : i + 1] for i in range(len(rows))]


def chosen_at_random(scene: Scene, rng: np.random.Generator) -> list[np.ndarray]:
    rows = rng.permutation(np.flatnonzero(scene.label == NONE))[:AT_A_TIME]
    return [rows[i : i + 1] for i in range(len(rows))]


def curve(catalogue: Catalogue, choose: Any, seed: int) -> tuple[np.ndarray, np.ndarray, int]:
    """Decisions, macro-F1 on a quarter that is never chosen from, and labels at the end.

    Trained again as often as the window does it, and suggested from names as long as the window does that;
    what is measured is always the classifier.
    """
    rng = np.random.default_rng(seed)
    is_test = np.zeros(len(catalogue.truth), bool)
    is_test[rng.permutation(len(is_test))[: len(is_test) // 4]] = True
    part, test = catalogue.take(np.flatnonzero(~is_test)), catalogue.take(np.flatnonzero(is_test))
    graph = NeighbourIndex(part.vectors).of_all(GRAPH_NEIGHBOURS)
    label = np.zeros(len(part.truth), int)
    for category in np.unique(part.truth):
        label[rng.choice(np.flatnonzero(part.truth == category))] = category
    spent, decisions, f1 = int((label != NONE).sum()), [], []
    while True:
        known = np.flatnonzero(label != NONE)
        classifier = FusionClassifier().fit(part.views.take(known), label[known])
        decisions.append(spent)
        f1.append(macro_f1(test.truth, classifier.predict(test.views)))
        if spent >= DECISIONS or len(known) == len(label):
            return np.array(decisions), np.array(f1), len(known)
        if len(known) < FEW_PER_CATEGORY * part.start.shape[1]:
            probabilities = spread(part.start, *graph, known, label[known] - 1)
        else:
            probabilities = classifier.predict_proba(part.views)
        due = len(known) + corrections_due(len(known), USUAL_MOST)
        for batch in choose(scene_of(part, label, probabilities, seed), rng):
            first = part.truth[batch[0]]
            label[batch] = part.truth[batch]
            spent += 1 + int((part.truth[batch] != first).sum())
            if spent >= DECISIONS or (label != NONE).sum() >= due:
                break


def macro_f1(truth: np.ndarray, said: np.ndarray) -> float:
    from sklearn.metrics import f1_score

    return float(f1_score(truth, said, average="macro", zero_division=0.0))


def area(decisions: np.ndarray, f1: np.ndarray) -> float:
    """Mean macro-F1 over the decisions from the first to the 200th."""
    grid = np.arange(decisions[0], DECISIONS + 1)
    return float(np.interp(grid, decisions, f1).mean())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("project", type=Path, nargs="?")
    parser.add_argument("--seeds", type=int, default=5)
    arguments = parser.parse_args()
    if arguments.project is not None:
        with Project.open(arguments.project, read_only=True) as project:
            bench("", read_catalogue(Materials(project.snapshot())), arguments.seeds)
        return
    real = real_products()
    if real is None:
        print("The real products are not beside this checkout: only the drawn ones are measured.")
    else:
        bench("real", read_catalogue(real), arguments.seeds)
    bench("drawn", read_catalogue(drawn_products()), min(arguments.seeds, MOST_DRAWN))


def bench(title: str, catalogue: Catalogue, seeds: int) -> None:
    """Print one catalogue's table."""
    ways = {
        "random": chosen_at_random,
        "uncertainty": chosen_by_margin,
        "queue, one by one": chosen_singly,
        "queue, in batches": chosen_by_queue,
    }
    areas: dict[str, np.ndarray] = {}
    for name, choose in ways.items():
        runs = [curve(catalogue, choose, seed) for seed in range(seeds)]
        areas[name] = np.array([area(decisions, f1) for decisions, f1, _ in runs])
        at = [np.mean([np.interp(point, one[0], one[1]) for one in runs]) for point in (20, 60, 100, 200)]
        print(
            f"{title} {name:<20} area {areas[name].mean():.4f} ± {areas[name].std():.4f}  "
            "F1 at 20, 60, 100, 200: "
            + " ".join(f"{value:.3f}" for value in at)
            + f"  labels {np.mean([one[2] for one in runs]):.0f}",
            flush=True,
        )
    random, uncertainty = areas["random"], areas["uncertainty"]
    for name in ("queue, one by one", "queue, in batches"):
        over = areas[name] - random
        aside = f"uncertainty {(uncertainty - random).mean():+.4f}"
        bar = ">= 0.06" if title == "real" and name.endswith("batches") else ""
        print(figure(f"{title} {name}: over random", over.mean(), "", bar=bar, beside=aside))
        least = float((areas[name] - uncertainty).min())
        bar = ">= 0" if name.endswith("batches") else ""
        print(figure(f"{title} {name}: least over uncertainty", least, "", bar=bar))


if __name__ == "__main__":
    main()
