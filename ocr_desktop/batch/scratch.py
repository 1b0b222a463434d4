"""Scratch folders: where the workers of a run keep temporary files, copies of images among them.

A run removes its own when it ends. Where program and workers were killed together it stays behind, so its
name says which job it belongs to, and whoever takes the job up again removes it.
"""

import os
import shutil
import tempfile
from typing import Final

_PREFIX: Final = "ocr-desktop-"


def make_scratch(job_id: str) -> str:
    """Make a folder for a run of the job, for this user only, and return its path.

    Raises:
        OSError: If it cannot be made.
    """
    return tempfile.mkdtemp(prefix=f"{_PREFIX}{job_id}-")


def remove_scratch(job_id: str) -> None:
    """Remove what runs of the job have left. Only for who holds the job: a run of it would lose its files."""
    folder = tempfile.gettempdir()
    try:
        names = os.listdir(folder)
    except OSError:
        return
    for name in names:
        # The part after the last dash is random, and has none in it.
        if name.rpartition("-")[0] == f"{_PREFIX}{job_id}":
            shutil.rmtree(os.path.join(folder, name), ignore_errors=True)
