"""The process that the kill tests kill: labels, imports or encodes until then, and says what is done.

Run as `python -m tests.project.killable MODE FOLDER SEED`; imports everything, says "ready", starts at a line
on stdin. Each line on stdout after that is an acknowledgement: what it names was committed before.
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from prodlabel.core.edits import KEEP, AddCategory, ImportBatch, Relabel
from prodlabel.core.labels import Status
from prodlabel.core.products import ProductRecord
from prodlabel.core.progress import Progress
from prodlabel.encoders import registry
from prodlabel.encoders.protocol import Kind
from prodlabel.operations.encode import encode
from prodlabel.project.project import Project

BATCH = 200
CATEGORIES = ("Cups", "Bags", "Lamps")


def record(number: int) -> ProductRecord:
    """A product that can be told from its number alone."""
    return ProductRecord(
        f"k{number}",
        f"thing {number}",
        f"A thing with the number {number}, of sort {number % 7}",
        (CATEGORIES[number % 3],),
        attributes={"sort": str(number % 7)},
    )


def batch(source_id: int, index: int) -> ImportBatch:
    """The products `index` * BATCH and following."""
    return ImportBatch(source_id, tuple(record(n) for n in range(index * BATCH, (index + 1) * BATCH)))


class TinyEncoder:
    """Encodes a text as numbers that can be told from it; writes down each text before it is encoded."""

    id = "tiny"
    title = "Tiny"
    kind = Kind.TEXT
    dim = 8
    wanted_side_px = 0
    batch_budget = 4
    version = "1"

    def __init__(self, log: Path) -> None:
        self._log = log

    def cost(self, item: str) -> int:
        return 1

    def encode(self, items: Sequence[str]) -> NDArray[np.float32]:
        with self._log.open("a", encoding="utf-8") as file:
            file.writelines(f"{item}\n" for item in items)
        time.sleep(0.004 * len(items))  # as slow as a real one
        return vectors_of(items)


def vectors_of(items: Sequence[str]) -> NDArray[np.float32]:
    """(n, 8) the vector of each text."""
    rows = [[len(item), *item.encode()[-7:].rjust(7)] for item in items]
    return np.array(rows, np.float32).reshape(-1, TinyEncoder.dim)


def use_tiny_encoder(log: Path) -> None:
    """Make `tiny` an encoder that the registry knows, in this process."""
    registry.ENTRIES += (registry.Entry("tiny", "Tiny", Kind.TEXT, registry.Scope.ITEM, "none:none"),)
    made = registry.encoder_class

    def encoder_class(encoder_id: str) -> object:
        return (lambda: TinyEncoder(log)) if encoder_id == "tiny" else made(encoder_id)

    registry.encoder_class = encoder_class  # type: ignore[assignment]


def label(project: Project, seed: int) -> None:
    """Single labels, large ones, undo, redo and new categories for ever."""
    dice = random.Random(seed)
    products = project.columns.product_id
    while True:
        match dice.randrange(12):
            case 0:
                done = project.undo()
            case 1:
                done = project.redo()
            case 2:
                name = f"C{len(project.taxonomy.by_id)}"
                done = str(project.apply(AddCategory(name)).last_edit)
            case 3:
                few = np.sort(np.array(dice.sample(products.tolist(), 3), dtype=np.int64))
                done = str(project.apply(Relabel(few, KEEP, Status.FLAGGED)).last_edit)
            case 4 | 5:
                many = products[:: dice.randint(1, 3)]
                wanted = dice.choice(project.taxonomy.children(None)).id
                done = str(project.apply(Relabel(many, wanted)).last_edit)
            case _:
                one = products[[dice.randrange(len(products))]]
                wanted = dice.choice(project.taxonomy.children(None)).id
                done = str(project.apply(Relabel(one, wanted)).last_edit)
        if done is not None:
            print(project.last_edit, flush=True)


def take_in(project: Project, seed: int) -> None:
    """Batches of new products for ever, each with some that are there already and one that changed."""
    source_id = next(iter(project.sources))
    step = None
    index = max(0, len(project.columns) // BATCH - 1)
    while True:
        applied = project.apply(batch(source_id, index))
        step = applied.step or step
        index += 1
        print(index * BATCH, flush=True)


def encode_all(project: Project, seed: int) -> None:
    """All vectors, slowly: the log of what was encoded lies in the project folder."""
    log = project.folder / f"encoded-{seed}.log"
    log.touch()
    use_tiny_encoder(log)
    encode(project.snapshot(), ("tiny",), Progress(interval_s=0.0, listener=_say_encoding()))
    print("all", flush=True)


def _say_encoding() -> Callable[[object], None]:
    said: list[bool] = []

    def listen(state: object) -> None:
        if not said and "Tiny" in getattr(state, "stage", ""):
            said.append(True)
            print("encoding", flush=True)

    return listen


def main() -> None:
    mode, folder, seed = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
    print("ready", flush=True)
    sys.stdin.readline()
    with Project.open(folder, person="Ada") as project:
        {"label": label, "import": take_in, "encode": encode_all}[mode](project, seed)


if __name__ == "__main__":
    main()
