"""import, export: products in, decisions out."""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path
from typing import Any

from prodlabel.cli.verb import Session, Verb, person_argument, project_argument
from prodlabel.cli.verbs.food import food_arguments, is_food, preview_food, take_food
from prodlabel.cli.verbs.merging import (
    comparison_data,
    comparison_text,
    difference_data,
    difference_lines,
    merge_arguments,
    take_of,
)
from prodlabel.core.errors import InputError
from prodlabel.core.products import Problem
from prodlabel.operations.comparing import compare_catalogue
from prodlabel.operations.export import export_project
from prodlabel.operations.importing import ImportReport, ImportSettings, import_catalogue, write_problems
from prodlabel.operations.pictures import PictureReport, look_at_pictures
from prodlabel.sources.exports.registry import EXPORTS
from prodlabel.sources.mapping import ColumnMapping
from prodlabel.sources.protocol import OpenOptions
from prodlabel.sources.registry import SOURCES, open_catalogue

_SHOWN_PROBLEMS = 20
_ROLES = ("key", "name", "description", "category", "picture", "brand")


def _import_arguments(parser: argparse.ArgumentParser) -> None:
    project_argument(parser)
    parser.add_argument(
        "catalogue", type=Path, nargs="?", metavar="CATALOGUE", help="a table, file, ZIP or folder"
    )
    kinds = ", ".join(source.kind for source in SOURCES)
    parser.add_argument(
        "--kind", metavar="KIND", help=f"what it is: {kinds} or a plugin's (default: found from its contents)"
    )
    parser.add_argument("--table", metavar="NAME", help="which table or sheet, where there are several")
    parser.add_argument("--pictures", type=Path, metavar="FOLDER", help="where the pictures are")
    parser.add_argument(
        "--column",
        action="append",
        metavar="ROLE=NAME",
        default=[],
        help=f"which column is what; ROLE is one of {', '.join(_ROLES)} (may be repeated)",
    )
    parser.add_argument("--encoding", help="of the file (default: found)")
    parser.add_argument("--delimiter", help="between fields (default: found)")
    parser.add_argument(
        "--level", type=int, metavar="N", help="label with the first N levels of the path only (0: all)"
    )
    parser.add_argument(
        "--problems", type=Path, metavar="FILE", help="write the list of problems there (TSV)"
    )
    person_argument(parser)
    merge_arguments(parser)
    food_arguments(parser)


def _import(session: Session) -> None:
    arguments = session.arguments
    if is_food(arguments):
        _import_food(session)
        return
    if arguments.catalogue is None:
        raise InputError("No catalogue is given. Name a file or a folder, or a food database with --from.")
    options = _options(arguments)
    level = {None: 0, 0: None}.get(arguments.level, arguments.level)
    settings = ImportSettings(arguments.catalogue, arguments.kind, options, level, take_of(arguments))
    if arguments.preview:
        with session.project(read_only=True) as project:
            found = compare_catalogue(project.snapshot(), settings, session.progress)
        session.output.show(comparison_text(found), comparison_data(found))
        return
    with session.project() as project:
        report = import_catalogue(project, settings, session.progress)
        pictures = look_at_pictures(project, session.progress, rows=report.picture_rows)
    problems = report.problems + pictures.problems
    if arguments.problems is not None:
        write_problems(arguments.problems, problems)
    session.output.show(import_text(report, pictures), import_data(report, pictures))


def _import_food(session: Session) -> None:
    arguments = session.arguments
    if arguments.preview:
        preview_food(session)
        return
    with session.project() as project:
        level = {None: 0, 0: None}.get(arguments.level, arguments.level)
        catalogue, report = take_food(session, project, level)
        pictures = look_at_pictures(project, session.progress, rows=report.picture_rows)
    if arguments.problems is not None:
        write_problems(arguments.problems, report.problems + pictures.problems)
    if catalogue.stopped_by is not None:
        kept = report.added + report.changed + report.same
        raise type(catalogue.stopped_by)(
            catalogue.stopped_by.trouble,
            f"{catalogue.stopped_by} {kept:,} products found before are kept.",
        )
    session.output.show(import_text(report, pictures), import_data(report, pictures))


def _options(arguments: argparse.Namespace) -> OpenOptions:
    options = OpenOptions(
        picture_folder=arguments.pictures,
        encoding=arguments.encoding,
        delimiter=arguments.delimiter,
        table=arguments.table,
    )
    if not arguments.column:
        return options
    guessed = open_catalogue(arguments.catalogue, options, arguments.kind).mapping
    said = guessed.to_json() if guessed is not None else {}
    for pair in arguments.column:
        role, equals, column = pair.partition("=")
        if role not in _ROLES or not equals:
            raise InputError(f"--column {pair} is not ROLE=NAME. ROLE is one of {', '.join(_ROLES)}.")
        said[role] = column or None
    return replace(options, mapping=ColumnMapping.from_json(said))


def import_text(report: ImportReport, pictures: PictureReport) -> str:
    """What an import came to, with the first problems."""
    lines = [
        f"{report.title}: {report.added:,} products added, {report.changed:,} changed, "
        f"{report.same:,} as before."
    ]
    lines += difference_lines(report.differences, report.difference_count)
    usable = pictures.looked_at + pictures.known - pictures.unusable
    if pictures.looked_at or pictures.known:
        lines.append(f"{usable:,} pictures can be used, {pictures.unusable:,} cannot.")
    problems = report.problems + pictures.problems
    lines += [_problem_line(problem) for problem in problems[:_SHOWN_PROBLEMS]]
    total = sum(report.problem_counts.values()) + len(pictures.problems)
    if total > _SHOWN_PROBLEMS:
        lines.append(f"... and {total - _SHOWN_PROBLEMS:,} more; --problems FILE writes them all.")
    return "\n".join(lines)


def _problem_line(problem: Problem) -> str:
    place = f"row {problem.row}" if problem.row is not None else (problem.key or "")
    return f"  {place}: {problem.message}" if place else f"  {problem.message}"


def import_data(report: ImportReport, pictures: PictureReport) -> dict[str, Any]:
    """The same for machines."""
    problems = report.problems + pictures.problems
    return {
        "added": report.added,
        "changed": report.changed,
        "same": report.same,
        "pictures": pictures.looked_at + pictures.known,
        "pictures_unusable": pictures.unusable,
        "differences": difference_data(report.differences),
        "problem_counts": dict(report.problem_counts),
        "problems": [{"code": p.code, "row": p.row, "key": p.key, "message": p.message} for p in problems],
    }


def _export_arguments(parser: argparse.ArgumentParser) -> None:
    project_argument(parser)
    parser.add_argument("file", type=Path, metavar="FILE", help="where to write; its ending says the format")
    kinds = ", ".join(one.kind for one in EXPORTS)
    parser.add_argument(
        "--kind", metavar="KIND", help=f"the format: {kinds} or a plugin's (default: from the ending)"
    )
    parser.add_argument(
        "--changed", action="store_true", help="only what changed since the last export of this kind"
    )


def _export(session: Session) -> None:
    arguments = session.arguments
    with session.project(read_only=True) as project:
        count = export_project(
            project,
            arguments.file,
            session.progress,
            kind=arguments.kind,
            only_changed=arguments.changed,
        )
    session.output.show(
        f"Wrote {count:,} products to {arguments.file}.", {"products": count, "file": str(arguments.file)}
    )


IMPORT = Verb(
    "import",
    "take products in from a table or a folder; the same again changes nothing",
    "import shop.prodlabel catalogue.csv --pictures images",
    _import_arguments,
    _import,
)
EXPORT = Verb(
    "export",
    "write products with labels, suggestions and who decided what",
    "export shop.prodlabel labels.csv",
    _export_arguments,
    _export,
)
