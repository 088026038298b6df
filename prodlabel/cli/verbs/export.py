"""export: decisions out, as a table, a folder, a column for a shop, or the classifier itself."""

from __future__ import annotations

import argparse
from pathlib import Path

from prodlabel.cli.selection import chosen_rows, selection_arguments
from prodlabel.cli.verb import Session, Verb, project_argument
from prodlabel.core.errors import InputError
from prodlabel.operations import classifier_export
from prodlabel.operations.attribution import attributions
from prodlabel.operations.export import export_project
from prodlabel.sources.exports.protocol import COLUMNS
from prodlabel.sources.exports.registry import EXPORTS


def _arguments(parser: argparse.ArgumentParser) -> None:
    project_argument(parser)
    parser.add_argument(
        "file", type=Path, metavar="FILE", help="where to write; its ending says the format (or a new folder)"
    )
    kinds = ", ".join(one.kind for one in EXPORTS)
    parser.add_argument(
        "--kind",
        metavar="KIND",
        help=f"the format: {kinds} or a plugin's (default: from the ending); {classifier_export.KIND}: the "
        "classifier, with labels and an example",
    )
    parser.add_argument(
        "--changed", action="store_true", help="only what changed since the last export of this kind"
    )
    parser.add_argument(
        "--columns",
        metavar="NAMES",
        help=f"with commas between them: {', '.join(COLUMNS)}, or attributes (default: all)",
    )
    parser.add_argument("--version", type=int, metavar="N", help="which classifier (default: the one in use)")
    selection_arguments(parser, "which products (default: all; products must fit all that is said)")


def _export(session: Session) -> None:
    arguments = session.arguments
    if arguments.kind == classifier_export.KIND:
        _export_classifier(session)
        return
    if arguments.version is not None:
        raise InputError(f"--version chooses a classifier. Give it with --kind {classifier_export.KIND}.")
    with session.project(read_only=True) as project:
        count = export_project(
            project,
            arguments.file,
            session.progress,
            kind=arguments.kind,
            rows=chosen_rows(project, arguments),
            columns=_columns(arguments.columns),
            only_changed=arguments.changed,
        )
        credits = attributions(project.sources.values())
    lines = [f"Wrote {count:,} products to {arguments.file}."]
    if credits:
        lines += ["Where you publish it, say:", *credits]
    data = {"products": count, "file": str(arguments.file), "attribution": credits}
    session.output.show("\n".join(lines), data)


def _columns(said: str | None) -> tuple[str, ...]:
    names = tuple(dict.fromkeys(filter(None, (part.strip() for part in (said or "").split(",")))))
    if said is not None and not names:
        raise InputError("No column is named. Give names with commas between them, or leave --columns out.")
    return names or COLUMNS


def _export_classifier(session: Session) -> None:
    folder, number = session.arguments.file, session.arguments.version
    with session.project(read_only=True) as project:
        version = classifier_export.export_classifier(project, folder, session.progress, number=number)
    classes = len(version.classifier.classes_)
    session.output.show(
        f"Wrote classifier version {version.number} with {classes:,} categories to {folder}. "
        f"Try it: python {folder / 'example.py'}",
        {"version": version.number, "categories": classes, "folder": str(folder)},
    )


EXPORT = Verb(
    "export",
    "write products with labels, suggestions and who decided what, or the classifier as ONNX",
    "export shop.prodlabel labels.csv",
    _arguments,
    _export,
)
