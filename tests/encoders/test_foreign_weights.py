"""A network that leads to other files is refused before anything opens it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from prodlabel.core.errors import InputError
from prodlabel.encoders.sessions import open_session
from prodlabel.encoders.user_networks import open_network
from prodlabel.learning import onnx_format
from tests.hostile.projects import external, network_with

WHOLE = network_with(onnx_format._bytes(9, np.arange(4, dtype="<f4").tobytes()))


@pytest.mark.parametrize("path", ["../x.bin", "/etc/passwd", "beside.bin"])
@pytest.mark.parametrize("value_first", [False, True])
def test_weights_in_other_files_are_refused(tmp_path: Path, path: str, value_first: bool) -> None:
    (tmp_path / "beside.bin").write_bytes(bytes(16))
    network = tmp_path / "m.onnx"
    network.write_bytes(network_with(external(path, value_first=value_first)))
    for held in (network, network.read_bytes()):
        with pytest.raises(InputError, match="in other files"):
            open_session(held)
    with pytest.raises(InputError, match=r"m\.onnx: The network keeps"):
        open_network(network, 1)


def test_a_whole_network_runs_and_a_cut_one_is_told(tmp_path: Path) -> None:
    session = open_session(WHOLE)
    assert session.run(None, {"x": np.ones(4, np.float32)})[0].tolist() == [1, 2, 3, 4]
    for cut in range(0, len(WHOLE), 7):
        (tmp_path / "m.onnx").write_bytes(WHOLE[:cut])
        with pytest.raises(InputError):
            open_network(tmp_path / "m.onnx", 1)
