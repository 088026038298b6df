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


def test_the_encoders_in_use_are_those_that_encode_next_time(prodlabel: Prodlabel, shop: Path) -> None:
    said = prodlabel("encode", shop, "--with", "lsa", "--with", "colour", "--use")
    assert "in use from now on" in said.out
    blocks = json.loads(prodlabel("encode", shop, "--json").out)["blocks"]
    assert {one["encoder"] for one in blocks} == {"lsa", "colour"}
    assert all(one["encoded"] == 0 for one in blocks)
    anew = json.loads(prodlabel("encode", shop, "--new", "--json").out)["blocks"]
    assert {one["encoder"] for one in anew if one["encoded"]} <= {"lsa"}
