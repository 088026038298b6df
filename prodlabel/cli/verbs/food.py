"""The part of `prodlabel import` that asks food databases: its arguments, preview, key and outcome."""

from __future__ import annotations

import argparse
import getpass
import sys
from dataclasses import replace
from itertools import islice
from pathlib import Path

from prodlabel.cli.output import table
from prodlabel.cli.verb import Session
from prodlabel.cli.verbs.merging import take_of
from prodlabel.core.errors import InputError
from prodlabel.core.products import ProductRecord
from prodlabel.operations.food import DOWNLOADS, import_search
from prodlabel.operations.importing import ImportReport
from prodlabel.project.project import Project
from prodlabel.sources.food import attribution, credentials
from prodlabel.sources.food.barcodes import read_barcodes
from prodlabel.sources.food.catalogue import FoodCatalogue
from prodlabel.sources.food.dumps import DumpCatalogue, open_dump
from prodlabel.sources.food.query import EDAMAM, OPEN_FOOD_FACTS, PROVIDERS, REQUIRED, FoodQuery
from prodlabel.sources.food.settings import FoodSettings, load_settings, save_settings
from prodlabel.sources.food.source import open_search

_PREVIEWED = 10
MOST_IN_DUMP = 1_000_000
"""So many barcodes fit into memory; none of them is asked for."""


def food_arguments(parser: argparse.ArgumentParser) -> None:
    """What only a search in a food database understands."""
    group = parser.add_argument_group("food databases")
    group.add_argument(
        "--from", dest="search", nargs="+", metavar=("DATABASE", "WORDS"),
        help=f"search these words in {' or '.join(PROVIDERS)}; no CATALOGUE then",
    )  # fmt: skip
    group.add_argument("--country", default="", help="sold there (in English)")
    group.add_argument("--language", default="", metavar="XX", help="wished for names, two letters")
    group.add_argument("--brand", default="", help="of that brand")
    group.add_argument("--category", default="", help="in that category (in English)")
    group.add_argument("--barcodes", type=Path, metavar="FILE", help="these products; one barcode a line")
    group.add_argument(
        "--dump", nargs="+", metavar=("FILE", "WORDS"),
        help="look into this dump instead (JSONL, CSV or Parquet), for more than a few hundred",
    )  # fmt: skip
    group.add_argument(
        "--wanted", type=int, metavar="N", help="how many products (default: 10; all that fit of a dump)"
    )
    group.add_argument(
        "--require", default=",".join(REQUIRED), metavar="FIELDS", help="only products that have all these"
    )
    group.add_argument("--keep", metavar="FIELDS", help="attributes worth keeping (default: all)")
    group.add_argument("--contact", metavar="EMAIL", help="tells the database who asks; remembered")
    group.add_argument(
        "--allow-host", action="append", default=[], metavar="HOST",
        help="a host of your own that pictures may come from; remembered",
    )  # fmt: skip
    group.add_argument("--ask-key", action="store_true", help="enter the key for Edamam; kept in the keyring")
    group.add_argument("--preview", action="store_true", help="show what would come, write nothing")


def is_food(arguments: argparse.Namespace) -> bool:
    """Whether the command means a food database."""
    return (
        arguments.search is not None
        or arguments.dump is not None
        or str(arguments.catalogue or "").startswith(tuple(f"{name}:" for name in PROVIDERS))
    )


def query_of(arguments: argparse.Namespace) -> FoodQuery:
    """The search that the arguments describe. Raises `InputError`."""
    if arguments.search is None:
        return FoodQuery.parse(str(arguments.catalogue))
    query = _described(arguments, *arguments.search)
    if query.barcodes and arguments.wanted is None:
        query = replace(query, wanted=len(query.barcodes))
    query.check()
    return query


def dump_of(arguments: argparse.Namespace) -> DumpCatalogue:
    """The part of a dump that the arguments describe. Raises `InputError`."""
    location, *more = arguments.dump
    provider, *words = arguments.search or (OPEN_FOOD_FACTS,)
    return open_dump(Path(location), _described(arguments, provider, *words, *more), arguments.wanted)


def _described(arguments: argparse.Namespace, provider: str, *words: str) -> FoodQuery:
    most = {} if arguments.dump is None else {"most": MOST_IN_DUMP}
    return FoodQuery(
        provider,
        " ".join(words) or str(arguments.catalogue or ""),
        read_barcodes(arguments.barcodes, **most) if arguments.barcodes is not None else (),
        arguments.country,
        _language(arguments.language),
        arguments.brand,
        arguments.category,
        10 if arguments.wanted is None else arguments.wanted,
        _names(arguments.require),
        None if arguments.keep is None else _names(arguments.keep),
    )


def _language(said: str) -> str:
    if said and not (len(said) == 2 and said.isascii() and said.isalpha()):
        raise InputError(f"{said} is no language. Give two letters, such as fr.")
    return said.lower()


def _names(said: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in said.split(",") if name.strip())


def remember_settings(arguments: argparse.Namespace) -> FoodSettings:
    """The stored settings with what the command says anew, which is stored."""
    known = load_settings()
    hosts = tuple(dict.fromkeys((*known.allowed_hosts, *arguments.allow_host)))
    settings = replace(known, contact=arguments.contact or known.contact, allowed_hosts=hosts)
    if settings != known:
        save_settings(settings)
    return settings


def ask_key() -> None:
    """Let the user type the key, unseen, and keep it in the keyring."""
    sys.stderr.write("The key is kept in this computer's keyring. Leave app_id empty for a RapidAPI key.\n")
    app_id = getpass.getpass("app_id: ").strip()
    key = getpass.getpass("app_key: " if app_id else "RapidAPI key: ").strip()
    if not key:
        raise InputError("No key was entered. Nothing was changed.")
    credentials.store_key(credentials.DirectKey(app_id, key) if app_id else credentials.RapidKey(key))


def open_food(session: Session, folder: Path | None) -> FoodCatalogue:
    """The search that the command describes; asks for a key first where it shall."""
    arguments = session.arguments
    query = query_of(arguments)
    settings = remember_settings(arguments)
    if arguments.ask_key and query.provider == EDAMAM:
        ask_key()
    return open_search(query, folder, settings)


def preview_food(session: Session) -> None:
    """Show what would be imported."""
    if session.arguments.dump is not None:
        catalogue = dump_of(session.arguments)
        told = islice(catalogue.records(session.progress), session.arguments.wanted or _PREVIEWED)
        records = [one for one in told if isinstance(one, ProductRecord)]
    else:
        records = open_food(session, None).preview(session.progress)
    data = {"products": [_as_data(record) for record in records], "attribution": _credits(records)}
    session.output.show(preview_text(records), data)


def preview_text(records: list[ProductRecord]) -> str:
    """A table of products and what their licences want said."""
    if not records:
        return "Nothing was found that has all required fields."
    rows = [("key", "name", "category", "picture")]
    for one in records:
        has_picture = "yes" if "picture address" in one.attributes else "no"
        rows.append((one.key, one.name[:60], " > ".join(one.category[-2:]), has_picture))
    return "\n".join([table(rows), *_credits(records)])


def _as_data(record: ProductRecord) -> dict[str, object]:
    return {
        "key": record.key,
        "name": record.name,
        "description": record.description,
        "category": list(record.category),
        "attributes": dict(record.attributes),
    }


def _credits(records: list[ProductRecord]) -> list[str]:
    return attribution.sentences(record.attributes for record in records)


def take_food(
    session: Session, project: Project, label_level: int | None
) -> tuple[FoodCatalogue, ImportReport]:
    """Import into an open project. `stopped_by` of the catalogue says what ended it early, if anything."""
    folder = session.arguments.pictures or project.folder / DOWNLOADS
    catalogue = open_food(session, folder)
    return catalogue, import_search(
        project, catalogue, session.progress, label_level=label_level, take=take_of(session.arguments)
    )
