r"""CSV and TSV.

CSV as spreadsheets expect it: UTF-8 with a byte order mark, quoted where needed. TSV as programs expect it:
no quotes, one line for each row; a tab, line break or backslash in a text is written ``\t``, ``\n``, ``\\``.
"""

import csv
import io
from collections.abc import Iterable
from typing import BinaryIO

from ocr_desktop.services.exporters.formats import ExportOptions, StoredResult, StreamWriter
from ocr_desktop.services.exporters.table_rows import Cell, head, table_rows

_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


class CsvWriter(StreamWriter):
    """Writes CSV (RFC 4180)."""

    def __init__(self, file: BinaryIO, options: ExportOptions) -> None:
        """Begin the file with the names of the columns."""
        super().__init__(file, options)
        file.write("\ufeff".encode() + _csv([head(options.rows)]))

    def render(self, result: StoredResult) -> bytes:
        """Return the rows of one result."""
        return _csv(table_rows(result, self.options.rows))


class TsvWriter(StreamWriter):
    """Writes tab-separated values."""

    def __init__(self, file: BinaryIO, options: ExportOptions) -> None:
        """Begin the file with the names of the columns."""
        super().__init__(file, options)
        file.write(_tsv([head(options.rows)]))

    def render(self, result: StoredResult) -> bytes:
        """Return the rows of one result."""
        return _tsv(table_rows(result, self.options.rows))


def _csv(rows: Iterable[tuple[Cell, ...]]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue().encode("utf-8", "replace")


def _tsv(rows: Iterable[tuple[Cell, ...]]) -> bytes:
    lines = ["\t".join(str(cell).translate(_ESCAPES) for cell in row) + "\n" for row in rows]
    return "".join(lines).encode("utf-8", "replace")
