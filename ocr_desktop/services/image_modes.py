"""Pixels of every kind that Pillow knows, as grey or colour with 8 bits a channel.

What counts is that text stays readable: what is transparent gets a background that the visible pixels stand
out from, and deep pixels (16 bit, floating point) are scaled by the range that they use.
"""

import math

from PIL import Image

IMAGE_MODES = frozenset({"L", "RGB"})
"""Modes of an image as engines take it: grey or colour, 8 bits a channel, no padding."""
_WHITE, _BLACK = 255, 0
_DARK = 128
"""Luminance below which a pixel counts as dark."""
_DARK_SHARE = 0.02
"""Light text on nothing has next to no dark pixels; a page with dark text has more than this."""
_DEPTHS = (8, 10, 12, 14, 16)
"""Bits that scanners put into a wider pixel."""
_DEEP_MODES = frozenset({"I", "I;16", "I;16L", "I;16B", "I;16N", "F"})
_WITH_ALPHA = {"1": "LA", "L": "LA", "LA": "LA", "La": "LA"}
"""Grey modes that may carry transparency; the others that may become RGBA."""
_TRANSPARENT_MODES = frozenset({*_WITH_ALPHA, "P", "PA", "RGB", "RGBA", "RGBa"})


def to_grey_or_rgb(image: Image.Image) -> Image.Image:
    """Return an independent copy in mode ``L`` if the image is grey, else in ``RGB``.

    Raises:
        ValueError: If the pixels hold no usable numbers, or Pillow knows no way to convert them.
    """
    if image.mode in _DEEP_MODES:
        return _reduce_depth(image)
    if image.has_transparency_data and image.mode in _TRANSPARENT_MODES:
        return _flatten(image.convert(_WITH_ALPHA.get(image.mode, "RGBA")))
    if image.mode in {"1", "L"}:
        return image.copy() if image.mode == "L" else image.convert("L")
    if image.mode == "P" and _has_grey_palette(image):
        return image.convert("L")
    # CMYK goes without its colour profile: that would take longer, and changes hues, not legibility.
    return image.copy() if image.mode == "RGB" else image.convert("RGB")


def _flatten(image: Image.Image) -> Image.Image:
    """Put an ``LA`` or ``RGBA`` image on a plain background."""
    visible = image.convert("L" if image.mode == "LA" else "RGB")
    alpha = image.getchannel("A")
    levels = [level for level, count in enumerate(alpha.histogram()) if count]
    lowest, highest = levels[0], levels[-1]
    # An alpha channel that hides the whole picture is a filler byte, not transparency.
    if lowest == _WHITE or highest == 0:
        return visible
    background = _background_for(visible, alpha, highest)
    canvas = Image.new(visible.mode, visible.size, (background,) * len(visible.getbands()))
    canvas.paste(visible, mask=alpha)
    return canvas


def _background_for(visible: Image.Image, alpha: Image.Image, highest: int) -> int:
    """Return white, or black where all that can be seen is light: white text on nothing."""
    threshold = (highest + 1) // 2
    mask = alpha.point([0] * threshold + [_WHITE] * (256 - threshold))
    counts = visible.convert("L").histogram(mask=mask)
    return _WHITE if sum(counts[:_DARK]) >= _DARK_SHARE * sum(counts) else _BLACK


def _reduce_depth(image: Image.Image) -> Image.Image:
    wide = image if image.mode in {"I", "F"} else image.convert("I")
    lowest, highest = (float(value) for value in wide.getextrema())  # type: ignore[arg-type]
    if not math.isfinite(lowest + highest):
        raise ValueError("some pixels are not numbers")
    black, white = _range_in_use(lowest, highest, is_float=wide.mode == "F")
    scale = 255 / (white - black)
    # Half a step more, because the conversion cuts off what follows the point.
    return wide.point(lambda value: value * scale + (0.5 - black * scale)).convert("L")


def _range_in_use(lowest: float, highest: float, *, is_float: bool) -> tuple[float, float]:
    """Return the values of black and white.

    Not simply the lowest and highest value: a blank page would be blown up to nothing but noise.
    """
    if lowest < 0:
        return lowest, highest if highest > lowest else lowest + 1
    if is_float and highest <= 1:
        return 0, 1
    depths = (float(2**bits - 1) for bits in _DEPTHS)
    return 0, next((white for white in depths if highest <= white), highest)


def _has_grey_palette(image: Image.Image) -> bool:
    colours = image.getpalette("RGB") or []
    return colours[0::3] == colours[1::3] == colours[2::3]
