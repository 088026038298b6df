"""A project of a million products: importing, opening, finding, relabelling, undoing, checking.

Each measurement runs in a process of its own, so that its memory is its own. Beside it stands the obvious
way: `csv.DictReader` into one SQLite table without history, search index or memory of what changed.

Run with `python -m tests.benchmarks.bench_project [--rows 1000000] [--folder FOLDER]`.
"""

from __future__ import annotations

import argparse
import csv
import json
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import psutil

from prodlabel.core.edits import Relabel
from prodlabel.core.progress import Progress
from prodlabel.operations.check import check_project
from prodlabel.operations.importing import ImportSettings, import_catalogue
from prodlabel.project.project import Project
from tests.benchmarks.figures import figure
from tests.benchmarks.synthetic import CATEGORY_SEPARATOR, category_paths, vocabulary, write_catalogue

OPEN_S, OPEN_GB, RELABEL_S, RELABELLED = 3.0, 1.5, 0.5, 100_000
WORD = 1500
"""The rank of the word that is looked for: some thousand of a million products have it."""
Figures = dict[str, Any]


def _project(folder: Path) -> Path:
    return folder / "million.prodlabel"


@contextmanager
def _timed(figures: Figures, name: str) -> Iterator[None]:
    start = time.perf_counter()
    yield
    figures[name] = time.perf_counter() - start


def _quickest(work: Callable[[], object], repeats: int = 5) -> float:
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times)


def _peak_bytes() -> int:
    """The most memory that this process ever held (Windows calls it the peak working set)."""
    if sys.platform == "win32":
        return int(psutil.Process().memory_info().peak_wset)
    status = Path("/proc/self/status")
    if status.is_file():  # Linux counts what the parent held before it started us into `ru_maxrss`
        held = status.read_text(encoding="ascii").partition("VmHWM:")[2].split()
        return 1024 * int(held[0])
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


def measure_import(folder: Path, figures: Figures) -> None:
    with Project.create(_project(folder), person="Ada") as project:
        with _timed(figures, "s"):
            report = import_catalogue(project, ImportSettings(folder / "catalogue.csv"), Progress())
        figures["rows"] = report.added
        with _timed(figures, "again_s"):
            again = import_catalogue(project, ImportSettings(folder / "catalogue.csv"), Progress())
        assert (again.added, again.changed) == (0, 0)
    figures["bytes"] = sum(one.stat().st_size for one in _project(folder).rglob("*") if one.is_file())


def measure_obvious_import(folder: Path, figures: Figures) -> None:
    """The same rows in one table, in batches, with nothing that makes them findable or undoable."""
    with (
        _timed(figures, "s"),
        closing(sqlite3.connect(folder / "obvious.sqlite")) as connection,
        (folder / "catalogue.csv").open(encoding="utf-8", newline="") as file,
    ):
        connection.execute("CREATE TABLE p (key TEXT PRIMARY KEY, name, description, category, brand, price)")
        batch: list[tuple[str, ...]] = []
        for row in csv.DictReader(file):
            batch.append(tuple(row.values()))
            if len(batch) == 20_000:
                connection.executemany("INSERT INTO p VALUES (?, ?, ?, ?, ?, ?)", batch)
                batch.clear()
        connection.executemany("INSERT INTO p VALUES (?, ?, ?, ?, ?, ?)", batch)
        connection.commit()
    figures["bytes"] = (folder / "obvious.sqlite").stat().st_size


def measure_open(folder: Path, figures: Figures) -> None:
    began = time.process_time()
    with _timed(figures, "s"):
        project = Project.open(_project(folder))
    figures["cpu_s"] = time.process_time() - began
    figures["rows"] = len(project.columns)
    figures["resident_bytes"] = psutil.Process().memory_info().rss
    project.close()


def measure_find(folder: Path, figures: Figures) -> None:
    word, path = vocabulary()[WORD], category_paths()[0].split(CATEGORY_SEPARATOR)
    with Project.open(_project(folder), read_only=True) as project:
        leaf = project.taxonomy.find(path)
        top = project.taxonomy.find(path[:1])
        assert leaf is not None
        assert top is not None
        figures["category_s"] = _quickest(lambda: project.rows_of_category(leaf))
        figures["branch_s"] = _quickest(lambda: project.rows_of_category(top))
        figures["branch_rows"] = len(project.rows_of_category(top))
        figures["words_s"] = _quickest(lambda: project.search(word))
        figures["words_rows"] = len(project.search(word))
        page = project.search(word)[:200]
        figures["texts_s"] = _quickest(lambda: project.texts(page))
    with closing(sqlite3.connect(folder / "obvious.sqlite")) as connection:

        def ask(where: str, value: str) -> list[Any]:
            return connection.execute(
                f"SELECT rowid FROM p WHERE {where}", [value] * where.count("?")
            ).fetchall()

        start = CATEGORY_SEPARATOR.join(path[:1]) + "%"
        figures["obvious_branch_s"] = _quickest(lambda: ask("category LIKE ?", start), 2)
        figures["obvious_words_s"] = _quickest(
            lambda: ask("name LIKE ? OR description LIKE ?", f"%{word}%"), 2
        )


def measure_relabel(folder: Path, figures: Figures) -> None:
    with Project.open(_project(folder)) as project:
        target = project.taxonomy.children(None)[0].id
        random = np.random.default_rng(0)
        count = min(RELABELLED, len(project.columns))
        times: list[list[float]] = []
        for _ in range(3):
            ids = np.sort(random.choice(project.columns.product_id, count, replace=False))
            before = project.columns.category
            start, cpu = time.perf_counter(), time.process_time()
            project.apply(Relabel(ids, target))
            relabelled, cpu = time.perf_counter(), time.process_time() - cpu
            project.undo()
            undone = time.perf_counter()
            assert np.array_equal(project.columns.category, before)
            times.append([relabelled - start, undone - relabelled, cpu])
        figures["s"], figures["undo_s"], figures["cpu_s"] = np.min(times, axis=0).tolist()
        one = project.columns.product_id[:1]
        figures["single_s"] = _quickest(lambda: (project.apply(Relabel(one, target)), project.undo())) / 2


def measure_obvious_relabel(folder: Path, figures: Figures) -> None:
    """An UPDATE by key for each product; there is nothing to undo it with."""
    with closing(sqlite3.connect(folder / "obvious.sqlite")) as connection:
        keys = [row[0] for row in connection.execute("SELECT key FROM p")]
        random = np.random.default_rng(0)
        chosen = random.choice(len(keys), min(RELABELLED, len(keys)), replace=False).tolist()
        with _timed(figures, "s"):
            connection.executemany("UPDATE p SET category = 'X' WHERE key = ?", [(keys[i],) for i in chosen])
            connection.commit()


def measure_check(folder: Path, figures: Figures) -> None:
    with Project.open(_project(folder), read_only=True) as project:
        with _timed(figures, "s"):
            findings = check_project(project.snapshot(), Progress())
        assert findings == [], findings


MEASUREMENTS = {
    name.removeprefix("measure_"): work
    for name, work in list(globals().items())
    if name.startswith("measure_")
}


def measured(name: str, folder: Path) -> Figures:
    """Run one measurement in a fresh process."""
    command = [sys.executable, "-m", __spec__.name if __spec__ else __name__, "--measure", name]
    answer = subprocess.run(
        [*command, "--folder", str(folder)], check=True, stdout=subprocess.PIPE, text=True, encoding="utf-8"
    )
    found: Figures = json.loads(answer.stdout.splitlines()[-1])
    return found


def bench(folder: Path, rows: int) -> None:
    start = time.perf_counter()
    write_catalogue(folder / "catalogue.csv", rows)
    size = (folder / "catalogue.csv").stat().st_size
    print(
        f"{rows:,} products, {size / 2**20:,.0f} MiB of CSV, written in {time.perf_counter() - start:.0f} s"
    )
    ours, plain = measured("import", folder), measured("obvious_import", folder)
    assert ours["rows"] == rows
    beside = f"DictReader + executemany {plain['s']:.1f} s"
    say("import", ours["s"], beside=beside)
    say("import, rate", rows / ours["s"], "products/s", beside=f"{rows / plain['s']:,.0f} products/s")
    say("import, peak memory", ours["peak_bytes"] / 1e9, "GB", beside=f"{plain['peak_bytes'] / 1e9:.2f} GB")
    say("project on disk", ours["bytes"] / 1e9, "GB", beside=f"{plain['bytes'] / 1e9:.2f} GB")
    say("the same import again (changes nothing)", ours["again_s"])
    opened = measured("open", folder)
    say("open", opened["s"], bar=f"< {OPEN_S:g} s", beside=f"processor time {opened['cpu_s']:.2f} s")
    say("open, resident memory", opened["resident_bytes"] / 1e9, "GB", bar=f"< {OPEN_GB:g} GB")
    say("open, peak memory", opened["peak_bytes"] / 1e9, "GB", bar=f"< {OPEN_GB:g} GB")
    find = measured("find", folder)
    say("rows of a category", 1e3 * find["category_s"], "ms")
    beside = f"LIKE 'X%' {1e3 * find['obvious_branch_s']:,.0f} ms"
    say(f"rows of a branch ({find['branch_rows']:,})", 1e3 * find["branch_s"], "ms", beside=beside)
    beside = f"LIKE '%word%' {1e3 * find['obvious_words_s']:,.0f} ms"
    say(f"rows with a word ({find['words_rows']:,})", 1e3 * find["words_s"], "ms", beside=beside)
    say("texts of 200 products", 1e3 * find["texts_s"], "ms")
    relabel, plain = measured("relabel", folder), measured("obvious_relabel", folder)
    count = min(RELABELLED, rows)
    beside = f"UPDATE by key, no undo {plain['s']:.2f} s"
    say(f"relabel {count:,} as one step", relabel["s"], bar=f"< {RELABEL_S:g} s", beside=beside)
    say("  of it processor time", relabel["cpu_s"])
    say(f"undo {count:,}", relabel["undo_s"])
    say("relabel one product", 1e3 * relabel["single_s"], "ms")
    check = measured("check", folder)
    say("check everything", check["s"], beside=f"peak {check['peak_bytes'] / 1e9:.2f} GB")


def say(what: str, value: float, unit: str = "s", *, bar: str = "", beside: str = "") -> None:
    print(figure(what, value, unit, bar=bar, beside=beside), flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--folder", type=Path, help="where to work (default: a temporary folder)")
    parser.add_argument("--measure", choices=sorted(MEASUREMENTS), help="one measurement, on what is there")
    wanted = parser.parse_args()
    if wanted.measure:
        figures: Figures = {}
        MEASUREMENTS[wanted.measure](wanted.folder, figures)
        print(json.dumps({**figures, "peak_bytes": _peak_bytes()}))
    elif wanted.folder is not None:
        bench(wanted.folder, wanted.rows)
    else:
        with tempfile.TemporaryDirectory() as name:
            bench(Path(name), wanted.rows)


if __name__ == "__main__":
    main()
