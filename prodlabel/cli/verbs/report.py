"""report: the feasibility report as one HTML page."""

from __future__ import annotations

import argparse
from pathlib import Path

from prodlabel.cli.verb import Session, Verb, project_argument
from prodlabel.core.errors import InputError
from prodlabel.operations.report import ReportSettings, ReportSummary, make_report

_LONGEST_LOOK_S = 3600.0


def _report_arguments(parser: argparse.ArgumentParser) -> None:
    project_argument(parser)
    parser.add_argument(
        "file",
        type=Path,
        nargs="?",
        metavar="FILE",
        help="where to write it: a page (.html) or, to print, a .pdf (default: report.html)",
    )
    parser.add_argument(
        "--seconds",
        type=float,
        default=ReportSettings().seconds_per_look,
        metavar="N",
        help="a person needs to look at one product, for what would be saved (default: 10)",
    )


def _report(session: Session) -> None:
    arguments = session.arguments
    if not 0 < arguments.seconds <= _LONGEST_LOOK_S:
        raise InputError(f"--seconds {arguments.seconds:g} is not a time to look. Give 1 to 3600 seconds.")
    path: Path = arguments.file or Path("report.html")
    if path.is_dir():
        raise InputError(f"{path} is a folder. Name a file, such as {path / 'report.html'}.")
    with session.project(read_only=True) as project:
        summary = make_report(project, path, session.progress, ReportSettings(arguments.seconds))
    session.output.show(report_text(summary), summary.as_json())


def report_text(summary: ReportSummary) -> str:
    """What a report came to, in a few lines."""
    lines = [summary.headline] if summary.headline else []
    if summary.accuracy is not None and summary.accuracy_std is not None:
        lines.append(
            f"Accuracy {summary.accuracy:.1%} (± {summary.accuracy_std:.1%} between folds), macro-F1 "
            f"{summary.macro_f1:.3f}, calibration error {summary.calibration_error:.3f}."
        )
    if summary.suspicious_labels is not None:
        lines.append(f"{summary.suspicious_labels:,} labels look wrong.")
    if summary.ari is not None:
        lines.append(f"Clusters found without labels agree with the categories: ARI {summary.ari:.3f}.")
    if summary.missing:
        steps = ", ".join(f"`prodlabel {step}`" for step in summary.missing)
        lines.append(f"Some chapters are empty. Run {steps}, then the report again.")
    if summary.remade:
        lines.append(f"Damaged, and measured again: {', '.join(summary.remade)}.")
    lines.append(f"Wrote {summary.path} ({summary.bytes / 1e6:.1f} MB).")
    return "\n".join(lines)


REPORT = Verb(
    "report",
    "write what can be automated, and the evidence, as one HTML page or PDF",
    "report shop.prodlabel shop.html --seconds 8",
    _report_arguments,
    _report,
)
