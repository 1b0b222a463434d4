"""Drawn pages of text, of a known height of letters, skew and way up."""

import itertools

from PIL import Image, ImageDraw, ImageFont

TEXT = (
    "The quick brown fox jumps over the lazy dog while many bright lights shine along the harbour and people "
    "talk quietly about the long journey that brought them home before the winter storms closed the old roads"
)


def draw_text(
    *, width: int = 1200, height: int = 1500, font: int = 36, lines: int = 20, capitals: bool = False
) -> Image.Image:
    """Return a white page of mode ``L`` with lines of black text."""
    page = Image.new("L", (width, height), 255)
    pen, face = ImageDraw.Draw(page), ImageFont.load_default(font)
    words = itertools.cycle(TEXT.split())
    for number in range(lines):
        line = ""
        while pen.textlength(f"{line} m", face) < width * 0.72:
            line = f"{line} {next(words)}".strip()
        pen.text(
            (width * 0.1, height * 0.08 + number * font * 1.8), line.upper() if capitals else line, 0, face
        )
    return page


def tilted(page: Image.Image, degrees: float) -> Image.Image:
    """Return a page whose lines rise to the right by so many degrees."""
    return page.rotate(degrees, Image.Resampling.BICUBIC, expand=True, fillcolor=255)


def dotted(page: Image.Image) -> Image.Image:
    """Return a page as a needle printer with a worn ribbon gives it: every letter in fragments."""
    gaps = Image.new("L", page.size, 0)
    pen = ImageDraw.Draw(gaps)
    for y in range(0, page.height, 9):
        pen.line((0, y, page.width, y), 255, 3)
    return Image.composite(Image.new("L", page.size, 255), page, gaps)
