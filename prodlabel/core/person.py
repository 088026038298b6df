"""Who is at the keyboard, as the system knows them."""

from __future__ import annotations

import getpass


def login_name() -> str | None:
    """The user's name; None where the system knows none."""
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        # A container without a user database; Windows, which has no such database, without USERNAME.
        return None


def default_person() -> str:
    """The name that stands in the history of who has not said another."""
    return login_name() or "someone"
