"""Takes out of a report what is nobody's business: the user's home, name and addresses, keys and passwords.

Invariant: what is left still says where in the program something happened.
"""

from __future__ import annotations

import re
from pathlib import Path

_SECRET = re.compile(
    r"(?i)\b(app_?key|app_?id|api_?key|token|secret|password|passwd|authorization|bearer)"
    r"(\"?'?\s*[=:]\s*[\"']?(?:bearer\s+|basic\s+)?|\s+)([^\s\"'&,;)}\]]+)"
)
_IN_ADDRESS = re.compile(r"(?i)\b([a-z][a-z0-9+.-]*://)[^\s/@\"']+@")
_QUERY = re.compile(r"(?i)\b(https?://[^\s?\"']+)\?[^\s\"']+")
_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_HOMES = re.compile(r"(?i)(/home/|/Users/|[A-Z]:\\+Users\\+)[^/\\\s\"':]+")


def scrub(text: str, home: Path | None = None) -> str:
    """The text without the home folder (`home`: else the present one), names, addresses and secrets."""
    folder = str(home or Path.home())
    if len(folder) > 1:
        text = text.replace(folder, "~").replace(folder.replace("\\", "\\\\"), "~")
    text = _HOMES.sub("~", text)
    text = _IN_ADDRESS.sub(r"\1", text)
    text = _QUERY.sub(r"\1?…", text)
    text = _SECRET.sub(r"\1\2…", text)
    return _MAIL.sub("…@…", text)
