"""Suggest: for each product the best categories, how sure the classifier is, and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from prodlabel.analysis.blocks import Block as WeightedBlock
from prodlabel.analysis.blocks import join_blocks
from prodlabel.analysis.neighbours import NeighbourIndex
from prodlabel.core.errors import NotReadyError
from prodlabel.core.progress import Progress
from prodlabel.learning.features import Views
from prodlabel.operations.layout import PICTURE_WEIGHT
from prodlabel.operations.materials import Materials, need_products
from prodlabel.operations.train import FUSION, classifier_folder, make_views
from prodlabel.project.project import Project
from prodlabel.project.results import CLASSIFIER, SUGGESTIONS, ResultInfo

if TYPE_CHECKING:
    from prodlabel.learning.fusion import FusionClassifier

ALTERNATIVES = 5
WORDS = 5
NEIGHBOURS = 3


@dataclass(frozen=True, slots=True, eq=False)
class Suggestions:
    """Columns, one entry per product, ordered by product id.

    `category` int32 (n, k) best first, `confidence` float32 (n, k) calibrated; `is_sure` (n,) whether the
    best reaches its category's threshold; `words` (n, 5) and `weight` (n, 5) what speaks for the best;
    `neighbour` int64 (n, 3) ids of the nearest labelled products (0: none) and their `similarity`;
    `text_share` float32 (n,) how much of the evidence is text, the rest is picture.
    """

    product_id: NDArray[np.int64]
    category: NDArray[np.int32]
    confidence: NDArray[np.float32]
    is_sure: NDArray[np.bool_]
    words: NDArray[np.str_]
    weight: NDArray[np.float32]
    neighbour: NDArray[np.int64]
    similarity: NDArray[np.float32]
    text_share: NDArray[np.float32]

    def arrays(self) -> dict[str, NDArray[Any]]:
        """What is kept of it."""
        return {name: getattr(self, name) for name in self.__slots__}

    @classmethod
    def from_arrays(cls, arrays: dict[str, NDArray[Any]]) -> Suggestions:
        """The suggestions as they were kept."""
        return cls(**{name: arrays[name] for name in cls.__slots__})


@dataclass(frozen=True, slots=True, eq=False)
class ClassifierInUse:
    """The version that suggests: its number, the classifier and its thresholds."""

    number: int
    classifier: FusionClassifier
    thresholds: NDArray[np.float64]
    info: ResultInfo


def classifier_in_use(project: Project) -> ClassifierInUse:
    """The version in use. Raises `NotReadyError` before the first training."""
    from prodlabel.learning.saving import load_classifier

    info = project.results.current(CLASSIFIER, FUSION)
    if info is None:
        raise NotReadyError("There is no trained classifier yet. Run `prodlabel train` first.")
    classifier = load_classifier(classifier_folder(project.folder, dict(info.settings)))
    return ClassifierInUse(info.id, classifier, project.results.load(info)["thresholds"], info)


def suggest(materials: Materials, version: ClassifierInUse, progress: Progress) -> Suggestions:
    """Suggestions for all rows. Reasons are made for every product: about 1 ms each."""
    need_products(materials.snapshot)
    classifier = version.classifier
    views = make_views(materials, progress)
    with progress.stage("Suggesting", 1, "steps"):
        probabilities = classifier.predict_proba(views)
        progress.advance()
    few = min(ALTERNATIVES, probabilities.shape[1])
    order = np.argsort(-probabilities, axis=1, kind="stable")[:, :few]
    confidence = np.take_along_axis(probabilities, order, axis=1)
    words, weight, text_share = _reasons(classifier, views, order[:, 0], progress)
    neighbour, similarity = _nearest_labelled(materials, progress)
    return Suggestions(
        materials.snapshot.columns.product_id,
        np.asarray(classifier.classes_)[order].astype(np.int32),
        confidence.astype(np.float32),
        confidence[:, 0] >= version.thresholds[order[:, 0]],
        words,
        weight,
        neighbour,
        similarity,
        text_share,
    )


def keep(project: Project, suggestions: Suggestions, version: ClassifierInUse) -> int:
    """Make these the suggestions in use."""
    return project.results.save(
        SUGGESTIONS, FUSION, suggestions.arrays(), settings={"classifier_version": version.number}
    )


def suggestions_in_use(project: Project) -> tuple[Suggestions, int] | None:
    """The suggestions in use and the version of the classifier that made them, or None."""
    info = project.results.current(SUGGESTIONS, FUSION)
    if info is None:
        return None
    return Suggestions.from_arrays(project.results.load(info)), int(info.settings["classifier_version"])


def _reasons(
    classifier: FusionClassifier, views: Views, best: NDArray[np.int64], progress: Progress
) -> tuple[NDArray[np.str_], NDArray[np.float32], NDArray[np.float32]]:
    from prodlabel.learning.reasons import explain

    count = len(views)
    words = np.zeros((count, WORDS), dtype="U32")
    weight = np.zeros((count, WORDS), dtype=np.float32)
    text_share = np.zeros(count, dtype=np.float32)
    with progress.stage("Finding reasons", count):
        for row in range(count):
            reasons = explain(classifier, views, row, classifier.classes_[best[row]], WORDS)
            for at, (word, value) in enumerate(reasons.words[:WORDS]):
                words[row, at], weight[row, at] = word, value
            text_share[row] = reasons.text_share
            progress.advance()
    return words, weight, text_share


def _nearest_labelled(
    materials: Materials, progress: Progress
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Ids (n, 3) of the nearest products with a trusted label, by text and picture together."""
    columns = materials.snapshot.columns
    neighbour = np.zeros((len(columns), NEIGHBOURS), dtype=np.int64)
    similarity = np.zeros((len(columns), NEIGHBOURS), dtype=np.float32)
    blocks = [WeightedBlock(b.vectors, b.is_present) for b in materials.text_blocks()]
    picture = materials.picture_block()
    if picture is not None:
        blocks.append(WeightedBlock(picture.vectors, picture.is_present, PICTURE_WEIGHT))
    labelled = np.flatnonzero(materials.trusted())
    if not blocks or not len(labelled):
        return neighbour, similarity
    vectors = join_blocks(blocks, 60, progress=progress)
    rows, cosines = NeighbourIndex(vectors[labelled]).query(vectors, NEIGHBOURS + 1, progress)
    own = np.where(rows >= 0, labelled[rows], -1) == np.arange(len(columns))[:, None]
    # A labelled product finds itself: it goes, and what is left keeps its order.
    rank = np.argsort(own, axis=1, kind="stable")[:, :NEIGHBOURS]
    rows, cosines = np.take_along_axis(rows, rank, 1), np.take_along_axis(cosines, rank, 1)
    found = columns.product_id[labelled][np.maximum(rows, 0)]
    neighbour[:], similarity[:] = np.where(rows >= 0, found, 0), np.maximum(cosines, 0)
    return neighbour, similarity
