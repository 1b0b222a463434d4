"""Page texts: the text of each page of a result, corrected where somebody has corrected it."""

import re

from ocr_desktop.domain.results import ResultDocument

PAGE_BREAK = "\f"
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
"""What neither XML nor a line of text may hold; tabs and line breaks are allowed."""


def page_texts(document: ResultDocument) -> list[str]:
    """Return one text for each page. A corrected text that has lost page breaks is as long as it is."""
    pages = [page.text for page in document.pages]
    if document.best_text == document.text:
        return pages or [document.text]
    parts = document.best_text.split(PAGE_BREAK, max(len(pages) - 1, 0))
    return parts + [""] * (len(pages) - len(parts))


def clean(text: str) -> str:
    r"""Return the text with line breaks as ``\n`` and without what no text file or XML may hold."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if PAGE_BREAK in text:  # some engines end a page with one; within a page it is a line break
        text = text.strip(PAGE_BREAK).replace(PAGE_BREAK, "\n")
    return _CONTROLS.sub("\ufffd", text)
