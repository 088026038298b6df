"""taxonomy: the tree of categories: show it, take one in, write it, describe a category."""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np

from prodlabel.cli.output import table
from prodlabel.cli.verb import Session, Verb, person_argument, project_argument
from prodlabel.core.errors import InputError
from prodlabel.operations.taxonomy import describe_category, export_taxonomy, import_taxonomy
from prodlabel.project.project import Project
from prodlabel.sources.taxonomies.registry import TAXONOMIES

_SHOWN_PROBLEMS = 20


def _arguments(parser: argparse.ArgumentParser) -> None:
    project_argument(parser)
    parser.add_argument(
        "file",
        type=Path,
        nargs="?",
        metavar="FILE",
        help="take the categories of this file in (default: show those that are there)",
    )
    parser.add_argument(
        "--kind", choices=[one.kind for one in TAXONOMIES], help="what it is (default: found)"
    )
    parser.add_argument(
        "--language", default="en", metavar="XX", help="of the names, where there are several (default: en)"
    )
    parser.add_argument(
        "--write", type=Path, metavar="FILE", help="write the categories there (.csv or Google's .txt)"
    )
    parser.add_argument(
        "--describe",
        nargs=2,
        metavar=("KEY", "SENTENCE"),
        help="say in a sentence what belongs to a category: suggestions read it while there are few labels",
    )
    person_argument(parser)


def _run(session: Session) -> None:
    arguments = session.arguments
    if sum(one is not None for one in (arguments.file, arguments.write, arguments.describe)) > 1:
        raise InputError("These are several steps. Give one of FILE, --write FILE and --describe.")
    if arguments.file is not None:
        _take_in(session)
    elif arguments.write is not None:
        _write(session)
    elif arguments.describe is not None:
        key, sentence = arguments.describe
        with session.project() as project:
            path = describe_category(project, key, sentence)
        session.output.show(f"Described {path}.", {"key": key, "description": sentence})
    else:
        with session.project(read_only=True) as project:
            _show(session, project)


def _take_in(session: Session) -> None:
    arguments = session.arguments
    with session.project() as project:
        report = import_taxonomy(
            project, arguments.file, session.progress, kind=arguments.kind, language=arguments.language
        )
    lines = [f"{report.title}: {report.read:,} categories, {report.added:,} of them new."]
    if report.described:
        lines.append(f"{report.described:,} that were there have a new description.")
    lines += [f"  row {one.row}: {one.message}" for one in report.problems[:_SHOWN_PROBLEMS]]
    more = report.problem_count - _SHOWN_PROBLEMS
    if more > 0:
        lines.append(f"... and {more:,} more problems; --json lists them.")
    problems = [{"code": p.code, "row": p.row, "key": p.key, "message": p.message} for p in report.problems]
    data = {
        "categories": report.read,
        "added": report.added,
        "described": report.described,
        "problems": problems,
    }
    session.output.show("\n".join(lines), data)


def _write(session: Session) -> None:
    path = session.arguments.write
    with session.project(read_only=True) as project:
        count = export_taxonomy(project, path)
    session.output.show(f"Wrote {count:,} categories to {path}.", {"categories": count, "file": str(path)})


def _show(session: Session, project: Project) -> None:
    columns, taxonomy = project.columns, project.taxonomy
    counts = np.bincount(columns.category, minlength=max(taxonomy.by_id, default=0) + 1)
    rows, data = [], []
    for category in taxonomy:
        count = int(counts[category.id])
        indent = "  " * (taxonomy.level(category.id) - 1)
        rows.append([indent + category.name, f"{count:,}", category.key, category.description])
        path = list(taxonomy.path(category.id))
        data.append(
            {"key": category.key, "path": path, "products": count, "description": category.description}
        )
    session.output.show(table(rows, right=[1]) or "There are no categories yet.", {"categories": data})


TAXONOMY = Verb(
    "taxonomy",
    "show the categories, take in a taxonomy (CSV, Google, Open Food Facts), write it, or describe one",
    "taxonomy shop.prodlabel google_taxonomy.txt",
    _arguments,
    _run,
)
