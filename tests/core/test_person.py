"""Who is at the keyboard, also where the system knows nobody."""

from __future__ import annotations

import sys

import pytest

from prodlabel.core.person import default_person, login_name
from prodlabel.core.scrub import own_names
from prodlabel.store.lock import Owner


def test_the_system_says_who_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOGNAME", "ada")
    assert (login_name(), default_person(), Owner.current().user) == ("ada", "ada", "ada")
    assert "ada" in own_names()


def test_where_the_system_knows_nobody_there_is_someone(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LOGNAME", "USER", "LNAME", "USERNAME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setitem(sys.modules, "pwd", None)  # as on Windows, where there is no such module
    assert (login_name(), default_person(), Owner.current().user) == (None, "someone", "unknown")
    assert None not in own_names()
