"""The tables of `project.sqlite`, in SQLAlchemy Core so that the same store can sit on PostgreSQL.

Narrow tables (`product`, `label`) are what is read at opening; texts stand apart and are fetched when shown.
`decision` and `change` are the ledger: rows are only ever added. `edit.state` is the one mutable mark in
the history: it says which steps undo and redo walk over.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    String,
    Table,
    Text,
    false,
    true,
)

SCHEMA_VERSION = "0001"
"""The newest Alembic revision that this program knows."""

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

_Microseconds = BigInteger().with_variant(Integer, "sqlite")
"""A moment: microseconds since 1970-01-01 UTC."""

info = Table(
    "info",
    metadata,
    Column("key", String, primary_key=True),
    Column("value", Text, nullable=False),
)

source = Table(
    "source",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("kind", String, nullable=False),
    Column("title", Text, nullable=False),
    # Absolute, and relative to the project folder where that is possible: either may still be true later.
    Column("location", Text, nullable=False),
    Column("location_relative", Text),
    Column("picture_folder", Text),
    Column("picture_folder_relative", Text),
    Column("options", Text, nullable=False, server_default="{}"),
    Column("imported_at_us", _Microseconds, nullable=False),
)

edit = Table(
    "edit",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("step", Integer, nullable=False),
    Column("kind", String, nullable=False),
    # done, undone, dropped (undone, then overtaken by a new edit), or passed for undo and redo themselves.
    Column("state", String, nullable=False),
    Column("target_step", Integer),
    Column("at_us", _Microseconds, nullable=False),
    Column("person", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("classifier_version", Integer),
    Column("summary", Text, nullable=False),
    Column("product_count", Integer, nullable=False),
    Column("details", Text, nullable=False, server_default="{}"),
    Index(None, "step"),
    Index(None, "state", "step"),
)

category = Table(
    "category",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("key", String, nullable=False, unique=True),
    Column("parent", Integer, ForeignKey("category.id")),
    Column("name", Text, nullable=False),
    Column("position", Integer, nullable=False, server_default="0"),
    Column("description", Text, nullable=False, server_default=""),
    Column("colour", String),
    Column("shortcut", String),
    Column("is_present", Boolean, nullable=False, server_default=true()),
)

product = Table(
    "product",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("key", Text, nullable=False, unique=True),
    Column("source_id", Integer, ForeignKey("source.id"), nullable=False),
    Column("is_present", Boolean, nullable=False, server_default=true()),
    Column("has_picture", Boolean, nullable=False, server_default=false()),
    # The whole path that the source gave, as a category; 0 where it gave none.
    Column("source_category", Integer, nullable=False, server_default="0"),
    Column("fingerprint", LargeBinary(16), nullable=False),
    Column("added_edit", Integer, ForeignKey("edit.id"), nullable=False),
    Index(None, "added_edit"),
)

product_text = Table(
    "product_text",
    metadata,
    Column("product_id", Integer, ForeignKey("product.id"), primary_key=True),
    Column("name", Text, nullable=False),
    Column("description", Text, nullable=False),
    Column("attributes", Text, nullable=False, server_default="{}"),
    Column("picture", Text),
)

picture_fact = Table(
    "picture_fact",
    metadata,
    Column("product_id", Integer, ForeignKey("product.id"), primary_key=True),
    # None where the picture could not be read; `problem` then says why.
    Column("content_hash", LargeBinary(16)),
    Column("width", Integer, nullable=False),
    Column("height", Integer, nullable=False),
    Column("problem", Text),
)

label = Table(
    "label",
    metadata,
    Column("product_id", Integer, ForeignKey("product.id"), primary_key=True),
    Column("category_id", Integer, nullable=False, server_default="0"),
    Column("status", SmallInteger, nullable=False, server_default="0"),
    # The edit that decided: it knows who, when, why and with which classifier. 0 where nobody did.
    Column("edit_id", Integer, nullable=False, server_default="0"),
    # No index on the category: the columns in memory answer that, and a relabel would pay for it.
)

decision = Table(
    "decision",
    metadata,
    Column("edit_id", Integer, ForeignKey("edit.id"), primary_key=True),
    Column("product_id", Integer, ForeignKey("product.id"), primary_key=True),
    Column("old_category", Integer, nullable=False),
    Column("old_status", SmallInteger, nullable=False),
    Column("old_edit", Integer, nullable=False),
    Column("new_category", Integer, nullable=False),
    Column("new_status", SmallInteger, nullable=False),
    Column("new_edit", Integer, nullable=False),
    # No index on the product: it would double the cost of relabelling many (see `read_label_history`).
    sqlite_with_rowid=False,
)

change = Table(
    "change",
    metadata,
    Column("edit_id", Integer, ForeignKey("edit.id"), primary_key=True),
    Column("seq", Integer, primary_key=True),
    # category, product, presence (all products that the edit `entity_id` added), or return (the products that
    # the values name).
    Column("entity", String, nullable=False),
    Column("entity_id", Integer, nullable=False),
    Column("before", Text),
    Column("after", Text),
    sqlite_with_rowid=False,
)

result = Table(
    "result",
    metadata,
    Column("id", Integer, primary_key=True),
    # layout, clusters, classifier, suggestions; the arrays lie in `results/`.
    Column("kind", String, nullable=False),
    Column("name", String, nullable=False),
    Column("made_at_us", _Microseconds, nullable=False),
    Column("after_edit", Integer, nullable=False),
    Column("settings", Text, nullable=False),
    Column("figures", Text, nullable=False, server_default="{}"),
    Column("file", Text, nullable=False),
    Column("is_current", Boolean, nullable=False, server_default=true()),
    Index(None, "kind", "name"),
)

KNOWN_TABLES = frozenset(metadata.tables) | {"alembic_version"}
SEARCH_TABLE = "product_search"
"""The FTS5 index over names and descriptions; only SQLite has it. It keeps no copy of the texts."""
