"""Makes the frozen project of the newest format: `python -m tests.data.make_project`.

Run it once per format, before the next one is begun, and commit the folder: tests open it for ever after.
Nothing in it describes a real product.
"""

from __future__ import annotations

from itertools import count
from pathlib import Path

from prodlabel.core.edits import KEEP, AddCategory, Because, ImportBatch, Relabel
from prodlabel.core.labels import Status
from prodlabel.core.products import ProductRecord
from prodlabel.project.project import Project
from prodlabel.store.schema import SCHEMA_VERSION

FOLDER = Path(__file__).resolve().parent


def main() -> None:
    clock = count(1_700_000_000_000_000, 1_000_000)
    folder = FOLDER / f"format-{SCHEMA_VERSION}"
    records = tuple(
        ProductRecord(
            f"k{n}",
            f"{word} {n}",
            f"A fine {word}, number {n}",
            () if n == 5 else ("Shop", word.title()),
            attributes={"brand": "Acme"},
        )
        for n, word in enumerate(("cup", "bag", "lamp", "cup", "bag", "lamp"))
    )
    with Project.create(folder, name="Frozen", person="Ada", clock=lambda: next(clock)) as project:
        source_id = project.register_source(kind="table", location="/shop.csv", title="shop.csv")
        project.apply(ImportBatch(source_id, records))
        made = project.apply(AddCategory("Vases", because=Because("a new shelf"))).new_categories[0]
        ids = project.columns.product_id
        project.apply(Relabel(ids[:2], made, because=Because("looked")))
        project.apply(Relabel(ids[4:], KEEP, Status.FLAGGED))
        project.undo()


if __name__ == "__main__":
    main()
