"""Takes out of a report what is nobody's business: the user's home, name and addresses, keys and passwords.

Invariant: what is left still says where in the program something happened.
"""

from __future__ import annotations

import re
import socket
from collections.abc import Iterable
from pathlib import Path

from prodlabel.core.person import login_name

_SECRET = re.compile(
    r"(?i)(?<![a-z])(app[_-]?key|app[_-]?id|api[_-]?key|token|secret|password|passwd|authorization|bearer)"
    r"(\"?'?\s*[=:]\s*[\"']?(?:bearer\s+|basic\s+)?|\s+)([^\s\"'&,;)}\]]+)"
)
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
    """The text without the home folder (`home`: else the present one), addresses, secrets and `names`."""
    folder = str(home or Path.home())
    if len(folder) > 1:
        text = text.replace(folder, "~").replace(folder.replace("\\", "\\\\"), "~")
    text = _HOMES.sub("~", text)
    text = _IN_ADDRESS.sub(r"\1", text)
    text = _QUERY.sub(r"\1?…", text)
    text = _SECRET.sub(r"\1\2…", text)
    text = _MAIL.sub("…@…", text)
    for name in sorted(names, key=len, reverse=True):
        if len(name) >= _LEAST_NAME and name.lower() not in _EVERYBODY:
            text = re.sub(rf"(?i)(?<!\w){re.escape(name)}(?!\w)", "…", text)
    return text
