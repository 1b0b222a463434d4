"""Where the benchmarks put their files."""

import os
import tempfile
from pathlib import Path


def memory_folder() -> Path:
    """Return a folder without a disk behind it where there is one, else the temporary folder."""
    memory_disk = Path("/dev/shm")  # noqa: S108 - the point is a folder without a disk behind it
    return memory_disk if os.access(memory_disk, os.W_OK) else Path(tempfile.gettempdir())
