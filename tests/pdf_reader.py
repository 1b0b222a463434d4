"""Reading exported PDFs with PDFium."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pypdfium2 as pdfium
from pypdfium2 import raw

from ocr_desktop.domain.results import Page

PDFIUM_HYPHENS = "\x02\ufffe"
"""What PDFium makes of a hyphen at the end of a line."""
TOLERANCE = 2.0
"""Points by which a word may be beside its box."""


@contextmanager
def opened(path: Path) -> Iterator[pdfium.PdfDocument]:
    document = pdfium.PdfDocument(str(path))
    try:
        yield document
    finally:
        document.close()


def text_in(page: pdfium.PdfPage, box: tuple[float, float, float, float]) -> str:
    """Return the text whose characters touch a box: left, bottom, right, top in points."""
    text_page = page.get_textpage()
    try:
        return str(text_page.get_text_bounded(*box)).replace("\r\n", " ").strip()
    finally:
        text_page.close()


def characters_of(page: pdfium.PdfPage) -> list[tuple[str, tuple[float, float, float, float]]]:
    """Return every character that is no space, with its box."""
    text_page = page.get_textpage()
    try:
        found = []
        for index in range(text_page.count_chars()):
            character = chr(raw.FPDFText_GetUnicode(text_page.raw, index))
            if character in PDFIUM_HYPHENS:
                character = "-"
            if character.strip() and not raw.FPDFText_IsGenerated(text_page.raw, index):
                found.append((character, text_page.get_charbox(index)))
        return found
    finally:
        text_page.close()


def characters_in(page: pdfium.PdfPage, result: Page) -> Iterator[str]:
    """Yield for each word of the result the characters inside its box, with the tolerance."""
    characters = characters_of(page)
    for left, bottom, right, top in boxes_of(page, result):
        yield "".join(
            character
            for character, box in characters
            if left <= box[0] and box[2] <= right and bottom <= box[1] and box[3] <= top
        )


def boxes_of(page: pdfium.PdfPage, result: Page) -> Iterator[tuple[float, float, float, float]]:
    """Yield the box of each word in points, with the tolerance: left, bottom, right, top."""
    width, height = page.get_size()
    across, down = width / result.width, height / result.height
    for word in result.words:
        x, y, wide, high = word.box
        left, right = x * across - TOLERANCE, (x + wide) * across + TOLERANCE
        yield left, height - (y + high) * down - TOLERANCE, right, height - y * down + TOLERANCE


def check_words(path: Path, result: Page) -> None:
    """Check that the words of the first page are the result's, each inside its box; boxes lie apart."""
    with opened(path) as document:
        page = document[0]
        found = characters_in(page, result)
        for word, inside, box in zip(result.words, found, boxes_of(page, result), strict=True):
            expected = word.text.encode("utf-16-le")
            assert sorted(inside.encode("utf-16-le", "surrogatepass")) == sorted(expected), word
            assert text_in(page, box) == word.text
