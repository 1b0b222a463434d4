"""Result encoding: the bytes of result files, and the hashes by which they are known later."""

import hashlib

import msgspec

from ocr_desktop.domain.options import OutputFormat
from ocr_desktop.domain.results import ResultDocument
from ocr_desktop.services.text_result import encode_text


def encode_result(document: ResultDocument, output: OutputFormat) -> bytes:
    """Return the content of the result file of that kind."""
    if output is OutputFormat.JSON:
        return msgspec.json.format(msgspec.json.encode(document), indent=1)
    return encode_text(document)


def without_correction(document: ResultDocument) -> ResultDocument:
    """Return the document as the engine's reading left it."""
    return msgspec.structs.replace(document, correction=None)


def result_hash(document: ResultDocument, output: OutputFormat, content: bytes) -> str:
    """Return the hash that lists of jobs and receipts keep of a result file, in hexadecimal.

    It is that of the file without a correction: a person may correct a text at any time, and it is still the
    result that the job made.

    Args:
        document: What the result says.
        output: The kind of the file.
        content: All of the file.
    """
    if document.correction is not None:
        content = encode_result(without_correction(document), output)
    return hashlib.sha256(content).hexdigest()
