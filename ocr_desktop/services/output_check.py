"""Output check: can result files be made where they are to go? Asked before anything starts or goes on."""

import os
import secrets
from collections.abc import Collection, Iterable

from ocr_desktop.domain.errors import OutputNotWritableError
from ocr_desktop.domain.naming import one_line, printable
from ocr_desktop.services.atomic_files import remove_quietly, temporary_path


def check_writable(folders: Iterable[str]) -> None:
    """Make and remove a small file in each folder, or in the nearest one above it that exists.

    Raises:
        OutputNotWritableError: For the first folder in which that fails.
    """
    for folder in dict.fromkeys(nearest_existing(folder) for folder in folders):
        probe = temporary_path(folder, secrets.token_hex(6), "probe")
        try:
            with open(probe, "xb"):
                pass
        except OSError as error:
            raise OutputNotWritableError(
                f"Results cannot be written to “{one_line(printable(folder))}” ({error.strerror or error}).",
                remedy="Choose another output folder (--output-dir), or change its permissions.",
            ) from error
        remove_quietly([probe])


def make_root(folder: str) -> None:
    """Make the output folder of a new job. From then on it must be there: see :func:`ensure_there`.

    Raises:
        OutputNotWritableError: If it cannot be made.
    """
    try:
        os.makedirs(folder, exist_ok=True)
    except OSError as error:
        raise OutputNotWritableError(
            f"The output folder “{one_line(printable(folder))}” cannot be made ({error.strerror or error}).",
            remedy="Choose another output folder (--output-dir), or change the permissions above it.",
        ) from error


def ensure_there(folders: Collection[str]) -> None:
    """Refuse to go on with a job if none of the folders is there any more to which its results go.

    They are not made again: where a drive was unplugged, that would fill the disk on which it was mounted.

    Raises:
        OutputNotWritableError: If all of them are gone.
    """
    if not folders or any(os.path.isdir(folder) for folder in folders):
        return
    first = one_line(printable(next(iter(folders))))
    raise OutputNotWritableError(
        f"The folder “{first}”, to which results go, is not there any more.",
        remedy="Plug its drive in or make the folder again, then resume the job.",
    )


def nearest_existing(folder: str) -> str:
    """Return the folder, or the nearest one above it that exists."""
    while not os.path.lexists(folder):
        parent = os.path.dirname(folder)
        if parent == folder:
            break
        folder = parent
    return folder
