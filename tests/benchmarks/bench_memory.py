"""Prints the most memory that encoding holds beyond the catalogue, for 1,000 and for 10,000 products.

Each size and encoder runs in a process of its own; what counts is its highest resident memory less the texts
themselves. What grows with the catalogue would show as a difference between the two sizes.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from prodlabel.core.progress import Progress
from prodlabel.encoders.streaming import encode_stream
from tests.benchmarks.figures import figure
from tests.benchmarks.made_content import texts_of_a_catalogue, written_pictures

SIZES = (1_000, 10_000)
BAR_MB = "<= 1,024 MB"
ENCODERS = ("minilm", "use", "efficientnet-lite0")
PICTURES = 64


def peak_bytes() -> int:
    """The highest resident memory of this process so far."""
    if sys.platform == "win32":
        import psutil

        return int(psutil.Process().memory_info().peak_wset)
    import resource

    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


def encode_alone(encoder_id: str, count: int) -> None:
    """Encode so many products, and print the peak less the catalogue, in bytes."""
    from prodlabel.encoders.registry import item_encoder
    from prodlabel.sources.pictures import decode

    encoder = item_encoder(encoder_id)
    held = 0
    with tempfile.TemporaryDirectory() as folder:
        if encoder.kind.value == "picture":
            files = written_pictures(Path(folder), PICTURES)

            def load(row: int) -> object:
                return decode(files[row % len(files)], short_side_px=320)
        else:
            texts = texts_of_a_catalogue(count)
            held = sum(sys.getsizeof(text) for text in texts)
            load = texts.__getitem__
        # What comes is written away by `encode`, part by part: nothing is kept here either.
        for _ in encode_stream(encoder, count, load, Progress()):
            pass
    print(peak_bytes() - held)


def main() -> None:
    """Print the figures; after --, the encoders and, as numbers, the sizes."""
    sizes = tuple(int(one) for one in sys.argv[1:] if one.isdigit()) or SIZES
    named = tuple(one for one in sys.argv[1:] if not one.isdigit()) or ENCODERS
    for encoder_id in named:
        for count in sizes:
            imported = "from tests.benchmarks.bench_memory import encode_alone"
            code = f"{imported}; encode_alone({encoder_id!r}, {count})"
            done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
            peak = int(done.stdout.split()[-1]) / 2**20
            print(figure(f"{encoder_id}, {count:,} products, above them", peak, "MB", bar=BAR_MB), flush=True)


if __name__ == "__main__":
    main()
