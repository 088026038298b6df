"""Keys for food databases, kept in the system's keyring and nowhere else.

Invariant: no text form of a key object shows the key.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from prodlabel.core.errors import UserError

SERVICE = "prodlabel.edamam"
_APP_ID, _APP_KEY, _RAPID = "app_id", "app_key", "rapidapi"


class KeyMissingError(UserError):
    """A key is needed that the keyring does not hold, or there is no keyring."""


@dataclass(frozen=True, slots=True)
class DirectKey:
    """What Edamam itself gives to its customers."""

    app_id: str = field(repr=False)
    app_key: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class RapidKey:
    """What RapidAPI gives to its customers."""

    key: str = field(repr=False)


EdamamKey = DirectKey | RapidKey


def read_key() -> EdamamKey:
    """The stored key, RapidAPI's first. Raises `KeyMissingError`."""
    rapid = _get(_RAPID)
    if rapid:
        return RapidKey(rapid)
    app_id, app_key = _get(_APP_ID), _get(_APP_KEY)
    if app_id and app_key:
        return DirectKey(app_id, app_key)
    raise KeyMissingError(
        "Edamam answers only with a key, and this computer's keyring holds none. Enter it with --ask-key."
    )


def store_key(key: EdamamKey) -> None:
    """Keep `key` instead of any other. Raises `KeyMissingError` where the system has no keyring."""
    forget_key()
    entries = {_RAPID: key.key} if isinstance(key, RapidKey) else {_APP_ID: key.app_id, _APP_KEY: key.app_key}
    import keyring
    import keyring.errors

    for name, value in entries.items():
        try:
            keyring.set_password(SERVICE, name, value)
        except keyring.errors.KeyringError:
            raise _no_keyring() from None


def forget_key() -> None:
    """Remove what is stored; nothing stored is fine."""
    import keyring
    import keyring.errors

    for name in (_RAPID, _APP_ID, _APP_KEY):
        if _get(name) is None:
            continue
        try:
            keyring.delete_password(SERVICE, name)
        except keyring.errors.KeyringError:
            raise _no_keyring() from None


def _get(name: str) -> str | None:
    import keyring
    import keyring.errors

    try:
        return keyring.get_password(SERVICE, name)
    except keyring.errors.KeyringError:
        raise _no_keyring() from None


def _no_keyring() -> KeyMissingError:
    return KeyMissingError(
        "This computer has no usable keyring, and keys are kept nowhere else. Unlock or install a keyring."
    )
