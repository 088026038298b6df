"""What a verb is: a name, a sentence, an example, its arguments, and the function that does it."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from prodlabel.cli.output import Output
from prodlabel.core.progress import Progress
from prodlabel.project.project import Project

ShowProject = Callable[[Path], str]
"""Shows a project as well as this computer can (a window, or pictures of one); says what it did."""


def show_nothing(_folder: Path) -> str:
    """For callers that have nothing to show a project with."""
    return ""


@dataclass(frozen=True, slots=True)
class Session:
    """What a running verb has: its arguments, where to say things, how to report progress and to show."""

    arguments: argparse.Namespace
    output: Output
    progress: Progress
    show_project: ShowProject = show_nothing

    @contextmanager
    def project(self, *, read_only: bool = False) -> Iterator[Project]:
        """The project that the command names, open for the duration of the block."""
        person = getattr(self.arguments, "person", None)
        with Project.open(self.arguments.project, read_only=read_only, person=person) as project:
            yield project


@dataclass(frozen=True, slots=True)
class Verb:
    """One line of the table of verbs. `summary` begins small and has no full stop.

    `run` gives the exit code where that is not 0 although nothing was raised.
    """

    name: str
    summary: str
    example: str
    add_arguments: Callable[[argparse.ArgumentParser], None]
    run: Callable[[Session], int | None]


def project_argument(parser: argparse.ArgumentParser) -> None:
    """The argument that nearly every verb has."""
    parser.add_argument("project", type=Path, metavar="PROJECT", help="the project folder")


def person_argument(parser: argparse.ArgumentParser) -> None:
    """Who decides, where it is not the user of this computer."""
    parser.add_argument("--person", metavar="NAME", help="who decides (default: the name of your login)")
