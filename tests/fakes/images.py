"""Test images, drawn with Pillow: pages of text, and files of every kind that a folder of scans may hold.

Functions that draw return an image; functions that write return the path they wrote to.
"""

import shutil
import struct
import zlib
from collections.abc import Sequence
from pathlib import Path

from PIL import ExifTags, Image, ImageDraw, ImageFont

LINES = ("The quick brown fox", "jumps over the lazy dog", "near the river bank")
"""The text of a drawn page, unless another is asked for."""
OTHER_LINES = ("Another page entirely", "with words of its own")
"""The text of the second frame of files with more than one."""
BOMB_SIDE = 35_000
"""Width and height of a decompression bomb, in pixels."""
ORIENTATIONS = range(1, 9)
"""All values of the EXIF orientation."""

_MARGIN = 40
_PHOTOS = Path(__file__).parent / "photos"
_STORED: dict[int, Image.Transpose] = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}
"""EXIF orientation -> how the pixels of an upright image are stored."""


def draw_page(
    lines: Sequence[str] = LINES, *, mode: str = "L", font_size: int = 40, ink: int = 0, paper: int = 255
) -> Image.Image:
    """Draw lines of text, large enough for any engine; wider than high with the default lines."""
    font = ImageFont.load_default(font_size)
    step = font_size * 2
    width = max(int(font.getlength(line)) for line in lines) + 2 * _MARGIN
    page = Image.new("L", (width, step * len(lines) + 2 * _MARGIN), paper)
    draw = ImageDraw.Draw(page)
    for number, line in enumerate(lines):
        draw.text((_MARGIN, _MARGIN + number * step), line, fill=ink, font=font)
    return page if mode == "L" else page.convert(mode)


def write_page(path: Path, lines: Sequence[str] = LINES, *, mode: str = "L", dpi: int | None = None) -> Path:
    """Write a page of text in the format that the extension names."""
    page = draw_page(lines, mode=mode)
    if dpi is None:
        page.save(path)
    else:
        page.save(path, dpi=(dpi, dpi))
    return path


def write_heic(path: Path, *, is_lying: bool = False) -> Path:
    """Write the page of text as a phone would; ``is_lying``: turned, with a note to turn it back.

    Nothing that the program needs writes HEIC, so these two were made once.
    """
    shutil.copyfile(_PHOTOS / ("lying.heic" if is_lying else "page.heic"), path)
    return path


def write_half_heic(path: Path) -> Path:
    """Write a photo of which the pixels end early."""
    content = (_PHOTOS / "page.heic").read_bytes()
    path.write_bytes(content[: len(content) // 2])
    return path


def write_cmyk(path: Path) -> Path:
    """Write a page with black ink only, in CMYK (JPEG or TIFF)."""
    page = draw_page()
    nothing = Image.new("L", page.size, 0)
    black = page.point([255 - level for level in range(256)])
    Image.merge("CMYK", (nothing, nothing, nothing, black)).save(path)
    return path


def write_palette(path: Path) -> Path:
    """Write a page of dark blue text on yellow, with a palette (PNG, GIF, BMP)."""
    page = draw_page().point([1] * 128 + [0] * 128)
    page = page.convert("L")
    page.putpalette([255, 240, 120, 10, 10, 90])
    page.save(path)
    return path


def write_deep(path: Path, *, white: int = 65_535) -> Path:
    """Write a page with 16 bits a pixel (PNG, TIFF), of which it uses the values 0 to ``white``."""
    draw_page().convert("I").point(lambda level: level * (white / 255)).convert("I;16").save(path)
    return path


def write_float(path: Path, *, white: float = 1.0) -> Path:
    """Write a page of floating point pixels from 0 to ``white`` (TIFF)."""
    draw_page().convert("F").point(lambda level: level * (white / 255)).save(path)
    return path


def write_text_in_alpha(path: Path, *, colour: tuple[int, int, int] = (0, 0, 0)) -> Path:
    """Write a page of one colour, on which the text is only in the alpha channel (PNG, WebP, TIFF)."""
    page = draw_page()
    image = Image.new("RGBA", page.size, (*colour, 0))
    image.putalpha(page.point([255 - level for level in range(256)]))
    image.save(path)
    return path


def write_animated(path: Path) -> Path:
    """Write two frames of text (GIF, WebP, PNG, TIFF): first ``LINES``, then ``OTHER_LINES``."""
    first = draw_page()
    second = Image.new("L", first.size, 255)
    second.paste(draw_page(OTHER_LINES), (0, 0))
    first.save(path, save_all=True, append_images=[second])
    return path


def write_oriented(path: Path, orientation: int) -> Path:
    """Write a page that the EXIF orientation (1..8) makes upright (JPEG, PNG, WebP, TIFF)."""
    page = draw_page()
    stored = page if orientation == 1 else page.transpose(_STORED[orientation])
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    stored.save(path, exif=exif)
    return path


def write_broken_exif(path: Path) -> Path:
    """Write a JPEG of a page with an EXIF block that makes no sense."""
    draw_page().save(path, "JPEG", exif=b"Exif\x00\x00no EXIF at all")
    return path


def write_truncated(path: Path, *, share: float = 0.5) -> Path:
    """Write the first part of a page, in the format that the extension names."""
    data = write_page(path).read_bytes()
    path.write_bytes(data[: int(len(data) * share)])
    return path


def write_empty(path: Path) -> Path:
    """Write a file of zero bytes."""
    path.write_bytes(b"")
    return path


def write_plain_text(path: Path) -> Path:
    """Write a text file, whatever its extension says."""
    path.write_text("This is a shopping list: milk, bread, butter.\n" * 20, encoding="utf-8")
    return path


def write_bomb(path: Path, *, side: int = BOMB_SIDE) -> Path:
    """Write a white one-bit PNG of ``side`` x ``side`` pixels: a small file, gigabytes once decoded."""
    row = b"\x00" + b"\xff" * ((side + 7) // 8)
    packer = zlib.compressobj(1)
    data = b"".join(packer.compress(row) for _ in range(side)) + packer.flush()
    header = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    chunks = _chunk(b"IHDR", header) + _chunk(b"IDAT", data)
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + chunks + _chunk(b"IEND", b""))
    return path


def write_text_chunk_bomb(path: Path, *, megabytes: int = 80) -> Path:
    """Write a small PNG with a compressed comment that unpacks to many megabytes."""
    comment = b"Comment\x00\x00" + zlib.compress(b"\x00" * (megabytes << 20), 1)
    write_page(path)
    data = path.read_bytes()
    end_of_header = 8 + 12 + 13
    path.write_bytes(data[:end_of_header] + _chunk(b"zTXt", comment) + data[end_of_header:])
    return path


def write_icon_bomb(path: Path, *, side: int = BOMB_SIDE) -> Path:
    """Write an icon that claims 16 x 16 pixels and holds a PNG of ``side`` x ``side``."""
    data = write_bomb(path, side=side).read_bytes()
    directory = struct.pack("<HHH", 0, 1, 1) + struct.pack("<BBBBHHII", 16, 16, 0, 0, 1, 1, len(data), 22)
    path.write_bytes(directory + data)
    return path


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
