"""A decoding process whose decoder has flaws: the names of pictures say which one they use."""

from __future__ import annotations

import os
import time
from multiprocessing.connection import Connection
from pathlib import Path

import numpy as np

from prodlabel.sources import picture_child
from prodlabel.sources.picture_child import Limits
from prodlabel.sources.pictures import RGB, PictureError, PictureFacts, look_into

_serve = picture_child._serve


def serve(pipe: Connection, limits: Limits) -> None:
    picture_child.look_into = look
    _serve(pipe, limits)


def look(path: Path, max_side_px: int) -> tuple[PictureFacts, RGB | None]:
    facts, pixels = look_into(path, max_side_px)
    problem = None
    try:
        _harm(path)
    except MemoryError:
        problem = PictureError("picture_too_many_pixels", "it does not fit")
    except OSError as error:
        problem = PictureError("picture_damaged", str(error))
    if problem is None:
        return facts, pixels
    return PictureFacts(0, 0, "", "", False, False, facts.content_hash, problem), None


def _harm(path: Path) -> None:
    match path.stem:
        case "crash":
            os.abort()
        case "memory":
            np.ones(600 * 2**20, dtype=np.uint8)
        case "hang":
            time.sleep(60)
        case "write":
            (path.parent / "written").write_bytes(b"x" * 100_000)
