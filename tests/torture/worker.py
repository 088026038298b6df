"""The process that torture kills: works on a project until then, and says what is done.

Run as `python -m tests.torture.worker`: imports everything, says "ready", and starts at a line on stdin with
the kind of work, the project's folder and a seed. Each line on stdout after that is an acknowledgement in
JSON: what it tells was committed before it was written.
"""

from __future__ import annotations

import hashlib
import json
import queue
import random
import sys
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from prodlabel.core.edits import KEEP, AddCategory, ChangeCategory, ImportBatch, Relabel
from prodlabel.core.labels import Status
from prodlabel.core.products import ProductRecord
from prodlabel.core.progress import Progress
from prodlabel.encoders import registry
from prodlabel.encoders.protocol import Kind
from prodlabel.operations.backups import back_up, list_contents, restore
from prodlabel.operations.encode import encode
from prodlabel.operations.materials import Materials
from prodlabel.operations.steps import suggest_project, train_project
from prodlabel.operations.train import TrainSettings
from prodlabel.project.project import Project
from prodlabel.project.safety import PendingBackup
from tests.torture.next_format import use_next_format

BATCH = 200
CATEGORIES = ("Cups", "Bags", "Lamps")


def record(number: int) -> ProductRecord:
    """A product that can be told from its number alone."""
    return ProductRecord(
        f"k{number}",
        f"{CATEGORIES[number % 3][:-1].lower()} {number}",
        f"A {CATEGORIES[number % 3][:-1].lower()} with the number {number}, of sort {number % 7}",
        (CATEGORIES[number % 3],),
        attributes={"sort": str(number % 7)},
    )


def batch(source_id: int, index: int) -> ImportBatch:
    """The products `index` * BATCH and following."""
    return ImportBatch(source_id, tuple(record(n) for n in range(index * BATCH, (index + 1) * BATCH)))


def digest(project: Project) -> str:
    """What a project says of its products, labels and categories, as one word."""
    columns, said = project.columns, hashlib.blake2b(digest_size=12)
    for array in (columns.product_id, columns.category, columns.status, columns.edit):
        said.update(np.ascontiguousarray(array).tobytes())
    said.update(repr(sorted((c.id, c.name, c.parent) for c in project.taxonomy)).encode())
    return said.hexdigest()


def say(**acknowledged: object) -> None:
    # In one write: two threads may speak.
    sys.stdout.write(json.dumps(acknowledged) + "\n")
    sys.stdout.flush()


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
        time.sleep(0.001 * len(items))  # slower than writing, as a real one is
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


def label(folder: Path, dice: random.Random) -> None:
    """Single labels, large ones, marks and categories for ever, now and then one taken back."""
    with Project.open(folder, person="Ada") as project:
        while True:
            _decide(project, dice, weights=(70, 12, 8, 5, 2, 3))
            say(edit=project.last_edit, digest=digest(project))


def undo(folder: Path, dice: random.Random) -> None:
    """Back and forth through the history for ever, with a new edit now and then."""
    with Project.open(folder, person="Ada") as project:
        while True:
            _decide(project, dice, weights=(10, 5, 2, 3, 45, 35))
            say(edit=project.last_edit, digest=digest(project))


def _decide(project: Project, dice: random.Random, weights: Sequence[int]) -> None:
    products, tops = project.columns.product_id, project.taxonomy.children(None)
    if not tops:  # all was taken back, the import too
        project.redo()
        return
    wanted = dice.choice(tops).id
    match dice.choices(range(6), weights)[0]:
        case 0:
            project.apply(Relabel(products[[dice.randrange(len(products))]], wanted))
        case 1:
            project.apply(Relabel(products[:: dice.randint(1, 3)], wanted))
        case 2:
            few = np.sort(np.array(dice.sample(products.tolist(), 3), dtype=np.int64))
            project.apply(Relabel(few, KEEP, dice.choice((Status.FLAGGED, Status.REJECTED))))
        case 3:
            number = len(project.taxonomy.by_id)
            project.apply(
                AddCategory(f"C{number}"), ChangeCategory(wanted, {"description": f"changed {number}"})
            )
        case 4:
            project.undo()
        case _:
            project.redo()


def take_in(folder: Path, _: random.Random) -> None:
    """Batches of new products for ever, each with some that are there already."""
    with Project.open(folder, person="Ada") as project:
        source_id = next(iter(project.sources))
        index = max(0, len(project.columns) // BATCH - 1)
        while True:
            project.apply(batch(source_id, index))
            index += 1
            say(edit=project.last_edit, products=index * BATCH)


def encode_all(folder: Path, _: random.Random) -> None:
    """All vectors: the log of what was encoded lies beside the project."""
    log = folder.with_name("encoded.log")
    log.touch()
    use_tiny_encoder(log)
    with Project.open(folder, person="Ada") as project:
        say(edit=project.last_edit)
        encode(project.snapshot(), ("tiny",), Progress())
        say(edit=project.last_edit, encoded=True)
        threading.Event().wait()


def train(folder: Path, _: random.Random) -> None:
    """Training and suggesting for ever."""
    with Project.open(folder, person="Ada") as project:
        materials = Materials(project.snapshot())
        while True:
            version, _outcome = train_project(project, materials, TrainSettings(repeats=0), Progress())
            say(edit=project.last_edit, result=version)
            suggest_project(project, materials, Progress())
            say(edit=project.last_edit, result=project.results.list()[0].id)


def migrate(folder: Path, _: random.Random) -> None:
    """Opening a project of an older format, which makes a backup and a new format of it."""
    use_next_format(folder.with_name("migrations"))
    say(opening=True)
    with Project.open(folder, person="Ada") as project:
        say(edit=project.last_edit, digest=digest(project), migrated=True)
        threading.Event().wait()


def backup(folder: Path, dice: random.Random) -> None:
    """Backups one after the other in one thread while labels change in another."""
    with Project.open(folder, person="Ada") as project:

        def keep() -> None:
            while True:
                say(backup=moments.get().keep(Progress()).path.name)

        moments: queue.Queue[PendingBackup] = queue.Queue()
        threading.Thread(target=keep, daemon=True).start()
        while True:
            _decide(project, dice, weights=(70, 12, 8, 5, 2, 3))
            say(edit=project.last_edit, digest=digest(project))
            if moments.empty():
                moments.put(project.begin_backup("torture"))


def go_back(folder: Path, dice: random.Random) -> None:
    """Going back to backups for ever, with a label in between."""
    while True:
        chosen = dice.choice([one for one in list_contents(folder) if not one.problem])
        restore(folder, chosen.path, Progress())
        with Project.open(folder, person="Ada") as project:
            say(digest=digest(project))
            _decide(project, dice, weights=(1, 0, 0, 0, 0, 0))
            say(digest=digest(project))
            back_up(project, Progress())


KINDS: dict[str, Callable[[Path, random.Random], None]] = {
    "label": label,
    "undo": undo,
    "import": take_in,
    "encode": encode_all,
    "train": train,
    "migrate": migrate,
    "backup": backup,
    "restore": go_back,
}


def main() -> None:
    print("ready", flush=True)
    order = sys.stdin.readline()
    if order:  # nothing: the case is not wanted any more
        kind, folder, seed = json.loads(order)
        KINDS[kind](Path(folder), random.Random(seed))


if __name__ == "__main__":
    main()
