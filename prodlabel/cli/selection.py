"""Which products a verb means: by key, by words, by category; those that fit all of it."""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from prodlabel.core.errors import InputError
from prodlabel.project.project import Project


def selection_arguments(parser: argparse.ArgumentParser, title: str) -> None:
    """The arguments that `chosen_rows` reads."""
    chosen = parser.add_argument_group(title)
    chosen.add_argument("--key", action="append", metavar="KEY", help="this product (may be repeated)")
    chosen.add_argument("--keys", type=Path, metavar="FILE", help="these products; one key a line")
    chosen.add_argument("--words", metavar="WORDS", help="products whose name or description has these words")
    chosen.add_argument("--from", dest="from_category", metavar="CATEGORY", help="products of this category")


def chosen_rows(project: Project, arguments: argparse.Namespace) -> NDArray[np.int64] | None:
    """The rows that fit all that is said, ascending; None where nothing is. Raises `InputError`."""
    wanted = [*(arguments.key or ()), *(_read_keys(arguments.keys) if arguments.keys is not None else ())]
    if not (wanted or arguments.words or arguments.from_category):
        return None
    chosen = np.ones(len(project.columns), dtype=bool)
    if wanted:
        chosen &= _mask(project, project.rows_of_keys(wanted))
    if arguments.words:
        chosen &= _mask(project, project.search(arguments.words))
    if arguments.from_category:
        found = project.taxonomy.find_by_text(arguments.from_category)
        if found is None:
            raise InputError(
                f"There is no category “{arguments.from_category}”. `prodlabel taxonomy` lists them."
            )
        chosen &= _mask(project, project.rows_of_category(found))
    return np.flatnonzero(chosen)


def _read_keys(path: Path) -> list[str]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, ValueError) as error:
        raise InputError(f"{path} cannot be read as a text. Choose a file with one key a line.") from error
    keys = [line.strip() for line in text.splitlines() if line.strip()]
    if not keys:
        raise InputError(f"{path} names no product. Write one key a line.")
    return keys


def _mask(project: Project, rows: NDArray[np.int64]) -> NDArray[np.bool_]:
    mask = np.zeros(len(project.columns), dtype=bool)
    mask[rows] = True
    return mask
