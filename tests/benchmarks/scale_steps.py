"""What `bench_scale` measures: each operation of a large project, as window and command line do it.

Made-up catalogue: words by Zipf's law, 12 categories of 360 kinds, a twentieth of the products with the text
of another and a word more, one vector of 128 numbers a product that lies near its kind.
"""

from __future__ import annotations

import csv
import hashlib
import json
import shutil
import sqlite3
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import TypeVar

import numpy as np
import psutil
from numpy.typing import NDArray

from prodlabel.core.edits import ImportBatch, Relabel
from prodlabel.core.products import ProductRecord
from prodlabel.core.progress import Progress
from prodlabel.encoders import registry
from prodlabel.encoders.protocol import Kind
from prodlabel.operations.check import check_project
from prodlabel.operations.encode import encode
from prodlabel.operations.importing import ImportSettings, import_catalogue
from prodlabel.operations.materials import Materials
from prodlabel.project.project import Project
from tests.benchmarks.bench_project import _peak_bytes, measure_obvious_import
from tests.benchmarks.synthetic import CATEGORY_SEPARATOR, category_paths, vocabulary, write_catalogue

WIDTH, INNER = 128, 20
KEPT_NEIGHBOURS, ASKED = 15, 500
TWINS = 20
"""One product in so many has the text of another."""
WORD = 1500
"""The rank of the word that is looked for: a few thousand of a million products have it."""
_T = TypeVar("_T")
_QUICK_S = 0.3


class Meter:
    """Says each figure as a line of JSON as soon as it is known."""

    def step(
        self,
        name: str,
        work: Callable[[], _T],
        beside: str = "",
        other: Callable[[], object] | None = None,
        factor: float = 1.0,
        repeats: int = 5,
    ) -> _T:
        """Time `work`, the quickest of `repeats` where it is quick, and what a user would do otherwise;
        `factor` scales the time of an alternative that is run on fewer products."""
        _forget_peak()
        found, seconds, cpu_s = _timed(work)
        for _ in range(repeats - 1 if seconds < _QUICK_S else 0):
            found, again_s, again_cpu_s = _timed(work)
            seconds, cpu_s = min(seconds, again_s), min(cpu_s, again_cpu_s)
        said = {} if other is None else {"beside": beside, "beside_s": _timed(other)[1] * factor}
        self.say(name, seconds, cpu_s, said)
        return found

    def say(self, name: str, seconds: float, cpu_s: float, more: Mapping[str, object] | None = None) -> None:
        """An operation that was timed elsewhere."""
        said = {"step": name, "seconds": seconds, "cpu_s": cpu_s, "bytes": _peak_bytes()}
        print(json.dumps(said | dict(more or {})), flush=True)

    def note(self, name: str, value: float, unit: str = "") -> None:
        """A figure that is no time."""
        print(json.dumps({"note": name, "value": float(value), "unit": unit}), flush=True)


def _timed(work: Callable[[], _T]) -> tuple[_T, float, float]:
    begun, cpu = time.perf_counter(), time.process_time()
    found = work()
    return found, time.perf_counter() - begun, time.process_time() - cpu


def _forget_peak() -> None:
    """On Linux: begin to measure the most memory anew."""
    try:
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    except OSError:  # elsewhere the peak is that of the whole process so far
        return


def project_in(folder: Path) -> Path:
    return folder / "shop.prodlabel"


def write_table(folder: Path, rows: int) -> Path:
    """The catalogue, its last twentieth made of the first."""
    path, twins = folder / "catalogue.csv", rows // TWINS
    write_catalogue(path, rows - twins, unlabelled=0.0)
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.reader(file)
        next(reader)
        first = [row for row, _ in zip(reader, range(twins), strict=False)]
    with path.open("a", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerows([f"T{row[0]}", f"{row[1]} blue", *row[2:]] for row in first)
    return path


def measure_import(folder: Path, rows: int, meter: Meter) -> None:
    table = write_table(folder, rows)
    with Project.create(project_in(folder), person="Ada") as project:

        def take_in() -> int:
            return import_catalogue(project, ImportSettings(table), Progress()).added

        added = meter.step("import", take_in, "csv, executemany", lambda: measure_obvious_import(folder, {}))
        assert added == rows
        meter.step("import again, nothing new", take_in)


def measure_use(folder: Path, rows: int, meter: Meter) -> None:
    """What is done by hand: open, find, narrow down, colour, draw around, relabel, take back, check."""
    opened: list[Project] = []

    def open_project() -> None:
        for one in opened:
            one.close()
        opened[:] = [Project.open(project_in(folder), person="Ada")]

    before = psutil.Process().memory_info().rss
    meter.step("open", open_project)
    (project,) = opened
    meter.note("memory that it takes, open", (psutil.Process().memory_info().rss - before) / 2**30, "GB")
    with closing(project), closing(sqlite3.connect(folder / "obvious.sqlite")) as obvious:
        _find(project, obvious, meter)
        _narrow(project, obvious, meter)
        _relabel(project, obvious, meter)
        meter.step("check", lambda: _assert_empty(check_project(project.snapshot(), Progress())))
        copy = folder / "copy.sqlite"
        meter.step(
            "backup, read back",
            lambda: project.begin_backup("scale").keep(Progress()),
            "cp",
            lambda: shutil.copyfile(project_in(folder) / "project.sqlite", copy),
        )
        copy.unlink()
        shutil.rmtree(project_in(folder) / "backups")


def _assert_empty(findings: Sequence[str]) -> None:
    assert not findings, findings


def _find(project: Project, obvious: sqlite3.Connection, meter: Meter) -> None:
    word, top = vocabulary()[WORD], category_paths()[0].split(CATEGORY_SEPARATOR)[0]

    def like(where: str, *values: str) -> int:
        return len(obvious.execute(f"SELECT rowid FROM p WHERE {where}", values).fetchall())

    pattern = f"%{word}%"
    meter.step(
        "search a word", lambda: project.search(word),
        "LIKE", lambda: like("name LIKE ? OR description LIKE ?", pattern, pattern),
    )  # fmt: skip
    branch = project.taxonomy.find([top])
    assert branch is not None
    start = f"{top}{CATEGORY_SEPARATOR}%"
    meter.step(
        "a branch's products", lambda: project.rows_of_category(branch),
        "LIKE", lambda: like("category LIKE ?", start),
    )  # fmt: skip


def _narrow(project: Project, obvious: sqlite3.Connection, meter: Meter) -> None:
    """On the map, whose arrays are those of the window; frames are measured by `bench_map`."""
    import pandas as pd

    from prodlabel.gui.filters import CATEGORY, STATUS, Facet, Filter
    from prodlabel.gui.map.lasso import even_odd, in_polygon
    from prodlabel.gui.map.points import MapPoints
    from tests.benchmarks.bench_map import cloud

    columns = project.columns
    n = len(columns)
    x, y, _ = cloud(n)
    points = MapPoints(x, y)
    titles = tuple(str(number) for number in range(int(columns.category.max()) + 1))
    facets = {
        CATEGORY: Facet(CATEGORY, columns.category, titles),
        STATUS: Facet(STATUS, columns.status.astype(np.int32), tuple("abcdefgh")),
    }
    wanted = Filter().with_codes(CATEGORY, range(40, 80)).with_codes(STATUS, [0, 1])

    def narrow() -> int:
        points.set_hidden(~wanted.mask(facets, n))
        return len(points.shown) + len(points.context)

    table = pd.read_sql_query("SELECT category FROM p", obvious)
    some = set(category_paths()[30:60])
    meter.step("filter the map", narrow, "pandas isin", lambda: table[table["category"].isin(some)])
    points.set_hidden(np.zeros(n, dtype=np.bool_))

    def colour() -> int:
        points.set_colours(columns.category % 24)
        return int(points.shown.colour[0])

    meter.step("change the colours", colour)
    angle = np.linspace(0, 2 * np.pi, 60)[:-1]
    polygon = np.column_stack([np.cos(angle) * 9 + 1, np.sin(angle) * 5])
    meter.step(
        "lasso", lambda: in_polygon(points.shown, polygon, n),
        "every point by every edge", lambda: even_odd(x, y, polygon),
    )  # fmt: skip


def _relabel(project: Project, obvious: sqlite3.Connection, meter: Meter) -> None:
    target = project.taxonomy.children(None)[0].id
    ids = project.columns.product_id
    random = np.random.default_rng(0)
    chosen = np.sort(random.choice(len(ids), len(ids) // 10, replace=False))
    keys = [row[0] for row in obvious.execute("SELECT key FROM p")]
    wanted = [(keys[row],) for row in chosen.tolist()]

    def update() -> None:
        obvious.executemany("UPDATE p SET category = 'X' WHERE key = ?", wanted)
        obvious.commit()

    before, label = project.columns.category, Relabel(ids[chosen], target)
    times = []
    for _ in range(3):
        times.append((_timed(lambda: project.apply(label))[1:], _timed(project.undo)[1:]))
        assert np.array_equal(project.columns.category, before)
    (relabelled, undone), updated = np.min(times, axis=0).tolist(), _timed(update)[1]
    meter.say(
        "relabel a tenth", relabelled[0], relabelled[1], {"beside": "UPDATE by key", "beside_s": updated}
    )
    meter.say("undo it", undone[0], undone[1])
    one = Relabel(ids[:1], target)
    meter.step("label one, and undo", lambda: (project.apply(one), project.undo()))


def make_vectors(kind: NDArray[np.int64]) -> NDArray[np.float32]:
    """(n, 128) normal heaps, one a kind, near those of their category, within 20 directions, and noise."""
    random = np.random.default_rng(0)
    category = random.normal(size=(12, INNER)).astype(np.float32) * 2
    centre = np.repeat(category, 30, axis=0) + random.normal(size=(360, INNER)).astype(np.float32) * 1.5
    directions = random.normal(size=(INNER, WIDTH)).astype(np.float32)
    found = np.empty((len(kind), WIDTH), np.float32)
    for start in range(0, len(kind), 50_000):
        part = kind[start : start + 50_000]
        inner = centre[part] + random.normal(size=(len(part), INNER)).astype(np.float32)
        noise = 0.3 * random.normal(size=(len(part), WIDTH)).astype(np.float32)
        found[start : start + 50_000] = inner @ directions + noise
    return found


def measure_analysis(folder: Path, rows: int, meter: Meter) -> None:
    """What a study does after encoding, on one preparation of the texts, as the window does it."""
    from prodlabel.operations.ready_vectors import bring_vectors
    from prodlabel.sources.arrays import open_numbers

    with Project.open(project_in(folder), person="Ada") as project:
        kind = np.unique(project.columns.category, return_inverse=True)[1].astype(np.int64)
        file = folder / "vectors.npy"
        np.save(file, make_vectors(kind % 360))
        numbers = open_numbers(file)
        meter.step("take vectors in", lambda: bring_vectors(project, numbers, Progress()))
        materials = Materials(project.snapshot())
        texts = meter.step("prepare the texts", lambda: materials.texts(Progress())).text
        families = meter.step(
            "near duplicates", lambda: materials.families(Progress()),
            "all pairs *", lambda: _all_pairs(texts[:2_000]), (rows / 2_000) ** 2,
        )  # fmt: skip
        twins = rows // TWINS
        meter.note(
            "of the near duplicates found", float(np.mean(families[:twins] == families[rows - twins :]))
        )
        _neighbours(materials, meter)
        _clusters(materials, meter)
        _learning(project, materials, texts, meter)


def _all_pairs(texts: Sequence[str]) -> int:
    from sklearn.feature_extraction.text import TfidfVectorizer

    found = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5)).fit_transform(texts)
    return int(((found @ found.T) > 0.7).nnz)


def _neighbours(materials: Materials, meter: Meter) -> None:
    from prodlabel.analysis.neighbours import NeighbourIndex
    from prodlabel.operations.suggest import joined_vectors

    points = meter.step("principal axes", lambda: joined_vectors(materials, Progress()), repeats=1)
    assert points is not None
    index = meter.step("neighbours: index", lambda: NeighbourIndex(points))
    unit = points / np.linalg.norm(points, axis=1, keepdims=True)
    asked = np.random.default_rng(0).choice(len(points), min(len(points), ASKED), replace=False)

    def exactly() -> NDArray[np.int64]:
        likeness = unit[asked] @ unit.T
        likeness[np.arange(len(asked)), asked] = -np.inf
        return np.argpartition(-likeness, KEPT_NEIGHBOURS, axis=1)[:, :KEPT_NEIGHBOURS]

    rows, _ = meter.step(
        "neighbours: 15 of each", lambda: index.of_all(KEPT_NEIGHBOURS),
        "all pairs *", exactly, len(points) / len(asked),
    )  # fmt: skip
    hits = [len(set(a) & set(b)) for a, b in zip(exactly().tolist(), rows[asked].tolist(), strict=True)]
    meter.note("of the 15 nearest found", float(np.mean(hits)) / KEPT_NEIGHBOURS)


def _clusters(materials: Materials, meter: Meter) -> None:
    from sklearn.cluster import AgglomerativeClustering

    from prodlabel.operations.cluster import cluster
    from prodlabel.operations.layout import LayoutSettings, make_view

    view = make_view(materials, LayoutSettings(), Progress())
    xy = np.ascontiguousarray(view.of_rows()[:, :2])
    few = view.points[:3_000]
    meter.step(
        "clusters, named", lambda: cluster(materials, view, xy, Progress(), count=12),
        "Ward, all pairs *", lambda: AgglomerativeClustering(12).fit(few), (len(view.points) / 3_000) ** 2,
    )  # fmt: skip


def _learning(project: Project, materials: Materials, texts: Sequence[str], meter: Meter) -> None:
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.svm import LinearSVC

    from prodlabel.operations.queues import QueueSettings, make_queue, make_scene
    from prodlabel.operations.steps import suggest_project, train_project
    from prodlabel.operations.suggest import suggestions_in_use
    from prodlabel.operations.train import TrainSettings

    some = range(0, len(texts), 10)
    label = materials.level_1()[some]

    def usual() -> None:
        words = TfidfVectorizer(sublinear_tf=True).fit_transform([texts[row] for row in some])
        LinearSVC().fit(words, label)

    settings = TrainSettings(repeats=0)
    _, trained = meter.step(
        "train", lambda: train_project(project, materials, settings, Progress()),
        "TF-IDF, linear SVM *", usual, len(texts) / len(some),
    )  # fmt: skip
    meter.note("labels that teach", len(trained.rows))
    meter.step("suggest, with reasons", lambda: suggest_project(project, materials, Progress()))
    kept = suggestions_in_use(project)
    assert kept is not None

    def suspicious() -> int:
        scene = make_scene(materials, kept[0], QueueSettings("Ada"), Progress())
        return len(make_queue(scene, "probably-wrong"))

    meter.step("label errors, in order", suspicious)


class HashedText:
    """An encoder that costs next to nothing, so that what is around it is measured."""

    id, title, kind, dim, version = "hashed", "Hashed", Kind.TEXT, 64, "1"
    wanted_side_px, batch_budget = 0, 256

    def cost(self, item: str) -> int:
        return 1

    def encode(self, items: Sequence[str]) -> NDArray[np.float32]:
        said = b"".join(hashlib.blake2b(item.encode(), digest_size=self.dim).digest() for item in items)
        return np.frombuffer(said, np.uint8).reshape(-1, self.dim).astype(np.float32)


def measure_encoding(folder: Path, rows: int, meter: Meter) -> None:
    """All, and then a hundredth more: vectors are kept by content and found again."""
    registry.ENTRIES += (registry.Entry("hashed", "Hashed", Kind.TEXT, registry.Scope.ITEM, "none:none"),)
    registry.encoder_class = lambda _: HashedText  # type: ignore[assignment, return-value]
    with Project.open(project_in(folder), person="Ada") as project:
        meter.step("encode all, but for the encoder", lambda: _encode(project, rows))
        words = vocabulary()
        more = [
            ProductRecord(f"N{number}", f"new {words[number % len(words)]} {number}", "fresh")
            for number in range(rows // 100)
        ]
        project.apply(ImportBatch(next(iter(project.sources)), tuple(more)))
        meter.step("encode a hundredth more", lambda: _encode(project, rows))


def _encode(project: Project, least: int) -> None:
    reports = encode(project.snapshot(), ("hashed",), Progress())
    assert sum(one.encoded + one.known for one in reports) >= least


STAGES: dict[str, Callable[[Path, int, Meter], None]] = {
    "import": measure_import,
    "use": measure_use,
    "analysis": measure_analysis,
    "encoding": measure_encoding,
}
"""In this order, on one project; each in a process of its own."""
