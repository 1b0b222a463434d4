"""Opening images: any file that Pillow reads, as upright pixels that an engine takes.

Files come from anywhere, so each is treated as hostile: its size is checked before anything is decoded,
formats that start other programs are not opened, and whatever Pillow raises on a broken file becomes one
sentence about that file.
"""

import io
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import msgspec
from PIL import ExifTags, Image, UnidentifiedImageError

from ocr_desktop.domain.errors import ImageTooLargeError, ImageUnreadableError, ItemError
from ocr_desktop.domain.naming import display_name
from ocr_desktop.services.image_formats import foreign_kind, formats_for, peek
from ocr_desktop.services.image_modes import to_grey_or_rgb
from ocr_desktop.services.pillow_guard import pillow_guard
from ocr_desktop.services.resolution import believable_dpi
from ocr_desktop.services.source_file import explain_read_error, open_source

_TURNS: dict[int, tuple[Image.Transpose | None, int]] = {
    1: (None, 0),
    2: (Image.Transpose.FLIP_LEFT_RIGHT, 0),
    3: (Image.Transpose.ROTATE_180, 180),
    4: (Image.Transpose.FLIP_TOP_BOTTOM, 180),
    5: (Image.Transpose.TRANSPOSE, 270),
    6: (Image.Transpose.ROTATE_270, 90),
    7: (Image.Transpose.TRANSVERSE, 90),
    8: (Image.Transpose.ROTATE_90, 270),
}
"""EXIF orientation -> what makes the image upright (Pillow turns anticlockwise), and the degrees clockwise
that this turns it, after mirroring left to right for 2, 4, 5 and 7."""

_HINTS: dict[int, Image.Transpose | None] = {
    0: None,
    90: Image.Transpose.ROTATE_270,
    180: Image.Transpose.ROTATE_180,
    270: Image.Transpose.ROTATE_90,
}
"""Degrees clockwise that the user asks for -> what Pillow, which turns anticlockwise, calls it."""

_JPEG_KINDS = frozenset({"JPEG", "MPO"})
_DOTS_PER_INCH = 1
"""Unit of the resolution in the JFIF header; 0 is no unit, 2 is dots per cm."""
_SAME_DPI = 1.1
"""Horizontal and vertical resolution may differ by this factor and still give one number."""


class LoadedImage(msgspec.Struct, frozen=True):
    """An upright image, ready for an engine. Holds no file open."""

    image: Image.Image
    """Mode ``L`` or ``RGB``."""
    rotation: int
    """Degrees clockwise by which the stored pixels were turned: 0, 90, 180 or 270; with the user's hint."""
    dpi: int | None
    """Dots per inch as the file says, or None if it says nothing or nothing believable."""
    has_more_pages: bool = False
    """Whether the file holds further pages, which are not read."""

    @property
    def width(self) -> int:
        """Width of the upright image in pixels."""
        return self.image.width

    @property
    def height(self) -> int:
        """Height of the upright image in pixels."""
        return self.image.height


def load_upright(path: str, *, max_pixels: int, rotation: int = 0) -> LoadedImage:
    """Open the first frame of an image file, upright, in grey or colour. May be called from any thread.

    Args:
        path: The image file.
        max_pixels: Larger images are refused before their pixels are decoded.
        rotation: Degrees clockwise (0, 90, 180, 270) by which to turn what the file says is upright.

    Raises:
        ImageMissingError: If the file is not there.
        ImageAccessError: If the operating system does not let us read it, or it is no regular file.
        ImageLockedError: If another program holds it, or the drive does not answer. This can pass.
        ImageUnreadableError: If it is empty, damaged, cut off, or no image that can be read.
        ImageTooLargeError: If it has more than ``max_pixels`` pixels.
        MemoryError: If there is not enough memory for it.
    """
    name = display_name(path)
    with _opened(path, name) as stream, _translated_errors(path, name, max_pixels):
        _refuse_foreign(peek(stream), name)
        with pillow_guard(max_pixels):
            return _turned(_load(stream, name, max_pixels), rotation)


def _turned(loaded: LoadedImage, degrees: int) -> LoadedImage:
    """Turn an image that is upright, as the file says, by what the user says."""
    turn = _HINTS[degrees]
    if turn is None:
        return loaded
    return msgspec.structs.replace(
        loaded, image=loaded.image.transpose(turn), rotation=(loaded.rotation + degrees) % 360
    )


def _load(stream: io.BufferedReader, name: str, max_pixels: int) -> LoadedImage:
    # A stream, not a path: Pillow would map some files into memory, which kills the process if they shrink.
    with Image.open(stream, formats=formats_for(peek(stream))) as image:
        if image.width * image.height > max_pixels:
            raise _too_large(name, image.width * image.height, max_pixels)
        # Pillow turns TIFF files upright by itself while loading, and then forgets how they were stored.
        stored = _orientation(image) if image.format == "TIFF" else 1
        image.load()
        if image.width * image.height == 0:
            raise ImageUnreadableError(f"“{name}” has no pixels.", remedy=_COPY_AGAIN)
        left = _orientation(image)
        # Only TIFF files hold pages; what follows in other formats are the frames of an animation.
        has_more_pages = image.format == "TIFF" and bool(getattr(image, "is_animated", False))
        pixels = to_grey_or_rgb(image)
        dpi = _dpi(image)
    turn, rotation = _TURNS[left]
    if turn is not None:
        pixels = pixels.transpose(turn)
    return LoadedImage(
        image=pixels, rotation=rotation or _TURNS[stored][1], dpi=dpi, has_more_pages=has_more_pages
    )


def _orientation(image: Image.Image) -> int:
    """Return the EXIF orientation, 1..8; 1 where there is none or it makes no sense."""
    try:
        value = image.getexif().get(ExifTags.Base.Orientation, 1)
    except Exception:  # noqa: BLE001 - a broken EXIF block raises anything, and must not cost the image
        return 1
    return value if isinstance(value, int) and value in _TURNS else 1


def _dpi(image: Image.Image) -> int | None:
    given: Any = image.info.get("dpi")
    if image.format in _JPEG_KINDS and image.info.get("jfif_unit") != _DOTS_PER_INCH and given == (72, 72):
        # WORKAROUND: Pillow says 72 for a JPEG whose EXIF block says nothing. Where the EXIF block does say
        # 72, that is what cameras write when they do not know.
        return None
    try:
        horizontal, vertical = (float(value) for value in given)
        ratio = max(horizontal, vertical) / min(horizontal, vertical)
    except (TypeError, ValueError, ArithmeticError):
        return None
    # Fax pages, for one, are coarser downwards: no single number is true for them.
    return believable_dpi(horizontal) if ratio <= _SAME_DPI else None


@contextmanager
def _opened(path: str, name: str) -> Iterator[io.BufferedReader]:
    """Open a file that is not empty."""
    with open_source(path) as stream:
        if os.fstat(stream.fileno()).st_size == 0:
            raise ImageUnreadableError(f"“{name}” is empty (0 bytes).", remedy=_COPY_AGAIN)
        yield stream


def _refuse_foreign(head: bytes, name: str) -> None:
    foreign = foreign_kind(head)
    if foreign is not None:
        raise ImageUnreadableError(
            f"“{name}” is {foreign.kind}, which cannot be read yet.", remedy=foreign.remedy
        )


@contextmanager
def _translated_errors(path: str, name: str, max_pixels: int) -> Iterator[None]:
    try:
        yield
    except (ItemError, MemoryError):
        raise
    except Image.DecompressionBombError as error:
        pixels = re.search(r"(\d+) pixels", str(error))
        raise _too_large(name, int(pixels[1]) if pixels else None, max_pixels) from error
    except UnidentifiedImageError as error:
        raise ImageUnreadableError(
            f"“{name}” is not an image, or its beginning is damaged.",
            remedy="If other programs can open it, save it as PNG, JPEG or TIFF there.",
        ) from error
    except OSError as error:
        # Pillow's own have no number; those of the operating system do.
        raise (explain_read_error(path, error) if error.errno else _damaged(name, error)) from error
    except Exception as error:  # on a hostile file Pillow raises nearly anything
        raise _damaged(name, error) from error


def _damaged(name: str, error: Exception) -> ImageUnreadableError:
    if isinstance(error, EOFError) or "truncated" in str(error).lower():
        return ImageUnreadableError(f"“{name}” is cut off: its end is missing.", remedy=_COPY_AGAIN)
    return ImageUnreadableError(f"“{name}” is damaged and cannot be decoded.", remedy=_COPY_AGAIN)


def _too_large(name: str, pixels: int | None, max_pixels: int) -> ImageTooLargeError:
    amount = _megapixels(pixels) if pixels is not None else "too many"
    return ImageTooLargeError(
        f"“{name}” has {amount} megapixels; the limit is {_megapixels(max_pixels)}.",
        remedy="Scale it down, or raise the setting “Largest image”.",
    )


def _megapixels(pixels: int) -> str:
    return f"{pixels / 1e6:,.1f}".removesuffix(".0")


_COPY_AGAIN = "Scan it again, or copy it again from where it came from."
