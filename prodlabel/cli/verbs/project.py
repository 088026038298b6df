"""new, info, check: the project as a whole."""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np

from prodlabel.cli.output import table
from prodlabel.cli.verb import Session, Verb, person_argument, project_argument
from prodlabel.core.errors import ProjectDamagedError, ProjectError
from prodlabel.core.labels import NO_CATEGORY, Status
from prodlabel.operations.attribution import attributions
from prodlabel.operations.check import check_project
from prodlabel.operations.repair import repair
from prodlabel.project.places import with_suffix
from prodlabel.project.project import Project


def _new_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("project", type=Path, metavar="PROJECT", help="the folder to make")
    parser.add_argument("--name", help="what to call it (default: the folder's name)")
    person_argument(parser)


def _new(session: Session) -> None:
    arguments = session.arguments
    with Project.create(arguments.project, name=arguments.name, person=arguments.person) as project:
        folder = project.folder
    session.output.show(
        f"Made {folder}. Next: prodlabel import {folder} CATALOGUE.csv", {"project": str(folder)}
    )


def _info(session: Session) -> None:
    with session.project(read_only=True) as project:
        columns, taxonomy = project.columns, project.taxonomy
        level_1 = taxonomy.at_level(1)[columns.category] if len(columns) else columns.category
        counts = {c.name: int(np.count_nonzero(level_1 == c.id)) for c in taxonomy.children(None)}
        data = {
            "name": project.name,
            "folder": str(project.folder),
            "products": len(columns),
            "with_picture": int(columns.has_picture.sum()),
            "categories": counts,
            "without_category": int(np.count_nonzero(columns.category == NO_CATEGORY)),
            "status": {s.word: int(np.count_nonzero(columns.status == s)) for s in Status},
            "sources": [source.title for source in project.sources.values()],
            "attribution": attributions(project.sources.values()),
            "results": [
                {"kind": one.kind, "name": one.name, "figures": dict(one.figures)}
                for one in project.results.list()
                if one.is_current
            ],
            "undo": project.undo_text(),
        }
    session.output.show(_info_text(data), data)


def _info_text(data: dict[str, object]) -> str:
    categories = data["categories"]
    assert isinstance(categories, dict)
    rows = [[name, f"{count:,}"] for name, count in sorted(categories.items(), key=lambda item: -item[1])]
    lines = [
        f"{data['name']}: {data['products']:,} products, {data['with_picture']:,} with a picture",
        f"{data['without_category']:,} without a category",
    ]
    if rows:
        lines += ["", table(rows, right=[1])]
    results = data["results"]
    assert isinstance(results, list)
    if results:
        made = ", ".join(f"{one['kind']} “{one['name']}”" for one in results)
        lines += ["", f"Computed: {made}"]
    attribution = data["attribution"]
    assert isinstance(attribution, list)
    if attribution:
        lines += ["", *attribution]
    if data["undo"]:
        lines += ["", f"Undo would take back: {data['undo']}"]
    return "\n".join(lines)


def _check_arguments(parser: argparse.ArgumentParser) -> None:
    project_argument(parser)
    parser.add_argument(
        "--repair", action="store_true", help="rescue what is whole and drop what can be made again"
    )


def _check(session: Session) -> int:
    done: list[str] = []
    if session.arguments.repair:
        given = session.arguments.project
        folder = given if given.is_dir() else with_suffix(given)
        if not folder.is_dir():
            raise ProjectError(f"There is no project at {folder}. Make one with `prodlabel new`.")
        done = repair(folder, session.progress)
    with session.project(read_only=True) as project:
        findings = check_project(project.snapshot(), session.progress)
    text = "\n".join([*done, *(findings or ["All is well."])])
    session.output.show(text, {"is_well": not findings, "findings": findings, "repaired": done})
    return ProjectDamagedError.exit_code if findings else 0


NEW = Verb("new", "make an empty project", 'new shop.prodlabel --name "My shop"', _new_arguments, _new)
INFO = Verb("info", "say what a project holds", "info shop.prodlabel", project_argument, _info)
CHECK = Verb(
    "check",
    "look whether everything in a project is whole, and mend what is not",
    "check shop.prodlabel --repair",
    _check_arguments,
    _check,
)
