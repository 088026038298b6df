"""Which column of a table means what; a mapping is a value that can be kept as JSON and used again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from prodlabel.core.errors import InputError

ROLES = ("key", "name", "description", "category", "picture", "brand")


@dataclass(frozen=True, slots=True)
class ColumnMapping:
    """The column that plays each role, or None where no column does.

    `category_separator` splits a category cell into the levels of its path (None: one level). `attributes`
    names the further columns worth keeping; None keeps all that play no role.
    """

    key: str | None = None
    name: str | None = None
    description: str | None = None
    category: str | None = None
    picture: str | None = None
    brand: str | None = None
    category_separator: str | None = None
    attributes: tuple[str, ...] | None = None

    def column(self, role: str) -> str | None:
        """The column that plays `role` (one of `ROLES`)."""
        value: str | None = getattr(self, role)
        return value

    def used(self) -> set[str]:
        """The columns that play a role."""
        return {column for role in ROLES if (column := self.column(role)) is not None}

    def check(self, columns: tuple[str, ...]) -> None:
        """Raise `InputError` where the mapping names a column that the table lacks."""
        missing = sorted((self.used() | set(self.attributes or ())) - set(columns))
        if missing:
            raise InputError(
                f"The table has no column named {', '.join(missing)}. "
                f"Choose among its columns: {', '.join(columns)}."
            )

    def to_json(self) -> dict[str, Any]:
        """A plain dictionary of what is set; `from_json` is its inverse."""
        said = {f.name: getattr(self, f.name) for f in fields(self)}
        if self.attributes is not None:
            said["attributes"] = list(self.attributes)
        return {name: value for name, value in said.items() if value is not None}

    @classmethod
    def from_json(cls, said: Mapping[str, Any]) -> ColumnMapping:
        """Raises `InputError` for unknown roles and for values that are not texts."""
        known = {f.name for f in fields(cls)}
        unknown = sorted(set(said) - known)
        if unknown:
            raise InputError(
                f"A column mapping knows no {', '.join(unknown)}. Its entries are {', '.join(sorted(known))}."
            )
        values = dict(said)
        attributes = values.pop("attributes", None)
        is_list = isinstance(attributes, (list, tuple)) and all(isinstance(a, str) for a in attributes)
        if (attributes is not None and not is_list) or any(
            value is not None and not isinstance(value, str) for value in values.values()
        ):
            raise InputError("A column mapping holds something other than texts. Give column names as texts.")
        return cls(**values, attributes=None if attributes is None else tuple(attributes))
