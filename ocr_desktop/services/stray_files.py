"""Stray files: temporary files that a killed program left in the folders of results."""

import os
import re
import time
from collections.abc import Callable, Iterable, Iterator
from enum import Enum, auto
from typing import Final

from ocr_desktop.services.atomic_files import TEMPORARY_PREFIX, TEMPORARY_SUFFIX, remove_quietly

_OLD: Final = 60.0
"""Seconds after which a temporary file of unknown origin is nobody's: such a file lives for moments."""
_JOB: Final = re.compile(rf"{re.escape(TEMPORARY_PREFIX)}(batch_\d+_[0-9a-f]+)-")


class Owner(Enum):
    """What is known of the job that made a temporary file."""

    RUNNING = auto()
    """Some program is at it."""
    IDLE = auto()
    """It is in our list, and nobody is at it."""
    UNKNOWN = auto()
    """It is not in our list: somebody else's, or forgotten."""


def sweep_strays(folders: Iterable[str], owner_of: Callable[[str], Owner]) -> int:
    """Remove the temporary files in these folders that no running job can want; return how many.

    Args:
        folders: Where to look, without their subfolders; those that are not there are passed over.
        owner_of: Tells from the id of a job what is known of it. Asked for each file anew.
    """
    strays = [path for folder in folders for path in _temporaries(folder) if _is_stray(path, owner_of)]
    remove_quietly(strays)
    return len(strays)


def _temporaries(folder: str) -> Iterator[str]:
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                if entry.name.startswith(TEMPORARY_PREFIX) and entry.name.endswith(TEMPORARY_SUFFIX):
                    yield entry.path
    except OSError:
        return


def _is_stray(path: str, owner_of: Callable[[str], Owner]) -> bool:
    job = _JOB.match(os.path.basename(path))
    owner = owner_of(job[1]) if job else Owner.UNKNOWN
    if owner is Owner.UNKNOWN:
        return _is_old(path)
    return owner is Owner.IDLE


def _is_old(path: str) -> bool:
    try:
        return time.time() - os.lstat(path).st_mtime > _OLD
    except OSError:
        return False
