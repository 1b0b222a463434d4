"""Output check: can result files be made where they are to go? Asked before anything starts."""

import os
import secrets
from collections.abc import Iterable

from ocr_desktop.domain.errors import OutputNotWritableError
from ocr_desktop.domain.naming import one_line, printable
from ocr_desktop.services.atomic_files import remove_quietly, temporary_path


def check_writable(folders: Iterable[str]) -> None:
    """Make and remove a small file in each folder, or in the nearest one above it that exists.

    Raises:
        OutputNotWritableError: For the first folder in which that fails.
    """
    for folder in dict.fromkeys(_nearest_existing(folder) for folder in folders):
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


def _nearest_existing(folder: str) -> str:
    while not os.path.lexists(folder):
        parent = os.path.dirname(folder)
        if parent == folder:
            break
        folder = parent
    return folder
