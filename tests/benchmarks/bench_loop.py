"""Prints what suggestions are worth before the first label and with five, and how long a retraining takes.

Nothing is tuned here; the baselines run in the same process on the same rows.
"""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np

from prodlabel.analysis.neighbours import NeighbourIndex
from prodlabel.core.progress import Progress
from prodlabel.learning.features import Views
from prodlabel.learning.fusion import FusionClassifier
from prodlabel.learning.zero_shot import spread
from prodlabel.operations.first_suggestions import GRAPH_NEIGHBOURS, names_say
from prodlabel.operations.materials import Materials
from prodlabel.operations.suggest import joined_vectors
from prodlabel.operations.train import labels_at, make_views
from tests.benchmarks.bench_queues import known_categories
from tests.benchmarks.catalogues import real_products
from tests.benchmarks.figures import figure

FEW, DRAWS = 5, 10
SENTENCES = {
    "Baby Care": "Clothes, blankets, toys and care for babies and small children.",
    "Beauty and Personal Care": "Make-up, perfume, soap, hair care and what else one cares for oneself with.",
    "Computers": "Laptops, keyboards, cables, routers, memory and other computer accessories.",
    "Home Decor & Festive Needs": "Wall stickers, paintings, vases, candles and ornaments for the home.",
    "Home Furnishing": "Curtains, bed sheets, towels, blankets, cushion covers and carpets.",
    "Kitchen & Dining": "Mugs, plates, pans, kitchen tools and small kitchen appliances.",
    "Watches": "Wrist watches for men, women and children.",
}
"""One plain sentence about each top category, written before any result with them was seen."""


def bench_beginning(materials: Materials) -> None:
    """Names alone, and five labels a category."""
    progress = Progress()
    label = labels_at(materials, 1)
    categories = [materials.snapshot.taxonomy[int(one)] for one in known_categories(label)]
    ids = np.array([one.id for one in categories])
    truth = np.searchsorted(ids, label)
    start = names_say(materials, categories)
    vectors = joined_vectors(materials, progress)
    assert vectors is not None
    graph = NeighbourIndex(vectors).of_all(GRAPH_NEIGHBOURS)
    alone = float((start.argmax(axis=1) == truth).mean())
    spread_out = float((spread(start, *graph).argmax(axis=1) == truth).mean())
    print(
        figure(
            "right from names alone", spread_out, "", bar=">= 0.68", beside=f"without the graph {alone:.3f}"
        )
    )
    described = [replace(one, description=SENTENCES[one.name.strip()]) for one in categories]
    told = names_say(materials, described)
    said = float((spread(told, *graph).argmax(axis=1) == truth).mean())
    beside = (
        f"names alone {spread_out:.3f}; without the graph {float((told.argmax(axis=1) == truth).mean()):.3f}"
    )
    print(figure("right from names and a sentence about each", said, "", beside=beside))
    views = make_views(materials, progress)
    found: dict[str, list[float]] = {"names, graph and labels": [], "trained classifier": []}
    for draw in range(DRAWS):
        rng = np.random.default_rng(draw)
        rows = np.concatenate(
            [rng.choice(np.flatnonzero(truth == one), FEW, replace=False) for one in np.unique(truth)]
        )
        rest = np.setdiff1d(np.arange(len(truth)), rows)
        said = spread(start, *graph, rows, truth[rows]).argmax(axis=1)
        found["names, graph and labels"].append(float((said == truth)[rest].mean()))
        classifier = FusionClassifier().fit(views.take(rows), truth[rows])
        found["trained classifier"].append(float((classifier.predict(views) == truth)[rest].mean()))
    used, other = (np.array(values) for values in found.values())
    aside = f"± {used.std():.3f}; trained classifier {other.mean():.3f}"
    print(figure(f"right with {FEW} labels a category", float(used.mean()), "", bar=">= 0.89", beside=aside))


def made_views(count: int, seed: int = 0, width: int = 384, classes: int = 20) -> tuple[Views, np.ndarray]:
    """Views of made-up products: texts of 30 words, vectors of texts and, half as wide, of pictures."""
    rng = np.random.default_rng(seed)
    y = rng.integers(0, classes, count)
    words = np.array([f"word{number}" for number in range(5_000)])
    drawn = rng.zipf(1.3, (count, 30)) % 4_000
    own = rng.random((count, 30)) < 0.15
    drawn[own] = 4_000 + (50 * y[:, None] + rng.integers(0, 50, (count, 30)))[own]
    texts = [" ".join(row) for row in words[drawn]]
    centres = rng.normal(size=(classes, width))
    text = (centres[y] + 3.0 * rng.normal(size=(count, width))).astype(np.float32)
    picture = (centres[y, : width // 2] + 5.0 * rng.normal(size=(count, width // 2))).astype(np.float32)
    everything = np.ones(count, dtype=bool)
    return Views(texts, None, text, everything, picture, everything), y


def bench_retraining() -> None:
    """A training on labels as they come, vectors ready."""
    from sklearn.linear_model import LogisticRegression

    for count, bar in ((1_000, "< 2"), (50_000, "< 10")):
        views, y = made_views(count)
        began = time.perf_counter()
        FusionClassifier().fit(views, y)
        taken = time.perf_counter() - began
        assert views.text_vectors is not None
        began = time.perf_counter()
        LogisticRegression(max_iter=100).fit(views.text_vectors, y)
        other = time.perf_counter() - began
        aside = f"logistic regression, text alone {other:.1f} s"
        print(figure(f"retraining on {count:,} products", taken, "s", bar=bar, beside=aside))


def main() -> None:
    """Print the table."""
    materials = real_products()
    if materials is None:
        print("The real products are not beside this checkout: only times are measured.")
    else:
        bench_beginning(materials)
    bench_retraining()


if __name__ == "__main__":
    main()
