"""First suggestions: before there are labels enough to train on, from the categories' names."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from prodlabel.core.errors import NotReadyError
from prodlabel.core.labels import NO_CATEGORY
from prodlabel.core.progress import Progress
from prodlabel.core.taxonomy import Category
from prodlabel.operations.materials import Materials, need_products
from prodlabel.operations.suggest import (
    ALTERNATIVES,
    NAMES,
    WORDS,
    Suggestions,
    nearest_labelled,
    nearest_of_all,
)
from prodlabel.operations.train import labels_at, taught_rows
from prodlabel.operations.troubles import find_troubles

FEW_PER_CATEGORY = 6
"""Below so many labels per category, names and neighbours are right more often than a trained classifier."""
MOST_WITHOUT = 3
"""So many categories without labels are waited for beside each that has some: of a taxonomy of thousands,
made for all the world, most are not for this catalogue."""
GRAPH_NEIGHBOURS = 15


def has_few_labels(materials: Materials, level: int) -> bool:
    """Whether there are too few labels for a classifier to be better than the names."""
    label = labels_at(materials, level)[taught_rows(materials, level)]
    label = label[label != NO_CATEGORY]
    taught = len(np.unique(label))
    wanted = min(len(categories_at(materials, level)), (1 + MOST_WITHOUT) * taught)
    return taught < 2 or len(label) < FEW_PER_CATEGORY * max(2, wanted)


def suggest_from_names(materials: Materials, level: int, progress: Progress) -> Suggestions:
    """Suggestions for all rows from category names, descriptions, and the few labels that there are.

    None of them counts as sure. Raises `NotReadyError` without two categories, or before texts are encoded.
    """
    need_products(materials.snapshot)
    categories = categories_at(materials, level)
    if len(categories) < 2:
        raise NotReadyError("There are no two categories to choose from yet. Make some, or import them.")
    ids = np.array([one.id for one in categories], dtype=np.int32)
    start = names_say(materials, categories)
    found = spread_names(materials, start, ids, level, progress)
    few = min(ALTERNATIVES, len(ids))
    order = np.argsort(-found, axis=1, kind="stable")[:, :few]
    count = len(start)
    neighbour, similarity = nearest_labelled(materials, progress)
    return Suggestions(
        materials.snapshot.columns.product_id,
        ids[order],
        np.take_along_axis(found, order, axis=1).astype(np.float32),
        np.zeros(count, dtype=bool),
        np.zeros((count, WORDS), dtype="U32"),
        np.zeros((count, WORDS), dtype=np.float32),
        neighbour,
        similarity,
        np.ones(count, dtype=np.float32),
        ids[start.argmax(axis=1)],
        start.max(axis=1).astype(np.float32),
        np.zeros(count, dtype=np.int32),
        np.zeros(count, dtype=np.float32),
        np.zeros(count, dtype=np.int32),
        np.array([NAMES]),
        materials.families(progress),
        find_troubles(materials, progress),
    )


def names_say(materials: Materials, categories: list[Category]) -> NDArray[np.float64]:
    """(n, categories) what names and descriptions of the categories say of each product's texts."""
    from prodlabel.learning.zero_shot import probabilities_from_names

    blocks = materials.text_blocks()
    if not blocks:
        raise NotReadyError("No text has a vector yet. Run `prodlabel encode` first.")
    encoder = materials.encoder(materials.text_encoder)
    vectors = np.asarray(encoder.encode([one.name for one in categories]), dtype=np.float64)
    described = [at for at, one in enumerate(categories) if one.description.strip()]
    if described:
        vectors[described] += encoder.encode([categories[at].description for at in described])
    found = probabilities_from_names(
        [(np.asarray(block.vectors), block.is_present) for block in blocks], vectors
    )
    return np.asarray(found, dtype=np.float64)


def spread_names(
    materials: Materials,
    start: NDArray[np.float64],
    ids: NDArray[np.int32],
    level: int,
    progress: Progress,
    *,
    with_labels: bool = True,
) -> NDArray[np.float64]:
    """(n, categories) what the names say (`start`, columns `ids`), spread to the nearest products, together
    with the labels that there are."""
    from prodlabel.learning.zero_shot import spread

    found = nearest_of_all(materials, GRAPH_NEIGHBOURS, progress)
    assert found is not None  # there is a text block
    neighbours, cosines = found
    if not with_labels:
        return np.asarray(spread(start, neighbours, cosines))
    label = labels_at(materials, level)
    rows = np.flatnonzero(materials.trusted() & np.isin(label, ids))
    return np.asarray(spread(start, neighbours, cosines, rows, np.searchsorted(ids, label[rows])))


def categories_at(materials: Materials, level: int) -> list[Category]:
    """Those that can be suggested at this level, by id: a branch that ends above it counts with its end."""
    taxonomy = materials.snapshot.taxonomy
    table = taxonomy.at_level(level)
    wanted = {int(table[one.id]) for one in taxonomy if taxonomy.level(one.id) == level}
    wanted |= {one.id for one in taxonomy if taxonomy.level(one.id) < level and not taxonomy.children(one.id)}
    return [taxonomy[one] for one in sorted(wanted) if one != NO_CATEGORY]
