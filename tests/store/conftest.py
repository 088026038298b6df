"""What the tests of the store share: a folder that cannot be written, also when the tests run as root."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

NOBODY = 65534


@pytest.fixture
def readonly_folder() -> Iterator[Path]:
    """A folder in which nothing can be made; root, who may write everywhere, becomes nobody meanwhile."""
    if sys.platform == "win32":
        pytest.skip("folders on Windows are protected by access lists, not by a mode")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o555)
        is_root = os.geteuid() == 0
        if is_root:
            os.seteuid(NOBODY)
        try:
            yield folder
        finally:
            if is_root:
                os.seteuid(0)
            folder.chmod(0o755)
