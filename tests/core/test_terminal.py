"""Nothing that a stranger wrote drives a terminal, neither in sentences nor in JSON."""

from __future__ import annotations

import io
import json

import pytest

from prodlabel.cli.output import Output
from tests.hostile.catalogues import TEXTS


@pytest.mark.parametrize("encoding", ["utf-8", "ascii"])
def test_json_means_the_same_and_holds_nothing_that_is_not_printable(encoding: str) -> None:
    data = {"names": [*(text[:5000] for text in TEXTS), "\u202e\x7f\x9b31m", "𝔘", "Küche"]}
    written = io.BytesIO()
    stream = io.TextIOWrapper(written, encoding=encoding)
    Output(wants_json=True, stdout=stream).show("", data)
    line = written.getvalue().decode(encoding).removesuffix("\n")
    assert line.isprintable()
    assert json.loads(line) == data
    assert ("Küche" in line) == (encoding == "utf-8")
