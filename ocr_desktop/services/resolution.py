"""Which resolutions of an image are to be believed."""

import math

LOWEST_DPI, HIGHEST_DPI = 70, 2400
"""Dots per inch. Tesseract takes a value outside this range for an error, too."""


def believable_dpi(dpi: float | None) -> int | None:
    """Return a resolution as a whole number, or None if it is not known or cannot be true."""
    if dpi is None or not math.isfinite(dpi):
        return None
    rounded = round(dpi)
    return rounded if LOWEST_DPI <= rounded <= HIGHEST_DPI else None
