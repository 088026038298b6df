"""Texts that may go to a terminal or into a line of JSON that is shown in one: names come from strangers.

Invariant: nothing that comes out moves the cursor, changes the terminal or turns the order of letters round.
"""

from __future__ import annotations

import json


def printable(text: str) -> str:
    """The text without characters that could drive a terminal."""
    return "".join(char if char.isprintable() or char in "\n\t" else "�" for char in text)


def printable_json(line: str) -> str:
    """JSON that means the same, in which whatever is not printable stands as its escape.

    `line` is one line without indentation, so that such characters are found within texts only.
    """
    if line.isprintable():
        return line
    return "".join(char if char.isprintable() else json.dumps(char)[1:-1] for char in line)
