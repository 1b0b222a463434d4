"""Images as they go into a PDF: JPEG and most PNG files as they are, others without loss.

What a JPEG holds is copied byte for byte; of a PNG, its compressed pixels. Everything else is decoded and
compressed without loss. The source file is only ever read.
"""

import hashlib
import io
import struct
import zlib
from collections.abc import Iterator
from typing import Final

import msgspec
from PIL import ExifTags, Image

from ocr_desktop.domain.errors import ImageUnreadableError, ItemError, OutOfMemoryError
from ocr_desktop.domain.naming import display_name
from ocr_desktop.domain.results import Page, ResultDocument
from ocr_desktop.services.exporters.formats import StoredResult
from ocr_desktop.services.image_loader import load_upright
from ocr_desktop.services.pillow_guard import pillow_guard
from ocr_desktop.services.resolution import believable_dpi
from ocr_desktop.services.source_file import explain_read_error, open_source

_MIRRORED: Final = frozenset({2, 4, 5, 7})
"""EXIF orientations whose stored pixels are mirrored."""
_PDF_JPEG_FRAMES: Final = frozenset({0xC0, 0xC1, 0xC2})
"""Kinds of JPEG that PDF knows: baseline, extended, progressive."""
_COLOURS: Final = {"L": "/DeviceGray", "RGB": "/DeviceRGB", "CMYK": "/DeviceCMYK"}
_PNG: Final = b"\x89PNG\r\n\x1a\n"
_PNG_COLOURS: Final = {0: ("/DeviceGray", 1), 2: ("/DeviceRGB", 3)}
_SIDEWAYS: Final = frozenset({90, 270})
_TURNS: Final = {
    90: Image.Transpose.ROTATE_270,
    180: Image.Transpose.ROTATE_180,
    270: Image.Transpose.ROTATE_90,
}
"""Degrees clockwise -> the operation, which counts the other way round."""


class ImageChangedError(ItemError):
    """The image is not the one any more that the result was made of."""

    kind = "image-changed"


class PdfImage(msgspec.Struct, frozen=True, kw_only=True):
    """One image, ready to be written."""

    data: bytes
    entries: str
    """Entries of the stream's dictionary that say how to read ``data``."""
    width: int
    """Pixels as stored."""
    height: int
    dpi: tuple[int, int] | None
    """Dots per inch of the upright image, across and down; None if they are not known."""
    rotation: int = 0
    """Degrees clockwise by which the stored pixels have to be turned, after mirroring."""
    is_mirrored: bool = False


def pdf_image(result: StoredResult, page: Page) -> PdfImage:
    """Return the image of one page.

    Raises:
        ItemError: If the image is gone, cannot be read, or has changed since the result was made.
    """
    path = result.image_path
    if page.number > 1:
        raise ImageUnreadableError(
            f"“{display_name(path)}” has more than one page; only single images can go into a PDF yet.",
            remedy="Choose another format.",
        )
    try:
        content = _read(path)
        _ensure_unchanged(path, content, result.document)
        image = _copied(content, page) or _decoded(path, content, page)
    except MemoryError as error:
        raise OutOfMemoryError(
            f"There is not enough memory for “{display_name(path)}”.", remedy="Close other programs."
        ) from error
    sides = (image.width, image.height)
    if (sides[::-1] if image.rotation in _SIDEWAYS else sides) != (page.width, page.height):
        raise _changed(path)
    return image


def _read(path: str) -> bytes:
    with open_source(path) as file:
        try:
            return file.read()
        except OSError as error:
            raise explain_read_error(path, error) from error


def _ensure_unchanged(path: str, content: bytes, document: ResultDocument) -> None:
    if hashlib.sha256(content).hexdigest() != document.source.sha256:
        raise _changed(path)


def _changed(path: str) -> ImageChangedError:
    return ImageChangedError(
        f"“{display_name(path)}” has changed since it was read, so the words would not be in their places.",
        remedy="Read it again.",
    )


def _copied(content: bytes, page: Page) -> PdfImage | None:
    """Return an image whose data PDF can hold as they are; None if they have to be decoded."""
    with pillow_guard(page.width * page.height):
        try:
            with Image.open(io.BytesIO(content), formats=("JPEG", "MPO", "PNG")) as image:
                return (
                    _copied_png(image, content, page)
                    if image.format == "PNG"
                    else _copied_jpeg(image, content, page)
                )
        except Exception:  # noqa: BLE001 - on a hostile file Pillow raises nearly anything; the loader explains
            return None


def _copied_jpeg(image: Image.Image, content: bytes, page: Page) -> PdfImage | None:
    colours = _COLOURS.get(image.mode)
    if colours is None or not _is_pdf_jpeg(content):
        return None
    decode = " /Decode [1 0 1 0 1 0 1 0]" if image.mode == "CMYK" and "adobe" in image.info else ""
    orientation = image.getexif().get(ExifTags.Base.Orientation, 1)
    return PdfImage(
        data=content,
        entries=f"/ColorSpace {colours} /BitsPerComponent 8 /Filter /DCTDecode{decode} ",
        width=image.width,
        height=image.height,
        dpi=_dpi(image, sideways=page.rotation in _SIDEWAYS),
        rotation=page.rotation,
        is_mirrored=orientation in _MIRRORED,
    )


def _is_pdf_jpeg(content: bytes) -> bool:
    """Whether the JPEG is of a kind that PDF readers decode: not with arithmetic coding, 8 bits deep."""
    place = 2
    while place + 9 < len(content) and content[place] == 0xFF:  # noqa: PLR2004 - every marker begins so
        marker = content[place + 1]
        if 0xC0 <= marker <= 0xCF and marker not in {0xC4, 0xC8, 0xCC}:  # noqa: PLR2004 - frame headers
            return marker in _PDF_JPEG_FRAMES and content[place + 4] == 8  # noqa: PLR2004 - bits
        place += 1 if marker == 0xFF else 2 + int.from_bytes(content[place + 2 : place + 4])  # noqa: PLR2004
    return False


def _copied_png(image: Image.Image, content: bytes, page: Page) -> PdfImage | None:
    chunks = list(_png_chunks(content))
    kinds = {kind for kind, _ in chunks}
    header = chunks[0][1] if chunks and chunks[0][0] == b"IHDR" else b"\x00" * 13
    width, height, bits, colour, _, _, interlaced = struct.unpack(">IIBBBBB", header)
    if (
        interlaced
        or colour not in _PNG_COLOURS
        or kinds & {b"tRNS", b"eXIf", b"acTL"}
        or b"IEND" not in kinds
    ):
        return None
    space, channels = _PNG_COLOURS[colour]
    return PdfImage(
        data=b"".join(data for kind, data in chunks if kind == b"IDAT"),
        entries=(
            f"/ColorSpace {space} /BitsPerComponent {bits} /Filter /FlateDecode /DecodeParms "
            f"<< /Predictor 15 /Colors {channels} /BitsPerComponent {bits} /Columns {width} >> "
        ),
        width=width,
        height=height,
        dpi=_dpi(image, sideways=page.rotation in _SIDEWAYS),
        rotation=page.rotation,
    )


def _png_chunks(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    place = len(_PNG)
    while place + 12 <= len(content):
        length = int.from_bytes(content[place : place + 4])
        yield content[place + 4 : place + 8], content[place + 8 : place + 8 + length]
        place += 12 + length


def _decoded(path: str, content: bytes, page: Page) -> PdfImage:
    """Return the upright image, compressed without loss."""
    loaded = load_upright(path, max_pixels=page.width * page.height)
    turn = _TURNS.get((page.rotation - loaded.rotation) % 360)  # what the result has beyond the file's own
    upright = loaded.image if turn is None else loaded.image.transpose(turn)
    bits = 8
    colours = "/DeviceGray" if upright.mode == "L" else "/DeviceRGB"
    if upright.mode == "L" and {level for _, level in upright.getcolors(2) or [(0, 1)]} <= {0, 255}:
        upright, bits = upright.convert("1", dither=Image.Dither.NONE), 1
    return PdfImage(
        data=zlib.compress(upright.tobytes()),
        entries=f"/ColorSpace {colours} /BitsPerComponent {bits} /Filter /FlateDecode ",
        width=upright.width,
        height=upright.height,
        dpi=_dpi_in(content, page),
    )


def _dpi_in(content: bytes, page: Page) -> tuple[int, int] | None:
    with pillow_guard(page.width * page.height):
        try:
            with Image.open(io.BytesIO(content)) as image:
                return _dpi(image, sideways=page.rotation in _SIDEWAYS)
        except Exception:  # noqa: BLE001 - it has been decoded; that it says nothing of its size is no failure
            return None


def _dpi(image: Image.Image, *, sideways: bool) -> tuple[int, int] | None:
    """Return the resolutions of the upright image; unlike an engine, PDF can have two different ones."""
    is_guess = image.format in {"JPEG", "MPO"} and image.info.get("jfif_unit") != 1
    given = image.info.get("dpi")
    if given is None or (is_guess and tuple(given) == (72, 72)):  # what Pillow says where the file does not
        return None
    try:
        across, down = (believable_dpi(float(value)) for value in given)
    except (TypeError, ValueError, ArithmeticError):
        return None
    if across is None or down is None:
        return None
    return (down, across) if sideways else (across, down)
