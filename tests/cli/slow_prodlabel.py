"""`prodlabel` with one more encoder, `tiny`, slow enough to be stopped in the middle. Run as a module.

What is about to be encoded is written to the file that the variable PRODLABEL_TEST_LOG names.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from prodlabel.__main__ import main
from tests.torture.worker import use_tiny_encoder

if __name__ == "__main__":
    use_tiny_encoder(Path(os.environ["PRODLABEL_TEST_LOG"]))
    sys.exit(main())
