"""Stored results as a batch leaves them, in files, and what exporting them gave."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec
from PIL import Image

from ocr_desktop.domain.naming import printable, result_name
from ocr_desktop.domain.results import Block, Box, Correction, Line, Page, ResultDocument, Word, text_hash
from ocr_desktop.services.exporters.export import (
    Exported,
    ExportSource,
    ExportSummary,
    ExportTarget,
    export_results,
)
from ocr_desktop.services.exporters.formats import ExportOptions, Rows, StoredResult
from tests.fakes.results import a_document, document_of

WORLD = (
    ("Hello", "world"),
    ("שלום", "עולם"),
    ("السلام", "عليكم"),
    ("日本", "語"),
    ("한국어", "中文"),
    ("\U0001d49cbc", "naïve"),
)
"""Lines of two words each, in several scripts."""


def page_of(lines: Sequence[Sequence[str]], *, width: int = 1000, height: int = 800, number: int = 1) -> Page:
    """Return a page with these lines of words, one below the other; words from the left to the right."""
    words, line_boxes = [], []
    for row, texts in enumerate(lines):
        top = 40 + 60 * row
        for column, text in enumerate(texts):
            box = (50 + 240 * column, top, 200, 40)
            words.append(Word(text, 0.5 + (row + column) % 5 / 10, box, line=row, block=0))
        line_boxes.append(Line((50, top, 240 * len(texts), 40), block=0, paragraph=row // 2))
    blocks = (Block((50, 40, 480, 60 * len(lines))),) if lines else ()
    text = "".join(" ".join(texts) + "\n" for texts in lines)
    return Page(
        number=number,
        width=width,
        height=height,
        text=text,
        confidence=0.7,
        words=tuple(words),
        lines=tuple(line_boxes),
        blocks=blocks,
    )


def document_with(*pages: Page, **changes: object) -> ResultDocument:
    """Return a document with these pages."""
    return a_document(pages=pages, text="\f".join(page.text for page in pages), **changes)


def corrected(document: ResultDocument, text: str) -> ResultDocument:
    """Return the document as a person has corrected it."""
    correction = Correction(
        text=text, saved_at="2024-02-01T12:00:00+00:00", based_on=text_hash(document.text)
    )
    return msgspec.structs.replace(document, correction=correction)


def store(folder: Path, name: str, document: ResultDocument, *, number: int = 1) -> ExportSource:
    """Write a result file as a batch would; there is no image."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / result_name(os.path.splitext(name)[0], "json", number)  # noqa: PTH122 - any name
    image = folder / name
    source = msgspec.structs.replace(document.source, name=printable(name))
    stored = msgspec.structs.replace(document, image_path=printable(str(image)), source=source)
    path.write_bytes(msgspec.json.encode(stored))
    return ExportSource(str(path))


def store_text(folder: Path, name: str, text: str) -> ExportSource:
    """Write a result file with one page of that text, and no words."""
    page = msgspec.structs.replace(page_of([]), text=text)
    return store(folder, name, document_with(page))


def store_scan(image: Path, pixels: Image.Image, page: Page, **how: Any) -> ExportSource:  # noqa: ANN401
    """Write an image and a result of it."""
    image.parent.mkdir(parents=True, exist_ok=True)
    pixels.save(image, **how)
    path = image.parent / result_name(image.stem, "json")
    path.write_bytes(msgspec.json.encode(document_of(image, pages=(page,), text=page.text)))
    return ExportSource(str(path))


def stored(document: ResultDocument, image_path: str = "/scans/a.png") -> StoredResult:
    """Return a result as writers get it."""
    return StoredResult(document, image_path, "/scans/a_ocr_results.json")


def export_all(
    sources: Sequence[ExportSource], key: str, target: ExportTarget | None = None, *, rows: Rows = Rows.PAGE
) -> tuple[ExportSummary, list[Exported]]:
    """Export and return the summary with what became of each result."""
    done: list[Exported] = []
    summary = export_results(sources, key, target or ExportTarget(), done.append, lambda: False, rows=rows)
    return summary, done


def export_one(source: ExportSource, key: str, *, rows: Rows = Rows.PAGE) -> Path:
    """Export one result beside itself and return the file."""
    _, (done,) = export_all([source], key, rows=rows)
    assert not done.error, done.error
    return Path(done.file)


def words_of(document: ResultDocument) -> list[tuple[str, Box]]:
    """Return text and box of every word."""
    return [(word.text, word.box) for page in document.pages for word in page.words]


COMBINED = ExportOptions(combined=True, title="all")
