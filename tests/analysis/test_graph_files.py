"""A graph comes back from its file as it was, and a file that would lead usearch astray is refused."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from prodlabel.analysis.graph import LINKS, Graph, digest_of
from prodlabel.analysis.graph_file import need_whole
from prodlabel.core.errors import ProjectDamagedError
from prodlabel.core.progress import Progress

COUNT, WIDTH = 700, 6


@pytest.fixture(scope="module")
def vectors() -> np.ndarray:
    return np.random.default_rng(0).normal(size=(COUNT + 50, WIDTH)).astype(np.float32)


@pytest.fixture(scope="module")
def grown(vectors: np.ndarray) -> Graph:
    graph = Graph(WIDTH, by_distance=True)
    graph.add(vectors[:COUNT], Progress())
    return graph


@pytest.fixture(scope="module")
def file(grown: Graph, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("graph") / "a.graph"
    with path.open("wb") as opened:
        grown.write(opened)
    return path


def _refused(content: bytes | bytearray, *, count: int = COUNT, width: int = WIDTH) -> bool:
    try:
        need_whole(
            np.frombuffer(content, np.uint8), "x", width=width, count=count, links=LINKS, by_distance=True
        )
    except ProjectDamagedError:
        return True
    return False


def _mapped(path: Path, count: int = COUNT) -> Graph:
    return Graph.mapped(path, WIDTH, count, digest_of(path), by_distance=True)


def test_a_mapped_graph_answers_as_the_one_that_was_written(
    grown: Graph, file: Path, vectors: np.ndarray
) -> None:
    mapped = _mapped(file)
    np.testing.assert_array_equal(mapped.near(vectors, 10), grown.near(vectors, 10))
    np.testing.assert_allclose(mapped.vectors(np.array([3, 8])), vectors[[3, 8]], atol=0.02)


def test_a_name_that_is_not_ascii_is_written_and_read(grown: Graph, tmp_path: Path) -> None:
    path = tmp_path / "κατάλογος.graph"
    with path.open("wb") as opened:
        grown.write(opened)
    assert len(_mapped(path)) == COUNT


def test_a_mapped_graph_grows_in_memory_and_its_file_stays(file: Path, vectors: np.ndarray) -> None:
    before = file.read_bytes()
    more = _mapped(file).thawed()
    more.add(vectors[COUNT:], Progress())
    found = more.near(vectors[COUNT:], 1)[:, 0]
    assert np.mean(found == np.arange(COUNT, COUNT + 50)) > 0.95
    assert (len(more), len(_mapped(file))) == (COUNT + 50, COUNT)
    assert file.read_bytes() == before


def test_other_sizes_and_another_digest_are_refused(file: Path) -> None:
    content = file.read_bytes()
    assert not _refused(content)
    assert _refused(content, count=COUNT - 1)
    assert _refused(content, width=WIDTH + 1)
    assert all(_refused(one) for one in (b"", content[:-1], content + b"\0"))
    with pytest.raises(ProjectDamagedError):
        Graph.mapped(file, WIDTH, COUNT, "0" * 32, by_distance=True)


def test_a_link_that_leads_out_of_the_graph_is_refused(file: Path) -> None:
    content = np.frombuffer(file.read_bytes(), np.uint8).copy()
    levels_at = 8 + COUNT * 2 * WIDTH + 64 + 40
    levels = content[levels_at : levels_at + 2 * COUNT].view("<i2")
    assert levels.max() > 0, "otherwise the test looks at one level only"
    starts = levels_at + 2 * COUNT + np.cumsum(10 + 4 * (1 + 2 * LINKS) + levels * 4 * (1 + LINKS))
    starts = np.concatenate([[levels_at + 2 * COUNT], starts[:-1]])
    high = int(levels.argmax())
    low = int(levels.argmin())

    def changed(at: int, value: int) -> bytearray:
        made = bytearray(content.tobytes())
        made[at : at + 4] = int(value).to_bytes(4, "little")
        return made

    lowest, above = starts[high] + 10, starts[high] + 10 + 4 * (1 + 2 * LINKS)
    assert _refused(changed(lowest, 2 * LINKS + 1)), "more links than there is room for"
    assert _refused(changed(lowest + 4, COUNT)), "a link to an entry that is not there"
    assert _refused(changed(above + 4, low)), "a link on a level that its end does not reach"
    assert _refused(changed(starts[high], 2**31)), "a key that is no entry"
    assert _refused(changed(levels_at - 8, COUNT)), "an entry point that is not there"
    assert _refused(changed(levels_at - 16, 60)), "more levels than there are"


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_whatever_is_accepted_can_be_asked_without_harm(
    file: Path, vectors: np.ndarray, data: st.DataObject, tmp_path: Path
) -> None:
    content = bytearray(file.read_bytes())
    vector_end = 8 + COUNT * 2 * WIDTH
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.one_of(st.integers(0, 7), st.integers(vector_end, len(content) - 1)))
        content[at] = data.draw(st.integers(0, 255))
    path = tmp_path / "changed.graph"
    path.write_bytes(content)
    try:
        graph = _mapped(path)
    except ProjectDamagedError:
        return
    found = graph.near(vectors[:40], 10)
    assert ((found >= -1) & (found < COUNT)).all()
