"""Takes out of a report what is nobody's business: the user's home, name and addresses, keys and passwords.

Invariant: what is left still says where in the program something happened.
"""

from __future__ import annotations

import re
import socket
from collections.abc import Iterable
from pathlib import Path

from prodlabel.core.person import login_name

_GIVEN = r"(\"?'?\s*[=:]\s*[\"']?(?:bearer\s+|basic\s+)?{})([^\s\"'&,;)}}\]]+)"
_SECRET = re.compile(
    r"(?i)(?<![a-z])(app[_-]?key|app[_-]?id|api[_-]?key|token|secret|password|passwd|authorization|bearer)"
    + _GIVEN.format(r"|\s+")
)
_KEY = re.compile(
    r"(?i)\b([\w-]{0,60}[_-]key|[a-z0-9]{0,60}(?:api|app|access|secret|private)key"
    r"|[\w-]{0,60}(?:token|secret|password|passwd|credential|cookie|session[_-]?id))" + _GIVEN.format("")
)
"""Headers and variables of whatever service: X-RapidAPI-Key, RAPIDAPI_KEY, X-Auth-Token, Set-Cookie."""
_QUOTED_PATH = re.compile(r"([\"'])(/[^\"'\n]+/[^\"'\n]*|[A-Za-z]:\\[^\"'\n]+|\\\\[^\"'\n]+)\1")
_PATH = re.compile(
    r"(?<![\w.~/:…\\\"'])(/(?:[^/\s\"'<>|:,;()]+/)+[^/\s\"'<>|:,;()]*"
    r"|[A-Za-z]:\\[^\s\"'<>|:,;()]+|\\\\[^\s\"'<>|:,;()]+)"
)
_PROGRAM = re.compile(
    r"prodlabel|site-packages|dist-packages|python3(?:\.\d+)?|Python3\d+|Lib|resources|tests"
)
"""Folders of which everything below is the program's, so that it says where something happened."""
_IN_ADDRESS = re.compile(r"(?i)\b([a-z][a-z0-9+.-]*://)[^\s/@\"']+@")
_QUERY = re.compile(r"(?i)\b(https?://[^\s?\"']+)\?[^\s\"']+")
_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_EVERYBODY = frozenset({"prodlabel", "root", "user", "users", "home", "admin", "localhost", "python"})
"""Names that say nothing about anybody, and that a report may need."""
_LEAST_NAME = 3
_HOMES = re.compile(r"(?i)(/home/|/Users/|[A-Z]:\\+Users\\+)[^/\\\s\"':]+")


def own_names() -> tuple[str, ...]:
    """What the user and the machine are called, as the system knows them."""
    names = [Path.home().name, socket.gethostname()]
    return tuple(name for name in dict.fromkeys([*names, login_name()]) if name)


def scrub(text: str, home: Path | None = None, names: Iterable[str] = ()) -> str:
    """The text without the home folder (`home`: else the present one), other folders that are not the
    program's, addresses, secrets and `names`."""
    folder = str(home or Path.home())
    if len(folder) > 1:
        text = text.replace(folder, "~").replace(folder.replace("\\", "\\\\"), "~")
    text = _HOMES.sub("~", text)
    text = _IN_ADDRESS.sub(r"\1", text)
    text = _QUERY.sub(r"\1?…", text)
    text = _SECRET.sub(r"\1\2…", text)
    text = _KEY.sub(r"\1\2…", text)
    text = _QUOTED_PATH.sub(lambda found: found[1] + _without_place(found[2]) + found[1], text)
    text = _PATH.sub(lambda found: _without_place(found[1]), text)
    text = _MAIL.sub("…@…", text)
    for name in sorted(names, key=len, reverse=True):
        if len(name) >= _LEAST_NAME and name.lower() not in _EVERYBODY:
            text = re.sub(rf"(?i)(?<!\w){re.escape(name)}(?!\w)", "…", text)
    return text


def _without_place(path: str) -> str:
    """What of a path is the program's, or what kind of file it is: drives and folders are called after
    customers."""
    parts = [part for part in re.split(r"[\\/]+", path) if part]
    ours = [place for place, part in enumerate(parts) if _PROGRAM.fullmatch(part)]
    if ours:
        return "/".join(["…", *parts[ours[-1] :]])
    ending = re.search(r"(?:\.[A-Za-z0-9]{1,9}){1,2}$", parts[-1]) if parts else None
    return "…/…" + (ending[0] if ending else "")
