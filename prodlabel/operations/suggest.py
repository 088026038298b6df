"""Suggest: for each product the best categories, how sure the classifier is, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from prodlabel.analysis.blocks import Block as WeightedBlock
from prodlabel.analysis.blocks import join_blocks
from prodlabel.analysis.neighbours import NeighbourIndex
from prodlabel.core.errors import NotReadyError
from prodlabel.core.progress import Progress
from prodlabel.learning.features import PICTURE as PICTURE_EXPERT
from prodlabel.learning.features import TEXT as TEXT_EXPERT
from prodlabel.learning.features import WORDS as WORDS_EXPERT
from prodlabel.learning.features import Views
from prodlabel.operations.levels import Backoff, make_backoff
from prodlabel.operations.materials import Materials, need_products
from prodlabel.operations.neighbours import shared_index
from prodlabel.operations.spaces import FUSED, PICTURE_WEIGHT
from prodlabel.operations.train import (
    DEFAULT_PRECISION,
    FUSION,
    classifier_folder,
    labels_at,
)
from prodlabel.operations.troubles import find_troubles
from prodlabel.operations.truth import choose_truth
from prodlabel.operations.views import views_for
from prodlabel.project.project import Project
from prodlabel.project.results import CLASSIFIER, SUGGESTIONS, ResultInfo, load_result

if TYPE_CHECKING:
    from prodlabel.learning.saving import AnyClassifier

CLASSIFIER_SAYS, NAMES = "classifier", "names"
ALTERNATIVES = 5
JOINED = 60
"""Principal axes of each block that neighbours are looked for in."""
WORDS = 5
NEIGHBOURS = 3
_LATER = {"family", "trouble"}
"""What suggestions of an older prodlabel may lack."""
BATCH = 4_000
"""Products suggested for at a time: bounds memory, and lets a cancel through."""


@dataclass(frozen=True, slots=True, eq=False)
class Suggestions:
    """Columns, one entry per product, ordered by product id.

    `category` int32 (n, k) best first, `confidence` float32 (n, k) calibrated; `is_sure` (n,) whether the
    best reaches its category's threshold; `words` (n, 5) and `weight` (n, 5) what speaks for the best;
    `neighbour` int64 (n, 3) ids of the nearest labelled products (0: none) and their `similarity`;
    `sure_category` int32 (n,): the deepest category that is sure, the best one or one above it (0: none);
    `text_share` float32 (n,) how much of the evidence is text, the rest is picture. `text_category` and
    `picture_category` int32 (n,): what each alone would suggest (0: nothing), with confidences. `source`
    (1,): "classifier", or "names" before there are labels enough to train one. `family` int64 (n,): products
    of one number are nearly the same article. `trouble` uint8 (n,): what is wrong with the product itself.
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
    text_category: NDArray[np.int32]
    text_confidence: NDArray[np.float32]
    picture_category: NDArray[np.int32]
    picture_confidence: NDArray[np.float32]
    sure_category: NDArray[np.int32]
    source: NDArray[np.str_]
    family: NDArray[np.int64]
    trouble: NDArray[np.uint8]

    def arrays(self) -> dict[str, NDArray[Any]]:
        """What is kept of it."""
        return {name: getattr(self, name) for name in self.__slots__}

    @classmethod
    def from_arrays(cls, arrays: dict[str, NDArray[Any]]) -> Suggestions:
        """The suggestions as they were kept."""
        count = len(arrays["product_id"])
        alone: dict[str, NDArray[Any]] = {
            "family": np.arange(count),
            "trouble": np.zeros(count, dtype=np.uint8),
        }
        return cls(**{name: (alone | arrays)[name] for name in cls.__slots__})

    @classmethod
    def from_kept(cls, arrays: dict[str, NDArray[Any]]) -> Suggestions | None:
        """The same, or None where an older prodlabel kept them with less: they have to be made again."""
        return cls.from_arrays(arrays) if set(cls.__slots__) - _LATER <= set(arrays) else None


@dataclass(frozen=True, slots=True, eq=False)
class ClassifierInUse:
    """The version that suggests: its number, the classifier, its thresholds, and the ids of the products
    whose labels taught it (in the order of its held-out probabilities)."""

    number: int
    classifier: AnyClassifier
    thresholds: NDArray[np.float64]
    trained_on: NDArray[np.int64]
    info: ResultInfo


def classifier_in_use(project: Project) -> ClassifierInUse:
    """The version in use. Raises `NotReadyError` before the first training."""
    info = project.results.current(CLASSIFIER, FUSION)
    if info is None:
        raise NotReadyError("There is no trained classifier yet. Run `prodlabel train` first.")
    return load_version(project.folder, info)


def load_version(folder: Path, info: ResultInfo) -> ClassifierInUse:
    """A version as it was kept in the project in `folder`; safe from any thread. Raises `InputError` where
    its files are damaged or of an older format."""
    from prodlabel.learning.saving import load_classifier

    classifier = load_classifier(classifier_folder(folder, info))
    held = load_result(folder, info)
    trained_on = held.get("trained_on", np.zeros(0, dtype=np.int64))
    return ClassifierInUse(info.id, classifier, held["thresholds"], trained_on, info)


def suggest(materials: Materials, version: ClassifierInUse, progress: Progress) -> Suggestions:
    """Suggestions for all rows, with the reasons. About 0.2 ms a product.

    A product whose label taught the classifier gets what a classifier without it would have said: otherwise
    a wrong label would confirm itself.
    """
    need_products(materials.snapshot)
    views = views_for(materials, version.classifier, progress)
    neighbour, similarity = nearest_labelled(materials, progress)
    count, few = len(views), min(ALTERNATIVES, len(version.classifier.classes_))
    best = np.zeros((count, few), dtype=np.int32)
    confidence = np.zeros((count, few), dtype=np.float32)
    words = np.zeros((count, WORDS), dtype="U32")
    weight = np.zeros((count, WORDS), dtype=np.float32)
    text_share = np.zeros(count, dtype=np.float32)
    alone = {name: (np.zeros(count, np.int32), np.zeros(count, np.float32)) for name in ("text", "picture")}
    sure = np.zeros(count, dtype=np.int32)
    held_out = held_out_rows(version, materials.snapshot.columns.product_id)
    backoff = _backoff(materials, version, held_out)
    with progress.stage("Suggesting", count):
        for start in range(0, count, BATCH):
            rows = np.arange(start, min(start + BATCH, count))
            part = _suggest_some(version.classifier, views.take(rows), held_out[rows], few)
            sure[rows] = _sure(backoff, version, part)
            best[rows], confidence[rows] = part.order, part.confidence
            words[rows], weight[rows], text_share[rows] = part.words, part.weight, part.text_share
            for name, (category, confident) in part.alone.items():
                alone[name][0][rows], alone[name][1][rows] = category, confident
            progress.advance(len(rows))
    return Suggestions(
        materials.snapshot.columns.product_id,
        np.asarray(version.classifier.classes_)[best].astype(np.int32),
        confidence,
        confidence[:, 0] >= version.thresholds[best[:, 0]],
        words,
        weight,
        neighbour,
        similarity,
        text_share,
        *alone["text"],
        *alone["picture"],
        sure,
        np.array([CLASSIFIER_SAYS]),
        materials.families(progress),
        find_troubles(materials, progress),
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Part:
    order: NDArray[np.int64]
    probabilities: NDArray[Any]
    confidence: NDArray[Any]
    words: NDArray[np.str_]
    weight: NDArray[Any]
    text_share: NDArray[Any]
    alone: dict[str, tuple[NDArray[Any], NDArray[Any]]]


def _suggest_some(classifier: AnyClassifier, views: Views, held_out: NDArray[np.int64], few: int) -> _Part:
    from prodlabel.learning.reasons import explain_many

    scores = classifier.scores(views)
    probabilities = classifier.combine(scores, len(views))
    taught = held_out >= 0
    probabilities[taught] = classifier.held_out_probabilities_[held_out[taught]]
    order = np.argsort(-probabilities, axis=1, kind="stable")[:, :few]
    reasons = explain_many(classifier, views, order[:, 0], WORDS, scores)
    terms = np.array([*reasons.terms, ""], dtype="U32")
    confidence = np.take_along_axis(probabilities, order, axis=1)
    alone = {
        "text": _alone(classifier, scores, (WORDS_EXPERT, TEXT_EXPERT), len(views)),
        "picture": _alone(classifier, scores, (PICTURE_EXPERT,), len(views)),
    }
    return _Part(
        order, probabilities, confidence, terms[reasons.term], reasons.weight, reasons.text_share, alone
    )


def _backoff(materials: Materials, version: ClassifierInUse, held_out: NDArray[np.int64]) -> Backoff | None:
    """How to back off along the taxonomy; None for a classifier of the first level, or where products that
    taught it are gone."""
    level = int(version.info.settings.get("level", 1))
    rows = np.flatnonzero(held_out >= 0)
    if level < 2 or len(rows) != len(version.trained_on) or not len(rows):
        return None
    rows = rows[np.argsort(held_out[rows])]
    snapshot = materials.snapshot
    return make_backoff(
        version.classifier,
        snapshot.taxonomy,
        labels_at(materials, level)[rows],
        choose_truth(materials, rows),
        level=level,
        precision=float(version.info.settings.get("precision", DEFAULT_PRECISION)),
    )


def _sure(backoff: Backoff | None, version: ClassifierInUse, part: _Part) -> NDArray[Any]:
    if backoff is not None:
        return backoff.sure_category(part.probabilities)
    best = part.order[:, 0]
    is_sure = part.confidence[:, 0] >= version.thresholds[best]
    return np.where(is_sure, np.asarray(version.classifier.classes_)[best], 0)


def _alone(
    classifier: AnyClassifier, scores: Mapping[str, tuple[Any, Any]], experts: tuple[str, ...], count: int
) -> tuple[NDArray[Any], NDArray[Any]]:
    """What some experts would suggest without the others, and how sure they are; 0 where they are silent."""
    chosen = {name: held for name, held in scores.items() if name in experts}
    if not chosen:
        return np.zeros(count, np.int32), np.zeros(count, np.float32)
    is_present = np.logical_or.reduce([present for _, present in chosen.values()])
    probabilities = classifier.combine(chosen, count)
    category = np.asarray(classifier.classes_)[probabilities.argmax(axis=1)]
    return np.where(is_present, category, 0), np.where(is_present, probabilities.max(axis=1), 0.0)


def held_out_rows(version: ClassifierInUse, product_id: NDArray[np.int64]) -> NDArray[np.int64]:
    """(n,) where the held-out probabilities of each product stand, -1 where its label taught nothing."""
    taught = version.trained_on
    if not len(taught) or len(taught) != len(version.classifier.held_out_probabilities_):
        return np.full(len(product_id), -1, dtype=np.int64)
    order = np.argsort(taught, kind="stable")
    at = np.minimum(np.searchsorted(taught[order], product_id), len(taught) - 1)
    return np.where(taught[order][at] == product_id, order[at], -1)


def keep(project: Project, suggestions: Suggestions, version: ClassifierInUse | None) -> int:
    """Make these the suggestions in use; `version` None: they came from names, not from a classifier."""
    settings = {
        "classifier_version": 0 if version is None else version.number,
        "source": str(suggestions.source[0]),
    }
    return project.results.save(SUGGESTIONS, FUSION, suggestions.arrays(), settings=settings)


def suggestions_in_use(project: Project) -> tuple[Suggestions, int] | None:
    """The suggestions in use and the version of the classifier that made them (0: names did), or None."""
    info = project.results.current(SUGGESTIONS, FUSION)
    if info is None:
        return None
    found = Suggestions.from_kept(project.results.load(info))
    return None if found is None else (found, int(info.settings["classifier_version"]))


def joined_vectors(materials: Materials, progress: Progress) -> NDArray[np.float32] | None:
    """(n, d) text and picture together, as neighbours are looked for; None where nothing is encoded."""

    def make() -> NDArray[np.float32] | None:
        blocks = [WeightedBlock(b.vectors, b.is_present) for b in materials.text_blocks()]
        picture = materials.picture_block()
        if picture is not None:
            blocks.append(WeightedBlock(picture.vectors, picture.is_present, PICTURE_WEIGHT))
        return join_blocks(blocks, JOINED, progress=progress).astype(np.float32) if blocks else None

    return materials.once("joined", make)


def nearest_of_all(
    materials: Materials, k: int, progress: Progress
) -> tuple[NDArray[Any], NDArray[Any]] | None:
    """Rows (n, k) of the nearest products of each, by text and picture together, and their cosines; None
    where nothing is encoded."""
    vectors = joined_vectors(materials, progress)
    if vectors is None:
        return None

    def make() -> tuple[NDArray[Any], NDArray[Any]]:
        index = shared_index(materials, FUSED, progress)
        if index is None:
            return NeighbourIndex(vectors).of_all(k, progress)
        return index.proposals.of_all(vectors, k, progress)

    return materials.once(("nearest", k), make)


def nearest_labelled(
    materials: Materials, progress: Progress
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Ids (n, 3) of the nearest products with a trusted label, by text and picture together."""
    columns = materials.snapshot.columns
    neighbour = np.zeros((len(columns), NEIGHBOURS), dtype=np.int64)
    similarity = np.zeros((len(columns), NEIGHBOURS), dtype=np.float32)
    labelled = np.flatnonzero(materials.trusted())
    vectors = joined_vectors(materials, progress)
    if vectors is None or not len(labelled):
        return neighbour, similarity
    index = shared_index(materials, FUSED, progress)
    if index is not None:
        everyone = np.arange(len(columns))
        rows, cosines = index.proposals.among(vectors, everyone, materials.trusted(), NEIGHBOURS, progress)
        neighbour[:] = np.where(rows >= 0, columns.product_id[np.maximum(rows, 0)], 0)
        similarity[:] = np.maximum(cosines, 0)
        return neighbour, similarity
    rows, cosines = NeighbourIndex(vectors[labelled]).query(vectors, NEIGHBOURS + 1, progress)
    own = np.where(rows >= 0, labelled[rows], -1) == np.arange(len(columns))[:, None]
    # A labelled product finds itself: it goes, and what is left keeps its order.
    rank = np.argsort(own, axis=1, kind="stable")[:, :NEIGHBOURS]
    rows, cosines = np.take_along_axis(rows, rank, 1), np.take_along_axis(cosines, rank, 1)
    found = columns.product_id[labelled][np.maximum(rows, 0)]
    neighbour[:], similarity[:] = np.where(rows >= 0, found, 0), np.maximum(cosines, 0)
    return neighbour, similarity
