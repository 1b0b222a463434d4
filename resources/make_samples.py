"""Draws the sample scans: small, the same on every machine, and readable by the engine.

Run it with ``python3 tasks.py samples``. Everybody and everything named on the samples is made up.
"""

import random
from pathlib import Path

from PIL import Image, ImageDraw, ImageFilter, ImageFont

SAMPLES = Path(__file__).resolve().parent / "samples"
DPI = 150
PAPER = 248
INK = 25

LETTER = (
    (40, "Willow Lane Library"),
    (24, "14 Willow Lane, Northfield"),
    (24, ""),
    (26, "3 March 2025"),
    (24, ""),
    (26, "Dear Ms Harper,"),
    (14, ""),
    (26, "Thank you for lending us your collection of postcards. All"),
    (26, "412 of them have now been scanned, and the originals are"),
    (26, "ready to be collected at the front desk on any weekday"),
    (26, "between nine and five."),
    (14, ""),
    (26, "The exhibition opens on the first Saturday in May. We would"),
    (26, "be glad to welcome you and your family as our guests."),
    (24, ""),
    (26, "With kind regards,"),
    (14, ""),
    (26, "Thomas Ellery, Librarian"),
)
RECEIPT = (
    (34, "CORNER BAKERY"),
    (24, "7 Mill Street, Northfield"),
    (22, "Receipt 20587   12/05/2025 08:41"),
    (14, ""),
    (26, "Rye bread            4.20"),
    (26, "Croissant  2 x 1.85  3.70"),
    (26, "Coffee               2.90"),
    (14, ""),
    (30, "TOTAL               10.80"),
    (26, "Cash                20.00"),
    (26, "Change               9.20"),
    (14, ""),
    (24, "Thank you, come again!"),
)
LICENCE = (
    ("Surname", "EXAMPLE"),
    ("Given names", "ALEX JORDAN"),
    ("Date of birth", "01.02.1990"),
    ("Date of expiry", "31.12.2030"),
    ("Licence number", "X 000 111 222"),
)
PAGE = (
    (34, "Chapter Four"),
    (16, ""),
    (27, "The road went on along the river for"),
    (27, "another mile before it turned towards"),
    (27, "the hills. Nobody had used it since the"),
    (27, "bridge was closed, and grass had grown"),
    (27, "over the stones. From the last bend they"),
    (27, "could see the roof of the old mill, and"),
    (27, "behind it the water, quite still."),
    (16, ""),
    (27, "They stopped there and waited for the"),
    (27, "others to catch up."),
)


def main(folder: Path = SAMPLES) -> None:
    """Draw all samples into ``folder``."""
    folder.mkdir(exist_ok=True)
    dpi = (DPI, DPI)
    letter().save(folder / "letter.png", dpi=dpi, optimize=True)
    receipt().save(folder / "receipt.jpg", dpi=dpi, quality=80)
    licence().save(folder / "licence specimen.png", dpi=dpi, optimize=True)
    # Like a phone: the pixels lie on their side, and the EXIF orientation (6) says how to turn them.
    sideways = Image.Exif()
    sideways[0x0112] = 6
    photo = page().transpose(Image.Transpose.ROTATE_90)
    photo.save(folder / "photo of a page.jpg", dpi=dpi, quality=75, exif=sideways)


def letter() -> Image.Image:
    """A clean page, black on white, in 16 greys."""
    return written(LETTER, (1000, 1000), (110, 90)).quantize(16)


def receipt() -> Image.Image:
    """A narrow slip of paper with the grain of a scanner."""
    return grained(written(RECEIPT, (520, 640), (50, 50)))


def licence() -> Image.Image:
    """A card in colour that nobody could take for a real one."""
    image = Image.new("RGB", (860, 540), (226, 236, 228))
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, 860, 90), fill=(36, 84, 120))
    draw.text((36, 20), "DRIVING LICENCE", fill="white", font=ImageFont.load_default(44))
    draw.rectangle((40, 130, 260, 400), fill=(190, 202, 196))
    draw.ellipse((100, 170, 200, 280), fill=(150, 164, 158))
    draw.pieslice((70, 290, 230, 500), 180, 360, fill=(150, 164, 158))
    for row, (label, value) in enumerate(LICENCE):
        top = 126 + row * 64
        draw.text((300, top), label, fill=(60, 80, 90), font=ImageFont.load_default(20))
        draw.text((300, top + 24), value, fill=(INK, INK, INK), font=ImageFont.load_default(30))
    draw.text((40, 462), "SPECIMEN - NOT A DOCUMENT", fill=(160, 30, 30), font=ImageFont.load_default(40))
    return image.quantize(32)


def page() -> Image.Image:
    """A book page, a little skewed and unsharp."""
    flat = written(PAGE, (800, 760), (90, 80))
    return grained(flat.rotate(0.6, Image.Resampling.BICUBIC, fillcolor=PAPER))


def written(
    lines: tuple[tuple[int, str], ...], size: tuple[int, int], corner: tuple[int, int]
) -> Image.Image:
    """Return a grey page with lines of text of the given heights in pixels."""
    image = Image.new("L", size, PAPER)
    draw = ImageDraw.Draw(image)
    left, top = corner
    for height, text in lines:
        # Column by column where words stand far apart: the font is proportional, and prices are to line up.
        label, _, amount = text.rpartition("  ")
        font = ImageFont.load_default(height)
        draw.text((left, top), label.rstrip() or amount, fill=INK, font=font)
        if label:
            draw.text((size[0] - left, top), amount.strip(), fill=INK, font=font, anchor="ra")
        top += round(height * 1.45)
    return image


def grained(image: Image.Image) -> Image.Image:
    """Return the image slightly unsharp, with the same grain each time."""
    noise = random.Random(1)  # noqa: S311 - grain, not a secret
    grain = Image.frombytes(
        "L", image.size, bytes(noise.choices(range(118, 139), k=image.width * image.height))
    )
    soft = image.filter(ImageFilter.GaussianBlur(0.6))
    return Image.blend(soft, grain, 0.12).point(lambda value: min(255, round((value - 15) * 1.13)))


if __name__ == "__main__":
    main()
