"""Prints the figures of classifier, thresholds and label errors on real products, beside bar and baseline.

Nothing is tuned here. Without the real products beside the checkout it says so and measures nothing.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

import numpy as np

from prodlabel.analysis.blocks import Block, join_blocks
from prodlabel.analysis.families import find_families
from prodlabel.analysis.neighbours import NeighbourIndex
from prodlabel.core.progress import Progress
from prodlabel.learning.evaluation import Evaluation, evaluate, folds
from prodlabel.learning.features import Views
from prodlabel.learning.fusion import FusionClassifier
from prodlabel.learning.label_errors import doubting_probabilities, find_label_errors
from prodlabel.operations.materials import Materials
from prodlabel.operations.train import make_views
from tests.benchmarks.catalogues import real_products
from tests.benchmarks.figures import verdict

PICTURE_WEIGHT = 0.5


@dataclass(frozen=True)
class Catalogue:
    """Real products, encoded."""

    views: Views
    family_texts: list[str]
    categories: np.ndarray


def read_catalogue(materials: Materials) -> Catalogue:
    """What the operations see of the products."""
    progress = Progress()
    views = make_views(materials, progress)
    return Catalogue(views, materials.texts(progress).text, materials.level_1())


def show(what: str, values: Any, bar: str = "", baseline: str = "") -> None:
    """One line: the mean and spread of `values`, what they should reach, and what a simple method reaches."""
    held = np.atleast_1d(np.asarray(values, float))
    mean = float(np.nanmean(held))
    line = f"{what:<52} {mean:7.4f} ± {np.nanstd(held):.4f}  {baseline:<60} {bar:<10} {verdict(mean, bar)}"
    print(line.rstrip(), flush=True)


def linear_svm_accuracy(catalogue: Catalogue, groups: np.ndarray | None) -> np.ndarray:
    """TF-IDF and a linear SVM on the text, in the same folds."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.pipeline import make_pipeline
    from sklearn.svm import LinearSVC

    texts = np.array(catalogue.views.texts, object)
    found = []
    for _, train, test in folds(catalogue.categories, groups=groups):
        model = make_pipeline(TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, min_df=2), LinearSVC())
        model.fit(texts[train], catalogue.categories[train])
        found.append(model.score(texts[test], catalogue.categories[test]))
    return np.array(found)


def bench_classifier(catalogue: Catalogue, families: np.ndarray) -> None:
    FusionClassifier().fit(catalogue.views, catalogue.categories)
    began = time.perf_counter()
    FusionClassifier().fit(catalogue.views, catalogue.categories)
    show("seconds to train on all", time.perf_counter() - began, "< 2")
    for title, groups in (("", None), (", families together", families)):
        svm = linear_svm_accuracy(catalogue, groups).mean()
        found = evaluate(catalogue.views, catalogue.categories, groups=groups)
        bar = ">= 0.965" if groups is None else ">= 0.945"
        show(f"accuracy{title}", found.accuracy, bar, f"TF-IDF + linear SVM {svm:.4f}")
        _show_rest(found, title)
    for use in (("words", "text"), ("picture",)):

        def make(use: tuple[str, ...] = use) -> Any:
            return FusionClassifier(use=use)

        one = evaluate(catalogue.views, catalogue.categories, make)
        show(
            f"accuracy of {' + '.join(use)} alone", one.accuracy, ">= 0.88" if "picture" in use else ">= 0.95"
        )


def _show_rest(found: Evaluation, title: str) -> None:
    show(f"macro-F1{title}", found.macro_f1)
    show(f"calibration error, 15 bins of equal mass{title}", found.calibration, "<= 0.02")
    show(f"coverage at a wished precision of .99{title}", found.coverage, ">= 0.90")
    show(f"precision realised there{title}", found.precision, ">= 0.985")


def confident_learning_rank(probabilities: np.ndarray, target: np.ndarray) -> np.ndarray:
    """Rows by confident learning (Northcutt, Jiang and Chuang, JAIR 70, 2021, sections 3.1 and 3.2): first
    those that the confident joint counts off its diagonal, by normalised margin."""
    rows, classes = np.arange(len(target)), probabilities.shape[1]
    limits = np.array([probabilities[target == k, k].mean() for k in range(classes)])
    above = probabilities >= limits
    counted = np.where(above, probabilities, -1.0).argmax(axis=1)
    others = probabilities.copy()
    others[rows, target] = -1.0
    margin = probabilities[rows, target] - others.max(axis=1)
    return np.lexsort((margin, ~(above.any(axis=1) & (counted != target))))


def issues_rank(probabilities: np.ndarray, target: np.ndarray) -> tuple[str, np.ndarray]:
    """The rows by cleanlab's `find_label_issues` where the package is installed (flagged ones first, then by
    its score), else by the published algorithm; with the name of which it was. cleanlab is a rival, not a
    part: whoever wants it in the table installs it (2.9 is under the Apache licence).
    """
    try:
        from cleanlab.filter import find_label_issues
        from cleanlab.rank import get_label_quality_scores
    except ImportError:
        return "our own confident learning, no cleanlab here", confident_learning_rank(probabilities, target)
    flagged = find_label_issues(target, probabilities)
    score = get_label_quality_scores(target, probabilities, method="normalized_margin")
    return f"cleanlab {version('cleanlab')}", np.lexsort((score, ~flagged))


def falsified(
    truth: np.ndarray, share: float, most_like: np.ndarray | None, seed: int
) -> tuple[np.ndarray, np.ndarray]:
    """Labels of which a share is wrong, and which those are: any other category, or the most like one."""
    rng = np.random.default_rng(seed)
    count = round(share * len(truth))
    wrong = rng.choice(len(truth), count, replace=False)
    target = truth.copy()
    if most_like is None:
        target[wrong] = (target[wrong] + rng.integers(1, truth.max() + 1, count)) % (truth.max() + 1)
    else:
        target[wrong] = most_like[truth[wrong]]
    return target, np.isin(np.arange(len(truth)), wrong)


def bench_label_errors(catalogue: Catalogue, seeds: int = 5) -> None:
    """Falsify a share of the labels, uniformly and between categories that are like each other, and look for
    them. `find_label_issues` gets the same probabilities."""
    from sklearn.metrics import average_precision_score

    _, truth = np.unique(catalogue.categories, return_inverse=True)
    views = catalogue.views
    assert views.text_vectors is not None
    assert views.picture_vectors is not None
    picture = Block(views.picture_vectors, views.has_picture, PICTURE_WEIGHT)
    joined = join_blocks([Block(views.text_vectors), picture])
    neighbours, cosines = NeighbourIndex(joined).of_all(10)
    clean = FusionClassifier().fit(views, truth).held_out_probabilities_
    mass = np.array([clean[truth == one].mean(axis=0) for one in range(truth.max() + 1)])
    np.fill_diagonal(mass, -1.0)
    kinds = (("uniform", None, (0.90, 0.92)), ("confusable", mass.argmax(axis=1), (0.87, 0.90)))
    for kind, most_like, bars in kinds:
        for share, bar in zip((0.05, 0.10), bars, strict=True):
            hits, theirs, precision, name = [], [], [], ""
            for seed in range(seeds):
                target, is_wrong = falsified(truth, share, most_like, seed)
                count = int(is_wrong.sum())
                probabilities = doubting_probabilities(views, target)
                found = find_label_errors(probabilities, target, neighbours, cosines)
                hits.append(is_wrong[found.rank[:count]].mean())
                precision.append(average_precision_score(is_wrong, found.score))
                name, rank = issues_rank(probabilities, target)
                theirs.append(is_wrong[rank[:count]].mean())
            title = f"{kind}, {share:.0%} falsified"
            aside = f"{name} {np.mean(theirs):.4f}"
            show(f"wrong ones among the first k, {title}", hits, f">= {bar}", aside)
            show(f"the same, least over {name}", np.min(np.subtract(hits, theirs)), ">= 0.0")
            show(f"average precision, {title}", precision, ">= 0.92")


def main() -> None:
    """Print the table."""
    materials = real_products()
    if materials is None:
        print("The real products are not beside this checkout: nothing is measured.")
        return
    catalogue = read_catalogue(materials)
    families = find_families(catalogue.family_texts)
    print(f"{len(catalogue.views)} products, {families.max() + 1} families; mean ± standard deviation")
    bench_classifier(catalogue, families)
    bench_label_errors(catalogue)


if __name__ == "__main__":
    main()
