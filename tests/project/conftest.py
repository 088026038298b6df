"""Small projects to test with."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from prodlabel.core.edits import ImportBatch
from prodlabel.core.products import ProductRecord
from prodlabel.project.project import Project


def records(count: int = 6, *, names: str = "cup,bag,lamp") -> tuple[ProductRecord, ...]:
    """Products `k0` ... with a category each; the last one has none."""
    words = names.split(",")
    return tuple(
        ProductRecord(
            f"k{i}",
            f"{words[i % len(words)]} {i}",
            f"A fine {words[i % len(words)]} number {i}",
            () if i == count - 1 else ("Shop", words[i % len(words)].title()),
            attributes={"brand": "Acme"},
        )
        for i in range(count)
    )


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    """Six products, three categories below "Shop", one product without a category."""
    with Project.create(tmp_path / "small", person="Ada") as project:
        source_id = project.register_source(kind="table", location="shop.csv", title="shop.csv")
        project.apply(ImportBatch(source_id, records()))
        yield project
