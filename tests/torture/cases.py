"""One case of torture: a copy of a project, a worker killed at a random moment, and what must hold then.

A case is its kind and its seed: the same seed gives the same work and the same wait before the kill. (The
instruction at which the kill comes is the machine's to choose.)
"""

from __future__ import annotations

import json
import random
import shutil
import subprocess
import sys
import time
from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from sqlalchemy import text

from prodlabel.core.edits import Relabel
from prodlabel.core.errors import UserError
from prodlabel.core.progress import Progress
from prodlabel.operations.backups import list_contents
from prodlabel.operations.check import check_project
from prodlabel.operations.encode import VECTOR_FOLDER, encode, load_block
from prodlabel.operations.suggest import classifier_in_use, suggestions_in_use
from prodlabel.operations.texts import FIELDS, prepare_texts, text_key
from prodlabel.project.project import Project
from prodlabel.project.results import CLASSIFIER, SUGGESTIONS
from prodlabel.store.vectors import VectorStore, key_array
from tests.torture import worker
from tests.torture.next_format import NEXT, next_format, write_next_format
from tests.torture.worker import BATCH, batch, digest

ROOT = Path(__file__).resolve().parents[2]
LONGEST_S = {
    "label": 0.5, "undo": 0.5, "import": 0.7, "encode": 1.2, "train": 2.5, "migrate": 0.5,
    "backup": 0.6, "restore": 0.8,
}  # fmt: skip
"""Up to so long a worker is let go on: about as long as that work takes, or a few rounds of it."""
KINDS = tuple(LONGEST_S)


@dataclass(frozen=True, slots=True)
class Case:
    """A kind of work and the seed of its dice."""

    kind: str
    seed: int

    def __str__(self) -> str:
        return f"{self.kind}:{self.seed}"


@dataclass(slots=True)
class Outcome:
    """What came of a case: how many acknowledgements, whether one commit more was found, what is wrong."""

    case: Case
    acknowledged: int = 0
    is_one_ahead: bool = False
    reopen_s: float = 0.0
    findings: list[str] = field(default_factory=list)


class Worker:
    """One process that waits for its work, so that the next one starts while this one is looked at."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.torture.worker"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def run_and_kill(
        self, case: Case, folder: Path, delay_s: float, *, after_first_word: bool
    ) -> tuple[list[dict[str, Any]], str]:
        """What it acknowledged before it was killed, and what is wrong if it ended by itself."""
        process = self._process
        assert process.stdin is not None
        assert process.stdout is not None
        said = process.stdout.readline()
        if said != "ready\n":
            return [], "the worker did not start"
        process.stdin.write(json.dumps([case.kind, str(folder), case.seed]) + "\n")
        process.stdin.flush()
        said = process.stdout.readline() if after_first_word else ""
        time.sleep(delay_s)  # the random moment; nothing is waited for
        ended = process.poll()
        process.kill()  # SIGKILL, on Windows TerminateProcess: nobody in there gets to tidy up
        lines = (said + process.stdout.read()).split("\n")
        self.close()
        # The last piece is empty or was cut short.
        told = [json.loads(line) for line in lines[:-1]]
        return told, "" if ended is None else f"the worker ended by itself with code {ended}"

    def close(self) -> None:
        if self._process.poll() is None:
            self._process.kill()
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                stream.close()
        self._process.wait()


def make_template(folder: Path) -> None:
    """What every case begins with: 800 products with a history and backups, and migrations beside it."""
    with Project.create(folder / "shop", person="Ada") as project:
        source_id = project.register_source(kind="table", location="x.csv", title="x.csv")
        for index in range(4):
            project.apply(batch(source_id, index))
        for number in range(6):
            project.apply(Relabel(project.columns.product_id[number::7], number % 3 + 1))
            if number % 3 == 0:
                project.begin_backup("template").keep(Progress())
        project.undo()
    write_next_format(folder / "migrations")


def run_case(case: Case, template: Path, folder: Path, killed: Worker) -> Outcome:
    """Run one case in `folder`, which is made and removed. Never raises for what it finds."""
    dice = random.Random(f"{case}")
    delay_s, after_first_word = dice.uniform(0.0, LONGEST_S[case.kind]), dice.random() < 0.75
    shutil.copytree(template, folder)
    project = folder / "shop.prodlabel"
    outcome = Outcome(case)
    try:
        told, trouble = killed.run_and_kill(case, project, delay_s, after_first_word=after_first_word)
        outcome.acknowledged = len(told)
        if trouble:
            outcome.findings.append(trouble)
        _look(case, folder, told, outcome)
    except (UserError, AssertionError) as error:
        outcome.findings.append(f"{type(error).__name__}: {error}")
    if not outcome.findings:
        shutil.rmtree(folder)
    return outcome


def _look(case: Case, folder: Path, told: list[dict[str, Any]], outcome: Outcome) -> None:
    """Open the project as a user would, and hold it against what was acknowledged."""
    path, migrations = folder / "shop.prodlabel", folder / "migrations"
    with next_format(migrations) if case.kind == "migrate" else nullcontext():
        started = time.perf_counter()
        with Project.open(path, person="Ada") as project:
            outcome.reopen_s = time.perf_counter() - started
            outcome.findings += check_project(project.snapshot(), Progress())
            outcome.findings += half_edits(project)
            outcome.findings += left_behind(path)
            outcome.findings += _nothing_missing(case, project, told, outcome)
            outcome.findings += _LOOKS.get(case.kind, lambda *_: [])(project, told)
            outcome.findings += _goes_on(project)


def _nothing_missing(case: Case, project: Project, told: list[dict[str, Any]], outcome: Outcome) -> list[str]:
    """Every acknowledged edit is there, and at most one more that was committed before it could be told."""
    digests = [one["digest"] for one in told if "digest" in one]
    if case.kind == "restore":
        return []  # the history goes back there, which is what is asked for
    edits = [one["edit"] for one in told if "edit" in one]
    newest = max(edits, default=0)
    history = project.history(limit=100_000)
    if [entry.id for entry in history] != list(range(len(history), 0, -1)):
        return ["the history has gaps"]
    ahead = {entry.step for entry in history if entry.id > newest}
    outcome.is_one_ahead = bool(edits) and len(ahead) == 1
    if edits and not outcome.is_one_ahead:
        if project.last_edit != newest:
            return [f"edit {newest} was acknowledged, the newest there is {project.last_edit}"]
        if digests and digests[-1] != digest(project):
            return ["the state is not the one that was acknowledged"]
    return []


def half_edits(project: Project) -> list[str]:
    """Relabellings whose line in the history counts other products than were decided."""
    with project._database.read() as connection:
        rows = connection.execute(
            text(
                "SELECT e.id FROM edit AS e LEFT JOIN decision AS d ON d.edit_id = e.id "
                "WHERE e.kind = 'relabel' GROUP BY e.id HAVING count(d.product_id) != e.product_count"
            )
        )
        return [f"edit {row[0]} is a half one" for row in rows]


def left_behind(folder: Path) -> list[str]:
    """Temporary files that nobody will ever use or delete."""
    return [f"{path.relative_to(folder)} was left behind" for path in folder.rglob("*") if is_temporary(path)]


def is_temporary(path: Path) -> bool:
    return path.name.endswith((".tmp", ".partial", ".new", ".restoring"))


def _goes_on(project: Project) -> list[str]:
    """Somebody can work on: label, take back, and be where they were."""
    before = digest(project)
    rows = project.columns.product_id[:5]
    project.apply(Relabel(rows, np.roll(project.columns.category[:5], 1)))
    project.undo()
    return [] if digest(project) == before else ["undo after the kill does not lead back"]


def _look_at_import(project: Project, told: list[dict[str, Any]]) -> list[str]:
    count, acknowledged = len(project.columns), max((one["products"] for one in told), default=4 * BATCH)
    findings = []
    if count not in (acknowledged, acknowledged + BATCH):
        findings.append(f"{acknowledged} products were acknowledged, {count} are there")
    if project.search("number").tolist() != list(range(count)):
        findings.append("the search does not find every product")
    return findings


def _look_at_encoding(project: Project, told: list[dict[str, Any]]) -> list[str]:
    """What was stored is whole, and going on computes what is missing and nothing else."""
    prepared = prepare_texts(project.snapshot(), Progress())
    contents = sorted({one for name in FIELDS for one in prepared.field(name) if one})
    there: set[str] = set()
    if (project.folder / VECTOR_FOLDER).is_dir():
        with VectorStore.open(project.folder / VECTOR_FOLDER, "tiny", "1", 8, writable=False) as store:
            has = store.has(key_array([text_key(one) for one in contents]))
            if len(store.verify()) or store.rows_written != int(has.sum()):
                return ["the stored vectors are not whole"]
            there = {one for one, is_there in zip(contents, has.tolist(), strict=True) if is_there}
    if any("encoded" in one for one in told) and len(there) != len(contents):
        return ["encoding was acknowledged and is not whole"]
    log = project.folder.with_name("again.log")
    log.touch()
    worker.use_tiny_encoder(log)
    encode(project.snapshot(), ("tiny",), Progress())
    again = log.read_text(encoding="utf-8").splitlines()
    if sorted(again) != sorted(set(contents) - there):
        return ["going on computed other vectors than were missing"]
    for name in FIELDS:
        block = load_block(project.snapshot(), "tiny", name)
        texts = [one for one in prepared.field(name) if one]
        if block is None or not np.array_equal(block.vectors[block.is_present], worker.vectors_of(texts)):
            return ["the vectors are not those of the texts"]
    return check_project(project.snapshot(), Progress())


def _look_at_training(project: Project, told: list[dict[str, Any]]) -> list[str]:
    known = {one.id for one in project.results.list()}
    # Older suggestions are thinned out; versions of the classifier stay.
    missing = [one["result"] for one in told[-2:] if one["result"] not in known]
    findings = [f"result {one} was acknowledged and is not there" for one in missing]
    for one in project.results.list():
        project.results.load(one)
    if project.results.current(CLASSIFIER) is not None:
        classifier_in_use(project)
    if project.results.current(SUGGESTIONS) is not None and suggestions_in_use(project) is None:
        findings.append("the suggestions cannot be used")
    return findings


def _look_at_migration(project: Project, told: list[dict[str, Any]]) -> list[str]:
    with project._database.read() as connection:
        version = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
        ends = connection.execute(
            text("SELECT DISTINCT substr(description, -2) FROM product_text WHERE description LIKE '%..'")
        ).all()
    findings = [] if version == NEXT else [f"the format is {version}"]
    if ends:
        findings.append("the migration was done twice")
    with Project.open(project.folder, read_only=True) as again:
        if len(again.columns) != 4 * BATCH:
            findings.append("products are missing")
    held = [one for one in list_contents(project.folder) if one.reason.startswith("before-format")]
    if not held or any(one.problem for one in held):
        findings.append("there is no whole backup of the older format")
    return findings


def _look_at_backups(project: Project, told: list[dict[str, Any]]) -> list[str]:
    findings = []
    names = {one["backup"] for one in told if "backup" in one}
    held = list_contents(project.folder)
    # Those that were thinned out are older than those that stay.
    newest = sorted(names)[-3:]
    findings += [f"backup {name} is missing" for name in newest if name not in {o.path.name for o in held}]
    for one in held[:3]:
        findings += [f"{one.path.name}: {one.problem}"] if one.problem else _whole(one.path, project.folder)
    return findings


def _look_at_restore(project: Project, told: list[dict[str, Any]]) -> list[str]:
    """Whatever it was brought back to, it is whole, and so is every backup."""
    held = list_contents(project.folder)
    findings = [f"{one.path.name}: {one.problem}" for one in held if one.problem]
    for one in held[:4]:
        findings += _whole(one.path, project.folder)
    asides = list(project.folder.glob("*set-aside*.sqlite"))
    if len(asides) > 1:
        findings.append("several databases were set aside")
    return findings


def _whole(backup: Path, folder: Path) -> list[str]:
    """A backup opens as a project in which all is well."""
    copy = folder.with_name("copy.prodlabel")
    copy.mkdir(exist_ok=True)
    shutil.copy(backup, copy / "project.sqlite")
    with Project.open(copy, read_only=True) as project:
        findings = [*check_project(project.snapshot(), Progress()), *half_edits(project)]
    shutil.rmtree(copy)
    # Whether the files of results are there is no question of the backup.
    return [f"{backup.name}: {one}" for one in findings if "file of a result" not in one]


_LOOKS = {
    "import": _look_at_import,
    "encode": _look_at_encoding,
    "train": _look_at_training,
    "migrate": _look_at_migration,
    "backup": _look_at_backups,
    "restore": _look_at_restore,
}
