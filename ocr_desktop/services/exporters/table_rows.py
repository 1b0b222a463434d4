"""Tables: the rows that CSV, TSV and XLSX have in common.

Cells that a spreadsheet would take for a formula get an apostrophe in front: text that was read off a page
must not be able to start anything on the machine of whoever opens the table.
"""

import os
from collections.abc import Iterator

from ocr_desktop.domain.naming import one_line, printable
from ocr_desktop.domain.results import Page, Word
from ocr_desktop.services.exporters.corrected_pages import corrected_pages
from ocr_desktop.services.exporters.formats import Rows, StoredResult
from ocr_desktop.services.exporters.page_texts import clean, page_texts

Cell = str | int | float
"""What a cell may hold. Texts are neutralised already."""

_FORMULA_STARTS = tuple("=+-@\t\r\n＝＋－＠")  # noqa: RUF001 - full-width forms start formulas too
_HEADS: dict[Rows, tuple[str, ...]] = {
    Rows.PAGE: (
        "image",
        "folder",
        "page",
        "width",
        "height",
        "confidence",
        "words",
        "engine",
        "read",
        "text",
    ),
    Rows.WORD: (
        *("image", "folder", "page", "block", "paragraph", "line", "word"),
        *("left", "top", "width", "height", "confidence", "text"),
    ),
}


def head(rows: Rows) -> tuple[str, ...]:
    """Return the names of the columns."""
    return _HEADS[rows]


def table_rows(result: StoredResult, rows: Rows) -> Iterator[tuple[Cell, ...]]:
    """Yield the rows of one result; numbers of blocks, lines and words count from 1."""
    folder, name = os.path.split(result.image_path)
    place = (neutral(one_line(printable(name))), neutral(one_line(printable(folder))))
    if rows is Rows.WORD:
        for page in corrected_pages(result.document):
            for number, word in enumerate(page.words, 1):
                yield (*place, page.number, *_word_cells(page, word, number))
        return
    document = result.document
    engine, saved_at = neutral(clean(document.model_used)), neutral(document.saved_at)
    for page, text in zip(document.pages, page_texts(document), strict=False):
        size = (page.number, page.width, page.height, page.confidence, len(page.words))
        yield (*place, *size, engine, saved_at, neutral(clean(text).rstrip("\n")))


def neutral(text: str) -> str:
    """Return the text so that no spreadsheet takes it for a formula."""
    return "'" + text if text.startswith(_FORMULA_STARTS) else text


def _word_cells(page: Page, word: Word, number: int) -> tuple[Cell, ...]:
    paragraph = page.lines[word.line].paragraph + 1 if 0 <= word.line < len(page.lines) else 1
    place = (word.block + 1, paragraph, word.line + 1, number)
    return (*place, *word.box, word.confidence, neutral(clean(word.text)))
