"""encode, map, cluster, train, suggest: from products to suggested categories, step by step."""

from __future__ import annotations

import argparse
from dataclasses import asdict

from prodlabel.analysis.cluster_count import CountProposal
from prodlabel.cli.figures import figures_text
from prodlabel.cli.output import table
from prodlabel.cli.verb import Session, Verb, project_argument
from prodlabel.core.errors import InputError
from prodlabel.encoders.registry import available, entry
from prodlabel.learning.networks.plan import JOINT, JOINT_USE, NETWORKS, PICTURE_NETWORK, NetworkSettings
from prodlabel.operations import steps
from prodlabel.operations.clusterers import AXES, CLUSTERERS, VOTE
from prodlabel.operations.encode import DEFAULT_ENCODERS
from prodlabel.operations.layout import LAYOUTS, TSNE, LayoutSettings
from prodlabel.operations.materials import Materials, encoders_in_use, remember_block_in_use
from prodlabel.operations.spaces import FUSED, MAPS
from prodlabel.operations.suggest import NAMES
from prodlabel.operations.train import DEFAULT_PRECISION, FUSION, TrainSettings


def _encode_arguments(parser: argparse.ArgumentParser) -> None:
    project_argument(parser)
    parser.add_argument(
        "--with",
        dest="encoders",
        action="append",
        metavar="ENCODER",
        help="which encoder (may be repeated; default: those in use, at first "
        f"{' and '.join(DEFAULT_ENCODERS)})",
    )
    parser.add_argument(
        "--use", action="store_true", help="let map, classifier and all else work with these from now on"
    )
    parser.add_argument(
        "--new",
        action="store_true",
        help="let encoders that learn on the catalogue learn it once more; train the classifier anew then",
    )
    parser.add_argument("--list", action="store_true", help="say which encoders there are and what they need")


def _encode(session: Session) -> None:
    if session.arguments.list:
        rows = [[one.entry.id, one.entry.title, one.missing or "ready"] for one in available()]
        found = [{"id": row[0], "title": row[1], "missing": row[2]} for row in rows]
        session.output.show(table(rows), {"encoders": found})
        return
    arguments = session.arguments
    with session.project() as project:
        encoders = tuple(arguments.encoders or encoders_in_use(project.folder))
        if not encoders:
            raise InputError(
                "The vectors of this project were brought along: there is nothing to encode. "
                "Name an encoder (--with)."
            )
        reports = steps.encode_project(project, encoders, session.progress, is_new=arguments.new)
        if arguments.use:
            for one in encoders:
                remember_block_in_use(project.folder, entry(one).kind.value, one)
    rows = [
        [r.encoder, r.field, f"{r.encoded:,} new", f"{r.known:,} known", f"{r.broken} failed"]
        for r in reports
    ]
    data = [
        {"encoder": r.encoder, "field": r.field, "encoded": r.encoded, "known": r.known, "broken": r.broken}
        for r in reports
    ]
    text = table(rows, right=[2, 3, 4])
    if arguments.use:
        text += "\nThese are in use from now on. Let map (with --new), cluster and train see them."
    session.output.show(text, {"blocks": data})


def _map_arguments(parser: argparse.ArgumentParser) -> None:
    project_argument(parser)
    parser.add_argument("--of", choices=MAPS, default=FUSED, help=f"what to lay out (default: {FUSED})")
    parser.add_argument("--new", action="store_true", help="lay out anew instead of placing what is new")
    parser.add_argument(
        "--with",
        dest="method",
        choices=LAYOUTS,
        help=f"how (default: as the map was made, {TSNE} for a first one); another lays out anew",
    )
    parser.add_argument("--seed", type=int, default=0, help="of the layout (default: 0)")


def _map(session: Session) -> None:
    arguments = session.arguments
    settings = LayoutSettings(arguments.of, arguments.seed, is_new=arguments.new, method=arguments.method)
    with session.project() as project:
        outcome = steps.map_project(project, Materials(project.snapshot()), settings, session.progress)
    placed = f", {outcome.placed:,} placed between the others" if outcome.placed else ""
    session.output.show(
        f"Map “{outcome.name}” of {len(outcome.xy):,} products by {outcome.method}{placed}.",
        {
            "map": outcome.name,
            "products": len(outcome.xy),
            "placed": outcome.placed,
            "method": outcome.method,
        },
    )


def _cluster_arguments(parser: argparse.ArgumentParser) -> None:
    project_argument(parser)
    parser.add_argument("--of", choices=MAPS, default=FUSED, help=f"which map (default: {FUSED})")
    parser.add_argument(
        "--count", type=int, metavar="N", help="how many clusters (default: by the categories)"
    )
    parser.add_argument(
        "--with",
        dest="method",
        choices=tuple(CLUSTERERS),
        help="; ".join(f"{name}: {what}" for name, what in CLUSTERERS.items()).replace("%", "%%")
        + f" (default: {VOTE}, and {AXES} for pictures alone)",
    )
    parser.add_argument(
        "--propose", action="store_true", help="only say how many clusters there may be, and why"
    )
    parser.add_argument("--seed", type=int, default=0, help="of the clusters (default: 0)")


def _cluster(session: Session) -> None:
    arguments = session.arguments
    settings = LayoutSettings(arguments.of, arguments.seed)
    with session.project() as project:
        materials = Materials(project.snapshot())
        if arguments.propose:
            _propose(session, steps.propose_clusters(project, materials, settings, session.progress))
            return
        outcome = steps.cluster_project(
            project, materials, settings, session.progress, count=arguments.count, method=arguments.method
        )
    sizes = [int((outcome.cluster == number).sum()) for number in range(len(outcome.names))]
    rows = [[f"{size:,}", name] for size, name in zip(sizes, outcome.names, strict=True)]
    data = [{"name": name, "products": size} for size, name in zip(sizes, outcome.names, strict=True)]
    session.output.show(table(rows, right=[0]), {"clusters": data})


def _propose(session: Session, found: CountProposal) -> None:
    rows = [[f"{one.count}", one.reason] for one in found.candidates]
    data = [asdict(one) for one in found.candidates]
    session.output.show(table(rows, right=[0]), {"candidates": data})


def _train_arguments(parser: argparse.ArgumentParser) -> None:
    project_argument(parser)
    parser.add_argument(
        "--with",
        dest="kind",
        choices=(FUSION, *NETWORKS),
        default=FUSION,
        help=f"what to train: {FUSION} in seconds, or in minutes a network of pictures and texts ({JOINT}; "
        f"{JOINT_USE}: the Universal Sentence Encoder 4 that you have put among the weights learns too) "
        f"or of pictures alone ({PICTURE_NETWORK}); networks need TensorFlow (default: {FUSION})",
    )
    parser.add_argument("--seed", type=int, default=0, help="of folds and networks (default: 0)")
    parser.add_argument(
        "--precision",
        type=float,
        default=DEFAULT_PRECISION,
        help=f"that sure suggestions shall keep (default: {DEFAULT_PRECISION})",
    )
    parser.add_argument(
        "--level", type=int, help="of the taxonomy (default: the first with several categories)"
    )
    parser.add_argument(
        "--repeats", type=int, default=1, help="of the 5-fold measurement (default: 1; 0: none)"
    )


def _train(session: Session) -> None:
    arguments = session.arguments
    network = None if arguments.kind == FUSION else NetworkSettings(arguments.kind)
    with session.project() as project:
        level = project.taxonomy.main_level if arguments.level is None else arguments.level
        settings = TrainSettings(arguments.precision, level, repeats=arguments.repeats, seed=arguments.seed)
        number, outcome = steps.train_project(
            project, Materials(project.snapshot()), settings, session.progress, network=network
        )
    figures = outcome.figures.as_json() if outcome.figures is not None else {}
    text = f"Classifier version {number}, trained on {len(outcome.rows):,} labelled products."
    if outcome.figures is not None:
        text += f"\nOn products it had not seen: {figures_text(outcome.figures)}"
    session.output.show(text, {"version": number, "products": len(outcome.rows), "figures": figures})


def _suggest(session: Session) -> None:
    with session.project() as project:
        summary = steps.suggest_project(project, Materials(project.snapshot()), session.progress)
    text = (
        f"Suggestions for {summary.products:,} products; {summary.sure:,} of them are sure.\n"
        f"{summary.without_label:,} products had no category; {summary.differing:,} suggestions differ "
        "from the label."
    )
    if summary.source == NAMES:
        text += "\nThere are few labels yet: these come from the categories' names, and none counts as sure."
    session.output.show(text, summary.as_json())


ENCODE = Verb(
    "encode",
    "turn texts and pictures into vectors; what was encoded before is kept",
    "encode shop.prodlabel",
    _encode_arguments,
    _encode,
)
MAP = Verb(
    "map", "lay all products out in two dimensions", "map shop.prodlabel --of text", _map_arguments, _map
)
CLUSTER = Verb(
    "cluster",
    "find groups without labels and name them",
    "cluster shop.prodlabel --count 20",
    _cluster_arguments,
    _cluster,
)
TRAIN = Verb(
    "train",
    "train a new version of the classifier on the labels",
    "train shop.prodlabel --precision 0.99",
    _train_arguments,
    _train,
)
SUGGEST = Verb(
    "suggest",
    "suggest a category for every product, with confidence and reasons",
    "suggest shop.prodlabel",
    project_argument,
    _suggest,
)
