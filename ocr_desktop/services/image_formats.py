"""Image formats: what a file is, told by how it begins and never by its name.

Files come from anywhere: a PNG that is called ``.jpg``, a scan called ``.dat``. Only the formats listed here
are tried, so that no file can start another program to be drawn. May be called from any thread.
"""

import functools
import io
import re
from typing import NamedTuple

from ocr_desktop.services import heif

HEAD_BYTES = 1024
"""How much of a file's beginning is enough to tell what it is."""

_FORMATS = (
    *("JPEG", "PNG", "TIFF", "GIF", "BMP", "DIB", "WEBP", "PPM", "JPEG2000", "AVIF", "ICO", "CUR", "ICNS"),
    *("PCX", "DCX", "PSD", "SGI", "SUN", "QOI", "DDS", "MSP", "XBM", "XPM", "FLI", "PIXAR", "SPIDER", "TGA"),
)
"""Formats to try, in this order. Left out are those that start another program to be drawn (EPS, WMF) or
that Pillow only knows by name. The last two have no signature, so they claim what nobody else does."""

_MAGIC_NUMBERS = (
    b"\xff\xd8\xff",  # JPEG
    b"\x89PNG\r\n\x1a\n",
    b"GIF87a",
    b"GIF89a",
    b"II*\x00",  # TIFF, little-endian
    b"MM\x00*",  # TIFF, big-endian
    b"II+\x00",  # BigTIFF
    b"MM\x00+",
    b"\x00\x00\x00\x0cjP  \r\n\x87\n",  # JPEG 2000
    b"\xff\x4f\xff\x51\x00",  # JPEG 2000 without a container
    b"8BPS\x00\x01",  # Photoshop
)
_AVIF = re.compile(rb"....ftypavi[fs]", re.DOTALL)
_WEBP = re.compile(rb"RIFF....WEBP", re.DOTALL)
_BMP = re.compile(rb"BM....\x00\x00\x00\x00", re.DOTALL)
"""Two letters are too little: letters to a Mr BMiller begin with them too."""


class Foreign(NamedTuple):
    """What people expect to work, and what does not yet."""

    kind: str
    """Such as “a PDF”."""
    remedy: str
    """What to do, a whole sentence."""


_FOREIGN = (
    (re.compile(rb"[\s\S]{0,1000}%PDF-"), Foreign("a PDF", "Save its pages as PNG or TIFF images first.")),
    (re.compile(rb"%!PS|\xc5\xd0\xd3\xc6"), Foreign("a PostScript drawing", "Save it as PNG or TIFF first.")),
    (re.compile(rb"AT&TFORM"), Foreign("a DjVu document", "Save its pages as PNG or TIFF images first.")),
)


def peek(stream: io.BufferedReader) -> bytes:
    """Return the beginning of a file that was just opened, and leave it to be read."""
    return stream.peek(HEAD_BYTES)[:HEAD_BYTES]


def looks_like_image(head: bytes) -> bool:
    """Whether a file that begins like this is an image of a format with a signature."""
    if head.startswith(_MAGIC_NUMBERS) or heif.is_heif(head):
        return True
    return any(pattern.match(head) for pattern in (_AVIF, _WEBP, _BMP))


def foreign_kind(head: bytes) -> Foreign | None:
    """Return what a file is that cannot be read yet; None if it may be an image."""
    for beginning, foreign in _FOREIGN:
        if beginning.match(head):
            return foreign
    if heif.is_heif(head) and not heif.register():
        return Foreign(
            "a HEIC photo", "Install “pi-heif” beside this program, or save it as JPEG or PNG first."
        )
    return None


def formats_for(head: bytes) -> tuple[str, ...]:
    """Return the names of the formats, as Pillow calls them, to try on a file that begins like this."""
    if heif.is_heif(head) and heif.register():
        return (heif.FORMAT,)
    return _formats()


@functools.cache
def _formats() -> tuple[str, ...]:
    """Return the formats to try that this build of Pillow has."""
    from PIL import Image  # noqa: PLC0415 - looking for images in folders need not wait for it

    Image.init()
    return tuple(name for name in _FORMATS if name in Image.OPEN)
