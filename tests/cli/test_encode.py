"""Encoders that learn on the catalogue are encoded with by their names, too."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.conftest import Prodlabel


def test_an_encoder_that_learns_on_the_catalogue_says_what_it_did(prodlabel: Prodlabel, shop: Path) -> None:
    said = [prodlabel("encode", shop, "--with", "counts", "--json") for _ in range(2)]
    first, second = (json.loads(one.out)["blocks"][0] for one in said)
    assert (first["encoder"], first["encoded"] > 0, first["known"]) == ("counts", True, 0)
    assert (second["encoded"], second["known"]) == (0, first["encoded"])
