"""Opens ONNX networks the same way for every encoder: on the processor, quietly, one thread a core."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from prodlabel.encoders.foreign_weights import refuse_foreign_weights


def usable_cores() -> int:
    """Processor cores that this process may use."""
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity else (os.cpu_count() or 1)


def open_session(network: Path | bytes, threads: int | None = None) -> Any:
    """An ONNX Runtime session of a file or of its content, with `threads` (default: one per usable core).

    Threads wait without spinning: the window, and the decoding of the next pictures, need the cores between
    two calls. Raises `InputError` for a network that keeps weights in other files.
    """
    import onnxruntime

    refuse_foreign_weights(network)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads or usable_cores()
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    held = network if isinstance(network, bytes) else str(network)
    return onnxruntime.InferenceSession(held, options, providers=["CPUExecutionProvider"])
