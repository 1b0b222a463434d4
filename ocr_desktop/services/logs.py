"""Logs: what went wrong, in files that can be attached to a bug report.

They hold job and item ids, kinds of failures, and where in the program errors were raised; no recognized
text, no names of files, no name of a user. What a line of code hands to the log by mistake is taken out when
the line is written (see ``services/discretion.py``).
"""

import contextlib
import logging
import os
import sys
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType
from typing import Final

from ocr_desktop.services.discretion import Discretion
from ocr_desktop.services.folders import ensure_private, private_opener

LOG_NAME: Final = "ocr-desktop.log"
"""Name of the newest log file; older ones have a number behind it."""
_LOGGERS: Final = ("ocr_desktop", "qt")
_LARGEST: Final = 1_000_000
"""Bytes of one file."""
_OLDER_FILES: Final = 3

_ErrorInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


def start_logging(folder: Path) -> Path:
    """Write the program's log into ``folder``; return the path of the file. Doing it twice does no harm.

    Raises:
        OutputNotWritableError: If the folder cannot be made.
    """
    path = ensure_private(folder) / LOG_NAME
    if any(getattr(handler, "baseFilename", None) == str(path) for handler in _handlers()):
        return path
    handler = _PrivateFileHandler(
        path, maxBytes=_LARGEST, backupCount=_OLDER_FILES, encoding="utf-8", delay=True
    )
    handler.setFormatter(DiscreetFormatter())
    for name in _LOGGERS:
        logger = logging.getLogger(name)
        logger.addHandler(handler)
        logger.setLevel(logging.INFO)
    return path


def stop_logging() -> None:
    """Close the log files."""
    for handler in _handlers():
        for name in _LOGGERS:
            logging.getLogger(name).removeHandler(handler)
        with contextlib.suppress(OSError):  # the last lines find no room on a full disk
            handler.close()


def _handlers() -> set[logging.Handler]:
    handlers = (handler for name in _LOGGERS for handler in logging.getLogger(name).handlers)
    return {handler for handler in handlers if isinstance(handler, _PrivateFileHandler)}


class DiscreetFormatter(logging.Formatter):
    """Writes a record without what is nobody's business: see :class:`Discretion`."""

    def __init__(self) -> None:
        """Find out once what this machine's user and folders are called."""
        super().__init__("%(asctime)s %(levelname)s %(process)d %(name)s: %(message)s")
        self._discretion = Discretion()

    def format(self, record: logging.LogRecord) -> str:
        """Return the lines of a record. The record itself stays as it is, for other handlers."""
        copy = logging.makeLogRecord(record.__dict__)
        copy.msg = self._message(record)
        copy.args = None
        copy.exc_text = None  # another formatter may have left its own there
        copy.stack_info = None
        return super().format(copy)

    def formatException(self, ei: _ErrorInfo) -> str:  # noqa: N802 - the name is given
        """Return where an exception was raised; its message may hold anything, so it is left out."""
        return "" if ei[1] is None else self._discretion.traceback(ei[1])

    def _message(self, record: logging.LogRecord) -> str:
        """Fill in the arguments. The text around them is ours and needs no look."""
        if not isinstance(record.msg, str) or not record.args:
            return self._discretion.text(str(record.msg))
        if isinstance(record.args, tuple):
            return record.msg % tuple(self._discretion.value(argument) for argument in record.args)
        return record.msg % {name: self._discretion.value(value) for name, value in record.args.items()}


class _PrivateFileHandler(RotatingFileHandler):
    """Writes files that nobody else can read."""

    def _open(self) -> TextIOWrapper:
        descriptor = private_opener(self.baseFilename, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        return TextIOWrapper(os.fdopen(descriptor, "ab"), encoding=self.encoding)

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - the name is given
        """Pass over a disk that takes no log: the work goes on without."""
        if not isinstance(sys.exception(), OSError):
            super().handleError(record)
