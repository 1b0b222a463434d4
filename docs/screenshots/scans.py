"""Draws the scans that the pictures show: the samples, receipts of two years, and a faded letter."""

import shutil
from pathlib import Path

from PIL import Image, ImageFilter

from resources.make_samples import DPI, SAMPLES, grained, written

_SHOPS = ("HARBOUR BOOKS", "OLD MILL CAFE", "GREEN GROCER", "CITY PHARMACY", "STATION KIOSK", "TOOLS & CO")
_GOODS = ("Notebook", "Tea", "Apples 1 kg", "Plasters", "Newspaper", "Screws", "Honey", "Lamp", "Soap")
_LETTER = (
    (40, "Northfield Post Office"),
    (24, ""),
    (26, "17 October 1968"),
    (24, ""),
    (26, "Dear Mrs Pettigrew,"),
    (14, ""),
    (26, "Your parcel to Reykjavik was returned to us on Tuesday, as"),
    (26, "nobody collected it within the six weeks that the rules"),
    (26, "allow. We keep it for you at counter 3."),
    (14, ""),
    (26, "Please bring the receipt, no. 4471-B, and 2s 6d for the"),
    (26, "return carriage. We close at half past five."),
    (24, ""),
    (26, "Yours faithfully,"),
    (14, ""),
    (26, "H. Wycherley, Postmaster"),
)
SPOILED = "receipt 5.png"
FADED = "faded letter.png"


def draw_scans(folder: Path) -> None:
    """Draw everything into ``folder``, which must not exist."""
    shutil.copytree(SAMPLES, folder)
    for year, count in ((2024, 12), (2025, 48)):
        place = folder / f"receipts {year}"
        place.mkdir()
        for number in range(1, count + 1):
            receipt(number + year % 100, year).save(place / f"receipt {number}.png", dpi=(DPI, DPI))
    spoiled = folder / "receipts 2025" / SPOILED
    whole = spoiled.read_bytes()
    spoiled.write_bytes(whole[: len(whole) // 3])  # one that cannot be read
    _faded(written(_LETTER, (900, 760), (70, 60))).save(folder / FADED, dpi=(DPI, DPI))


def receipt(number: int, year: int) -> Image.Image:
    """Return a receipt; each number gives another one."""
    goods = [_GOODS[(number * 2 + place * 5) % len(_GOODS)] for place in range(3 + number % 4)]
    prices = [(137 * number + 211 * place) % 1900 + 100 for place in range(len(goods))]
    lines = [
        (34, _SHOPS[number % len(_SHOPS)]),
        (22, f"Receipt {20600 + number}   {number % 28 + 1:02}/06/{year}"),
    ]
    lines += [(24, "")]
    lines += [(26, f"{name}   {price / 100:.2f}") for name, price in zip(goods, prices, strict=True)]
    lines += [(16, ""), (32, f"TOTAL   {sum(prices) / 100:.2f}"), (24, "Thank you!")]
    return grained(written(tuple(lines), (560, 700), (60, 60)))


def _faded(page: Image.Image) -> Image.Image:
    """Return the page as if it had lain in the sun: some words become doubtful, some are read wrongly."""
    small = page.resize((round(page.width * 0.32), round(page.height * 0.32)), Image.Resampling.BILINEAR)
    soft = small.resize(page.size, Image.Resampling.BILINEAR).filter(ImageFilter.GaussianBlur(1.1))
    return soft.point([(150 + level * 3 // 8) // 4 * 4 for level in range(256)])
