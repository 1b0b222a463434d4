"""Discretion: takes out of texts for others what is nobody's business: names of files, folders and users.

Which of the words of a free text are a name cannot be told for sure, so more is taken out than needs be: from
the first thing that looks like a path to the end of the line, whatever is in quotes, and the messages of
exceptions.
"""

import errno
import getpass
import os
import re
import sys
import traceback
from collections.abc import Iterator, Sequence
from enum import Enum
from pathlib import Path
from typing import Final

PATH: Final = "<path>"
"""Stands for a path, and for what follows it in its line."""
USER: Final = "<user>"
_WITHHELD: Final = "“...”"
_SHORTEST_USER: Final = 3
"""Shorter names are part of too many other words, and tell nothing."""
_MOST_FRAMES: Final = 60
_MOST_ERRORS: Final = 5
"""Of a chain of exceptions that led to one another."""

_FRAME: Final = re.compile(r'^(?P<lead>\s*)File "(?P<file>[^"]*)", line (?P<line>\d+)(?:, in (?P<name>\S+))?')
_ABSOLUTE: Final = re.compile(r"(?<![^\s(\[{=:,;<])(?:file:|~\w*[/\\]|[A-Za-z]:[/\\]|[/\\]+\S).*")
_QUOTED: Final = re.compile(r"“[^”]*”?|„[^“”]*[“”]?|\"[^\"]*\"?|(?<!\w)'(?:[^']|(?<=\w)'(?=\w))*'?|«[^»]*»?")
_FILE_NAME: Final = re.compile(
    r"[/\\]|\.(?:jpe?g|jp2|j2k|png|tiff?|bmp|gif|webp|pdf|txt|json|zip|db|csv|docx?|xlsx?)\b", re.IGNORECASE
)
_PACKAGE: Final = re.compile(r"(?:.*[/\\])?(?P<part>(?:site-packages|dist-packages|python3\.\d+)[/\\].+)$")
_OURS: Final = re.compile(r".*[/\\](?P<part>ocr_desktop[/\\].+)$")


class Discretion:
    """Knows what this machine's user and folders are called, and takes it out. May be used from any thread.

    Args:
        home: The user's own folder; by default as the system says.
        user: What the user is called; by default as the system says.
    """

    def __init__(self, home: str | None = None, user: str | None = None) -> None:
        """Look the names up once."""
        self._home = os.path.expanduser("~") if home is None else home
        users = {_user() if user is None else user, os.path.basename(self._home)}
        long_enough = (name for name in users if len(name) >= _SHORTEST_USER)
        names = sorted(map(re.escape, long_enough), key=len, reverse=True)
        self._users = re.compile(rf"(?<![^\W_])(?:{'|'.join(names)})(?![^\W_])") if names else None

    def value(self, value: object) -> object:
        """Return what may stand for an argument of a log line: numbers as they are, all else looked over."""
        if isinstance(value, Enum):
            return value
        if value is None or isinstance(value, (bool, int, float)):
            return value
        if isinstance(value, BaseException):
            return describe_error(value)
        if isinstance(value, os.PathLike):
            return PATH
        return self.text(value) if isinstance(value, str) else f"<{type(value).__name__}>"

    def text(self, text: str) -> str:
        """Return a text of any lines without paths, quotations, file names and the name of the user."""
        return "\n".join(self._line(line) for line in text.splitlines())

    def traceback(self, error: BaseException) -> str:
        """Return where an exception, and those that led to it, were raised; without their messages."""
        return "\n".join(_describe_chain(error))

    def without_folders(self, text: str, folders: Sequence[tuple[str, str]] = ()) -> str:
        """Return a sentence of ours with ``folders`` (path, what to write for it) and the home replaced.

        For texts that are useless without what is left of a path. What stands below the folders stays.
        """
        for folder, name in (*folders, (self._home, "~")):
            if len(folder) > 1:
                text = name.join(re.split(rf"{re.escape(folder)}(?![\w.-])", text))
        return self._without_user(text)

    def _line(self, line: str) -> str:
        frame = _FRAME.match(line)
        if frame is not None:
            name = f", in {frame['name']}" if frame["name"] else ""
            return f'{frame["lead"]}File "{_code_file(frame["file"])}", line {frame["line"]}{name}'
        line = _ABSOLUTE.sub(PATH, _QUOTED.sub(_WITHHELD, line))
        if _FILE_NAME.search(line):  # where it begins cannot be told: it may hold spaces
            return _WITHHELD
        return self._without_user(line)

    def _without_user(self, text: str) -> str:
        return self._users.sub(USER, text) if self._users else text


def describe_error(error: BaseException) -> str:
    """Return what kind of exception it is, without its message: ``PermissionError (EACCES)``."""
    name = type(error).__name__
    if isinstance(error, OSError) and error.errno is not None:
        return f"{name} ({errno.errorcode.get(error.errno, error.errno)})"
    code = getattr(error, "sqlite_errorname", None)
    return f"{name} ({code})" if isinstance(code, str) else name


def _describe_chain(error: BaseException) -> Iterator[str]:
    current: BaseException | None = error
    for number in range(_MOST_ERRORS):
        if current is None:
            return
        yield f"{'Caused by: ' if number else ''}{describe_error(current)}"
        yield from _frames(current)
        current = current.__cause__ or (None if current.__suppress_context__ else current.__context__)


def _frames(error: BaseException) -> Iterator[str]:
    for frame, line in list(traceback.walk_tb(error.__traceback__))[-_MOST_FRAMES:]:
        code = frame.f_code
        yield f'  File "{_code_file(code.co_filename)}", line {line}, in {code.co_name}'


def _code_file(file: str) -> str:
    """Return the path of a module from its package on; what lies elsewhere is withheld."""
    match = _OURS.match(file) or _PACKAGE.match(file)
    if match is not None:
        return match["part"].replace("\\", "/")
    if file.startswith(("ocr_desktop/", "<frozen ")):
        return file
    try:
        return Path(file).relative_to(sys.base_prefix).as_posix()
    except ValueError:
        return PATH


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):  # no such user in the system's list, as in some containers
        return ""
