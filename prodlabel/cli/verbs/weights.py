"""fetch: weights that do not ship with the program, from where their makers publish them."""

from __future__ import annotations

import argparse

from prodlabel.cli.output import table
from prodlabel.cli.verb import Session, Verb
from prodlabel.core.errors import InputError
from prodlabel.encoders.fetch import FETCHABLE, fetch, fetchable, fetchable_from, sha256_of
from prodlabel.encoders.registry import entry


def _fetch_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("encoder", nargs="?", metavar="ENCODER", help="whose weights (default: list them)")
    parser.add_argument(
        "--url",
        action="append",
        metavar="ADDRESS",
        help="fetch this file instead of the usual one (may be repeated)",
    )
    parser.add_argument(
        "--sha256",
        action="append",
        metavar="SUM",
        help="of each --url, in their order; compared with what came",
    )


def _fetch(session: Session) -> None:
    arguments = session.arguments
    if arguments.encoder is None:
        if arguments.url or arguments.sha256:
            raise InputError("--url says where from, not what for. Name the encoder, too.")
        rows = [[one.id, one.licence, file.url] for one in FETCHABLE for file in one.files]
        found = [{"id": row[0], "licence": row[1], "url": row[2]} for row in rows]
        session.output.show(table(rows), {"fetchable": found})
        return
    if arguments.sha256 and not arguments.url:
        raise InputError("--sha256 is of what --url names. Give the address, too.")
    urls, sums = arguments.url or [], arguments.sha256 or []
    weights = fetchable_from(arguments.encoder, urls, sums) if urls else fetchable(arguments.encoder)
    paths = fetch(weights, session.progress)
    if all(one.digest for one in weights.files):
        lines = [f"{path} is here and its checksum is right." for path in paths]
    else:
        lines = [f"{path} is here; its makers say no checksum. SHA-256: {sha256_of(path)}" for path in paths]
    missing = entry(arguments.encoder).what_is_missing()
    session.output.show(
        "\n".join([*lines, *([missing] if missing else [])]),
        {"files": [str(path) for path in paths], "missing": missing},
    )


FETCH = Verb(
    "fetch", "fetch weights that do not ship with the program", "fetch resnet50", _fetch_arguments, _fetch
)
