"""Files are the old one or the new one; what is not an array, or lies about its size, is told."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from prodlabel.core.errors import ProjectDamagedError, ProjectError
from prodlabel.store import atomic


def test_failed_write_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    atomic.write_json(path, {"name": "Küche"})
    with pytest.raises(ValueError, match="JSON"):
        atomic.write_json(path, {"name": float("nan")})

    def fail(file: Any) -> None:
        file.write(b"half")
        raise RuntimeError("pulled")

    with pytest.raises(RuntimeError):
        atomic.write_with(path, fail)
    assert atomic.read_json(path) == {"name": "Küche"}
    assert [p.name for p in tmp_path.iterdir()] == ["settings.json"]


@pytest.mark.parametrize("content", [b"", b"{", b"\xff", b"[" * 100_000])
def test_json_that_is_none_is_told(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.json"
    path.write_bytes(content)
    with pytest.raises(ProjectDamagedError, match=r"x\.json is not what"):
        atomic.read_json(path)
    path.write_bytes(b"[1, 2]")
    with pytest.raises(ProjectDamagedError, match="at most 3"):
        atomic.read_json(path, max_bytes=3)


def test_missing_file_gives_a_clear_error(tmp_path: Path) -> None:
    for read in (atomic.read_json, atomic.load_arrays):
        with pytest.raises(ProjectError, match="Cannot read"):
            read(tmp_path / "gone")


@settings(max_examples=40, deadline=None)
@given(
    array=hnp.arrays(
        st.sampled_from([np.float32, np.int64, np.bool_, np.uint8]), hnp.array_shapes(min_dims=0, min_side=0)
    )
)
def test_arrays_come_back_as_they_were(tmp_path_factory: pytest.TempPathFactory, array: np.ndarray) -> None:
    folder = tmp_path_factory.mktemp("arrays")
    atomic.save_arrays(folder / "b.npz", {"one": array, "two": array.copy(order="F")})
    for back in atomic.load_arrays(folder / "b.npz").values():
        assert back.dtype == array.dtype
        assert back.shape == array.shape
        assert np.array_equal(back, array, equal_nan=array.dtype.kind == "f")
        assert back.flags.writeable


def test_arrays_of_objects_are_neither_written_nor_read(tmp_path: Path) -> None:
    objects = np.array([{}, None], dtype=object)
    with pytest.raises(ValueError, match="objects"):
        atomic.save_arrays(tmp_path / "a.npz", {"x": objects})
    np.savez(tmp_path / "b.npz", x=objects)
    with pytest.raises(ProjectDamagedError):
        atomic.load_arrays(tmp_path / "b.npz")


def test_damaged_arrays_are_told(tmp_path: Path) -> None:
    """Each truncation and 100 byte flips: told, or read in the shape that the header claims."""
    path = tmp_path / "a.npz"
    atomic.save_arrays(path, {"x": np.arange(30), "y": np.eye(3)})
    whole = path.read_bytes()
    dice = np.random.default_rng(3)
    for cut in range(0, len(whole), 37):
        path.write_bytes(whole[:cut])
        with pytest.raises(ProjectDamagedError):
            atomic.load_arrays(path)
    told = 0
    for position in dice.integers(0, len(whole), 100):
        content = bytearray(whole)
        content[position] ^= 1 << int(dice.integers(8))
        path.write_bytes(bytes(content))
        try:
            arrays = list(atomic.load_arrays(path).values())
        except ProjectDamagedError:
            told += 1
        else:  # dates, attributes or the name of a member
            assert [a.tolist() for a in arrays] == [np.arange(30).tolist(), np.eye(3).tolist()]
    assert told >= 70


def test_headers_that_claim_too_much_are_told(tmp_path: Path) -> None:
    header = io.BytesIO()
    np.lib.format.write_array_header_1_0(
        header, {"shape": (2**40, 2**40), "fortran_order": False, "descr": "<f8"}
    )
    with zipfile.ZipFile(tmp_path / "a.npz", "w") as archive:
        archive.writestr("x.npy", header.getvalue() + bytes(64))
    with pytest.raises(ProjectDamagedError):
        atomic.load_arrays(tmp_path / "a.npz")
    with zipfile.ZipFile(tmp_path / "bomb.npz", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("x.npy", bytes(2**22))
    with pytest.raises(ProjectDamagedError, match=r"at most [0-9,]+ make sense"):
        atomic.load_arrays(tmp_path / "bomb.npz", max_bytes=1_000_000)


def test_readonly_folder_gives_a_clear_error(readonly_folder: Path) -> None:
    with pytest.raises(ProjectError, match="permission"):
        atomic.write_bytes(readonly_folder / "a.bin", b"x")


def test_a_small_file_of_arrays_cannot_claim_gigabytes(tmp_path: Path) -> None:
    """What we write is not packed: members that are larger than their file are not ours."""
    content = io.BytesIO()
    np.save(content, np.zeros(2**21))
    with zipfile.ZipFile(tmp_path / "a.npz", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("x.npy", content.getvalue())
    with pytest.raises(ProjectDamagedError, match="make sense"):
        atomic.load_arrays(tmp_path / "a.npz")
    assert len(atomic.load_arrays(tmp_path / "a.npz", is_packed=True)["x"]) == 2**21
