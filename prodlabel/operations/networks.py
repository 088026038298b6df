"""Train a network: gather pictures and texts, make the maps it learns from, train on folds and on everything.

Stopped at any moment, also by a kill, the next training with the same labels and settings goes on where this
one was.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from concurrent.futures import Future
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from prodlabel.core.errors import NotReadyError, WeightsMissingError
from prodlabel.core.progress import Progress
from prodlabel.core.rows import side_by_side
from prodlabel.encoders.text import use4
from prodlabel.learning.networks.plan import JOINT_USE, NetworkSettings, what_is_missing
from prodlabel.operations.child import run_in_child
from prodlabel.operations.encode import encode
from prodlabel.operations.materials import Materials, need_products
from prodlabel.operations.pictures import picture_loader
from prodlabel.operations.train import (
    MOST_TAUGHT,
    TrainOutcome,
    TrainSettings,
    draw_per_category,
    labels_at,
    summarise,
    taught_rows,
    thresholds_of,
)
from prodlabel.operations.truth import choose_truth
from prodlabel.operations.views import network_pictures, network_texts, text_blocks
from prodlabel.project.snapshot import Snapshot
from prodlabel.store.atomic import read_json, write_json

if TYPE_CHECKING:
    from prodlabel.learning.networks.lessons import Lessons

WORK_FOLDER = "classifiers/under-way"
TEXT_ENCODERS = ("minilm", "use")
"""Whose vectors the text branch learns from, as far as they are there."""
SIDE_PX = 256
MOST_MAPS = 40_000
"""Of a large catalogue each picture is altered less often, so that the maps take at most about 1 GB."""
_AT_ONCE = 4


def train_network(
    materials: Materials, settings: TrainSettings, network: NetworkSettings, progress: Progress
) -> TrainOutcome:
    """A network trained on every trusted label, measured and calibrated as the fusion is.

    Raises `WeightsMissingError` without TensorFlow, `NotReadyError` where there is too little to learn from.
    """
    _need(network)
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")  # TensorFlow greets in red
    from prodlabel.encoders.image.lite0_layers import Lite0Layers
    from prodlabel.learning.networks.crossfit import crossfit, measure
    from prodlabel.learning.networks.keras_network import prepare
    from prodlabel.learning.saving import stamp_of

    settings.check()
    need_products(materials.snapshot)
    rows, encoders = _rows(materials, network, settings.level), _encoders(materials, network, progress)
    labels = labels_at(materials, settings.level)
    rows = rows[draw_per_category(labels[rows], MOST_TAUGHT, settings.seed)]
    labels = labels[rows]
    classes, target = np.unique(labels, return_inverse=True)
    network = _fitting(network, target, settings)
    families = materials.families(progress)[rows]
    taught = _Taught(rows, target, families, encoders)
    folder = _work_folder(materials, taught, network)
    layers = Lite0Layers(min(network.first_block, 15))
    lessons = _lessons(materials, taught, network, folder, layers, progress=progress)
    prepare()
    fitted = crossfit(
        lessons, classes, network, layers.tensors(), folder=folder, progress=progress, reader=_reader(network)
    )
    classifier = fitted.classifier
    classifier.text_encoders = encoders
    if fitted.tensors:
        classifier.picture_network = layers.with_tensors(fitted.tensors)
        classifier.stamp = stamp_of(classifier.picture_network)
    if fitted.text_tensors:
        classifier.text_network = _archive(fitted.text_tensors)
        classifier.text_stamp = stamp_of(classifier.text_network)
        classifier.text_base = use4.UniversalSentenceEncoder4().version
    # Now, while there is time: suggestions, and whoever compares versions, find these seen and read.
    network_pictures(materials, classifier, progress)
    network_texts(materials, classifier, progress)
    truth = choose_truth(materials, rows)
    thresholds = thresholds_of(classifier, labels, truth, settings.precision)
    weights = truth.weights(classifier.held_out_probabilities_.max(axis=1))
    evaluation = measure(fitted, labels, families, network, precision=settings.precision, measured=weights)
    shutil.rmtree(folder, ignore_errors=True)
    return TrainOutcome(
        classifier, thresholds, settings, summarise(evaluation, len(rows), truth), evaluation, rows, network
    )


def train_network_apart(
    materials: Materials, settings: TrainSettings, network: NetworkSettings, progress: Progress
) -> TrainOutcome:
    """`train_network` in a process of its own, which takes TensorFlow's memory with it when it ends.

    Raises what `train_network` raises, and `ProjectError` where that process was killed: what it had done is
    kept.
    """
    _need(network)
    encoders = materials.text_encoder, materials.picture_encoder
    outcome: TrainOutcome = run_in_child(
        _train_on, materials.snapshot, encoders, settings, network, progress=progress
    )
    return outcome


def _train_on(
    snapshot: Snapshot,
    encoders: tuple[str, str],
    settings: TrainSettings,
    network: NetworkSettings,
    progress: Progress,
) -> TrainOutcome:
    """What the process does."""
    materials = Materials(snapshot, text_encoder=encoders[0], picture_encoder=encoders[1])
    return train_network(materials, settings, network, progress)


def missing_for(network: NetworkSettings) -> str | None:
    """One line about what this machine needs before this network can be trained, or None."""
    return what_is_missing() or (use4.what_is_missing() if network.kind == JOINT_USE else None)


def _need(network: NetworkSettings) -> None:
    if missing := missing_for(network):
        raise WeightsMissingError(missing)


def is_under_way(folder: Path) -> bool:
    """Whether the project in `folder` keeps a training of a network that was stopped."""
    return any((folder / WORK_FOLDER).glob("*/*.npz"))


def _rows(materials: Materials, network: NetworkSettings, level: int) -> NDArray[np.int64]:
    """The products that teach: with a trusted label, and, for a network of pictures, a picture."""
    rows = taught_rows(materials, level)
    picture = materials.picture_block()
    if picture is None:
        raise NotReadyError("A network looks at pictures, and none is encoded. Run `prodlabel encode` first.")
    if not network.reads_texts:
        rows = rows[picture.is_present[rows]]
    return rows


def _reader(network: NetworkSettings) -> Any:
    """The encoder of texts that learns too, or None."""
    if network.kind != JOINT_USE:
        return None
    from prodlabel.encoders.text.saved_model import TrainedTexts

    return TrainedTexts(use4.UniversalSentenceEncoder4().folder)


def _archive(tensors: dict[str, NDArray[np.float32]]) -> bytes:
    """Arrays as the content of an .npz file."""
    content = BytesIO()
    np.savez(content, **tensors)  # type: ignore[arg-type]
    return content.getvalue()


def _encoders(materials: Materials, network: NetworkSettings, progress: Progress) -> tuple[str, ...]:
    if not network.reads_texts:
        return ()
    if network.kind == JOINT_USE:
        encode(materials.snapshot, (use4.UniversalSentenceEncoder4.id,), progress)
        return (use4.UniversalSentenceEncoder4.id,)
    wanted = dict.fromkeys((materials.text_encoder, *TEXT_ENCODERS))
    found = tuple(one for one in wanted if text_blocks(materials, (one,)))
    if not found:
        raise NotReadyError("Joint fusion needs texts, and none is encoded. Run `prodlabel encode` first.")
    return found


def _fitting(network: NetworkSettings, target: NDArray[Any], settings: TrainSettings) -> NetworkSettings:
    """The settings for these labels: no more folds than products in the smallest category."""
    smallest = int(np.bincount(target).min()) if len(target) else 0
    if smallest < 2 or int(target.max()) < 1:
        raise NotReadyError(
            "A network needs two categories or more with at least two products each. Label a few more."
        )
    return replace(network, folds=min(settings.folds, max(2, smallest)), seed=settings.seed)


@dataclass(frozen=True, slots=True, eq=False)
class _Taught:
    """The products that teach: rows, places of their categories, families, encoders of their texts."""

    rows: NDArray[np.int64]
    target: NDArray[Any]
    families: NDArray[np.int64]
    encoders: tuple[str, ...]


def _lessons(
    materials: Materials,
    taught: _Taught,
    network: NetworkSettings,
    folder: Path,
    layers: Any,
    *,
    progress: Progress,
) -> Lessons:
    from prodlabel.learning.networks.lessons import Lessons

    picture = materials.picture_block()
    assert picture is not None
    rows = taught.rows
    has_picture, blocks = picture.is_present[rows], text_blocks(materials, taught.encoders)
    variants = 1 + max(1, min(network.variants, MOST_MAPS // max(1, int(has_picture.sum())) - 1))
    maps = _Maps(folder, materials, rows[has_picture], variants, seed=network.seed)
    maps.make(layers, progress)
    phrases = None
    if network.kind == JOINT_USE:
        texts = materials.texts(progress)
        phrases = np.array([texts.field(block.field) for block in blocks], dtype=object).T[rows]
    return Lessons(
        taught.target,
        taught.families,
        int(taught.target.max()) + 1,
        side_by_side([block.vectors for block in blocks])[rows] if blocks else None,
        np.logical_or.reduce([np.zeros(len(rows), bool), *(block.is_present[rows] for block in blocks)]),
        maps.maps,
        np.asarray(maps.pooled),
        np.where(has_picture, np.cumsum(has_picture) - 1, -1),
        phrases,
    )


def _work_folder(materials: Materials, taught: _Taught, network: NetworkSettings) -> Path:
    """Where this training is under way; what other labels or settings left behind is removed."""
    columns = materials.snapshot.columns
    said = json.dumps([network.as_json(), taught.encoders]).encode()
    said += columns.product_id[taught.rows].tobytes() + np.asarray(taught.target, np.int64).tobytes()
    picture = materials.picture_block()
    if picture is not None:  # the maps hold these, one after the other
        said += picture.is_present[taught.rows].tobytes()
    name = hashlib.blake2b(said, digest_size=8).hexdigest()
    parent = materials.snapshot.folder / WORK_FOLDER
    for other in parent.glob("*"):
        if other.name != name:
            shutil.rmtree(other, ignore_errors=True)
    folder = parent / name
    folder.mkdir(parents=True, exist_ok=True)
    return folder


class _Maps:
    """`maps` (variants, m, h, w, c) and `pooled` (variants, m, 1280) on disk, filled picture by picture."""

    def __init__(
        self, folder: Path, materials: Materials, rows: NDArray[np.int64], variants: int, *, seed: int
    ) -> None:
        self._folder, self._rows, self._variants, self._seed = folder, rows, variants, seed
        self._load = picture_loader(materials.snapshot, SIDE_PX)

    def make(self, layers: Any, progress: Progress) -> None:
        """See every picture plain and altered; what a stopped run saw is not seen again."""
        blank = np.full((1, SIDE_PX, SIDE_PX, 3), 255, np.uint8)
        maps, pooled = layers.halfway(blank)
        count, done_file = len(self._rows), self._folder / "maps.json"
        done = int(read_json(done_file)) if done_file.is_file() else 0
        mode = "r+" if done else "w+"
        shape = (self._variants, count)
        self.maps = np.lib.format.open_memmap(
            self._folder / "maps.npy", mode, np.float16, (*shape, *maps.shape[1:])
        )
        self.pooled = np.lib.format.open_memmap(
            self._folder / "pooled.npy", mode, np.float32, (*shape, pooled.shape[1])
        )
        with progress.stage("Looking at altered pictures", count * self._variants, "pictures"):
            progress.skip(done * self._variants)
            for place, squares in self._squares(done):
                for start in range(0, self._variants, _AT_ONCE):
                    part = slice(start, start + _AT_ONCE)
                    self.maps[part, place], self.pooled[part, place] = layers.halfway(squares[part])
                    progress.advance(len(squares[part]))
                if place % 50 == 49 or place == count - 1:
                    self.maps.flush()
                    self.pooled.flush()
                    write_json(done_file, place + 1)

    def _squares(self, start: int) -> Iterator[tuple[int, NDArray[np.uint8]]]:
        """(place, all variants of a picture), made ahead by two threads."""
        from prodlabel.encoders.streaming import worker_threads

        with worker_threads(2, "alter") as pool:
            ahead: list[Future[NDArray[np.uint8]]] = []
            for place in range(start, len(self._rows)):
                while len(ahead) < 8 and place + len(ahead) < len(self._rows):
                    ahead.append(pool.submit(self._variants_of, place + len(ahead)))
                yield place, ahead.pop(0).result()

    def _variants_of(self, place: int) -> NDArray[np.uint8]:
        from prodlabel.encoders.image.crops import letterboxed
        from prodlabel.learning.networks.augment import altered

        row = int(self._rows[place])
        found: Any = self._load(row)
        white = np.full((SIDE_PX, SIDE_PX, 3), 255, np.uint8)
        plain = white if found is None else letterboxed(found, SIDE_PX)
        others = [altered(plain, (self._seed, row, variant)) for variant in range(1, self._variants)]
        return np.stack([plain, *others])
