"""Reports say where something happened and nothing about whom."""

from __future__ import annotations

from pathlib import Path

import pytest

from prodlabel.core.scrub import scrub


@pytest.mark.parametrize(
    ("text", "gone"),
    [
        ("open('/srv/people/ada/shop.prodlabel')", "ada"),
        ("/home/" + "grace/catalogue.csv", "grace"),
        ("/Users/" + "grace/catalogue.csv", "grace"),
        ("C:" + "\\Users\\" + "Grace\\shop", "Grace"),
        ("GET https://api.x.org/v2?app_id=1234&app_key=abcdef", "abcdef"),
        ("app_key='abcdef123'", "abcdef123"),
        ("EDAMAM_APP_KEY=abcdef123", "abcdef123"),
        ("{'x-app-key': 'abcdef123'}", "abcdef123"),
        ("X-Api-Key: abcdef123", "abcdef123"),
        ('{"password": "hunter2"}', "hunter2"),
        ("X-RapidAPI-Key: abcdef123", "abcdef123"),
        ("RAPIDAPI_KEY=abcdef123", "abcdef123"),
        ("{'X-RapidAPI-Key': 'abcdef123'}", "abcdef123"),
        ("x-functions-key:abcdef123", "abcdef123"),
        ("apikey: abcdef123", "abcdef123"),
        ("X-AuthToken: abcdef123", "abcdef123"),
        ("Set-Cookie: abcdef123", "abcdef123"),
        ("cannot read /mnt/acme-ltd/prices.csv (gone)", "acme"),
        ("cannot read /mnt/acme-ltd/prices.csv (gone)", "prices"),
        ("PosixPath('/media/ada lovelace/shop.prodlabel')", "lovelace"),
        ("D:\\Acme\\shop.csv is open", "Acme"),
        ("'D:\\\\Acme Ltd\\\\shop.csv'", "Acme"),
        ("\\\\server7\\acme\\shop.csv", "server7"),
        ("Authorization: Bearer abc.def.ghi", "abc.def.ghi"),
        ("https://ada:hunter2@host.org/x", "hunter2"),
        ("contact ada@lovelace.org", "lovelace"),
    ],
)
def test_nothing_personal_is_left(text: str, gone: str) -> None:
    assert gone not in scrub(text, Path("/srv/people/ada"))


def test_where_it_happened_is_left() -> None:
    trace = 'File "/srv/people/ada/prodlabel/store/ledger.py", line 80, in write_header\nKeyError: 3'
    kept = 'File "~/prodlabel/store/ledger.py", line 80, in write_header\nKeyError: 3'
    assert scrub(trace, Path("/srv/people/ada")) == kept


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ('File "/opt/prodlabel/store/ledger.py", line 8', 'File "…/prodlabel/store/ledger.py", line 8'),
        (
            'File "/usr/lib/python3.11/threading.py", line 10 in run',
            'File "…/python3.11/threading.py", line 10 in run',
        ),
        ("C:\\Python311\\Lib\\site-packages\\numpy\\x.py", "…/site-packages/numpy/x.py"),
        ("/mnt/acme/dump.jsonl.gz is cut off", "…/….jsonl.gz is cut off"),
        ("KeyError: 3, and/or 1/2, max_tokens=5, a/b", "KeyError: 3, and/or 1/2, max_tokens=5, a/b"),
        ("https://api.x.org/v2/products", "https://api.x.org/v2/products"),
    ],
)
def test_what_tells_where_it_happened_is_kept(text: str, kept: str) -> None:
    assert scrub(text, Path("/srv/people/ada")) == kept
