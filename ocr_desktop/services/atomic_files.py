"""Atomic files: a reader sees the old file or the new one, whole, at any moment; also after a crash.

The new content goes into a temporary file in the same folder, is flushed to the disk, and takes the place of
the old file by ``os.replace``. Temporary files have names that can be told from outside, so that the parent
of a worker that was killed can remove what it left.
"""

import contextlib
import os
from collections.abc import Iterable

TEMPORARY_PREFIX = ".ocr-desktop-"
TEMPORARY_SUFFIX = ".tmp"


def temporary_path(folder: str, token: str, extension: str) -> str:
    """Return the path of the temporary file for one result file.

    Args:
        folder: Where the result goes.
        token: Unique among all attempts that are going on; letters and digits.
        extension: Extension of the result file, without the dot.
    """
    return os.path.join(folder, f"{TEMPORARY_PREFIX}{token}.{extension}{TEMPORARY_SUFFIX}")


def write_temporary(path: str, content: bytes) -> None:
    """Write ``content`` to a new file at ``path`` and flush it to the disk; on failure leave no file.

    Raises:
        OSError: Whatever the disk answers.
    """
    try:
        with open(path, "xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    except FileExistsError:  # not ours to remove
        raise
    except OSError:
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
