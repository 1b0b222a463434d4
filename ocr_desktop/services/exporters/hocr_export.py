"""hOCR 1.2: XHTML with the boxes of pages, blocks, paragraphs, lines and words in ``title`` attributes."""

from typing import BinaryIO, Final

from ocr_desktop import __version__
from ocr_desktop.domain.naming import printable
from ocr_desktop.domain.results import Box, Page, Word
from ocr_desktop.services.exporters.corrected_pages import corrected_pages
from ocr_desktop.services.exporters.formats import ExportOptions, StoredResult, StreamWriter
from ocr_desktop.services.exporters.layout import LayoutBlock, LayoutLine, layout_of
from ocr_desktop.services.exporters.text_direction import runs_right_to_left
from ocr_desktop.services.exporters.xml_text import xml_attribute, xml_text

_CAPABILITIES: Final = "ocr_page ocr_carea ocr_par ocr_line ocrx_word ocrp_wconf"
_HEAD: Final = f"""<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" \
"http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">
<html xmlns="http://www.w3.org/1999/xhtml">
<head>
<title>{{title}}</title>
<meta http-equiv="Content-Type" content="text/html; charset=utf-8" />
<meta name="ocr-system" content="OCR Desktop {__version__}" />
<meta name="ocr-capabilities" content="{_CAPABILITIES}" />
</head>
<body>
"""


class HocrWriter(StreamWriter):
    """Writes hOCR in UTF-8."""

    def __init__(self, file: BinaryIO, options: ExportOptions) -> None:
        """Begin the file."""
        super().__init__(file, options)
        self._pages = 0
        file.write(_HEAD.format(title=xml_text(options.title)).encode("utf-8", "replace"))

    def render(self, result: StoredResult) -> bytes:
        """Return one ``ocr_page`` for each page."""
        image = printable(result.image_path).replace('"', "%22")
        first = self._pages + 1
        self._pages += len(result.document.pages)
        pages = (
            _page(page, image, first + index) for index, page in enumerate(corrected_pages(result.document))
        )
        return "".join(pages).encode("utf-8", "replace")

    def finish(self) -> None:
        """End the file."""
        self.file.write(b"</body>\n</html>\n")


def _page(page: Page, image: str, number: int) -> str:
    title = xml_attribute(f'image "{image}"; bbox 0 0 {page.width} {page.height}; ppageno {number - 1}')
    blocks = "".join(_block(block, f"{number}_{index}") for index, block in enumerate(layout_of(page), 1))
    return f'<div class="ocr_page" id="page_{number}" title="{title}">\n{blocks}</div>\n'


def _block(block: LayoutBlock, number: str) -> str:
    parts = [f'<div class="ocr_carea" id="block_{number}" title="{_bbox(block.box)}">\n']
    count = 0
    for index, paragraph in enumerate(block.paragraphs, 1):
        identity = f"{number}_{index}"
        parts.append(f'<p class="ocr_par" id="par_{identity}" title="{_bbox(paragraph.box)}">\n')
        for line in paragraph.lines:
            count += 1
            parts.append(_line(line, f"{number}_{count}"))
        parts.append("</p>\n")
    parts.append("</div>\n")
    return "".join(parts)


def _line(line: LayoutLine, number: str) -> str:
    direction = ' dir="rtl"' if runs_right_to_left(line.text) else ""
    words = " ".join(_word(word, f"{number}_{index}") for index, word in enumerate(line.words, 1))
    return f'<span class="ocr_line" id="line_{number}"{direction} title="{_bbox(line.box)}">{words}</span>\n'


def _word(word: Word, number: str) -> str:
    title = f"{_bbox(word.box)}; x_wconf {round(word.confidence * 100)}"
    return f'<span class="ocrx_word" id="word_{number}" title="{title}">{xml_text(word.text)}</span>'


def _bbox(box: Box) -> str:
    x, y, width, height = box
    return f"bbox {x} {y} {x + width} {y + height}"
