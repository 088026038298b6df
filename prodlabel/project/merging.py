"""An import again as a three-way merge: what the source said then, what it says now, and what stands here.

Invariant: a field that the source did not change is left alone; one that only the source changed follows it;
where somebody here decided otherwise, the decision stands unless the source is chosen for that very field.

What the source said then are the texts that stand, but for those fields where a merge kept another value:
there the newest line of the ledger about the product says it (`said` in its values).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, select

from prodlabel.core.edits import ImportBatch
from prodlabel.core.labels import NO_CATEGORY, Status
from prodlabel.core.merging import ATTRIBUTE, CATEGORY, Difference, TakeFrom
from prodlabel.core.products import ProductRecord
from prodlabel.core.taxonomy import PATH_SEPARATOR, Taxonomy
from prodlabel.sources.assemble import PICTURE_ADDRESS
from prodlabel.store.entities import CATEGORY as CATEGORY_ENTITY
from prodlabel.store.entities import PRODUCT
from prodlabel.store.products import ProductTexts, StoredProduct, read_texts
from prodlabel.store.schema import change, label

_TEXTS = ("name", "description")
_CHUNK = 5000

SAID = "said"
"""Among the ledger's values of a product: the fields in which the source said something else."""


@dataclass(frozen=True, slots=True, eq=False)
class Merged:
    """One product that the source describes anew.

    `values` are its texts as they shall be, `said` the fields (by name) in which the source says something
    else, `category` the path whose label it gets (None: it keeps its own).
    """

    record: ProductRecord
    known: StoredProduct
    texts: ProductTexts
    differences: tuple[Difference, ...]
    values: Mapping[str, Any]
    said: Mapping[str, str]
    was_said: Mapping[str, str]
    takes_category: bool
    names_other_category: bool

    @property
    def is_nothing(self) -> bool:
        """Whether nothing has to be written but that the source was heard."""
        return not self.differences and self.said == self.was_said and not self.is_visible

    @property
    def has_new_picture(self) -> bool:
        """Whether another picture takes the place of the one so far."""
        return bool(self.values["picture"] != self.texts.picture)

    @property
    def is_visible(self) -> bool:
        """Whether anything of the product changes for those who look at it."""
        texts = self.texts
        stands = {
            "name": texts.name,
            "description": texts.description,
            "attributes": dict(texts.attributes),
            "picture": texts.picture,
        }
        return self.takes_category or self.names_other_category or dict(self.values) != stands


class Merger:
    """Compares records with what a project has; reads only."""

    def __init__(self, connection: Connection, taxonomy: Taxonomy, batch: ImportBatch) -> None:
        self._connection = connection
        self._taxonomy = taxonomy
        self._batch = batch
        self._spelt: dict[int, tuple[str, ...]] | None = None

    def merge(self, changed: Sequence[tuple[ProductRecord, StoredProduct]]) -> list[Merged]:
        """What becomes of each of these products."""
        ids = [known.id for _, known in changed]
        texts = {one.product_id: one for one in read_texts(self._connection, ids)}
        labels = standing_labels(self._connection, ids)
        said = _said_before(self._connection, ids)
        return [
            self._merge(record, known, texts[known.id], labels[known.id], said.get(known.id, {}))
            for record, known in changed
        ]

    def spelt_by_source(self, category_id: int) -> tuple[str, ...]:
        """The path by which a source named a category, whatever people have called it since."""
        if self._spelt is None:
            self._spelt = first_paths(self._connection)
        return self._spelt.get(category_id) or self._taxonomy.path(category_id)

    def _merge(
        self,
        record: ProductRecord,
        known: StoredProduct,
        texts: ProductTexts,
        standing: tuple[int, int, int],
        was_said: Mapping[str, str],
    ) -> Merged:
        mine = _fields(texts.name, texts.description, texts.attributes)
        now = _fields(record.name, record.description, record.attributes)
        differences: list[Difference] = []
        merged: dict[str, str] = {}
        said: dict[str, str] = {}
        for field in dict.fromkeys((*mine, *now)):
            here, there = mine.get(field, ""), now.get(field, "")
            then = was_said.get(field, here)
            value = here
            if there not in (here, then):
                one = self._settled(
                    Difference(known.id, record.key, texts.name, field, then, there, here, then != here)
                )
                differences.append(one)
                value = there if one.is_taken else here
            if value:
                merged[field] = value
            if value != there:
                said[field] = there
        names_other = self._names_other_category(record, known)
        category = self._category(record, known, texts, standing) if names_other else []
        takes_category = any(one.is_taken for one in category)
        differences += category
        values = {
            "name": merged.get("name", ""),
            "description": merged.get("description", ""),
            "attributes": {
                field.removeprefix(ATTRIBUTE): text
                for field, text in merged.items()
                if field.startswith(ATTRIBUTE)
            },
            "picture": self._picture(record, texts),
        }
        return Merged(
            record, known, texts, tuple(differences), values, said, was_said, takes_category, names_other
        )

    def _picture(self, record: ProductRecord, texts: ProductTexts) -> str | None:
        """A picture that could not be fetched this time is no news of the source."""
        address = record.attributes.get(PICTURE_ADDRESS)
        if record.picture is None and address and address == texts.attributes.get(PICTURE_ADDRESS):
            return texts.picture
        return record.picture

    def _names_other_category(self, record: ProductRecord, known: StoredProduct) -> bool:
        """Whether the source files the product elsewhere than it did; what people renamed does not count."""
        now = folded(clean_path(record.category))
        then = self._taxonomy.path(known.source_category)
        return now not in (folded(then), folded(self.spelt_by_source(known.source_category)))

    def _category(
        self,
        record: ProductRecord,
        known: StoredProduct,
        texts: ProductTexts,
        standing: tuple[int, int, int],
    ) -> list[Difference]:
        """The difference of the label, if there is one."""
        then = self._taxonomy.path(known.source_category)
        category, status, _ = standing
        wanted = clean_path(record.category)[: self._batch.label_level]
        mine = self._taxonomy.path(category)
        if not wanted or folded(mine) == folded(wanted):
            return []
        is_edited = Status(status) not in (Status.NONE, Status.IMPORTED)
        one = Difference(
            known.id, record.key, texts.name, CATEGORY, _path_text(then[: self._batch.label_level]),
            _path_text(wanted), _path_text(mine), is_edited,
        )  # fmt: skip
        return [self._settled(one)]

    def _settled(self, one: Difference) -> Difference:
        return replace(one, is_taken=self._takes(one))

    def _takes(self, one: Difference) -> bool:
        """Whether the source's value is taken."""
        chosen = self._batch.chosen.get(one.key)
        if chosen is not None:
            return one.field in chosen
        match self._batch.take:
            case TakeFrom.SOURCE:
                return True
            case TakeFrom.MINE:
                return False
            case _:
                return not one.is_edited


def _fields(name: str, description: str, attributes: Mapping[str, str]) -> dict[str, str]:
    return {"name": name, "description": description} | {
        ATTRIBUTE + attribute: text for attribute, text in attributes.items()
    }


def _path_text(path: Sequence[str]) -> str:
    return PATH_SEPARATOR.join(path)


def clean_path(path: Sequence[str]) -> tuple[str, ...]:
    """The names of a path as categories are named: no runs of spaces, no `>`, no empty level."""
    return tuple(name for name in (" ".join(part.split()).replace(">", "›") for part in path) if name)


def folded(path: Sequence[str]) -> tuple[str, ...]:
    """The path to compare by: case does not matter."""
    return tuple(name.casefold() for name in path)


def standing_labels(connection: Connection, product_ids: list[int]) -> dict[int, tuple[int, int, int]]:
    """(category, status, edit) of these products now."""
    standing: dict[int, tuple[int, int, int]] = {}
    for start in range(0, len(product_ids), _CHUNK):
        chunk = product_ids[start : start + _CHUNK]
        for row in connection.execute(select(label).where(label.c.product_id.in_(chunk))):
            standing[row.product_id] = (row.category_id, row.status, row.edit_id)
    return standing


def _said_before(connection: Connection, product_ids: list[int]) -> dict[int, dict[str, str]]:
    """The fields in which a source said something else than what stands, by product."""
    found: dict[int, dict[str, str]] = {}
    for start in range(0, len(product_ids), _CHUNK):
        statement = (
            select(change.c.entity_id, change.c.after)
            .where(change.c.entity == PRODUCT, change.c.entity_id.in_(product_ids[start : start + _CHUNK]))
            .order_by(change.c.edit_id, change.c.seq)
        )
        for product_id, after in connection.execute(statement):
            # The newest line says how things stand: undo and redo write lines of their own.
            found[product_id] = json.loads(after).get(SAID, {}) if after else {}
    return found


def has_changed_categories(connection: Connection) -> bool:
    """Whether a category was ever renamed, moved or retired.

    It rarely was, and then `first_paths` is the long way to nothing: an import would walk it for each batch.
    """
    is_changed = (change.c.entity == CATEGORY_ENTITY) & change.c.before.is_not(None)
    return connection.execute(select(change.c.entity_id).where(is_changed).limit(1)).first() is not None


def first_paths(connection: Connection) -> dict[int, tuple[str, ...]]:
    """The path that each category had when it was made: how sources spell it."""
    statement = (
        select(change.c.entity_id, change.c.after)
        .where(change.c.entity == CATEGORY_ENTITY, change.c.before.is_(None))
        .order_by(change.c.edit_id, change.c.seq)
    )
    made: dict[int, tuple[str, int | None]] = {}
    for category_id, after in connection.execute(statement):
        said = json.loads(after)
        made.setdefault(category_id, (said["name"], said["parent"]))
    paths: dict[int, tuple[str, ...]] = {NO_CATEGORY: ()}

    def path(category_id: int | None) -> tuple[str, ...]:
        if category_id is None or category_id not in made:
            return ()
        if category_id not in paths:
            name, parent = made[category_id]
            paths[category_id] = (*path(parent), name)
        return paths[category_id]

    return {category_id: path(category_id) for category_id in made}
