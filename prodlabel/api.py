"""prodlabel for programs: what the window does with a project, for notebooks and scripts.

    import prodlabel

    with prodlabel.open("shop.prodlabel") as shop:
        table = shop.to_arrow()                      # key, name, category, status ... as a pyarrow table
        vectors = shop.encode("minilm")              # float32 (n, d), in the order of the rows
        shop.relabel(shop.search("copper kettle"), "Kitchen > Kettles", reason="copper")

Rows are positions from 0 to `len(shop) - 1`; they stay the same until products come or go. Every change is a
step of the project's history and can be undone, here or in the window. Known errors are `UserError`.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from prodlabel.core.edits import Because, Edit, Relabel
from prodlabel.core.errors import InputError, NotReadyError
from prodlabel.core.labels import NO_CATEGORY, Status
from prodlabel.core.progress import Progress
from prodlabel.learning.networks.plan import NetworkSettings
from prodlabel.operations.classifier_export import export_classifier
from prodlabel.operations.encode import load_block
from prodlabel.operations.export import export_project
from prodlabel.operations.importing import ImportReport, ImportSettings, import_catalogue
from prodlabel.operations.materials import Materials
from prodlabel.operations.pictures import look_at_pictures
from prodlabel.operations.ready_vectors import bring_layout, bring_vectors
from prodlabel.operations.steps import encode_project, suggest_project, train_project
from prodlabel.operations.suggest import Suggestions, suggestions_in_use
from prodlabel.operations.taxonomy import TaxonomyReport, import_taxonomy
from prodlabel.operations.train import TrainSettings
from prodlabel.project.project import Project
from prodlabel.project.results import CLASSIFIER
from prodlabel.sources.arrays import open_numbers
from prodlabel.sources.protocol import NO_OPTIONS, OpenOptions
from prodlabel.store.products import ProductTexts

_BATCH = 5_000
_PICTURES = "picture"


def open(path: str | Path, *, read_only: bool = False, person: str | None = None) -> Shop:
    """Open a project; close it, or use it in a `with` block. `person` is who decides (default: the user).

    Raises `ProjectError`, `ProjectLockedError` while another program writes, or `ProjectDamagedError`.
    """
    return Shop(Project.open(Path(path), read_only=read_only, person=person))


def create(path: str | Path, *, person: str | None = None) -> Shop:
    """Make a new, empty project and open it. Raises `ProjectError` where one is there already."""
    return Shop(Project.create(Path(path), person=person))


class Shop:
    """An open project. `project` is the document behind it, for what this class does not offer."""

    def __init__(self, project: Project) -> None:
        self.project = project

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __len__(self) -> int:
        """The number of products."""
        return len(self.project.columns)

    def close(self) -> None:
        """Let go of the files; every edit was committed when it was made."""
        self.project.close()

    # What is known

    def columns(self) -> dict[str, NDArray[Any]]:
        """The narrow columns, each of shape (n,) and read-only; nothing is copied.

        `product_id` int64, `source_id` int32, `has_picture` bool, `source_category` int32, `category` int32
        (0: none), `status` uint8 (see `Status`), `edit` int64 (the line of the history that decided).
        """
        columns = self.project.columns
        return {name: getattr(columns, name) for name in columns.__slots__}

    def categories(self) -> dict[int, tuple[str, ...]]:
        """The path of names of each present category by its id."""
        taxonomy = self.project.taxonomy
        return {category.id: taxonomy.path(category.id) for category in taxonomy}

    def texts(self, rows: ArrayLike | None = None) -> list[ProductTexts]:
        """Key, name, description, attributes and picture of these rows (all of them: mind the memory)."""
        return self.project.texts(self._rows(rows))

    def to_arrow(self, rows: ArrayLike | None = None) -> Any:
        """A `pyarrow.Table`: key, name, description, category (path), status and picture of each row."""
        import pyarrow as pa

        wanted = self._rows(rows)
        schema = pa.schema([(name, pa.string()) for name in _ARROW])
        batches = [self._batch(wanted[at : at + _BATCH], schema) for at in range(0, len(wanted), _BATCH)]
        return pa.Table.from_batches(batches, schema)

    def _batch(self, rows: NDArray[np.int64], schema: Any) -> Any:
        import pyarrow as pa

        columns, taxonomy = self.project.columns, self.project.taxonomy
        texts = self.project.texts(rows)
        category = [taxonomy.path_text(one) for one in columns.category[rows].tolist()]
        status = [Status(one).word for one in columns.status[rows].tolist()]
        names, descriptions = [one.name for one in texts], [one.description for one in texts]
        arrays = [
            [one.key for one in texts],
            names,
            descriptions,
            category,
            status,
            [one.picture for one in texts],
        ]
        return pa.record_batch([pa.array(array, pa.string()) for array in arrays], schema=schema)

    def search(self, words: str) -> NDArray[np.int64]:
        """The rows whose name or description holds all these words, ascending."""
        return self.project.search(words)

    def rows_of(self, category: str | int) -> NDArray[np.int64]:
        """The rows labelled with a category or one below it. A text is a key, a path `A > B` or a name."""
        return self.project.rows_of_category(self._category(category))

    def rows_of_keys(self, keys: Sequence[str]) -> NDArray[np.int64]:
        """The rows of the products with these keys, in their order. Raises `InputError` for unknown keys."""
        return self.project.rows_of_keys(list(keys))

    # What is computed

    def take_in(
        self,
        location: str | Path,
        *,
        kind: str | None = None,
        options: OpenOptions = NO_OPTIONS,
        label_level: int | None = 0,
        is_apart: bool = False,
        progress: Progress | None = None,
    ) -> ImportReport:
        """Import a table, file or folder and look at its pictures; the same again changes nothing.

        `is_apart`: decode pictures in processes of their own, with limits on memory and time.
        """
        progress = progress or Progress()
        settings = ImportSettings(Path(location), kind, options, label_level)
        report = import_catalogue(self.project, settings, progress)
        seen = look_at_pictures(self.project, progress, rows=report.picture_rows, is_apart=is_apart)
        report.note_all(seen)
        return report

    def take_taxonomy_in(
        self,
        location: str | Path,
        *,
        kind: str | None = None,
        language: str = "en",
        progress: Progress | None = None,
    ) -> TaxonomyReport:
        """Add the categories of a Google, Open Food Facts or CSV taxonomy as one step."""
        return import_taxonomy(
            self.project, Path(location), progress or Progress(), kind=kind, language=language
        )

    def encode(
        self, encoder: str = "minilm", field: str | None = None, *, progress: Progress | None = None
    ) -> NDArray[np.float32]:
        """Vectors of all rows, float32 (n, d), zeros where there is no content; each content is encoded once.

        An encoder that learns on the catalogue learns it the first time; counts of words and TF-IDF come as
        their 300 strongest axes.

        `field` is "text", "name" or "spec" for encoders of texts (default "text"), "picture" for others.
        Raises `WeightsMissingError`, or `NotReadyError` where the encoder made nothing for the field.
        """
        reports = encode_project(self.project, (encoder,), progress or Progress())
        wanted = field or ("text" if any(one.field == "text" for one in reports) else _PICTURES)
        block = load_block(self.project.snapshot(), encoder, wanted)
        if block is None:
            fields = ", ".join(one.field for one in reports)
            raise NotReadyError(f"{encoder} makes no vectors for {wanted}. Choose among: {fields}.")
        return np.asarray(block.vectors)

    def take_vectors_in(
        self,
        location: str | Path,
        *,
        ids: str | Path | None = None,
        kind: str = "text",
        name: str = "vectors",
        progress: Progress | None = None,
    ) -> int:
        """Use vectors that were computed elsewhere, a `.npy` (n, d) or a Parquet column of lists, as the
        project's vectors of texts or pictures (`kind`). Returns how many products have one.

        Rows belong to the products in their order, or to the keys in `ids`. Raises `InputError`.
        """
        numbers = open_numbers(Path(location), None if ids is None else Path(ids))
        return bring_vectors(self.project, numbers, progress or Progress(), kind=kind, name=name).products

    def take_map_in(
        self, location: str | Path, *, ids: str | Path | None = None, progress: Progress | None = None
    ) -> int:
        """Use x and y that were computed elsewhere (`.npy` (n, 2), or CSV or Parquet with key, x and y) as
        the map. Returns how many products it shows."""
        keys = None if ids is None else Path(ids)
        return bring_layout(self.project, Path(location), progress or Progress(), ids=keys).products

    def train(
        self,
        settings: TrainSettings | None = None,
        *,
        network: NetworkSettings | None = None,
        progress: Progress | None = None,
    ) -> int:
        """Train the classifier on the labels and put it in use; returns the number of the version.

        With `network` it is a network, trained in a process of its own: `progress` is offered an
        `EpochFigures` for each epoch, and a training that was stopped goes on where it was.
        """
        progress = progress or Progress()
        materials = Materials(self.project.snapshot())
        return train_project(
            self.project,
            materials,
            settings or TrainSettings(level=self.project.taxonomy.main_level),
            progress,
            network=network,
        )[0]

    def suggest(self, *, is_new: bool = False, progress: Progress | None = None) -> Suggestions:
        """Suggestions of the version in use for all products: the kept ones where they fit, else new ones.

        Raises `NotReadyError` before the first training.
        """
        kept = None if is_new else suggestions_in_use(self.project)
        version = self.project.results.current(CLASSIFIER)
        if (
            kept is None
            or kept[1] != (0 if version is None else version.id)
            or not np.array_equal(kept[0].product_id, self.project.columns.product_id)
        ):
            suggest_project(self.project, Materials(self.project.snapshot()), progress or Progress())
            kept = suggestions_in_use(self.project)
        assert kept is not None
        return kept[0]

    # What changes it

    def apply(self, *edits: Edit) -> None:
        """Commit edits (`prodlabel.core.edits`) as one undoable step; all of them or none."""
        self.project.apply(*edits, initiator="api")

    def relabel(self, rows: ArrayLike, category: str | int, *, reason: str = "") -> None:
        """Give these rows a category, as confirmed by the person who has the project open."""
        ids = self.project.columns.product_id[self._rows(rows)]
        self.apply(Relabel(ids, self._category(category), because=Because(reason)))

    def undo(self) -> str | None:
        """Take back the newest step; says what it was, or None."""
        return self.project.undo(initiator="api")

    def redo(self) -> str | None:
        """Do the step again that was undone last; says what it was, or None."""
        return self.project.redo(initiator="api")

    def export(
        self,
        path: str | Path,
        *,
        kind: str | None = None,
        rows: ArrayLike | None = None,
        only_changed: bool = False,
        progress: Progress | None = None,
    ) -> int:
        """Write products; the format follows from the ending, or is `kind`. Returns how many."""
        wanted = None if rows is None else self._rows(rows)
        return export_project(
            self.project,
            Path(path),
            progress or Progress(),
            kind=kind,
            rows=wanted,
            only_changed=only_changed,
        )

    def export_classifier(
        self, folder: str | Path, *, number: int | None = None, progress: Progress | None = None
    ) -> int:
        """Write the classifier (of that version; default: the one in use) as ONNX into a new folder, with its
        labels and an example that needs only numpy and onnxruntime. Returns the number of the version.

        Raises `NotReadyError` before the first training, `InputError` where the folder is not empty.
        """
        return export_classifier(self.project, Path(folder), progress or Progress(), number=number).number

    def _rows(self, rows: ArrayLike | None) -> NDArray[np.int64]:
        if rows is None:
            return np.arange(len(self))
        asked = np.atleast_1d(np.asarray(rows))
        if asked.dtype == np.bool_:
            if asked.shape != (len(self),):
                raise InputError(
                    f"The mask has {len(asked)} entries where there are {len(self)} products. Give one each."
                )
            return np.flatnonzero(asked)
        wanted = asked.astype(np.int64)
        if wanted.size and not (wanted.min() >= 0 and wanted.max() < len(self)):
            raise InputError(f"Rows go from 0 to {len(self) - 1}. Look at the numbers again.")
        return wanted

    def _category(self, category: str | int) -> int:
        taxonomy = self.project.taxonomy
        if not isinstance(category, str):
            if category != NO_CATEGORY and category not in taxonomy:
                raise InputError(f"There is no category number {category}. Look at `categories()`.")
            return int(category)
        found = taxonomy.find_by_text(category)
        if found is None:
            raise InputError(f"There is no category {category}, or several. Give its whole path or key.")
        return found


_ARROW = ("key", "name", "description", "category", "status", "picture")
