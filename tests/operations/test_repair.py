"""Damaged projects: what is whole is rescued, what can be made again is dropped, the rest is named."""

from __future__ import annotations

import random
import shutil
import sqlite3
import sys
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from prodlabel.core.edits import ImportBatch, Relabel
from prodlabel.core.errors import ProjectDamagedError
from prodlabel.core.labels import Status
from prodlabel.core.progress import Progress
from prodlabel.learning.fusion import FusionClassifier
from prodlabel.learning.saving import save_classifier
from prodlabel.operations.backups import back_up, list_contents
from prodlabel.operations.check import check_project
from prodlabel.operations.encode import VECTOR_FOLDER
from prodlabel.operations.repair import repair
from prodlabel.project.project import Project
from prodlabel.store.database import DATABASE_NAME
from prodlabel.store.thumbnails import Thumbnail, ThumbnailStore
from prodlabel.store.vectors import VectorStore, key_array
from tests.learning.conftest import make_products
from tests.torture.cases import make_template
from tests.torture.worker import BATCH, batch, digest

PRODUCTS = 4 * BATCH


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project of 800 products with a history, without backups, and a result."""
    folder = tmp_path_factory.mktemp("template")
    make_template(folder)
    shutil.rmtree(folder / "shop.prodlabel" / "backups")
    with Project.open(folder / "shop.prodlabel") as project:
        project.results.save("layout", "fused", {"xy": np.zeros((PRODUCTS, 2), np.float32)})
    return folder / "shop.prodlabel"


@pytest.fixture
def folder(template: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(template, tmp_path / "shop.prodlabel"))


def findings(folder: Path) -> list[str]:
    with Project.open(folder) as project:
        assert all(one.name for one in project.texts(np.arange(len(project.columns))))
        project.history(limit=1000)
        return check_project(project.snapshot(), Progress())


def test_what_a_kill_left_of_a_rescue_is_tidied_away(folder: Path) -> None:
    (folder / ".rescue-abc").mkdir()
    (folder / ".rescue-abc" / "copy.sqlite").write_bytes(b"half")
    (folder / "project.rescued.sqlite-wal").write_bytes(b"half")
    assert findings(folder) == []
    assert not [*folder.glob(".rescue-*"), *folder.glob("project.rescued*")]


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
@pytest.mark.parametrize(
    "place", ["backups", "vectors/minilm-1/vectors.bin", "classifiers/x/classifier.json"]
)
def test_links_that_lead_out_of_a_project_are_followed_by_nothing(folder: Path, place: str) -> None:
    outside = folder.parent / "outside"
    outside.mkdir()
    (outside / "secret").write_text("secret", encoding="utf-8")
    link = folder / place
    link.parent.mkdir(parents=True, exist_ok=True)
    link.symlink_to(outside)
    acts: tuple[Callable[[], object], ...] = (
        lambda: Project.open(folder),
        lambda: Project.open(folder, read_only=True),
        lambda: list_contents(folder),
        lambda: repair(folder, Progress()),
    )
    for act in acts:
        with pytest.raises(ProjectDamagedError, match="link to a place outside"):
            act()
    assert [one.name for one in outside.iterdir()] == ["secret"]


def test_what_a_network_saw_goes_with_its_last_version(folder: Path) -> None:
    gone, kept, vectors = "0" * 16, "1" * 16, folder / VECTOR_FOLDER
    place = folder / "classifiers" / "fusion-00001-5"
    with Project.open(folder) as project:
        project.results.save("classifier", "fusion", {}, settings={"folder": f"classifiers/{place.name}"})
        place.mkdir()
        (place / "classifier.json").write_text(f'{{"stamp": "{kept}"}}', encoding="utf-8")
    for stamp in (gone, kept):
        (vectors / f"network-{stamp}-network-{stamp}-1").mkdir(parents=True)
        (vectors / f"network-{stamp}.picture.npz").write_bytes(b"")
    (vectors / "minilm-1").mkdir()
    with Project.open(folder):
        left = sorted(path.name for path in vectors.iterdir())
    assert left == ["minilm-1", f"network-{kept}-network-{kept}-1", f"network-{kept}.picture.npz"]


def flip_pages(path: Path, seed: int, count: int) -> None:
    """Damage some pages, none of them the first: that one holds the tables' places."""
    content, dice = bytearray(path.read_bytes()), random.Random(seed)
    for page in dice.sample(range(1, len(content) // 4096), count):
        for _ in range(40):
            content[page * 4096 + dice.randrange(4096)] ^= 0xFF
    path.write_bytes(content)


def test_a_whole_project_is_left_alone(folder: Path) -> None:
    with Project.open(folder) as project:
        before = digest(project)
    assert repair(folder, Progress()) == []
    with Project.open(folder) as project:
        assert digest(project) == before
    assert sorted(path.name for path in folder.glob("*.sqlite")) == [DATABASE_NAME]


@pytest.mark.parametrize("seed", range(12))
def test_flipped_pages_cost_little_and_never_the_project(folder: Path, seed: int) -> None:
    flip_pages(folder / DATABASE_NAME, seed, count=1 + seed % 4)
    damaged = (folder / DATABASE_NAME).read_bytes()
    done = repair(folder, Progress())
    assert findings(folder) == []
    with Project.open(folder) as project:
        assert len(project.columns) >= PRODUCTS // 2
    if done and "rescued" in done[0]:
        (kept,) = folder.glob("project.damaged-*.sqlite")
        assert kept.read_bytes() == damaged


@pytest.mark.parametrize("seed", range(12))
def test_with_a_backup_flipped_pages_cost_nothing(folder: Path, seed: int) -> None:
    with Project.open(folder) as project:
        back_up(project, Progress())
        before = digest(project)
    with closing(sqlite3.connect(folder / DATABASE_NAME)) as connection:
        tables = {"product", "edit", "decision", "category", "label"}
        roots = dict(connection.execute("SELECT name, rootpage FROM sqlite_master").fetchall())
    content = bytearray((folder / DATABASE_NAME).read_bytes())
    # Whole pages of the tables are lost: nothing wrong can be read from them.
    for name in random.Random(seed).sample(sorted(tables), 2):
        content[(roots[name] - 1) * 4096 : roots[name] * 4096] = b"\xff" * 4096
    (folder / DATABASE_NAME).write_bytes(content)
    with pytest.raises(ProjectDamagedError, match=r"check --repair"):
        Project.open(folder)
    repair(folder, Progress())
    assert findings(folder) == []
    with Project.open(folder) as project:
        assert digest(project) == before


@pytest.mark.parametrize("share", [0.2, 0.5, 0.9])
def test_a_truncated_database_is_rescued_or_restored(folder: Path, share: float) -> None:
    with Project.open(folder) as project:
        back_up(project, Progress())
        before = digest(project)
    content = (folder / DATABASE_NAME).read_bytes()
    (folder / DATABASE_NAME).write_bytes(content[: int(len(content) * share)])
    assert repair(folder, Progress())
    assert findings(folder) == []
    with Project.open(folder) as project:
        assert digest(project) == before


@pytest.mark.parametrize("content", [b"", b"rubbish" * 5000])
def test_a_database_that_is_none_comes_back_from_a_backup(folder: Path, content: bytes) -> None:
    with Project.open(folder) as project:
        back_up(project, Progress())
        before = digest(project)
    (folder / DATABASE_NAME).write_bytes(content)
    repair(folder, Progress())
    assert findings(folder) == []
    with Project.open(folder) as project:
        assert digest(project) == before


def test_without_backup_or_a_readable_byte_it_says_so_and_changes_nothing(folder: Path) -> None:
    (folder / DATABASE_NAME).write_bytes(b"rubbish" * 5000)
    with pytest.raises(ProjectDamagedError, match="no whole backup"):
        repair(folder, Progress())
    assert (folder / DATABASE_NAME).read_bytes() == b"rubbish" * 5000


def test_a_backup_of_another_future_is_not_mixed_in(folder: Path) -> None:
    with Project.open(folder) as project:
        project.apply(Relabel(project.columns.product_id[:50], 1, Status.CONFIRMED))
        back_up(project, Progress())
        project.undo()
    shutil.copy(next((folder / "backups").glob("*.sqlite")), folder / DATABASE_NAME)
    with Project.open(folder) as project:
        project.undo()
        project.apply(Relabel(project.columns.product_id[100:103], 2, Status.CONFIRMED))
        before = project.columns.category.copy()
    with closing(sqlite3.connect(folder / DATABASE_NAME)) as connection:
        (root,) = connection.execute(
            "SELECT rootpage FROM sqlite_master WHERE name = 'picture_fact'"
        ).fetchone()
    content = bytearray((folder / DATABASE_NAME).read_bytes())
    content[(root - 1) * 4096 : root * 4096] = b"\xff" * 4096
    (folder / DATABASE_NAME).write_bytes(content)
    repair(folder, Progress())
    with Project.open(folder) as project:
        assert np.array_equal(project.columns.category, before)


def change(folder: Path, *statements: str) -> None:
    with closing(sqlite3.connect(folder / DATABASE_NAME)) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("UPDATE label SET category_id = 2 WHERE product_id BETWEEN 5 AND 14", "labels and the history"),
        ("DELETE FROM label WHERE product_id = 9", "lost their label"),
        ("DELETE FROM product_text WHERE product_id = 9", "lost their texts"),
        ("DELETE FROM product WHERE id = 9", "decisions about lost products"),
        ("DELETE FROM edit WHERE id = 3", "lines of the history are lost"),
        ("UPDATE edit SET details = 'no JSON' WHERE id = 3", "1 rows that pointed nowhere"),
    ],
)
def test_rows_that_do_not_fit_are_mended_after_a_backup(folder: Path, statement: str, said: str) -> None:
    change(folder, statement)
    done = repair(folder, Progress())
    assert any(said.removesuffix(".") in one for one in done), done
    assert "before-repair" in done[-1]
    assert findings(folder) == []


@pytest.mark.parametrize("renames", [1, 2, 3, 4])
def test_a_kill_between_the_renames_of_a_rescue_costs_nothing(
    folder: Path, monkeypatch: pytest.MonkeyPatch, renames: int
) -> None:
    change(folder, "PRAGMA journal_mode = WAL")
    with closing(sqlite3.connect(folder / DATABASE_NAME)) as connection:
        (root,) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'label'").fetchone()
    content = bytearray((folder / DATABASE_NAME).read_bytes())
    content[(root - 1) * 4096 : root * 4096] = b"\xff" * 4096
    (folder / DATABASE_NAME).write_bytes(content)
    log = folder / f"{DATABASE_NAME}-wal"
    log.write_bytes(b"what the damaged one had in its log")
    done = 0

    def killed(source: Path, target: Path) -> None:
        nonlocal done
        done += 1
        if done > renames:
            raise KeyboardInterrupt
        source.replace(target)

    with monkeypatch.context() as patched, suppress(KeyboardInterrupt):
        patched.setattr("prodlabel.operations.repair.replace_file", killed)
        repair(folder, Progress())
    assert done >= renames
    repair(folder, Progress())
    assert findings(folder) == []
    with Project.open(folder) as project:
        assert len(project.columns) == PRODUCTS


def test_a_search_index_that_lost_words_is_made_again(folder: Path) -> None:
    change(folder, "DELETE FROM product_search_docsize WHERE id < 50")
    repair(folder, Progress())
    assert findings(folder) == []
    with Project.open(folder) as project:
        assert len(project.search("number")) == PRODUCTS


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def _flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0xFF
    path.write_bytes(content)


@pytest.mark.parametrize("harm", [_cut, _flip, Path.unlink])
@pytest.mark.parametrize("what", ["vectors.bin", "index.bin", "block.json", "thumbnails", "result"])
def test_what_can_be_made_again_is_dropped_and_named(
    folder: Path, what: str, harm: Callable[[Path], None]
) -> None:
    keys = key_array([bytes([n]) * 16 for n in range(1, 100)])
    with VectorStore.open(folder / VECTOR_FOLDER, "tiny", "1", 8, writable=True) as store:
        store.append(keys, np.arange(99 * 8, dtype=np.float32).reshape(99, 8))
    with ThumbnailStore(folder / "thumbnails") as thumbnails:
        thumbnails.put_many([Thumbnail(bytes([n]) * 16, 8, 8, b"x" * 2000) for n in range(1, 100)])
    if what == "thumbnails":
        harm(folder / "thumbnails" / "thumbnails.sqlite")
    elif what == "result":
        harm(next((folder / "results").glob("*.npz")))
    else:
        harm(folder / VECTOR_FOLDER / "tiny-1" / what)
    repair(folder, Progress())
    assert findings(folder) == []
    with VectorStore.open(folder / VECTOR_FOLDER, "tiny", "1", 8, writable=True) as store:
        store.append(keys, np.arange(99 * 8, dtype=np.float32).reshape(99, 8))
        assert np.array_equal(store.gather(keys)[:, 0], np.arange(99) * 8)
        assert not len(store.verify())


def sql(folder: Path, *statements: str) -> None:
    with closing(sqlite3.connect(folder / DATABASE_NAME)) as connection, connection:
        for statement in statements:
            connection.execute(statement)


def describe_again(folder: Path) -> None:
    """Some products come again with other texts, so that the history has a line about them."""
    with Project.open(folder) as project:
        changed = tuple(
            replace(one, description=f"{one.description}, described again")
            for one in batch(1, 0).records[:20]
        )
        project.apply(ImportBatch(next(iter(project.sources)), changed))


def named(folder: Path) -> tuple[str, list[str], list[int]]:
    with Project.open(folder) as project:
        texts = [(one.name, one.description) for one in project.texts(np.arange(len(project.columns)))]
        return repr(project.taxonomy.by_id), [*map(repr, texts)], project.columns.product_id.tolist()


BEHIND_ITS_BACK = {
    "a category renamed": ("UPDATE category SET name = 'Another' WHERE id = 1", "categories"),
    "a category moved": ("UPDATE category SET position = 77 WHERE id = 1", "categories"),
    "a category retired": ("UPDATE category SET is_present = 0 WHERE id = 1", "categories"),
    "a name": ("UPDATE product_text SET name = 'x' WHERE product_id = 1", "texts"),
    "a description": ("UPDATE product_text SET description = 'x' WHERE product_id = 1", "texts"),
    "a brand": ('UPDATE product_text SET attributes = \'{"brand": "x"}\' WHERE product_id = 1', "texts"),
    "a product taken out": ("UPDATE product SET is_present = 0 WHERE id = 3", "there, or gone"),
}


@pytest.mark.parametrize(("statement", "told"), BEHIND_ITS_BACK.values(), ids=BEHIND_ITS_BACK)
def test_what_was_changed_behind_the_history_is_named_and_put_right(
    folder: Path, statement: str, told: str
) -> None:
    describe_again(folder)
    before = named(folder)
    assert findings(folder) == []
    sql(folder, statement)
    (found,) = findings(folder)
    assert told in found
    assert repair(folder, Progress())
    assert named(folder) == before
    assert findings(folder) == []


def test_what_the_history_cannot_say_any_more_is_written_into_it(folder: Path) -> None:
    sql(folder, "DELETE FROM change WHERE entity = 'category' AND entity_id = 1")
    before = named(folder)
    assert ["categories" in one for one in findings(folder)] == [True]
    repair(folder, Progress())
    assert findings(folder) == []
    assert named(folder) == before


def test_damaged_backups_are_named_and_put_aside(folder: Path) -> None:
    with Project.open(folder) as project:
        for _ in range(2):
            made = back_up(project, Progress()).path
    older = list_contents(folder)[1].path
    content = made.read_bytes()
    made.write_bytes(content[:8192] + b"\xee" * (len(content) - 8192))
    older.write_bytes(b"rubbish" * 1000)
    found = findings(folder)
    assert {made.name, older.name} == {name for name in (made.name, older.name) if name in " ".join(found)}
    repair(folder, Progress())
    assert findings(folder) == []
    assert len(list((folder / "backups").glob("*.damaged"))) == 2


def keep_classifier(folder: Path) -> Path:
    """A real classifier as a version of the project's; the folder of its files."""
    place = folder / "classifiers" / "fusion-00001-5"
    with Project.open(folder) as project:
        save_classifier(FusionClassifier().fit(*make_products(30)), place)
        said = {"folder": f"classifiers/{place.name}"}
        held = {"thresholds": np.zeros(3), "trained_on": np.arange(30)}
        project.results.save("classifier", "fusion", held, settings=said)
    with VectorStore.open(folder / VECTOR_FOLDER, "minilm", "1", 2, writable=True) as block:
        block.append(key_array([b"0" * 16]), np.ones((1, 2), np.float32))
    return place


@pytest.mark.parametrize("harm", ["gone", "rubbish"])
def test_a_classifier_whose_files_are_lost_is_named_and_dropped(folder: Path, harm: str) -> None:
    place = keep_classifier(folder)
    assert findings(folder) == []
    if harm == "gone":
        shutil.rmtree(place)
    else:
        (place / "classifier.npz").write_bytes(b"rubbish")
    assert ["lassifier version" in one for one in findings(folder)] == [True]
    assert any("to be computed again" in one for one in repair(folder, Progress()))
    assert findings(folder) == []


def test_vectors_that_are_gone_are_named_where_a_classifier_looks_at_them(folder: Path) -> None:
    keep_classifier(folder)
    shutil.rmtree(folder / VECTOR_FOLDER)
    (found,) = findings(folder)
    assert "vectors" in found
    assert "prodlabel encode" in found


def test_thumbnails_that_are_gone_are_named_and_their_pictures_looked_at_again(folder: Path) -> None:
    with Project.open(folder) as project:
        project.write_picture_facts([(1, b"0" * 16, 10, 10, None), (2, None, 0, 0, "broken")])
    with ThumbnailStore(folder / "thumbnails") as store:
        store.put_many([Thumbnail(b"0" * 16, 10, 10, b"jpeg")])
    assert findings(folder) == []
    shutil.rmtree(folder / "thumbnails")
    (found,) = findings(folder)
    assert "thumbnails of 1 pictures are gone" in found
    assert repair(folder, Progress()) == ["1 pictures are looked at again at the next import."]
    assert findings(folder) == []


@pytest.mark.parametrize("settings", ["[1", "[1]", "7", "null", "[" * 20_000])
def test_settings_of_a_classifier_that_make_no_sense_are_named(folder: Path, settings: str) -> None:
    keep_classifier(folder)
    with Project.open(folder) as project:
        snapshot = project.snapshot()
    sql(folder, f"UPDATE result SET settings = '{settings}' WHERE kind = 'classifier'")
    assert ["says of classifier version" in one for one in check_project(snapshot, Progress())] == [True]
