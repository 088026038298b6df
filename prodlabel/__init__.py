"""prodlabel: see a product catalogue as one map and keep its categories in order.

For programs: `prodlabel.open(path)` and `prodlabel.create(path)` give a `Shop`; see `prodlabel.api`.
Nothing is imported before it is used.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from prodlabel.api import Shop as Shop
    from prodlabel.api import create as create
    from prodlabel.api import open as open

__version__ = "0.1.0"
_OFFERED = ("Shop", "create", "open")


def __getattr__(name: str) -> Any:
    if name in _OFFERED:
        from prodlabel import api

        return getattr(api, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*globals(), *_OFFERED])
