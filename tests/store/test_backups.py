"""Backups are whole, of one moment, thinned by age, and restored without losing what was there."""

from __future__ import annotations

import sqlite3
import threading
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prodlabel.core.errors import Cancelled, ProjectDamagedError, ProjectError
from prodlabel.core.progress import CancelToken, Progress
from prodlabel.store import backups
from prodlabel.store.backup_order import select_to_keep
from prodlabel.store.backups import (
    finish_restore,
    list_backups,
    make_backup,
    restore_backup,
    thin_backups,
)

NOON = datetime(2026, 3, 4, 12, 0, 0, tzinfo=UTC)


@pytest.fixture
def database(tmp_path: Path) -> Path:
    path = tmp_path / "project.sqlite"
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("CREATE TABLE product (id INTEGER PRIMARY KEY, name TEXT)")
        connection.execute("CREATE TABLE edit (id INTEGER PRIMARY KEY)")
        connection.executemany(
            "INSERT INTO product (name) VALUES (?)", [(f"p{i}" * 40,) for i in range(2000)]
        )
    return path


def names_in(path: Path) -> int:
    with closing(sqlite3.connect(path)) as connection:
        return int(connection.execute("SELECT count(*) FROM product").fetchone()[0])


def add_product(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("INSERT INTO product (name) VALUES ('more')")


def test_backup_holds_what_the_project_held(tmp_path: Path, database: Path) -> None:
    made = make_backup(database, tmp_path / "backups", "before-import", now=NOON)
    add_product(database)
    assert made.path.name == "20260304-120000-000-before-import.sqlite"
    assert made.counts == {"product": 2000, "edit": 0}
    assert list_backups(tmp_path / "backups") == [made]
    assert names_in(made.path) == 2000
    assert [p.name for p in (tmp_path / "backups").iterdir()] == [made.path.name]


def test_edits_that_are_only_in_the_log_are_in_the_backup(tmp_path: Path, database: Path) -> None:
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("PRAGMA wal_autocheckpoint = 0")
        with connection:
            connection.execute("INSERT INTO product (name) VALUES ('in the log')")
        with connection:  # an open transaction of somebody else is not
            connection.execute("INSERT INTO product (name) VALUES ('not committed')")
            assert make_backup(database, tmp_path / "b", "hourly").counts == {"product": 2001, "edit": 0}


def test_backup_is_of_one_moment_while_somebody_writes(
    tmp_path: Path, database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The writer adds a product and an edit in each transaction, so the two counts differ by 2000 always."""
    monkeypatch.setattr(backups, "_PAGES", 3)
    stop = threading.Event()

    def write() -> None:
        with closing(sqlite3.connect(database)) as connection:
            while not stop.is_set():
                with connection:
                    connection.execute("INSERT INTO product (name) VALUES (zeroblob(2000))")
                    connection.execute("INSERT INTO edit DEFAULT VALUES")

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for _ in range(5):
            made = make_backup(database, tmp_path / "b", "hourly")
            assert made.counts is not None
            assert made.counts["product"] - made.counts["edit"] == 2000
    finally:
        stop.set()
        writer.join()


def test_cancelled_backup_leaves_nothing(tmp_path: Path, database: Path) -> None:
    token = CancelToken()
    progress = Progress(
        listener=lambda state: token.cancel() if state.done else None, token=token, interval_s=0
    )
    with pytest.raises(Cancelled):
        make_backup(database, tmp_path / "b", "hourly", progress)
    assert not list((tmp_path / "b").iterdir())
    assert names_in(database) == 2000


def test_damaged_project_makes_no_backup(tmp_path: Path, database: Path) -> None:
    content = bytearray(database.read_bytes())
    content[4096 * 3 : 4096 * 3 + 2000] = b"\xff" * 2000
    database.write_bytes(content)
    with pytest.raises(ProjectDamagedError, match="is damaged"):
        make_backup(database, tmp_path / "b", "hourly")
    assert list_backups(tmp_path / "b") == []
    assert not list((tmp_path / "b").iterdir())


def test_reasons_and_missing_projects_are_checked(tmp_path: Path, database: Path) -> None:
    with pytest.raises(ValueError, match="a reason is made of"):
        make_backup(database, tmp_path, "../x")
    with pytest.raises(ProjectError, match="There is no gone"):
        make_backup(tmp_path / "gone.sqlite", tmp_path / "b", "hourly")
    make_backup(database, tmp_path / "b", "hourly", now=NOON)
    with pytest.raises(ProjectError, match="already"):
        make_backup(database, tmp_path / "b", "hourly", now=NOON)


def test_list_says_which_backups_cannot_be_read_and_leaves_other_files_out(
    tmp_path: Path, database: Path
) -> None:
    folder = tmp_path / "b"
    for hour in range(3):
        made = make_backup(database, folder, "hourly", now=NOON + timedelta(hours=hour))
    made.path.write_bytes(b"rubbish" * 1000)
    for name in ("notes.txt", "20269999-120000-000-x.sqlite", "20260304-120000-000-x.sqlite.partial"):
        (folder / name).write_text("x")
    listed = list_backups(folder)
    assert [b.made.hour for b in listed] == [14, 13, 12]
    assert [b.counts is None for b in listed] == [True, False, False]
    assert list_backups(tmp_path / "none") == []


def test_restore_brings_back_and_sets_aside(tmp_path: Path, database: Path) -> None:
    made = make_backup(database, tmp_path / "b", "hourly")
    add_product(database)
    aside = restore_backup(made.path, database, now=NOON)
    assert names_in(database) == 2000
    assert aside == tmp_path / "project.set-aside-20260304-120000.sqlite"
    assert names_in(aside) == 2001
    again = restore_backup(made.path, database, now=NOON)
    assert again == tmp_path / "project.set-aside-20260304-120000-2.sqlite"
    assert names_in(aside) == 2001


def test_restore_takes_the_log_of_the_present_database_along(tmp_path: Path, database: Path) -> None:
    """As after a kill: the last edit is only in the log, which must not be played into the backup."""
    made = make_backup(database, tmp_path / "b", "hourly")
    with closing(sqlite3.connect(database)) as connection:
        with connection:
            connection.execute("INSERT INTO product (name) VALUES ('last')")
        log = database.with_name("project.sqlite-wal").read_bytes()
        content = database.read_bytes()
    database.write_bytes(content)
    database.with_name("project.sqlite-wal").write_bytes(log)
    aside = restore_backup(made.path, database)
    assert aside is not None
    assert names_in(database) == 2000
    assert names_in(aside) == 2001


def test_damaged_backup_is_not_restored(tmp_path: Path, database: Path) -> None:
    made = make_backup(database, tmp_path / "b", "hourly")
    before = database.read_bytes()
    content = bytearray(made.path.read_bytes())
    for broken in (
        bytes(content[:9000]),
        b"x" * 5000,
        bytes(content[:4096]) + b"\xee" * (len(content) - 4096),
    ):
        made.path.write_bytes(broken)
        with pytest.raises(ProjectDamagedError):
            restore_backup(made.path, database)
    assert database.read_bytes() == before
    assert [p.name for p in tmp_path.iterdir() if p.is_file()] == ["project.sqlite"]


def test_restore_into_a_project_that_lost_its_database(tmp_path: Path, database: Path) -> None:
    made = make_backup(database, tmp_path / "b", "hourly")
    database.unlink()
    assert restore_backup(made.path, database) is None
    assert names_in(database) == 2000


def test_restore_that_a_crash_interrupted_is_finished(
    tmp_path: Path, database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = make_backup(database, tmp_path / "b", "hourly")
    add_product(database)

    def crash(*_: object) -> None:
        raise RuntimeError("power cut")

    monkeypatch.setattr(backups, "_move_side_files", crash)
    with pytest.raises(RuntimeError):
        restore_backup(made.path, database, now=NOON)
    monkeypatch.undo()
    database.with_name("project.sqlite-wal").write_bytes(b"the log of the old one")
    assert not database.exists()
    assert finish_restore(database)
    assert names_in(database) == 2000
    assert (tmp_path / "project.set-aside-20260304-120000.sqlite-wal").exists()
    assert not finish_restore(database)


def test_readonly_folder_gives_a_clear_error(readonly_folder: Path) -> None:
    with pytest.raises(ProjectError, match="permission"):
        make_backup(readonly_folder / "project.sqlite", readonly_folder / "b", "hourly")


def test_thinning_deletes_what_is_not_kept(tmp_path: Path, database: Path) -> None:
    folder = tmp_path / "b"
    for minute in range(12):
        make_backup(database, folder, "hourly", now=NOON + timedelta(minutes=minute))
    gone = thin_backups(folder)
    assert sorted(b.made.minute for b in gone) == [0, 1]
    assert len(list_backups(folder)) == 10
    assert thin_backups(folder) == []


def test_a_backup_made_after_the_clock_went_back_is_the_newest_and_stays(
    tmp_path: Path, database: Path
) -> None:
    folder = tmp_path / "b"
    for minute in range(12):
        make_backup(database, folder, "hourly", now=NOON.replace(year=2030) + timedelta(minutes=minute))
    add_product(database)
    made = make_backup(database, folder, "hourly", now=NOON)
    thin_backups(folder)
    listed = list_backups(folder)
    assert listed[0] == made
    assert made.path.name == "20260304-120000-000-hourly.1.sqlite"
    assert len(listed) == 10
    newest = backups.newest_backup(folder)
    assert newest == (NOON, made.path)
    later = make_backup(database, folder, "hourly", now=NOON + timedelta(minutes=1))
    assert list_backups(folder)[:2] == [later, made]
    assert later.era == 1


def test_a_clock_that_was_wrong_for_a_day_costs_no_older_backup(tmp_path: Path, database: Path) -> None:
    folder = tmp_path / "b"
    for day in range(4):
        make_backup(database, folder, "hourly", now=NOON + timedelta(days=day))
    for minute in range(11):
        make_backup(database, folder, "hourly", now=datetime(1970, 1, 1, 0, minute, tzinfo=UTC))
    thin_backups(folder)
    assert len([one for one in list_backups(folder) if one.made >= NOON]) == 4


@pytest.mark.parametrize("reason", ["before-format-0002-from-0001", "before-restore", "before-repair"])
def test_what_takes_a_restore_or_an_upgrade_back_is_never_thinned_out(
    reason: str, tmp_path: Path, database: Path
) -> None:
    folder = tmp_path / "b"
    make_backup(database, folder, reason, now=NOON)
    kept = make_backup(database, folder, reason, now=NOON + timedelta(minutes=1))
    for minute in range(2, 14):
        make_backup(database, folder, "hourly", now=NOON + timedelta(minutes=minute))
    thin_backups(folder, most_bytes=1)
    assert [one.path for one in list_backups(folder) if one.reason == reason] == [kept.path]


def test_the_log_goes_to_the_database_that_was_set_aside_last_whatever_the_clock_said(
    tmp_path: Path, database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = make_backup(database, tmp_path / "b", "hourly")
    for _ in range(2):
        restore_backup(made.path, database, now=NOON.replace(year=2030))

    def crash(*_: object) -> None:
        raise RuntimeError("power cut")

    monkeypatch.setattr(backups, "_move_side_files", crash)
    with pytest.raises(RuntimeError):
        restore_backup(made.path, database, now=NOON)
    monkeypatch.undo()
    database.with_name("project.sqlite-wal").write_bytes(b"the log of the old one")
    assert finish_restore(database)
    assert [path.name for path in tmp_path.glob("*-wal")] == [
        "project.set-aside-20260304-120000-3.sqlite-wal"
    ]


def test_a_year_of_hourly_backups_thins_to_ten_and_a_week_and_a_month() -> None:
    times = [NOON - timedelta(hours=hour) for hour in range(24 * 365)]
    kept = [times[place] for place in sorted(select_to_keep(times))]
    assert kept[:10] == times[:10]
    # 12:00 is newest; the day before and five more end at 23:00; then the Sundays of the three weeks before,
    # the first of which is the newest of its day already.
    assert kept[10:] == [
        datetime(2026, 3, day, 23, tzinfo=UTC) for day in (3, 2, 1)
    ] + [datetime(2026, 2, day, 23, tzinfo=UTC) for day in (28, 27, 26, 22, 15)]  # fmt: skip


@given(st.lists(st.integers(0, 5000), min_size=1, max_size=60, unique=True))
def test_thinning_again_after_thinning_deletes_nothing(hours: list[int]) -> None:
    times = [NOON - timedelta(hours=hour) for hour in hours]  # the clock jumps about
    kept = [times[place] for place in sorted(select_to_keep(times))]
    assert select_to_keep(kept) == set(range(len(kept)))
    assert kept[0] == times[0]
    assert len(kept) >= min(10, len(times))
