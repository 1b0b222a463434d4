"""ALTO 4: the layout of one document as libraries and archives keep it."""

from typing import BinaryIO, Final

from ocr_desktop import __version__
from ocr_desktop.domain.naming import printable
from ocr_desktop.domain.results import Box, Page, Word
from ocr_desktop.services.exporters.corrected_pages import corrected_pages
from ocr_desktop.services.exporters.formats import ExportOptions, StoredResult, StreamWriter
from ocr_desktop.services.exporters.layout import LayoutBlock, LayoutLine, LayoutParagraph, layout_of
from ocr_desktop.services.exporters.text_direction import runs_right_to_left
from ocr_desktop.services.exporters.xml_text import xml_attribute, xml_text

_NAMESPACE: Final = "http://www.loc.gov/standards/alto/ns-v4#"
_HEAD: Final = f"""<?xml version="1.0" encoding="UTF-8"?>
<alto xmlns="{_NAMESPACE}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" \
xsi:schemaLocation="{_NAMESPACE} http://www.loc.gov/standards/alto/v4/alto-4-4.xsd" SCHEMAVERSION="4.4">
<Description>
<MeasurementUnit>pixel</MeasurementUnit>
<sourceImageInformation>
<fileName>{{name}}</fileName>
<fileIdentifier>{{path}}</fileIdentifier>
</sourceImageInformation>
<Processing ID="OCR_1">
<processingDateTime>{{saved_at}}</processingDateTime>
<processingStepDescription>{{engine}}</processingStepDescription>
<processingSoftware>
<softwareName>OCR Desktop</softwareName>
<softwareVersion>{__version__}</softwareVersion>
</processingSoftware>
</Processing>
</Description>
<Layout>
"""


class AltoWriter(StreamWriter):
    """Writes ALTO 4.4 in UTF-8; one file for each result, as ALTO describes one source."""

    def __init__(self, file: BinaryIO, options: ExportOptions) -> None:
        """Write nothing yet."""
        super().__init__(file, options)

    def render(self, result: StoredResult) -> bytes:
        """Return the whole file."""
        document = result.document
        head = _HEAD.format(
            name=xml_text(document.source.name),
            path=xml_text(printable(result.image_path)),
            saved_at=xml_text(document.saved_at),
            engine=xml_text(document.model_used),
        )
        pages = "".join(_page(page) for page in corrected_pages(document))
        return f"{head}{pages}</Layout>\n</alto>\n".encode("utf-8", "replace")


def _page(page: Page) -> str:
    number = page.number
    space = _place((0, 0, page.width, page.height))
    blocks = "".join(_block(block, f"{number}_{index}") for index, block in enumerate(layout_of(page), 1))
    return (
        f'<Page ID="page_{number}" PHYSICAL_IMG_NR="{number}" WIDTH="{page.width}" HEIGHT="{page.height}" '
        f'PC="{page.confidence:.4f}">\n'
        f'<PrintSpace ID="space_{number}" {space}>\n{blocks}</PrintSpace>\n</Page>\n'
    )


def _block(block: LayoutBlock, number: str) -> str:
    paragraphs = "".join(
        _paragraph(paragraph, f"{number}_{index}") for index, paragraph in enumerate(block.paragraphs, 1)
    )
    return f'<ComposedBlock ID="block_{number}" {_place(block.box)}>\n{paragraphs}</ComposedBlock>\n'


def _paragraph(paragraph: LayoutParagraph, number: str) -> str:
    lines = "".join(_line(line, f"{number}_{index}") for index, line in enumerate(paragraph.lines, 1))
    return f'<TextBlock ID="par_{number}" {_place(paragraph.box)}>\n{lines}</TextBlock>\n'


def _line(line: LayoutLine, number: str) -> str:
    direction = ' BASEDIRECTION="rtl"' if runs_right_to_left(line.text) else ""
    words = "<SP/>\n".join(_word(word, f"{number}_{index}") for index, word in enumerate(line.words, 1))
    return f'<TextLine ID="line_{number}" {_place(line.box)}{direction}>\n{words}</TextLine>\n'


def _word(word: Word, number: str) -> str:
    return (
        f'<String ID="word_{number}" {_place(word.box)} WC="{word.confidence:.4f}" '
        f'CONTENT="{xml_attribute(word.text)}"/>\n'
    )


def _place(box: Box) -> str:
    x, y, width, height = box
    return f'HPOS="{x}" VPOS="{y}" WIDTH="{width}" HEIGHT="{height}"'
