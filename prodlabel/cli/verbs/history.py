"""relabel, undo, redo, history: decisions and how to take them back."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from datetime import UTC, datetime

from prodlabel.cli.output import table
from prodlabel.cli.selection import chosen_rows, selection_arguments
from prodlabel.cli.verb import Session, Verb, person_argument, project_argument
from prodlabel.core.edits import AddCategory, Because, Edit, Relabel
from prodlabel.core.errors import InputError
from prodlabel.core.labels import Status
from prodlabel.operations.pictures import count_unseen, look_at_pictures
from prodlabel.project.planning import plan_add
from prodlabel.project.project import Project


def _relabel_arguments(parser: argparse.ArgumentParser) -> None:
    project_argument(parser)
    parser.add_argument("category", metavar="CATEGORY", help="its name, path (`A > B`) or key")
    selection_arguments(parser, "which products (at least one; products must fit all)")
    parser.add_argument("--new", action="store_true", help="make the category where there is none")
    parser.add_argument("--reason", default="", help="why, for the history")
    person_argument(parser)


def _relabel(session: Session) -> None:
    arguments = session.arguments
    with session.project() as project:
        rows = chosen_rows(project, arguments)
        if rows is None:
            raise InputError("No products are named. Say which, with --key, --words or --from.")
        category = project.taxonomy.find_by_text(arguments.category)
        because, edits = Because(arguments.reason), list[Edit]()
        if category is None and arguments.new:
            add = AddCategory(arguments.category, because=because)
            category, edits = plan_add(project.taxonomy, add).id, [add]
        if category is None:
            names = ", ".join(sorted(c.name for c in project.taxonomy.children(None))[:8])
            raise InputError(
                f"There is no category “{arguments.category}”. There are: {names}. Add --new to make it."
            )
        ids = project.columns.product_id[rows]
        if not len(ids):
            path = () if edits else project.taxonomy.path(category)
            session.output.show("No product fits; nothing was changed.", {"relabelled": 0, "category": path})
            return
        project.apply(*edits, Relabel(ids, category, Status.CONFIRMED, because))
        said = project.history(limit=1)[0].summary
        session.output.show(said, {"relabelled": len(ids), "category": project.taxonomy.path(category)})


def _walk(session: Session, project: Project, walk: Callable[[], str | None]) -> str | None:
    """Undo or redo, and look at the pictures that come in place of others: what was known went with those."""
    unseen = count_unseen(project.folder)
    summary = walk()
    if count_unseen(project.folder) > unseen:
        look_at_pictures(project, session.progress)
    return summary


def _undo(session: Session) -> None:
    with session.project() as project:
        summary = _walk(session, project, project.undo)
        text = f"Undone: {summary}" if summary else "There is nothing to undo."
        session.output.show(text, {"undone": summary, "next": project.undo_text()})


def _redo(session: Session) -> None:
    with session.project() as project:
        summary = _walk(session, project, project.redo)
        text = f"Done again: {summary}" if summary else "There is nothing to redo."
        session.output.show(text, {"redone": summary, "next": project.redo_text()})


def _history_arguments(parser: argparse.ArgumentParser) -> None:
    project_argument(parser)
    parser.add_argument("--limit", type=int, default=20, metavar="N", help="how many lines (default: 20)")


def _history(session: Session) -> None:
    with session.project(read_only=True) as project:
        entries = project.history(limit=session.arguments.limit)
    rows, data = [], []
    for entry in entries:
        when = datetime.fromtimestamp(entry.at_us / 1e6, UTC)
        mark = {"undone": "undone", "dropped": "undone for good"}.get(entry.state, "")
        local = when.astimezone().strftime("%Y-%m-%d %H:%M")
        rows.append([str(entry.id), local, entry.person, entry.summary, entry.reason, mark])
        data.append(
            {
                "id": entry.id,
                "step": entry.step,
                "kind": entry.kind.value,
                "state": entry.state,
                "at": when.isoformat(),
                "person": entry.person,
                "summary": entry.summary,
                "reason": entry.reason,
                "products": entry.product_count,
                "classifier_version": entry.classifier_version,
            }
        )
    session.output.show(table(rows, right=[0]) or "Nothing has happened yet.", {"history": data})


RELABEL = Verb(
    "relabel",
    "give products another category, as one step that can be undone",
    'relabel shop.prodlabel "Home Furnishing" --words "bed sheet" --from "Baby Care"',
    _relabel_arguments,
    _relabel,
)
UNDO = Verb("undo", "take back the newest step", "undo shop.prodlabel", project_argument, _undo)
REDO = Verb("redo", "do again what was undone last", "redo shop.prodlabel", project_argument, _redo)
HISTORY = Verb(
    "history",
    "say who decided what, when and why, newest first",
    "history shop.prodlabel --limit 50",
    _history_arguments,
    _history,
)
