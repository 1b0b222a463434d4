"""XLSX: one row for a page or a word, in the same columns as CSV.

The rows of many results go to the disk as they come, so that memory stays the same for any number of them. A
sheet holds 1,048,576 rows; what is more goes on in the next sheet.
"""

import tempfile
from typing import TYPE_CHECKING, BinaryIO, Final

from ocr_desktop.services.exporters.formats import ExportOptions, Rows, StoredResult
from ocr_desktop.services.exporters.table_rows import Cell, head, table_rows

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

MOST_ROWS: Final = 1_048_576
LONGEST_CELL: Final = 32_767
_WIDTHS: Final = {"image": 28, "folder": 28, "engine": 20, "read": 20, "text": 60}


class XlsxWriter:
    """Writes a workbook."""

    def __init__(self, file: BinaryIO, options: ExportOptions) -> None:
        """Begin the first sheet."""
        import xlsxwriter  # noqa: PLC0415 - only when it is needed: it takes a moment to load

        self._options = options
        self._rows_per_sheet = MOST_ROWS
        self._folder = tempfile.TemporaryDirectory(prefix="ocr-desktop-export-", ignore_cleanup_errors=True)
        self._book = xlsxwriter.Workbook(
            file,
            {
                "constant_memory": options.combined,
                "in_memory": not options.combined,  # one result is quicker without temporary files
                "strings_to_formulas": False,
                "strings_to_numbers": False,
                "strings_to_urls": False,
                "tmpdir": self._folder.name,
            },
        )
        self._book.set_properties({"title": options.title, "author": "", "comments": "Made by OCR Desktop"})
        self._bold = self._book.add_format({"bold": True, "bottom": 1})
        self._top = self._book.add_format({"valign": "top"})
        self._sheet = self._new_sheet()

    def add(self, result: StoredResult) -> None:
        """Write the rows of one result."""
        for row in table_rows(result, self._options.rows):
            if self._row == self._rows_per_sheet:
                self._sheet = self._new_sheet()
            for column, cell in enumerate(row):
                self._write(column, cell)
            self._row += 1

    def finish(self) -> None:
        """Put the workbook together."""
        self._book.close()

    def close(self) -> None:
        """Remove the rows that were kept aside."""
        for sheet in self._book.worksheets():
            if sheet.row_data_fh is not None:
                sheet.row_data_fh.close()
        self._book.fileclosed = 1  # else its destructor complains of a workbook that was given up
        self._folder.cleanup()

    def _new_sheet(self) -> "Worksheet":
        number = len(self._book.worksheets()) + 1
        noun = "Pages" if self._options.rows is Rows.PAGE else "Words"
        sheet = self._book.add_worksheet(noun if number == 1 else f"{noun} {number}")
        sheet.freeze_panes(1, 0)
        columns = head(self._options.rows)
        for column, name in enumerate(columns):
            sheet.set_column(column, column, _WIDTHS.get(name, 11))
        sheet.write_row(0, 0, columns, self._bold)
        self._row = 1
        return sheet

    def _write(self, column: int, cell: Cell) -> None:
        if isinstance(cell, str):
            self._sheet.write_string(self._row, column, _fitting(cell), self._top)
        else:
            self._sheet.write_number(self._row, column, cell, self._top)


def _fitting(text: str) -> str:
    """Return what fits into one cell, which is counted in UTF-16."""
    if len(text) * 2 <= LONGEST_CELL:
        return text
    units = text.encode("utf-16-le", "replace")[: 2 * (LONGEST_CELL - 1)]
    fitting = units.decode("utf-16-le", "ignore")
    return text if fitting == text else fitting + "…"
