"""import: products in."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from contextlib import ExitStack, closing
from dataclasses import replace
from pathlib import Path
from typing import Any, NoReturn

from prodlabel.cli.verb import Session, Verb, person_argument, project_argument
from prodlabel.cli.verbs.food import (
    dump_of,
    food_arguments,
    is_food,
    preview_food,
    remember_settings,
    take_food,
)
from prodlabel.cli.verbs.merging import (
    comparison_data,
    comparison_text,
    difference_data,
    difference_lines,
    merge_arguments,
    take_of,
)
from prodlabel.cli.verbs.vectors import (
    arrays_data,
    arrays_text,
    brings_arrays,
    take_arrays,
    vector_arguments,
)
from prodlabel.core.errors import InputError
from prodlabel.core.products import Problem
from prodlabel.operations.comparing import compare_opened
from prodlabel.operations.food import DOWNLOADS
from prodlabel.operations.importing import ImportReport, ImportSettings, import_opened, write_problems
from prodlabel.operations.pictures import PictureReport, look_at_pictures
from prodlabel.operations.ready_vectors import BroughtReport
from prodlabel.project.project import Project
from prodlabel.sources.food.source import downloads
from prodlabel.sources.food.with_pictures import WithPictures
from prodlabel.sources.mapping import ColumnMapping
from prodlabel.sources.protocol import Catalogue, OpenOptions
from prodlabel.sources.registry import SOURCES, open_catalogue

_SHOWN_PROBLEMS = 20
_DELIMITERS = {"tab": "\t", "\\t": "\t"}
"""What people type for a character that shells do not let through easily."""
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
    parser.add_argument("--delimiter", help="between fields, or tab (default: found)")
    parser.add_argument(
        "--level", type=int, metavar="N", help="label with the first N levels of the path only (0: all)"
    )
    parser.add_argument(
        "--problems", type=Path, metavar="FILE", help="write the list of problems there (TSV)"
    )
    parser.add_argument(
        "--fetch-pictures", action="store_true", help="fetch the pictures that are named by an address"
    )
    parser.add_argument(
        "--apart", action="store_true", help="decode pictures in processes of their own, with limits"
    )
    person_argument(parser)
    merge_arguments(parser)
    food_arguments(parser)
    vector_arguments(parser)


def _import(session: Session) -> int:
    arguments = session.arguments
    if is_food(arguments):
        return _import_food(session)
    if arguments.catalogue is None and brings_arrays(arguments):
        with session.project() as project:
            brought = take_arrays(session, project)
        session.output.show("\n".join(arrays_text(brought)), {"arrays": arrays_data(brought)})
        return 0
    if arguments.catalogue is None:
        raise InputError("No catalogue is given. Name a file or a folder, or a food database with --from.")
    options = _options(arguments)
    catalogue = open_catalogue(arguments.catalogue, options, arguments.kind)
    return _take(session, catalogue, arguments.catalogue)


def _take(session: Session, catalogue: Catalogue, location: Path) -> int:
    """Import an opened catalogue and look at its pictures."""
    arguments = session.arguments
    level = {None: 0, 0: None}.get(arguments.level, arguments.level)
    settings = ImportSettings(location, label_level=level, take=take_of(arguments))
    if arguments.preview:
        with session.project(read_only=True) as project:
            found = compare_opened(project.snapshot(), settings, catalogue, session.progress)
        session.output.show(comparison_text(found), comparison_data(found))
        return 0
    with session.project() as project, ExitStack() as opened:
        if arguments.fetch_pictures:
            folder = arguments.pictures or project.folder / DOWNLOADS
            fetcher = opened.enter_context(closing(downloads(folder, remember_settings(arguments))))
            catalogue = WithPictures(catalogue, fetcher)
        report = import_opened(project, settings, catalogue, session.progress)
        pictures = _look(session, project, report)
        if not report.products:
            _refuse(session, report)
        brought = take_arrays(session, project) if brings_arrays(arguments) else []
    return _say(session, report, pictures, brought)


def _look(session: Session, project: Project, report: ImportReport) -> PictureReport:
    return look_at_pictures(
        project, session.progress, rows=report.picture_rows, is_apart=session.arguments.apart
    )


def _refuse(session: Session, report: ImportReport) -> NoReturn:
    """A source from which nothing could be taken is no import that went well."""
    if session.arguments.problems is not None:
        write_problems(session.arguments.problems, report.problems)
    why = f" {_problem_line(report.problems[0]).strip()}" if report.problems else ""
    raise InputError(
        f"{report.title} gave no product.{why} Choose another file, or say what it is (--kind, --column)."
    )


def _say(
    session: Session, report: ImportReport, pictures: PictureReport, brought: Sequence[BroughtReport] = ()
) -> int:
    """Say what came of it."""
    if session.arguments.problems is not None:
        write_problems(session.arguments.problems, report.problems + pictures.problems)
    text, data = import_text(report, pictures), import_data(report, pictures)
    if brought:
        text = "\n".join([text, *arrays_text(list(brought))])
        data["arrays"] = arrays_data(list(brought))
    session.output.show(text, data)
    return 0


def _import_food(session: Session) -> int:
    arguments = session.arguments
    if arguments.preview:
        preview_food(session)
        return 0
    if arguments.dump is not None:
        catalogue = dump_of(arguments)
        return _take(session, catalogue, catalogue.location)
    with session.project() as project:
        level = {None: 0, 0: None}.get(arguments.level, arguments.level)
        found, report = take_food(session, project, level)
        pictures = _look(session, project, report)
    if found.stopped_by is not None:
        if arguments.problems is not None:
            write_problems(arguments.problems, report.problems + pictures.problems)
        raise type(found.stopped_by)(
            found.stopped_by.trouble,
            f"{found.stopped_by} {report.products:,} products found before are kept.",
        )
    return _say(session, report, pictures)


def _options(arguments: argparse.Namespace) -> OpenOptions:
    options = OpenOptions(
        picture_folder=arguments.pictures,
        encoding=arguments.encoding,
        delimiter=_DELIMITERS.get(arguments.delimiter, arguments.delimiter),
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
    total = report.problem_count + pictures.problem_count
    if total > _SHOWN_PROBLEMS:
        which = "them all" if total == len(problems) else f"the first {len(problems):,}"
        lines.append(f"... and {total - _SHOWN_PROBLEMS:,} more; --problems FILE writes {which}.")
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
        "problem_counts": dict(report.problem_counts + pictures.problem_counts),
        "problems": [{"code": p.code, "row": p.row, "key": p.key, "message": p.message} for p in problems],
    }


IMPORT = Verb(
    "import",
    "take products in from a table or a folder; the same again changes nothing",
    "import shop.prodlabel catalogue.csv --pictures images",
    _import_arguments,
    _import,
)
