"""A few dozen changed files for every parser; `make fuzz` goes on for as long as one likes."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings

from tests.fuzz.parsers import PARSERS, changed, seeds, take


@pytest.mark.parametrize("name", sorted(PARSERS))
def test_a_parser_answers_or_refuses_whatever_it_is_given(name: str) -> None:
    @settings(max_examples=20, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(changed(_SEEDS.setdefault(name, seeds(name))))
    def given_anything(content: bytes) -> None:
        take(name, content)

    given_anything()


_SEEDS: dict[str, list[bytes]] = {}
