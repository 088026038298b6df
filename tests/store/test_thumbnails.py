"""Thumbnails: quick to find, never fatal; a damaged cache is made anew."""

from __future__ import annotations

import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import cv2
import numpy as np
import pytest

from prodlabel.core.errors import ProjectError
from prodlabel.core.products import content_hash
from prodlabel.store.thumbnails import (
    DATABASE_NAME,
    PictureFile,
    Thumbnail,
    ThumbnailStore,
    make_thumbnail,
)


def some(count: int, first: int = 0) -> list[Thumbnail]:
    return [
        Thumbnail(content_hash(str(i).encode()), 100 + i, 200 + i, f"jpeg {i}".encode() * 50)
        for i in range(first, first + count)
    ]


def test_thumbnails_come_back_in_the_order_asked_for(tmp_path: Path) -> None:
    made = some(1300)
    with ThumbnailStore(tmp_path) as store:
        store.put_many(made)
    with ThumbnailStore(tmp_path, writable=False) as store:
        keys = [t.key for t in reversed(made)]
        assert store.get_many(keys) == [t.jpeg for t in reversed(made)]
        assert store.get_many([made[3].key, None, b"unknown", made[3].key]) == [
            made[3].jpeg, None, None, made[3].jpeg
        ]  # fmt: skip
        assert store.has([made[0].key, None, b"unknown"]).tolist() == [True, False, False]
        assert store.sizes([made[7].key, None]) == {made[7].key: (107, 207)}
        assert store.get_many([]) == []
        assert len(store) == 1300


def test_newer_thumbnail_replaces_the_older(tmp_path: Path) -> None:
    with ThumbnailStore(tmp_path) as store:
        store.put_many(some(2))
        key = some(1)[0].key
        store.put_many([Thumbnail(key, 1, 2, b"new")])
        assert store.get_many([key]) == [b"new"]
        assert store.sizes([key]) == {key: (1, 2)}
        assert len(store) == 2


def test_unchanged_files_are_known(tmp_path: Path) -> None:
    files = [PictureFile("Images/a.jpg", 10, 1_700_000_000_123_456_789, b"k" * 16)]
    files.append(PictureFile("Images/\udcff.jpg", 2**40, 0, b"l" * 16))  # a name that is no valid Unicode
    with ThumbnailStore(tmp_path) as store:
        store.remember_files(files)
        assert store.known_files([f.path for f in files] + ["b.jpg"]) == {f.path: f for f in files}
        changed = PictureFile("Images/a.jpg", 11, 5, b"m" * 16)
        store.remember_files([changed])
        assert store.known_files(["Images/a.jpg"]) == {"Images/a.jpg": changed}


def test_reader_without_a_cache_finds_nothing_and_makes_nothing(tmp_path: Path) -> None:
    with ThumbnailStore(tmp_path / "none", writable=False) as store:
        assert store.get_many([b"k" * 16]) == [None]
        with pytest.raises(ProjectError, match="reading only"):
            store.put_many(some(1))
    assert not list(tmp_path.iterdir())


def test_reader_sees_what_a_writer_puts(tmp_path: Path) -> None:
    with ThumbnailStore(tmp_path) as writer, ThumbnailStore(tmp_path, writable=False) as reader:
        writer.put_many(some(3))
        assert reader.has([t.key for t in some(4)]).tolist() == [True, True, True, False]


@pytest.mark.expects_log
@pytest.mark.parametrize(
    "content", [b"no database at all" * 100, b"SQLite format 3\x00" + bytes(5000), b"SQLite"]
)
def test_file_that_is_no_cache_is_set_aside(tmp_path: Path, content: bytes) -> None:
    (tmp_path / DATABASE_NAME).write_bytes(content)
    with ThumbnailStore(tmp_path) as store:
        store.put_many(some(2))
        assert len(store) == 2
    assert (tmp_path / "thumbnails.damaged.sqlite").read_bytes() == content


@pytest.mark.expects_log
def test_cache_of_another_version_is_made_anew(tmp_path: Path) -> None:
    with ThumbnailStore(tmp_path) as store:
        store.put_many(some(2))
    connection = sqlite3.connect(tmp_path / DATABASE_NAME)
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    with ThumbnailStore(tmp_path) as store:
        assert len(store) == 0


@pytest.mark.expects_log
def test_random_damage_is_never_fatal(tmp_path: Path) -> None:
    """40 caches with 200 bytes overwritten somewhere: each can be read and filled again."""
    dice = np.random.default_rng(5)
    path = tmp_path / DATABASE_NAME
    with ThumbnailStore(tmp_path) as store:
        store.put_many(some(200))
    whole = path.read_bytes()
    for _ in range(40):
        content = np.frombuffer(whole, dtype=np.uint8).copy()
        at = int(dice.integers(0, len(content) - 200))
        content[at : at + 200] = dice.integers(0, 256, 200)
        for old in tmp_path.iterdir():
            old.unlink()
        path.write_bytes(content.tobytes())
        with ThumbnailStore(tmp_path) as store:
            keys = [t.key for t in some(210)]
            store.get_many(keys)
            store.put_many(some(210))
            assert sum(jpeg is not None for jpeg in store.get_many(keys)) >= 200


def test_damaged_cache_of_a_reader_is_told(tmp_path: Path) -> None:
    (tmp_path / DATABASE_NAME).write_bytes(b"no database at all" * 100)
    with pytest.raises(ProjectError, match="made anew"):
        ThumbnailStore(tmp_path, writable=False)


def test_many_may_open_a_new_cache_at_once(tmp_path: Path) -> None:
    errors: list[BaseException] = []
    start = threading.Barrier(6)

    def work(number: int) -> None:
        try:
            start.wait()
            with ThumbnailStore(tmp_path) as store:
                store.put_many(some(20, first=20 * number))
        except BaseException as error:  # noqa: BLE001 - handed to the test
            errors.append(error)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not errors
    with ThumbnailStore(tmp_path) as store:
        assert len(store) == 120


def test_readonly_folder_gives_a_clear_error_or_is_read(readonly_folder: Path) -> None:
    with pytest.raises(ProjectError, match="permission"):
        ThumbnailStore(readonly_folder / "thumbnails")


def test_thumbnail_fits_the_square_and_keeps_shape_and_colour() -> None:
    picture = np.zeros((300, 600, 3), dtype=np.uint8)
    picture[:, :300] = (255, 0, 0)
    jpeg = make_thumbnail(picture)
    back = cv2.cvtColor(cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR), cv2.COLOR_BGR2RGB)
    assert back.shape == (64, 128, 3)
    assert back[32, 20, 0] > 240
    assert back[32, 20, 1:].max() < 15
    assert back[32, 110].max() < 15


def test_small_and_narrow_pictures_make_thumbnails() -> None:
    for shape, expected in (((5, 7), (5, 7)), ((5000, 1), (128, 1)), ((1, 1), (1, 1))):
        jpeg = make_thumbnail(np.full((*shape, 3), 90, dtype=np.uint8))
        assert cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR).shape[:2] == expected


@pytest.mark.parametrize("shape", [(4, 4), (4, 4, 4), (0, 4, 3)])
def test_what_is_no_rgb_picture_is_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="a picture is"):
        make_thumbnail(np.zeros(shape, dtype=np.uint8))


HOSTILE = {
    "a view that never ends": (
        "DROP TABLE thumbnail;"
        "CREATE VIEW thumbnail AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)"
        "SELECT i AS key, i AS width, i AS height, i AS jpeg FROM n WHERE i < 0"
    ),
    "a trigger": "CREATE TRIGGER t AFTER INSERT ON thumbnail BEGIN DELETE FROM thumbnail; END",
    "a column that is computed": "ALTER TABLE thumbnail ADD COLUMN x AS (zeroblob(width))",
    "an index of an expression": "CREATE INDEX x ON thumbnail (abs(width))",
}


@pytest.mark.expects_log
@pytest.mark.parametrize("statements", HOSTILE.values(), ids=HOSTILE)
def test_what_a_stranger_put_into_the_cache_does_not_run(tmp_path: Path, statements: str) -> None:
    ThumbnailStore(tmp_path).close()
    with closing(sqlite3.connect(tmp_path / DATABASE_NAME)) as connection:
        connection.executescript(statements)
    with pytest.raises(ProjectError, match="damaged"):
        ThumbnailStore(tmp_path, writable=False)
    with ThumbnailStore(tmp_path) as store:
        store.put_many([Thumbnail(b"k" * 16, 1, 1, b"jpeg")])
        assert len(store) == 1
    assert (tmp_path / "thumbnails.damaged.sqlite").is_file()
