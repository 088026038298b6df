"""Times the whole import of 100,000 rows with pictures as paths into a project, and what memory it takes.

Two tables: a plain one, and one with Flipkart's trees and specifications. Wall and processor time.
Run: python -m tests.benchmarks.bench_import [rows]
"""

from __future__ import annotations

import csv
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil

from prodlabel.core.progress import Progress
from prodlabel.operations.importing import ImportSettings, import_catalogue
from prodlabel.project.project import Project
from tests.benchmarks.bench_sources import write_catalogue
from tests.benchmarks.figures import figure

ROWS = 100_000


def write_flipkart(folder: Path, rows: int) -> Path:
    """A table as Flipkart's: 30 specifications a product, a picture each."""
    images = folder / "Images"
    images.mkdir()
    path = folder / "flipkart.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(
            ["uniq_id", "product_name", "product_category_tree", "description", "image", "brand",
             "product_specifications"]
        )  # fmt: skip
        for n in range(rows):
            (images / f"{n}.jpg").touch()
            pairs = ", ".join(
                f'{{"key"=>"Property {at}", "value"=>"Value {n % 97} of {at}"}}' for at in range(30)
            )
            tree = f'["Home >> Kettles >> Kind {n % 40} >> Kettle {n}"]'
            words = f"Kettle {n} for tea and coffee, with a lid and a handle that stays cool. " * 6
            specifications = f'{{"product_specification"=>[{pairs}]}}'
            writer.writerow([n, f"Kettle {n}", tree, words, f"{n}.jpg", f"Brand {n % 90}", specifications])
    return path


def measure(table: Path, folder: Path) -> tuple[float, float, float, int]:
    """Seconds by the clock and of the processor, peak of memory in MB beyond the start, and products."""
    process = psutil.Process()
    before = peak = process.memory_info().rss

    def look(_: object) -> None:
        nonlocal peak
        peak = max(peak, process.memory_info().rss)

    start, used = time.perf_counter(), time.process_time()
    with Project.create(folder / "bench") as project:
        report = import_catalogue(project, ImportSettings(table), Progress(listener=look))
    used, seconds = time.process_time() - used, time.perf_counter() - start
    return seconds, used, (peak - before) / 1e6, report.added


def obvious(table: Path, folder: Path) -> float:
    """Seconds that `csv`, a look for each picture and `executemany` into a bare table take.

    No problems are found, and there is no history, no undo and no search.
    """
    start = time.perf_counter()
    pictures = next(table.parent / one for one in ("images", "Images") if (table.parent / one).is_dir())
    with (
        closing(sqlite3.connect(folder / "obvious.sqlite")) as connection,
        connection,
        table.open(encoding="utf-8", newline="") as file,
    ):
        reader = csv.reader(file)
        header = next(reader)
        at = header.index("image")
        marks = ", ".join("?" * (len(header) + 1))
        connection.execute(f"CREATE TABLE product ({', '.join(header)}, has_picture)")
        rows = ([*row, (pictures / row[at]).is_file()] for row in reader)
        connection.executemany(f"INSERT INTO product VALUES ({marks})", rows)
    return time.perf_counter() - start


def main() -> None:
    if len(sys.argv) > 2:  # a process of its own for each table, so that memory is told apart
        seconds, used, megabytes, added = measure(Path(sys.argv[1]), Path(sys.argv[2]))
        what = f"import {added:,} rows of {Path(sys.argv[1]).name}"
        bare = obvious(Path(sys.argv[1]), Path(sys.argv[2]))
        beside = f"processor {used:.1f} s, csv and executemany {bare:.1f} s"
        print(figure(what, seconds, bar="< 20" if added == ROWS else "", beside=beside))
        print(figure("memory beyond the start", megabytes, "MB", bar="< 500"))
        return
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else ROWS
    with TemporaryDirectory() as name:
        for title, write in (("plain", write_catalogue), ("flipkart", write_flipkart)):
            folder = Path(name) / title
            folder.mkdir()
            table = write(folder, rows)
            command = [sys.executable, "-m", "tests.benchmarks.bench_import", str(table), str(folder)]
            subprocess.run(command, check=True)


if __name__ == "__main__":
    main()
