"""Queues of a project: which products to look at, in which order, and why."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from prodlabel.core.edits import Because
from prodlabel.core.labels import NO_CATEGORY, Status
from prodlabel.core.progress import Progress
from prodlabel.learning.queues.registry import QueueKind, queue_kind
from prodlabel.learning.queues.scene import Queue, Scene
from prodlabel.operations.materials import Materials, need_products
from prodlabel.operations.neighbours import shared_index
from prodlabel.operations.people import compare_people
from prodlabel.operations.spaces import FUSED
from prodlabel.operations.suggest import Suggestions, joined_vectors
from prodlabel.operations.train import labels_at
from prodlabel.store.opinions import Opinions

NEIGHBOURS_LOOKED_AT = 3
JUDGING = (int(Status.CONFIRMED), int(Status.ACCEPTED), int(Status.REJECTED))
"""Statuses of decisions that judge a label: whoever flags it has not."""
MOST_PROPOSED = 1_000
"""Of so many near products a batch is made: others are taken already, or suggested otherwise."""
MOST_GAPS = 8
"""Up to so many numbers for each product that is there, a table of all numbers is small enough."""


@dataclass(frozen=True, slots=True)
class QueueSettings:
    """`person`: who asks. `since_edit`: what came after it is new. `noise`: estimated share of wrong labels.
    `level`: of the taxonomy, as the suggestions have it."""

    person: str
    since_edit: int = 0
    noise: float = 0.01
    level: int = 1
    seed: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class QueueOutcome:
    """`product_id` (m,) in the order in which to look, `batch` (m,) numbers of batches, `reason` of each."""

    kind: QueueKind
    product_id: NDArray[np.int64]
    batch: NDArray[np.int64]
    queue: Queue

    def __len__(self) -> int:
        return len(self.product_id)

    def reason(self, at: int) -> str:
        """Why the product at this place is in the queue."""
        return self.queue.reason(int(self.queue.rows[at]))

    def errors_left(self, after: int = 0) -> float:
        """How many finds are to be expected beyond the first `after` products."""
        return self.queue.errors_left(after)

    def because(self) -> Because:
        """What a decision made in this queue tells the ledger."""
        return Because(f"queue: {self.kind.title}", details={"queue": self.kind.name, **self.kind.details})


def make_scene(
    materials: Materials, suggestions: Suggestions | None, settings: QueueSettings, progress: Progress
) -> Scene:
    """What all queues are made from; cheap but for the vectors, which are made once."""
    need_products(materials.snapshot)
    snapshot, columns = materials.snapshot, materials.snapshot.columns
    count = len(columns)
    label = labels_at(materials, settings.level)
    best, confidence, sides = _suggested(suggestions, columns.product_id)
    with snapshot.reader() as reader:
        opinions, added = reader.opinions(), reader.added_edits()
    table = snapshot.taxonomy.at_level(settings.level)
    views = _Views(opinions, columns.product_id, table)
    colleague, colleague_name = views.of_colleagues(label, settings.person)
    is_own = views.is_own(settings.person)
    is_decided = columns.status == int(Status.CONFIRMED)  # suggestions accepted in bulk are nobody's word
    return Scene(
        columns.product_id,
        best,
        confidence,
        len(np.unique(label[label != NO_CATEGORY])),
        label,
        is_decided,
        columns.status == int(Status.FLAGGED),
        added > settings.since_edit if settings.since_edit else np.zeros(count, dtype=bool),
        is_own & (columns.status == int(Status.CONFIRMED)),
        sides[0],
        sides[1],
        sides[2],
        sides[3],
        _support(suggestions, columns.product_id, label),
        colleague,
        colleague_name,
        settings.noise,
        {category.id: category.name for category in snapshot.taxonomy.by_id.values()},
        joined_vectors(materials, progress),
        settings.seed,
        *_own_state(suggestions, columns.product_id),
        _propose(materials, progress),
        views.was_asked(opinions.is_blind, settings.person),
        views.was_asked(opinions.is_random),
    )


def _propose(materials: Materials, progress: Progress) -> Callable[[int], NDArray[np.int64]] | None:
    """What may be near to a product of a large catalogue, by its index."""
    index = shared_index(materials, FUSED, progress)
    if index is None:
        return None

    def propose(row: int) -> NDArray[np.int64]:
        found = index.proposals.near_rows(np.array([row]), MOST_PROPOSED)[0]
        return np.asarray(found[found >= 0])

    return propose


def make_queue(scene: Scene, name: str) -> QueueOutcome:
    """The queue of this name. Raises `InputError` for a name that is none."""
    kind = queue_kind(name)
    queue = kind.make(scene)
    product_id = np.asarray(scene.product_id[queue.rows], dtype=np.int64)
    return QueueOutcome(kind, product_id, np.asarray(queue.batch, dtype=np.int64), queue)


@dataclass(frozen=True, slots=True)
class Asked:
    """Of so many products that were asked for once more, how many got the same category."""

    asked: int
    same: int

    @property
    def share(self) -> float:
        return self.same / self.asked if self.asked else float("nan")


def own_agreement(materials: Materials, person: str, level: int) -> Asked:
    """How often a person said the same again without seeing it, at a level of the taxonomy: from the blind
    decisions in the ledger."""
    opinions = _opinions(materials)
    own = opinions.people.index(person) if person in opinions.people else -1
    return _asked(materials, opinions, opinions.is_blind & (opinions.person == own), level)


def random_checked(materials: Materials, level: int) -> Asked:
    """How many labels that were drawn at random were right at a level: from everybody's decisions."""
    opinions = _opinions(materials)
    return _asked(materials, opinions, opinions.is_random, level)


def _opinions(materials: Materials) -> Opinions:
    with materials.snapshot.reader() as reader:
        return reader.opinions()


def _asked(materials: Materials, opinions: Opinions, is_meant: NDArray[np.bool_], level: int) -> Asked:
    is_meant = is_meant & np.isin(opinions.status, JUDGING)
    table = materials.snapshot.taxonomy.at_level(level)
    product_id, first = np.unique(opinions.product_id[is_meant], return_index=True)
    said, before = (table[one[is_meant][first]] for one in (opinions.category, opinions.old_category))
    is_same = (said == before) & (opinions.status[is_meant][first] != int(Status.REJECTED))
    return Asked(len(product_id), int(np.count_nonzero(is_same)))


def _suggested(
    suggestions: Suggestions | None, product_id: NDArray[np.int64]
) -> tuple[NDArray[Any], NDArray[Any], list[NDArray[Any]]]:
    """Alternatives, confidences and what text and picture say, per row; nothing for products without."""
    count = len(product_id)
    if suggestions is None or not len(suggestions.product_id):
        nothing: list[NDArray[Any]] = [np.zeros(count, np.int32), np.zeros(count), np.zeros(count, np.int32)]
        return np.zeros((count, 0), np.int32), np.zeros((count, 0)), [*nothing, np.zeros(count)]
    at, known = _places(suggestions.product_id, product_id)
    best = np.where(known[:, None], suggestions.category[at], NO_CATEGORY)
    confidence = np.where(known[:, None], suggestions.confidence[at], 0.0)
    sides = (
        *(suggestions.text_category, suggestions.text_confidence),
        *(suggestions.picture_category, suggestions.picture_confidence),
    )
    return best, confidence, [np.where(known, one[at], 0) for one in sides]


def _own_state(
    suggestions: Suggestions | None, product_id: NDArray[np.int64]
) -> tuple[NDArray[np.uint8], NDArray[np.float64]]:
    """(n,) what is wrong with each product itself, and how near its nearest labelled ones are."""
    trouble, nearness = np.zeros(len(product_id), np.uint8), np.zeros(len(product_id))
    if suggestions is not None and len(suggestions.product_id):
        at, known = _places(suggestions.product_id, product_id)
        trouble[known] = suggestions.trouble[at[known]]
        nearness[known] = suggestions.similarity[at[known]].mean(axis=1)
    return trouble, nearness


def _places(held: NDArray[np.int64], wanted: NDArray[np.int64]) -> tuple[NDArray[Any], NDArray[Any]]:
    """Where each wanted id stands among the held ones (ascending), and whether it does."""
    first, span = int(held[0]), int(held[-1] - held[0]) + 1
    if span > len(held) * MOST_GAPS:
        at = np.minimum(np.searchsorted(held, wanted), len(held) - 1)
        return at, held[at] == wanted
    # Looked up at once: halving steps through a million ids miss the processor's caches a dozen times each.
    table = np.zeros(span, np.int32)
    table[held - first] = np.arange(len(held), dtype=np.int32)
    at = np.take(table, wanted - first, mode="clip")
    return at, held[at] == wanted


def _support(
    suggestions: Suggestions | None, product_id: NDArray[np.int64], label: NDArray[np.int32]
) -> NDArray[np.float64]:
    """(n,) share of the nearest labelled products with the same label as now."""
    if suggestions is None or not len(suggestions.product_id):
        return np.ones(len(product_id))
    at, known = _places(suggestions.product_id, product_id)
    neighbour = suggestions.neighbour[at][:, :NEIGHBOURS_LOOKED_AT]
    row, is_here = _places(product_id, neighbour.ravel())
    row, is_here = row.reshape(neighbour.shape), is_here.reshape(neighbour.shape) & (neighbour > 0)
    is_same = is_here & (label[row] == label[:, None])
    share = is_same.sum(axis=1) / np.maximum(is_here.sum(axis=1), 1)
    return np.where(known & is_here.any(axis=1), share, 1.0)


class _Views:
    """What persons decided, by row; `table`: category -> its ancestor at the level of the queues."""

    def __init__(self, opinions: Opinions, product_id: NDArray[np.int64], table: NDArray[np.int32]) -> None:
        self._opinions, self._product_id, self._table = opinions, product_id, table
        self._row, self._is_here = np.empty(0, dtype=np.int64), np.zeros(0, dtype=bool)
        if len(opinions.product_id) and len(product_id):
            self._row, self._is_here = _places(product_id, opinions.product_id)

    def is_own(self, person: str) -> NDArray[np.bool_]:
        """(n,) whether the last decision was this person's."""
        last = np.full(len(self._product_id), -1, dtype=np.int64)
        last[self._row[self._is_here]] = self._opinions.person[self._is_here]  # oldest first
        people = self._opinions.people
        return np.asarray(last == people.index(person)) if person in people else last < -1

    def was_asked(self, is_meant: NDArray[np.bool_], person: str = "") -> NDArray[np.bool_]:
        """(n,) whether such a decision was made, by this person where one is given."""
        asked = np.zeros(len(self._product_id), dtype=bool)
        people = self._opinions.people
        if person:
            own = people.index(person) if person in people else -1
            is_meant = is_meant & (self._opinions.person == own)
        asked[self._row[is_meant & self._is_here]] = True
        return asked

    def of_colleagues(self, label: NDArray[np.int32], person: str) -> tuple[NDArray[np.int32], NDArray[Any]]:
        """(n,) the category that somebody gave otherwise than the label is, and who: of the disagreements
        that nobody has settled. Another than `person`, if there is one."""
        colleague = np.full(len(label), NO_CATEGORY, dtype=np.int32)
        name = np.full(len(label), "", dtype=object)
        for one in compare_people(self._opinions).open:
            row, is_here = _places(self._product_id, np.array([one.product_id]))
            views = sorted(one.views, key=lambda view: view[0] == person)
            others = [(who, at) for who, given in views if (at := int(self._table[given])) != label[row[0]]]
            if is_here[0] and others:
                name[row[0]], colleague[row[0]] = others[0]
        return colleague, name
