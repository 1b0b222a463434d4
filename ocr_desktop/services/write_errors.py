"""Write errors: what it means to the user when a result file could not be written."""

import errno
import os

import msgspec

from ocr_desktop.domain.errors import (
    DiskFullError,
    NameTakenError,
    OutputMissingError,
    ResultLockedError,
    ResultWriteError,
)
from ocr_desktop.domain.naming import display_name, one_line, printable
from ocr_desktop.services.disk_errors import is_disk_full, is_drive_gone, is_quota_used_up
from ocr_desktop.services.retry_policy import is_lock


class WriteAim(msgspec.Struct, frozen=True, kw_only=True):
    """What was to be written, and what to try again."""

    folder: str
    name: str
    """Of the file that stands for the result."""
    root: str | None = None
    """The folder that was there when the work began, ``folder`` or one above it."""
    go_on: str = "resume the job"
    """What to do once the trouble of all results is over."""
    try_again: str = "read the image again"
    """What to do once the trouble of this one is over."""


def explain_write_error(aim: WriteAim, error: OSError) -> ResultWriteError:
    """Return the item error that says what an ``OSError`` on writing a result means."""
    return _explain_world(aim, error) or _explain_refusal(aim, error)


def _explain_world(aim: WriteAim, error: OSError) -> ResultWriteError | None:
    """Say what keeps every result from being written, if that is what it is."""
    folder, name = _shown(aim)
    remedy = f"Free some space, then {aim.go_on}."
    if is_disk_full(error):
        message = f"The disk is full: the result “{name}” could not be written to “{folder}”."
        return DiskFullError(message, remedy=remedy)
    if is_quota_used_up(error):
        message = (
            f"Your share of the disk is used up: the result “{name}” could not be written to “{folder}”."
        )
        return DiskFullError(message, remedy=remedy)
    root = aim.root or aim.folder
    if is_drive_gone(error) or (aim.root is not None and _is_gone(root)):
        return OutputMissingError(
            f"The output folder “{one_line(printable(root))}” is not there any more.",
            remedy=f"Plug its drive in or make the folder again, then {aim.go_on}.",
        )
    return None


def _explain_refusal(aim: WriteAim, error: OSError) -> ResultWriteError:
    """Say why this one result could not be written."""
    folder, name = _shown(aim)
    again = f"{aim.try_again[:1].upper()}{aim.try_again[1:]}"
    if isinstance(error, FileExistsError) and os.path.isdir(aim.folder):
        return NameTakenError(
            f"Another program made “{name}” in “{folder}” at the same moment.", remedy=f"{again}."
        )
    if is_lock(error) and os.access(aim.folder, os.W_OK):
        return ResultLockedError(
            f"“{name}” in “{folder}” is locked by another program.",
            remedy=f"Close it there and {aim.try_again}.",
        )
    if error.errno == errno.EROFS:
        return ResultWriteError(
            f"The folder “{folder}” cannot be written to: its disk is read-only.",
            remedy="Make the disk writable, or choose another output folder.",
        )
    if is_lock(error):
        return ResultWriteError(
            f"The folder “{folder}” cannot be written to: you lack the permission.",
            remedy="Change its permissions, or choose another output folder.",
        )
    return ResultWriteError(
        f"The result “{name}” could not be written to “{folder}” ({error.strerror or error}).",
        remedy=f"Check the folder and {aim.try_again}.",
    )


def _is_gone(folder: str) -> bool:
    try:
        os.stat(folder)
    except (FileNotFoundError, NotADirectoryError):
        return True
    except OSError as error:
        return is_drive_gone(error)
    return False


def _shown(aim: WriteAim) -> tuple[str, str]:
    """Return folder and name of the result as they may be shown."""
    return one_line(printable(aim.folder)), display_name(aim.name)
