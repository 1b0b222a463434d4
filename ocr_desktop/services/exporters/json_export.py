"""JSON and JSON Lines: the whole result, with words and boxes, corrections in place of the engine's text."""

from typing import BinaryIO

import msgspec

from ocr_desktop.domain.results import ResultDocument
from ocr_desktop.services.exporters.corrected_pages import corrected_pages
from ocr_desktop.services.exporters.formats import ExportOptions, StoredResult, StreamWriter


class JsonLinesWriter(StreamWriter):
    """Writes JSON Lines: one result on each line."""

    def render(self, result: StoredResult) -> bytes:
        """Return the result on a line of its own."""
        return msgspec.json.encode(exported_document(result.document)) + b"\n"


class JsonWriter(StreamWriter):
    """Writes JSON: one object, or an array of them where many results go into one file."""

    def __init__(self, file: BinaryIO, options: ExportOptions) -> None:
        """Begin the file."""
        super().__init__(file, options)
        if options.combined:
            file.write(b"[\n")

    def render(self, result: StoredResult) -> bytes:
        """Return the result, indented where it has the file for itself."""
        content = msgspec.json.encode(exported_document(result.document))
        if not self.options.combined:
            return msgspec.json.format(content, indent=1) + b"\n"
        return (b",\n" if self.count else b"") + content

    def finish(self) -> None:
        """End the array."""
        if self.options.combined:
            self.file.write(b"\n]\n")


def exported_document(document: ResultDocument) -> ResultDocument:
    """Return the document as it is handed on: its texts are the best ones there are."""
    if document.correction is None:
        return document
    return msgspec.structs.replace(
        document, text=document.best_text, pages=corrected_pages(document), correction=None
    )
