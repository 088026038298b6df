"""Pictures decoded in a process of their own: the same pixels, and whatever a picture does, only a remark."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from prodlabel.core.errors import InputError
from prodlabel.core.progress import Progress
from prodlabel.operations.importing import ImportSettings, import_catalogue
from prodlabel.operations.pictures import look_at_pictures
from prodlabel.operations.preview import look_over
from prodlabel.project.project import Project
from prodlabel.sources import picture_child
from prodlabel.sources.picture_child import Limits, LookInto, decode_apart, looking_apart
from prodlabel.sources.pictures import PictureError, decode, look_into
from tests.hostile.pictures import hostile_pictures
from tests.sources import harmful


@pytest.fixture(scope="module")
def apart() -> Iterator[LookInto]:
    with looking_apart(1) as found:
        yield found


def picture(folder: Path, name: str = "a.jpg", side: int = 60) -> Path:
    noise = np.random.default_rng(3).integers(0, 255, (side, 2 * side, 3)).astype(np.uint8)
    Image.fromarray(noise).save(folder / name)
    return folder / name


def test_a_child_sees_what_the_program_itself_would_see(apart: LookInto, tmp_path: Path) -> None:
    files = [picture(tmp_path), tmp_path / "missing.jpg"]
    for name, content in list(hostile_pictures())[::9]:
        (tmp_path / name).write_bytes(content)
        files.append(tmp_path / name)
    for path in files:
        (facts, pixels), (there, sent) = look_into(path, 32), apart(path, 32)
        assert (there.problem is None) == (facts.problem is None), path.name
        assert str(there.problem) == str(facts.problem)
        assert (there.width, there.height, there.content_hash) == (
            facts.width,
            facts.height,
            facts.content_hash,
        )
        if pixels is None:
            assert sent is None
        else:
            assert np.array_equal(pixels, sent)


def test_a_picture_to_search_with_is_decoded_apart_as_it_would_be_here(tmp_path: Path) -> None:
    path = picture(tmp_path, side=90)
    assert np.array_equal(decode_apart(path, short_side_px=40), decode(path, short_side_px=40))
    assert np.array_equal(decode_apart(path, short_side_px=400), decode(path, short_side_px=400))
    (tmp_path / "broken.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(50))
    with pytest.raises(PictureError, match=r"broken\.png"):
        decode_apart(tmp_path / "broken.png", short_side_px=40)


@pytest.mark.skipif(sys.platform != "linux", reason="what a limit does differs between systems")
def test_what_a_picture_does_to_its_decoder_is_a_remark_and_the_next_one_is_decoded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Readers that do what a flaw in a decoder would let a picture do."""
    monkeypatch.setattr(picture_child, "_serve", harmful.serve)
    said = {}
    with looking_apart(1, Limits(memory_bytes=300 * 2**20, seconds=1.0)) as look:
        for name in ("crash.jpg", "memory.jpg", "hang.jpg", "write.jpg", "good.jpg"):
            facts, pixels = look(picture(tmp_path, name), 32)
            said[name] = facts.problem.code if facts.problem is not None else "well"
            assert (pixels is None) == (facts.problem is not None)
            assert facts.content_hash  # the file is known again, and not tried again
    assert said == {
        "crash.jpg": "picture_ended_decoder",
        "memory.jpg": "picture_too_many_pixels",
        "hang.jpg": "picture_took_too_long",
        "write.jpg": "picture_damaged",
        "good.jpg": "well",
    }
    assert not (tmp_path / "written").exists() or not (tmp_path / "written").stat().st_size


def test_the_processes_end_with_the_work(tmp_path: Path) -> None:
    import psutil

    before = set(psutil.Process().children(recursive=True))
    with looking_apart(2) as look:
        look(picture(tmp_path), 32)
        assert set(psutil.Process().children(recursive=True)) - before
    give_up = time.monotonic() + 10
    while {one for one in psutil.Process().children(recursive=True) if _is_child(one)} - before:
        assert time.monotonic() < give_up
        time.sleep(0.01)


def _is_child(process: object) -> bool:
    # multiprocessing keeps one process of its own that watches over shared memory.
    return "resource_tracker" not in " ".join(process.cmdline())  # type: ignore[attr-defined]


def test_a_child_that_does_not_start_is_an_error_that_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(picture_child, "_serve", os._exit)
    with looking_apart(1) as look, pytest.raises(InputError, match="could not be started"):
        look(picture(tmp_path), 32)


def test_an_import_with_pictures_apart_comes_to_the_same(tmp_path: Path) -> None:
    images = tmp_path / "images"
    images.mkdir()
    picture(images)
    (images / "b.jpg").write_bytes(b"\xff\xd8\xff rubbish")
    table = tmp_path / "x.csv"
    table.write_text("key,name,picture\n1,one,a.jpg\n2,two,b.jpg\n", encoding="utf-8")
    settings = ImportSettings(table, pictures_apart=True)
    assert list(look_over(settings, Progress()).pictures) == ["1"]
    found = []
    for name, is_apart in (("inside", False), ("apart", True)):
        with Project.create(tmp_path / name, person="Ada") as project:
            import_catalogue(project, settings, Progress())
            report = look_at_pictures(project, Progress(), is_apart=is_apart)
            facts = project.snapshot().read_picture_facts()
        found.append((report.looked_at, report.unusable, [one.message for one in report.problems], facts))
    assert found[0] == found[1]
