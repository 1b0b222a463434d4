"""Doing something as a user whom the file system refuses things, also where the tests run as root."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

_NOBODY = 65534
_SHARED = "/tmp"  # noqa: S108 - what the tests know as temporary is closed to other users

needs_permissions = pytest.mark.skipif(os.name == "nt", reason="Windows has no permission bits")


@contextmanager
def unprivileged() -> Iterator[None]:
    """Be an ordinary user meanwhile, in all threads of this process.

    Import beforehand what is used meanwhile: Python itself may lie where only root may look.
    """
    if os.name == "nt" or os.getuid() != 0:
        yield
        return
    os.setresuid(_NOBODY, _NOBODY, 0)
    try:
        yield
    finally:
        os.setresuid(0, 0, 0)


@contextmanager
def open_folder() -> Iterator[Path]:
    """Give a temporary folder into which every user may look; the folders of pytest are private."""
    with tempfile.TemporaryDirectory(prefix="open-", dir=_SHARED) as name:
        folder = Path(name)
        folder.chmod(0o755)
        yield folder
        for path in folder.rglob("*"):
            if path.is_dir() and not path.is_symlink():
                path.chmod(0o755)
        folder.chmod(0o755)
