"""Times reading a table of 100,000 products and making thumbnails, beside the obvious way. Prints ratios.

Run: python -m tests.benchmarks.bench_sources [folder of pictures]
"""

from __future__ import annotations

import csv
import sys
import time
import tracemalloc
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from PIL import Image

from prodlabel.core.products import ProductRecord
from prodlabel.core.progress import Progress
from prodlabel.sources.pictures import decode
from prodlabel.sources.registry import open_catalogue
from prodlabel.store.thumbnails import make_thumbnail
from tests.benchmarks.figures import figure

ROWS = 100_000


def write_catalogue(folder: Path, rows: int = ROWS) -> Path:
    """A table with texts of a usual length and a small file for each product's picture."""
    images = folder / "images"
    images.mkdir()
    words = "A sturdy kettle for tea and coffee, with a lid and a handle that stays cool. " * 8
    path = folder / "catalogue.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "name", "description", "category", "image", "brand", "price"])
        for n in range(rows):
            (images / f"{n}.jpg").touch()
            category = f"Kitchen > Kettles > Kind {n % 40}"
            writer.writerow([n, f"Kettle n°{n}", words, category, f"{n}.jpg", f"Brand {n % 90}", n / 7])
    return path


def ours(path: Path) -> int:
    return sum(isinstance(x, ProductRecord) for x in open_catalogue(path).records(Progress()))


def obvious(path: Path) -> int:
    """`csv.DictReader`, one question to the file system a row; finds and reports nothing."""
    count = 0
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            picture = path.parent / "images" / row["image"]
            count += picture.exists()
            tuple(part.strip() for part in row["category"].split(">"))
    return count


def decode_whole(path: Path) -> None:
    with Image.open(path) as image:
        np.asarray(image.convert("RGB").resize((128, 128), Image.Resampling.LANCZOS))


def timed(work: Callable[[], object], repeats: int = 3) -> float:
    """Seconds of the process (CPU), the best of some."""
    best = float("inf")
    for _ in range(repeats):
        start = time.process_time()
        work()
        best = min(best, time.process_time() - start)
    return best


def compare(what: str, ours_s: float, obvious_s: float) -> None:
    print(f"{what:<52} {ours_s:8.2f} s {obvious_s:8.2f} s   x {obvious_s / ours_s:.2f}")


def thumbnails_a_second(files: list[Path]) -> float:
    """By the clock, decoded in reduced size and written as JPEG again, on two threads."""
    with ThreadPoolExecutor(2) as pool:
        began = time.perf_counter()
        for _ in pool.map(lambda file: make_thumbnail(decode(file, max_side_px=128)), files):
            pass
        return len(files) / (time.perf_counter() - began)


def main() -> None:
    print(f"{'':<52} {'prodlabel':>10} {'obvious':>10}")
    with TemporaryDirectory() as name:
        folder = Path(name)
        path = write_catalogue(folder)
        compare(
            f"{ROWS:,} rows, {path.stat().st_size >> 20} MB",
            timed(lambda: ours(path)),
            timed(lambda: obvious(path)),
        )
        tracemalloc.start()
        ours(path)
        print(f"peak of Python memory while streaming: {tracemalloc.get_traced_memory()[1] / 1e6:.0f} MB")
        tracemalloc.stop()
        big = folder / "big.jpg"
        noise = np.random.default_rng(0).integers(0, 255, (188, 188, 3), dtype=np.uint8)
        Image.fromarray(noise).resize((1500, 1500)).save(big, quality=85)
        rate = thumbnails_a_second([big] * 120)
        print(figure("thumbnails of 1500 x 1500 on two threads", rate, "a second", bar=">= 250"))
        for source in [big, *map(Path, sys.argv[1:])]:
            files = [source] * 30 if source.is_file() else sorted(source.glob("*.jpg"))[:200]
            compare(
                f"{len(files)} thumbnails of 128 px from {source.name}",
                timed(lambda files=files: [decode(f, max_side_px=128) for f in files]),  # type: ignore[misc]
                timed(lambda files=files: [decode_whole(f) for f in files]),  # type: ignore[misc]
            )


if __name__ == "__main__":
    main()
