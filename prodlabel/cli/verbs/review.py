"""accept, queue, versions: what to take unseen, what to look at, and which classifier to trust."""

from __future__ import annotations

import argparse
from typing import Any

import numpy as np

from prodlabel.cli.output import table
from prodlabel.cli.verb import Session, Verb, person_argument, project_argument
from prodlabel.core.errors import NotReadyError
from prodlabel.learning.queues.registry import QUEUES
from prodlabel.operations import versions
from prodlabel.operations.accept import AcceptPlan, accept, plan_acceptance, suggestions_to_accept
from prodlabel.operations.materials import Materials
from prodlabel.operations.queues import QueueSettings, make_queue, make_scene
from prodlabel.operations.suggest import classifier_in_use, suggestions_in_use
from prodlabel.operations.train import DEFAULT_PRECISION, FUSION
from prodlabel.project.project import Project

_SHOWN_FLIPS = 20


def _accept_arguments(parser: argparse.ArgumentParser) -> None:
    project_argument(parser)
    parser.add_argument(
        "--precision",
        type=float,
        default=DEFAULT_PRECISION,
        help=f"that the accepted suggestions shall keep (default: {DEFAULT_PRECISION}); "
        "0 accepts all that is left and promises nothing",
    )
    parser.add_argument(
        "--imported", action="store_true", help="also imported labels that agree with their suggestion"
    )
    parser.add_argument("--dry-run", action="store_true", help="only say what would be accepted")
    person_argument(parser)


def _accept(session: Session) -> None:
    arguments = session.arguments
    with session.project(read_only=arguments.dry_run) as project:
        suggestions, version = suggestions_to_accept(project)
        materials = Materials(project.snapshot())
        plan = plan_acceptance(
            materials, suggestions, version, arguments.precision, with_imported=arguments.imported
        )
        if not arguments.dry_run:
            accept(project, plan)
    session.output.show(_plan_text(plan, done=not arguments.dry_run), _plan_data(plan, arguments.dry_run))


def _plan_text(plan: AcceptPlan, *, done: bool) -> str:
    rows = [
        [one.name, f"{len(one.product_id):,}", "never" if one.threshold > 1 else f"{one.threshold:.1%}"]
        for one in plan.categories
    ]
    verb = "Accepted" if done else "Would accept"
    undo = " `prodlabel undo` takes it back." if done and plan.count else ""
    return (
        f"{table([['category', 'products', 'from confidence'], *rows], right=[1, 2])}\n"
        f"{verb} {plan.count:,} of {plan.waiting:,} suggestions that wait, of version {plan.version}; "
        f"about {plan.expected_errors:.1f} of them are wrong, by their confidence.{undo}"
    )


def _plan_data(plan: AcceptPlan, is_dry_run: bool) -> dict[str, Any]:
    return {
        "accepted": 0 if is_dry_run else plan.count,
        "covered": plan.count,
        "waiting": plan.waiting,
        "expected_errors": plan.expected_errors,
        "classifier_version": plan.version,
        "categories": [
            {
                "category": one.name,
                "products": len(one.product_id),
                "threshold": one.threshold,
                "least_sure": one.sample.tolist(),
            }
            for one in plan.categories
        ],
    }


def _queue_arguments(parser: argparse.ArgumentParser) -> None:
    project_argument(parser)
    names = [kind.name for kind in QUEUES]
    parser.add_argument("name", choices=names, metavar="QUEUE", help=f"one of {', '.join(names)}")
    parser.add_argument("--limit", type=int, default=20, metavar="N", help="how many to show (default: 20)")
    parser.add_argument("--since", type=int, default=0, metavar="EDIT", help="what came after it is new")
    parser.add_argument("--seed", type=int, default=0, help="of what is random (default: 0)")
    person_argument(parser)


def _queue(session: Session) -> None:
    arguments = session.arguments
    with session.project(read_only=True) as project:
        kept = suggestions_in_use(project)
        settings = QueueSettings(
            project.person, arguments.since, *_noise_and_level(project), seed=arguments.seed
        )
        scene = make_scene(
            Materials(project.snapshot()), kept[0] if kept else None, settings, session.progress
        )
        outcome = make_queue(scene, arguments.name)
        shown = outcome.product_id[: arguments.limit]
        texts = project.texts(project.columns.rows(shown))
    rows = [
        [one.key, str(batch + 1), one.name[:48], outcome.reason(at)]
        for at, (one, batch) in enumerate(zip(texts, outcome.batch.tolist(), strict=False))
    ]
    text = (
        f"{table([['key', 'batch', 'name', 'why'], *rows], right=[1])}\n"
        f"{outcome.kind.title}: {len(outcome):,} products; about {outcome.errors_left():.0f} need a change, "
        f"{outcome.errors_left(outcome.queue.stop_at()):.1f} after the first {outcome.queue.stop_at():,}. "
        f"{outcome.queue.stop}"
    )
    data = {
        "queue": outcome.kind.name,
        "length": len(outcome),
        "expected_errors": outcome.errors_left(),
        "stop_at": outcome.queue.stop_at(),
        "products": [
            {"key": row[0], "batch": int(row[1]), "name": one.name, "reason": row[3]}
            for row, one in zip(rows, texts, strict=True)
        ],
    }
    session.output.show(text, data)


def _noise_and_level(project: Project) -> tuple[float, int]:
    try:
        version = classifier_in_use(project)
    except NotReadyError:
        return 0.01, 1
    return version.classifier.noise_, int(version.info.settings.get("level", 1))


def _versions_arguments(parser: argparse.ArgumentParser) -> None:
    project_argument(parser)
    what = parser.add_mutually_exclusive_group()
    what.add_argument(
        "--compare", type=int, nargs=2, metavar=("A", "B"), help="what got better and worse from A to B"
    )
    what.add_argument("--use", type=int, metavar="N", help="put version N in use (again)")
    what.add_argument("--curve", type=float, metavar="F1", help="how many more labels this macro-F1 takes")


def _versions(session: Session) -> None:
    arguments = session.arguments
    if arguments.use is not None:
        with session.project() as project:
            versions.use_version(project, arguments.use)
        text = f"Version {arguments.use} is in use. Run `prodlabel suggest` for its suggestions."
        session.output.show(text, {"in_use": arguments.use})
    elif arguments.compare is not None:
        _compare(session)
    elif arguments.curve is not None:
        with session.project(read_only=True) as project:
            _, level = _noise_and_level(project)
            curve = versions.learning_curve(Materials(project.snapshot()), level, session.progress)
        points = dict(zip(curve.labels.tolist(), np.round(curve.f1.mean(axis=0), 4).tolist(), strict=True))
        said = ", ".join(f"{count:,}: {f1:.3f}" for count, f1 in points.items())
        text = f"Macro-F1 by number of labels: {said}.\n{curve.sentence(arguments.curve)}"
        needed = curve.labels_for(arguments.curve)
        session.output.show(text, {"points": points, "labels": curve.there, "labels_for": needed})
    else:
        _list(session)


def _list(session: Session) -> None:
    with session.project(read_only=True) as project:
        found = versions.list_versions(project)
    rows = []
    for one in found:
        accuracy = one.figures.get("accuracy")
        rows.append(
            [
                "in use" if one.is_in_use else "",
                str(one.number),
                one.made_at.astimezone().strftime("%Y-%m-%d %H:%M"),
                str(one.settings.get("kind", FUSION)),
                f"{one.settings.get('products', 0):,} labels",
                "" if accuracy is None else f"{accuracy:.1%}",
                one.held_back,
            ]
        )
    text = table(rows, right=[1, 4, 5]) or "Nothing has been trained yet."
    session.output.show(text, {"versions": [one.as_json() for one in found]})


def _compare(session: Session) -> None:
    first, second = session.arguments.compare
    with session.project(read_only=True) as project:
        found = versions.compare_versions(
            project, Materials(project.snapshot()), first, second, session.progress
        )
        shown = project.texts(project.columns.rows(found.flipped[:_SHOWN_FLIPS]))
        name = {one.id: one.name for one in project.taxonomy}
    rows = [
        [one.name, f"{one.labels:,}", f"{one.f1_before:.3f}", f"{one.f1_after:.3f}",
         f"{one.f1_after - one.f1_before:+.3f}"]
        for one in found.categories
    ]  # fmt: skip
    flips = [
        f"  {texts.key}: {name.get(int(before), '?')} → {name.get(int(after), '?')}  {texts.name[:60]}"
        for texts, before, after in zip(shown, found.category_before, found.category_after, strict=False)
    ]
    text = "\n".join(
        [
            table(
                [["category", "labels", f"F1 of {first}", f"F1 of {second}", ""], *rows], right=[1, 2, 3, 4]
            ),
            f"Accuracy on {found.checked:,} checked labels, out of sample: {found.accuracy[0]:.1%} → "
            f"{found.accuracy[1]:.1%}; {found.won:,} won, {found.lost:,} lost.",
            f"{len(found.flipped):,} suggestions differ" + (":" if flips else "."),
            *flips,
        ]
    )
    data = {
        "first": first,
        "second": second,
        "accuracy": found.accuracy,
        "won": found.won,
        "lost": found.lost,
        "flipped": len(found.flipped),
        "categories": [
            {"category": one.name, "labels": one.labels, "before": one.f1_before, "after": one.f1_after}
            for one in found.categories
        ],
    }
    session.output.show(text, data)


ACCEPT = Verb(
    "accept",
    "accept all suggestions above a precision, as one step that can be undone",
    "accept shop.prodlabel --precision 0.99 --dry-run",
    _accept_arguments,
    _accept,
)
QUEUE = Verb(
    "queue",
    "say which products to look at, in which order and why",
    "queue shop.prodlabel probably-wrong",
    _queue_arguments,
    _queue,
)
VERSIONS = Verb(
    "versions",
    "list, compare and choose versions of the classifier",
    "versions shop.prodlabel --compare 7 12",
    _versions_arguments,
    _versions,
)
