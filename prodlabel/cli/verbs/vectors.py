"""The part of `prodlabel import` that takes in vectors and maps that were computed elsewhere."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from prodlabel.cli.verb import Session
from prodlabel.core.errors import InputError
from prodlabel.operations.ready_vectors import KINDS, TEXT, BroughtReport, bring_layout, bring_vectors
from prodlabel.operations.spaces import FUSED, MAPS
from prodlabel.project.project import Project
from prodlabel.sources.arrays import open_numbers


def vector_arguments(parser: argparse.ArgumentParser) -> None:
    """What only ready vectors and maps need."""
    group = parser.add_argument_group("ready vectors and maps (with or without a CATALOGUE)")
    group.add_argument(
        "--vectors", type=Path, metavar="FILE", help=".npy (n, d), or Parquet with a column of lists"
    )
    group.add_argument(
        "--vectors-of", choices=KINDS, default=TEXT, help=f"what they are vectors of (default: {TEXT})"
    )
    group.add_argument("--vectors-name", default="vectors", metavar="NAME", help="what to call them")
    group.add_argument("--vectors-column", metavar="NAME", help="which column of the Parquet file")
    group.add_argument(
        "--xy", type=Path, metavar="FILE", help="a map: .npy (n, 2), or CSV or Parquet with key, x and y"
    )
    group.add_argument("--xy-of", choices=MAPS, default=FUSED, help=f"which map (default: {FUSED})")
    group.add_argument(
        "--ids",
        type=Path,
        metavar="FILE",
        help="the keys of the rows of a .npy, one a line (default: the order of the products)",
    )


def brings_arrays(arguments: argparse.Namespace) -> bool:
    """Whether the command names vectors or a map. Raises `InputError` for keys of nothing."""
    is_any = arguments.vectors is not None or arguments.xy is not None
    if arguments.ids is not None and not is_any:
        raise InputError("--ids names the rows of --vectors or --xy. Give one of them too.")
    return is_any


def take_arrays(session: Session, project: Project) -> list[BroughtReport]:
    """Take in what the command names."""
    arguments, reports = session.arguments, []
    if arguments.vectors is not None:
        numbers = open_numbers(arguments.vectors, arguments.ids, arguments.vectors_column)
        reports.append(
            bring_vectors(
                project,
                numbers,
                session.progress,
                kind=arguments.vectors_of,
                name=arguments.vectors_name,
            )
        )
    if arguments.xy is not None:
        ids = arguments.ids if arguments.xy.suffix.lower() == ".npy" else None
        reports.append(bring_layout(project, arguments.xy, session.progress, ids=ids, name=arguments.xy_of))
    return reports


def arrays_text(reports: list[BroughtReport]) -> list[str]:
    """A line for each."""
    return [
        f"{one.name}: {one.products:,} products of {one.rows:,} rows"
        + (f"; {one.unknown:,} keys name no product." if one.unknown else ".")
        for one in reports
    ]


def arrays_data(reports: list[BroughtReport]) -> list[dict[str, Any]]:
    """The same for machines."""
    return [
        {"name": one.name, "rows": one.rows, "products": one.products, "unknown": one.unknown}
        for one in reports
    ]
