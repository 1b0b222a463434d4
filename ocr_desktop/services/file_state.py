"""File states: what the operating system says of a file, by which a change is noticed without reading it."""

import errno
import os
import stat
import time
from typing import Final

import msgspec

_FRESH: Final = 2_000_000_000
"""Nanoseconds. Clocks of file systems tick in steps, of 2 s at worst: two changes may have the same date."""
_LARGEST: Final = 2**63 - 1


class FileState(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """Equal for the same file as long as nobody has changed it. Got by :func:`settled_state`."""

    size: int
    """Bytes."""
    modified: int
    """Nanoseconds since 1970. Any program can set it as it likes."""
    changed: int
    """The same for the file's entry, which no program can set. On Windows, when the file was made."""
    number: int
    """Which file of its drive it is, so that one put in its place is noticed; 0 where it is not known."""

    @classmethod
    def of(cls, status: os.stat_result) -> "FileState":
        """Take down what ``os.stat`` returned."""
        return cls(status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino & _LARGEST)


def state_of(path: str) -> FileState | None:
    """Return the state of a file, or None if it is not there or cannot be looked at."""
    try:
        return FileState.of(os.stat(path))
    except OSError:
        return None


def settled_state(before: os.stat_result, after: os.stat_result, began: int) -> FileState | None:
    """Return the state of a file whose content has just been read, if that state will tell of any change.

    Args:
        before: What ``os.fstat`` returned before the content was read.
        after: What it returned afterwards.
        began: When reading began: ``time.time_ns()``.

    Returns:
        None if the file was changed meanwhile, or so shortly before that the next change might leave no
        trace.
    """
    state = FileState.of(before)
    is_fresh = max(state.modified, state.changed) > began - _FRESH
    return None if is_fresh or FileState.of(after) != state else state


def read_with_state(path: str) -> tuple[bytes, FileState | None]:
    """Return the content of a file with its state; see :func:`settled_state` for when that is None.

    Raises:
        OSError: If it cannot be read.
    """
    if not stat.S_ISREG(os.stat(path).st_mode):
        # Asked before it is opened: a pipe that nobody writes to would be waited for.
        raise OSError(errno.EINVAL, "it is not a regular file", path)
    began = time.time_ns()
    with open(path, "rb") as file:
        before = os.fstat(file.fileno())
        content = file.read()
        after = os.fstat(file.fileno())
    return content, settled_state(before, after, began)
