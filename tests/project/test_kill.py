"""Fifty kills in the middle of labelling, importing and encoding lose nothing that was acknowledged."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import text

from prodlabel.core.progress import Progress
from prodlabel.operations.check import check_project
from prodlabel.operations.encode import VECTOR_FOLDER, encode, load_block
from prodlabel.operations.texts import FIELDS, prepare_texts, text_key
from prodlabel.project.project import Project
from prodlabel.store.vectors import VectorStore, key_array
from tests.project import killable
from tests.project.killable import BATCH, TinyEncoder, batch, vectors_of

ROOT = Path(__file__).resolve().parents[2]
KILLS = {"label": 20, "import": 15, "encode": 15}


class Child:
    """One process that works until it is killed. The next ones start while this one is looked at."""

    def __init__(self, mode: str, folder: Path, seed: int) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.project.killable", mode, str(folder), str(seed)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def run_and_kill(self, delay_s: float, *, after_first_word: bool) -> list[str]:
        """What it acknowledged before it was killed, `delay_s` after its start or after its first word."""
        child = self._process
        assert child.stdin is not None
        assert child.stdout is not None
        said = [child.stdout.readline().strip()]
        assert said == ["ready"]
        child.stdin.write("go\n")
        child.stdin.flush()
        if after_first_word:
            said.append(child.stdout.readline().strip())
        time.sleep(delay_s)  # the random moment; nothing is waited for
        child.kill()
        rest = child.stdout.read().split("\n")
        self.close()
        return [*said[1:], *rest[:-1]]  # the last piece is empty or was cut short

    def close(self) -> None:
        if self._process.poll() is None:
            self._process.kill()
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                stream.close()
        self._process.wait()


@contextmanager
def children(mode: str, folder: Path) -> Iterator[Iterator[Child]]:
    """`KILLS[mode]` children one after the other, two of them importing their libraries ahead."""
    with ExitStack() as stack:

        def start(seed: int) -> Child:
            child = Child(mode, folder, seed)
            stack.callback(child.close)
            return child

        def each() -> Iterator[Child]:
            waiting = [start(seed) for seed in range(2)]
            for seed in range(2, KILLS[mode] + 2):
                yield waiting.pop(0)
                if seed < KILLS[mode]:
                    waiting.append(start(seed))

        yield each()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A project of 800 products that nobody has open."""
    with Project.create(tmp_path / "killed", person="Ada") as project:
        source_id = project.register_source(kind="table", location="x.csv", title="x.csv")
        for index in range(4):
            project.apply(batch(source_id, index))
        return project.folder


def findings(project: Project) -> list[str]:
    return check_project(project.snapshot(), Progress())


@pytest.mark.slow
def test_kills_while_labelling_lose_no_acknowledged_edit_and_leave_no_half_one(folder: Path) -> None:
    dice = random.Random(1)
    with Project.open(folder) as project:
        before = acknowledged = project.last_edit
    with children("label", folder) as killed:
        for number, child in enumerate(killed):
            for line in child.run_and_kill(dice.uniform(0.0, 0.25), after_first_word=number % 4 > 0):
                assert int(line) > acknowledged, "an edit was acknowledged under a number that was taken"
                acknowledged = int(line)
            with Project.open(folder) as project:
                # One edit may have been committed without having been acknowledged yet.
                assert project.last_edit in (acknowledged, acknowledged + 1)
                assert findings(project) == []
                assert edits_with_missing_decisions(project) == []
                acknowledged = project.last_edit
    # How many depends on how fast this machine is; each child that said a word had done one.
    assert acknowledged - before >= KILLS["label"] * 3 // 4


def edits_with_missing_decisions(project: Project) -> list[int]:
    """Edits whose line in the history counts other products than were decided."""
    with project._database.read() as connection:
        rows = connection.execute(
            text(
                "SELECT e.id FROM edit AS e LEFT JOIN decision AS d ON d.edit_id = e.id "
                "WHERE e.kind = 'relabel' GROUP BY e.id HAVING count(d.product_id) != e.product_count"
            )
        )
        return [row[0] for row in rows]


@pytest.mark.slow
def test_kills_while_importing_keep_every_acknowledged_batch_whole(folder: Path) -> None:
    dice = random.Random(2)
    acknowledged = 4 * BATCH
    with children("import", folder) as killed:
        for number, child in enumerate(killed):
            lines = child.run_and_kill(dice.uniform(0.0, 0.25), after_first_word=number % 4 > 0)
            acknowledged = max(acknowledged, *map(int, lines or ["0"]))
            with Project.open(folder) as project:
                count = len(project.columns)
                assert count in (acknowledged, acknowledged + BATCH)
                assert project.search("thing").tolist() == list(range(count))
                assert findings(project) == []
    assert acknowledged > 4 * BATCH


@pytest.mark.slow
def test_kills_while_encoding_cost_no_vector_twice(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    dice = random.Random(3)
    with Project.open(folder) as project:
        prepared = prepare_texts(project.snapshot(), Progress())
    contents = {one for name in FIELDS for one in prepared.field(name) if one}
    with children("encode", folder) as killed:
        for number, child in enumerate(killed):
            there = stored(folder, contents)
            child.run_and_kill(dice.uniform(0.0, 0.2), after_first_word=number % 4 > 0)
            log = folder / f"encoded-{number}.log"
            encoded = log.read_text(encoding="utf-8").splitlines() if log.is_file() else []
            assert not there & set(encoded), "what was on disk was encoded again"
            assert len(encoded) == len(set(encoded))
            assert stored(folder, contents) >= there
            with Project.open(folder) as project:
                assert findings(project) == []
    there = stored(folder, contents)
    assert there, "no child came to encode anything"

    monkeypatch.setattr(
        "prodlabel.operations.encode.item_encoder", lambda _: TinyEncoder(folder / "last.log")
    )
    with Project.open(folder) as project:
        reports = encode(project.snapshot(), ("tiny",), Progress())
        last = (folder / "last.log").read_text(encoding="utf-8").splitlines()
        assert sum(report.encoded for report in reports) == len(last) == len(contents - there)
        for field in FIELDS:
            block = load_block(project.snapshot(), "tiny", field)
            assert block is not None
            texts = prepared.field(field)
            assert block.is_present.tolist() == [bool(one) for one in texts]
            assert np.array_equal(block.vectors[block.is_present], vectors_of([one for one in texts if one]))


def stored(folder: Path, contents: set[str]) -> set[str]:
    """Which of these texts have their vector on disk, each of them whole and once."""
    ordered = sorted(contents)
    keys = key_array([text_key(one) for one in ordered])
    if not (folder / VECTOR_FOLDER).is_dir():
        return set()
    with VectorStore.open(
        folder / VECTOR_FOLDER, "tiny", "1", killable.TinyEncoder.dim, writable=False
    ) as store:
        has = store.has(keys)
        assert store.rows_written == int(has.sum())
        assert not len(store.verify())
    return {one for one, is_there in zip(ordered, has.tolist(), strict=True) if is_there}
