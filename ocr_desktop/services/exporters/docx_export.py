"""DOCX: the text as paragraphs, each image under a heading of its own, page breaks kept.

Written piece by piece, so that memory stays the same for any number of results.
"""

import re
import zipfile
from typing import BinaryIO, Final

from ocr_desktop.domain.naming import display_name
from ocr_desktop.services.exporters import docx_package as package
from ocr_desktop.services.exporters.formats import ExportOptions, StoredResult
from ocr_desktop.services.exporters.page_texts import clean, page_texts
from ocr_desktop.services.exporters.text_direction import runs_right_to_left
from ocr_desktop.services.exporters.xml_text import xml_text

_PARAGRAPHS: Final = re.compile(r"\n(?:[^\S\n]*\n)+")
_EPOCH: Final = (1980, 1, 1, 0, 0, 0)
_BREAK_BEFORE: Final = "<w:pageBreakBefore/>"


class DocxWriter:
    """Writes a document for word processors."""

    def __init__(self, file: BinaryIO, options: ExportOptions) -> None:
        """Write the fixed parts and begin the text."""
        self._options = options
        self._count = 0
        self._archive = zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=6)
        for name, content in (
            ("[Content_Types].xml", package.CONTENT_TYPES),
            ("_rels/.rels", package.RELATIONS),
            ("word/_rels/document.xml.rels", package.DOCUMENT_RELATIONS),
            ("word/styles.xml", package.STYLES),
            ("docProps/core.xml", package.CORE_PROPERTIES.format(title=xml_text(options.title))),
        ):
            self._archive.writestr(_part(name), content.encode())
        self._body = self._archive.open(_part("word/document.xml"), "w", force_zip64=True)
        self._body.write(package.DOCUMENT_HEAD.encode())

    def add(self, result: StoredResult) -> None:
        """Write heading and text of one result, on a new page unless it comes first."""
        parts: list[str] = []
        if self._options.combined:
            parts.append(_heading(display_name(result.image_path), is_first=not self._count))
        for number, text in enumerate(page_texts(result.document)):
            parts += _page(text, new_page=number > 0)
        self._body.write("".join(parts).encode("utf-8", "replace"))
        self._count += 1

    def finish(self) -> None:
        """End the text and the archive."""
        self._body.write(package.DOCUMENT_END.encode())
        self._body.close()
        self._archive.close()

    def close(self) -> None:
        """Let go of an archive that was given up; else there is nothing left to do."""
        if self._archive.fp is not None:
            self._body.close()
            self._archive.close()


def _page(text: str, *, new_page: bool) -> list[str]:
    blocks = [block.strip("\n") for block in _PARAGRAPHS.split(clean(text)) if block.strip()]
    return [
        _paragraph(block, before=_BREAK_BEFORE if new_page and not number else "")
        for number, block in enumerate(blocks or [""] * new_page)
    ]


def _heading(title: str, *, is_first: bool) -> str:
    before = "" if is_first else _BREAK_BEFORE
    return f'<w:p><w:pPr><w:pStyle w:val="Heading1"/>{before}</w:pPr>{_run(title)}</w:p>'


def _paragraph(text: str, *, before: str) -> str:
    right_to_left = "<w:bidi/>" if runs_right_to_left(text) else ""
    properties = f"<w:pPr>{before}{right_to_left}</w:pPr>" if before or right_to_left else ""
    runs = "<w:r><w:br/></w:r>".join(_run(line) for line in text.split("\n"))
    return f"<w:p>{properties}{runs}</w:p>"


def _run(line: str) -> str:
    if not line:
        return ""
    properties = "<w:rPr><w:rtl/></w:rPr>" if runs_right_to_left(line) else ""
    pieces = (
        f'<w:t xml:space="preserve">{xml_text(piece)}</w:t>' if piece else "" for piece in line.split("\t")
    )
    return f"<w:r>{properties}{'<w:tab/>'.join(pieces)}</w:r>"


def _part(name: str) -> zipfile.ZipInfo:
    """Describe a part of the archive, always alike, so that equal results give equal files."""
    info = zipfile.ZipInfo(name, _EPOCH)
    info.compress_type = zipfile.ZIP_DEFLATED
    return info
