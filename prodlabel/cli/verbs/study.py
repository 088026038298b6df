"""study, demo: everything at once, on the user's catalogue or on the one that prodlabel draws itself."""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

from prodlabel.cli.figures import figures_text
from prodlabel.cli.verb import Session, Verb, person_argument
from prodlabel.cli.verbs.catalogue import import_text
from prodlabel.cli.verbs.report import report_text
from prodlabel.core.errors import InputError
from prodlabel.operations.importing import ImportSettings
from prodlabel.operations.study import StudyReport, open_or_create, study
from prodlabel.project.places import is_project, with_suffix
from prodlabel.sources.demo import write_demo_catalogue
from prodlabel.sources.protocol import OpenOptions

DEMO_NAME = "Demo shop (drawn, not photographed)"


def _study_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "catalogue", type=Path, metavar="CATALOGUE", help="a CSV or TSV file, a folder, or a project"
    )
    parser.add_argument(
        "--project", type=Path, metavar="FOLDER", help="where to keep it (default: beside you, named alike)"
    )
    parser.add_argument("--pictures", type=Path, metavar="FOLDER", help="where the pictures are")
    parser.add_argument(
        "--report", type=Path, metavar="FILE.html", help="where to write it (default: beside the project)"
    )
    parser.add_argument(
        "--level",
        type=int,
        metavar="N",
        help="label with the first N levels of the path only (0: all; with --full at least two by default)",
    )
    parser.add_argument(
        "--full",
        action="store_true",
        help="compare all encoders, clusterings and classifiers too (minutes; stop and go on as you like)",
    )
    parser.add_argument(
        "--networks",
        action="store_true",
        help="train the networks too, to be compared and not put in use (minutes more; needs TensorFlow)",
    )
    person_argument(parser)


def _study(session: Session) -> None:
    arguments = session.arguments
    if not arguments.catalogue.exists():
        raise InputError(f"{arguments.catalogue} does not exist. Check the path.")
    is_made = is_project(arguments.catalogue)
    folder = with_suffix(arguments.project or Path(arguments.catalogue.stem))
    if is_made:
        folder = arguments.catalogue
    page = arguments.report or folder.with_name(f"{folder.stem}-report.html")
    options = OpenOptions(picture_folder=arguments.pictures)
    with open_or_create(folder, person=arguments.person) as project:
        level = 0 if arguments.level is None else arguments.level or None
        settings = ImportSettings(arguments.catalogue, options=options, label_level=level)
        catalogue = None if is_made else settings
        report = study(
            project, catalogue, page, session.progress,
            is_full=arguments.full, with_networks=arguments.networks,
        )  # fmt: skip
    session.output.show(study_text(report), report.as_json())


def study_text(report: StudyReport) -> str:
    """What a study came to, in a few lines."""
    lines = [] if report.imported is None else [import_text(report.imported, report.pictures)]
    if report.figures is not None:
        lines.append(f"Classifier version {report.version}: {figures_text(report.figures)}")
    if report.suggestions is not None:
        said = report.suggestions
        lines.append(
            f"{said.products:,} suggestions, {said.sure:,} sure; {said.without_label:,} for products without "
            f"a category, {said.differing:,} differ from the label."
        )
    if report.report is not None:
        lines.append(report_text(replace(report.report, remade=())))
    if report.remade:
        lines.append(f"Damaged, and measured again: {', '.join(report.remade)}.")
    lines.append(f"Project: {report.project}")
    return "\n".join(lines)


def _demo_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "folder",
        type=Path,
        nargs="?",
        default=Path("prodlabel-demo"),
        metavar="FOLDER",
        help="where to put it",
    )
    parser.add_argument("--fresh", action="store_true", help="study the catalogue again")
    parser.add_argument("--no-window", action="store_true", help="do not show the project at the end")


def _demo(session: Session) -> None:
    folder: Path = session.arguments.folder
    catalogue = folder / "catalogue" / "catalogue.csv"
    project_folder = with_suffix(folder / "demo")
    done = folder / "studied"
    if session.arguments.fresh:
        done.unlink(missing_ok=True)
    if done.is_file() and project_folder.is_dir():
        text = f"The demo is ready: {project_folder}"
        session.output.show(text, {"project": str(project_folder)})
        _show(session, project_folder)
        return
    if not catalogue.is_file():
        catalogue = write_demo_catalogue(folder / "catalogue", progress=session.progress)
    with open_or_create(project_folder, name=DEMO_NAME) as project:
        report = study(project, ImportSettings(catalogue), folder / "report.html", session.progress)
    done.write_text("The demo has been studied; remove this file to do it again.\n", encoding="utf-8")
    session.output.show(study_text(report), report.as_json())
    _show(session, project_folder)


def _show(session: Session, project_folder: Path) -> None:
    if not session.arguments.no_window:
        session.output.note(session.show_project(project_folder))


STUDY = Verb(
    "study",
    "do everything: import, encode, map, cluster, train, suggest, report",
    "study catalogue.csv --pictures images",
    _study_arguments,
    _study,
)
DEMO = Verb(
    "demo",
    "the same on a small shop that prodlabel draws and writes itself",
    "demo",
    _demo_arguments,
    _demo,
)
