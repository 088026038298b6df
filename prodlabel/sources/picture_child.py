"""Pictures of strangers, decoded in processes of their own with limits: what goes wrong there stays there.

Invariant: a picture that ends its process, fills its memory or takes too long is a `PictureError` like any
other; the next picture gets a fresh process. A child may write no file, and what it says is taken for words
and pixels, never unpickled: it may be in the hands of whoever made the picture.
"""

from __future__ import annotations

import json
import logging
import multiprocessing
import queue
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

import numpy as np

from prodlabel.core.errors import InputError
from prodlabel.core.products import content_hash
from prodlabel.sources.pictures import (
    RGB,
    PictureError,
    PictureFacts,
    load_readers,
    look_into,
    read_picture,
)

_log = logging.getLogger(__name__)
_MOST_SAID = 1 << 16
_PLAIN: dict[str, Callable[[Any], Any]] = {
    "width": int, "height": int, "format": str, "mode": str, "is_animated": bool, "is_misnamed": bool,
}  # fmt: skip
LookInto = Callable[[Path, int], tuple[PictureFacts, RGB | None]]
"""What `pictures.look_into` and `Children.look_into` do."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Of one child: `memory_bytes` beyond what it needs to start (64 million pixels take up to 800 MB),
    `seconds` for one picture."""

    memory_bytes: int = 1536 * 2**20
    seconds: float = 20.0


def looking(count: int, *, is_apart: bool) -> AbstractContextManager[LookInto]:
    """How pictures are looked into, from up to `count` threads: apart where somebody asked for that care."""
    return looking_apart(count) if is_apart else nullcontext(look_into)


def decode_apart(path: Path, *, short_side_px: int) -> RGB:
    """As `pictures.decode`, in a process of its own: once for the size, and again in the one that is wanted.
    Raises `PictureError`."""
    with looking_apart(1) as look_at:
        facts, pixels = look_at(path, 1)
        if pixels is not None and facts.problem is None:
            short, long = sorted((facts.width, facts.height))
            facts, pixels = look_at(path, max(1, round(long * min(1.0, short_side_px / max(1, short)))))
    if pixels is None:
        raise facts.problem or PictureError("picture_damaged", f"{path.name} cannot be decoded.")
    return pixels


@contextmanager
def looking_apart(count: int, limits: Limits | None = None) -> Iterator[LookInto]:
    """`look_into` in `count` processes, to be called from as many threads; they end with the block."""
    children = Children(count, limits or Limits())
    try:
        yield children.look_into
    finally:
        children.close()


class Children:
    """The processes; each is started when it is first needed."""

    def __init__(self, count: int, limits: Limits) -> None:
        self._idle: queue.Queue[_Child] = queue.Queue()
        self._all = [_Child(limits) for _ in range(count)]
        for one in self._all:
            self._idle.put(one)

    def look_into(self, path: Path, max_side_px: int) -> tuple[PictureFacts, RGB | None]:
        """As `pictures.look_into`; never raises for what a picture does."""
        child = self._idle.get()
        try:
            return child.look_into(path, max_side_px)
        finally:
            self._idle.put(child)

    def close(self) -> None:
        """End all processes."""
        for one in self._all:
            one.close()


class _Child:
    """One process and the pipe to it; started anew after each end."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._process: BaseProcess | None = None
        self._pipe: Connection | None = None

    def look_into(self, path: Path, max_side_px: int) -> tuple[PictureFacts, RGB | None]:
        pipe, process = self._started()
        is_late = threading.Event()

        def end() -> None:
            is_late.set()
            process.kill()

        watch = threading.Timer(self._limits.seconds, end)
        watch.start()
        try:
            pipe.send_bytes(json.dumps([str(path), max_side_px]).encode())
            return _read(pipe, max_side_px)
        except (EOFError, OSError, ValueError, TypeError, KeyError) as error:
            _log.info("the process that decodes pictures ended: %s", error)
        finally:
            watch.cancel()
            watch.join()
        self.close()
        code, what = "picture_ended_decoder", "ended the process that decoded it"
        if is_late.is_set():
            code, what = "picture_took_too_long", f"takes longer than {self._limits.seconds:.0f} s to decode"
        message = f"{path.name} {what}, as pictures do that were made to harm. It is left out."
        return _refused(path, PictureError(code, message)), None

    def _started(self) -> tuple[Connection, BaseProcess]:
        """The pipe to a process that waits for work."""
        if self._pipe is not None and self._process is not None:
            return self._pipe, self._process
        # A fresh interpreter on every system: a forked one would share the project's open files.
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(theirs, self._limits), daemon=True)
        self._process.start()
        theirs.close()
        try:
            ours.recv_bytes()  # it is ready: what importing takes is no picture's fault
        except (EOFError, OSError) as error:
            ours.close()
            raise InputError(
                "The process that decodes pictures could not be started. Close other programs, or decode "
                "in the program itself."
            ) from error
        self._pipe = ours
        return ours, self._process

    def close(self) -> None:
        if self._pipe is not None:
            self._pipe.close()
            self._pipe = None
        if self._process is not None:
            self._process.kill()  # whatever it is at
            self._process.join()
            self._process.close()
            self._process = None


def _refused(path: Path, error: PictureError) -> PictureFacts:
    """What is known of a picture that nobody could look into."""
    content = b""
    with suppress(PictureError):
        content = read_picture(path)
    return PictureFacts(0, 0, "", "", False, False, content_hash(content) if content else b"", error)


def _serve(pipe: Connection, limits: Limits) -> None:
    """What a child does: one picture after the other until nobody asks."""
    # Ctrl-C in a terminal reaches every process; the one that started this one decides.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    load_readers()
    _limit(limits)
    with suppress(EOFError, OSError):  # whoever asked is gone
        pipe.send_bytes(b"ready")
        while True:
            name, max_side_px = json.loads(pipe.recv_bytes())
            facts, pixels = look_into(Path(name), max_side_px)
            pipe.send_bytes(json.dumps(_as_json(facts, pixels)).encode())
            if pixels is not None:
                pipe.send_bytes(np.ascontiguousarray(pixels).tobytes())


def _as_json(facts: PictureFacts, pixels: RGB | None) -> dict[str, Any]:
    """The facts as plain values, and the shape of the pixels that follow."""
    said = {name: getattr(facts, name) for name in _PLAIN}
    problem = None if facts.problem is None else [facts.problem.code, str(facts.problem)]
    shape = None if pixels is None else pixels.shape
    return said | {"hash": facts.content_hash.hex(), "problem": problem, "shape": shape}


def _read(pipe: Connection, max_side_px: int) -> tuple[PictureFacts, RGB | None]:
    """What a child says. Raises `ValueError`, `TypeError`, `KeyError` or `OSError` for nonsense."""
    said = json.loads(pipe.recv_bytes(_MOST_SAID))
    problem = None
    if said["problem"] is not None:
        code, message = said["problem"]
        problem = PictureError(str(code), str(message))
    plain = {name: kind(said[name]) for name, kind in _PLAIN.items()}
    facts = PictureFacts(**plain, content_hash=bytes.fromhex(said["hash"]), problem=problem)
    if said["shape"] is None:
        return facts, None
    height, width, _ = (int(side) for side in said["shape"])
    if not (0 < height <= max_side_px and 0 < width <= max_side_px):
        raise ValueError(f"{height} x {width} pixels were not asked for")
    content = pipe.recv_bytes(3 * height * width)
    return facts, np.frombuffer(content, dtype=np.uint8).reshape(height, width, 3)


def _limit(limits: Limits) -> None:
    """No memory beyond the limit, no file written, no dump: as far as the system knows such limits."""
    if sys.platform == "win32":
        _limit_on_windows(limits.memory_bytes)
        return
    import resource

    def lower(what: int, most: int) -> None:
        hard = resource.getrlimit(what)[1]
        allowed = most if hard == resource.RLIM_INFINITY else min(most, hard)
        with suppress(ValueError, OSError):  # macOS knows some of them and keeps none
            resource.setrlimit(what, (allowed, allowed))

    lower(resource.RLIMIT_CORE, 0)
    lower(resource.RLIMIT_FSIZE, 0)
    lower(resource.RLIMIT_AS, _addresses() + limits.memory_bytes)


def _addresses() -> int:
    """Bytes of addresses that this process has reserved so far; a gigabyte where the system does not say."""
    import resource

    said = Path("/proc/self/statm")
    if not said.is_file():
        return 2**30
    return int(said.read_text(encoding="ascii").split()[0]) * resource.getpagesize()


def _limit_on_windows(memory_bytes: int) -> None:
    """A job object with a limit on the memory of this process.

    See JOBOBJECT_EXTENDED_LIMIT_INFORMATION in Microsoft's reference of the Windows API.
    """
    import ctypes

    kernel: Any = ctypes.WinDLL("kernel32", use_last_error=True)  # type: ignore[attr-defined,unused-ignore]
    size_t, word = ctypes.c_size_t, ctypes.c_uint32

    class Limit(ctypes.Structure):
        _fields_ = [
            ("times", ctypes.c_int64 * 2), ("flags", word), ("working_set", size_t * 2), ("active", word),
            ("affinity", size_t), ("priority", word), ("scheduling", word), ("io", ctypes.c_uint64 * 6),
            ("process_memory", size_t), ("job_memory", size_t), ("peaks", size_t * 2),
        ]  # fmt: skip

    extended, process_memory = 9, 0x100
    kernel.CreateJobObjectW.restype = ctypes.c_void_p
    kernel.GetCurrentProcess.restype = ctypes.c_void_p
    kernel.AssignProcessToJobObject.argtypes = (ctypes.c_void_p, ctypes.c_void_p)
    job = kernel.CreateJobObjectW(None, None)
    wanted = Limit(flags=process_memory, process_memory=memory_bytes)
    kernel.SetInformationJobObject.argtypes = (ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p, word)
    kernel.SetInformationJobObject(job, extended, ctypes.byref(wanted), ctypes.sizeof(wanted))
    kernel.AssignProcessToJobObject(job, kernel.GetCurrentProcess())
