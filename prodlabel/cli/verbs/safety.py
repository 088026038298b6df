"""backups: what each holds, making one, going back to one."""

from __future__ import annotations

import argparse
from dataclasses import asdict

from prodlabel.cli.output import table
from prodlabel.cli.verb import Session, Verb, project_argument
from prodlabel.core.errors import ProjectError
from prodlabel.operations.backups import BackupContents, back_up, choose, list_contents, restore
from prodlabel.project.places import with_suffix


def _backups_arguments(parser: argparse.ArgumentParser) -> None:
    project_argument(parser)
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--now", action="store_true", help="make a backup now")
    what.add_argument("--restore", metavar="N", help="go back to this one (its number or file name)")


def _backups(session: Session) -> None:
    arguments = session.arguments
    if arguments.now:
        with session.project() as project:
            made = back_up(project, session.progress)
        session.output.show(f"Made {made.path}.", {"backup": str(made.path), "bytes": made.size_bytes})
        return
    folder = arguments.project if arguments.project.is_dir() else with_suffix(arguments.project)
    if not folder.is_dir():
        raise ProjectError(f"There is no project at {folder}. Make one with `prodlabel new`.")
    contents = list_contents(folder)
    if arguments.restore is None:
        _list(session, contents)
        return
    chosen = choose(contents, arguments.restore)
    restored = restore(folder, chosen.path, session.progress)
    kept = f" The state before is kept as {restored.kept.name}." if restored.kept is not None else ""
    session.output.show(
        f"Restored {chosen.path.name}: {chosen.products:,} products, {chosen.edits:,} edits.{kept}",
        {"restored": str(restored.backup), "kept": restored.kept and str(restored.kept)},
    )


def _list(session: Session, contents: list[BackupContents]) -> None:
    rows = [["", "made", "why", "products", "labelled", "edits", "MB", "last step"]]
    for number, one in enumerate(contents, start=1):
        rows.append(
            [
                str(number),
                one.made.astimezone().strftime("%Y-%m-%d %H:%M"),
                one.reason,
                f"{one.products:,}",
                f"{one.labelled:,}",
                f"{one.edits:,}",
                f"{one.size_bytes / 1e6:,.1f}",
                one.problem or (one.last_steps[0].summary if one.last_steps else ""),
            ]
        )
    data = [
        {**asdict(one), "path": str(one.path), "made": one.made.isoformat()}
        for one in contents
    ]  # fmt: skip
    text = table(rows, right=[0, 3, 4, 5, 6]) if contents else "There is no backup yet."
    session.output.show(text, {"backups": data})


BACKUPS = Verb(
    "backups",
    "list the backups of a project, make one, or go back to one",
    "backups shop.prodlabel --restore 1",
    _backups_arguments,
    _backups,
)
