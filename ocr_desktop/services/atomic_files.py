"""Atomic files: a reader sees the old file or the new one, whole, at any moment; also after a crash.

The new content goes into a temporary file in the same folder, is flushed to the disk, and takes the place of
the old file by ``os.replace``. Temporary files have names that can be told from outside, so that the parent
of a worker that was killed can remove what it left.
"""

import contextlib
import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import BinaryIO, Final

TEMPORARY_PREFIX = ".ocr-desktop-"
TEMPORARY_SUFFIX = ".tmp"
_PRIVATE: Final = 0o600
_OTHERS_READ_AND_WRITE: Final = 0o066
_DEFAULT_ACL: Final = "system.posix_acl_default"


def temporary_path(folder: str, token: str, extension: str) -> str:
    """Return the path of the temporary file for one result file.

    Args:
        folder: Where the result goes.
        token: Unique among all attempts that are going on; letters and digits.
        extension: Extension of the result file, without the dot.
    """
    return os.path.join(folder, f"{TEMPORARY_PREFIX}{token}.{extension}{TEMPORARY_SUFFIX}")


def write_temporary(path: str, content: bytes, *, private: bool = False) -> None:
    """Write ``content`` to a new file at ``path`` and flush it to the disk; on failure leave no file.

    Others may read and write the file if they may do so with the folder and the umask does not say no; where
    it is ``private``, nobody else may.

    Raises:
        OSError: Whatever the disk answers.
    """
    mode = _PRIVATE if private else None
    with open_temporary(path, mode=mode) as file:
        file.write(content)


@contextmanager
def open_temporary(path: str, *, mode: int | None = None) -> Iterator[BinaryIO]:
    """Give a new file at ``path`` to write to, and flush it to the disk; after any exception leave no file.

    For content that is too large to be held in memory; else see :func:`write_temporary`.

    Args:
        path: Of the file, which must not be there yet.
        mode: Its permissions; None for those of :func:`write_temporary`.

    Raises:
        OSError: Whatever the disk answers.
    """
    granted = _mode_of_new_file(os.path.dirname(path)) if mode is None else mode
    file = open(path, "xb", opener=lambda name, flags: os.open(name, flags, granted))  # noqa: SIM115
    try:
        with file:
            yield file
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        remove_quietly([path])
        raise


def publish(temporary: str, target: str) -> None:
    """Put the temporary file in the place of ``target``, replacing what is there.

    Raises:
        OSError: If the file system refuses; the temporary file is still there.
    """
    os.replace(temporary, target)


def publish_new(temporary: str, target: str) -> None:
    """Put the temporary file at ``target``, never over a file that is already there.

    Raises:
        FileExistsError: If there is one.
        OSError: If the file system refuses.
    """
    try:
        os.link(temporary, target)
    except FileExistsError:
        raise
    except OSError:
        # WORKAROUND: FAT and some network drives know no hard links. The look before the leap leaves a
        # moment in which another program could make the same name; there is nothing better there.
        if os.path.lexists(target):
            raise FileExistsError(f"{target} is already there") from None
        os.rename(temporary, target)
    else:
        # The file is there now: that its second name cannot go yet is no failure, and no reason to try again.
        remove_quietly([temporary])


def remove_quietly(paths: Iterable[str]) -> None:
    """Remove files that may be there; what cannot be removed stays."""
    for path in paths:
        with contextlib.suppress(OSError):
            os.unlink(path)


def _mode_of_new_file(folder: str) -> int:
    """Return the permissions to ask for: the user's, and what the folder grants to others."""
    if _has_default_acl(folder):
        return _PRIVATE | _OTHERS_READ_AND_WRITE  # the list decides, as it does for every other program
    return _PRIVATE | (os.stat(folder or ".").st_mode & _OTHERS_READ_AND_WRITE)


def _has_default_acl(folder: str) -> bool:
    if sys.platform != "linux":
        return False
    try:
        return bool(os.getxattr(folder or ".", _DEFAULT_ACL))
    except OSError:
        return False
