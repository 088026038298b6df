"""The taxonomy: an immutable tree of categories; the id and key of a category never change, its name may."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from prodlabel.core.labels import NO_CATEGORY

PATH_SEPARATOR = " > "


@dataclass(frozen=True, slots=True)
class Category:
    """A node of the taxonomy.

    `id` is the number in columns and ledger, `key` the stable text identity ("home-furnishing/curtains"),
    `parent` the id of the node above or None at level 1. `description` is what a curator wrote about what
    belongs here. An absent category is one that was retired or whose creation was undone.
    """

    id: int
    key: str
    parent: int | None
    name: str
    position: int = 0
    description: str = ""
    colour: str | None = None
    shortcut: str | None = None
    is_present: bool = True


class Taxonomy:
    """All categories of a project by id. Immutable: an edit makes a new one."""

    def __init__(self, categories: Iterable[Category] = ()) -> None:
        self._by_id: dict[int, Category] = {category.id: category for category in categories}

    def __len__(self) -> int:
        return sum(category.is_present for category in self._by_id.values())

    def __iter__(self) -> Iterator[Category]:
        """The present categories, depth first, siblings by position and name."""
        yield from self._walk(None)

    def __contains__(self, category_id: int) -> bool:
        return category_id in self._by_id and self._by_id[category_id].is_present

    def __getitem__(self, category_id: int) -> Category:
        return self._by_id[category_id]

    @property
    def by_id(self) -> Mapping[int, Category]:
        """Every category that ever was, absent ones included."""
        return self._by_id

    @cached_property
    def _children(self) -> dict[int | None, list[Category]]:
        children: dict[int | None, list[Category]] = {}
        for category in self._by_id.values():
            if category.is_present:
                children.setdefault(category.parent, []).append(category)
        for siblings in children.values():
            siblings.sort(key=lambda c: (c.position, c.name.casefold(), c.id))
        return children

    def _walk(self, parent: int | None) -> Iterator[Category]:
        pending = list(reversed(self._children.get(parent, [])))
        while pending:
            category = pending.pop()
            yield category
            pending.extend(reversed(self._children.get(category.id, [])))

    def children(self, parent: int | None) -> Sequence[Category]:
        """The present categories right below `parent` (None: level 1)."""
        return tuple(self._children.get(parent, ()))

    def descendants(self, category_id: int) -> list[int]:
        """The ids of the category itself and of all present ones below it."""
        return [category_id, *(category.id for category in self._walk(category_id))]

    def lineage(self, category_id: int) -> tuple[Category, ...]:
        """The categories from level 1 down to this one."""
        line: list[Category] = []
        current: int | None = category_id
        while current is not None and current != NO_CATEGORY:
            category = self._by_id[current]
            line.append(category)
            current = category.parent
        return tuple(reversed(line))

    def above(self, category_id: int) -> tuple[int, ...]:
        """The ids of the categories that one lies below; none for one that is not there."""
        return tuple(one.id for one in self.lineage(category_id)[:-1]) if category_id in self else ()

    def path(self, category_id: int) -> tuple[str, ...]:
        """The names from level 1 down to this category; empty for `NO_CATEGORY`."""
        return tuple(category.name for category in self.lineage(category_id))

    def path_text(self, category_id: int) -> str:
        """The path as people read it: `Home Furnishing > Curtains`."""
        return PATH_SEPARATOR.join(self.path(category_id))

    def level(self, category_id: int) -> int:
        """1 for a category without a parent, 0 for `NO_CATEGORY`."""
        return len(self.lineage(category_id))

    @cached_property
    def _by_path(self) -> dict[tuple[str, ...], int]:
        return {tuple(name.casefold() for name in self.path(category.id)): category.id for category in self}

    def find(self, path: Sequence[str]) -> int | None:
        """The id of the category with this path of names (case does not matter), or None."""
        return self._by_path.get(tuple(name.casefold() for name in path))

    def find_by_text(self, text: str) -> int | None:
        """The category a person means: by key, by full path `A > B`, or by name where only one has it."""
        wanted = text.strip().casefold()
        keyed = [category for category in self if category.key.casefold() == wanted]
        if keyed:  # keys from elsewhere may differ in nothing but case
            return next((one for one in keyed if one.key == text.strip()), keyed[0]).id
        by_path = self.find([part.strip() for part in text.split(">")])
        if by_path is not None:
            return by_path
        named = [category.id for category in self if category.name.casefold() == wanted]
        return named[0] if len(named) == 1 else None

    def at_level(self, level: int) -> NDArray[np.int32]:
        """A table from category id to its ancestor at `level` (itself where it lies higher).

        Shape (largest id + 1,): `taxonomy.at_level(1)[columns.category]` gives level-1 categories.
        """
        table = np.zeros(max(self._by_id, default=0) + 1, dtype=np.int32)
        for category_id in self._by_id:
            line = self.lineage(category_id)
            table[category_id] = line[min(level, len(line)) - 1].id
        return table

    def with_categories(self, categories: Iterable[Category]) -> Taxonomy:
        """A new taxonomy in which these categories are added or replaced (by id)."""
        return Taxonomy([*(self._by_id | {category.id: category for category in categories}).values()])

    @cached_property
    def main_level(self) -> int:
        """The first level that holds more than one category: a sole root names the shop and tells nothing
        apart. 1 where no level does."""
        level, siblings = 1, self.children(None)
        while len(siblings) == 1 and self.children(siblings[0].id):
            level, siblings = level + 1, self.children(siblings[0].id)
        return level

    def has_cycle(self) -> bool:
        """Whether some category lies, over its parents, below itself."""
        for start in self._by_id:
            seen: set[int] = set()
            current: int | None = start
            while current is not None:
                if current in seen:
                    return True
                seen.add(current)
                current = self._by_id[current].parent if current in self._by_id else None
        return False


def make_key(path: Sequence[str], taken: Iterable[str] = ()) -> str:
    """A stable ASCII key for a new category with this path, unlike all that are `taken`."""
    taken = taken if isinstance(taken, Set) else set(taken)
    base = "/".join(_slug(name) for name in path)
    key, count = base, 1
    while key in taken:
        count += 1
        key = f"{base}-{count}"
    return key


def _slug(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    slug = re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")
    # A name without a Latin letter still needs a key of its own.
    return slug or "u" + "-".join(f"{ord(char):x}" for char in name[:8])
