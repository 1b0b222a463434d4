"""Diagnostics: what a bug report needs to know about the machine, and nothing that tells whose it is."""

import importlib.metadata
import os
import platform
import re
import shutil
import sqlite3
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import msgspec
import psutil

from ocr_desktop.domain.errors import KnownError, OutputNotWritableError
from ocr_desktop.services.discretion import PATH, Discretion
from ocr_desktop.services.folders import HOME_VARIABLE, AppFolders, ensure_private
from ocr_desktop.services.logs import LOG_NAME

_DISTRIBUTION: Final = "ocr-desktop"
_SYSTEM_FOLDERS: Final = (
    "/usr/",
    "/opt/",
    "/snap/",
    "/Library/",
    "/System/",
    "/Applications/",
    "C:\\Program Files",
)
_ENVIRONMENT: Final = ("LANG", "LC_ALL", "OMP_THREAD_LIMIT", "QT_QPA_PLATFORM", "QT_SCALE_FACTOR")
"""Variables whose values tell nothing about a person."""
_LOG_LINE: Final = re.compile(
    r"(?P<head>\d{4}-\d\d-\d\d [\d:,]+ [A-Z]+ \d+ [\w.]+: )(?P<message>.*)", re.DOTALL
)
_LONGEST_LOG: Final = 2_000_000
"""Bytes of one log file that are looked at, from its end."""


class Machine(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Where the program runs. Sizes are in bytes; None where the system does not tell."""

    system: str
    python: str
    file_system_encoding: str
    sqlite: str
    cores: int | None
    memory: int | None
    memory_free: int | None
    data_disk: int | None
    """Of the disk with the program's own files."""
    data_disk_free: int | None
    temporary_disk_free: int | None
    environment: dict[str, str]


def describe_machine(folders: AppFolders) -> Machine:
    """Look at memory, disks and versions. Never raises for what the system does not tell."""
    memory = psutil.virtual_memory()
    data, temporary = _disk(folders.home), _disk(Path(tempfile.gettempdir()))
    return Machine(
        system=platform.platform(),
        python=sys.version,
        file_system_encoding=sys.getfilesystemencoding(),
        sqlite=sqlite3.sqlite_version,
        cores=os.cpu_count(),
        memory=memory.total,
        memory_free=memory.available,
        data_disk=data[0],
        data_disk_free=data[1],
        temporary_disk_free=temporary[1],
        environment={name: os.environ[name] for name in _ENVIRONMENT if name in os.environ},
    )


def package_versions() -> dict[str, str]:
    """Return the versions of this program and of the packages that it uses, as they are installed."""
    try:
        required = importlib.metadata.requires(_DISTRIBUTION) or []
    except importlib.metadata.PackageNotFoundError:
        required = []
    names = {_DISTRIBUTION, *(re.split(r"[^\w.-]", line, maxsplit=1)[0] for line in required)}
    return {name: _version(name) for name in sorted(names, key=str.casefold)}


def data_folder_problem(folders: AppFolders) -> KnownError | None:
    """Try to make a file in the folder of the program's own files; return what is wrong, if anything."""
    try:
        with tempfile.TemporaryFile(dir=ensure_private(folders.home)) as file:
            file.write(b"\0")
    except OutputNotWritableError as error:
        return error
    except OSError as error:
        return OutputNotWritableError(
            f"The folder “{folders.home}” of the program's own files cannot be written to "
            f"({error.strerror or error}).",
            remedy=f"Check free space and permissions there, or set {HOME_VARIABLE} to another folder.",
        )
    return None


class Redaction:
    """Turns texts about this machine into texts for others."""

    def __init__(self, folders: AppFolders) -> None:
        """Look up what is to be replaced."""
        self._discretion = Discretion()
        self._data = str(folders.home)
        self._home = os.path.expanduser("~")
        self._places: list[tuple[str, str]] = [(self._data, self._name_of_data()), (sys.prefix, "<python>")]

    def hide(self, folder: str) -> None:
        """From now on show of ``folder`` only so much as tells what kind of place it is."""
        if folder and not folder.startswith(_SYSTEM_FOLDERS) and not _is_below(folder, sys.prefix):
            self._places.append((folder, f"~/{PATH}" if _is_below(folder, self._home) else PATH))

    def apply(self, value: object) -> object:
        """Return plain data (as of JSON) with all its texts made shareable."""
        if isinstance(value, str):
            return self._discretion.without_folders(value, self._places)
        if isinstance(value, dict):
            return {key: self.apply(entry) for key, entry in value.items()}
        return [self.apply(entry) for entry in value] if isinstance(value, (list, tuple)) else value

    def logs(self, folder: Path) -> Iterator[tuple[str, str]]:
        """Give name and content of each log file, also of those that older versions have written."""
        for path in sorted(folder.glob(f"{LOG_NAME}*")):
            try:
                with path.open("rb") as file:
                    file.seek(max(0, path.stat().st_size - _LONGEST_LOG))
                    content = file.read(_LONGEST_LOG).decode("utf-8", "replace")
            except OSError:
                continue
            yield path.name, "".join(f"{self._log_line(line)}\n" for line in content.splitlines())

    def _log_line(self, line: str) -> str:
        match = _LOG_LINE.fullmatch(line)
        if match is None:
            return self._discretion.text(line)
        return match["head"] + self._discretion.text(match["message"])

    def _name_of_data(self) -> str:
        """What to write for the data folder; one that the user has chosen may be called anything."""
        if not os.environ.get(HOME_VARIABLE, "").strip():
            return self._data.replace(self._home, "~", 1)
        return f"~/<{HOME_VARIABLE}>" if _is_below(self._data, self._home) else f"<{HOME_VARIABLE}>"


def _is_below(path: str, folder: str) -> bool:
    return Path(path).is_relative_to(folder)


def _version(name: str) -> str:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return "not installed"


def _disk(folder: Path) -> tuple[int | None, int | None]:
    """Return size and free space of the disk of a folder, or of the nearest one above it that exists."""
    for candidate in (folder, *folder.parents):
        try:
            usage = shutil.disk_usage(candidate)
        except OSError:
            continue
        return usage.total, usage.free
    return None, None
