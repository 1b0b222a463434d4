"""Logs: what went wrong, in files that can be attached to a bug report.

They hold job and item ids and where errors were raised, no recognized text and no names of files.
"""

import logging
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Final

from ocr_desktop.services.folders import ensure_private

_LOGGER: Final = "ocr_desktop"
_LARGEST: Final = 1_000_000
"""Bytes of one file."""
_OLDER_FILES: Final = 3


def start_logging(folder: Path) -> Path:
    """Write the program's log into ``folder``; return the path of the file. Doing it twice does no harm.

    Raises:
        OutputNotWritableError: If the folder cannot be made.
    """
    path = ensure_private(folder) / "ocr-desktop.log"
    logger = logging.getLogger(_LOGGER)
    if not any(getattr(handler, "baseFilename", None) == str(path) for handler in logger.handlers):
        handler = RotatingFileHandler(
            path, maxBytes=_LARGEST, backupCount=_OLDER_FILES, encoding="utf-8", delay=True
        )
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(process)d %(name)s: %(message)s"))
        logger.addHandler(handler)
        logger.setLevel(logging.INFO)
    return path


def stop_logging() -> None:
    """Close the log files."""
    logger = logging.getLogger(_LOGGER)
    for handler in list(logger.handlers):
        if isinstance(handler, RotatingFileHandler):
            logger.removeHandler(handler)
            handler.close()
