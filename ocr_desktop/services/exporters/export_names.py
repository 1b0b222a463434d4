"""Names of exported files: no two results share one, and no image or result file is ever replaced.

A file is named after the result that it is made of, and so by the stem that was planned for its image
(``domain/naming.py``): ``a_ocr_results.json`` -> ``a_ocr.pdf``. An earlier export of that name is replaced.
"""

import hashlib
import os
import re

from ocr_desktop.domain.errors import ItemError, UsageError
from ocr_desktop.domain.naming import (
    RESULT_MARK,
    display_name,
    fold,
    is_result_name,
    one_line,
    printable,
    split_extension,
)
from ocr_desktop.services.discovery import IMAGE_EXTENSIONS
from ocr_desktop.services.exporters.formats import ExportFormat

EXPORT_MARK = "_ocr"
OWN_PDF = b"% Made by OCR Desktop from stored results\n"
"""The third line of every PDF that is exported here; any other PDF may be somebody's scan."""

_RESULT = re.compile(rf"(?P<stem>.*){RESULT_MARK}(?P<number>_\d+)?\.json", re.DOTALL)
_EXPORT = re.compile(rf"{EXPORT_MARK}(_\d+)?\.[a-z]+$")
_HEAD = 256


class ExportNameTakenError(ItemError):
    """A file that is not to be replaced has the name that the export would get."""

    kind = "name-taken"


class ExportNames:
    """Gives each result of one export the path of its file."""

    def __init__(self, entry: ExportFormat, folder: str | None, base: str | None) -> None:
        """Name files of the format ``entry``.

        Args:
            entry: The format.
            folder: Absolute path of the folder that all go to; None for beside each result.
            base: The folder whose tree is mirrored in ``folder``; None to put all files into ``folder``
                itself, where further results of the same name get a hash.
        """
        self._extension = entry.extension
        self._folder = folder
        self._base = base
        self._given: set[int] = set()

    def path_for(self, json_path: str) -> str:
        """Return the absolute path of the file for one result.

        Raises:
            ExportNameTakenError: If every name that it might get is taken.
        """
        folder = self._folder_for(os.path.dirname(json_path))
        stem, number = _parts(json_path)
        tag = "~" + hashlib.sha256(os.fsencode(json_path)).hexdigest()[:8]
        for candidate in (stem, stem + tag):
            path = os.path.join(folder, f"{candidate}{EXPORT_MARK}{number}.{self._extension}")
            key = hash(fold(path))
            if key not in self._given and is_replaceable(path):
                self._given.add(key)
                return path
        raise name_taken(path)

    def _folder_for(self, folder: str) -> str:
        if self._folder is None:
            return folder
        if self._base is None:
            return self._folder
        try:
            below = os.path.relpath(folder, self._base)
        except ValueError:  # another drive
            return self._folder
        return (
            self._folder
            if below.startswith(os.pardir)
            else os.path.normpath(os.path.join(self._folder, below))
        )


def name_taken(path: str) -> ExportNameTakenError:
    """Return the error for a file that must not be replaced."""
    return ExportNameTakenError(
        f"“{display_name(path)}” is already there and was not made by an export.",
        remedy="Move it away, or choose another folder.",
    )


def ensure_allowed(path: str) -> None:
    """Refuse a file that an export must not be written to.

    Raises:
        UsageError: If it is a folder, or an image, or a result file, by its name or by what is there.
    """
    name = one_line(printable(path))
    if os.path.isdir(path):
        raise UsageError(f"“{name}” is a folder, not a file.", remedy="Name a file in it.")
    if is_result_name(os.path.basename(path)):
        raise UsageError(f"“{name}” is the name of a result file.", remedy="Choose another name.")
    if split_extension(os.path.basename(path))[1].lower() in IMAGE_EXTENSIONS:
        raise UsageError(f"“{name}” is the name of an image.", remedy="Choose another name.")
    if not is_replaceable(path):
        raise UsageError(
            f"“{name}” is already there and was not made by an export.", remedy="Choose another name."
        )


def is_export_name(name: str) -> bool:
    """Whether a file of that name looks like an export; an image may be called so, too."""
    return _EXPORT.search(name) is not None


def is_replaceable(path: str) -> bool:
    """Whether nothing is lost if an export takes the place of what is at ``path``."""
    if not os.path.lexists(path):
        return True
    if not os.path.isfile(path):
        return False
    try:
        with open(path, "rb") as file:
            start = file.read(_HEAD)
    except OSError:
        return False
    return b"%PDF-" not in start or OWN_PDF in start


def _parts(json_path: str) -> tuple[str, str]:
    """Return what a result file is named after, and its number with an underscore, if it has one."""
    name = os.path.basename(json_path)
    match = _RESULT.fullmatch(name)
    if match is None:
        return split_extension(name)[0], ""
    return match["stem"], match["number"] or ""
