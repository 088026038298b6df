"""Reads the command line, runs one verb, and turns how it ended into an exit code and at most one line.

Exit codes: 0 done, 1 a problem the message explains, 2 unusable input, 3 the project cannot be opened or
written, 4 somebody else has it open, 5 it is damaged, 6 a step before this one is missing, 7 weights are
missing, 70 a defect of prodlabel, 130 stopped by Ctrl-C (what was done is kept).
"""

from __future__ import annotations

import argparse
import os
import re
import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from types import FrameType
from typing import Any, NoReturn

from prodlabel import __version__
from prodlabel.cli.output import Output, print_whatever_comes, stop_printing
from prodlabel.cli.progress_line import ProgressLine
from prodlabel.cli.verb import Session, ShowProject, Verb, show_nothing
from prodlabel.cli.verbs import VERBS
from prodlabel.core.errors import Cancelled, InputError, UserError
from prodlabel.core.progress import CancelToken, Progress

DEFECT_EXIT_CODE = 70
_NO_TEXT = re.compile("[\ud800-\udfff]")


class _Parser(argparse.ArgumentParser):
    """Reports misuse as a known error, shown like every other one; wants options spelt out."""

    def __init__(self, *arguments: Any, **settings: Any) -> None:
        super().__init__(*arguments, **{"allow_abbrev": False, **settings})

    def error(self, message: str) -> NoReturn:
        raise InputError(f"{message}. See `{self.prog} --help`.")


def run_command_line(arguments: Sequence[str], show_project: ShowProject = show_nothing) -> int:
    """Run `prodlabel ARGUMENTS`; returns the exit code. Never raises but for `SystemExit` of `--help`."""
    wants_json, wants_traceback = "--json" in arguments, "--debug" in arguments
    print_whatever_comes()
    output = Output(wants_json=wants_json)
    try:
        parsed = _readable(_parser().parse_args(list(arguments)))
        with ProgressLine() as line, _stopping_cleanly() as token:
            progress = Progress(line.show, token=token)
            exit_code: int = parsed.run(Session(parsed, output, progress, show_project)) or 0
    except (Cancelled, KeyboardInterrupt):
        output.error("Stopped. What was done is kept; the same command goes on from there.")
        return Cancelled.exit_code
    except UserError as error:
        if wants_traceback:
            raise
        output.error(str(error))
        return error.exit_code
    except BrokenPipeError:  # the reader of our output has seen enough
        stop_printing()
        return 0
    except Exception as error:
        if wants_traceback:
            raise
        output.error(f"prodlabel made a mistake ({type(error).__name__}: {error}). Run again with --debug.")
        return DEFECT_EXIT_CODE
    return exit_code


def _parser() -> argparse.ArgumentParser:
    common = _Parser(add_help=False)
    common.add_argument("--json", action="store_true", help="print the outcome as one JSON object")
    common.add_argument("--debug", action="store_true", help="show a traceback when something goes wrong")
    parser = _Parser(
        prog="prodlabel",
        description="See a product catalogue as one map and keep its categories in order.",
        epilog=(__doc__ or "").partition("\n\n")[2],
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"prodlabel {__version__}")
    verbs: argparse._SubParsersAction[_Parser] = parser.add_subparsers(
        metavar="VERB", required=True, parser_class=_Parser
    )
    for verb in VERBS:
        _add(verbs, verb, common)
    return parser


def _add(verbs: argparse._SubParsersAction[_Parser], verb: Verb, common: _Parser) -> None:
    parser = verbs.add_parser(
        verb.name,
        parents=[common],
        help=verb.summary,
        description=f"{verb.summary[0].upper()}{verb.summary[1:]}.",
        epilog=f"example:\n  prodlabel {verb.example}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    verb.add_arguments(parser)
    parser.set_defaults(run=verb.run)


def _readable(parsed: argparse.Namespace) -> argparse.Namespace:
    """With U+FFFD for what is no text: the system hands over bytes, which only names of files may keep."""
    for name, value in vars(parsed).items():
        if isinstance(value, str):
            setattr(parsed, name, _NO_TEXT.sub("\ufffd", value))
        elif isinstance(value, list):
            setattr(parsed, name, [_NO_TEXT.sub("\ufffd", v) if isinstance(v, str) else v for v in value])
    return parsed


@contextmanager
def _stopping_cleanly() -> Iterator[CancelToken]:
    """Ctrl-C asks the work to stop at its next step; a second one stops at once."""
    token = CancelToken()

    def on_interrupt(_number: int, _frame: FrameType | None) -> None:
        if token.is_cancelled:
            raise KeyboardInterrupt
        token.cancel()
        # Not through sys.stderr: the signal may have come in the middle of its writing a progress line.
        with suppress(OSError):
            os.write(2, b"\nStopping ...\n")

    try:
        before = signal.signal(signal.SIGINT, on_interrupt)
    except ValueError:  # not the main thread, as in some tests: there is no signal to hear
        yield token
        return
    try:
        yield token
    finally:
        signal.signal(signal.SIGINT, before)
