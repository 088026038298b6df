"""fetch: weights that do not ship with the program, from where their makers publish them."""

from __future__ import annotations

import argparse

from prodlabel.cli.output import table
from prodlabel.cli.verb import Session, Verb
from prodlabel.encoders.fetch import FETCHABLE, fetch, fetchable


def _fetch_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("encoder", nargs="?", metavar="ENCODER", help="whose weights (default: list them)")


def _fetch(session: Session) -> None:
    if session.arguments.encoder is None:
        rows = [[one.id, one.licence, file.url] for one in FETCHABLE for file in one.files]
        found = [{"id": row[0], "licence": row[1], "url": row[2]} for row in rows]
        session.output.show(table(rows), {"fetchable": found})
        return
    paths = fetch(fetchable(session.arguments.encoder), session.progress)
    text = "\n".join(f"{path} is here and its checksum is right." for path in paths)
    session.output.show(text, {"files": [str(path) for path in paths]})


FETCH = Verb(
    "fetch", "fetch weights that do not ship with the program", "fetch resnet50", _fetch_arguments, _fetch
)
