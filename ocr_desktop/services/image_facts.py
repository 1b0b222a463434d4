"""What is known of an image file without decoding it. May be called from any thread."""

import os
import stat

import msgspec
from PIL import Image

from ocr_desktop.services.image_formats import formats_for, peek
from ocr_desktop.services.pillow_guard import pillow_guard

_MAX_PIXELS = 1_000_000_000
_ORIENTATION = 0x0112
"""The EXIF tag."""
_LYING = frozenset({5, 6, 7, 8})
"""Orientations that swap width and height."""


class ImageFacts(msgspec.Struct, frozen=True):
    """Size and age of a file, and the size of its image."""

    bytes: int
    modified: float
    """Seconds since 1970."""
    width: int = 0
    """Pixels of the upright image; 0 where the file cannot be read as an image."""
    height: int = 0


def look_at(path: str) -> ImageFacts | None:
    """Return the facts of the image at ``path``; None if the file cannot be looked at."""
    try:
        about = os.stat(path)
    except OSError:
        return None
    if not stat.S_ISREG(about.st_mode):  # opening a pipe would wait for whoever writes to it
        return None
    try:
        with (
            pillow_guard(_MAX_PIXELS),
            open(path, "rb") as stream,
            Image.open(stream, formats=formats_for(peek(stream))) as image,
        ):
            width, height = image.size
            if image.getexif().get(_ORIENTATION) in _LYING:
                width, height = height, width
    except Exception:  # noqa: BLE001 - Pillow's decoders raise nearly anything on damaged files
        width = height = 0
    return ImageFacts(about.st_size, about.st_mtime, width, height)
