"""Runs networks that the user brought: whatever they do wrong is told in a sentence, not as a traceback."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from prodlabel.core.errors import InputError
from prodlabel.encoders.sessions import open_session

_SHOWN_CHARS = 200


def open_network(path: Path, threads: int | None) -> Any:
    """A session over a file of the user's; `InputError` where it is no network that can be run."""
    try:
        return open_session(path, threads)
    except InputError as error:
        raise InputError(f"{path}: {error}") from error
    except Exception as error:
        message = f"{path} cannot be opened as an ONNX network ({_said(error)}). Export it again."
        raise InputError(message) from error


def run_network(
    session: Any, wanted: list[str] | None, feed: dict[str, NDArray[Any]], name: str
) -> NDArray[Any]:
    """The first wanted output; `InputError` where the network fails on what its manifest says it takes."""
    try:
        return np.asarray(session.run(wanted, feed)[0])
    except Exception as error:
        message = f"The network {name} failed ({_said(error)}). Compare it with its manifest."
        raise InputError(message) from error


def unit_rows(vectors: NDArray[Any]) -> NDArray[np.float32]:
    """Each row divided by its length; rows of zeros stay zero."""
    norms = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.maximum(norms, 1e-12), np.float32)


def _said(error: Exception) -> str:
    return " ".join(str(error).split())[:_SHOWN_CHARS]
