"""TXT: the text and nothing else, pages separated by form feeds, as the stored text is."""

from ocr_desktop.services.exporters.formats import StoredResult, StreamWriter
from ocr_desktop.services.exporters.page_texts import PAGE_BREAK, clean, page_texts


class TextWriter(StreamWriter):
    """Writes TXT in UTF-8."""

    def render(self, result: StoredResult) -> bytes:
        """Return the texts of the pages, with a page break before them unless they come first."""
        text = PAGE_BREAK.join(_whole_lines(clean(text)) for text in page_texts(result.document))
        return ((PAGE_BREAK if self.count else "") + text).encode("utf-8", "replace")


def _whole_lines(text: str) -> str:
    return text if not text or text.endswith("\n") else text + "\n"
