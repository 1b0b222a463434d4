"""Source files: what is recorded of an image file, and what to say when it cannot be read."""

import errno
import hashlib
import os
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from io import BufferedReader

from ocr_desktop.domain.errors import (
    ImageAccessError,
    ImageFolderMissingError,
    ImageLockedError,
    ImageMissingError,
    ItemError,
)
from ocr_desktop.domain.naming import display_name, one_line, printable
from ocr_desktop.domain.results import Source
from ocr_desktop.services.disk_errors import is_drive_gone
from ocr_desktop.services.file_state import FileState, settled_state

_PASSING_ERRNOS = frozenset({errno.EBUSY, errno.EIO, errno.ESTALE, errno.ETIMEDOUT, errno.EAGAIN})
_SHARING_WINERRORS = frozenset({32, 33})


def describe_source(path: str) -> Source:
    """Return name, size, date and SHA-256 of an image file.

    Raises:
        ItemError: If it cannot be read.
    """
    return observe_source(path)[0]


def observe_source(path: str) -> tuple[Source, FileState | None]:
    """Return the same, and the state of the file where it has settled (see ``settled_state``).

    Raises:
        ItemError: If it cannot be read.
    """
    began = time.time_ns()
    with open_source(path) as file:
        try:
            status = os.fstat(file.fileno())
            digest = hashlib.file_digest(file, "sha256")
            state = settled_state(status, os.fstat(file.fileno()), began)
        except OSError as error:
            raise explain_read_error(path, error) from error
    source = Source(
        name=printable(os.path.basename(path)),
        size=status.st_size,
        modified=_modified(status),
        sha256=digest.hexdigest(),
    )
    return source, state


def is_as_recorded(status: os.stat_result, size: int, modified: str) -> bool:
    """Whether a file has the size and the date that were recorded of it in a :class:`Source`."""
    return (status.st_size, _modified(status)) == (size, modified)


def ensure_unchanged(path: str, source: Source) -> None:
    """Refuse to record a hash with pixels that are not its own.

    Raises:
        ImageLockedError: If the file was replaced since it was described.
    """
    try:
        status = os.stat(path)
    except OSError:
        return  # deleted after it was read: the result is right for what was there
    if not is_as_recorded(status, source.size, source.modified):
        raise ImageLockedError(
            f"“{source.name}” was changed by another program while it was being read.",
            remedy="Read it again once the other program is done.",
        )


@contextmanager
def open_source(path: str) -> Iterator[BufferedReader]:
    """Open an image file for reading, and close it afterwards.

    Raises:
        ItemError: If it cannot be opened, or is no regular file.
    """
    try:
        status = os.stat(path)
        if stat.S_ISDIR(status.st_mode):
            raise IsADirectoryError(path)  # Windows would call it a lack of permission
        if not stat.S_ISREG(status.st_mode):
            # Asked before it is opened: a pipe that nobody writes to would be waited for.
            name = display_name(path)
            raise ImageAccessError(f"“{name}” is not a file but a device or a pipe.", remedy="Leave it out.")
        file = open(path, "rb")  # noqa: SIM115 - closed below; what its user meets there is not ours
    except OSError as error:
        raise explain_read_error(path, error) from error
    with file:
        yield file


def explain_read_error(path: str, error: OSError) -> ItemError:
    """Return the item error that says what an ``OSError`` on reading an image means."""
    name = display_name(path)
    if isinstance(error, (FileNotFoundError, NotADirectoryError)) or is_drive_gone(error):
        return _explain_missing(path)
    if isinstance(error, IsADirectoryError):
        return ImageAccessError(f"“{name}” is a folder, not an image.", remedy="Open the folder instead.")
    if getattr(error, "winerror", None) in _SHARING_WINERRORS:
        return ImageLockedError(
            f"“{name}” is in use by another program.", remedy="Close it there and read the image again."
        )
    if error.errno in _PASSING_ERRNOS:
        return ImageLockedError(
            f"The drive did not deliver “{name}” ({error.strerror}).",
            remedy="Check the drive or the network connection and read the image again.",
        )
    if isinstance(error, PermissionError):
        return ImageAccessError(
            f"You are not allowed to read “{name}”.", remedy="Ask its owner for permission, or copy it."
        )
    return ImageAccessError(f"“{name}” cannot be read ({error.strerror or error}).")


def _explain_missing(path: str) -> ItemError:
    """Tell an image that is gone from one whose whole folder is."""
    name = display_name(path)
    folder = os.path.dirname(path)
    if not os.path.isdir(folder):
        return ImageFolderMissingError(
            f"“{name}” cannot be read: its folder “{one_line(printable(folder))}” is not there any more.",
            remedy="Plug its drive in, or put the folder back.",
        )
    return ImageMissingError(
        f"“{name}” is not there any more.",
        remedy="It was moved, renamed or deleted; open its folder again.",
    )


def _modified(status: os.stat_result) -> str:
    return datetime.fromtimestamp(status.st_mtime, UTC).isoformat(timespec="milliseconds")
