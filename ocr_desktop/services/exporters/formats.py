"""Export formats: what is known of each, and what the modules that write them have in common."""

from enum import StrEnum
from typing import BinaryIO, Protocol

import msgspec

from ocr_desktop.domain.results import ResultDocument


class Rows(StrEnum):
    """What one row of a table stands for."""

    PAGE = "page"
    WORD = "word"


class ExportFormat(msgspec.Struct, frozen=True):
    """One format, as a front end offers it."""

    key: str
    """What it is called on the command line."""
    title: str
    """What it is called in the window."""
    extension: str
    """Without the dot."""
    combined: bool
    """Whether many results can go into one file."""
    has_rows: bool = False
    """Whether it is a table, with one row for a page or for a word."""


class ExportOptions(msgspec.Struct, frozen=True, kw_only=True):
    """How a file is to be written."""

    combined: bool = False
    """Whether the results of many images go into it."""
    title: str = ""
    """What the file is about, as it may be shown; the image's name where there is one image only."""
    rows: Rows = Rows.PAGE


class StoredResult(msgspec.Struct, frozen=True):
    """One result as the writers get it."""

    document: ResultDocument
    image_path: str
    """Absolute path of the image that the caller or the result names; it may be gone."""
    json_path: str
    """Absolute path of the result file."""


class ExportWriter(Protocol):
    """Writes results into one open file, one after the other. For one thread."""

    def add(self, result: StoredResult) -> None:
        """Write one result.

        Raises:
            ItemError: If this result cannot be written; nothing of it is in the file then.
            OSError: If the file cannot be written.
        """

    def finish(self) -> None:
        """Write what comes after the last result. Called once, unless the file is given up.

        Raises:
            OSError: If the file cannot be written.
        """

    def close(self) -> None:
        """Let go of what else the writer holds. Called in any case, at the end."""


class StreamWriter:
    """What writers have in common that need nothing but the file."""

    def __init__(self, file: BinaryIO, options: ExportOptions) -> None:
        """Write to ``file``, which is open and empty, and stays open."""
        self.file = file
        self.options = options
        self.count = 0
        """Results written so far."""

    def add(self, result: StoredResult) -> None:
        """Render the result, and only then write it: it is in the file whole or not at all."""
        content = self.render(result)
        self.file.write(content)
        self.count += 1

    def render(self, result: StoredResult) -> bytes:
        """Return what one result adds to the file."""
        raise NotImplementedError

    def finish(self) -> None:
        """Write nothing more."""

    def close(self) -> None:
        """There is nothing to let go of."""
