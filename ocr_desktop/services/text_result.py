"""The TXT result: a header for people, then the text.

The header also names the image by content and the settings by fingerprint, so that a batch that writes
nothing but TXT can tell which images it has read.
"""

import re

import msgspec

from ocr_desktop.domain.naming import one_line
from ocr_desktop.domain.results import ResultDocument
from ocr_desktop.services.file_state import read_with_state

_RULE = "-" * 72
_BEGIN = f"{_RULE}\n\n".encode()
"""What comes between the header and the text."""
_LONGEST_HEADER = 16_384
"""Bytes within which the header must end."""
_PROOF = re.compile(
    r"Read: .*\nImage:      (?P<path>.*)\n"  # exactly so many spaces: a path may begin with some of its own
    r"(?:.*\n)*?(?:Turned: +(?P<rotation>90|180|270)° clockwise\n)?"
    r"(?:Corrected: +(?P<corrected_at>.*)\n)?"
    r"Confidence: +(?P<percent>[0-9]+\.[0-9]) %\n"
    r"SHA-256: +(?P<sha256>[0-9a-f]{64})\nSettings: +(?P<fingerprint>[0-9a-f]{16})\n-{72}\n"
)


class ResultProof(msgspec.Struct, frozen=True):
    """Which image a result says that it was made of, and how."""

    path: str
    """Of the image when it was read; control characters replaced."""
    sha256: str
    fingerprint: str
    confidence: float
    rotation: int = 0
    """Degrees clockwise by which the user had the upright image turned."""
    corrected_at: str = ""
    """When somebody corrected the text; empty if nobody has, or it is not asked for."""


def proof_of(document: ResultDocument) -> ResultProof:
    """Return what a JSON result says of the image that it was made of."""
    return ResultProof(
        path=one_line(document.image_path),
        sha256=document.source.sha256,
        fingerprint=document.settings.fingerprint,
        confidence=document.confidence,
        rotation=document.settings.rotation,
        corrected_at=document.correction.saved_at if document.correction else "",
    )


def render_text(document: ResultDocument) -> str:
    """Return the content of the TXT result of ``document``."""
    rotation, correction = document.settings.rotation, document.correction
    header = (
        f"Read:       {document.saved_at}",
        f"Image:      {one_line(document.image_path)}",
        f"Engine:     {document.model_used}",
        f"Turned:     {rotation}° clockwise" if rotation else "",
        f"Corrected:  {one_line(correction.saved_at)}" if correction else "",
        f"Confidence: {document.confidence:.1%}".replace("%", " %"),
        f"SHA-256:    {document.source.sha256}",
        f"Settings:   {document.settings.fingerprint}",
        _RULE,
    )
    return "\n".join((*filter(None, header), "", document.best_text))


def encode_text(document: ResultDocument) -> bytes:
    """Return the bytes of the TXT result of ``document``."""
    return render_text(document).encode("utf-8", "replace")


def read_text_proof(path: str) -> ResultProof | None:
    """Return what the header says, or None if the file is not a TXT result of ours.

    Raises:
        FileNotFoundError: If there is no such file.
    """
    try:
        content, _ = read_with_state(path)
    except FileNotFoundError:
        raise
    except OSError:
        return None
    return decode_text_proof(content)


def text_of(content: bytes) -> str | None:
    """Return the text of a TXT result without its header, or None if it is not one of ours."""
    if decode_text_proof(content) is None:
        return None
    _, _, text = content.partition(_BEGIN)
    return text.decode("utf-8", "replace")


def decode_text_proof(content: bytes) -> ResultProof | None:
    """Return what the header at the beginning of ``content`` says, or None if there is none of ours."""
    match = _PROOF.match(content[:_LONGEST_HEADER].decode("utf-8", "replace"))
    if match is None:
        return None
    confidence = float(match["percent"]) / 100
    return ResultProof(
        path=match["path"],
        sha256=match["sha256"],
        fingerprint=match["fingerprint"],
        confidence=confidence,
        rotation=int(match["rotation"] or 0),
        corrected_at=match["corrected_at"] or "",
    )
