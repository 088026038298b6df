"""What the user said once about food databases: who asks, and which hosts of their own are trusted.

Invariant: holds no key.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path

from prodlabel import paths
from prodlabel.core.errors import InputError


@dataclass(frozen=True, slots=True)
class FoodSettings:
    """`contact` is the user's e-mail address, `allowed_hosts` may be private addresses pictures come from.

    `base_urls` are (provider, address) of servers that are asked in place of the public ones.
    """

    contact: str = ""
    allowed_hosts: tuple[str, ...] = ()
    base_urls: tuple[tuple[str, str], ...] = ()

    def base_url(self, provider: str) -> str | None:
        """The address to ask, None for the public one."""
        return dict(self.base_urls).get(provider)


def settings_file() -> Path:
    """Where they are kept."""
    return paths.user_settings() / "food.json"


def load_settings(path: Path | None = None) -> FoodSettings:
    """The stored settings; those of a first start where there are none. Raises `InputError` for a damaged
    file.
    """
    path = path or settings_file()
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
        urls = tuple((str(name), str(url)) for name, url in said.get("base_urls", {}).items())
        return FoodSettings(str(said["contact"]), tuple(map(str, said["allowed_hosts"])), urls)
    except FileNotFoundError:
        return FoodSettings()
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise InputError(f"{path} is damaged. Delete it and give --contact again.") from error


def save_settings(settings: FoodSettings, path: Path | None = None) -> None:
    """Replace the stored settings. Raises `InputError` where they cannot be written."""
    path = path or settings_file()
    said: dict[str, object] = {"contact": settings.contact, "allowed_hosts": list(settings.allowed_hosts)}
    if settings.base_urls:
        said["base_urls"] = dict(settings.base_urls)
    temporary = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary.write_text(json.dumps(said, indent=2) + "\n", encoding="utf-8")
        temporary.replace(path)
    except OSError as error:
        raise InputError(f"{path} cannot be written ({error.strerror}). Check its folder.") from error
